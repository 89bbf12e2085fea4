"""The reference pages of a package's methods."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from venuekit.contract import Operation
from venuekit.emit.reference import Page
from venuekit.emit.typescript.rest import Call
from venuekit.emit.typescript.sockets import Socket
from venuekit.emit.typescript.stream import StreamCall
from venuekit.emit.typescript.text import one_line, prose
from venuekit.emit.typescript.views import ReadmeRow

_PREFIX = re.compile(r"\bt\.(?=[A-Za-z_$])")


def reference_pages(
    calls: Sequence[Call],
    sockets: Sequence[tuple[Socket, Sequence[StreamCall]]],
    wires: Mapping[str, ReadmeRow],
    errors: Mapping[str, str],
) -> Iterator[Page]:
    """Yield the page of each method that users call; one name over two wires has one page.

    `wires` are the rows of the README by method, `errors` the classes of codes.
    """
    seen = set()
    for call in calls:
        seen.add(call.name)
        yield _rest_page(call, wires[call.name].place, errors)
    for socket, found in sockets:
        operations = {operation.name: operation for operation in socket.operations}
        for stream in found:
            if stream.is_method and stream.name not in seen:
                seen.add(stream.name)
                operation = operations[str(stream.descriptor["name"])]
                yield _stream_page(socket, stream, operation, wires[stream.name].place, errors)


def _rest_page(call: Call, wire: str, errors: Mapping[str, str]) -> Page:
    default = "" if call.needs_input else "?"
    takes = f"input{default}: {call.input_name}, " if call.takes_input else ""
    lines = [f"{call.name}({takes}options?: CallOptions): Promise<{_plain(call.output_type)}>"]
    if call.takes_input:
        lines += ["", f"type {call.input_name} = {_plain(call.input_type)}"]
    return Page(
        name=call.name,
        client="Client",
        language="typescript",
        signature="\n".join(lines),
        wire=wire,
        words=_words(call.operation),
        errors=_errors(call.operation, errors),
        formers=call.formers,
        iterator=call.items.name if call.items is not None else "",
    )


def _stream_page(
    socket: Socket, call: StreamCall, operation: Operation, wire: str, errors: Mapping[str, str]
) -> Page:
    takes = f"input: {_plain(call.input_type)}" if call.takes_input else ""
    output = _plain(call.output_type)
    results = {"subscribe": f"Subscription<{output}>", "send": "void"}
    return Page(
        name=call.name,
        client=socket.name,
        language="typescript",
        signature=f"{call.name}({takes}): {results.get(call.kind, f'Promise<{output}>')}",
        wire=wire,
        words=_words(operation),
        errors=_errors(operation, errors),
        formers=call.formers,
    )


def _words(operation: Operation) -> tuple[str, ...]:
    same = operation.description == operation.summary
    return (
        _markdown(one_line(operation.summary or "")),
        "Deprecated." if operation.is_deprecated else "",
        "" if same else _markdown(prose(operation.description or "")),
    )


def _markdown(text: str) -> str:
    return text.replace("<", "&lt;").strip()


def _errors(operation: Operation, classes: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(classes[code] for code in operation.errors if code in classes)


def _plain(text: str) -> str:
    return _PREFIX.sub("", text)
