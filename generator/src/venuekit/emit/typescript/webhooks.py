"""Calls of the venue to `webhooks.ts`: a descriptor for each, with the type of what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from venuekit.contract import Content, Operation, WebhookBinding
from venuekit.emit.naming import assign
from venuekit.emit.typescript.contents import content_rank, is_json, is_text
from venuekit.emit.typescript.findings import uncarried
from venuekit.emit.typescript.model import Model
from venuekit.emit.typescript.modules import RUNTIME, head
from venuekit.emit.typescript.names import RESERVED, function_choices
from venuekit.emit.typescript.rest import operation_doc
from venuekit.emit.typescript.shapes import ShapeWriter
from venuekit.emit.typescript.text import Value, assignment
from venuekit.emit.typescript.types import TypeWriter
from venuekit.emit.typescript.views import BlocksView
from venuekit.emit.webhooks import Mark, Proof, gaps, proofs, unprovable, webhooks
from venuekit.finding import Finding, Severity

_TAKEN = frozenset(("readWebhook", "Webhook", "t", "schemas"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookCall:
    """One call of the venue, ready to be drawn."""

    operation: Operation
    name: str
    place: str
    type: str
    descriptor: dict[str, Value]


def webhook_calls(model: Model, findings: list[Finding]) -> list[WebhookCall]:
    """Return the calls of the venue; what of them is carried in part goes to `findings`."""
    found = webhooks(model.contract)
    names = assign(
        ((id(one), function_choices(one.name)) for one in found), frozenset(RESERVED | _TAKEN)
    )
    calls = []
    for operation in found:
        binding = operation.binding
        assert isinstance(binding, WebhookBinding)
        contents = binding.body.contents if binding.body is not None else ()
        content = min(contents, key=content_rank, default=None)
        ways = proofs(model.contract, operation)
        unread = unprovable(model.contract, operation)
        findings += [uncarried(fact, cure, origin) for fact, cure, origin in unread]
        lost = gaps(operation, content, bool(ways))
        findings += [uncarried(fact, cure, origin, Severity.WARNING) for fact, cure, origin in lost]
        calls.append(
            WebhookCall(
                operation=operation,
                name=names[id(operation)],
                place=f"{binding.method} {binding.address or binding.name}",
                type=_type(model, content),
                descriptor=_descriptor(model, operation, content, ways),
            )
        )
    return calls


def webhooks_view(calls: Sequence[WebhookCall]) -> BlocksView:
    """Return `webhooks.ts`."""
    blocks = tuple(
        assignment(
            f"{operation_doc(call.operation, call.place)}"
            f"export const {call.name}: Webhook<{call.type}>",
            call.descriptor,
        )
        for call in calls
    )
    text = "\n".join(blocks)
    imports = [f"import type {{ Webhook }} from {RUNTIME};"]
    imports += ['import * as schemas from "./schemas.ts";'] if "schemas." in text else []
    imports += ['import type * as t from "./types.ts";'] if "t." in text else []
    words = "What the venue calls at its clients; `readWebhook` verifies and decodes a call."
    return BlocksView(head=head(words, *imports), blocks=blocks)


def _type(model: Model, content: Content | None) -> str:
    if content is None:
        return "undefined"
    if not is_text(content):
        return "Uint8Array"
    if not is_json(content):
        return "string"
    if content.schema is None:
        return "unknown"
    return TypeWriter(model, "t.").expression(content.schema, "out")


def _descriptor(
    model: Model,
    operation: Operation,
    content: Content | None,
    ways: Sequence[Sequence[Proof]],
) -> dict[str, Value]:
    found: dict[str, Value] = {"name": operation.name}
    if content is not None:
        found["mediaType"] = content.media_type
        if content.schema is not None and is_json(content):
            schema = ShapeWriter(model, "schemas.").direct(content.schema)
            if schema is not None:
                found["schema"] = schema
    if ways:
        found["proofs"] = [[_proof(one) for one in way] for way in ways]
    return found


def _proof(proof: Proof) -> Value:
    found: dict[str, Value] = {"scheme": proof.scheme, "headers": list(proof.headers)}
    marks = (("signature", proof.signature), ("timestamp", proof.timestamp), ("nonce", proof.nonce))
    for name, mark in marks:
        if mark is not None:
            found[name] = _mark(mark)
    if proof.timestamp is not None:
        found["tickNs"] = proof.tick_ns
        for name, number in (("windowMs", proof.window_ms), ("futureMs", proof.future_ms)):
            if number is not None:
                found[name] = number
    if proof.line:
        found["line"] = list(proof.line)
    return found


def _mark(mark: Mark) -> Value:
    return {"header": mark.header, "prefix": mark.prefix}
