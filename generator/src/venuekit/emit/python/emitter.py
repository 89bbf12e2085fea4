"""The order of work: names, types, descriptors, methods, files, counts."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined

from venuekit.contract import (
    Contract,
    Counts,
    ObjectSchema,
    RefSchema,
    Schema,
    SignedScheme,
    Wire,
)
from venuekit.contract.walk import all_schemas
from venuekit.emit.changelog import changelog
from venuekit.emit.emission import Emission, Options
from venuekit.emit.lock.namer import Namer
from venuekit.emit.missing import missing_section
from venuekit.emit.model_back_end import BackEnd
from venuekit.emit.package_names import python_package_findings
from venuekit.emit.python.clients import client_module, stream_module
from venuekit.emit.python.context import Context
from venuekit.emit.python.drawing import entries, prepare
from venuekit.emit.python.findings import in_part, is_decodable, not_emitted
from venuekit.emit.python.fix import fix_messages, fix_operations, fix_sessions
from venuekit.emit.python.formers import former_descriptors
from venuekit.emit.python.kept import KEYWORDS, keep_members, kept_errors, kept_methods
from venuekit.emit.python.models import finished, models_begun
from venuekit.emit.python.names import (
    TAKEN_CLASSES,
    class_name,
    constant_names,
)
from venuekit.emit.python.package import (
    cell,
    credentials_module,
    errors_module,
    init_module,
    project_view,
    readme_view,
    runtime_errors,
    signed_credentials,
)
from venuekit.emit.python.reference import reference_pages
from venuekit.emit.python.rest import RestOperation, emit_rest, response_schemas
from venuekit.emit.python.sessions import emit_sessions
from venuekit.emit.python.stream import Stream, emit_streams
from venuekit.emit.python.text import docstring, literal
from venuekit.emit.python.types import Named, Types
from venuekit.emit.python.views import DescriptorView, ModuleView
from venuekit.emit.python.webhooks import Webhook, emit_webhooks, webhooks_module
from venuekit.emit.reference import page_files, page_names
from venuekit.emit.schema_naming import SchemaNames, is_composite, name_schemas
from venuekit.emit.signing.python import python_signers
from venuekit.finding import Finding


def emit(contract: Contract, options: Options) -> Emission:
    """Return the files of a Python package that speaks the contract.

    A finding of severity error says what has no place in the package; nothing is then written.
    """
    namer = Namer("python", options.lock)
    names = schema_names(contract, namer)
    types = prepare(contract, names)
    keep_members(types, namer)
    context = context_of(contract, types, options, namer)
    begun = models_begun(types, BackEnd())
    operations, findings = emit_rest(context)
    streams, more = emit_streams(context)
    calls, unread = emit_webhooks(context)
    findings += [*more, *unread, *losses(types), *python_package_findings(options.package)]
    sessions, more = emit_sessions(context, operations)
    findings += more
    modules = {"models": "", **_modules(context, operations, streams, findings)}
    if sessions:
        modules["sessions"] = _descriptors(context, "Sessions with the venue as data.", sessions)
    if calls:
        modules["webhooks"] = _draw("webhooks.py.j2", webhooks_module(context, calls))
    places = _credential_places(context)
    modules["__init__"] = _draw("init.py.j2", init_module(context, list(modules), places, streams))
    # As late as possible: the back end may still be drawing them, beside this process.
    origin = contract.documents[0].origin
    models = modules["models"] = finished(begun, namer.formers("class"), origin, findings)
    counts = _counts(context, operations, streams, calls, models)
    files = _files(context, modules, streams)
    pages = list(reference_pages(context, operations, streams))
    lost = missing_section((*options.lost, *findings), cell)
    shown = page_names(p.name for p in pages)
    readme = readme_view(context, operations, streams, calls, shown, lost)
    files |= {
        "README.md": _draw("README.md.j2", readme=readme),
        "CHANGELOG.md": changelog(context.version, namer.result(), counts, cell),
        **page_files(pages),
    }
    return Emission(
        files=dict(sorted(files.items())),
        emitted=counts,
        findings=(*findings, *namer.findings()),
        names=namer.result(),
    )


def schema_names(contract: Contract, namer: Namer) -> SchemaNames:
    """Name what needs a class, and what a descriptor loads by name."""
    wanted = [s for operation in contract.operations for s in response_schemas(operation)]
    wanted += [m.payload for m in contract.messages.values() if m.payload is not None]
    roots = {id(schema) for schema in wanted if not isinstance(schema, RefSchema)}
    names = name_schemas(
        contract,
        lambda schema: is_composite(schema) or id(schema) in roots,
        TAKEN_CLASSES | KEYWORDS,
        namer,
    )
    return SchemaNames(
        {key: class_name(name) for key, name in names.named.items()},
        {key: class_name(name) for key, name in names.inline.items()},
    )


def context_of(contract: Contract, types: Types, options: Options, namer: Namer) -> Context:
    """Return what all parts of the emission share."""
    methods = kept_methods(contract, namer)
    constants = constant_names(list(methods.values()))
    return Context(
        contract=contract,
        types=types,
        package=options.package,
        distribution=options.distribution or options.package.replace("_", "-"),
        version=options.version or contract.version,
        methods=methods,
        constants={name: constants[method] for name, method in methods.items()},
        error_classes=kept_errors(contract, namer, frozenset(runtime_errors(contract))),
        method_formers=namer.formers("method"),
        error_formers=namer.formers("error"),
    )


def losses(types: Types) -> list[Finding]:
    """Say which fields a struct cannot have, and which unions have one struct for all."""
    found = []
    for schema in all_schemas(types.contract):
        if id(schema) in types.merged:
            fact = "nothing tells the objects of this union apart; one struct has the fields of all"
            help_text = "add a discriminator, or require a field that only one of them has"
            found.append(in_part(fact, schema.notes.origin, help_text))
        if not isinstance(schema, ObjectSchema) or not schema.fields:
            continue
        for field in schema.fields:
            if not is_decodable(field.name):
                fact = f"the field {field.name!r} cannot be decoded: its name needs an escape"
                help_text = (
                    "msgspec defines no field with a quote, a backslash or a control character in"
                    " its name; allow python-not-emitted and read the member from the raw reply"
                )
                found.append(not_emitted(fact, field.origin, help_text))
    return found


def _modules(
    context: Context,
    operations: list[RestOperation],
    streams: list[Stream],
    findings: list[Finding],
) -> dict[str, str]:
    """Return the source of each module of the package by its name, without the models."""
    contract = context.contract
    modules = {"errors": _draw("errors.py.j2", errors_module(context))}
    if operations:
        rest = former_descriptors(context, [(o.operation, o.descriptor) for o in operations])
        modules["operations"] = _descriptors(context, "REST operations as data.", rest)
        for name, is_async in (("client", False), ("async_client", True)):
            modules[name] = _draw("client.py.j2", client_module(context, operations, is_async))
    if streams:
        pairs = [(part.operation, part.descriptor) for stream in streams for part in stream.parts]
        parts = [*former_descriptors(context, pairs), *(stream.protocol for stream in streams)]
        modules["stream_operations"] = _descriptors(context, "The socket as data.", parts)
    for stream in streams:
        modules[stream.socket.module] = _draw("client.py.j2", stream_module(context, stream))
    fix = [*fix_sessions(context), *fix_messages(context), *fix_operations(context)]
    if fix:
        modules["fix"] = _descriptors(context, "FIX messages and operations as data.", fix)
    signed = [s for s in contract.security_schemes.values() if isinstance(s, SignedScheme)]
    if signed:
        modules["signing"] = python_signers([scheme.signing for scheme in signed])
    plain, lost = credentials_module(context)
    findings += lost
    if plain is not None:
        modules["credentials"] = _draw("credentials.py.j2", plain)
    return modules


def _credential_places(context: Context) -> list[tuple[str, str]]:
    """Return the names of all credentials, with the module that has each."""
    plain, _ = credentials_module(context)
    places = [(name, "signing") for name in signed_credentials(context)]
    views = plain.credentials if plain is not None else ()
    return [*places, *((view.name, "credentials") for view in views)]


def _files(
    context: Context, modules: Mapping[str, str], streams: list[Stream]
) -> dict[str, str | bytes]:
    root = f"src/{context.package}"
    files: dict[str, str | bytes] = {f"{root}/{n}.py": text for n, text in modules.items()}
    files[f"{root}/py.typed"] = ""
    files["pyproject.toml"] = _draw("pyproject.toml.j2", project=project_view(context, streams))
    return files


_DESCRIPTOR_NAMES = {
    "venuekit_runtime.fix": (
        "FixField",
        "FixGroup",
        "FixMessage",
        "FixOperation",
        "FixSession",
    ),
    "venuekit_runtime.operation": (
        "Body",
        "BodyField",
        "BookRule",
        "Channel",
        "ChannelParameter",
        "Cost",
        "DedupKey",
        "ErrorTable",
        "Event",
        "Frame",
        "HttpOperation",
        "PageRule",
        "Parameter",
        "PartEncoding",
        "Response",
        "Refusal",
        "SequenceRule",
        "StreamOperation",
        "StreamProtocol",
        "TypeRef",
    ),
    "venuekit_runtime.session": (
        "Expiry",
        "ServerPlace",
        "SessionCall",
        "SessionRule",
    ),
}


def _descriptors(context: Context, doc: str, descriptors: list[DescriptorView]) -> str:
    text = "\n".join(f"{d.annotation} {d.source}" for d in descriptors)
    constants = []
    if "_MODELS" in text:
        constants.append(f"_MODELS = {literal(f'{context.package}.models')}")
    if "_ERRORS" in text:
        table = f'TypeRef({literal(f"{context.package}.errors")}, "BY_CODE")'
        constants.append(f"_ERRORS = ErrorTable({table})")
    text += "\n".join(constants)
    imports = []
    for module, known in _DESCRIPTOR_NAMES.items():
        used = [name for name in known if name in text and re.search(rf"\b{name}\b", text)]
        if used:
            imports += [f"from {module} import (", *(f"    {name}," for name in used), ")"]
    typing = [n for n in ("Any",) if f"[{n}]" in text or f" {n}]" in text]
    needs_models = "models." in "".join(d.annotation for d in descriptors)
    decimals = ["from decimal import Decimal"] if "Decimal" in text else []
    names = (["TYPE_CHECKING"] if needs_models else []) + typing
    head = [f"from typing import {', '.join(names)}"] if names else []
    lines = [*decimals, *head, *([""] if head or decimals else []), *imports]
    if "operations." in text:
        lines += ["", f"from {context.package} import operations"]
    if needs_models:
        lines += ["", "if TYPE_CHECKING:", f"    from {context.package} import models"]
    lines += ["", *constants] if constants else []
    view = ModuleView(
        doc=docstring(doc, 0),
        imports=tuple(lines),
        descriptors=tuple(descriptors),
    )
    return _draw("descriptors.py.j2", view)


def _draw(template: str, module: ModuleView | None = None, **views: object) -> str:
    return _templates().get_template(template).render(module=module, **views)


@functools.cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("venuekit.emit.python", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )


def _counts(
    context: Context,
    operations: list[RestOperation],
    streams: list[Stream],
    calls: list[Webhook],
    models: str,
) -> Counts:
    """Count what is in the files, not what was asked for."""
    contract = context.contract
    defined = {entry.name for entry in entries(contract, context.types.names)} if models else set()
    parts = [part for stream in streams for part in stream.parts]
    fix = list(context.operations(Wire.FIX))
    carried = sum(
        1
        for message in contract.messages.values()
        if message.fix is not None or is_defined(context, message.payload, defined)
    )
    return Counts(
        operations=len(operations) + len(parts) + len(fix) + len(calls),
        channels=len(contract.channels),
        messages=carried,
        schemas=sum(1 for key in contract.schemas if context.types.names.named[key] in defined),
    )


def is_defined(context: Context, payload: Schema | None, defined: set[str]) -> bool:
    if payload is None:
        return True
    shape = context.types.shape(payload)
    return isinstance(shape, Named) and shape.name in defined
