"""The page of the signing language has every operator, and its examples are true."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from scheme_text import scheme_of

from venuekit.contract.signing_operators import OPERATORS
from venuekit.load.signing import load_signing
from venuekit.origin import Origin
from venuekit.signing.interpreter import Frame, Interpreter, decode_credentials
from venuekit.signing.request import from_inputs
from venuekit.signing.schema import extension_schema
from venuekit.source.document import parse_document

PAGE = Path(__file__).parents[3] / "docs" / "content" / "venuekit" / "signing-language.md"
TEXT = PAGE.read_text(encoding="utf-8")
SOMEWHERE = Origin(parse_document("page.yaml", b"{}"))
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##)", TEXT, re.MULTILINE | re.DOTALL))


def example(name: str) -> dict[str, Any]:
    found = re.search(r"```yaml\n(.*?)```", SECTIONS[name], re.DOTALL)
    assert found is not None, f"{name} has no example"
    value: Any = parse_document(f"{name}.yaml", found.group(1).encode()).value
    return value


def evaluate(name: str) -> object:
    """Evaluate an example as the tools would, from its YAML."""
    shown = example(name)
    given = shown.get("given", {})
    secrets = {n: v for n, v in given.items() if isinstance(v, dict) and "decode" in v}
    credentials = {n: {"decode": v["decode"], "secret": True} for n, v in secrets.items()}
    credentials |= {"key": {}} if "key" in given else {}
    scheme = scheme_of(
        f"credentials: {credentials!r}".replace("True", "true")
        + "\nclock: {format: unix-ms}\nnonce: {kind: server}\nrest: {}\nsteps:\n"
        + f"  value: {expression_text(name)}\n  canonical: '-'\n  signature: '-'\n"
    )
    parts = {n: v["text"] for n, v in secrets.items()}
    parts |= {"key": given["key"]} if "key" in given else {}
    inputs = {n: v for n, v in given.items() if n not in secrets}
    if "headers" in inputs:
        inputs["headers"] = list(inputs["headers"].items())
    values = {name: inputs.get(name, "") for name in ("timestamp", "nonce")}
    frame = Frame(from_inputs(inputs), {**decode_credentials(scheme, parts), **values})
    value = Interpreter(scheme).compile(scheme.step("value").expression)(frame)
    return value.decode() if isinstance(value, bytes) else value


def expression_text(name: str) -> str:
    found = re.search(r"^expression: (.*)$", SECTIONS[name], re.MULTILINE)
    assert found is not None
    return found.group(1)


def test_the_page_has_every_operator_and_no_other() -> None:
    assert set(SECTIONS) == set(OPERATORS)


@pytest.mark.parametrize("name", OPERATORS)
def test_a_section_states_its_row(name: str) -> None:
    row = OPERATORS[name]
    section = SECTIONS[name]
    assert row.summary in section
    assert f"Yields {row.result or 'text, or bytes when a part is bytes'}." in section
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == [
        parameter.name for parameter in row.parameters
    ]


@pytest.mark.parametrize("name", [n for n in OPERATORS if not n.startswith("rsa_")])
def test_an_example_is_true(name: str) -> None:
    assert evaluate(name) == example(name)["yields"]


@pytest.mark.parametrize("name", ["rsa_pkcs1", "rsa_pss"])
def test_an_example_with_a_long_key_verifies(name: str) -> None:
    """A key of RSA is too long for the page, so that one is made, and the library judges."""
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    scheme = scheme_of(
        "credentials: {secret: {decode: rsa, secret: true}}\nclock: {format: unix-ms}\nrest: {}\n"
        f"steps:\n  value: {expression_text(name)}\n  canonical: '-'\n  signature: '-'\n"
    )
    held = decode_credentials(scheme, {"secret": pem})
    frame = Frame(from_inputs({"body": "a body"}), {**held, "timestamp": "", "nonce": ""})
    value = Interpreter(scheme).compile(scheme.step("value").expression)(frame)
    sha256 = hashes.SHA256()
    how: padding.AsymmetricPadding = padding.PKCS1v15()
    if name == "rsa_pss":
        how = padding.PSS(padding.MGF1(sha256), sha256.digest_size)
    key.public_key().verify(base64.b64decode(value), b"a body", how, sha256)


def test_the_session_of_the_page_satisfies_the_schema_and_shows_each_member() -> None:
    found = re.search(r"^## A session\n(.*?)(?=^## )", TEXT, re.MULTILINE | re.DOTALL)
    assert found is not None
    section = found.group(1)
    shown = [
        parse_document("page.yaml", text.encode()).value
        for text in re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    ]
    scheme = next(one["x-signing"] for one in shown if isinstance(one, dict) and "x-signing" in one)
    schema = extension_schema()
    assert [*jsonschema.Draft202012Validator(schema).iter_errors(scheme)] == []
    read = load_signing("oauth", scheme, SOMEWHERE)
    assert read.session is not None
    assert not read.is_signed
    members: Any = schema["oneOf"]
    for name in members[1]["properties"]["session"]["properties"]:
        assert f"`{name}`" in section
    for one in shown:
        if isinstance(one, dict) and "websocket" in one:
            inputs = {"listen_key": {"from": "session"}, "token": {"from": "session"}}
            gives = {"listen_key": "a", "token": "b"}
            session = {"open": {"operation": "open"}, "gives": gives}
            load_signing("ws", {"session": session, "inputs": inputs, **one}, SOMEWHERE)
