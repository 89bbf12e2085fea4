"""Expressions as TypeScript: one row per operator over the runtime's crypto module."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from venuekit.contract.signing import Call, StructTypes
from venuekit.emit.signing.writer import Written

_ROWS = {
    "lower": "crypto.lower({of})",
    "upper": "crypto.upper({of})",
    "remove_prefix": "crypto.removePrefix({of}, {prefix})",
    "slice": "crypto.slice({of}, {start}, {to})",
    "hex": "crypto.hex({of})",
    "base64": "crypto.base64({of})",
    "base64url": "crypto.base64url({of})",
    "base64url_unpadded": "crypto.base64urlUnpadded({of})",
    "from_hex": "crypto.fromHex({of})",
    "percent_encode": "crypto.percentEncode({of}, {keep})",
    "percent_decode": "crypto.percentDecode({of})",
    "normalize_path": "crypto.normalizePath({of})",
    "sha256": "crypto.sha256({of})",
    "sha384": "crypto.sha384({of})",
    "sha512": "crypto.sha512({of})",
    "keccak256": "ethereum.keccak256({of})",
    "hmac": "crypto.hmac({hash}, {key}, {message})",
    "ed25519": "{key}.sign({message})",
    "rsa_pkcs1": "{key}.signPkcs1({hash}, {message})",
    "rsa_pss": "{key}.signPss({hash}, {message})",
    "ecdsa_p256": "{key}.sign({message}, {form})",
    "secp256k1": "{key}.sign(crypto.bytesOf({digest}), {form})",
    "query_list": "crypto.queryList({of})",
    "member_list": "crypto.memberList({of})",
    "percent_encode_list": "crypto.percentEncodeList({of})",
    "percent_decode_list": "crypto.percentDecodeList({of})",
    "sort": "crypto.sort({of})",
    "without": "crypto.without({of}, {names})",
    "form": "crypto.form({of}, {between}, {joined})",
    "names": "crypto.names({of}, {joined})",
    "canonical_headers": "crypto.canonicalHeaders({of})",
    "object": "{members}",
    "field": "crypto.field({of}, {name})",
    "number": "crypto.number({of})",
    "add": "crypto.add({of}, {to})",
    "json": "crypto.jsonText({of})",
    "as_text": "crypto.asText({of})",
    "flatten": "crypto.flatten({of})",
    "msgpack": "crypto.msgpack({of})",
    "u64be": "crypto.u64be({of})",
    "rsv": "crypto.rsv({of})",
    "ethereum_address": "{of}.address()",
    "bip39_mnemonic": "ethereum.bip39Mnemonic(crypto.bytesOf({of}))",
    "bip32_key": "ethereum.bip32Key({of}, {path})",
    "abi_encode": "ethereum.abiEncode({types}, {values})",
    "eip712": "ethereum.eip712({domain}, {types}, {primary_type}, {message})",
    "header": "crypto.header(draft.headers, {name})",
    "tag": "crypto.tag(draft.tags, {number})",
    "signature_base": "crypto.signatureBase({of}, draft)",
}
_AWAITED = frozenset(
    ("sha256", "sha384", "sha512", "hmac", "ed25519", "rsa_pkcs1", "rsa_pss", "ecdsa_p256")
)
_FUNCTION = re.compile(r"^([\w.#]+)\(")
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*\Z")


class TypeScriptLanguage:
    """TypeScript's spelling, once for `node:crypto` and once, awaited, for WebCrypto.

    The runtime's functions take text for its UTF-8 bytes, so that nothing is encoded here.
    `hmac_keys` are the credentials that are held as prepared HMAC keys.
    """

    def __init__(self, hmac_keys: frozenset[str], is_async: bool) -> None:
        self.rows: Mapping[str, str] = _ROWS
        self._hmac_keys = hmac_keys
        self._is_async = is_async

    def quoted(self, text: str) -> str:
        """Return a text literal."""
        return script_quoted(text)

    def quoted_bytes(self, text: str) -> str:
        """Return a text literal, which stands for its bytes."""
        return script_quoted(text)

    def encoded(self, text: str) -> str:
        """Return a text expression, which stands for its bytes."""
        return text

    def listed(self, items: tuple[str, ...]) -> str:
        """Return a list of expressions."""
        return f"[{', '.join(items)}]"

    def members(self, items: tuple[tuple[str, str], ...]) -> str:
        """Return an object of named expressions."""
        if not items:
            return "{}"
        return "{ " + ", ".join(f"{property_name(name)}: {text}" for name, text in items) + " }"

    def structs(self, types: StructTypes) -> str:
        """Return EIP-712 struct types as an object of lists of pairs."""
        return self.members(
            tuple(
                (
                    name,
                    self.listed(
                        tuple(f"[{script_quoted(f)}, {script_quoted(t)}]" for f, t in fields)
                    ),
                )
                for name, fields in types.items
            )
        )

    def special(self, call: Call, arguments: Mapping[str, Written], is_text: bool) -> str | None:
        """Return joins, branches, prepared HMAC keys and what must be awaited."""
        match call.operator:
            case "join":
                return _joined(arguments["with"].text, arguments["parts"], is_text)
            case "concat":
                return _joined('""', arguments["parts"], is_text)
            case "slice" if not is_text:
                # Text that stands for bytes is counted in bytes.
                of, start, end = (arguments[name].text for name in ("of", "from", "to"))
                return f"crypto.slice(crypto.bytesOf({of}), {start}, {end})"
            case "if_present":
                of = arguments["of"].text
                condition = f"({of}).length > 0" if of.startswith("await ") else f"{of}.length > 0"
                return f"({condition} ? {arguments['then']} : {arguments['else']})"
            case "if_equal":
                condition = f"{arguments['of']} === {arguments['to']}"
                return f"({condition} ? {arguments['then']} : {arguments['else']})"
            case "hmac" if arguments["key"].name in self._hmac_keys:
                return self._awaited(f"{arguments['key']}.digest({arguments['message']})")
            case "hex" | "base64" if not self._is_async:
                return self._at_once(call, arguments["of"].text)
            case operator if operator in _AWAITED and self._is_async:
                row = _ROWS[operator].format(**arguments)
                return self._awaited(row)
            case _:
                return None

    def _awaited(self, text: str) -> str:
        if not self._is_async:
            return text
        return "await " + _FUNCTION.sub(r"\1Async(", text)

    def _at_once(self, call: Call, digest: str) -> str | None:
        """Ask `node:crypto` for the encoded digest; it is the same and costs less."""
        inner = call.argument("of")
        if not isinstance(inner, Call):
            return None
        if inner.operator in ("sha256", "sha384", "sha512") and call.operator == "hex":
            data = digest.removeprefix(f"crypto.{inner.operator}(")
            return f"crypto.hexDigest({script_quoted(inner.operator)}, {data}"
        if inner.operator == "hmac" and digest.startswith("this."):
            return digest.replace(".digest(", f".{call.operator}Digest(", 1)
        return None


def _joined(separator: str, parts: Written, is_text: bool) -> str:
    if is_text:
        return f"{parts.text}.join({separator})"
    return f"crypto.joinData({separator}, {parts.text})"


def script_quoted(text: str) -> str:
    """Return a TypeScript literal in double quotes."""
    return json.dumps(text, ensure_ascii=True)


def property_name(name: str) -> str:
    """Return a member's name, quoted where it is no identifier."""
    return name if _IDENTIFIER.match(name) else script_quoted(name)
