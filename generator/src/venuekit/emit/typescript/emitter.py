"""From a contract to the files of its TypeScript SDK."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from venuekit.contract import Contract, Counts, Wire
from venuekit.emit.emission import Emission, Options
from venuekit.emit.naming import assign, pascal
from venuekit.emit.signing.typescript import typescript_signers
from venuekit.emit.typescript.clients import (
    client_view,
    functions_view,
    operations_view,
    stream_view,
)
from venuekit.emit.typescript.credentials import credentials_view, signed_schemes
from venuekit.emit.typescript.fix import fix_operations
from venuekit.emit.typescript.model import Model, make_model
from venuekit.emit.typescript.modules import errors_view, fix_view, schemas_view, types_view
from venuekit.emit.typescript.names import (
    CLIENT_MEMBERS,
    MODULE_NAMES,
    RESERVED,
    error_class,
    function_choices,
)
from venuekit.emit.typescript.package import index_ts, package_json, readme_view, tsconfig_json
from venuekit.emit.typescript.pages import paged_operations
from venuekit.emit.typescript.rest import Call, RestWriter, rest_operations
from venuekit.emit.typescript.sessions import sessions_view
from venuekit.emit.typescript.shapes import ShapeWriter
from venuekit.emit.typescript.sockets import Socket, handshake_findings, sockets
from venuekit.emit.typescript.stream import StreamCall, StreamWriter
from venuekit.emit.typescript.unions import indistinct_unions
from venuekit.finding import Finding

_TEMPLATES = Environment(
    loader=PackageLoader("venuekit.emit.typescript"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,
)

Sockets = list[tuple[Socket, StreamWriter, list[StreamCall]]]


def emit(contract: Contract, options: Options) -> Emission:
    """Return the files of the TypeScript SDK, and what it could not carry."""
    errors = assign(((code, (error_class(code),)) for code in contract.errors), MODULE_NAMES)
    signers = [
        f"{pascal(scheme.name)}{word}"
        for scheme in signed_schemes(contract)
        for word in ("Credentials", "Signer")
    ]
    model = make_model(contract, frozenset({*MODULE_NAMES, *errors.values(), *signers}))
    findings: list[Finding] = list(handshake_findings(model))
    findings += indistinct_unions(model, ShapeWriter(model).table)
    calls = _rest_calls(model, findings)
    streams = _stream_calls(model, findings)
    types, schema_count = types_view(model, calls)
    modules = {
        "types": _draw("blocks.ts", types),
        "schemas": _draw("blocks.ts", schemas_view(model)),
        "errors": _draw("blocks.ts", errors_view(contract, errors)),
        **_client_modules(contract, options, calls, streams),
        **_secret_modules(contract, findings),
    }
    sessions = sessions_view(model, calls, findings)
    if sessions is not None:
        modules["sessions"] = _draw("blocks.ts", sessions)
    causes = [(code, errors[code], error.cause) for code, error in contract.errors.items()]
    readme = readme_view(model, options, calls, [(s, c) for s, _w, c in streams], causes)
    files: dict[str, str | bytes] = {
        "package.json": package_json(contract, options),
        "tsconfig.json": tsconfig_json(),
        "README.md": _draw("README.md", readme),
        "src/index.ts": index_ts(contract, modules, _type_names(model)),
        **{f"src/{name}.ts": text for name, text in sorted(modules.items())},
    }
    counts = _counts(contract, calls, streams, schema_count)
    return Emission(files=files, emitted=counts, findings=tuple(findings))


def _type_names(model: Model) -> set[str]:
    names = model.names
    return {*names.named.values(), *names.inline.values(), *model.inputs.values()}


def _rest_calls(model: Model, findings: list[Finding]) -> list[Call]:
    operations = list(rest_operations(model.contract))
    names = assign(
        ((id(operation), function_choices(operation.name)) for operation in operations),
        RESERVED | CLIENT_MEMBERS,
    )
    taken = {*MODULE_NAMES, *_type_names(model)}
    inputs = assign(
        (
            (id(operation), (f"{base}Input", f"{base}CallInput"))
            for operation in operations
            for base in (pascal(names[id(operation)]),)
        ),
        taken,
    )
    paged = paged_operations(model, operations, names, RESERVED | CLIENT_MEMBERS)
    writer = RestWriter(model, names, inputs, paged)
    calls = list(writer.calls())
    findings += writer.findings
    return calls


def _stream_calls(model: Model, findings: list[Finding]) -> Sockets:
    taken = set(RESERVED | CLIENT_MEMBERS)
    found: Sockets = []
    for socket in sockets(model):
        names = assign(
            ((id(operation), function_choices(operation.name)) for operation in socket.operations),
            taken,
        )
        # Descriptors of all sockets stand in one module, so no name may be used twice in it.
        taken.update(names.values())
        writer = StreamWriter(model, names, socket)
        calls = writer.calls()
        findings += writer.findings
        found.append((socket, writer, calls))
    return found


def _client_modules(
    contract: Contract, options: Options, calls: list[Call], streams: Sockets
) -> dict[str, str]:
    modules = {}
    if calls:
        modules["operations"] = _draw("blocks.ts", operations_view(calls))
        modules["functions"] = _draw("functions.ts", functions_view(calls))
        modules["client"] = _draw("client.ts", client_view(contract, calls, options.package))
    if streams:
        modules["stream"] = _draw("stream.ts", stream_view(contract, streams))
    fix = fix_view(contract)
    if fix is not None:
        modules["fix"] = _draw("blocks.ts", fix)
    return modules


def _secret_modules(contract: Contract, findings: list[Finding]) -> dict[str, str]:
    modules = {}
    plain = credentials_view(contract, findings)
    if plain is not None:
        modules["credentials"] = _draw("blocks.ts", plain)
    signed = [scheme.signing for scheme in signed_schemes(contract)]
    if signed:
        modules["signing"] = typescript_signers(signed)
    return modules


def _counts(contract: Contract, calls: list[Call], streams: Sockets, schema_count: int) -> Counts:
    fix = fix_operations(contract)
    channels = {key for socket, _writer, _calls in streams for key in socket.channels}
    if fix:
        channels |= {key for key, one in contract.channels.items() if one.wire is Wire.FIX}
    return Counts(
        operations=len(calls) + sum(len(found) for _s, _w, found in streams) + len(fix),
        channels=len(channels),
        messages=len(contract.messages),
        schemas=schema_count,
    )


def _draw(name: str, view: object) -> str:
    text = _TEMPLATES.get_template(f"{name}.j2").render(view=view)
    return text.rstrip("\n") + "\n"
