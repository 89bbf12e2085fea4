"""What was released stays loadable, under the version of its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from venuekit.load import load
from venuekit.manifest import load_manifest

SPEC = Path(__file__).parents[3] / "spec"
RELEASES = sorted(path for path in (SPEC / "released").iterdir() if path.is_dir())


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_released_contract_loads_clean(release: Path) -> None:
    loaded = load([release / path.name for path in load_manifest(SPEC / "venuekit.yaml").documents])
    assert loaded.findings == ()
    assert {document.version for document in loaded.contract.documents} == {release.name}


def test_the_baseline_is_a_release() -> None:
    baseline = load_manifest(SPEC / "venuekit.yaml").baseline
    assert baseline is not None
    assert baseline.resolve() in {release.resolve() for release in RELEASES}
