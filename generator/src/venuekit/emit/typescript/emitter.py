"""From a contract to the files of its TypeScript SDK."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from jinja2 import Environment, PackageLoader, StrictUndefined

from venuekit.contract import Contract, Counts, Wire
from venuekit.emit.aside import Texts, aside
from venuekit.emit.changelog import changelog
from venuekit.emit.emission import Emission, Options
from venuekit.emit.lock.namer import Namer
from venuekit.emit.missing import missing_section
from venuekit.emit.naming import assign, pascal
from venuekit.emit.package_names import npm_package_findings
from venuekit.emit.reference import page_files, page_names
from venuekit.emit.signing.typescript import typescript_signers
from venuekit.emit.typescript.clients import (
    client_view,
    functions_view,
    operations_view,
    stream_view,
)
from venuekit.emit.typescript.credentials import credentials_view, signed_schemes
from venuekit.emit.typescript.fix import fix_operations
from venuekit.emit.typescript.kept import kept_errors, kept_functions, with_formers
from venuekit.emit.typescript.model import Model, make_model
from venuekit.emit.typescript.modules import (
    errors_view,
    fix_view,
    schema_texts,
    schemas_view,
    types_view,
)
from venuekit.emit.typescript.names import (
    CLIENT_MEMBERS,
    MODULE_NAMES,
    RESERVED,
)
from venuekit.emit.typescript.package import (
    cell,
    index_ts,
    linked,
    package_json,
    readme_view,
    tsconfig_json,
)
from venuekit.emit.typescript.pages import paged_operations
from venuekit.emit.typescript.reference import reference_pages
from venuekit.emit.typescript.rest import Call, RestWriter, rest_operations
from venuekit.emit.typescript.sessions import sessions_view
from venuekit.emit.typescript.shapes import ShapeWriter
from venuekit.emit.typescript.sockets import (
    Socket,
    handshake_findings,
    rival_findings,
    sockets,
)
from venuekit.emit.typescript.stream import StreamCall, StreamWriter
from venuekit.emit.typescript.unions import indistinct_unions
from venuekit.emit.typescript.webhooks import webhook_calls, webhooks_view
from venuekit.finding import Finding
from venuekit.signing.public_check import public_check

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
    namer = Namer("typescript", options.lock)
    model, errors = model_of(contract, namer)
    with aside(contract, partial(schema_texts, model)) as texts:
        return _emitted(model, errors, options, namer, texts)


def _emitted(
    model: Model,
    errors: Mapping[str, str],
    options: Options,
    namer: Namer,
    texts: Callable[[], Texts],
) -> Emission:
    contract = model.contract
    findings: list[Finding] = npm_package_findings(options.package)
    findings += handshake_findings(model)
    findings += indistinct_unions(model, ShapeWriter(model).table)
    calls = _rest_calls(model, findings, namer)
    streams = _stream_calls(model, findings, namer)
    inbound = webhook_calls(model, findings)
    modules = {
        "errors": _draw("blocks.ts", errors_view(contract, errors, namer.formers("error"))),
        **_client_modules(contract, options, calls, streams),
        **_secret_modules(contract, findings),
    }
    if inbound:
        modules["webhooks"] = _draw("blocks.ts", webhooks_view(inbound))
    sessions = sessions_view(model, calls, findings)
    if sessions is not None:
        modules["sessions"] = _draw("blocks.ts", sessions)
    causes = [(code, errors[code], error.cause) for code, error in contract.errors.items()]
    lost = missing_section((*options.lost, *findings), cell)
    found = [(socket, one) for socket, _writer, one in streams]
    readme = readme_view(model, options, calls, found, causes, inbound, lost)
    wires = {row.method: row for row in (*readme.stream_rows, *readme.rows)}
    pages = list(reference_pages(calls, found, wires, errors))
    # As late as possible: a copy of this process may still be at it.
    made = texts()
    types, schema_count = types_view(model, made, calls, namer.formers("class"))
    modules["types"] = _draw("blocks.ts", types)
    modules["schemas"] = _draw("blocks.ts", schemas_view(made))
    counts = _counts(contract, calls, streams, schema_count)
    counts = replace(counts, operations=counts.operations + len(inbound))
    files: dict[str, str | bytes] = {
        "package.json": package_json(contract, options),
        "tsconfig.json": tsconfig_json(),
        "README.md": _draw("README.md", linked(readme, page_names(p.name for p in pages))),
        "CHANGELOG.md": changelog(
            options.version or contract.version, namer.result(), counts, cell
        ),
        **page_files(pages),
        "src/index.ts": index_ts(contract, modules, _type_names(model)),
        **{f"src/{name}.ts": text for name, text in sorted(modules.items())},
    }
    judged = (*findings, *namer.findings())
    return Emission(files=files, emitted=counts, findings=judged, names=namer.result())


_SIGNING_CLASSES = ("Credentials", "Signer", "PublicKey", "Verifier")
"""What the signing module has for a scheme; the last two where a public key verifies calls."""


def model_of(contract: Contract, namer: Namer) -> tuple[Model, dict[str, str]]:
    """Return the model of a contract, and the class of each error, colliding with nothing."""
    errors = kept_errors(contract, namer)
    signers = [
        f"{pascal(scheme.name)}{word}"
        for scheme in signed_schemes(contract)
        for word in _SIGNING_CLASSES[: 4 if public_check(scheme.signing) is not None else 2]
    ]
    taken = frozenset({*MODULE_NAMES, *errors.values(), *signers})
    return make_model(contract, taken, namer), errors


def _type_names(model: Model) -> set[str]:
    names = model.names
    return {*names.named.values(), *names.inline.values(), *model.inputs.values()}


def _rest_calls(model: Model, findings: list[Finding], namer: Namer) -> list[Call]:
    operations = list(rest_operations(model.contract))
    names = kept_functions(model.contract, operations, namer, RESERVED | CLIENT_MEMBERS)
    taken = {*MODULE_NAMES, *_type_names(model)}
    inputs = assign(
        (
            (id(operation), (f"{base}Input", f"{base}CallInput"))
            for operation in operations
            for base in (pascal(names[id(operation)]),)
        ),
        taken,
        "inputs",
        {id(operation): operation.name for operation in operations}.__getitem__,
    )
    paged = paged_operations(model, operations, names, RESERVED | CLIENT_MEMBERS)
    writer = RestWriter(model, names, inputs, paged)
    calls = list(writer.calls())
    findings += writer.findings
    iterators = (call.items.name for call in calls if call.items is not None)
    return with_formers(calls, namer.formers("method"), iterators)


def _stream_calls(model: Model, findings: list[Finding], namer: Namer) -> Sockets:
    taken = set(RESERVED | CLIENT_MEMBERS)
    found: Sockets = []
    for socket in sockets(model):
        names = kept_functions(model.contract, socket.operations, namer, taken)
        # Descriptors of all sockets stand in one module, so no name may be used twice in it.
        taken.update(names.values())
        findings += rival_findings(model, socket)
        writer = StreamWriter(model, names, socket)
        calls = writer.calls()
        findings += writer.findings
        found.append((socket, writer, with_formers(calls, namer.formers("method"))))
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
