"""The modules of the package, and what README and `pyproject.toml` need."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from venuekit.contract import Operation, Wire
from venuekit.emit.python.context import Context
from venuekit.emit.python.methods import Input, head, method_doc, signature, untaken
from venuekit.emit.python.text import docstring, literal, markdown, one_line, tuple_text
from venuekit.emit.server.rest import RestBinding
from venuekit.emit.server.results import answer_classes
from venuekit.emit.server.stream import Asked, Sent, stream_paths
from venuekit.emit.server.views import ClassView, MethodView, ModuleView, PackageView
from venuekit.emit.server.writing import names_in, source_of
from venuekit.serving import Shaper

_SHAPES = (
    "Anything",
    "ListOf",
    "Maybe",
    "Member",
    "Members",
    "Named",
    "Nothing",
    "Null",
    "Number",
    "OneOf",
    "Text",
    "Truth",
    "TupleOf",
    "Values",
)
_OPERATIONS = (
    "Arrival",
    "Bindings",
    "Body",
    "BodyMember",
    "Content",
    "Departure",
    "Parameter",
    "Reply",
    "Route",
)
_DATA = ("PartEncoding", "TypeRef")


def shapes_module(shaper: Shaper) -> ModuleView:
    """Return the module with what requests may hold, by name."""
    rows = [f"    {literal(name)}: {source_of(s, 4)}," for name, s in shaper.table.items()]
    source = "\n".join(rows)
    imports = _decimal(source) + _from("venuekit_runtime.server.shapes", _SHAPES, source, "Shape")
    return ModuleView(
        doc=docstring("What clients may send, by the contract's names of schemas.", 0),
        imports=tuple(imports),
        constants=("SHAPES: dict[str, Shape] = {", *rows, "}")
        if rows
        else ("SHAPES: dict[str, Shape] = {}",),
    )


def operations_module(
    context: Context,
    rest: Sequence[RestBinding],
    asked: Sequence[Asked],
    sent: Sequence[Sent],
    prefixes: tuple[str, ...],
) -> ModuleView:
    """Return the module with routes, messages and events as data."""
    routes = [source_of(one.route, 4) for one in rest]
    arrivals = [source_of(arrival, 4) for one in asked for arrival in one.arrivals]
    errors = [error for one in asked for arrival in one.arrivals for error in arrival.errors]
    events = [
        f"{context.constants[one.operation.name]} = {source_of(one.departure)}" for one in sent
    ]
    has_socket = bool(asked or sent)
    codes = context.contract.errors.items()
    statuses = {code: row.http_status for code, row in codes if row.http_status is not None}
    members = {
        "title": literal(one_line(context.contract.title)),
        "routes": _block(routes),
        "arrivals": _block(arrivals),
        "shapes": "SHAPES",
        "statuses": source_of(statuses, 4) if statuses else "",
        "prefixes": tuple_text(literal(p) for p in prefixes) if prefixes else "",
        "stream_paths": tuple_text(literal(p) for p in stream_paths(context)) if has_socket else "",
        "opened": literal(opened_name(context)) if has_socket else "",
        "error": source_of(errors[0], 4) if errors else "",
        "handlers": "handlers.Handlers" if rest else "",
        "streams": "handlers.StreamHandlers" if has_socket else "",
    }
    lines = [f"    {name}={text}," for name, text in members.items() if text]
    source = "\n".join([*lines, *events])
    package = context.package
    imports = [
        *_decimal(source),
        *_from("venuekit_runtime.operation", _DATA, source),
        *_from("venuekit_runtime.server.operations", (*_OPERATIONS,), f"{source} Bindings("),
        *_from("venuekit_runtime.server.shapes", _SHAPES, source),
        "",
        *([f"from {package} import handlers"] if rest or has_socket else []),
        f"from {package}.shapes import SHAPES",
    ]
    return ModuleView(
        doc=docstring("Every operation of the contract as data.", 0),
        imports=tuple(imports),
        constants=("BINDINGS = Bindings(", *lines, ")", *(["", *events] if events else [])),
    )


def _block(items: Sequence[str]) -> str:
    if not items:
        return ""
    return "(\n" + "".join(f"        {_deeper(item)},\n" for item in items) + "    )"


def _deeper(source: str) -> str:
    return source.replace("\n", "\n    ")


def handlers_module(
    context: Context, rest: Sequence[RestBinding], asked: Sequence[Asked], has_socket: bool
) -> ModuleView:
    """Return the module with a protocol for each wire: one method for each operation."""
    classes = []
    if rest:
        doc = "Answers every REST operation; a method that is missing is a type error."
        methods = [_handler(context, r.operation, r.inputs, r.result, "Context") for r in rest]
        classes.append(_protocol("Handlers", doc, methods))
    if has_socket:
        doc = "Answers every message of the sockets; what it returns is the reply."
        methods = [_opened(context)]
        methods += [
            _handler(context, a.operation, a.inputs, a.result, "SocketContext") for a in asked
        ]
        classes.append(_protocol("StreamHandlers", doc, methods))
    text = "\n".join(method.head for one in classes for method in one.methods)
    names = [n for n in ("Any", "Literal") if re.search(rf"\b{n}\b", text)]
    own = [n for n in ("answers", "models") if f"{n}." in text]
    unset = [n for n in ("UNSET", "UnsetType") if re.search(rf"\b{n}\b", text)]
    contexts = [n for n in ("Context", "SocketContext") if re.search(rf"\b{n}\b", text)]
    package = context.package
    imports = [
        *_decimal(text.replace("Decimal", "Decimal("))[:1],
        f"from typing import {', '.join([*names, 'Protocol'])}",
        "",
        *([f"from msgspec import {', '.join(unset)}"] if unset else []),
        *(["from venuekit_runtime.bodies import File"] if re.search(r"\bFile\b", text) else []),
        *(
            [f"from venuekit_runtime.server.handling import {', '.join(contexts)}"]
            if contexts
            else []
        ),
        *(["", f"from {package} import {', '.join(own)}"] if own else []),
    ]
    return ModuleView(
        doc=docstring("What a server of this contract must answer, by operation.", 0),
        imports=tuple(imports),
        classes=tuple(classes),
    )


def opened_name(context: Context) -> str:
    """Return the method that is told of a new socket; an operation may have its usual name."""
    taken = set(context.methods.values())
    return next(name for name in ("opened", "socket_opened", "on_opened") if name not in taken)


def _opened(context: Context) -> MethodView:
    doc = "A socket has opened: from now on events may be sent to `context.peer`."
    parameters = ["self", "context: SocketContext", "/"]
    return MethodView(
        head=head("async def", opened_name(context), parameters, "None"), doc=docstring(doc, 8)
    )


def _protocol(name: str, doc: str, methods: Iterable[MethodView]) -> ClassView:
    return ClassView(name=name, base="Protocol", doc=docstring(doc, 4), methods=tuple(methods))


def _handler(
    context: Context, operation: Operation, inputs: Sequence[Input], result: str, kind: str
) -> MethodView:
    own, *rest = signature(inputs)
    name = context.methods[operation.name]
    # Given by position, so that handlers call it what they like and an input may have its name.
    first = untaken(inputs, "context", "call")
    parameters = [own, f"{first}: {kind}", "/", *rest]
    return MethodView(
        head=head("async def", name, parameters, _folded(result)),
        doc=method_doc(operation, inputs, [f"errors.{e}" for e in context.errors_of(operation)]),
    )


def _folded(result: str) -> str:
    """Return an annotation, one alternative to a line where it is long."""
    if len(result) <= 70:
        return result
    first, *rest = result.split(" | ")
    lines = "".join(f"        | {part}\n" for part in rest)
    return f"(\n        {first}\n{lines}    )"


def answers_module(context: Context) -> ModuleView:
    """Return the module with an answer class for each status of the contract."""
    classes = answer_classes(context.contract)
    return ModuleView(
        doc=docstring("Answers whose status or headers a handler chooses, a class a status.", 0),
        imports=(
            "from typing import TypeVar",
            "",
            "from venuekit_runtime.server.handling import Answer",
            "",
            'T = TypeVar("T")',
        ),
        classes=tuple(classes),
        all_names=tuple(literal(name) for name in sorted(["Answer", *(c.name for c in classes)])),
    )


def errors_module(context: Context) -> ModuleView:
    """Return the module with an error class for each row of the contract's table."""
    classes = [
        ClassView(
            name=context.error_classes[code],
            base="TableError",
            doc=docstring(f"{one_line(row.cause)}", 4),
            lines=(
                f"code_of_table = {literal(code)}",
                f"status_of_table = {row.http_status or 400}",
            ),
        )
        for code, row in context.contract.errors.items()
    ]
    names = sorted(["RefusalError", "TableError", *(one.name for one in classes)])
    return ModuleView(
        doc=docstring("What a handler raises to refuse: one class for each code.", 0),
        imports=(
            "from venuekit_runtime.server.handling import TableError",
            "from venuekit_runtime.server.refusal import RefusalError",
        ),
        classes=tuple(classes),
        all_names=tuple(literal(name) for name in names),
    )


def events_module(context: Context, sent: Sequence[Sent]) -> ModuleView:
    """Return the module with a typed function for each kind of event that the server sends."""
    functions = []
    for one in sent:
        name = context.methods[one.operation.name]
        constant = context.constants[one.operation.name]
        summary = one_line(one.operation.summary) or f"Send what {one.operation.name} brings"
        parameters = ["peer: Peer", f"message: {one.annotation}"]
        functions.append(
            MethodView(
                head=head("def", f"send_{name}", parameters, "None").replace("\n    ", "\n"),
                doc=docstring(summary if summary.endswith(".") else f"{summary}.", 4),
                call=f"peer.send(operations.{constant}, message)",
            )
        )
    text = "\n".join(one.head for one in functions)
    names = [n for n in ("Any", "Literal") if re.search(rf"\b{n}\b", text)]
    own = ["models", "operations"] if "models." in text else ["operations"]
    return ModuleView(
        doc=docstring("Events that the server sends on a socket, each with its type.", 0),
        imports=(
            *_decimal(text.replace("Decimal", "Decimal("))[: 1 if names else 2],
            *([f"from typing import {', '.join(names)}", ""] if names else []),
            "from venuekit_runtime.server.handling import Peer",
            "",
            f"from {context.package} import {', '.join(own)}",
        ),
        functions=tuple(functions),
    )


def init_module(context: Context, asked: Sequence[Asked], sent: Sequence[Sent]) -> ModuleView:
    """Return the package's own module: how handlers become an application."""
    package, title = context.package, one_line(context.contract.title)
    modules = ["answers", "errors", "handlers", "models", "operations", "security"]
    modules += ["events"] if sent else []
    makers = []
    if any(True for _ in context.operations(Wire.REST)):
        doc = "Serve the REST operations; `guard` lets callers in."
        makers.append(_maker("application", "Handlers", "Application", doc))
    if asked or sent:
        doc = "Serve the messages of the sockets; `guard` lets callers in."
        makers.append(_maker("stream", "StreamHandlers", "StreamApplication", doc))
    text = "\n".join(maker.call for maker in makers)
    runtime = [
        ("application", "Application"),
        ("handling", "Guard"),
        ("stream", "StreamApplication"),
    ]
    names = [maker.head[4:].partition("(")[0] for maker in makers]
    return ModuleView(
        doc=docstring(f"{title}, version {context.version}: the server's side.", 0),
        imports=(
            *(
                f"from venuekit_runtime.server.{module} import {name}"
                for module, name in runtime
                if f" {name}(" in text or (name == "Guard" and makers)
            ),
            "",
            f"from {package} import {', '.join(sorted(modules))}",
        ),
        functions=tuple(makers),
        constants=(f"__version__ = {literal(context.version)}",),
        all_names=tuple(literal(name) for name in sorted([*modules, *names, "__version__"])),
    )


def _maker(name: str, protocol: str, kind: str, doc: str) -> MethodView:
    parameters = [f"answering: handlers.{protocol}", "guard: Guard | None = None"]
    return MethodView(
        head=head("def", name, parameters, kind),
        doc=docstring(doc, 4),
        call=f"return {kind}(operations.BINDINGS, answering, guard)",
    )


def main_module(context: Context) -> ModuleView:
    """Return the module that `python -m` runs."""
    return ModuleView(
        doc=docstring(f"`python -m {context.package} MODULE:HANDLERS` serves the contract.", 0),
        imports=(
            "from venuekit_runtime.server.running import main",
            "",
            f"from {context.package}.operations import BINDINGS",
        ),
        constants=("main(BINDINGS)",),
    )


def package_view(
    context: Context, rest: Sequence[RestBinding], asked: Sequence[Asked]
) -> PackageView:
    """Return what README and `pyproject.toml` need."""
    title = one_line(context.contract.title)
    rows = [
        *(("Handlers", one.operation) for one in rest),
        *(("StreamHandlers", one.operation) for one in asked),
    ]
    table = [
        f"| `{kind}.{context.methods[o.name]}` | "
        f"{markdown(one_line(o.summary)).replace('|', chr(92) + '|')} |"
        for kind, o in rows
    ]
    return PackageView(
        title=markdown(title),
        package=context.package,
        distribution=context.distribution,
        summary=markdown(context.contract.description),
        project_name=literal(context.distribution),
        project_version=literal(context.version),
        project_description=literal(f"{title}: typed handlers, routes and codecs of the server."),
        runtime=literal("venuekit-runtime[server]>=0.1,<0.2"),
        folder=literal(f"src/{context.package}"),
        example=_example(context, rest),
        handlers=tuple(table),
        version=context.version,
    )


def _example(context: Context, rest: Sequence[RestBinding]) -> str:
    if not rest:
        return f"import {context.package}"
    one = rest[0]
    arguments = "".join(f", {i.argument}: {i.annotation}" for i in one.inputs if i.is_required)
    star = ", *" if arguments else ""
    name = context.methods[one.operation.name]
    return "\n".join(
        [
            f"from {context.package} import application, models",
            "from venuekit_runtime.server.handling import Context, OpenDoor",
            "from venuekit_runtime.server.serving import serve",
            "",
            "",
            "class Venue:",
            f"    async def {name}(self, context: Context{star}{arguments}) -> {one.result}:",
            "        ...",
            "",
            "",
            "serve(application(Venue(), OpenDoor()), port=8080)",
        ]
    )


def _decimal(source: str) -> list[str]:
    return ["from decimal import Decimal", ""] if "Decimal(" in source else []


def _from(module: str, known: tuple[str, ...], source: str, *always: str) -> list[str]:
    names = sorted([*names_in(source, known), *always])
    line = f"from {module} import {', '.join(names)}"
    if not names or len(line) <= 96:
        return [line] if names else []
    return [f"from {module} import (", *(f"    {name}," for name in names), ")"]
