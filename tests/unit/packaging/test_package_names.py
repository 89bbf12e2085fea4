"""Versions and names of documents, as package indexes take them."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from venuekit.emit.emission import Options
from venuekit.emit.package_names import npm_version, python_package, python_version
from venuekit.emit.python import emit as emit_python
from venuekit.emit.typescript import emit as emit_typescript
from venuekit.load import load

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("version", "python", "npm"),
    [
        ("1.2.3", "1.2.3", "1.2.3"),
        ("v1", "1", "1.0.0"),
        ("1.0.0-beta.2", "1.0.0b2", "1.0.0-beta.2"),
        ("1.0-rc", "1.0rc0", "1.0.0"),
        ("2024-05-01", "2024.5.1", "2024.0.0"),
        ("01.02.03", "01.02.03", "1.2.3"),
        ("latest", "0", "0.0.0"),
        ("3.0 (draft)", "3.0", "3.0.0"),
        ("20240501123000123456789", "20240501123000123456789", "202405011.0.0"),
        ("", "0", "0.0.0"),
    ],
)
def test_versions(version: str, python: str, npm: str) -> None:
    assert python_version(version) == python
    assert Version(python)
    assert npm_version(version) == npm


@pytest.mark.parametrize(
    ("title", "package"),
    [
        ("Meridian REST API", "meridian_rest_api"),
        ("3Commas API", "sdk_3commas_api"),
        ("Import", "sdk_import"),
        ("交易所", "sdk"),
        ("../../etc", "etc"),
    ],
)
def test_packages_of_titles(title: str, package: str) -> None:
    assert python_package(title) == package


@pytest.mark.parametrize("package", ["my-sdk", "class", "1st", "a.b", "../a", ""])
def test_python_refuses_what_nobody_can_import(package: str) -> None:
    contract = load([ROOT / "spec" / "rest.openapi.yaml"]).contract
    rules = [f.rule for f in emit_python(contract, Options(package=package)).findings]
    assert "invalid-package-name" in rules


@pytest.mark.parametrize("package", ["My-SDK", "@Scope/x", "../a", "a b", "x" * 215])
def test_npm_refuses_what_it_would_not_publish(package: str) -> None:
    contract = load([ROOT / "spec" / "rest.openapi.yaml"]).contract
    rules = [f.rule for f in emit_typescript(contract, Options(package=package)).findings]
    assert "invalid-package-name" in rules
