"""What emitted signers compute with: keyed digests, encodings and lists, each a pure function."""

from __future__ import annotations

import binascii
import functools
import hashlib
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import json

from venuekit_runtime.errors import SigningError

Pairs = tuple[tuple[str, str], ...]
"""Names and values in order: query parameters, headers or form fields."""

_INNER_PAD = bytes(byte ^ 0x36 for byte in range(256))
_OUTER_PAD = bytes(byte ^ 0x5C for byte in range(256))
# RFC 3986, section 2.3.
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_TO_URL_BASE64 = str.maketrans("+/", "-_")
_TO_PLAIN_BASE64 = str.maketrans("-_", "+/")


class HmacKey:
    """An HMAC key whose two padded blocks are hashed once (RFC 2104, section 4)."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, hash_name: str, key: bytes) -> None:
        inner = hashlib.new(hash_name)
        outer = hashlib.new(hash_name)
        if len(key) > inner.block_size:
            key = hashlib.new(hash_name, key).digest()
        key = key.ljust(inner.block_size, b"\0")
        inner.update(key.translate(_INNER_PAD))
        outer.update(key.translate(_OUTER_PAD))
        self._inner = inner
        self._outer = outer

    def digest(self, message: bytes) -> bytes:
        """Return the HMAC of a message."""
        inner = self._inner.copy()
        inner.update(message)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()

    def hexdigest(self, message: bytes) -> str:
        """Return the HMAC of a message in lower-case hexadecimal."""
        inner = self._inner.copy()
        inner.update(message)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.hexdigest()

    def __repr__(self) -> str:
        return "<HMAC key>"


def hmac_digest(hash_name: str, key: bytes, message: bytes) -> bytes:
    """Return an HMAC whose key is itself computed, so that nothing can be prepared."""
    import hmac

    return hmac.digest(key, message, hash_name)


def text_part(scheme: str, credentials: Mapping[str, str], name: str) -> str:
    """Return a part of the credentials as it is. Raises SigningError when it is absent."""
    value = credentials.get(name)
    if not isinstance(value, str) or not value:
        raise SigningError(f"{scheme}: the credentials lack {name!r}")
    return value


def optional_part(scheme: str, credentials: Mapping[str, str], name: str, default: str) -> str:
    """Return a setting, or its default when it is absent."""
    value = credentials.get(name, default)
    if not isinstance(value, str):
        raise SigningError(f"{scheme}: the setting {name!r} is not a text")
    return value


def utf8_part(scheme: str, credentials: Mapping[str, str], name: str) -> bytes:
    """Return a part of the credentials as its UTF-8 bytes."""
    return text_part(scheme, credentials, name).encode()


def base64_part(scheme: str, credentials: Mapping[str, str], name: str) -> bytes:
    """Return a part that is written in base64 (RFC 4648 section 4, padding optional)."""
    return _decoded(scheme, name, "base64", text_part(scheme, credentials, name), "+/")


def base64url_part(scheme: str, credentials: Mapping[str, str], name: str) -> bytes:
    """Return a part that is written in URL-safe base64 (RFC 4648 section 5, padding optional)."""
    return _decoded(scheme, name, "base64url", text_part(scheme, credentials, name), "-_")


def hex_part(scheme: str, credentials: Mapping[str, str], name: str) -> bytes:
    """Return a part that is written in hexadecimal, with or without 0x."""
    text = text_part(scheme, credentials, name)
    try:
        return from_hex(text)
    except SigningError:
        raise SigningError(f"{scheme}: the credential {name!r} is not hexadecimal") from None


def _decoded(scheme: str, name: str, encoding: str, text: str, extra: str) -> bytes:
    stripped = text.strip().rstrip("=")
    padded = stripped + "=" * (-len(stripped) % 4)
    try:
        # The library takes the plain alphabet beside the other one, and what is written in the
        # wrong one was most likely meant for another part.
        if any(one in stripped for one in "+/-_" if one not in extra):
            raise ValueError
        plain = padded.translate(_TO_PLAIN_BASE64) if extra == "-_" else padded
        return binascii.a2b_base64(plain, strict_mode=True)
    except (binascii.Error, ValueError):
        raise SigningError(f"{scheme}: the credential {name!r} is not {encoding}") from None


def base64_text(value: bytes) -> str:
    """Return base64 with padding (RFC 4648 section 4)."""
    return binascii.b2a_base64(value, newline=False).decode()


def base64url_text(value: bytes) -> str:
    """Return URL-safe base64 with padding (RFC 4648 section 5)."""
    return base64_text(value).translate(_TO_URL_BASE64)


def base64url_unpadded_text(value: bytes) -> str:
    """Return URL-safe base64 without padding, as JWTs write it (RFC 7515)."""
    return base64url_text(value).rstrip("=")


def from_hex(text: str) -> bytes:
    """Return the bytes of hexadecimal text, with or without 0x. Raises SigningError."""
    digits = text[2:] if text[:2] == "0x" else text
    try:
        return binascii.unhexlify(digits)
    except (binascii.Error, ValueError):
        raise SigningError("a value to sign is not hexadecimal") from None


def percent_encode(value: str | bytes, keep: str = "") -> str:
    """Return %XX for all bytes but RFC 3986's unreserved characters and those to keep."""
    if isinstance(value, str):
        if value.isascii() and value.isalnum():
            return value
        value = value.encode()
    table = _percent_table(keep)
    return "".join([table[byte] for byte in value])


@functools.cache
def _percent_table(keep: str) -> list[str]:
    kept = _UNRESERVED | frozenset(keep.encode("ascii", "ignore"))
    return [chr(byte) if byte in kept else f"%{byte:02X}" for byte in range(256)]


def percent_decode(text: str) -> bytes:
    """Return the bytes of percent-encoded text; a `%` without two digits stays."""
    from urllib.parse import unquote_to_bytes

    return unquote_to_bytes(text)


def lower(text: str) -> str:
    """Return the text with ASCII letters in lower case; others stay as they are."""
    return text.lower() if text.isascii() else text.encode().lower().decode()


def upper(text: str) -> str:
    """Return the text with ASCII letters in upper case; others stay as they are."""
    return text.upper() if text.isascii() else text.encode().upper().decode()


def raw(value: str | bytes) -> bytes:
    """Return text as UTF-8 and bytes as they are."""
    return value.encode() if isinstance(value, str) else value


def given(inputs: Mapping[str, Any], name: str, default: str | None = None) -> Any:
    """Return an input of one request. Raises SigningError when it is absent."""
    value = inputs.get(name, default)
    if value is None:
        raise SigningError(f"the input {name!r} is needed to sign, and was not given")
    return value


HIDDEN = "[secret]"
"""What stands in an explanation where a venue has a secret signed or sent as it is."""


def shown(trace: Mapping[str, Any], *secrets: str | bytes) -> dict[str, str]:
    """Return computed steps as text: bytes that are no text in hexadecimal, lists as JSON.

    Where one of the secrets stands in a step, `[secret]` stands in the text.
    """
    return {name: without_secrets(_shown(value), *secrets) for name, value in trace.items()}


def without_secrets(text: str, *secrets: str | bytes) -> str:
    """Return a text with each secret replaced, also where it is in hexadecimal or in base64."""
    for secret in secrets:
        held = raw(secret)
        forms = (_shown(held), held.hex(), base64_text(held)) if held else ()
        for form_text in forms:
            text = text.replace(form_text, HIDDEN)
    return text


def _shown(value: Any) -> str:
    plain = _plain(value)
    return plain if isinstance(plain, str) else json.encode(plain).decode()


def _plain(value: Any) -> Any:
    """Return a value whose bytes are text, or hexadecimal where they are none."""
    match value:
        case bytes():
            try:
                return value.decode()
            except UnicodeDecodeError:
                return value.hex()
        case Mapping():
            return {name: _plain(item) for name, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value


def random_text(byte_count: int, encoding: str) -> str:
    """Return fresh random bytes in hex, base64 or base64url."""
    drawn = os.urandom(byte_count)
    match encoding:
        case "hex":
            return drawn.hex()
        case "base64":
            return base64_text(drawn)
        case _:
            return base64url_unpadded_text(drawn)


def time_text(time_format: str, unix_ns: int) -> str:
    """Return a point in time as the wire writes it; `unix_ns` are Unix nanoseconds."""
    match time_format:
        case "unix-s":
            return str(unix_ns // 1_000_000_000)
        case "unix-ms":
            return str(unix_ns // 1_000_000)
        case "unix-us":
            return str(unix_ns // 1_000)
        case "unix-ns":
            return str(unix_ns)
    moment = datetime.fromtimestamp(unix_ns // 1_000_000_000, tz=UTC)
    milliseconds = f"{unix_ns // 1_000_000 % 1_000:03d}"
    match time_format:
        case "iso-ms":
            # Formatting by a pattern takes several times as long, and each request pays it.
            return f"{moment.isoformat()[:19]}.{milliseconds}Z"
        case "iso-s":
            return moment.isoformat()[:19]
        case "iso-basic":
            return f"{moment:%Y%m%dT%H%M%SZ}"
        case "fix-ms":
            return f"{moment:%Y%m%d-%H:%M:%S}.{milliseconds}"
        case _:
            raise SigningError(f"the time format {time_format!r} is not known")


def query_list(text: str) -> Pairs:
    """Return a query's pairs as sent; a pair without `=` has an empty value."""
    if not text:
        return ()
    parts = (pair.partition("=") for pair in text.split("&"))
    return tuple((name, value) for name, _, value in parts)


def percent_encode_list(pairs: Iterable[tuple[str, str]]) -> Pairs:
    """Return the pairs with names and values percent-encoded."""
    return tuple((percent_encode(name), percent_encode(value)) for name, value in pairs)


def percent_decode_list(pairs: Iterable[tuple[str, str]]) -> Pairs:
    """Return the pairs with names and values percent-decoded. Raises SigningError."""
    try:
        return tuple(
            (percent_decode(name).decode(), percent_decode(value).decode()) for name, value in pairs
        )
    except UnicodeDecodeError:
        raise SigningError("a query to sign does not decode to UTF-8") from None


def sort(pairs: Iterable[tuple[str, str]]) -> Pairs:
    """Return the pairs sorted by the bytes of their names, then of their values."""
    return tuple(sorted(pairs, key=lambda pair: (pair[0].encode(), pair[1].encode())))


def without(pairs: Iterable[tuple[str, str]], names: tuple[str, ...]) -> Pairs:
    """Return the pairs whose names are not among these."""
    return tuple(pair for pair in pairs if pair[0] not in names)


def form(pairs: Iterable[tuple[str, str]], between: str = "=", joined_with: str = "&") -> str:
    """Return each pair as name, `between`, value, and the pairs joined."""
    return joined_with.join([f"{name}{between}{value}" for name, value in pairs])


def names(pairs: Iterable[tuple[str, str]], joined_with: str) -> str:
    """Return the names of the pairs, joined."""
    return joined_with.join([name for name, _ in pairs])


def header(headers: Iterable[tuple[str, str]], name: str) -> str:
    """Return a header's trimmed value, repeats joined by a comma; empty when it is absent."""
    wanted = name.lower()
    return ", ".join([value.strip() for key, value in headers if key.lower() == wanted])


def tag(tags: Iterable[tuple[str, str]], number: int) -> str:
    """Return the first FIX field with this tag; empty when it is absent."""
    wanted = str(number)
    return next((value for key, value in tags if key == wanted), "")
