"""Files that an edit makes, drops or recounts whole: a method's page, and the changelog."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from venuekit.contract import Counts
from venuekit.emit.changelog import counted
from venuekit.emit.reference import FOLDER, is_plain_page
from venuekit.rebuild.blocks import Block, Cut
from venuekit.rebuild.unsure import UnsureError

CHANGELOG = "CHANGELOG.md"
SECTION = "page"


def page_cut(path: str, text: str, owners: Mapping[str, tuple[str, str]]) -> Cut | None:
    """Return the page of a method as one block; None where its name alone does not give its path.

    That is so for names that differ in case alone, of which the first one has the plain path.
    """
    name = path.removeprefix(f"{FOLDER}/").removesuffix(".md")
    if name not in owners or not is_plain_page(path, name):
        return None
    return Cut("", "", (Block(name, SECTION, owners[name][1], text),), "")


def is_page(path: str) -> bool:
    """Say whether a file is a page of one method."""
    return path.startswith(f"{FOLDER}/")


def spliced_pages(
    whole: Mapping[str, Cut],
    before: Mapping[str, Cut],
    after: Mapping[str, Cut],
    edited: Collection[str],
) -> dict[str, Cut]:
    """Return the pages after an edit. Raises UnsureError unless the others stay as they are."""
    pages = [{p: one for p, one in files.items() if is_page(p)} for files in (whole, before, after)]
    if any(pages[0].get(path) != one for path, one in pages[1].items()):
        raise UnsureError("a page is another one in the whole")
    others = [{p: one for p, one in part.items() if _owner(one) not in edited} for part in pages]
    if others[1] != others[2]:
        raise UnsureError("the edit changes a page of what was not edited")
    own = {path: one for path, one in pages[2].items() if _owner(one) in edited}
    found = {**others[0], **own}
    if len({path.lower() for path in found}) < len(others[0]) + len(own):
        raise UnsureError("two pages differ in case alone")
    return found


def recounted(text: str, old: Counts, new: Counts) -> str:
    """Return a changelog with other counts. Raises UnsureError where they do not stand in it."""
    found = text.split(counted(old))
    if len(found) != 2:
        raise UnsureError(f"the changelog does not say {counted(old)}")
    return counted(new).join(found)


def _owner(page: Cut) -> str:
    return page.blocks[0].operation
