"""Media types in the words that emitters go by."""

from __future__ import annotations


def media_kind(media_type: str) -> str:
    """Return a media type without its parameters, in lower case."""
    return media_type.partition(";")[0].strip().lower()
