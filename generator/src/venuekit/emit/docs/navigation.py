"""The reference's own table of contents, for the site's sidebar (`SUMMARY.md`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from venuekit.emit.docs.channels import SERVERS_PAGE
from venuekit.emit.docs.draw import draw
from venuekit.emit.docs.operations import LIMITS_PAGE
from venuekit.emit.docs.pages import FOLDERS
from venuekit.emit.docs.site import WIRE_WORDS, Site
from venuekit.emit.docs.text import inline
from venuekit.emit.docs.views import Navigation

PATH = "SUMMARY.md"


def navigation_page(site: Site, present: Iterable[str]) -> str:
    """Return a nested list of links to every page."""
    return draw("summary", Navigation(lines=tuple(_lines(site, frozenset(present)))))


def _lines(site: Site, present: frozenset[str]) -> Iterator[str]:
    yield "- [Overview](index.md)"
    pages, contract = site.pages, site.contract
    for wire, folder in FOLDERS.items():
        entries = [(name, path) for (name, on), path in pages.operations.items() if on is wire]
        yield from _group(WIRE_WORDS[wire], folder, entries, present)
    channels = [(channel.name, pages.channels[key]) for key, channel in contract.channels.items()]
    messages = [(message.name, pages.messages[key]) for key, message in contract.messages.items()]
    yield from _group("Channels", "channels", channels, present)
    yield from _group("Messages", "messages", messages, present)
    yield from _group("Schemas", "schemas", pages.schemas.items(), present)
    yield from _group("Errors", "errors", pages.errors.items(), present)
    yield from _group("Security", "security", pages.security.items(), present)
    for title, path in (("Limits", LIMITS_PAGE), ("Servers", SERVERS_PAGE)):
        if path in present:
            yield f"- [{title}]({path})"


def _group(
    title: str, folder: str, entries: Iterable[tuple[str, str]], present: frozenset[str]
) -> Iterator[str]:
    if f"{folder}/index.md" not in present:
        return
    yield f"- [{title}]({folder}/index.md)"
    for name, path in entries:
        yield f"    - [{inline(name)}]({path})"
