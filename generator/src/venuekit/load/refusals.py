"""Judges what `x-refusal` says of messages: their members, and what tells them apart."""

from __future__ import annotations

from venuekit.contract import ConstSchema, Contract, Message, ObjectSchema
from venuekit.contract.walk import resolve
from venuekit.load.findings import Report
from venuekit.load.signing_expressions import suggestion

_RULE = "invalid-extension"


def check_refusals(contract: Contract, report: Report) -> None:
    """Report each refusal that names what its message lacks, or that nothing tells apart."""
    for message in contract.messages.values():
        if message.refusal is not None:
            _judge(contract, message, report)


def _judge(contract: Contract, message: Message, report: Report) -> None:
    refusal = message.refusal
    assert refusal is not None
    shape = resolve(contract, message.payload) if message.payload is not None else None
    fields = shape.fields if isinstance(shape, ObjectSchema) else ()
    names = [field.name for field in fields]
    for name in (refusal.code, refusal.message):
        if name is not None and name not in names:
            report.error(
                _RULE,
                refusal.origin,
                f"the message {message.name!r} has no member {name!r}, which its x-refusal names",
                suggestion(name, names) if names else "Describe its payload as an object.",
            )
    told = [resolve(contract, field.schema) for field in fields if field.is_required]
    if not any(isinstance(one, ConstSchema) and isinstance(one.value, str) for one in told):
        report.error(
            _RULE,
            refusal.origin,
            f"nothing tells the message {message.name!r} apart, so that a client could not see"
            " that it is a refusal",
            "Give a required member of it a const text, such as type: {const: error}.",
        )
