"""The reference pages of a package's methods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from venuekit.contract import ChannelBinding, HttpBinding, Operation
from venuekit.emit.python.context import Context
from venuekit.emit.python.methods import Input, head, signature
from venuekit.emit.python.rest import RestOperation
from venuekit.emit.python.stream import Stream, StreamPart
from venuekit.emit.python.text import markdown, one_line
from venuekit.emit.reference import Page, code_cell


def reference_pages(
    context: Context, operations: Sequence[RestOperation], streams: Sequence[Stream]
) -> Iterator[Page]:
    """Yield the page of each method that users call; one name over two wires has one page."""
    seen = set()
    for one in operations:
        name = context.methods[one.operation.name]
        seen.add(name)
        options = ("options: CallOptions | None = None",)
        lines = head("def", name, signature(one.inputs, options), one.result)
        yield _page(context, one.operation, "Client", one.inputs, lines, one)
    for stream in streams:
        for part in stream.parts:
            name = context.methods[part.operation.name]
            if part.role in ("request", "events") and name not in seen:
                seen.add(name)
                yield _stream_page(context, stream.socket.name, part, name)


def _stream_page(context: Context, client: str, part: StreamPart, name: str) -> Page:
    if part.role == "events":
        lines = head("def", name, signature(part.inputs), f"Subscription[{part.result}]")
    else:
        options = ("timeout_s: float | None = None",)
        lines = head("async def", name, signature(part.inputs, options), part.result)
    return _page(context, part.operation, client, part.inputs, lines, None)


def _page(
    context: Context,
    operation: Operation,
    client: str,
    inputs: Sequence[Input],
    lines: str,
    rest: RestOperation | None,
) -> Page:
    name = context.methods[operation.name]
    return Page(
        name=name,
        client=client,
        language="python",
        signature="\n".join(line.removeprefix("    ") for line in lines.split("\n")),
        wire=_wire(operation),
        words=(
            markdown(operation.summary),
            "Deprecated." if operation.is_deprecated else "",
            "" if operation.description == operation.summary else markdown(operation.description),
        ),
        rows=tuple(
            (
                code_cell(one.argument),
                code_cell(one.annotation),
                "required" if one.is_required else "",
                markdown(one_line(one.doc)).replace("|", chr(92) + "|"),
            )
            for one in inputs
        ),
        result=rest.result if rest is not None and rest.result != "None" else "",
        errors=tuple(f"errors.{error}" for error in context.errors_of(operation)),
        formers=context.method_formers.get(name, ()),
        iterator=rest.items.name if rest is not None and rest.items is not None else "",
    )


def _wire(operation: Operation) -> str:
    binding = operation.binding
    match binding:
        case HttpBinding(method=method, path=path):
            return one_line(f"{method} {path}").replace("`", "'")
        case ChannelBinding(channel=channel):
            return one_line(f"{operation.action} {channel}").replace("`", "'")
        case _:
            return str(operation.action)
