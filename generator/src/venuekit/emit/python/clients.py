"""The client modules: a method for each operation, sync, async and on a stream."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from venuekit.contract import Wire
from venuekit.contract.walk import session_schemes
from venuekit.emit.naming import snake
from venuekit.emit.python.context import Context
from venuekit.emit.python.formers import deprecation_import, with_formers
from venuekit.emit.python.methods import call, head, method_doc, signature
from venuekit.emit.python.rest import RestOperation
from venuekit.emit.python.stream import Stream, StreamPart
from venuekit.emit.python.text import docstring, literal, one_line
from venuekit.emit.python.views import MethodView, ModuleView

_OPTIONS = "options: CallOptions | None = None"
_MAX = "max_items: int | None = None"
_TIMEOUT = "timeout_s: float | None = None"


def client_module(
    context: Context, operations: Sequence[RestOperation], is_async: bool
) -> ModuleView:
    """Return the module of the synchronous or the asynchronous client."""
    methods = with_formers(
        context, [method for one in operations for method in _rest_methods(context, one, is_async)]
    )
    base = "BaseAsyncClient" if is_async else "BaseClient"
    module = "async_client" if is_async else "client"
    has_sessions = any(True for _ in session_schemes(context.contract))
    modules = ["operations", *(["sessions"] if has_sessions else [])]
    title = one_line(context.contract.title)
    waits = "without blocking the event loop" if is_async else "and waits for each answer"
    return ModuleView(
        doc=docstring(f"The {'async' if is_async else 'sync'} client: data and one call each.", 0),
        imports=(
            *_used_imports(methods),
            "",
            *_unset_import(methods),
            f"from venuekit_runtime.{module} import {base}",
            *deprecation_import(methods),
            "",
            f"from {context.package} import {', '.join(modules)}",
        ),
        typing_imports=_typing_imports(
            context,
            methods,
            (*_file_import(methods), "from venuekit_runtime.core import CallOptions"),
        ),
        class_name="AsyncClient" if is_async else "Client",
        base=base,
        class_doc=docstring(f"Calls {title} {waits}.", 4),
        constants=(
            f"_default_base_url = {literal(_url(context))}",
            f"_user_agent = {literal(f'{context.distribution}/{context.version}')}",
            *(["_sessions = sessions.SESSIONS"] if has_sessions else []),
        ),
        methods=methods,
    )


def stream_module(context: Context, stream: Stream) -> ModuleView:
    """Return the module of the stream client."""
    methods: list[MethodView] = []
    for part in stream.parts:
        methods += _stream_methods(context, part)
    methods = list(with_formers(context, methods))
    asked = [p.descriptor.name for p in stream.parts if p.role != "events"]
    followed = [p.descriptor.name for p in stream.parts if p.role == "events"]
    title = one_line(context.contract.title)
    names = [f"stream_operations.{name}" for name in asked]
    channels = [f"stream_operations.{name}" for name in followed]
    return ModuleView(
        doc=docstring("The stream client: requests and channels over one WebSocket.", 0),
        imports=(
            *_used_imports(methods),
            "",
            *_unset_import(methods),
            *deprecation_import(methods),
            "from venuekit_runtime.stream.client import BaseStreamClient",
            "",
            f"from {context.package} import stream_operations",
        ),
        typing_imports=_typing_imports(
            context,
            methods,
            ("from venuekit_runtime.stream.subscription import {}",),
        ),
        class_name=stream.socket.name,
        base="BaseStreamClient",
        class_doc=docstring(
            f"Trades with and listens to {title} over one socket that comes back by itself.", 4
        ),
        constants=(
            f"_default_base_url = {literal(stream.url)}",
            f"_protocol = stream_operations.{stream.socket.protocol}",
            *_tuple_lines("_operations", names),
            *_tuple_lines("_channels", channels),
        ),
        methods=tuple(methods),
    )


def _rest_methods(context: Context, one: RestOperation, is_async: bool) -> Iterator[MethodView]:
    """Yield what calls an operation, and what iterates over its pages."""
    name = context.methods[one.operation.name]
    constant = f"operations.{one.descriptor.name}"
    target = f"{'await ' if is_async else ''}self._call"
    statement = call(target, constant, one.inputs, ("options",))
    yield MethodView(
        head=head(
            "async def" if is_async else "def", name, signature(one.inputs, (_OPTIONS,)), one.result
        ),
        doc=method_doc(one.operation, one.inputs, context.errors_of(one.operation)),
        call=statement if one.result == "None" else f"return {statement}",
    )
    if one.items is not None:
        result = f"{'AsyncIterator' if is_async else 'Iterator'}[{one.items.annotation}]"
        statement = call("self._iterate", constant, one.inputs, ("max_items", "options"))
        text = f"Every item of `{name}`, page by page; a page is asked for when it is needed."
        yield MethodView(
            head=head("def", one.items.name, signature(one.inputs, (_MAX, _OPTIONS)), result),
            doc=docstring(text, 8),
            call=f"return {statement}",
        )


def _stream_methods(context: Context, part: StreamPart) -> list[MethodView]:
    name = context.methods[part.operation.name]
    constant = f"stream_operations.{part.descriptor.name}"
    doc = method_doc(part.operation, part.inputs, context.errors_of(part.operation))
    if part.role == "events":
        found = [_channel_method(name, "_subscribe", f"Subscription[{part.result}]", part, doc)]
        if part.has_book:
            binding = part.operation.binding
            channel = getattr(binding, "channel", name)
            follow = f"follow_{snake(context.contract.channels[channel].name)}"
            text = "Keep a book up to date: await its updates, read its sides."
            found.append(_channel_method(follow, "_follow", "LiveBook", part, docstring(text, 8)))
        return found
    if part.role != "request":
        return []
    statement = call("await self._ask", constant, part.inputs, ("timeout_s",))
    return [
        MethodView(
            head=head("async def", name, signature(part.inputs, (_TIMEOUT,)), part.result),
            doc=doc,
            call=statement if part.result == "None" else f"return {statement}",
        )
    ]


def _channel_method(name: str, target: str, result: str, part: StreamPart, doc: str) -> MethodView:
    statement = call(f"self.{target}", f"stream_operations.{part.descriptor.name}", part.inputs)
    return MethodView(
        head=head("def", name, signature(part.inputs), result),
        doc=doc,
        call=f"return {statement}",
    )


def _url(context: Context) -> str:
    for server in context.contract.servers:
        if server.wire is Wire.REST:
            return server.default_url
    return ""


def _source(methods: Sequence[MethodView]) -> str:
    return "\n".join(f"{method.head}\n{method.call}" for method in methods)


def _used_imports(methods: Sequence[MethodView]) -> list[str]:
    text = _source(methods)
    names = [n for n in ("Any", "Literal") if re.search(rf"\b{n}\b", text)]
    lines = ["from decimal import Decimal"] if re.search(r"\bDecimal\b", text) else []
    return [*lines, f"from typing import {', '.join(['TYPE_CHECKING', *names])}"]


def _unset_import(methods: Sequence[MethodView]) -> list[str]:
    text = _source(methods)
    names = [n for n in ("UNSET", "UnsetType") if re.search(rf"\b{n}\b", text)]
    return [f"from msgspec import {', '.join(names)}"] if names else []


def _file_import(methods: Sequence[MethodView]) -> list[str]:
    is_used = re.search(r"(?<![.\w])File \| bytes", _source(methods)) is not None
    return ["from venuekit_runtime.bodies import File"] if is_used else []


def _typing_imports(
    context: Context, methods: Sequence[MethodView], others: Sequence[str]
) -> tuple[str, ...]:
    text = _source(methods)
    names = [n for n in ("AsyncIterator", "Iterator") if re.search(rf"\b{n}\b", text)]
    found = [f"    from collections.abc import {', '.join(names)}", ""] if names else []
    for line in others:
        names = [n for n in ("LiveBook", "Subscription") if re.search(rf"\b{n}\b", text)]
        if "{}" not in line or names:
            found.append("    " + line.format(", ".join(names)))
    if "models." in text:
        found += [""] if found else []
        found.append(f"    from {context.package} import models")
    return tuple(found) or ("    pass",)


def _tuple_lines(name: str, items: Sequence[str]) -> list[str]:
    if not items:
        return [f"{name} = ()"]
    return [f"{name} = (", *(f"    {item}," for item in items), ")"]
