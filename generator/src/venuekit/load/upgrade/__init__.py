"""Older formats, rewritten as the ones that the loaders read, with every part's place kept."""

from __future__ import annotations

from venuekit.load.upgrade.asyncapi2 import upgrade_asyncapi
from venuekit.load.upgrade.swagger import upgrade_swagger

__all__ = ["upgrade_asyncapi", "upgrade_swagger"]
