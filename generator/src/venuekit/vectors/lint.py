"""What a lint rule asks about a signing scheme: each function yields a place and the facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set

from venuekit.contract.signing import (
    Call,
    Expression,
    InputSource,
    Literal,
    Reference,
    SignedWire,
    SigningScheme,
    Slot,
    TimeKind,
    Use,
    ValueType,
    children,
    walk,
)
from venuekit.origin import Origin
from venuekit.signing.plan import names_behind
from venuekit.vectors.case import VectorFileError, read_cases
from venuekit.vectors.judges import VectorVerifier, interpret
from venuekit.vectors.prepare import UnpreparedError, prepare
from venuekit.vectors.result import agrees
from venuekit_runtime.errors import SigningError

Facts = Mapping[str, object]
Found = Iterator[tuple[Origin, Facts]]

WIDEST_WINDOW_MS = 30_000
"""A captured request can be repeated for as long as its window is open."""
WIDEST_FUTURE_MS = 5_000
_BODY = frozenset(("body", "message"))
_QUERY = frozenset(("query", "target"))


def without_vector(scheme: SigningScheme) -> Found:
    """Find a scheme that no vector pins down."""
    if not any(vector.is_verified for vector in scheme.vectors):
        yield scheme.origin, {"scheme": scheme.name}


def wrong_vectors(scheme: SigningScheme) -> Found:
    """Find vectors that the scheme does not reproduce: facts vector, expected, found, canonical."""
    for vector in scheme.vectors:
        use = scheme.use(vector.wire) or scheme.uses[0]
        try:
            (case,) = read_cases([{"scheme": scheme.name, **vector.document}])
            request = prepare(scheme, use, case, {})
            signed = interpret(scheme, use, request)
            is_good = agrees(case.expected, signed, case.encoding) or VectorVerifier(
                scheme, use
            ).accepts(request, case.expected)
        except (VectorFileError, UnpreparedError, SigningError) as error:
            yield (
                vector.origin,
                {
                    "vector": vector.id,
                    "expected": "a signature",
                    "found": str(error),
                    "canonical": "",
                },
            )
            continue
        if case.is_verified and not is_good:
            yield (
                vector.origin,
                {
                    "vector": vector.id,
                    "expected": case.expected,
                    "found": signed.signature,
                    "canonical": signed.canonical,
                },
            )


def secret_in_canonical(scheme: SigningScheme) -> Found:
    """Find a secret inside of the signed string, which logs and explanations show."""
    behind = names_behind(scheme, "canonical")
    for credential in scheme.credentials:
        if credential.is_secret and credential.name in behind:
            yield (
                scheme.step("canonical").origin,
                {"scheme": scheme.name, "credential": credential.name},
            )


def time_not_signed(scheme: SigningScheme) -> Found:
    """Find a timestamp that a stranger could change, because the signature does not cover it."""
    if scheme.clock is not None and not _is_signed(scheme, "timestamp"):
        yield scheme.clock.origin, {"scheme": scheme.name}


def nonce_not_signed(scheme: SigningScheme) -> Found:
    """Find a nonce that a stranger could change, because the signature does not cover it."""
    if scheme.nonce is not None and not _is_signed(scheme, "nonce"):
        yield scheme.nonce.origin, {"scheme": scheme.name}


def _is_signed(scheme: SigningScheme, name: str) -> bool:
    """Return whether the signature covers an input, by itself or inside of what it is put into."""
    behind = names_behind(scheme, "signature")
    return name in behind or all(_is_put_into(use, name, behind) for use in scheme.uses)


def _is_put_into(use: Use, name: str, behind: Set[str]) -> bool:
    holders = {Slot.QUERY: _QUERY, Slot.FORM: _BODY, Slot.FIELD: _BODY}
    return any(
        isinstance(part, Reference) and part.name == name
        for placement in use.placements
        if holders.get(placement.slot, frozenset()) & behind
        for part in walk(placement.value)
    )


def body_not_covered(scheme: SigningScheme) -> Found:
    """Find a REST use whose body a stranger could replace."""
    use = scheme.use(SignedWire.REST)
    if use is not None and not covered(scheme, use, _BODY):
        yield scheme.step("canonical").origin, {"scheme": scheme.name}


def query_not_covered(scheme: SigningScheme) -> Found:
    """Find a REST use whose query a stranger could replace."""
    use = scheme.use(SignedWire.REST)
    if use is not None and not covered(scheme, use, _QUERY):
        yield scheme.step("canonical").origin, {"scheme": scheme.name}


def covered(scheme: SigningScheme, use: Use, names: frozenset[str]) -> bool:
    """Return whether the signature depends on one of these inputs, which the use leaves open."""
    bound = {name for name, _ in use.bindings}
    behind = names_behind(scheme, "signature")
    is_whole = any(
        isinstance(part, Call) and part.operator == "signature_base"
        for step in scheme.steps
        if step.name in behind
        for part in walk(step.expression)
    )
    stated = {i.name for i in scheme.inputs if i.source is InputSource.MESSAGE}
    return is_whole or bool(behind & ((names - bound) | stated))


def joined_free_fields(scheme: SigningScheme) -> Found:
    """Find joins in which a part may hold the separator, so that two requests sign alike.

    The last part is safe: whatever it holds cannot be mistaken for another one.
    """
    for step in scheme.steps:
        for part in walk(step.expression):
            if isinstance(part, Call) and part.operator == "join" and part.argument("with"):
                items = children(part.argument("parts"))
                for item in items[:-1]:
                    if _may_hold_anything(scheme, item):
                        yield (
                            item.origin,
                            {
                                "scheme": scheme.name,
                                "separator": repr(part.argument("with")),
                            },
                        )


def _may_hold_anything(scheme: SigningScheme, expression: Expression) -> bool:
    match expression:
        case Literal():
            return False
        case Reference(name):
            step = next((s for s in scheme.steps if s.name == name), None)
            if step is not None:
                return _may_hold_anything(scheme, step.expression)
            declared = next((i for i in scheme.inputs if i.name == name), None)
            is_open = declared is not None and declared.type in (ValueType.TEXT, ValueType.BYTES)
            return name == "body" or (is_open and declared is not None and not declared.default)
        case Call("percent_decode" | "json" | "as_text" | "flatten" | "header"):
            return True
        case Call("concat" | "join" | "if_present" | "if_equal" | "lower" | "upper", arguments):
            inner = (child for _, argument in arguments for child in children(argument))
            return any(_may_hold_anything(scheme, child) for child in inner)
        case _:
            return False


def window_too_wide(scheme: SigningScheme) -> Found:
    """Find a clock that lets a captured request be repeated for long: facts window_ms, most_ms."""
    clock = scheme.clock
    if clock is None:
        return
    limits: Iterable[tuple[str, int | None, int]] = (
        ("window_ms", clock.window_ms, WIDEST_WINDOW_MS),
        (
            "future_ms",
            None if clock.kind is TimeKind.DEADLINE else clock.future_ms,
            WIDEST_FUTURE_MS,
        ),
    )
    for name, stated, most in limits:
        if stated is not None and stated > most:
            yield (
                clock.origin.child(name),
                {"scheme": scheme.name, "name": name, "stated_ms": stated, "most_ms": most},
            )


def without_window(scheme: SigningScheme) -> Found:
    """Find a clock without a window: nothing says when a captured request stops to work."""
    if scheme.clock is not None and scheme.clock.window_ms is None:
        yield scheme.clock.origin, {"scheme": scheme.name}
