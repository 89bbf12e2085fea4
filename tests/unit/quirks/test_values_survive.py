"""Values drawn from schemas survive decode and encode in both SDKs; `nox -s corpus` draws more.

The tools are the corpus run's: what they find here they find there.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
sys.path.insert(0, str(TESTS / "corpus"))

from case import to_json  # noqa: E402 - the corpus run's tools are no package
from drive_values import survived  # noqa: E402
from values import Drawn, compare, drawn  # noqa: E402

from venuekit.emit.emission import Options  # noqa: E402
from venuekit.emit.files import tree, write  # noqa: E402
from venuekit.generating import emitter  # noqa: E402
from venuekit.load import Loaded, load  # noqa: E402

QUIRKS = TESTS / "quirks"
WORKSPACE = TESTS.parent / "sdks" / "typescript"
TASTE = (
    "additional-beside-properties",
    "all-of-merge",
    "decimal-words",
    "discriminator-two-tags",
    "empty-text",
    "enum-mixed",
    "enum-of-lists-and-objects",
    "int64-as-text",
    "map-keys-of-any-name",
    "map-of-objects",
    "names-field-twins",
    "nullable-31-type-array",
    "number-extremes",
    "pattern-properties",
    "prefix-items-open",
    "recursive-union",
    "union-scalars",
    "union-untagged-objects",
)
VALUES = 9


def emitted(name: str, language: str, folder: Path) -> tuple[Loaded, list[Drawn]]:
    loaded = load([QUIRKS / f"{name}.yaml"])
    package = f"values_{name.replace('-', '_')}"
    options = Options(package=package if language == "python" else f"@values/{package}")
    write(folder, tree(emitter(language)(loaded.contract, options).files, {}))
    return loaded, list(drawn(loaded, VALUES))


@pytest.mark.parametrize("name", TASTE)
def test_values_survive_in_python(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, samples = emitted(name, "python", tmp_path)
    assert len(samples) >= 2
    monkeypatch.syspath_prepend(str(tmp_path / "src"))
    package = f"values_{name.replace('-', '_')}"
    found = survived(package, [sample.as_json() for sample in samples])
    assert compare(samples, found, "python") == []


@pytest.mark.parametrize("name", TASTE)
def test_values_survive_in_typescript(name: str, tmp_path: Path) -> None:
    if shutil.which("node") is None or not (WORKSPACE / "node_modules").is_dir():
        pytest.skip("Node and `npm ci` in sdks/typescript are needed to run what is emitted")
    _, samples = emitted(name, "typescript", tmp_path)
    modules = tmp_path / "node_modules" / "@venuekit"
    modules.mkdir(parents=True)
    (modules / "runtime").symlink_to(WORKSPACE / "runtime")
    (tmp_path / "samples.json").write_bytes(to_json([sample.as_json() for sample in samples]))
    shutil.copyfile(TESTS / "corpus" / "drive_values.ts", tmp_path / "drive_values.ts")
    command = ["node", "--conditions=venuekit-source", "drive_values.ts"]
    said = subprocess.run(
        [*command, "samples.json", "results.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert said.returncode == 0, said.stderr
    found = json.loads((tmp_path / "results.json").read_text("utf-8"), parse_float=Decimal)
    assert compare(samples, found, "typescript") == []


def test_a_lost_digit_or_member_is_seen() -> None:
    loaded = load([QUIRKS / "additional-beside-properties.yaml"])
    samples = list(drawn(loaded, VALUES))
    whole = [{"value": sample.value} for sample in samples]
    assert compare(samples, whole, "x") == []
    assert len(compare(samples, whole[1:], "x")) >= 1
    for place, sample in enumerate(samples):
        assert isinstance(sample.value, dict)
        for name in sample.value:
            less = {key: value for key, value in sample.value.items() if key != name}
            changed = [*whole[:place], {"value": less}, *whole[place + 1 :]]
            assert len(compare(samples, changed, "x")) == 1


def test_the_draws_are_hard_and_the_same_each_time() -> None:
    loaded = load([QUIRKS / "additional-beside-properties.yaml"])
    values = [sample.value for sample in drawn(loaded, 30)]
    assert values == [sample.value for sample in drawn(loaded, 30)]
    text = json.dumps(values)
    assert any(name in text for name in ("__proto__", "constructor", "extra"))
    assert str(2**53 - 1) in text
