"""How bad each of oasdiff's results is for a trading API: our law, and the written exceptions.

oasdiff says of each of its checks which way the values travel and whether the set of values
got wider or narrower; severity follows from that by the same law as for our own rules. The
tables below name what the law cannot know, each group with its reason. A test holds them to
oasdiff's own list, so that a new version of it cannot change a verdict unseen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from venuekit.finding import Promise, Severity

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


class Check(msgspec.Struct, frozen=True):
    """What oasdiff says of one of its checks (`oasdiff checks changelog -f json`)."""

    id: str
    level: str
    direction: str
    effect: str


def _all(severity: Severity, *patterns: str) -> dict[str, Severity]:
    return dict.fromkeys(patterns, severity)


EXCEPTIONS: Mapping[str, Severity] = {
    # Removing after a deprecation that ran its course is what deprecation is for.
    **_all(INFO, "api(-path)?-removed-with-deprecation"),
    # What a server ignores in a request, or never sends in a response, hurts nobody.
    **_all(INFO, "request-read-only-property-.*", "response-write-only-property-.*"),
    # An answer that clients wait for is gone: narrower, and yet a loss.
    **_all(ERROR, "response-success-status-removed", "response-media-type-removed"),
    **_all(ERROR, "required-response-header-removed", "response-body-schema-became-false"),
    # Clients ask for a media type and skip headers they do not know.
    **_all(INFO, "response-media-type-added", "response-header-added"),
    **_all(INFO, "response-body-schema-became-not-false"),
    # A client has code for the class of a status; the new one may still surprise it.
    **_all(WARNING, "response-(non-)?success-status-added"),
    # SDKs keep unknown values, so a new one reaches the user as it came.
    **_all(WARNING, "response-.*enum-value-added"),
    # Nobody could count on an optional field, and many do.
    **_all(WARNING, "response-optional-property-removed", "optional-response-header-removed"),
    # What a request leaves out means something else: an order with another default.
    **_all(ERROR, "request-.*default-value-changed"),
    **_all(WARNING, "request-.*default-value-(added|removed)"),
    # The tag by which shapes are told apart decides how every message is decoded.
    **_all(ERROR, ".*-discriminator-property-name-changed", ".*-discriminator-mapping-changed"),
    **_all(ERROR, ".*-discriminator-(added|removed|mapping-deleted)"),
    # A client that signs in another way is locked out. One more alternative is harmless,
    # which is why the run itself judges `api-security-added` by what was public before.
    **_all(ERROR, "api-security-component-(type|oauth-(token-)?url)-changed"),
    **_all(ERROR, "api-security-component-(removed|oauth-scope-removed)"),
    **_all(WARNING, "api-security-component-oauth-scope-changed"),
    # The operation's id is the name of an SDK's method.
    **_all(ERROR, "api-operation-id-removed"),
}

PROMISES: Mapping[str, Promise] = {
    "api-operation-id-.*|api-schema-removed": Promise.SDK,
    "api-tag-.*|api-.*version-.*|.*-annotation-only|endpoint-.*": Promise.DOCS,
    ".*-default-value-.*": Promise.BEHAVIOUR,
    ".*(sunset|stability|deprecated|reactivated).*": Promise.BEHAVIOUR,
}


def severity_of(check: Check) -> Severity:
    """Return how bad a result of a check is."""
    for pattern, severity in EXCEPTIONS.items():
        if re.fullmatch(pattern, check.id):
            return severity
    return derived(check)


def derived(check: Check) -> Severity:
    """Apply the law: narrower hurts requests, wider hurts responses, the unknown is a warning."""
    match check.effect, check.direction:
        case ("incomparable" | "violation", _):
            return ERROR
        case ("narrows", "request" | "none") | ("widens", "response"):
            return ERROR
        case ("unknown", _):
            return WARNING
        case ("narrows" | "widens" | "none", _):
            return INFO
        case _:
            # A word that this table does not know must never look harmless.
            return ERROR


def promise_of(check_id: str) -> Promise:
    """Return which promise a result is about: bytes on the wire unless a table says otherwise."""
    for pattern, promise in PROMISES.items():
        if re.fullmatch(pattern, check_id):
            return promise
    return Promise.WIRE
