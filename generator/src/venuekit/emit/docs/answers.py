"""What comes back from a REST operation, status by status, and the examples of a body."""

from __future__ import annotations

from collections.abc import Iterable

from venuekit.contract import Content, RefSchema, Response
from venuekit.emit.docs.draw import examples, fields
from venuekit.emit.docs.site import Site
from venuekit.emit.docs.text import code, inline, prose
from venuekit.emit.docs.views import Answer

SHOWN_EXAMPLES = 2
"""More examples than these of one body would bury the page."""


def request_examples(contents: Iterable[Content]) -> str:
    """Draw the examples of a request body."""
    return _examples(contents)


def answers(site: Site, page: str, responses: Iterable[Response]) -> tuple[Answer, ...]:
    """Return the answers of an operation; a shape that was shown before is not shown again."""
    shown: set[str] = set()
    found = []
    for response in responses:
        is_success = response.status.startswith("2")
        body = next((c for c in response.contents if c.schema is not None), None)
        name = body.schema.name if body and isinstance(body.schema, RefSchema) else None
        table = ""
        if body is not None and body.schema is not None and is_success and name not in shown:
            table = fields(site.shapes(page).rows(body.schema, f"res.{response.status}"))
            shown |= {name} if name is not None else set()
        found.append(
            Answer(
                heading=inline(response.status),
                text=prose(response.description),
                type=_type(site, page, response),
                headers=_headers(site, page, response),
                fields=table,
                examples=_examples(response.contents),
            )
        )
    return tuple(found)


def _type(site: Site, page: str, response: Response) -> str:
    shapes = site.shapes(page)
    kinds = [
        f"{code(content.media_type)}: {shapes.type_words(content.schema)}"
        for content in response.contents
        if content.schema is not None
    ]
    return "\n\n".join(kinds)


def _headers(site: Site, page: str, response: Response) -> str:
    shapes = site.shapes(page)
    return fields(
        shapes.row(header.name, f"res.{response.status}.header", header.schema, header.is_required)
        for header in response.headers
    )


def _examples(contents: Iterable[Content]) -> str:
    values = [("Example:", example) for content in contents for example in content.examples]
    return examples(values[:SHOWN_EXAMPLES])
