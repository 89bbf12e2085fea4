"""The order of work: names, types, shapes, routes, handlers, files, counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from venuekit.contract import Contract, Counts, HttpBinding, Wire
from venuekit.emit.emission import Emission, Options
from venuekit.emit.lock.namer import Namer
from venuekit.emit.missing import missing_section
from venuekit.emit.model_back_end import BackEnd
from venuekit.emit.python.context import Context
from venuekit.emit.python.drawing import entries, prepare
from venuekit.emit.python.emitter import context_of, is_defined, losses, schema_names
from venuekit.emit.python.kept import keep_members
from venuekit.emit.python.models import finished, models_begun
from venuekit.emit.python.package import cell
from venuekit.emit.server.findings import in_part, not_emitted
from venuekit.emit.server.overlaps import ambiguities, unreachable
from venuekit.emit.server.package import (
    answers_module,
    errors_module,
    events_module,
    handlers_module,
    init_module,
    main_module,
    operations_module,
    package_view,
    shapes_module,
)
from venuekit.emit.server.rest import RestBinding, rest_bindings
from venuekit.emit.server.security import security_module
from venuekit.emit.server.stream import Asked, Sent, stream_bindings
from venuekit.emit.server.views import ModuleView
from venuekit.finding import Finding
from venuekit.serving import Shaper


def emit(contract: Contract, options: Options) -> Emission:
    """Return the files of a Python package that serves the contract.

    A finding of severity error says what has no place in the package; nothing is then written.
    """
    namer = Namer("server", options.lock)
    types = prepare(contract, schema_names(contract, namer))
    keep_members(types, namer)
    context = context_of(contract, types, options, namer)
    shaper = Shaper(contract)
    rest = rest_bindings(context, shaper)
    asked, sent = stream_bindings(context, shaper)
    unsure = (*unreachable(rest), *ambiguities(contract, rest))
    findings = [*_unserved(context), *_unchecked(shaper), *unsure, *losses(types)]
    origin = contract.documents[0].origin
    begun = models_begun(types, BackEnd())
    models = finished(begun, namer.formers("class"), origin, findings)
    lost = missing_section((*options.lost, *findings), cell)
    files = _files(context, shaper, models, rest, asked, sent, lost)
    emitted = _counts(context, models, len(rest) + len(asked) + len(sent))
    return Emission(
        files=files,
        emitted=emitted,
        findings=(*findings, *namer.findings()),
        names=namer.result(),
    )


def _unserved(context: Context) -> Iterator[Finding]:
    for operation in context.operations(Wire.FIX):
        fact = f"{operation.name} travels over FIX, which the server bindings do not speak"
        help_text = "generate the server from the other documents, or leave this operation out"
        yield not_emitted(fact, operation.origin, help_text)
    for operation in context.operations(Wire.WEBHOOK):
        fact = f"{operation.name} is a call to the venue's clients, which the bindings do not make"
        help_text = "send it by an HTTP client of yours, signed as the contract says"
        yield not_emitted(fact, operation.origin, help_text)
    for operation in context.operations(Wire.REST):
        binding = operation.binding
        body = binding.body if isinstance(binding, HttpBinding) else None
        for content in body.contents if body is not None else ():
            kind = content.media_type.lower()
            if kind.startswith("multipart/") and not kind.startswith("multipart/form-data"):
                fact = f"{operation.name} takes {content.media_type}: handlers get its bytes"
                help_text = "offer multipart/form-data as well, or take the bytes apart yourself"
                yield in_part(fact, content.origin, help_text)


def _unchecked(shaper: Shaper) -> Iterator[Finding]:
    for pattern, origin in shaper.unread:
        fact = f"Python cannot read the pattern {pattern!r}: no request is held to it"
        yield in_part(fact, origin, "write the pattern in words that Python knows, by an overlay")
    for problem, origin in shaper.forbidden_defaults:
        fact = f"the default is not filled in, because its own schema forbids it: {problem}"
        yield in_part(fact, origin, "mend the default, by an overlay")


def _files(
    context: Context,
    shaper: Shaper,
    models: str,
    rest: list[RestBinding],
    asked: list[Asked],
    sent: list[Sent],
    lost: str,
) -> dict[str, str | bytes]:
    root = f"src/{context.package}"
    prefixes = tuple(dict.fromkeys(_prefixes(context)))
    modules: dict[str, ModuleView] = {
        "__init__": init_module(context, asked, sent),
        "__main__": main_module(context),
        "answers": answers_module(context),
        "errors": errors_module(context),
        "handlers": handlers_module(context, rest, asked, bool(asked or sent)),
        "operations": operations_module(context, rest, asked, sent, prefixes),
        "shapes": shapes_module(shaper),
        "security": security_module(context),
    }
    if sent:
        modules["events"] = events_module(context, sent)
    files: dict[str, str | bytes] = {
        f"{root}/{name}.py": _spaced(_draw("module.py.j2", module=view))
        for name, view in modules.items()
    }
    files[f"{root}/models.py"] = models
    files[f"{root}/py.typed"] = ""
    view = package_view(context, rest, asked)
    files["pyproject.toml"] = _draw("pyproject.toml.j2", project=view)
    files["README.md"] = _draw("README.md.j2", readme=view, lost=lost)
    return dict(sorted(files.items()))


def _prefixes(context: Context) -> Iterable[str]:
    """Yield the paths below which the REST servers stand, with their variables filled."""
    for server in context.contract.servers:
        if server.wire is Wire.REST:
            path = unquote(urlsplit(server.default_url).path).rstrip("/")
            if path:
                yield path


def _draw(template: str, **views: object) -> str:
    environment = Environment(
        loader=PackageLoader("venuekit.emit.server", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    return environment.get_template(template).render(**views)


def _spaced(text: str) -> str:
    """Return a module without the blank lines that absent parts leave."""
    return re.sub(r"\n{4,}", "\n\n\n", text).strip() + "\n"


def _counts(context: Context, models: str, operations: int) -> Counts:
    """Count what is in the files, not what was asked for."""
    contract, names = context.contract, context.types.names
    defined = {entry.name for entry in entries(contract, names)} if models else set()
    messages: Mapping[str, object] = contract.messages
    carried = sum(1 for key in messages if _is_carried(context, key, defined))
    return Counts(
        operations=operations,
        channels=sum(1 for channel in contract.channels.values() if channel.wire is not Wire.FIX),
        messages=carried,
        schemas=sum(1 for key in contract.schemas if names.named[key] in defined),
    )


def _is_carried(context: Context, key: str, defined: set[str]) -> bool:
    message = context.contract.messages[key]
    return message.fix is None and is_defined(context, message.payload, defined)
