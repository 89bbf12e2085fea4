"""The vocabulary of `x-signing`: one row per operator, which loader and engines all read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from venuekit.contract.signing import ValueType


class ParameterKind(StrEnum):
    """How an argument is written."""

    EXPRESSION = "expression"
    EXPRESSIONS = "expressions"
    LITERAL = "literal"
    INTEGER = "integer"
    CHOICE = "choice"
    NAMES = "names"
    MEMBERS = "members"
    STRUCT_TYPES = "struct_types"


@dataclass(frozen=True, slots=True)
class OperatorParameter:
    """One argument of an operator; `types` are what an expression may yield."""

    name: str
    kind: ParameterKind
    types: tuple[ValueType, ...] = ()
    options: tuple[str, ...] = ()
    default: str | int | None = None

    @property
    def is_required(self) -> bool:
        return self.default is None


@dataclass(frozen=True, slots=True)
class Operator:
    """A row: what goes in, what comes out (None: text if all parts are text, else bytes)."""

    name: str
    parameters: tuple[OperatorParameter, ...]
    result: ValueType | None
    summary: str

    @property
    def is_short(self) -> bool:
        """Return whether the only argument is written directly: `{hex: $digest}`."""
        return len(self.parameters) == 1


_T = ValueType
_TEXT = (_T.TEXT,)
_BYTES = (_T.BYTES, _T.TEXT)
_VALUE = (_T.VALUE, _T.TEXT, _T.NUMBER)
_LIST = (_T.LIST,)


def _one(name: str, *types: ValueType) -> OperatorParameter:
    return OperatorParameter(name, ParameterKind.EXPRESSION, types)


def _many(name: str, *types: ValueType) -> OperatorParameter:
    return OperatorParameter(name, ParameterKind.EXPRESSIONS, types)


def _literal(name: str, default: str | None = None) -> OperatorParameter:
    return OperatorParameter(name, ParameterKind.LITERAL, default=default)


def _integer(name: str, default: int | None = None) -> OperatorParameter:
    return OperatorParameter(name, ParameterKind.INTEGER, default=default)


def _choice(name: str, *options: str, default: str | None = None) -> OperatorParameter:
    return OperatorParameter(name, ParameterKind.CHOICE, options=options, default=default)


_HASH = _choice("hash", "sha256", "sha384", "sha512")
_MESSAGE = _one("message", *_BYTES)

_TEXT_ROWS = (
    Operator("concat", (_many("parts", *_BYTES),), None, "The parts one after the other."),
    Operator(
        "join",
        (_literal("with"), _many("parts", *_BYTES)),
        None,
        "The parts with a separator between them; empty parts keep their separator.",
    ),
    Operator("lower", (_one("of", *_TEXT),), _T.TEXT, "ASCII letters in lower case."),
    Operator("upper", (_one("of", *_TEXT),), _T.TEXT, "ASCII letters in upper case."),
    Operator(
        "remove_prefix",
        (_one("of", *_TEXT), _literal("prefix")),
        _T.TEXT,
        "The text without the prefix; unchanged when it does not start so.",
    ),
    Operator(
        "slice",
        (_one("of", *_BYTES), _integer("from"), _integer("to")),
        None,
        "Characters or bytes from (counted from 0) up to but without `to`; shorter at the end.",
    ),
    Operator(
        "if_present",
        (
            _one("of", *_BYTES),
            _one("then", *_BYTES),
            OperatorParameter("else", ParameterKind.EXPRESSION, _BYTES, default=""),
        ),
        None,
        "`then` when the value is not empty, otherwise `else`.",
    ),
    Operator(
        "if_equal",
        (
            _one("of", *_TEXT),
            _literal("to"),
            _one("then", *_BYTES),
            OperatorParameter("else", ParameterKind.EXPRESSION, _BYTES, default=""),
        ),
        None,
        "`then` when the text equals the constant, otherwise `else`.",
    ),
)

_ENCODING_ROWS = (
    Operator("hex", (_one("of", *_BYTES),), _T.TEXT, "Lower-case hexadecimal."),
    Operator(
        "base64", (_one("of", *_BYTES),), _T.TEXT, "Base64 with padding (RFC 4648 section 4)."
    ),
    Operator(
        "base64url", (_one("of", *_BYTES),), _T.TEXT, "URL-safe base64 with padding (section 5)."
    ),
    Operator(
        "base64url_unpadded", (_one("of", *_BYTES),), _T.TEXT, "URL-safe base64 without padding."
    ),
    Operator(
        "from_hex",
        (_one("of", *_TEXT),),
        _T.BYTES,
        "Hexadecimal text, with or without 0x, as bytes.",
    ),
    Operator(
        "percent_encode",
        (_one("of", *_BYTES), _literal("keep", "")),
        _T.TEXT,
        "All bytes but RFC 3986's unreserved characters, and those to keep, as %XX.",
    ),
    Operator(
        "percent_decode",
        (_one("of", *_TEXT),),
        _T.BYTES,
        "%XX as bytes; a `%` without two hexadecimal digits stays.",
    ),
    Operator(
        "normalize_path",
        (_one("of", *_TEXT),),
        _T.TEXT,
        "The path without empty and dot segments (RFC 3986 section 5.2.4).",
    ),
)

_HASH_ROWS = tuple(
    Operator(name, (_one("of", *_BYTES),), _T.BYTES, summary)
    for name, summary in (
        ("sha256", "SHA-256 (FIPS 180-4)."),
        ("sha384", "SHA-384 (FIPS 180-4)."),
        ("sha512", "SHA-512 (FIPS 180-4)."),
        ("keccak256", "Keccak-256 with the original padding, as Ethereum uses it."),
    )
)

_SIGNATURE_ROWS = (
    Operator("hmac", (_HASH, _one("key", *_BYTES), _MESSAGE), _T.BYTES, "HMAC (RFC 2104)."),
    Operator("ed25519", (_one("key", _T.ED25519_KEY), _MESSAGE), _T.BYTES, "Ed25519 (RFC 8032)."),
    Operator(
        "rsa_pkcs1",
        (_HASH, _one("key", _T.RSA_KEY), _MESSAGE),
        _T.BYTES,
        "RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2).",
    ),
    Operator(
        "rsa_pss",
        (_HASH, _one("key", _T.RSA_KEY), _MESSAGE),
        _T.BYTES,
        "RSASSA-PSS with MGF1 of the same hash and a salt as long as the digest; not repeatable.",
    ),
    Operator(
        "ecdsa_p256",
        (_one("key", _T.P256_KEY), _MESSAGE, _choice("form", "raw", "der", default="raw")),
        _T.BYTES,
        "ECDSA over P-256 with SHA-256, nonce by RFC 6979; raw is r and s, 32 bytes each.",
    ),
    Operator(
        "secp256k1",
        (
            _one("key", _T.SECP256K1_KEY),
            _one("digest", _T.BYTES),
            _choice("form", "rsv", "rs", default="rsv"),
        ),
        _T.BYTES,
        "ECDSA over secp256k1 of a 32-byte digest, nonce by RFC 6979, low s; v is 27 or 28.",
    ),
)

_LIST_ROWS = (
    Operator("query_list", (_one("of", *_TEXT),), _T.LIST, "A query's pairs as sent, not decoded."),
    Operator(
        "member_list",
        (_one("of", _T.VALUE),),
        _T.LIST,
        "An object's members as pairs: text as it is, numbers and booleans as JSON writes them.",
    ),
    Operator(
        "percent_encode_list", (_one("of", *_LIST),), _T.LIST, "Names and values percent-encoded."
    ),
    Operator(
        "percent_decode_list", (_one("of", *_LIST),), _T.LIST, "Names and values percent-decoded."
    ),
    Operator("sort", (_one("of", *_LIST),), _T.LIST, "By the bytes of the names, then values."),
    Operator(
        "without",
        (_one("of", *_LIST), OperatorParameter("names", ParameterKind.NAMES)),
        _T.LIST,
        "The list without the pairs of these names.",
    ),
    Operator(
        "form",
        (_one("of", *_LIST), _literal("between", "="), _literal("with", "&")),
        _T.TEXT,
        "Each pair as name, `between`, value; the pairs joined by `with`.",
    ),
    Operator(
        "names", (_one("of", *_LIST), _literal("with")), _T.TEXT, "The names of a list, joined."
    ),
    Operator(
        "canonical_headers",
        (_one("of", *_LIST),),
        _T.LIST,
        "Names in lower case and sorted, values trimmed, inner spaces single, repeats by commas.",
    ),
)

_VALUE_ROWS = (
    Operator(
        "object",
        (OperatorParameter("members", ParameterKind.MEMBERS, _VALUE),),
        _T.VALUE,
        "A JSON object with these members in this order.",
    ),
    Operator(
        "field",
        (_one("of", _T.VALUE), _literal("name")),
        _T.VALUE,
        "A member by a path such as `params.order`; null when it is absent.",
    ),
    Operator("number", (_one("of", *_TEXT),), _T.NUMBER, "ASCII digits as a whole number."),
    Operator(
        "add", (_one("of", _T.NUMBER), _integer("to")), _T.NUMBER, "A number plus a constant."
    ),
    Operator("json", (_one("of", *_VALUE),), _T.TEXT, "JSON without spaces, members as ordered."),
    Operator(
        "as_text",
        (_one("of", *_VALUE),),
        _T.TEXT,
        "A text as it is, a number in digits, booleans as true and false, null as nothing.",
    ),
    Operator(
        "flatten",
        (_one("of", *_VALUE),),
        _T.TEXT,
        "Members sorted by name as name and value without separators, through lists and objects.",
    ),
    Operator("msgpack", (_one("of", *_VALUE),), _T.BYTES, "MessagePack, members as ordered."),
    Operator("u64be", (_one("of", _T.NUMBER),), _T.BYTES, "Eight bytes, big-endian."),
    Operator(
        "rsv",
        (_one("of", _T.BYTES),),
        _T.VALUE,
        "A 65-byte signature as {r, s, v}: 0x and hexadecimal without leading zeros, v a number.",
    ),
    Operator(
        "abi_encode",
        (OperatorParameter("types", ParameterKind.NAMES), _many("values", *_VALUE)),
        _T.BYTES,
        "The values as 32-byte words of Ethereum's ABI; static types alone, bytes as 0x text.",
    ),
    Operator(
        "ethereum_address",
        (_one("of", _T.SECP256K1_KEY),),
        _T.TEXT,
        "The address of a key: 0x and the last 20 bytes of keccak256 of its public key.",
    ),
    Operator(
        "bip39_mnemonic",
        (_one("of", _T.BYTES),),
        _T.TEXT,
        "The English words of 16 to 32 bytes of entropy (BIP 39).",
    ),
    Operator(
        "bip32_key",
        (_one("of", *_TEXT), _literal("path")),
        _T.BYTES,
        "The private key at a path below a mnemonic's seed (BIP 32), without a passphrase.",
    ),
    Operator(
        "eip712",
        (
            OperatorParameter("domain", ParameterKind.MEMBERS, _VALUE),
            OperatorParameter("types", ParameterKind.STRUCT_TYPES),
            _one("primary_type", *_TEXT),
            _one("message", _T.VALUE),
        ),
        _T.BYTES,
        "EIP-712's digest: keccak256 of 0x1901, the domain's hash and the message's hash.",
    ),
)

_REQUEST_ROWS = (
    Operator(
        "header", (_literal("name"),), _T.TEXT, "A header's value; repeats joined by a comma."
    ),
    Operator("tag", (_integer("number"),), _T.TEXT, "A FIX field's value; nothing when absent."),
    Operator(
        "signature_base",
        (_one("of", *_TEXT),),
        _T.TEXT,
        "RFC 9421's signature base for the components that the signature parameters list.",
    ),
)

OPERATORS: Mapping[str, Operator] = {
    row.name: row
    for rows in (
        _TEXT_ROWS,
        _ENCODING_ROWS,
        _HASH_ROWS,
        _SIGNATURE_ROWS,
        _LIST_ROWS,
        _VALUE_ROWS,
        _REQUEST_ROWS,
    )
    for row in rows
}
