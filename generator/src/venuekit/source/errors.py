"""What stops reading: an error that carries findings with their places."""

from __future__ import annotations

from dataclasses import dataclass

from venuekit.finding import Finding, FindingsError, Severity
from venuekit.origin import Origin, Place, Pointer


class SourceError(FindingsError):
    """A document could not be read, or a reference in it leads nowhere."""


@dataclass(frozen=True, slots=True)
class FixedPlace:
    """A locator for a text that did not become a document: it knows one place."""

    at: Place

    @property
    def name(self) -> str:
        return self.at.file

    def place(self, pointer: Pointer) -> Place:
        """Return the one place, whatever is asked for."""
        return self.at


def unreadable(place: Place, message: str, help_text: str) -> SourceError:
    """Return the error for a text that is not a document."""
    return SourceError([_finding("unreadable-document", message, help_text, fixed(place))])


def unresolved(origin: Origin, message: str, help_text: str) -> SourceError:
    """Return the error for a reference that leads nowhere."""
    return SourceError([_finding("unresolved-reference", message, help_text, origin)])


def fixed(place: Place) -> Origin:
    """Return an origin that stands at `place`."""
    return Origin(FixedPlace(place))


def _finding(rule: str, message: str, help_text: str, origin: Origin) -> Finding:
    return Finding(
        rule=rule, severity=Severity.ERROR, message=message, help=help_text, origin=origin
    )
