"""The vectors are what the written rules give, and what openssl computes from them."""

from __future__ import annotations

import base64
import importlib.util
import json
import shutil
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

VECTORS = Path(__file__).parents[3] / "spec" / "vectors"
PKCS8_ED25519 = bytes.fromhex("302e020100300506032b657004220420")


@pytest.fixture(scope="module")
def derive() -> ModuleType:
    spec = importlib.util.spec_from_file_location("derive_vectors", VECTORS / "derive.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["signing", "encoding"])
def test_file_is_what_the_script_derives(derive: ModuleType, name: str) -> None:
    assert (VECTORS / f"{name}.json").read_text(encoding="utf-8") == derive.text(
        getattr(derive, name)()
    )


def vectors() -> list[dict[str, Any]]:
    return list(json.loads((VECTORS / "signing.json").read_text(encoding="utf-8"))["derived"])


def openssl(vector: dict[str, Any], folder: Path) -> str:
    text = folder / "text"
    text.write_bytes(vector["string_to_sign"].encode())
    if vector["scheme"] == "hmac":
        command = ["openssl", "dgst", "-sha256", "-hmac", vector["secret"], "-hex", str(text)]
        output = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
        return output.decode().split()[-1]
    key = folder / "key.der"
    key.write_bytes(PKCS8_ED25519 + base64.b64decode(vector["secret"]))
    command = ["openssl", "pkeyutl", "-sign", "-rawin", "-keyform", "DER"]
    command += ["-inkey", str(key), "-in", str(text)]
    output = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
    return base64.b64encode(output).decode()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
@pytest.mark.parametrize("vector", vectors(), ids=lambda v: v["id"])
def test_openssl_agrees(vector: dict[str, Any], tmp_path: Path) -> None:
    assert openssl(vector, tmp_path) == vector["expected"]


def test_both_schemes_sign_every_wire() -> None:
    covered = {(v["scheme"], v["transport"]) for v in vectors()}
    assert covered == {(s, t) for s in ("hmac", "ed25519") for t in ("rest", "websocket", "fix")}
