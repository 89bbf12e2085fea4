"""The modules around the clients: errors, credentials, the package itself, its README."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from venuekit.contract import (
    ApiKeyScheme,
    Contract,
    ErrorCode,
    HttpScheme,
    OtherScheme,
    SecurityScheme,
    SignedScheme,
    Wire,
)
from venuekit.contract.signing import Decoding
from venuekit.contract.walk import session_schemes
from venuekit.emit.naming import pascal, snake
from venuekit.emit.package_names import python_version
from venuekit.emit.python.bodies import takes_files
from venuekit.emit.python.context import Context
from venuekit.emit.python.findings import in_part
from venuekit.emit.python.names import identifier
from venuekit.emit.python.rest import RestOperation
from venuekit.emit.python.stream import Stream
from venuekit.emit.python.text import docstring, literal, markdown, one_line
from venuekit.emit.python.views import CredentialView, ErrorView, ModuleView
from venuekit.emit.python.webhooks import Webhook
from venuekit.emit.reference import link
from venuekit.finding import Finding
from venuekit.signing.public_check import public_check

RUNTIME_ERRORS = (
    "ApiError",
    "ConfigurationError",
    "ConnectError",
    "DecodeError",
    "NotConnectedError",
    "ProtocolError",
    "SigningError",
    "StreamClosedError",
    "StreamError",
    "TimeoutError",
    "TransportError",
    "UnknownOutcomeError",
    "VenueError",
)
_HOOKS = """
`Client(hooks=Hooks(on_request=..., on_response=..., on_error=...))` is told of each attempt, and
the logger `venuekit` writes a debug line for it. Neither of them sees a key, a signature or a body.
"""
_WEBHOOKS = """
`webhooks` verifies what the venue calls and decodes it: hand it the headers and the raw bytes,
never a body that a framework has parsed. While a secret is changed, give the credentials of both.
"""
_TAKEN_FUNCTIONS = frozenset(
    ("errors", "fix", "models", "operations", "signing", "str", "stream_operations", "webhooks")
)
_KEYS = (Decoding.ED25519, Decoding.RSA, Decoding.P256, Decoding.SECP256K1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectView:
    """What `pyproject.toml` needs, as TOML strings."""

    name: str
    version: str
    description: str
    runtime: str
    folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmeView:
    """What the README needs."""

    title: str
    description: str
    distribution: str
    example: str
    hooks: str
    methods: tuple[str, ...]
    errors: str
    version: str
    lost: str


def runtime_errors(contract: Contract) -> tuple[str, ...]:
    """Return the errors of the runtime that a contract's package shows beside its own."""
    has_sessions = any(True for _ in session_schemes(contract))
    return tuple(sorted((*RUNTIME_ERRORS, "SessionError"))) if has_sessions else RUNTIME_ERRORS


def errors_module(context: Context) -> ModuleView:
    """Return the module with a class for each row of the contract's error table."""
    rows = [
        ErrorView(
            name=context.error_classes[code],
            code=literal(code),
            retry=literal(str(row.retry)),
            doc=docstring(_error_doc(row), 4),
        )
        for code, row in context.contract.errors.items()
    ]
    shown = runtime_errors(context.contract)
    formers = [(old, name) for name, names in context.error_formers.items() for old in names]
    names = sorted([*shown, *(row.name for row in rows), *dict(formers), "BY_CODE"])
    imports = ["from venuekit_runtime.errors import ("]
    imports += [f"    {name}," for name in shown]
    return ModuleView(
        doc=docstring("Everything that a call can raise; one class for each code of the venue.", 0),
        imports=(*imports, ")"),
        errors=tuple(rows),
        aliases=tuple(f'{old} = {name}\n"""Deprecated: use `{name}`."""' for old, name in formers),
        all_names=tuple(literal(name) for name in names),
    )


def _error_doc(row: ErrorCode) -> str:
    status = f" (status {row.http_status})" if row.http_status else ""
    return f"{row.code}{status}: {row.cause}\n\n{row.action}"


def credentials_module(context: Context) -> tuple[ModuleView | None, list[Finding]]:
    """Return the module with a function for each plain scheme, and schemes that have none."""
    views: list[CredentialView] = []
    findings: list[Finding] = []
    for scheme in context.contract.security_schemes.values():
        view = _credential(scheme)
        if view is not None:
            views.append(view)
        elif not isinstance(scheme, SignedScheme | ApiKeyScheme):
            fact = f"the security scheme {scheme.name} has no credentials in Python"
            help_text = (
                "describe how it is sent with x-signing, or pass own Credentials with that "
                "scheme's name"
            )
            findings.append(in_part(fact, scheme.origin, help_text))
    if not views:
        return None, findings
    module = ModuleView(
        doc=docstring("Credentials that are sent as they are.", 0),
        credentials=tuple(views),
        all_names=tuple(literal(name) for name in sorted(view.name for view in views)),
    )
    return module, findings


def _credential(scheme: SecurityScheme) -> CredentialView | None:
    name = identifier(snake(scheme.name), scheme.name, _TAKEN_FUNCTIONS)
    label = literal(scheme.name)
    doc = docstring(one_line(scheme.description) or f"Credentials for {scheme.name}.", 4)
    match scheme:
        case ApiKeyScheme(location="header" | "query" | "cookie", parameter=str(parameter)):
            text = (
                f"signing.api_key({label}, {literal(scheme.location)}, {literal(parameter)}, key)"
            )
            return CredentialView(name=name, parameters="key: str", doc=doc, call=text)
        case HttpScheme(scheme="basic"):
            text = f"signing.basic({label}, user, password)"
            return CredentialView(
                name=name, parameters="user: str, password: str", doc=doc, call=text
            )
        case HttpScheme(scheme="bearer") | OtherScheme(type="oauth2" | "openIdConnect"):
            text = f"signing.bearer({label}, token)"
            return CredentialView(name=name, parameters="token: str", doc=doc, call=text)
        case _:
            return None


def init_module(
    context: Context,
    modules: Sequence[str],
    credentials: Sequence[tuple[str, str]],
    streams: Sequence[Stream],
) -> ModuleView:
    """Return the package's own module, which loads the others when they are first used."""
    package = context.package
    classes = {"client": "Client", "async_client": "AsyncClient"}
    classes |= {stream.socket.module: stream.socket.name for stream in streams}
    places = [(classes[m], f"{package}.{m}:{classes[m]}") for m in modules if m in classes]
    places += [(name, f"{package}.{place}:{name}") for name, place in credentials]
    places.append(("CallOptions", "venuekit_runtime.core:CallOptions"))
    if takes_files(context):
        places.append(("File", "venuekit_runtime.bodies:File"))
    places.append(("Hooks", "venuekit_runtime.observe:Hooks"))
    places.append(("RetryPolicy", "venuekit_runtime.retry:RetryPolicy"))
    shown = ("errors", "models", "operations", "stream_operations", "fix", "webhooks")
    places += [(name, f"{package}.{name}") for name in shown if name in modules]
    places.sort()
    lines = []
    for name, place in places:
        module, _, member = place.partition(":")
        source = f"from {module} import {member} as {member}"
        lines.append(source if member else f"from {package} import {name} as {name}")
    title = one_line(context.contract.title)
    return ModuleView(
        doc=docstring(f"{title}, version {context.version}: the Python SDK.", 0),
        typing_imports=tuple(sorted(lines)),
        exports=tuple((literal(name), literal(place)) for name, place in places),
        constants=(f"__version__ = {literal(context.version)}",),
        all_names=tuple(literal(name) for name in sorted([*(n for n, _ in places), "__version__"])),
    )


def project_view(context: Context, streams: Sequence[Stream]) -> ProjectView:
    """Return what packaging needs."""
    extras = ["stream"] if streams else []
    for scheme in context.contract.security_schemes.values():
        if isinstance(scheme, SignedScheme):
            decodings = [part.decoding for part in scheme.signing.credentials]
            extras += ["keys"] if any(one in _KEYS for one in decodings) else []
    names = ",".join(sorted(set(extras)))
    runtime = f"venuekit-runtime[{names}]>=0.1,<0.2" if names else "venuekit-runtime>=0.1,<0.2"
    return ProjectView(
        name=literal(context.distribution),
        version=literal(python_version(context.version)),
        description=literal(f"{one_line(context.contract.title)}: the Python SDK."),
        runtime=literal(runtime),
        folder=literal(f"src/{context.package}"),
    )


def readme_view(
    context: Context,
    operations: Sequence[RestOperation],
    streams: Sequence[Stream],
    calls: Sequence[Webhook],
    pages: Mapping[str, str],
    lost: str,
) -> ReadmeView:
    """Return what the README needs; `pages` are the methods' reference, by their names."""
    rows: list[str] = []
    for one in operations:
        method = context.methods[one.operation.name]
        shown = link(method, f"Client.{method}", pages)
        rows.append(_row(shown, one.operation.summary))
        if one.items is not None:
            rows.append(
                _row(f"`Client.{one.items.name}`", f"Every item of {method}, page by page.")
            )
    rows += [
        _row(link(method, f"{s.socket.name}.{method}", pages), p.operation.summary)
        for s in streams
        for p in s.parts
        for method in (context.methods[p.operation.name],)
        if p.role in ("request", "events")
    ]
    rows += [_row(f"`webhooks.{call.function}`", call.operation.summary) for call in calls]
    codes = list(context.error_classes.items())
    errors = ""
    if codes:
        table = "".join(f"| `{name}` | `{code}` |\n" for code, name in codes)
        errors = f"\n## Errors\n\n| class | code |\n|---|---|\n{table}"
    return ReadmeView(
        title=markdown(one_line(context.contract.title)),
        description=markdown(context.contract.description),
        distribution=context.distribution,
        example=_example(context, operations) if operations else _stream_example(context),
        hooks=(_HOOKS if operations else "") + (_WEBHOOKS if calls else ""),
        methods=tuple(rows),
        errors=errors,
        version=context.version,
        lost=lost,
    )


def _row(name: str, summary: str | None) -> str:
    return f"| {name} | {cell(summary)} |"


def cell(text: str | None) -> str:
    """Return a text as one cell of a table."""
    return markdown(one_line(text)).replace("|", chr(92) + "|")


def _example(context: Context, operations: Sequence[RestOperation]) -> str:
    """Return two programs: the first read that needs nothing, and the first order."""
    simple = next(
        (o for o in operations if not o.inputs and o.operation.effect == "read"),
        next((o for o in operations if not any(i.is_required for i in o.inputs)), None),
    )
    lines: list[str] = []
    if simple is not None:
        method = context.methods[simple.operation.name]
        lines += ["", "with Client() as client:", f"    print(client.{method}())"]
    credentials, order = _order_lines(context, operations)
    names = ", ".join(["Client", *credentials])
    head = [f"from {context.package} import {names}"]
    decimals = ["from decimal import Decimal", ""] if "Decimal(" in "".join(order) else []
    return "```python\n" + "\n".join([*decimals, *head, *lines, *order]) + "\n```"


def _stream_example(context: Context) -> str:
    """Return the program that a package without REST begins with."""
    if not any(o.wire is Wire.WEBSOCKET for o in context.contract.operations):
        return f"```python\nimport {context.package}\n```"
    lines = [
        "import asyncio",
        "",
        f"from {context.package} import StreamClient",
        "",
        "",
        "async def main() -> None:",
        "    async with StreamClient() as stream:",
        "        print(stream.status)",
        "",
        "",
        "asyncio.run(main())",
    ]
    return "```python\n" + "\n".join(lines) + "\n```"


def _order_lines(
    context: Context, operations: Sequence[RestOperation]
) -> tuple[list[str], list[str]]:
    """Return names to import and a program that places an order, where examples allow it."""
    signed = [
        scheme
        for scheme in context.contract.security_schemes.values()
        if isinstance(scheme, SignedScheme)
    ]
    creates = [o for o in operations if o.operation.effect == "create" and o.inputs]
    if not signed or not creates:
        return [], []
    shown = [i for i in creates[0].inputs if i.is_required or i.wire != "plain"]
    if not all(one.example for one in shown):
        return [], []
    name = f"{pascal(signed[0].signing.name)}Credentials"
    parts = ", ".join(f'{part.name}="..."' for part in signed[0].signing.credentials)
    inputs = [f"        {one.argument}={one.example}," for one in shown]
    return [name], [
        "",
        f"with Client(credentials={name}({parts})) as client:",
        f"    order = client.{context.methods[creates[0].operation.name]}(",
        *inputs,
        "    )",
    ]


def signed_credentials(context: Context) -> list[str]:
    """Return the classes of credentials and public keys that the signing module has."""
    schemes: Iterable[SecurityScheme] = context.contract.security_schemes.values()
    signed = [s.signing for s in schemes if isinstance(s, SignedScheme)]
    keys = [f"{pascal(one.name)}PublicKey" for one in signed if public_check(one) is not None]
    return [*(f"{pascal(one.name)}Credentials" for one in signed), *keys]
