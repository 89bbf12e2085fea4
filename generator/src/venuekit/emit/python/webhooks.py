"""Calls of the venue to the module `webhooks`: a descriptor and a typed function for each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from venuekit.contract import Content, Operation, WebhookBinding, Wire
from venuekit.emit.python.bodies import content_of, is_json
from venuekit.emit.python.context import Context
from venuekit.emit.python.findings import in_part, not_emitted
from venuekit.emit.python.methods import contract_words
from venuekit.emit.python.names import identifier
from venuekit.emit.python.rest import descriptor_source
from venuekit.emit.python.text import docstring, literal, tuple_text
from venuekit.emit.python.types import Named, hint
from venuekit.emit.python.views import DescriptorView, MethodView, ModuleView
from venuekit.emit.webhooks import Mark, Proof, covers_line, gaps, proofs, unprovable
from venuekit.finding import Finding

_TAKEN = frozenset(
    (
        "annotations",
        "bytes",
        "models",
        "parse_webhook",
        "receive",
        "str",
    )
)
_GIVEN = ("headers: Headers", "body: bytes", "*")
_OPTIONS = ("credentials: Sequence[InboundCredentials] = ()", "clock: Clock | None = None")
_LINE = ("method: str", "target: str")
_PERHAPS = ("method: str | None = None", "target: str | None = None")
_UNSIGNED = "Nothing says how the venue signs this call: it is decoded and not verified."
_SIGNED = "Verified over the raw bytes before anything is read."
_RAISES = (
    "Raises:\n    WebhookRefusedError: it is not signed as the contract says.\n"
    "    DecodeError: it does not fit the contract."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """One call of the venue, ready to be drawn."""

    operation: Operation
    descriptor: DescriptorView
    function: str
    result: str
    method: MethodView
    parameters: tuple[str, ...]


def emit_webhooks(context: Context) -> tuple[list[Webhook], list[Finding]]:
    """Return the calls of the venue, and what of them is carried in part."""
    found: list[Webhook] = []
    findings: list[Finding] = []
    for operation in context.operations(Wire.WEBHOOK):
        assert isinstance(operation.binding, WebhookBinding)
        ways = proofs(context.contract, operation)
        content = content_of(operation.binding.body.contents) if operation.binding.body else None
        found.append(_webhook(context, operation, content, ways))
        unread = unprovable(context.contract, operation)
        findings += [not_emitted(fact, origin, cure) for fact, cure, origin in unread]
        lost = gaps(operation, content, bool(ways))
        findings += [in_part(fact, origin, cure) for fact, cure, origin in lost]
    return found, findings


def _webhook(
    context: Context,
    operation: Operation,
    content: Content | None,
    ways: Sequence[Sequence[Proof]],
) -> Webhook:
    constant = context.constants[operation.name]
    function = identifier(context.methods[operation.name], operation.name, _TAKEN)
    members = {"name": literal(operation.name)}
    result = "None"
    if content is not None:
        members["media_type"] = literal(content.media_type)
        result = "str" if content.media_type.startswith("text/") else "bytes"
    if content is not None and is_json(content.media_type):
        shape = context.types.shape(content.schema) if content.schema is not None else None
        result = hint(shape, "models.") if shape is not None else "Any"
        if isinstance(shape, Named):
            members["type"] = f"TypeRef(_MODELS, {literal(shape.name)})"
    if ways:
        rows = [f"({', '.join(_proof(one) for one in way)},)" for way in ways]
        members["proofs"] = tuple_text(rows)
    words = [*contract_words(operation), _SIGNED if ways else _UNSIGNED, _RAISES]
    takes_line = covers_line(ways)
    parameters = (*_GIVEN, *(_LINE if takes_line else ()), *_OPTIONS)
    head = "".join(f"    {one},\n" for one in parameters)
    given = ", method, target" if takes_line else ""
    return Webhook(
        operation=operation,
        descriptor=DescriptorView(
            name=constant,
            annotation=f"Webhook[{result}]",
            source=descriptor_source("Webhook", members),
        ),
        function=function,
        result=result,
        method=MethodView(
            head=f"def {function}(\n{head}) -> {result}:",
            doc=docstring("\n\n".join(words), 4),
            call=f"receive({constant}, headers, body, credentials, clock{given})",
        ),
        parameters=parameters,
    )


def _proof(proof: Proof) -> str:
    parts = [f"scheme={literal(proof.scheme)}"]
    parts.append(f"headers={tuple_text(literal(name) for name in proof.headers)}")
    marks = (("signature", proof.signature), ("timestamp", proof.timestamp), ("nonce", proof.nonce))
    for name, mark in marks:
        parts += [f"{name}={_mark(mark)}"] if mark is not None else []
    if proof.timestamp is not None:
        numbers = (("tick_ns", proof.tick_ns), ("window_ms", proof.window_ms))
        for name, number in (*numbers, ("future_ms", proof.future_ms)):
            parts += [f"{name}={number:_}"] if number is not None else []
    parts += [f"line={tuple_text(literal(word) for word in proof.line)}"] if proof.line else []
    return f"Proof({', '.join(parts)})"


def _mark(mark: Mark) -> str:
    prefix = f", {literal(mark.prefix)}" if mark.prefix else ""
    return f"Mark({literal(mark.header)}{prefix})"


def webhooks_module(context: Context, found: Sequence[Webhook]) -> ModuleView:
    """Return the module: descriptors, a function for each call, and one for a call by its name."""
    text = "\n".join(f"{one.descriptor.annotation} {one.descriptor.source}" for one in found)
    typing = ["TYPE_CHECKING"] if "models." in text else []
    typing += [name for name in ("Any",) if re.search(r"\bAny\b", text)]
    typing += ["Literal", *(["overload"] if len(found) > 1 else [])]
    used = [name for name in ("Mark", "Proof") if f"{name}(" in text]
    lines = [
        "from collections.abc import Sequence",
        *(["from decimal import Decimal"] if "Decimal" in text else []),
        f"from typing import {', '.join(typing)}",
        "",
        "from venuekit_runtime.clock import Clock",
        "from venuekit_runtime.errors import WebhookRefusedError as WebhookRefusedError",
        *(["from venuekit_runtime.operation import TypeRef"] if "TypeRef(" in text else []),
        "from venuekit_runtime.webhooks import (",
        *(f"    {n}," for n in ("Headers", "InboundCredentials", *used, "Webhook", "receive")),
        ")",
    ]
    if "models." in text:
        lines += ["", "if TYPE_CHECKING:", f"    from {context.package} import models"]
    if "TypeRef(" in text:
        lines += ["", f"_MODELS = {literal(f'{context.package}.models')}"]
    return ModuleView(
        doc=docstring("What the venue calls at its clients: verified, then decoded.", 0),
        imports=tuple(lines),
        descriptors=tuple(one.descriptor for one in found),
        methods=(*(one.method for one in found), *_by_name(found)),
        base=_any_of(found),
        exports=tuple((literal(one.operation.name), one.descriptor.name) for one in found),
    )


def _any_of(found: Sequence[Webhook]) -> str:
    """Return the type of what any of the calls says."""
    results = list(dict.fromkeys(one.result for one in found))
    return "Any" if "Any" in results else " | ".join(results)


def _by_name(found: Sequence[Webhook]) -> list[MethodView]:
    """Return `parse_webhook`, whose result a type checker knows by the name."""
    takes_line = any(set(_LINE) <= set(one.parameters) for one in found)
    methods = []
    if len(found) > 1:
        for one in found:
            name = f"    name: Literal[{literal(one.operation.name)}],\n"
            rest = "".join(f"    {word},\n" for word in one.parameters)
            head = f"@overload\ndef parse_webhook(\n{name}{rest}) -> {one.result}: ..."
            methods.append(MethodView(head=head, doc="", call=""))
    names = ", ".join(literal(one.operation.name) for one in found)
    result = _any_of(found)
    parameters = (*_GIVEN, *_OPTIONS, *(_PERHAPS if takes_line else ()))
    rest = "".join(f"    {word},\n" for word in parameters)
    head = f"def parse_webhook(\n    name: Literal[{names}],\n{rest}) -> {result}:"
    doc = f"Verify and decode a call by its name in the contract.\n\n{_RAISES}"
    given = ", method, target" if takes_line else ""
    call = f"receive(WEBHOOKS[name], headers, body, credentials, clock{given})"
    return [*methods, MethodView(head=head, doc=docstring(doc, 4), call=call)]
