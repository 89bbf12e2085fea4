"""The page of one error code: cause, whether a repeat can help, cure, how to see it."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import ErrorCode, RetryClass
from venuekit.emit.docs.draw import bullets, draw, grid
from venuekit.emit.docs.site import Site, origin_words
from venuekit.emit.docs.text import inline, prose
from venuekit.emit.docs.views import ErrorPage

RETRY_SENTENCES = {
    RetryClass.NEVER: "No. The same request can never succeed.",
    RetryClass.AFTER_FIX: "Only after the request was changed.",
    RetryClass.AFTER_DELAY: "Yes, after a wait.",
    RetryClass.RESOLVE: "The outcome is unknown. Look it up before anything else is sent.",
}


def error_page(site: Site, error: ErrorCode) -> str:
    """Return the page of an error code."""
    page = site.pages.errors[error.code]
    raising = [o for o in site.contract.operations if error.code in o.errors]
    view = ErrorPage(
        title=inline(error.code),
        cause=prose(error.cause),
        facts=grid(("Fact", "Value"), _facts(error)),
        action=prose(error.action),
        provoke=prose(error.provoke),
        operations=bullets(site.operation_link(page, operation) for operation in raising)
        or "No operation states it: it belongs to requests that reach none.",
        origin=origin_words(error.origin),
    )
    return draw("error", view)


def _facts(error: ErrorCode) -> Iterator[tuple[str, str]]:
    if error.http_status is not None:
        yield "HTTP status", str(error.http_status)
    yield "Send it again?", RETRY_SENTENCES[error.retry]
