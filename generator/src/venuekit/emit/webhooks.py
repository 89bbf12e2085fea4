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
    Step,
    TimeFormat,
    TimeKind,
    Use,
    walk,
)
from venuekit.origin import Origin
from venuekit.signing.plan import plan, used_inputs
from venuekit.signing.public_check import ENCODINGS, private_operator, public_check

SEPARATORS = ",; "
"""What stands between the parts of a header that holds several, such as signatures."""

_TICK_NS = {
    TimeFormat.UNIX_S: 1_000_000_000,
    TimeFormat.UNIX_MS: 1_000_000,
    TimeFormat.UNIX_US: 1_000,
    TimeFormat.UNIX_NS: 1,
}
_OPAQUE = "\0"
# What stands for a value in the flat text of a header; no header holds such a character.
_VALUES = {f"{_OPAQUE}{name}": name for name in ("timestamp", "nonce", "signature")}
_UNKNOWN_INPUTS = frozenset(("host", "headers", "message"))
_LINE = {"method": ("method",), "path": ("path",), "query": ("query",), "target": ("path", "query")}
"""What an input takes of the call's request line, in the words of a proof."""
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

    `signature` is where a private key's signature stands, which its public key verifies. `line` is
    what it covers of the request line: method, path, query. `tick_ns` is the unit of the time.
    Without `window_ms` any age is taken.
    """

    scheme: str
    headers: tuple[str, ...]
    signature: Mark | None
    timestamp: Mark | None
    nonce: Mark | None
    tick_ns: int
    window_ms: int | None
    future_ms: int | None
    line: tuple[str, ...] = ()


def covers_line(ways: Iterable[Iterable[Proof]]) -> bool:
    """Return whether any of the proofs covers the request line, which the SDK is then given."""
    return any(proof.line for way in ways for proof in way)


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

    A receiver makes a shared secret's signature anew and compares; a private key's is verified by
    its public key. What it cannot find the parts of it cannot judge, and that may not pass for a
    call without a proof.
    """
    for requirement in operation.security:
        for name, _scopes in requirement.schemes:
            scheme = contract.security_schemes.get(name)
            if not isinstance(scheme, SignedScheme):
                continue
            use = scheme.signing.use(SignedWire.WEBHOOK)
            fact = _why_not(scheme, use) if use is not None else ""
            if fact:
                yield f"{operation.name} is signed by {name}, {fact}", _OWN_WAY, operation.origin


def _why_not(scheme: SignedScheme, use: Use) -> str:
    """Return why no SDK verifies a scheme's calls; empty when it does."""
    unknown = _unknown(scheme.signing, use)
    if unknown:
        what = " and ".join(unknown)
        return f"which signs {what} of the call, and the SDK is given its request line and body"
    operator = private_operator(scheme.signing)
    if operator is not None and public_check(scheme.signing) is None:
        encodings = ", ".join(sorted(ENCODINGS))
        return (
            f"whose signature by a private key ({operator}) is not its bytes in one of "
            f"{encodings}, and the SDK verifies no other"
        )
    if not any(_proof(scheme)):
        return (
            "whose signature, time or nonce does not stand by itself in a header, and the SDK "
            "reads it nowhere else"
        )
    return ""


def _unknown(signing: SigningScheme, use: Use) -> list[str]:
    """Return what a signer reads of a call and a receiver's SDK is not given."""
    found = used_inputs(signing, use) & _UNKNOWN_INPUTS
    actions = plan(signing, use).actions
    for action in actions:
        expression = action.expression if isinstance(action, Step) else action.value
        operators = {part.operator for part in walk(expression) if isinstance(part, Call)}
        found |= {f"{one}s" for one in operators & {"header"}}
        found |= {"components"} if "signature_base" in operators else set()
    return [f"the {one}" for one in sorted(found)]


def _line(signing: SigningScheme, use: Use) -> tuple[str, ...]:
    """Return the parts of the request line that a signature covers, in the line's order."""
    read = used_inputs(signing, use)
    found = {word for name, words in _LINE.items() if name in read for word in words}
    return tuple(word for word in ("method", "path", "query") if word in found)


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
    if _unknown(signing, use) or (private_operator(signing) and public_check(signing) is None):
        return
    clock, marks = signing.clock, dict(_marks(signing, use))
    needs = {"timestamp"} if clock is not None else set()
    needs |= {"nonce"} if signing.nonce is not None else set()
    is_public = private_operator(signing) is not None
    needs |= {"signature"} if is_public else set()
    is_readable = clock is None or (clock.format in _TICK_NS and clock.kind is TimeKind.SEND_TIME)
    if not (needs <= set(marks) and is_readable):
        return
    yield Proof(
        scheme=scheme.name,
        headers=tuple(dict.fromkeys(one.name for one in use.placements)),
        signature=marks.get("signature") if is_public else None,
        timestamp=marks.get("timestamp"),
        nonce=marks.get("nonce"),
        tick_ns=_TICK_NS[clock.format] if clock is not None else 1,
        window_ms=clock.window_ms if clock is not None else None,
        future_ms=clock.future_ms if clock is not None else None,
        line=_line(signing, use),
    )


def _marks(signing: SigningScheme, use: Use) -> Iterator[tuple[str, Mark]]:
    """Yield where the time, the nonce and the signature stand by themselves in a header."""
    for placement in use.placements:
        parts = list(_flat(signing, placement.value))
        for index, part in enumerate(parts):
            after = parts[index + 1] if index + 1 < len(parts) else ""
            before = "".join(parts[:index])
            prefix = re.split(f"[{SEPARATORS}]", before)[-1]
            is_alone = (not after or after[0] in SEPARATORS) and _OPAQUE not in prefix
            if part in _VALUES and is_alone:
                yield _VALUES[part], Mark(placement.name, prefix)


def _flat(signing: SigningScheme, expression: Expression) -> Iterator[str]:
    """Yield the texts that an expression strings together; what is computed is opaque."""
    steps = {step.name: step.expression for step in signing.steps}
    match expression:
        case Literal(text):
            yield text
        case Reference("timestamp" | "nonce" | "signature" as name):
            yield f"{_OPAQUE}{name}"
        case Reference(name) if name in steps:
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
