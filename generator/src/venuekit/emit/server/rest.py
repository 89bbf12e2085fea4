"""REST operations to routes and handler methods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from msgspec import json

from venuekit.contract import (
    MISSING,
    Content,
    HttpBinding,
    JsonValue,
    Missing,
    ObjectSchema,
    Operation,
    Response,
    Schema,
    Wire,
)
from venuekit.contract import Body as ContractBody
from venuekit.contract import Parameter as ContractParameter
from venuekit.emit.media_types import media_kind
from venuekit.emit.python.bodies import encoding_rule, rank_of, whole_annotation, with_file
from venuekit.emit.python.context import Context
from venuekit.emit.python.methods import Input, make_input, named
from venuekit.emit.python.rest import placed_by_signers
from venuekit.emit.python.traits import has_free_members
from venuekit.emit.python.types import Named, hint
from venuekit.emit.python.wires import wire as wire_of
from venuekit.emit.server.results import result_of
from venuekit.serving import Shaper, place_of
from venuekit_runtime.operation import TypeRef
from venuekit_runtime.server.bodies import body_kind
from venuekit_runtime.server.json_text import read_json
from venuekit_runtime.server.judge import Judge
from venuekit_runtime.server.operations import Body, BodyMember, Parameter, Reply, Route
from venuekit_runtime.server.operations import Content as BodyContent
from venuekit_runtime.server.refusal import RefusalError
from venuekit_runtime.server.shapes import Anything, Shape, Text

_ENCODER = json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True, kw_only=True)
class RestBinding:
    """One operation, ready to be drawn."""

    operation: Operation
    route: Route
    inputs: tuple[Input, ...]
    result: str


def rest_bindings(context: Context, shaper: Shaper) -> list[RestBinding]:
    """Return every REST operation of the contract."""
    return [
        _bind(context, shaper, operation, operation.binding)
        for operation in context.operations(Wire.REST)
        if isinstance(operation.binding, HttpBinding)
    ]


def _bind(
    context: Context, shaper: Shaper, operation: Operation, binding: HttpBinding
) -> RestBinding:
    placed = placed_by_signers(context, operation)
    parameters = [p for p in binding.parameters if (p.location, p.name.lower()) not in placed]
    defaults = [
        None if p.is_required else default_of(context, shaper, p.schema) for p in parameters
    ]
    inputs = [
        _parameter_input(context, parameter, default)
        for parameter, default in zip(parameters, defaults, strict=True)
    ]
    members, fields = _body_inputs(context, shaper, binding.body, placed)
    everything = named([*inputs, *members])
    own = everything[: len(parameters)]
    route = Route(
        name=operation.name,
        handler=context.methods[operation.name],
        method=binding.method,
        path=binding.path,
        parameters=tuple(
            _parameter(shaper, parameter, one.argument, default)
            for parameter, one, default in zip(parameters, own, defaults, strict=True)
        ),
        body=_body(context, shaper, binding.body, everything[len(parameters) :], fields),
        replies=tuple(_reply(context, response) for response in binding.responses),
        security=tuple(tuple(name for name, _ in r.schemes) for r in operation.security),
        signed=tuple(sorted(placed)),
    )
    return RestBinding(
        operation=operation,
        route=route,
        inputs=tuple(everything),
        result=result_of(context, binding),
    )


def handler_input(
    context: Context,
    schema: Schema,
    *,
    name: str,
    place: str,
    is_there: bool,
    doc: str | None = None,
) -> Input:
    """Return an argument of a handler: closed enumerations have no text beside them.

    `is_there` says that it is always given, because it is required or has a default.
    """
    types = context.types
    one = make_input(types, schema, name=name, place=place, is_required=is_there, doc=doc)
    return replace(one, annotation=hint(types.shape(schema), "models."), is_positional=False)


def default_of(context: Context, shaper: Shaper, schema: Schema) -> str | None:
    """Return what an absent input means, as JSON text; None for a default that the schema itself
    forbids, which is noted."""
    notes = schema.notes
    stated: JsonValue | Missing = notes.default
    if stated is MISSING:
        notes = context.types.target(schema).notes
        stated = notes.default
    # A null stands for "nothing is stated" in documents more often than for a value.
    if stated is MISSING or stated is None:
        return None
    shape = shaper.shape(schema)
    text = _ENCODER.encode(stated)
    try:
        Judge(shaper.table).check(shape, read_json(text), "default")
    except RefusalError as refusal:
        shaper.forbidden_defaults.append((refusal.message, notes.origin))
        return None
    return text.decode()


def _parameter_input(context: Context, parameter: ContractParameter, default: str | None) -> Input:
    return handler_input(
        context,
        parameter.schema,
        name=parameter.name,
        place=parameter.location,
        is_there=parameter.is_required or default is not None,
        doc=parameter.description,
    )


def _parameter(
    shaper: Shaper, stated: ContractParameter, argument: str, default: str | None
) -> Parameter:
    place = place_of(shaper, stated)
    return Parameter(
        argument=argument,
        name=place.name,
        location=place.location,
        shape=place.shape,
        is_required=stated.is_required,
        style=place.style,
        explode=place.explode,
        is_json=place.is_json,
        default=default,
    )


def _body_inputs(
    context: Context, shaper: Shaper, body: ContractBody | None, placed: set[tuple[str, str]]
) -> tuple[list[Input], list[BodyMember]]:
    """Return the arguments that a body becomes, and its members where it is spread over them."""
    if body is None or not body.contents:
        return [], []
    contents = sorted(body.contents, key=rank_of)
    target = _shared_object(context, contents)
    if target is None:
        return [_whole(context, body, contents)], []
    inputs, members = [], []
    for field in target.fields:
        if field.schema.notes.is_read_only or ("body", field.name.lower()) in placed:
            continue
        default = None if field.is_required else default_of(context, shaper, field.schema)
        is_there = (field.is_required and body.is_required) or default is not None
        one = handler_input(context, field.schema, name=field.name, place="body", is_there=is_there)
        if any(body_kind(content.media_type) == "multipart" for content in contents):
            filed = with_file(context.types, one, field.schema)
            one = replace(filed, annotation=filed.annotation.replace("File | bytes", "File"))
        inputs.append(one)
        members.append(BodyMember("", field.name, default))
    return inputs, members


def _shared_object(context: Context, contents: Sequence[Content]) -> ObjectSchema | None:
    """Return the object that every media type of a body holds, if they all hold the same.

    One with free members is given whole: its struct has them, and arguments would lose them.
    """
    found: list[ObjectSchema] = []
    for content in contents:
        has_members = body_kind(content.media_type) in ("json", "form", "multipart")
        target = context.types.target(content.schema) if content.schema is not None else None
        if not has_members or not isinstance(target, ObjectSchema) or not target.fields:
            return None
        if has_free_members(target):
            return None
        found.append(target)
    return found[0] if all(one is found[0] for one in found) else None


def _whole(context: Context, body: ContractBody, contents: Sequence[Content]) -> Input:
    hints = dict.fromkeys(_content_annotation(context, content) for content in contents)
    annotation = "Any" if "Any" in hints else " | ".join(hints)
    return Input(
        name="body",
        place="body",
        annotation=annotation,
        is_required=body.is_required,
        is_nullable=False,
        doc=body.description or "The whole body.",
    )


def _content_annotation(context: Context, content: Content) -> str:
    if content.schema is not None and _is_scalar_text(context, content):
        return hint(context.types.shape(content.schema), "models.")
    return whole_annotation(context.types, media_kind(content.media_type), content.schema)


def _is_scalar_text(context: Context, content: Content) -> bool:
    """Whether a body is one scalar written as plain text."""
    is_text = body_kind(content.media_type) == "text"
    kind = context.types.kind(content.schema) if content.schema is not None else "any"
    return is_text and kind in ("text", "number", "boolean")


def _body(
    context: Context,
    shaper: Shaper,
    body: ContractBody | None,
    inputs: Sequence[Input],
    fields: Sequence[BodyMember],
) -> Body | None:
    if body is None or not body.contents:
        return None
    contents = sorted(body.contents, key=rank_of)
    is_whole = not fields and len(inputs) == 1 and inputs[0].name == "body"
    members = zip(inputs, fields, strict=False)
    return Body(
        contents=tuple(
            _content(context, shaper, content, needs_type=is_whole and len(contents) > 1)
            for content in contents
        ),
        is_required=body.is_required,
        members=tuple(BodyMember(one.argument, m.name, m.default) for one, m in members),
        whole=inputs[0].argument if is_whole else None,
    )


def _content(context: Context, shaper: Shaper, content: Content, needs_type: bool) -> BodyContent:
    kind = body_kind(content.media_type)
    rules = (encoding_rule(name, stated) for name, stated in content.encoding.items())
    shape = context.types.shape(content.schema) if content.schema is not None else None
    has_type = needs_type and kind in ("json", "form") and isinstance(shape, Named)
    return BodyContent(
        media_type=content.media_type,
        kind=kind,
        shape=_body_shape(context, shaper, content),
        encodings=tuple(rule for rule in rules if rule is not None),
        type=TypeRef(f"{context.package}.models", shape.name)
        if has_type and isinstance(shape, Named)
        else None,
    )


def _body_shape(context: Context, shaper: Shaper, content: Content) -> Shape:
    """Return what a body is held to; text that is no JSON and holds more than one scalar, such as
    XML, is the handler's to read."""
    if content.schema is None:
        return Anything()
    if body_kind(content.media_type) == "text" and not _is_scalar_text(context, content):
        return Text()
    return shaper.shape(content.schema)


def _reply(context: Context, response: Response) -> Reply:
    contents = sorted(response.contents, key=rank_of)
    schema = contents[0].schema if contents else None
    return Reply(
        status=response.status,
        media_types=tuple(content.media_type for content in contents),
        wire=wire_of(context.types, schema) if schema is not None else "plain",
        required_headers=tuple(h.name for h in response.headers if h.is_required),
    )
