"""The example of the README: a read, the first order that the contract itself shows, a stream."""

from __future__ import annotations

from collections.abc import Sequence

from venuekit.contract import (
    ArraySchema,
    Contract,
    Effect,
    HttpBinding,
    JsonValue,
    ObjectSchema,
    Schema,
    SignedScheme,
    Wire,
)
from venuekit.emit.naming import pascal
from venuekit.emit.servers import base_url
from venuekit.emit.typescript.model import Model
from venuekit.emit.typescript.rest import Call
from venuekit.emit.typescript.sockets import Socket
from venuekit.emit.typescript.stream import StreamCall
from venuekit.emit.typescript.text import Value, literal, string


def example(
    model: Model,
    package: str,
    calls: Sequence[Call],
    sockets: Sequence[tuple[Socket, Sequence[StreamCall]]],
) -> str:
    """Return the example as a fenced block of TypeScript."""
    credentials = _credentials(model.contract)
    lines = [*_rest(model, calls, credentials), *_stream(sockets, credentials)]
    names = [name for name in ("Client", "StreamClient") if any(f"new {name}(" in s for s in lines)]
    names += [credentials.partition("(")[0]] if credentials and lines else []
    taken = ", ".join(sorted(names))
    return "\n".join(["```ts", f"import {{ {taken} }} from {string(package)};", *lines, "```"])


def _rest(model: Model, calls: Sequence[Call], credentials: str) -> list[str]:
    if not calls:
        return []
    url = "" if base_url(model.contract, Wire.REST) else '"https://…"'
    settings = [f"baseUrl: {url}"] if url else []
    lines = []
    if credentials:
        lines += ["", f"const credentials = new {credentials};"]
        settings.append("credentials")
    inside = f"{{ {', '.join(settings)} }}" if settings else ""
    lines += ["", f"await using client = new Client({inside});"]
    read = next((c for c in calls if _effect(c) is Effect.READ and not c.needs_input), None)
    if read is not None:
        lines.append(f"console.log(await client.{read.name}());")
    place = next((c for c in calls if _effect(c) is Effect.CREATE), None)
    shown = _shown_input(model, place) if place is not None else None
    if place is not None and shown is not None:
        lines.append(f"const answer = await client.{place.name}({literal(shown)});")
        lines.append("console.log(answer);")
    return lines


def _stream(sockets: Sequence[tuple[Socket, Sequence[StreamCall]]], credentials: str) -> list[str]:
    for socket, calls in sockets:
        if socket.name != "StreamClient" or socket.server is None:
            continue
        call = next((c for c in calls if c.kind == "subscribe" and c.is_method), None)
        if call is None:
            continue
        shown = _topic_input(call) if call.takes_input else ""
        settings = "{ credentials }" if credentials else ""
        return [
            "",
            f"await using stream = new StreamClient({settings});",
            "await stream.connect();",
            f"for await (const event of stream.{call.name}({shown})) console.log(event);",
        ]
    return []


def _topic_input(call: StreamCall) -> str:
    return literal(dict.fromkeys(call.parameters, "…"))


def _credentials(contract: Contract) -> str:
    """Return the call that makes the credentials of the first signed scheme, or nothing."""
    for scheme in contract.security_schemes.values():
        if isinstance(scheme, SignedScheme):
            parts: dict[str, Value] = {part.name: "…" for part in scheme.signing.credentials}
            return f"{pascal(scheme.name)}Credentials({literal(parts)})"
    return ""


def _shown_input(model: Model, call: Call) -> Value | None:
    """Return the body that the document gives as an example, as this SDK takes it."""
    binding = call.operation.binding
    assert isinstance(binding, HttpBinding)
    body = binding.body
    for content in body.contents if body is not None else ():
        if content.schema is not None and content.examples and "whole" not in call.descriptor:
            return renamed(model, content.schema, content.examples[0])
    return None


def renamed(model: Model, schema: Schema, value: JsonValue) -> Value:
    """Return a wire value with the SDK's property names."""
    shape = model.shape(schema)
    match value:
        case dict() if isinstance(shape, ObjectSchema):
            names = model.properties[id(shape)]
            inner = {field.name: field.schema for field in shape.fields}
            return {
                names.get(wire, wire): renamed(model, inner[wire], member)
                if wire in inner
                else _plain(member)
                for wire, member in value.items()
            }
        case list() if isinstance(shape, ArraySchema):
            return [renamed(model, shape.items, item) for item in value]
        case _:
            return _plain(value)


def _plain(value: JsonValue) -> Value:
    match value:
        case dict():
            return {name: _plain(member) for name, member in value.items()}
        case list():
            return [_plain(item) for item in value]
        case _:
            return value


def _effect(call: Call) -> Effect | None:
    return call.operation.effect
