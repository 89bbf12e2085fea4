"""REST operations to descriptors and methods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from venuekit.contract import (
    ApiKeyScheme,
    Effect,
    HttpBinding,
    Operation,
    Response,
    Schema,
    SignedScheme,
    WebhookBinding,
    Wire,
)
from venuekit.contract.signing import SignedWire
from venuekit.emit.pages import Page
from venuekit.emit.python.bodies import (
    body_inputs,
    body_source,
    content_findings,
    content_of,
    is_json,
)
from venuekit.emit.python.context import Context
from venuekit.emit.python.methods import Input, make_input, named
from venuekit.emit.python.pages import Items, items_of, iterator_names
from venuekit.emit.python.text import literal, tuple_text
from venuekit.emit.python.types import Named, hint
from venuekit.emit.python.views import DescriptorView
from venuekit.emit.scalar_text import scalar_text
from venuekit.emit.servers import own_url
from venuekit.finding import Finding

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True, kw_only=True)
class RestOperation:
    """One operation, ready to be drawn."""

    operation: Operation
    descriptor: DescriptorView
    inputs: tuple[Input, ...]
    result: str
    items: Items | None = None


def response_schemas(operation: Operation) -> list[Schema]:
    """Return the schemas of JSON that arrives: each needs a name to be loaded by."""
    if isinstance(operation.binding, WebhookBinding):
        body = operation.binding.body
        came = content_of(body.contents) if body is not None else None
        return [came.schema] if came is not None and came.schema is not None else []
    if not isinstance(operation.binding, HttpBinding):
        return []
    chosen = [content_of(response.contents) for response in operation.binding.responses]
    return [c.schema for c in chosen if c is not None and c.schema is not None]


def emit_rest(context: Context) -> tuple[list[RestOperation], list[Finding]]:
    """Return every REST operation of the contract, and what of them is not carried."""
    found: list[RestOperation] = []
    findings: list[Finding] = []
    iterators = iterator_names(context)
    for operation in context.operations(Wire.REST):
        assert isinstance(operation.binding, HttpBinding)
        lost = content_findings(operation, operation.binding)
        findings += lost
        if any(finding.rule == "python-not-emitted" for finding in lost):
            continue
        found.append(_emit(context, operation, operation.binding, iterators))
    return found, findings


def _emit(
    context: Context,
    operation: Operation,
    binding: HttpBinding,
    iterators: dict[str, tuple[str, Page]],
) -> RestOperation:
    types = context.types
    placed = placed_by_signers(context, operation)
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
    members, is_whole = body_inputs(context, binding.body, placed)
    all_inputs = named([*inputs, *members])
    rows = [
        _parameter_source(one, p.style, p.is_exploded, p.allows_reserved, p.content_type)
        for one, p in zip(all_inputs, parameters, strict=False)
    ]
    body = body_source(binding.body, all_inputs[len(parameters) :], is_whole)
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


def placed_by_signers(context: Context, operation: Operation) -> set[tuple[str, str]]:
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


_IN_TEXT = {"decimal_number": "decimal", "or_empty": "decimal", "untyped": "plain"}


def _parameter_source(
    one: Input, style: str, is_exploded: bool, allows_reserved: bool, content_type: str | None
) -> str:
    parts = [literal(one.argument), literal(one.name), literal(str(one.place))]
    parts += ["required=True"] if one.is_required else []
    # Outside of a body a number is text, whatever it is in JSON.
    wire = "json" if content_type is not None else _IN_TEXT.get(one.wire, one.wire)
    parts += [f"wire={literal(wire)}"] if wire != "plain" else []
    parts += [f"style={literal(style)}"] if style != "form" else []
    parts += [] if is_exploded else ["explode=False"]
    parts += ["allow_reserved=True"] if allows_reserved else []
    return f"Parameter({', '.join(parts)})"


def _answers(binding: HttpBinding) -> list[Response]:
    """Return what a success may bring: the 2xx answers, or the default where there are none."""
    success = [r for r in binding.responses if r.status.startswith("2")]
    return success or [r for r in binding.responses if r.status == "default"]


def _result(context: Context, binding: HttpBinding) -> str:
    hints = dict.fromkeys(answer_hint(context, r) for r in _answers(binding))
    ordered = sorted(hints, key=lambda text: text == "None")
    return " | ".join(ordered) or "None"


def answer_hint(context: Context, response: Response) -> str:
    content = content_of(response.contents)
    if content is None:
        return "None"
    if is_json(content.media_type):
        shape = context.types.shape(content.schema) if content.schema is not None else None
        return hint(shape, "models.") if shape is not None else "Any"
    if scalar_text(context.contract, content) is not None and content.schema is not None:
        return hint(context.types.shape(content.schema), "models.")
    return "str" if content.media_type.startswith("text/") else "bytes"


def _response_source(context: Context, response: Response) -> str:
    content = content_of(response.contents)
    parts = [literal(response.status)]
    if content is not None:
        parts.append(literal(content.media_type))
        shape = context.types.shape(content.schema) if content.schema is not None else None
        scalar = scalar_text(context.contract, content)
        if (is_json(content.media_type) or scalar is not None) and isinstance(shape, Named):
            parts.append(f"TypeRef(_MODELS, {literal(shape.name)})")
        parts += [f"scalar={literal(scalar)}"] if scalar is not None else []
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
    url = own_url(context.contract, operation.servers, operation.origin)
    members: dict[str, str] = {
        "name": literal(operation.name),
        "method": literal(binding.method),
        "path": literal(binding.path),
        "effect": literal(str(effect)),
        "base_url": literal(url) if url is not None else "",
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
