"""A part of credentials in a wrong form is a typed error in both languages, quoting nothing."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from venuekit.vectors.node import node_binary
from venuekit_runtime import crypto, crypto_keys
from venuekit_runtime.errors import SigningError

RUNTIME = Path(__file__).resolve().parents[3] / "sdks" / "typescript" / "runtime" / "src"
HIDE_NODE_CRYPTO = "--import=data:text/javascript,process.getBuiltinModule=undefined"
READERS: Mapping[str, Callable[[str, Mapping[str, str], str], Any]] = {
    "textPart": crypto.text_part,
    "utf8Part": crypto.utf8_part,
    "base64Part": crypto.base64_part,
    "base64urlPart": crypto.base64url_part,
    "hexPart": crypto.hex_part,
    "ed25519Part": crypto_keys.ed25519_part,
    "rsaPart": crypto_keys.rsa_part,
    "p256Part": crypto_keys.p256_part,
    "secp256k1Part": crypto_keys.secp256k1_part,
}
TAKE_ANYTHING = ("textPart", "utf8Part")


def pem(key: Any) -> str:
    text: str = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return text


ED25519 = pem(ed25519.Ed25519PrivateKey.generate())
P256 = pem(ec.generate_private_key(ec.SECP256R1()))
P384 = pem(ec.generate_private_key(ec.SECP384R1()))
RSA = pem(rsa.generate_private_key(65537, 2048))
WRONG: Mapping[str, tuple[str, ...]] = {
    "base64Part": ("not base64!", "a-b_", "a"),
    "base64urlPart": ("a+b/", "not base64!"),
    "hexPart": ("0x0", "zz", "é"),
    "ed25519Part": ("AAAA", "no key", RSA, P256, ED25519[:60]),
    "rsaPart": ("AAAA", ED25519, P256, RSA[:400]),
    "p256Part": ("AAAA", "0" * 64, ED25519, RSA, P384),
    "secp256k1Part": ("AAAA", "00" * 32, "0x" + "11" * 31),
}
CASES = [(reader, text) for reader, texts in WRONG.items() for text in texts]
PROGRAM = f"""
import {{ readFileSync }} from "node:fs";
import * as crypto from "{RUNTIME.as_uri()}/crypto.ts";
import * as ethereum from "{RUNTIME.as_uri()}/ethereum.ts";
const found = [];
for (const [reader, parts] of JSON.parse(readFileSync(0, "utf8"))) {{
  try {{
    ({{ ...crypto, ...ethereum }})[reader]("venue", parts, "secret");
    found.push("taken");
  }} catch (error) {{
    found.push(`${{error.constructor.name}}: ${{error.message}}`);
  }}
}}
console.log(JSON.stringify(found));
"""


def in_node(rows: list[tuple[str, Mapping[str, str]]], *options: str) -> list[str]:
    done = subprocess.run(
        [str(node_binary()), "--no-warnings", *options, "--input-type=module", "-e", PROGRAM],
        input=json.dumps(rows),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    return found


def in_python(reader: str, parts: Mapping[str, str]) -> str:
    with pytest.raises(SigningError) as caught:
        READERS[reader]("venue", parts, "secret")
    return f"SigningError: {caught.value}"


def test_a_wrong_form_is_refused_by_name_and_not_quoted() -> None:
    rows: list[tuple[str, Mapping[str, str]]] = [(one, {"secret": text}) for one, text in CASES]
    scripts = zip(in_node(rows), in_node(rows, HIDE_NODE_CRYPTO), strict=True)
    for (reader, text), by_scripts in zip(CASES, scripts, strict=True):
        for said in (in_python(reader, {"secret": text}), *by_scripts):
            assert said.startswith("SigningError: venue: "), f"{reader} {text[:30]}: {said}"
            assert "'secret'" in said
            assert len(text) < 4 or text not in said


def test_a_missing_or_empty_part_is_named() -> None:
    rows: list[tuple[str, Mapping[str, str]]] = [
        (reader, parts) for reader in READERS for parts in ({}, {"secret": ""})
    ]
    for (reader, parts), by_node in zip(rows, in_node(rows), strict=True):
        assert in_python(reader, parts) == by_node
        assert by_node == "SigningError: venue: the credentials lack 'secret'", reader


def test_every_reader_is_tried() -> None:
    assert set(WRONG) | set(TAKE_ANYTHING) == set(READERS)
