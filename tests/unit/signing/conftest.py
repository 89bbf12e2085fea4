"""Meridian's schemes and vectors, read from the contract as the tools read it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from venuekit.contract.signing import SigningScheme

# The helpers beside the tests are imported by name, which importlib mode does not do by itself.
if str(Path(__file__).parent) not in sys.path:
    sys.path.append(str(Path(__file__).parent))


@pytest.fixture(scope="session")
def meridian() -> Mapping[str, SigningScheme]:
    """Meridian's signing schemes by name, with their vectors."""
    from every_scheme import meridian_schemes

    return meridian_schemes()
