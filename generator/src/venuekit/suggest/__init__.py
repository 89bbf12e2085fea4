"""From a document that one does not own to a first overlay that completes it."""

from venuekit.suggest.suggestion import Suggestion, suggest

__all__ = ["Suggestion", "suggest"]
