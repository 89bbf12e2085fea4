"""What `venuekit sign` does, from file names to a report; the work is in `vectors/`."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from venuekit.contract import Contract, JsonValue
from venuekit.contract.signing import SignedWire, SigningScheme
from venuekit.contract.walk import signing_schemes
from venuekit.finding import Finding, FindingsError, Severity
from venuekit.load import load
from venuekit.manifest import FILE_NAME, load_manifest
from venuekit.report import Report
from venuekit.signing.operation_inputs import OperationInputs
from venuekit.signing.received import Received
from venuekit.source.document import Document, load_document
from venuekit.vectors import commands as signing
from venuekit.vectors.engines import EmittedPython
from venuekit.vectors.result import Engine
from venuekit.verify.sign_proxy import ProxyError, SignProxy
from venuekit_runtime.errors import SigningError

_CHECKED = (
    "credentials",
    "method",
    "host",
    "target",
    "body",
    "headers",
    "message",
    "tags",
    "inputs",
    "now_ms",
)
"""What a file for `sign check` may hold."""


def vectors(path: Path, scheme: str | None, engine: Engine | None) -> Report:
    """Run a file of vectors in all engines or in one, and count what passed and failed."""
    name, known, _ = _schemes(scheme)
    engines = (engine,) if engine is not None else tuple(Engine)
    outcome = signing.vectors(path, name, known, engines)
    return Report(command="sign vectors", findings=outcome.findings, facts=outcome.facts)


def explain(request: Path, scheme: str, wire: SignedWire) -> Report:
    """Sign the request that a file describes and show every step.

    The file has `credentials` (a mapping of texts) and `inputs` (method, host, target, body,
    timestamp, nonce and whatever else the scheme declares).
    """
    document = load_document(request)
    facts = _members(document, ("credentials", "inputs"))
    found, contract = _scheme(scheme)
    given = _mapping(document, facts, "inputs")
    method = str(given.get("method", ""))
    stated = OperationInputs(contract).of(method, str(given.get("target", given.get("path", ""))))
    outcome = signing.explain(
        found, wire, {**stated, **given}, _texts(document, facts), document.origin()
    )
    return Report(command="sign explain", findings=outcome.findings, facts=outcome.facts)


def check(request: Path, scheme: str, wire: SignedWire) -> Report:
    """Say whether the signed request that a file describes would be taken, and if not, why.

    The file has `credentials` (what a server holds), `method`, `host`, `target`, `body`,
    `headers` (a list of [name, value]), and perhaps `inputs` (what a server knows beside them, such
    as a challenge) and `now_ms`, the server's clock.
    """
    document = load_document(request)
    facts = _members(document, _CHECKED)
    found, contract = _scheme(scheme)
    method, target = str(facts.get("method", "")), str(facts.get("target", ""))
    stated = OperationInputs(contract).of(method, target)
    received = Received(
        method=method,
        host=str(facts.get("host", "")),
        target=target,
        body=str(facts.get("body", "")).encode(),
        headers=_headers(document, facts.get("headers", [])),
        message=facts.get("message"),
        tags=_tags(document, facts.get("tags", [])),
        inputs={**stated, **_mapping(document, facts, "inputs")},
    )
    now = facts.get("now_ms", time.time_ns() // 1_000_000)
    if not isinstance(now, int):
        raise _bad(document, "now_ms", "the server's clock in milliseconds")
    parts = _texts(document, facts)
    outcome = signing.check(found, received, parts, now, wire, document.origin())
    return Report(command="sign check", findings=outcome.findings, facts=outcome.facts)


def proxy(to: str, scheme: str, credentials: Path, host: str, port: int) -> SignProxy:
    """Return a listening proxy that signs whatever passes; the caller serves it.

    `credentials` is a file with a mapping of texts: secrets never stand on a command line.
    """
    document = load_document(credentials)
    facts: dict[str, JsonValue] = {"credentials": document.value}
    try:
        found, contract = _scheme(scheme)
        signer = EmittedPython(found).signer(_texts(document, facts))
        return SignProxy(to, signer, host, port, OperationInputs(contract))
    except (SigningError, ProxyError, ValueError) as error:
        finding = Finding(
            rule="no-proxy",
            severity=Severity.ERROR,
            message=str(error),
            help="see `venuekit sign proxy --help`",
        )
        raise FindingsError([finding]) from None


def _schemes(
    scheme: str | None,
) -> tuple[str | None, Mapping[str, SigningScheme], Contract | None]:
    """Return the scheme's name, the contract's schemes, and the contract where there is one.

    `scheme` names one of the catalogue, a contract's file, or both: `FILE#NAME`.
    """
    if scheme is None:
        return None, {}, None
    file, _, name = scheme.partition("#")
    if not Path(file).is_file():
        return scheme, {}, None
    path = Path(file)
    contract = _contract(path)
    known = {found.name: found for found in signing_schemes(contract)}
    if not known:
        raise FindingsError([_finding(f"{file} has no security scheme with x-signing")])
    if not name and len(known) == 1:
        name = next(iter(known))
    return name or None, known, contract


def _contract(path: Path) -> Contract:
    """Return a contract whose signing is sound. Raises FindingsError with what is not."""
    if path.name == FILE_NAME:
        manifest = load_manifest(path)
        loaded = load(manifest.documents, manifest.overlays)
    else:
        loaded = load((path,))
    wrong = [
        finding
        for finding in loaded.findings
        if finding.severity is Severity.ERROR and finding.rule.startswith("signing-")
    ]
    if wrong:
        raise FindingsError(wrong)
    return loaded.contract


def _scheme(scheme: str) -> tuple[SigningScheme, Contract | None]:
    name, known, contract = _schemes(scheme)
    if name is None:
        message = f"{scheme} has several signing schemes: {', '.join(known)}"
        raise FindingsError([_finding(message)])
    return signing.find_scheme(name, known).scheme, contract


def _finding(message: str) -> Finding:
    return Finding(
        rule="no-signing-scheme",
        severity=Severity.ERROR,
        message=message,
        help="name one with --scheme FILE#NAME, or one of the catalogue by its name",
    )


def _members(document: Document, known: tuple[str, ...]) -> dict[str, JsonValue]:
    value = document.value
    if not isinstance(value, dict):
        raise _bad(document, None, f"a mapping with {', '.join(known)}")
    for name in value:
        if name not in known:
            raise _bad(document, name, f"one of {', '.join(known)}")
    return value


def _mapping(document: Document, facts: Mapping[str, JsonValue], name: str) -> dict[str, JsonValue]:
    value = facts.get(name, {})
    if not isinstance(value, dict):
        raise _bad(document, name, "a mapping")
    return value


def _texts(document: Document, facts: Mapping[str, JsonValue]) -> dict[str, str]:
    members = _mapping(document, facts, "credentials")
    texts = {name: value for name, value in members.items() if isinstance(value, str)}
    if texts.keys() != members.keys():
        raise _bad(document, "credentials", "a text for each part")
    return texts


def _headers(document: Document, value: JsonValue) -> tuple[tuple[bytes, bytes], ...]:
    pairs = []
    for pair in value if isinstance(value, list) else [None]:
        match pair:
            case [str() as name, str() as text]:
                pairs.append((name.encode("latin-1"), text.encode()))
            case _:
                raise _bad(document, "headers", "a list of [name, value]")
    return tuple(pairs)


def _tags(document: Document, value: JsonValue) -> tuple[tuple[str, str], ...]:
    pairs = []
    for pair in value if isinstance(value, list) else [None]:
        match pair:
            case [str() | int() as tag, str() | int() as text]:
                pairs.append((str(tag), str(text)))
            case _:
                raise _bad(document, "tags", "a list of [tag, value]")
    return tuple(pairs)


def _bad(document: Document, name: str | None, expected: str) -> FindingsError:
    """Return the error about a member of a request file; it quotes no value, for secrets' sake."""
    origin = document.origin(name) if name is not None else document.origin()
    finding = Finding(
        rule="invalid-request-file",
        severity=Severity.ERROR,
        message=f"{name or 'the file'} is not as expected: {expected}",
        help="see the page about signing for the format",
        origin=origin,
    )
    return FindingsError([finding])
