"""The reference of a package: a page for each method, in Markdown, beside the code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from venuekit.emit.choosing import digest

FOLDER = "docs"

LONGEST = 200
"""How long a page's name may be, in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the page of one method says; every text is safe for Markdown already.

    `rows` are the inputs: name, type, whether it is needed, and what it is.
    """

    name: str
    client: str
    language: str
    signature: str
    wire: str
    words: tuple[str, ...] = ()
    rows: tuple[tuple[str, str, str, str], ...] = ()
    result: str = ""
    errors: tuple[str, ...] = ()
    formers: tuple[str, ...] = ()
    iterator: str = ""


def page_files(pages: Iterable[Page]) -> dict[str, str | bytes]:
    """Return the file of each page."""
    listed = list(pages)
    names = page_names(page.name for page in listed)
    return {names[page.name]: page_text(page) for page in listed}


def page_names(methods: Iterable[str]) -> dict[str, str]:
    """Return the path of each method's page; names that differ in case alone stay apart.

    Some file systems take `getorder.md` and `getOrder.md` for one, and none takes a name of any
    length.
    """
    found: dict[str, str] = {}
    seen: set[str] = set()
    for name in dict.fromkeys(methods):
        is_free = name.lower() not in seen and len(name.encode()) <= LONGEST
        stem = name if is_free else f"{name[: LONGEST // 4]}-{digest(name)}"
        seen.add(stem.lower())
        found[name] = f"{FOLDER}/{stem}.md"
    return found


def is_plain_page(path: str, method: str) -> bool:
    """Say whether a page has the path that its method has alone, without others beside it."""
    return path == f"{FOLDER}/{method}.md"


def link(method: str, shown: str, names: Mapping[str, str]) -> str:
    """Return a method's name as code that leads to its page."""
    return f"[`{shown}`]({names[method]})" if method in names else f"`{shown}`"


def page_text(page: Page) -> str:
    """Return the Markdown of one page."""
    parts = [f"# `{page.client}.{page.name}`", f"`{page.wire}`", *(w for w in page.words if w)]
    parts.append(f"```{page.language}\n{page.signature}\n```")
    if page.rows:
        head = "| input | type | | |\n|---|---|---|---|\n"
        parts.append(head + "\n".join(f"| {' | '.join(row)} |" for row in page.rows))
    if page.result:
        parts.append(f"Returns `{page.result}`.")
    if page.iterator:
        parts.append(f"`{page.iterator}` takes the same and yields every item, page by page.")
    if page.errors:
        parts.append("Raises " + ", ".join(f"`{error}`" for error in page.errors) + ".")
    if page.formers:
        names = ", ".join(f"`{former}`" for former in page.formers)
        parts.append(f"Was called {names}; that goes on, and is deprecated.")
    return "\n\n".join(parts) + "\n"


def code_cell(text: str) -> str:
    """Return code for a cell of a table."""
    flat = " ".join(text.split()).replace("`", "'").replace("|", "\\|")
    return f"`{flat}`" if flat else ""
