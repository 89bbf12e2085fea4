"""Bodies: which media type is used, what a method takes for it, and how it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from venuekit.contract import (
    ArraySchema,
    Body,
    Content,
    HttpBinding,
    JsonValue,
    NullableSchema,
    ObjectSchema,
    Operation,
    Schema,
    StringSchema,
    Wire,
)
from venuekit.emit.media_types import media_kind
from venuekit.emit.python.context import Context
from venuekit.emit.python.findings import in_part, not_emitted
from venuekit.emit.python.methods import Input, field_source, make_input
from venuekit.emit.python.text import literal, tuple_text
from venuekit.emit.python.traits import has_free_members
from venuekit.emit.python.types import Types, hint
from venuekit.emit.python.wires import free_members
from venuekit.emit.scalar_text import scalar_text
from venuekit.finding import Finding
from venuekit_runtime.operation import PartEncoding, Style

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_STYLES: tuple[Style, ...] = ("form", "spaceDelimited", "pipeDelimited", "deepObject")
_FILE = "File | bytes"
FREE = "free"
"""The place of the input that takes an object's free members."""


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON (RFC 6839 section 3.1)."""
    kind = media_kind(media_type)
    return kind == "application/json" or kind.endswith("+json")


def content_of(contents: Sequence[Content]) -> Content | None:
    """Return the media type to use: JSON, else a form, else multipart, else the first."""
    return min(contents, key=rank_of, default=None)


def rank_of(content: Content) -> int:
    kind = media_kind(content.media_type)
    if is_json(kind):
        return 0
    if kind in (_FORM, _MULTIPART):
        return 1 if kind == _FORM else 2
    return 4 if kind.startswith("multipart/") else 3


def takes_files(context: Context) -> bool:
    """Whether any operation takes a multipart body, and so needs the class of files."""
    for operation in context.operations(Wire.REST):
        body = operation.binding.body if isinstance(operation.binding, HttpBinding) else None
        chosen = content_of(body.contents) if body is not None else None
        if chosen is not None and media_kind(chosen.media_type) == _MULTIPART:
            return True
    return False


def content_findings(operation: Operation, binding: HttpBinding) -> list[Finding]:
    """Say what of an operation's bodies and answers the client does not carry."""
    findings: list[Finding] = []
    if binding.body is not None:
        chosen = content_of(binding.body.contents)
        if chosen is not None:
            findings += _refusals(operation, chosen)
        findings += _others(operation, binding.body.contents, chosen, "takes")
    for response in binding.responses:
        if response.status.startswith("2"):
            chosen = content_of(response.contents)
            findings += _others(operation, response.contents, chosen, "answers with")
    return findings


def _refusals(operation: Operation, chosen: Content) -> Iterator[Finding]:
    kind = media_kind(chosen.media_type)
    if kind.startswith("multipart/") and kind != _MULTIPART:
        fact = f"{operation.name} takes {chosen.media_type}, which the client cannot write"
        help_text = f"offer application/json or {_MULTIPART} as well, by an overlay"
        yield not_emitted(fact, chosen.origin, help_text)
    for name, stated in chosen.encoding.items():
        if kind == _MULTIPART and isinstance(stated, dict) and stated.get("headers"):
            fact = f"{operation.name} asks for headers of the part {name!r}; none are written"
            help_text = "send the same facts as fields of the body, or accept this warning"
            yield in_part(fact, chosen.origin, help_text)


def _others(
    operation: Operation, contents: Sequence[Content], chosen: Content | None, verb: str
) -> list[Finding]:
    return [
        in_part(
            f"{operation.name} {verb} {content.media_type} too; the client knows "
            f"{chosen.media_type if chosen else 'none'} alone",
            content.origin,
            "keep one media type for each operation, or accept this warning",
        )
        for content in contents
        if content is not chosen
    ]


def body_inputs(
    context: Context, body: Body | None, placed: set[tuple[str, str]]
) -> tuple[list[Input], bool]:
    """Return the inputs that make the body, and whether one of them is the whole of it."""
    chosen = content_of(body.contents) if body is not None else None
    if body is None or chosen is None:
        return [], False
    types = context.types
    target = types.target(chosen.schema) if chosen.schema is not None else None
    kind = media_kind(chosen.media_type)
    has_members = is_json(kind) or kind in (_FORM, _MULTIPART)
    if has_members and isinstance(target, ObjectSchema) and target.fields:
        inputs = []
        for field in target.fields:
            if field.schema.notes.is_read_only or ("body", field.name.lower()) in placed:
                continue
            one = make_input(
                types,
                field.schema,
                name=field.name,
                place="body",
                is_required=field.is_required and body.is_required,
                doc=None,
            )
            inputs.append(with_file(types, one, field.schema) if kind == _MULTIPART else one)
        return [*inputs, *free_input(types, target)], False
    is_scalar = scalar_text(context.contract, chosen) is not None
    whole = Input(
        name="body",
        place="body",
        annotation=_scalar_annotation(types, chosen.schema)
        if is_scalar and chosen.schema is not None
        else whole_annotation(types, kind, chosen.schema),
        is_required=body.is_required,
        is_nullable=False,
        doc=body.description or "The whole body.",
    )
    return [whole], True


def free_input(types: Types, target: ObjectSchema) -> list[Input]:
    """Return the input of an object's free members, if the document admits some."""
    if not has_free_members(target):
        return []
    shape, wire = free_members(types, target)
    one = Input(
        name="extra",
        place=FREE,
        annotation=hint(shape, "models."),
        is_required=False,
        is_nullable=False,
        wire=wire,
        doc="Members beside the declared ones, by their names on the wire.",
    )
    return [one]


def _scalar_annotation(types: Types, schema: Schema) -> str:
    one = make_input(types, schema, name="body", place="body", is_required=True, doc=None)
    return one.annotation


def whole_annotation(types: Types, kind: str, schema: Schema | None) -> str:
    if kind == _MULTIPART:
        return "dict[str, Any]"
    if is_json(kind) or kind == _FORM:
        shape = types.shape(schema) if schema is not None else None
        return hint(shape, "models.") if shape is not None else "Any"
    return "str" if kind.startswith("text/") else "bytes"


def with_file(types: Types, one: Input, schema: Schema) -> Input:
    """Return an input that takes files where the contract has bytes (OpenAPI 3.1, 4.8.14.2)."""
    target = types.target(schema)
    if isinstance(target, NullableSchema):
        target = types.target(target.inner)
    if is_file(target):
        return replace(one, annotation=_FILE, is_nullable=False)
    if isinstance(target, ArraySchema) and is_file(types.target(target.items)):
        return replace(one, annotation=f"list[{_FILE}]", is_nullable=False)
    return one


def is_file(schema: Schema) -> bool:
    """Whether a schema is bytes: 3.0 says `format: binary`, 3.1 a media type and no encoding."""
    if not isinstance(schema, StringSchema):
        return False
    has_media_type = schema.content_media_type is not None and schema.content_encoding is None
    return schema.format == "binary" or has_media_type


def body_source(body: Body | None, inputs: Sequence[Input], is_whole: bool) -> str:
    """Return the descriptor of a body, empty where there is none."""
    chosen = content_of(body.contents) if body is not None else None
    if body is None or chosen is None:
        return ""
    parts = [literal(chosen.media_type)]
    if is_whole:
        parts.append(f"whole={literal(inputs[0].argument)}")
    parts += [] if body.is_required else ["required=False"]
    if media_kind(chosen.media_type) in (_FORM, _MULTIPART):
        rules = (encoding_rule(name, stated) for name, stated in chosen.encoding.items())
        rows = [_encoding_source(rule) for rule in rules if rule is not None]
        parts += [f"encodings={tuple_text(rows)}"] if rows else []
    if is_whole or not inputs:
        return f"Body({', '.join(parts)})"
    parts += [f"free={field_source(one)}" for one in inputs if one.place == FREE]
    declared = [one for one in inputs if one.place != FREE]
    fields = "".join(f"            {field_source(one)},\n" for one in declared)
    rest = "".join(f"        {part},\n" for part in parts[1:])
    return f"Body(\n        {parts[0]},\n        fields=(\n{fields}        ),\n{rest}    )"


def encoding_rule(name: str, stated: JsonValue) -> PartEncoding | None:
    """Return how one member is written (OpenAPI 3.1, 4.8.15), None where it is as usual."""
    if not isinstance(stated, dict):
        return None
    media_type, style, exploded = (stated.get(k) for k in ("contentType", "style", "explode"))
    kind = media_type if isinstance(media_type, str) and not {",", "*"} & set(media_type) else None
    if isinstance(exploded, bool) and style is None:
        style = "form"
    known = next((one for one in _STYLES if one == style), None)
    if known is None:
        return PartEncoding(name, kind) if kind is not None else None
    # Only `form` is exploded by default.
    is_exploded = exploded if isinstance(exploded, bool) else known == "form"
    return PartEncoding(name, kind, known, is_exploded)


def _encoding_source(rule: PartEncoding) -> str:
    parts = [literal(rule.name)]
    parts += [f"media_type={literal(rule.media_type)}"] if rule.media_type is not None else []
    if rule.style is not None:
        parts.append(f"style={literal(rule.style)}")
        parts += [] if rule.explode else ["explode=False"]
    return f"PartEncoding({', '.join(parts)})"
