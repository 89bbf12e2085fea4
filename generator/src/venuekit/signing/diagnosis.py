"""Says in words why a signature does not match: tries the usual mistakes until one fits."""

from __future__ import annotations

import json as standard
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from msgspec import DecodeError, json

from venuekit.signing.hmac_keys import shown_secrets
from venuekit.signing.matching import MismatchError
from venuekit.signing.operations import as_bytes
from venuekit.signing.placed import ReadError
from venuekit.signing.received import Explanation, Placed, Received
from venuekit_runtime import crypto
from venuekit_runtime.errors import SigningError

if TYPE_CHECKING:
    from venuekit.signing.verifier import Verifier

Attempt = tuple[str, Received, Placed]
"""A mistake in words, and the request as it would have been signed with it."""

_SHOWN_BYTES = 16_384
_HOUR_MS = 3_600_000
_SEPARATORS = ((",", ":"), (", ", ": "), (",", ": "))


def explain(
    verifier: Verifier,
    received: Received,
    placed: Placed,
    material: Mapping[str, Any],
    now_ms: int,
) -> Explanation | None:
    """Return the expected string and, when a usual mistake fits, its name.

    The result quotes what was sent, never a secret. None when the string cannot be computed.
    """
    expected = _canonical(verifier, received, placed, material)
    if expected is None:
        return None
    secrets = _secrets(verifier, material)
    clock = _clock_cause(placed, now_ms)
    if clock is not None:
        return Explanation(_shown(expected, secrets), cause=clock)
    for cause, request, claims in _attempts(received, placed):
        signed = _canonical(verifier, request, claims, material)
        if signed is None or signed == expected:
            continue
        if _holds(verifier, request, claims, material):
            return Explanation(
                _shown(expected, secrets), cause, _shown(signed, secrets), _first(expected, signed)
            )
    encoding = _encoding_cause(verifier, received, placed, material)
    return Explanation(_shown(expected, secrets), cause=encoding)


def _canonical(
    verifier: Verifier, received: Received, placed: Placed, material: Mapping[str, Any]
) -> bytes | None:
    try:
        return as_bytes(verifier.frame(received, placed, material).values["canonical"])
    except (SigningError, MismatchError, ReadError, KeyError):
        return None


def _holds(
    verifier: Verifier, received: Received, placed: Placed, material: Mapping[str, Any]
) -> bool:
    try:
        return verifier.holds(verifier.frame(received, placed, material), placed.signature)
    except (SigningError, MismatchError, ReadError):
        return False


def _clock_cause(placed: Placed, now_ms: int) -> str | None:
    """Name a unit that was mixed up: the stamp, read in it, is near to now."""
    stamp = placed.timestamp_ms
    if stamp is None:
        return None
    for name, factor_up, factor_down in (
        ("seconds", 1_000, 1),
        ("microseconds", 1, 1_000),
        ("nanoseconds", 1, 1_000_000),
    ):
        is_near = abs(stamp * factor_up // factor_down - now_ms) < _HOUR_MS
        if is_near and abs(stamp - now_ms) > _HOUR_MS:
            return f"the timestamp is in {name}, not in milliseconds"
    return None


def _attempts(received: Received, placed: Placed) -> Iterable[Attempt]:
    yield from _method_attempts(received, placed)
    yield from _target_attempts(received, placed)
    yield from _body_attempts(received, placed)
    yield from _claim_attempts(received, placed)


def _method_attempts(received: Received, placed: Placed) -> Iterable[Attempt]:
    if received.method != received.method.lower():
        lowered = replace(received, method=received.method.lower())
        yield "the method was signed in lower case", lowered, placed
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
        if method != received.method:
            other = replace(received, method=method)
            yield (
                f"the method was signed as {method}, but {received.method} was sent",
                other,
                placed,
            )


def _target_attempts(received: Received, placed: Placed) -> Iterable[Attempt]:
    path, mark, query = received.target.partition("?")
    changes: list[tuple[str, str]] = []
    if mark:
        pairs = crypto.query_list(query)
        decoded = crypto.percent_decode(query).decode("utf-8", "replace")
        changes += [
            ("the query was left out of the signed string", path),
            (
                "the query was sorted before it was signed",
                f"{path}?{crypto.form(crypto.sort(pairs))}",
            ),
            ("the query was signed in decoded form", f"{path}?{decoded}"),
            ("the query was signed with + for a space", received.target.replace("%20", "+")),
            (
                "the query was percent-encoded differently when it was signed",
                f"{path}?{crypto.form(crypto.percent_encode_list(_decoded(pairs)))}",
            ),
        ]
    else:
        changes.append(("a lone ? was signed after the path", received.target + "?"))
    changes.append(("the path was signed with a slash at its end", f"{path}/{mark}{query}"))
    changes += [
        (
            "the path was signed without its first segment",
            "/" + "/".join(path.split("/")[2:]) + mark + query,
        ),
        ("the path was signed without its slash at the end", path.rstrip("/") + mark + query),
        (
            "the whole URL was signed, not path and query",
            f"https://{received.host}{received.target}",
        ),
        (
            "the whole URL was signed, not path and query",
            f"http://{received.host}{received.target}",
        ),
    ]
    for cause, target in changes:
        yield cause, replace(received, target=target), placed
    for host in dict.fromkeys((received.host.partition(":")[0], "")):
        if host != received.host:
            text = "was left out" if not host else "was signed without its port"
            yield f"the host {text}", replace(received, host=host), placed


def _decoded(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [
        (
            crypto.percent_decode(name).decode("utf-8", "replace"),
            crypto.percent_decode(value).decode("utf-8", "replace"),
        )
        for name, value in pairs
    ]


def _body_attempts(received: Received, placed: Placed) -> Iterable[Attempt]:
    if not received.body:
        for body in (b"{}", b"null"):
            yield (
                f"the body was signed as {body.decode()}, but nothing was sent",
                replace(received, body=body),
                placed,
            )
        return
    yield "the body was left out of the signed string", replace(received, body=b""), placed
    for extra in (b"\n", b"\r\n", b" "):
        yield (
            "the body was signed with a line break or space at its end",
            replace(received, body=received.body + extra),
            placed,
        )
    stripped = received.body.strip()
    yield (
        "the body was sent with space around what was signed",
        replace(received, body=stripped),
        placed,
    )
    for body in _serialised(received.body):
        yield (
            "the body was serialised again after it was signed",
            replace(received, body=body),
            placed,
        )


def _serialised(body: bytes) -> Iterable[bytes]:
    try:
        value = json.decode(body)
    except (DecodeError, UnicodeDecodeError):
        return
    for separators in _SEPARATORS:
        for is_ascii in (True, False):
            for is_sorted in (False, True):
                yield standard.dumps(
                    value, separators=separators, ensure_ascii=is_ascii, sort_keys=is_sorted
                ).encode("utf-8", "surrogatepass")
    for indent in (2, 4):
        yield standard.dumps(value, indent=indent).encode("utf-8", "surrogatepass")


def _claim_attempts(received: Received, placed: Placed) -> Iterable[Attempt]:
    stamp = placed.timestamp
    changes: dict[str, str] = {}
    if stamp.isdigit():
        changes = {
            "the timestamp was signed in seconds and sent in milliseconds": stamp[:-3],
            "the timestamp was signed in milliseconds and sent in seconds": stamp + "000",
        }
    for cause, text in changes.items():
        yield cause, received, replace(placed, timestamp=text)
    nonces: list[tuple[str, Callable[[str], str]]] = [
        ("the nonce was signed in upper case", str.upper),
        ("the nonce was left out of the signed string", lambda _: ""),
    ]
    for cause, change in nonces:
        yield cause, received, replace(placed, nonce=change(placed.nonce))


def _encoding_cause(
    verifier: Verifier, received: Received, placed: Placed, material: Mapping[str, Any]
) -> str | None:
    """Name an encoding of the right signature that the scheme does not take."""
    signature = placed.signature
    if not isinstance(signature, str):
        return None
    for cause, text in (
        ("the signature is in upper-case hexadecimal, and lower case is wanted", signature.lower()),
        ("the signature is URL-safe base64, and plain base64 is wanted", _plain_base64(signature)),
    ):
        if text != signature and _holds(
            verifier, received, replace(placed, signature=text), material
        ):
            return cause
    return None


def _plain_base64(text: str) -> str:
    plain = text.replace("-", "+").replace("_", "/").rstrip("=")
    return plain + "=" * (-len(plain) % 4)


def _first(expected: bytes, signed: bytes) -> int:
    for index, (left, right) in enumerate(zip(expected, signed, strict=False)):
        if left != right:
            return index
    return min(len(expected), len(signed))


def _secrets(verifier: Verifier, material: Mapping[str, Any]) -> tuple[str | bytes, ...]:
    """Return what some venues have signed as it is, and what is not the caller's to read."""
    held = (material.get(name) for name in shown_secrets(verifier.scheme))
    return tuple(value for value in held if isinstance(value, str | bytes))


def _shown(canonical: bytes, secrets: tuple[str | bytes, ...]) -> str:
    text = crypto.shown({"canonical": canonical}, *secrets)["canonical"]
    return text if len(text) <= _SHOWN_BYTES else text[:_SHOWN_BYTES] + "…"
