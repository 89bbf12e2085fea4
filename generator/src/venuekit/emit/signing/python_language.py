"""Expressions as Python: one row per operator over the runtime's crypto modules."""

from __future__ import annotations

from collections.abc import Mapping

from venuekit.contract.signing import Call, StructTypes
from venuekit.emit.signing.writer import Written

_ROWS = {
    "lower": "crypto.lower({of})",
    "upper": "crypto.upper({of})",
    "remove_prefix": "{of}.removeprefix({prefix})",
    "hex": "{of.bytes}.hex()",
    "base64": "crypto.base64_text({of.bytes})",
    "base64url": "crypto.base64url_text({of.bytes})",
    "base64url_unpadded": "crypto.base64url_unpadded_text({of.bytes})",
    "from_hex": "crypto.from_hex({of})",
    "percent_encode": "crypto.percent_encode({of}, {keep})",
    "percent_decode": "crypto.percent_decode({of})",
    "normalize_path": "crypto_messages.normalize_path({of})",
    "sha256": "hashlib.sha256({of.bytes}).digest()",
    "sha384": "hashlib.sha384({of.bytes}).digest()",
    "sha512": "hashlib.sha512({of.bytes}).digest()",
    "keccak256": "crypto_values.keccak256({of.bytes})",
    "hmac": "crypto.hmac_digest({hash}, {key.bytes}, {message.bytes})",
    "ed25519": "{key}.sign({message.bytes})",
    "rsa_pkcs1": "{key}.sign_pkcs1({hash}, {message.bytes})",
    "rsa_pss": "{key}.sign_pss({hash}, {message.bytes})",
    "ecdsa_p256": "{key}.sign({message.bytes}, {form})",
    "secp256k1": "{key}.sign({digest}, {form})",
    "query_list": "crypto.query_list({of})",
    "member_list": "crypto_values.member_list({of})",
    "percent_encode_list": "crypto.percent_encode_list({of})",
    "percent_decode_list": "crypto.percent_decode_list({of})",
    "sort": "crypto.sort({of})",
    "without": "crypto.without({of}, {names})",
    "form": "crypto.form({of}, {between}, {joined})",
    "names": "crypto.names({of}, {joined})",
    "canonical_headers": "crypto_messages.canonical_headers({of})",
    "object": "{members}",
    "field": "crypto_values.field({of}, {name})",
    "number": "crypto_values.number({of})",
    "add": "({of} + {to})",
    "json": "crypto_values.json_text({of})",
    "as_text": "crypto_values.as_text({of})",
    "flatten": "crypto_values.flatten({of})",
    "msgpack": "crypto_values.msgpack_bytes({of})",
    "u64be": "crypto_values.u64be({of})",
    "rsv": "crypto_values.rsv({of})",
    "ethereum_address": "{of}.address()",
    "bip39_mnemonic": "crypto_wallets.bip39_mnemonic({of})",
    "bip32_key": "crypto_wallets.bip32_key({of}, {path})",
    "abi_encode": "crypto_values.abi_encode({types}, {values})",
    "eip712": "crypto_values.eip712({domain}, {types}, {primary_type}, {message})",
    "header": "crypto.header(draft.headers, {name})",
    "tag": "crypto.tag(draft.tags, {number})",
    "signature_base": "crypto_messages.signature_base({of}, crypto_messages.message_of(draft))",
}


class PythonLanguage:
    """Python's spelling; `hmac_keys` are the credentials that are held as prepared HMAC keys."""

    def __init__(self, hmac_keys: frozenset[str]) -> None:
        self.rows: Mapping[str, str] = _ROWS
        self._hmac_keys = hmac_keys

    def quoted(self, text: str) -> str:
        """Return a text literal."""
        return double_quoted(text)

    def quoted_bytes(self, text: str) -> str:
        """Return a literal of a text's UTF-8 bytes."""
        return "b" + double_quoted(text) if text.isascii() else f"{double_quoted(text)}.encode()"

    def encoded(self, text: str) -> str:
        """Return the UTF-8 bytes of a text expression."""
        return f"{text}.encode()"

    def listed(self, items: tuple[str, ...]) -> str:
        """Return a tuple of expressions."""
        return f"({', '.join(items)},)" if len(items) == 1 else f"({', '.join(items)})"

    def members(self, items: tuple[tuple[str, str], ...]) -> str:
        """Return a dict of named expressions."""
        return "{" + ", ".join(f"{double_quoted(name)}: {text}" for name, text in items) + "}"

    def structs(self, types: StructTypes) -> str:
        """Return EIP-712 struct types as a dict of tuples."""
        return self.members(
            tuple(
                (
                    name,
                    self.listed(
                        tuple(f"({double_quoted(f)}, {double_quoted(t)})" for f, t in fields)
                    ),
                )
                for name, fields in types.items
            )
        )

    def special(self, call: Call, arguments: Mapping[str, Written], is_text: bool) -> str | None:
        """Return joins, branches and prepared HMAC keys."""
        match call.operator:
            case "join":
                return _joined(arguments["with"], arguments["parts"], is_text)
            case "concat":
                return _joined(Written('""', ""), arguments["parts"], is_text)
            case "slice":
                return f"{arguments['of']}[{arguments['from']}:{arguments['to']}]"
            case "if_present":
                return _branch(arguments, str(arguments["of"]), is_text)
            case "if_equal":
                condition = f"{arguments['of']} == {arguments['to']}"
                return _branch(arguments, condition, is_text)
            case "hmac" if arguments["key"].name in self._hmac_keys:
                return f"{arguments['key'].text}.digest({arguments['message'].bytes})"
            case "hex":
                return _hexadecimal(call, arguments["of"].bytes)
            case _:
                return None


def _joined(separator: Written, parts: Written, is_text: bool) -> str:
    if is_text:
        return f"{separator.text}.join({parts.text})"
    return f"b{double_quoted(separator.bytes)}.join({parts.bytes})"


def _branch(arguments: Mapping[str, Written], condition: str, is_text: bool) -> str:
    then, otherwise = arguments["then"], arguments["else"]
    if is_text:
        return f"({then.text} if {condition} else {otherwise.text})"
    return f"({then.bytes} if {condition} else {otherwise.bytes})"


def _hexadecimal(call: Call, digest: str) -> str | None:
    """Ask a hash for its hexadecimal at once; it is the same and costs less."""
    inner = call.argument("of")
    if isinstance(inner, Call) and digest.endswith("]"):
        return None
    is_hash = isinstance(inner, Call) and inner.operator in ("sha256", "sha384", "sha512")
    is_prepared = isinstance(inner, Call) and inner.operator == "hmac" and ".digest(" in digest
    if is_hash:
        return digest.removesuffix(".digest()") + ".hexdigest()"
    if is_prepared and not digest.startswith("crypto."):
        return digest.replace(".digest(", ".hexdigest(", 1)
    return None


def double_quoted(text: str) -> str:
    """Return a Python literal in double quotes."""
    body = repr(text)[1:-1]
    quote = repr(text)[0]
    if quote == "'":
        body = body.replace("\\'", "'").replace('"', '\\"')
    return f'"{body}"'
