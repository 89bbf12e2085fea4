"""How calls of the venue prove themselves: what a client looks for in their headers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from venuekit.contract import Content, Contract, Operation, SignedScheme, WebhookBinding, Wire
from venuekit.contract.signing import (
    Call,
    Expression,
    Literal,
    Reference,
    SignedWire,
    SigningScheme,
    Slot,
    TimeFormat,
    TimeKind,
    Use,
)
from venuekit.origin import Origin
from venuekit.signing.raw_signature import signing_call

SEPARATORS = ",; "
"""What stands between the parts of a header that holds several, such as signatures."""

_TICK_NS = {
    TimeFormat.UNIX_S: 1_000_000_000,
    TimeFormat.UNIX_MS: 1_000_000,
    TimeFormat.UNIX_US: 1_000,
    TimeFormat.UNIX_NS: 1,
}
_OPAQUE = "\0"
_OWN_WAY = (
    "allow the rule as missing and verify the raw body with the venue's public key or its own "
    "library before the SDK reads it"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a value stands: the part of a header that begins with a prefix."""

    header: str
    prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One signature of a call: the headers that it fills, its time, and how old it may be.

    `tick_ns` is the unit of the time. Without `window_ms` any age is taken.
    """

    scheme: str
    headers: tuple[str, ...]
    timestamp: Mark | None
    nonce: Mark | None
    tick_ns: int
    window_ms: int | None
    future_ms: int | None


def webhooks(contract: Contract) -> tuple[Operation, ...]:
    """Return the calls of the venue, in the contract's order."""
    return tuple(one for one in contract.operations if one.wire is Wire.WEBHOOK)


def proofs(contract: Contract, operation: Operation) -> tuple[tuple[Proof, ...], ...]:
    """Return the alternatives by which a call proves itself; each of them asks for all of its own.

    Schemes that sign no inbound call prove nothing and are left out; an alternative of such
    schemes alone is none.
    """
    found = []
    for requirement in operation.security:
        schemes = (contract.security_schemes.get(name) for name, _scopes in requirement.schemes)
        one = tuple(p for s in schemes if isinstance(s, SignedScheme) for p in _proof(s))
        found += [one] if one else []
    return tuple(found)


def unprovable(contract: Contract, operation: Operation) -> Iterator[tuple[str, str, Origin]]:
    """Yield what the contract says of a call's signature and no SDK verifies, as `gaps` do.

    A receiver computes a signature anew and compares. What a private key made it cannot make, and
    what it cannot find the parts of it cannot judge: neither may pass for a call without a proof.
    """
    for requirement in operation.security:
        for name, _scopes in requirement.schemes:
            scheme = contract.security_schemes.get(name)
            if not isinstance(scheme, SignedScheme):
                continue
            if scheme.signing.use(SignedWire.WEBHOOK) is None:
                continue
            made = signing_call(scheme.signing)
            if made is not None:
                fact = (
                    f"{operation.name} is signed by a private key ({made.operator}), and the SDK "
                    "verifies what a secret that both sides hold has signed"
                )
                yield fact, _OWN_WAY, operation.origin
            elif not any(_proof(scheme)):
                fact = (
                    f"{operation.name} is signed by {name}, whose signature, time or nonce does "
                    "not stand by itself in a header, and the SDK reads it nowhere else"
                )
                yield fact, _OWN_WAY, operation.origin


def gaps(
    operation: Operation, content: Content | None, is_signed: bool
) -> Iterator[tuple[str, str, Origin]]:
    """Yield what an SDK does not make of a call: the fact, the cure, and the place."""
    binding, name = operation.binding, operation.name
    if not is_signed:
        fact = f"nothing says how the venue signs {name}; it is decoded, and not verified"
        cure = "state a scheme with an x-signing that has a `webhook`, by an overlay"
        yield fact, cure, operation.origin
    if not isinstance(binding, WebhookBinding):
        return
    if binding.parameters:
        fact = f"the parameters of {name} are not decoded; they stand in the request"
        yield fact, "read them where the request is taken", operation.origin
    for other in binding.body.contents if binding.body is not None else ():
        if other is not content:
            fact = f"{name} may come as {other.media_type} too, which the SDK does not read"
            yield fact, "ask the venue for one media type", other.origin


def _proof(scheme: SignedScheme) -> Iterator[Proof]:
    signing = scheme.signing
    use = signing.use(SignedWire.WEBHOOK)
    if use is None or any(one.slot is not Slot.HEADER for one in use.placements):
        return
    clock, marks = signing.clock, dict(_marks(signing, use))
    needs = {"timestamp"} if clock is not None else set()
    needs |= {"nonce"} if signing.nonce is not None else set()
    is_readable = clock is None or (clock.format in _TICK_NS and clock.kind is TimeKind.SEND_TIME)
    if not (needs <= set(marks) and is_readable):
        return
    yield Proof(
        scheme=scheme.name,
        headers=tuple(dict.fromkeys(one.name for one in use.placements)),
        timestamp=marks.get("timestamp"),
        nonce=marks.get("nonce"),
        tick_ns=_TICK_NS[clock.format] if clock is not None else 1,
        window_ms=clock.window_ms if clock is not None else None,
        future_ms=clock.future_ms if clock is not None else None,
    )


def _marks(signing: SigningScheme, use: Use) -> Iterator[tuple[str, Mark]]:
    """Yield where the time and the nonce stand by themselves in a header."""
    for placement in use.placements:
        parts = list(_flat(signing, placement.value))
        for index, part in enumerate(parts):
            after = parts[index + 1] if index + 1 < len(parts) else ""
            before = "".join(parts[:index])
            prefix = re.split(f"[{SEPARATORS}]", before)[-1]
            is_alone = (not after or after[0] in SEPARATORS) and _OPAQUE not in prefix
            if part in ("$timestamp", "$nonce") and is_alone:
                yield part[1:], Mark(placement.name, prefix)


def _flat(signing: SigningScheme, expression: Expression) -> Iterator[str]:
    """Yield the texts that an expression strings together; what is computed is opaque."""
    steps = {step.name: step.expression for step in signing.steps}
    match expression:
        case Literal(text):
            yield text
        case Reference("timestamp" | "nonce" as name):
            yield f"${name}"
        case Reference(name) if name in steps and name != "signature":
            yield from _flat(signing, steps[name])
        case Call("concat" | "join"):
            yield from _joined(signing, expression)
        case _:
            yield _OPAQUE


def _joined(signing: SigningScheme, call: Call) -> Iterator[str]:
    separator = str(call.argument("with")) if call.operator == "join" else ""
    items = call.argument("parts")
    parts: Iterable[object] = items if isinstance(items, tuple) else ()
    for index, item in enumerate(parts):
        if index and separator:
            yield separator
        if isinstance(item, Literal | Reference | Call):
            yield from _flat(signing, item)
