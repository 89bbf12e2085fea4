"""Serves emitted server bindings: `serve_bindings.py PACKAGE ANSWERS RECORD READY`.

Each handler answers with the value that was made for its operation, as the model that its
annotation asks for, and records what it was given, written anew from the typed values.
"""

from __future__ import annotations

import asyncio
import base64
import importlib
import json
import sys
import typing
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec

from venuekit_runtime.encoding import plain_value
from venuekit_runtime.models import decode_hook
from venuekit_runtime.server.application import Application, hints_of
from venuekit_runtime.server.handling import Answer, Context, OpenDoor, TableError
from venuekit_runtime.server.operations import Bindings, Parameter, Route
from venuekit_runtime.server.requests import Request, Response
from venuekit_runtime.server.serving import start
from venuekit_runtime.server.shapes import ListOf, Members, Number, OneOf, Shape, Table, bare

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class NoAnswerError(TableError):
    """The document's schemas allow no answer."""

    code_of_table = "MOCK_HAS_NO_ANSWER"
    status_of_table = 501


class Recorded(Application):
    """The application, which notes each request with its answer."""

    def __init__(self, bindings: Bindings, made: dict[str, Any], record: Path) -> None:
        self._file = record.open("ab")
        self._calls: dict[int, dict[str, Any]] = {}
        handlers = SimpleNamespace()
        for route in bindings.routes:
            setattr(handlers, route.handler, self._handler(bindings, route, made[route.name]))
        super().__init__(bindings, handlers, OpenDoor())

    def _handler(self, bindings: Bindings, route: Route, made: dict[str, Any]) -> Any:
        value = typed(bindings, route, made)

        async def answer(context: Context, /, **given: Any) -> object:
            facts = {"operation": context.operation}
            facts["parameters"] = parameters(bindings.shapes, route, context.request, given)
            facts["body"] = body(bindings.shapes, route, context, given)
            self._calls[id(context.request)] = facts
            if made["status"] == 501:
                raise NoAnswerError("no value can be made")
            kind = made["media_type"] or None
            headers = dict(made["headers"])
            return Answer(value, status=made["status"], headers=headers, media_type=kind)

        return answer

    async def answer(self, request: Request) -> Response:
        response = await super().answer(request)
        facts = self._calls.pop(id(request), {"operation": None, "body": request.body})
        line = {
            "wire": "rest",
            "method": request.method,
            "target": request.target,
            "headers": [(n.decode("latin-1"), v.decode("latin-1")) for n, v in request.headers],
            "status": response.status,
            "media_type": response.media_type.decode(),
            **facts,
            "body": base64.b64encode(facts["body"]).decode(),
            "answer": base64.b64encode(response.body).decode(),
            "problems": [response.body.decode("utf-8", "replace")[:400]],
        }
        self._file.write(_ENCODER.encode(line) + b"\n")
        self._file.flush()
        return response


def typed(bindings: Bindings, route: Route, made: dict[str, Any]) -> Any:
    """Return the made answer as what the handler's annotation says for its status."""
    data = base64.b64decode(made["body"])
    if not made["media_type"] or made["status"] == 501:
        return None
    kind = made["media_type"].partition(";")[0].strip().lower()
    if kind in ("application/json", "text/json") or kind.endswith("+json"):
        hint = body_hint(hints_of(bindings.handlers, route.handler)["return"], made["status"])
        decoder = msgspec.json.Decoder(hint, float_hook=Decimal, dec_hook=decode_hook)
        return decoder.decode(data)
    return data


def body_hint(returned: Any, status: int) -> Any:
    """Return the body's type of the answer class that a status has in a return annotation."""
    by_status = {}
    for one in typing.get_args(returned) or (returned,):
        origin = typing.get_origin(one)
        if isinstance(origin, type) and issubclass(origin, Answer):
            by_status[origin.fixed_status or origin.__name__[-3:]] = typing.get_args(one)[0]
    return by_status.get(status, by_status.get(f"{status // 100}XX", by_status.get("ult")))


def parameters(
    table: Table, route: Route, request: Request, given: dict[str, Any]
) -> list[tuple[str, str, Any]]:
    """Return location, name and value of each parameter that was sent, not of the defaults."""
    return [
        (p.location, p.name, as_sent(given[p.argument], p.shape, table))
        for p in route.parameters
        if p.argument in given and (p.default is None or was_sent(request, p))
    ]


def was_sent(request: Request, parameter: Parameter) -> bool:
    if parameter.location == "header":
        return request.header(parameter.name.lower().encode()) is not None
    text = request.query
    if parameter.location == "cookie":
        text = (request.header(b"cookie") or b"").decode().replace("; ", "&")
    names = [pair.partition("=")[0].partition("[")[0] for pair in text.split("&")]
    return parameter.name in names


def body(table: Table, route: Route, context: Context, given: dict[str, Any]) -> bytes:
    """Return the body as the handler's values say it; of other kinds than JSON as it came."""
    request, described = context.request, route.body
    kind = (request.header(b"content-type") or b"").decode()
    is_json = "json" in kind and request.body
    if described is None or not is_json:
        return request.body
    shape = bare(described.contents[0].shape, table)
    if described.whole is not None:
        return _ENCODER.encode(as_sent(given[described.whole], shape, table))
    shapes = {m.name: m.shape for m in shape.members} if isinstance(shape, Members) else {}
    return _ENCODER.encode(
        {
            m.name: as_sent(given[m.argument], shapes[m.name], table)
            for m in described.members
            if m.argument in given and m.name in context.body
        }
    )


def as_sent(value: Any, shape: Shape, table: Table) -> Any:
    """Return a typed value as JSON has it: a decimal is text or a number, as its shape says."""
    found = bare(shape, table)
    match value:
        case Decimal():
            is_text = isinstance(found, Number) and found.is_text
            if isinstance(found, OneOf):
                is_text = any(isinstance(bare(v, table), Number) for v in found.variants)
                is_text = is_text and all(
                    one.is_text for v in found.variants if isinstance(one := bare(v, table), Number)
                )
            text = format(value, "f")
            return text if is_text else msgspec.Raw(text.encode())
        case list():
            item = found.item if isinstance(found, ListOf) else found
            return [as_sent(one, item, table) for one in value]
        case dict() if isinstance(found, Members):
            named = {member.name: member.shape for member in found.members}
            others = found.others or found
            return {k: as_sent(v, named.get(k, others), table) for k, v in value.items()}
        case _:
            return plain_value(value, "value")


async def run(application: Application, ready: Path) -> None:
    server = await start(application)
    announce(ready, f"http://127.0.0.1:{server.port}\n")
    await asyncio.Event().wait()


def announce(ready: Path, url: str) -> None:
    """Write the URL in one step, so that nobody reads half of it."""
    draft = ready.with_suffix(".draft")
    draft.write_text(url, encoding="utf-8")
    draft.replace(ready)


def main() -> None:
    package, answers, record, ready = sys.argv[1:]
    bindings = importlib.import_module(f"{package}.operations").BINDINGS
    made = json.loads(Path(answers).read_text(encoding="utf-8"))
    asyncio.run(run(Recorded(bindings, made, Path(record)), Path(ready)))


if __name__ == "__main__":
    main()
