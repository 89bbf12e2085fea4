"""REST operations to descriptors and methods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from venuekit.contract import (
    ApiKeyScheme,
    Body,
    Content,
    Effect,
    HttpBinding,
    ObjectSchema,
    Operation,
    Response,
    Schema,
    SignedScheme,
    Wire,
)
from venuekit.contract.signing import SignedWire
from venuekit.emit.pages import Page
from venuekit.emit.python.context import Context
from venuekit.emit.python.findings import in_part, not_emitted
from venuekit.emit.python.methods import Input, field_source, make_input, named
from venuekit.emit.python.pages import Items, items_of, iterator_names
from venuekit.emit.python.text import literal, tuple_text
from venuekit.emit.python.types import Named, hint
from venuekit.emit.python.views import DescriptorView
from venuekit.finding import Finding

_FORM = "application/x-www-form-urlencoded"
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True, kw_only=True)
class RestOperation:
    """One operation, ready to be drawn."""

    operation: Operation
    descriptor: DescriptorView
    inputs: tuple[Input, ...]
    result: str
    items: Items | None = None


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON (RFC 6839 section 3.1)."""
    kind = media_type.split(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def response_schemas(operation: Operation) -> list[Schema]:
    """Return the schemas of JSON answers and bodies: each needs a name to be loaded by."""
    if not isinstance(operation.binding, HttpBinding):
        return []
    chosen = [_content(response.contents) for response in operation.binding.responses]
    return [c.schema for c in chosen if c is not None and c.schema is not None]


def emit_rest(context: Context) -> tuple[list[RestOperation], list[Finding]]:
    """Return every REST operation of the contract, and what of them is not carried."""
    found: list[RestOperation] = []
    findings: list[Finding] = []
    iterators = iterator_names(context)
    for operation in context.operations(Wire.REST):
        assert isinstance(operation.binding, HttpBinding)
        lost = _refusals(operation, operation.binding)
        findings += lost
        if any(finding.rule == "python-not-emitted" for finding in lost):
            continue
        found.append(_emit(context, operation, operation.binding, iterators))
    return found, findings


def _refusals(operation: Operation, binding: HttpBinding) -> list[Finding]:
    findings = []
    if binding.body is not None:
        chosen = _content(binding.body.contents)
        if chosen is not None and chosen.media_type.startswith("multipart/"):
            fact = f"{operation.name} takes {chosen.media_type}, which the client cannot write"
            findings.append(
                not_emitted(fact, chosen.origin, "offer application/json as well, by an overlay")
            )
        findings += _others(operation, binding.body.contents, chosen, "takes")
    for response in binding.responses:
        if response.status.startswith("2"):
            chosen = _content(response.contents)
            findings += _others(operation, response.contents, chosen, "answers with")
    return findings


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


def _content(contents: Sequence[Content]) -> Content | None:
    """Return the media type to use: JSON, else a form, else the first."""
    for wanted in (is_json, lambda kind: kind == _FORM, lambda kind: True):
        for content in contents:
            if wanted(content.media_type):
                return content
    return None


def _emit(
    context: Context,
    operation: Operation,
    binding: HttpBinding,
    iterators: dict[str, tuple[str, Page]],
) -> RestOperation:
    types = context.types
    placed = _placed_by_signers(context, operation)
    parameters = [p for p in binding.parameters if (p.location, p.name.lower()) not in placed]
    inputs = [
        make_input(
            types,
            p.schema,
            name=p.name,
            place=p.location,
            is_required=p.is_required,
            doc=p.description,
        )
        for p in parameters
    ]
    body_inputs, is_whole = _body_inputs(context, binding.body, placed)
    all_inputs = named([*inputs, *body_inputs])
    rows = [
        _parameter_source(one, p.style, p.is_exploded, p.allows_reserved, p.content_type)
        for one, p in zip(all_inputs, parameters, strict=False)
    ]
    body = _body_source(binding.body, all_inputs[len(parameters) :], is_whole)
    kind = _result(context, binding)
    own = list(zip(parameters, all_inputs, strict=False))
    items = items_of(context, operation, own, iterators)
    source = _source(context, operation, binding, rows, body, all_inputs, items)
    descriptor = DescriptorView(
        name=context.constants[operation.name],
        annotation=f"HttpOperation[{kind}]",
        source=source,
    )
    return RestOperation(
        operation=operation,
        descriptor=descriptor,
        inputs=tuple(all_inputs),
        result=kind,
        items=items,
    )


def _placed_by_signers(context: Context, operation: Operation) -> set[tuple[str, str]]:
    """Return (place, lower-case name) of inputs that credentials fill in."""
    placed: set[tuple[str, str]] = set()
    for requirement in operation.security:
        for name, _ in requirement.schemes:
            scheme = context.contract.security_schemes.get(name)
            if isinstance(scheme, ApiKeyScheme) and scheme.parameter:
                placed.add((scheme.location, scheme.parameter.lower()))
            if isinstance(scheme, SignedScheme):
                use = scheme.signing.use(SignedWire.REST)
                for placement in use.placements if use else ():
                    slot = "body" if placement.slot in ("form", "field") else placement.slot
                    placed.add((slot, placement.name.lower()))
    return placed


def _body_inputs(
    context: Context, body: Body | None, placed: set[tuple[str, str]]
) -> tuple[list[Input], bool]:
    """Return the inputs that make the body, and whether one of them is the whole of it."""
    chosen = _content(body.contents) if body is not None else None
    if body is None or chosen is None:
        return [], False
    types = context.types
    target = types.target(chosen.schema) if chosen.schema is not None else None
    is_object = is_json(chosen.media_type) or chosen.media_type == _FORM
    if is_object and isinstance(target, ObjectSchema) and target.fields:
        return [
            make_input(
                types,
                field.schema,
                name=field.name,
                place="body",
                is_required=field.is_required and body.is_required,
                doc=None,
            )
            for field in target.fields
            if not field.schema.notes.is_read_only and ("body", field.name.lower()) not in placed
        ], False
    annotation = "bytes"
    if is_object or chosen.media_type.startswith("text/"):
        shape = types.shape(chosen.schema) if chosen.schema is not None else None
        annotation = "str" if not is_object else hint(shape, "models.") if shape else "Any"
    whole = Input(
        name="body",
        place="body",
        annotation=annotation,
        is_required=body.is_required,
        is_nullable=False,
        doc=body.description or "The whole body.",
    )
    return [whole], True


def _parameter_source(
    one: Input, style: str, is_exploded: bool, allows_reserved: bool, content_type: str | None
) -> str:
    parts = [literal(one.argument), literal(one.name), literal(str(one.place))]
    parts += ["required=True"] if one.is_required else []
    wire = "json" if content_type is not None else one.wire.replace("_number", "")
    parts += [f"wire={literal(wire)}"] if wire != "plain" else []
    parts += [f"style={literal(style)}"] if style != "form" else []
    parts += [] if is_exploded else ["explode=False"]
    parts += ["allow_reserved=True"] if allows_reserved else []
    return f"Parameter({', '.join(parts)})"


def _body_source(body: Body | None, inputs: Sequence[Input], is_whole: bool) -> str:
    chosen = _content(body.contents) if body is not None else None
    if body is None or chosen is None:
        return ""
    parts = [literal(chosen.media_type)]
    if is_whole:
        parts.append(f"whole={literal(inputs[0].argument)}")
    parts += [] if body.is_required else ["required=False"]
    if is_whole or not inputs:
        return f"Body({', '.join(parts)})"
    fields = "".join(f"            {field_source(one)},\n" for one in inputs)
    rest = "".join(f"        {part},\n" for part in parts[1:])
    return f"Body(\n        {parts[0]},\n        fields=(\n{fields}        ),\n{rest}    )"


def _answers(binding: HttpBinding) -> list[Response]:
    """Return what a success may bring: the 2xx answers, or the default where there are none."""
    success = [r for r in binding.responses if r.status.startswith("2")]
    return success or [r for r in binding.responses if r.status == "default"]


def _result(context: Context, binding: HttpBinding) -> str:
    hints = dict.fromkeys(_answer_hint(context, r) for r in _answers(binding))
    ordered = sorted(hints, key=lambda text: text == "None")
    return " | ".join(ordered) or "None"


def _answer_hint(context: Context, response: Response) -> str:
    content = _content(response.contents)
    if content is None:
        return "None"
    if is_json(content.media_type):
        shape = context.types.shape(content.schema) if content.schema is not None else None
        return hint(shape, "models.") if shape is not None else "Any"
    return "str" if content.media_type.startswith("text/") else "bytes"


def _response_source(context: Context, response: Response) -> str:
    content = _content(response.contents)
    parts = [literal(response.status)]
    if content is not None:
        parts.append(literal(content.media_type))
        shape = context.types.shape(content.schema) if content.schema is not None else None
        if is_json(content.media_type) and isinstance(shape, Named):
            parts.append(f"TypeRef(_MODELS, {literal(shape.name)})")
    return f"Response({', '.join(parts)})"


def _source(
    context: Context,
    operation: Operation,
    binding: HttpBinding,
    parameters: Iterable[str],
    body: str,
    inputs: Sequence[Input],
    items: Items | None,
) -> str:
    effect = operation.effect
    if effect is None:
        effect = Effect.READ if binding.method in _SAFE_METHODS else Effect.CREATE
    members: dict[str, str] = {
        "name": literal(operation.name),
        "method": literal(binding.method),
        "path": literal(binding.path),
        "effect": literal(str(effect)),
        "parameters": _block(parameters),
        "body": body,
        "responses": _block(_response_source(context, r) for r in _answers(binding)),
        **context.shared_members(operation, inputs),
        "pages": items.rule if items is not None else "",
    }
    return descriptor_source("HttpOperation", members)


def descriptor_source(kind: str, members: Mapping[str, str]) -> str:
    """Return a call with one keyword to a line; empty ones are left to their defaults."""
    lines = "".join(f"    {name}={text},\n" for name, text in members.items() if text)
    return f"{kind}(\n{lines})"


def _block(items: Iterable[str]) -> str:
    listed = list(items)
    if not listed:
        return ""
    line = tuple_text(listed)
    if len(line) <= 80:
        return line
    return "(\n" + "".join(f"        {item},\n" for item in listed) + "    )"
