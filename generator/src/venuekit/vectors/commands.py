"""What `venuekit sign …` does, from files to findings and facts; the command line words them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from venuekit.contract.signing import SignedWire, SigningScheme, Slot
from venuekit.finding import Finding, FindingsError, Severity
from venuekit.origin import Origin
from venuekit.signing.catalogue import catalogue_entry, catalogue_names
from venuekit.signing.interpreter import Interpreter, decode_credentials
from venuekit.signing.public_keys import WeakKeyError
from venuekit.signing.received import Placed, Received, RefusalKind
from venuekit.signing.request import SigningRequest, from_inputs
from venuekit.signing.verifier import Verifier
from venuekit.source.document import Document, load_document
from venuekit.vectors.case import VectorCase, VectorFileError, read_cases
from venuekit.vectors.find import find_in_catalogue
from venuekit.vectors.result import Engine, VectorResult, Verdict
from venuekit.vectors.run import Find, SchemeEntry, run_vectors
from venuekit_runtime import crypto, crypto_values
from venuekit_runtime.errors import SigningError

Schemes = Mapping[str, SigningScheme]
"""The signing schemes of a loaded contract by name; empty when there is no contract."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOutcome:
    """What a command found; `facts` are shown in their order."""

    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)


def vectors(
    path: Path, scheme: str | None, contract: Schemes, engines: Sequence[Engine] = tuple(Engine)
) -> SignOutcome:
    """Run a file of vectors. `scheme` names one of the contract or of the catalogue for all.

    Without it each vector's own name is looked up, in the contract first. Raises FindingsError
    when the file or the scheme cannot be read.
    """
    document = load_document(path)
    try:
        cases = read_cases(document.value)
    except VectorFileError as error:
        place = document.origin(*error.place)
        raise _failed(place, str(error), "See the signing guide for the format.") from error
    results = run_vectors(cases, _find(scheme, contract, document.origin()), engines)
    origins = dict(zip((id(case) for case in cases), _places(document), strict=True))
    by_case = {(case.id, case.scheme): origins[id(case)] for case in cases}
    findings = [
        _finding(result, by_case[result.id, result.scheme])
        for result in results
        if result.verdict is not Verdict.PASSED
    ]
    return SignOutcome(findings=tuple(_once(findings)), facts=_counts(results, engines))


def find_scheme(name: str, contract: Schemes, origin: Origin | None = None) -> SchemeEntry:
    """Return a scheme of the contract or of the catalogue. Raises FindingsError."""
    if name in contract:
        return SchemeEntry(contract[name])
    entry = catalogue_entry(name)
    if entry is None:
        known = ", ".join((*contract, *catalogue_names()))
        raise _failed(origin, f"there is no signing scheme {name!r}", f"Use one of: {known}.")
    return SchemeEntry(entry.scheme, entry.vector_defaults)


def explain(
    scheme: SigningScheme,
    wire: SignedWire,
    inputs: Mapping[str, Any],
    parts: Mapping[str, str],
    place: Origin | None = None,
) -> SignOutcome:
    """Sign one request and show every step and every written value, never a secret.

    `inputs` name the request's parts (method, host, target, body, headers, message, tags),
    `timestamp`, `nonce` and what the scheme declares. Raises FindingsError when one is wrong, with
    its place below `place`, where `credentials` and `inputs` were written.
    """
    at = place or scheme.origin
    use = scheme.use(wire)
    if use is None:
        raise _failed(
            scheme.origin, f"{scheme.name} is not used on the wire {wire}", "Name another."
        )
    try:
        credentials = decode_credentials(scheme, parts)
    except SigningError as error:
        raise _failed(at.child("credentials"), str(error), _cure(scheme)) from error
    try:
        found = Interpreter(scheme).evaluate(use, from_inputs(inputs), credentials, inputs)
    except SigningError as error:
        raise _failed(at.child("inputs"), str(error), "State it among the inputs.") from error
    secrets = secrets_of(scheme, parts)
    shown = crypto.shown(found.steps, *secrets)
    facts: dict[str, object] = {f"step {name}": text for name, text in shown.items()}
    for placement in use.placements:
        written = _written(found.request, placement.slot, placement.name)
        text = written if isinstance(written, str) else crypto_values.json_text(written)
        facts[f"{placement.slot} {placement.name}"] = crypto.without_secrets(text, *secrets)
    return SignOutcome(facts=facts)


def secrets_of(scheme: SigningScheme, parts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the texts that no output may show."""
    named = [part.name for part in scheme.credentials if part.is_secret]
    return tuple(parts[name] for name in named if parts.get(name))


def check(
    scheme: SigningScheme,
    received: Received,
    parts: Mapping[str, str],
    now_ms: int,
    wire: SignedWire = SignedWire.REST,
    place: Origin | None = None,
) -> SignOutcome:
    """Say whether a signed request would be taken, and if not, what is wrong with it.

    `parts` are what a server holds: the secret of a MAC, the public key of a signature. Raises
    FindingsError when they do not decode.
    """
    verifier = Verifier(scheme, wire)
    try:
        material = verifier.register(parts)
    except WeakKeyError as error:
        at = (place or scheme.origin).child("credentials")
        raise _failed(at, str(error), "Give the right secret or public key.") from error
    placed = verifier.read(received)
    if not isinstance(placed, Placed):
        return SignOutcome(findings=(_refused(place, placed.message, "Add or correct it."),))
    refusal = verifier.check(received, placed, material, now_ms, is_sandbox=True)
    facts: dict[str, object] = {"key": placed.key, "timestamp": placed.timestamp}
    if refusal is None:
        return SignOutcome(facts={**facts, "signature": "good"})
    explanation = refusal.explanation
    cure = "Compare the signed string with the expected one, byte by byte."
    if refusal.kind is RefusalKind.TIMESTAMP:
        cure = "Set the sender's clock, or correct it by a measured offset; no window is widened."
    if explanation is not None:
        facts["expected string"] = explanation.canonical
        if explanation.signed is not None:
            facts["signed string"] = explanation.signed
            facts["first difference"] = f"byte {explanation.first_difference}"
        cure = f"Likely cause: {explanation.cause}." if explanation.cause else cure
    return SignOutcome(findings=(_refused(place, refusal.message, cure),), facts=facts)


def _find(scheme: str | None, contract: Schemes, origin: Origin) -> Find:
    if scheme is not None:
        entry = find_scheme(scheme, contract, origin)
        return lambda case: entry

    def find(case: VectorCase) -> SchemeEntry | None:
        named = contract.get(case.scheme)
        return find_in_catalogue(case) if named is None else SchemeEntry(named)

    return find


def _places(document: Document) -> list[Origin]:
    """Return the place of each vector, in the order in which they are read."""
    value = document.value
    if isinstance(value, list):
        return [document.origin(index) for index in range(len(value))]
    groups = value if isinstance(value, dict) else {}
    return [
        document.origin(name, index)
        for name, group in groups.items()
        if isinstance(group, list) and name != "about"
        for index in range(len(group))
    ]


def _finding(result: VectorResult, origin: Origin) -> Finding:
    if result.verdict is Verdict.UNVERIFIED:
        return Finding(
            rule="signing-vector-unverified",
            severity=Severity.INFO,
            message=f"vector {result.id!r} was not run: {result.message}",
            help="Ask the source for inputs that reproduce its value.",
            origin=origin,
        )
    return Finding(
        rule="signing-vector-failed",
        severity=Severity.ERROR,
        message=f"vector {result.id!r} fails in the {result.engine}: {result.message}",
        help="Correct the scheme or the vector; `venuekit sign explain` shows each step.",
        origin=origin,
    )


def _once(findings: list[Finding]) -> list[Finding]:
    """Return each finding once: an unverified vector is the same in every engine."""
    return list({(f.rule, f.message): f for f in findings}.values())


def _counts(results: Sequence[VectorResult], engines: Sequence[Engine]) -> dict[str, object]:
    counts = Counter((result.engine, result.verdict) for result in results)
    return {
        str(engine): ", ".join(f"{counts[engine, verdict]} {verdict}" for verdict in Verdict)
        for engine in dict.fromkeys(engines)
    }


def _written(request: SigningRequest, slot: Slot, name: str) -> object:
    match slot:
        case Slot.HEADER:
            return crypto.header(request.headers, name)
        case Slot.QUERY | Slot.PATH:
            return request.target
        case Slot.FORM | Slot.FIELD | Slot.BODY:
            return request.body.decode() if request.body else request.message
        case Slot.TAG:
            return next((value for key, value in request.tags if key == name), "")


def _cure(scheme: SigningScheme) -> str:
    """Return what the credentials are, so that a wrong one can be corrected."""
    listed = ", ".join(f"{part.name} ({part.decoding})" for part in scheme.credentials)
    return f"{scheme.name} takes {listed or 'no credentials'}."


def _refused(place: Origin | None, message: str, cure: str) -> Finding:
    return Finding(
        rule="signing-refused",
        severity=Severity.ERROR,
        message=message,
        help=cure,
        origin=place,
    )


def _failed(origin: Origin | None, message: str, cure: str) -> FindingsError:
    return FindingsError(
        [
            Finding(
                rule="signing-failed",
                severity=Severity.ERROR,
                message=message,
                help=cure,
                origin=origin,
            )
        ]
    )
