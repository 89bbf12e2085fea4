"""Runs a file of vectors through the engines and says of each what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from venuekit.contract.schema import JsonValue
from venuekit.contract.signing import SignedWire, SigningScheme, Use
from venuekit.signing.raw_signature import signing_call
from venuekit.vectors.case import PreparedRequest, VectorCase
from venuekit.vectors.engines import EmittedPython
from venuekit.vectors.judges import VectorVerifier, interpret
from venuekit.vectors.node import NodeError, sign_in_node
from venuekit.vectors.prepare import UnpreparedError, prepare, unstated
from venuekit.vectors.result import Engine, Signed, VectorResult, Verdict, agrees, travelling
from venuekit_runtime.errors import SigningError


@dataclass(frozen=True, slots=True)
class SchemeEntry:
    """A scheme to run vectors against; `defaults` are inputs that its sources leave unsaid."""

    scheme: SigningScheme
    defaults: Mapping[str, JsonValue] = field(default_factory=dict)


_WIRES = {
    "rest": SignedWire.REST,
    "ws": SignedWire.WEBSOCKET,
    "websocket": SignedWire.WEBSOCKET,
    "fix": SignedWire.FIX,
    "webhook": SignedWire.WEBHOOK,
}

Find = Callable[[VectorCase], SchemeEntry | None]
"""Returns the scheme of a vector, or None when there is none of that name."""


@dataclass(frozen=True, slots=True)
class _Ready:
    case: VectorCase
    scheme: SigningScheme
    use: Use
    request: PreparedRequest


def run_vectors(
    cases: Sequence[VectorCase], find: Find, engines: Iterable[Engine] = tuple(Engine)
) -> list[VectorResult]:
    """Return a result for each vector and engine, in the order of the file."""
    wanted = list(dict.fromkeys(engines))
    results: dict[tuple[int, Engine], VectorResult] = {}
    ready: dict[int, _Ready] = {}
    for index, case in enumerate(cases):
        found = _ready(case, find)
        if isinstance(found, _Ready):
            ready[index] = found
            continue
        verdict = Verdict.FAILED if case.is_verified else Verdict.UNVERIFIED
        for engine in wanted:
            results[index, engine] = _result(case, engine, verdict, found)
    for engine in wanted:
        for index, result in _judge(engine, ready).items():
            results[index, engine] = result
    return [results[index, engine] for index in range(len(cases)) for engine in wanted]


def _ready(case: VectorCase, find: Find) -> _Ready | str:
    """Return what can be run, or why it cannot."""
    entry = find(case)
    if not case.is_verified:
        return f"its source lets nobody reproduce it ({case.note or 'no reason given'})"
    if entry is None:
        return f"there is no scheme {case.scheme!r}; name one with --scheme"
    use = _use(entry.scheme, case)
    try:
        request = prepare(entry.scheme, use, case, entry.defaults)
    except (UnpreparedError, SigningError) as error:
        return str(error)
    missing = unstated(entry.scheme, use, request)
    if missing:
        return f"the vector lacks {missing}"
    return _Ready(case, entry.scheme, use, _as_stated(entry.scheme, use, request, case))


def _use(scheme: SigningScheme, case: VectorCase) -> Use:
    """Return the use on the vector's wire; a scheme with one use is not asked twice."""
    wire = _WIRES.get(case.transport)
    found = None if wire is None else scheme.use(wire)
    return found or scheme.uses[0]


def _as_stated(
    scheme: SigningScheme, use: Use, request: PreparedRequest, case: VectorCase
) -> PreparedRequest:
    """Return the request in the reading that gives the vector's own string to sign.

    Some vectors state a query or body before time and key are written into it, some after.
    """
    written = replace(request, is_written=True)
    for candidate in (request, written):
        try:
            canonical = interpret(scheme, use, candidate).canonical
            if canonical in (case.canonical, case.canonical_hex):
                return candidate
        except SigningError:
            continue
    return request


def _judge(engine: Engine, ready: Mapping[int, _Ready]) -> dict[int, VectorResult]:
    match engine:
        case Engine.INTERPRETER:
            return {
                index: _signed(item, engine, _attempt(interpret, item))
                for index, item in ready.items()
            }
        case Engine.PYTHON:
            emitted = {item.scheme.name: item.scheme for item in ready.values()}
            modules = {name: EmittedPython(scheme) for name, scheme in emitted.items()}
            return {
                index: _signed(item, engine, _attempt_emitted(modules[item.scheme.name], item))
                for index, item in ready.items()
            }
        case Engine.TYPESCRIPT:
            return _in_node(ready)
        case Engine.VERIFIER:
            return {index: _verified(item) for index, item in ready.items()}


def _attempt(
    sign: Callable[[SigningScheme, Use, PreparedRequest], Signed], item: _Ready
) -> Signed | str:
    try:
        return sign(item.scheme, item.use, item.request)
    except SigningError as error:
        return str(error)


def _attempt_emitted(module: EmittedPython, item: _Ready) -> Signed | str:
    try:
        return module.sign(item.use, item.request)
    except SigningError as error:
        return str(error)


def _in_node(ready: Mapping[int, _Ready]) -> dict[int, VectorResult]:
    if not ready:
        return {}
    try:
        answers = sign_in_node([(i.scheme, i.use, i.request) for i in ready.values()])
    except NodeError as error:
        return {
            index: _result(item.case, Engine.TYPESCRIPT, Verdict.FAILED, str(error))
            for index, item in ready.items()
        }
    return {
        index: _signed(item, Engine.TYPESCRIPT, answer)
        for (index, item), answer in zip(ready.items(), answers, strict=True)
    }


def _signed(item: _Ready, engine: Engine, found: Signed | str) -> VectorResult:
    """Judge a computed signature: by its bytes, or by verification where none repeats."""
    case = item.case
    if isinstance(found, str):
        return _result(case, engine, Verdict.FAILED, found)
    if agrees(case.expected, found, case.encoding):
        return _result(case, engine, Verdict.PASSED, "")
    if _is_randomised(item.scheme):
        is_good = VectorVerifier(item.scheme, item.use).accepts(item.request, found.signature)
        if is_good and _stated_holds(item, found):
            return _result(case, engine, Verdict.PASSED, "by verification")
    return _result(
        case,
        engine,
        Verdict.FAILED,
        f"expected {case.expected}, found {found.signature}; signed {found.canonical!r}"
        + (f", the vector says {case.canonical!r}" if case.canonical is not None else ""),
    )


def _is_randomised(scheme: SigningScheme) -> bool:
    call = signing_call(scheme)
    return call is not None and call.operator in ("rsa_pss", "ecdsa_p256")


def _stated_holds(item: _Ready, found: Signed) -> bool:
    """Return whether the vector's own signature verifies as well, over the same string."""
    stated = travelling(item.case.expected, found.signature, item.case.encoding)
    return VectorVerifier(item.scheme, item.use).accepts(item.request, stated)


def _verified(item: _Ready) -> VectorResult:
    case = item.case
    try:
        sample = (
            None
            if _is_randomised(item.scheme)
            else interpret(item.scheme, item.use, item.request).signature
        )
        stated = travelling(case.expected, "" if sample is None else sample, case.encoding)
        verifier = VectorVerifier(item.scheme, item.use)
        is_good = verifier.accepts(item.request, stated)
        is_strict = not verifier.accepts(item.request, spoiled(stated))
    except SigningError as error:
        return _result(case, Engine.VERIFIER, Verdict.FAILED, str(error))
    if is_good and is_strict:
        return _result(case, Engine.VERIFIER, Verdict.PASSED, "")
    fact = "takes a spoiled signature" if is_good else "refuses the vector's signature"
    return _result(case, Engine.VERIFIER, Verdict.FAILED, f"the verifier {fact}")


def spoiled(signature: JsonValue) -> JsonValue:
    """Return a signature with one digit changed."""
    if isinstance(signature, dict):
        return {**signature, **{k: spoiled(v) for k, v in list(signature.items())[:1]}}
    text = str(signature)
    middle = len(text) // 2
    digit = "1" if text[middle] != "1" else "2"
    return text[:middle] + digit + text[middle + 1 :]


def _result(case: VectorCase, engine: Engine, verdict: Verdict, message: str) -> VectorResult:
    return VectorResult(case.id, case.scheme, engine, verdict, message)
