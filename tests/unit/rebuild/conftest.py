"""What the tests of rebuilds share."""

from __future__ import annotations

from typing import Any

import pytest

from venuekit.rebuild import steps
from venuekit.rebuild.edits import Patched


@pytest.fixture
def patches(monkeypatch: pytest.MonkeyPatch) -> list[Patched]:
    """Collect the runs that were patched, so that a test can prove that some were."""
    found: list[Patched] = []
    original = steps.patched

    def counting(*given: Any) -> Patched:
        found.append(original(*given))
        return found[-1]

    monkeypatch.setattr(steps, "patched", counting)
    return found
