"""Older formats, rewritten as the ones that the loaders read, with every part's place kept."""

from __future__ import annotations

from venuekit.load.upgrade.asyncapi2 import upgrade_asyncapi
from venuekit.load.upgrade.swagger import upgrade_swagger
from venuekit.load.upgrade.topics import describes_topics, upgrade_topics

__all__ = ["describes_topics", "upgrade_asyncapi", "upgrade_swagger", "upgrade_topics"]
