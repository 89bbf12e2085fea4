"""JSON values as bytes to sign: compact JSON, flattened members, MessagePack, ABI and EIP-712."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Raw, json, msgpack

from venuekit_runtime.crypto import Pairs, from_hex
from venuekit_runtime.errors import SigningError

Structs = Mapping[str, tuple[tuple[str, str], ...]]
"""EIP-712 struct types: the name of each, then its fields as (name, type)."""

_DOMAIN_FIELDS = (
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
    ("salt", "bytes32"),
)
_WORD = 32
_NUMBER_TYPE = re.compile(r"(u?)int(\d*)", re.ASCII)
_JSON = json.Encoder()


def as_text(value: Any) -> str:
    """Return a scalar as text. Raises SigningError for floats, lists and objects."""
    match value:
        case str():
            return value
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal():
            return format(value, "f")
        case Raw():
            return _raw_text(bytes(value).decode())
        case _:
            raise SigningError(f"a {type(value).__name__} has no exact text to sign")


def _raw_text(text: str) -> str:
    """Return the text of a JSON scalar that was serialised before, its digits as they are."""
    return as_text(json.decode(text)) if text[:1] in ('"', "n", "t", "f", "[", "{") else text


def json_text(value: Any) -> str:
    """Return JSON without spaces, members in their order."""
    return _JSON.encode(value).decode()


def object_of(*members: tuple[str, Any]) -> dict[str, Any]:
    """Return an object with these members in this order."""
    return dict(members)


def field(value: Any, path: str) -> Any:
    """Return the member at a dotted path; None when there is none."""
    for name in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(name)
        elif isinstance(value, Sequence) and not isinstance(value, str) and name.isdigit():
            value = value[int(name)] if int(name) < len(value) else None
        else:
            return None
    return value


def number(text: str) -> int:
    """Return ASCII digits as a whole number. Raises SigningError for anything else."""
    if not (text.isascii() and text.isdigit()):
        raise SigningError("a value that must be a whole number is not one")
    return int(text)


def member_list(value: Any) -> Pairs:
    """Return an object's members as pairs of text; members that are null are left out."""
    if not isinstance(value, Mapping):
        raise SigningError("members to sign must stand in an object")
    return tuple((name, _pair_text(item)) for name, item in value.items() if item is not None)


def _pair_text(item: Any) -> str:
    return json_text(item) if isinstance(item, Mapping | list | tuple) else as_text(item)


def pairs(value: Any) -> Pairs:
    """Return a mapping, or a list of pairs, as pairs of text."""
    items = value.items() if isinstance(value, Mapping) else value
    return tuple((str(name), as_text(item)) for name, item in items)


def flatten(value: Any) -> str:
    """Return members sorted by name as name and value, through lists and objects."""
    match value:
        case Mapping():
            return "".join([name + flatten(value[name]) for name in sorted(value)])
        case list() | tuple():
            return "".join([flatten(item) for item in value])
        case _:
            return as_text(value)


def msgpack_bytes(value: Any) -> bytes:
    """Return MessagePack with members in their order and integers as short as they go."""
    return msgpack.encode(value)


def u64be(value: int) -> bytes:
    """Return eight bytes, big-endian. Raises SigningError when the number does not fit."""
    if not 0 <= value < 1 << 64:
        raise SigningError("a number to sign does not fit into 64 bits")
    return value.to_bytes(8, "big")


def rsv(signature: bytes) -> dict[str, Any]:
    """Return a 65-byte signature as r, s (0x and hex without leading zeros) and v."""
    return {
        "r": hex(int.from_bytes(signature[:32], "big")),
        "s": hex(int.from_bytes(signature[32:64], "big")),
        "v": signature[64],
    }


def keccak256(value: bytes) -> bytes:
    """Return Keccak-256 with the original padding."""
    try:
        from Crypto.Hash import keccak
    except ImportError:
        raise SigningError(
            "keccak256 needs the package pycryptodome: install venuekit-runtime[ethereum]"
        ) from None
    return keccak.new(digest_bits=256, data=value).digest()


def abi_encode(types: Iterable[str], values: Iterable[Any]) -> bytes:
    """Return static values as 32-byte words (Solidity's ABI specification)."""
    return b"".join(_word(kind, value) for kind, value in zip(types, values, strict=True))


def eip712(domain: dict[str, Any], structs: Structs, primary: str, message: Any) -> bytes:
    """Return the digest that EIP-712 signs for a message in a domain."""
    fields = tuple(field for field in _DOMAIN_FIELDS if field[0] in domain)
    separator = _hash_struct("EIP712Domain", domain, {"EIP712Domain": fields})
    return keccak256(b"\x19\x01" + separator + _hash_struct(primary, message, structs))


def _hash_struct(name: str, value: Any, structs: Structs) -> bytes:
    if name not in structs or not isinstance(value, Mapping):
        raise SigningError(f"{name!r} is not a struct that can be signed here")
    words = [keccak256(_type_text(name, structs).encode())]
    for field_name, kind in structs[name]:
        if field_name not in value:
            raise SigningError(f"the message to sign lacks {field_name!r}")
        words.append(_eip712_word(kind, value[field_name], structs))
    return keccak256(b"".join(words))


def _type_text(name: str, structs: Structs) -> str:
    others = sorted(_referenced(name, structs, frozenset()) - {name})
    return "".join(
        f"{struct}({','.join(f'{kind} {field_name}' for field_name, kind in structs[struct])})"
        for struct in (name, *others)
    )


def _referenced(name: str, structs: Structs, seen: frozenset[str]) -> frozenset[str]:
    seen |= {name}
    for _, kind in structs[name]:
        struct = kind.partition("[")[0]
        if struct in structs and struct not in seen:
            seen |= _referenced(struct, structs, seen)
    return seen


def _eip712_word(kind: str, value: Any, structs: Structs) -> bytes:
    if kind.endswith("]"):
        inner = kind[: kind.rindex("[")]
        return keccak256(b"".join(_eip712_word(inner, item, structs) for item in value))
    if kind in structs:
        return _hash_struct(kind, value, structs)
    if kind == "string":
        return keccak256(as_text(value).encode())
    if kind == "bytes":
        return keccak256(from_hex(as_text(value)))
    return _word(kind, value)


def _word(kind: str, value: Any) -> bytes:
    if kind == "bool":
        text = as_text(value)
        if text not in ("true", "false"):
            raise SigningError("a value to sign is neither true nor false")
        return int(text == "true").to_bytes(_WORD, "big")
    if kind == "address":
        return _sized(from_hex(as_text(value)), 20).rjust(_WORD, b"\0")
    if kind.startswith("bytes"):
        return _sized(from_hex(as_text(value)), int(kind[5:])).ljust(_WORD, b"\0")
    return _number_word(kind, _integer(value))


def _number_word(kind: str, value: int) -> bytes:
    found = _NUMBER_TYPE.fullmatch(kind)
    if found is None:
        raise SigningError(f"the type {kind!r} cannot be signed")
    is_unsigned, bits = bool(found.group(1)), int(found.group(2) or 256)
    least, most = (0, 1 << bits) if is_unsigned else (-1 << (bits - 1), 1 << (bits - 1))
    if not least <= value < most:
        raise SigningError(f"a number to sign does not fit into {kind}")
    return value.to_bytes(_WORD, "big", signed=not is_unsigned)


def _sized(raw: bytes, length: int) -> bytes:
    if len(raw) != length:
        raise SigningError(f"a value of {length} bytes to sign has {len(raw)}")
    return raw


def _integer(value: Any) -> int:
    if isinstance(value, int):
        return value
    text = as_text(value)
    digits = text.removeprefix("-")
    if text.startswith("0x"):
        return int.from_bytes(from_hex(text if len(text) % 2 == 0 else "0x0" + text[2:]), "big")
    if digits.isascii() and digits.isdigit():
        return int(text)
    raise SigningError("a value to sign is not a whole number")
