"""The page of one operation, over whichever wire it goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from venuekit.contract import (
    Action,
    ChannelBinding,
    Effect,
    FixBinding,
    HttpBinding,
    LimitBucket,
    Operation,
    Parameter,
    RetryClass,
    WebhookBinding,
    Wire,
)
from venuekit.contract.walk import resolve
from venuekit.emit.docs.answers import answers, request_examples
from venuekit.emit.docs.conversation import conversation
from venuekit.emit.docs.draw import bullets, draw, fields, grid, part
from venuekit.emit.docs.pages import anchor, link, link_to
from venuekit.emit.docs.site import WIRE_WORDS, Site, origin_words
from venuekit.emit.docs.text import cell, code, inline, prose
from venuekit.emit.docs.views import FieldRow, OperationPage, Sample, Samples

LIMITS_PAGE = "limits.md"
RETRY_WORDS = {
    RetryClass.NEVER: "no",
    RetryClass.AFTER_FIX: "after a fix",
    RetryClass.AFTER_DELAY: "after a wait",
    RetryClass.RESOLVE: "unknown outcome: look it up first",
}
SCOPE_WORDS = {
    "ip": "the network address",
    "key": "the key",
    "account": "the account",
    "connection": "the connection",
}
SAMPLE_TABS = (
    ("python", "Python", "python"),
    ("typescript", "TypeScript", "typescript"),
    ("curl", "curl", "bash"),
)


def operation_page(site: Site, operation: Operation) -> str:
    """Return the page of an operation."""
    page = site.pages.operation(operation)
    binding = operation.binding
    http = binding if isinstance(binding, HttpBinding | WebhookBinding) else None
    shapes = site.shapes(page)
    contents = http.body.contents if http is not None and http.body is not None else ()
    first = next((c.schema for c in contents if c.schema is not None), None)
    view = OperationPage(
        title=inline(operation.name),
        signature=_signature(site, operation, page),
        badges=" · ".join(_badges(site, operation, page)),
        summary=prose(operation.summary),
        description=prose(operation.description),
        elsewhere=_elsewhere(site, operation, page),
        heading=_heading(operation),
        inputs=fields(parameter_row(site, page, p) for p in http.parameters) if http else "",
        body=_body(site, http, page) if http else "",
        body_fields=fields(shapes.rows(first, "req")) if first is not None else "",
        body_examples=request_examples(contents),
        messages=_messages(site, operation, page),
        replies=_replies(site, operation, page),
        samples=_samples(site, operation),
        answers=answers(site, page, http.responses) if http else (),
        errors=_errors(site, operation, page),
        limits=_limits(site, operation, page),
        notes=bullets(_notes(operation)),
        origin=origin_words(operation.origin),
    )
    return draw("operation", view)


def _heading(operation: Operation) -> str:
    if isinstance(operation.binding, WebhookBinding):
        return "What the venue sends"
    return "Messages" if operation.action is Action.RECEIVE else "Request"


def parameter_row(
    site: Site, page: str, parameter: Parameter, place: str | None = None
) -> FieldRow:
    """Return the row of a parameter, which says where it stands."""
    shapes = site.shapes(page)
    place = place or parameter.location.value
    words = [cell(parameter.description), shapes.words(parameter.schema)]
    if parameter.description == (
        resolve(site.contract, parameter.schema).notes.description
        or parameter.schema.notes.description
    ):
        words = words[1:]
    if parameter.is_deprecated:
        words.append("**Deprecated.**")
    return FieldRow(
        anchor=anchor(f"req.{place}.{parameter.name}"),
        name=f"{code(parameter.name)} ({place})",
        type=shapes.type_words(parameter.schema),
        required="yes" if parameter.is_required else "no",
        text=" ".join(word for word in words if word),
    )


def _signature(site: Site, operation: Operation, page: str) -> str:
    match operation.binding:
        case HttpBinding(method=method, path=path):
            return code(f"{method} {path}")
        case ChannelBinding(channel=key) | FixBinding(channel=key):
            verb = {
                Action.REQUEST: "You send, and a reply comes,",
                Action.SEND: "You send",
                Action.RECEIVE: "You receive",
            }[operation.action]
            channel = site.contract.channels[key]
            return f"{verb} on the channel {link_to(page, site.pages.channels[key], channel.name)}."
        case WebhookBinding() as call:
            return _call_signature(site, call, page)
        case _:
            assert_never(operation.binding)


def _call_signature(site: Site, call: WebhookBinding, page: str) -> str:
    """Say who calls whom, and where: a callback has an address, a webhook is registered."""
    told = f"The venue calls you: {code(f'{call.method} {call.address or call.name}')}."
    asker = site.contract.operation(call.asked_by, Wire.REST) if call.asked_by else None
    if asker is not None:
        link = link_to(page, site.pages.operation(asker), asker.name)
        return f"{told} You ask for it by {link}."
    return f"{told} The responses below are what you may answer."


def _badges(site: Site, operation: Operation, page: str) -> Iterator[str]:
    yield f"**{WIRE_WORDS[operation.wire]}**"
    if operation.effect is not None:
        yield f"effect {code(operation.effect.value)}"
    yield _security(site, operation, page)
    for cost in operation.limits:
        yield f"cost {cost.weight} of {code(cost.bucket)}"
    if operation.stability is not None:
        yield f"stability {code(operation.stability.value)}"
    if operation.is_deprecated:
        yield "**deprecated**"
    if operation.sunset is not None:
        yield f"may be gone from {inline(operation.sunset)}"


def _security(site: Site, operation: Operation, page: str) -> str:
    alternatives = []
    for requirement in operation.security:
        names = [
            link_to(page, site.pages.security[name], name)
            if name in site.pages.security
            else code(name)
            for name, _scopes in requirement.schemes
        ]
        alternatives.append(" and ".join(names) or "nobody's key")
    return f"signed with {' or '.join(alternatives)}" if alternatives else "public"


def _elsewhere(site: Site, operation: Operation, page: str) -> str:
    others = [
        link(page, site.pages.operation(other), WIRE_WORDS[other.wire])
        for other in site.contract.operations
        if other.name == operation.name and other.wire is not operation.wire
    ]
    return f"The same operation over other wires: {', '.join(others)}." if others else ""


def _body(site: Site, http: HttpBinding | WebhookBinding, page: str) -> str:
    if http.body is None:
        return "" if http.parameters else "The request has no parameters and no body."
    shapes = site.shapes(page)
    kinds = [
        f"{code(content.media_type)}: "
        + (shapes.type_words(content.schema) if content.schema else "any bytes")
        for content in http.body.contents
    ]
    demand = "required" if http.body.is_required else "optional"
    words = cell(http.body.description)
    return f"**Body** ({demand}). {words}\n\n{bullets(kinds)}"


def _messages(site: Site, operation: Operation, page: str) -> str:
    match operation.binding:
        case HttpBinding() | WebhookBinding():
            return ""
        case ChannelBinding(messages=keys) | FixBinding(messages=keys):
            return conversation(site, page, keys)
        case _:
            assert_never(operation.binding)


def _replies(site: Site, operation: Operation, page: str) -> str:
    match operation.binding:
        case HttpBinding() | WebhookBinding() | ChannelBinding(reply=None) | FixBinding(reply=None):
            return ""
        case ChannelBinding(reply=reply) | FixBinding(reply=reply):
            return conversation(site, page, reply.messages) if reply is not None else ""
        case _:
            assert_never(operation.binding)


def _samples(site: Site, operation: Operation) -> str:
    if not isinstance(operation.binding, HttpBinding):
        return ""
    files = site.samples.get(operation.name, {})
    tabs = tuple(
        Sample(label=label, language=colours, file=files[key])
        for key, label, colours in SAMPLE_TABS
        if key in files
    )
    return part("samples", Samples(samples=tabs)) if tabs else ""


def _errors(site: Site, operation: Operation, page: str) -> str:
    rows = []
    for name in operation.errors:
        error = site.contract.errors.get(name)
        if error is None:
            rows.append((code(name), "", "", "", ""))
            continue
        rows.append(
            (
                link_to(page, site.pages.errors[name], name),
                str(error.http_status or ""),
                cell(error.cause),
                RETRY_WORDS[error.retry],
                cell(error.action),
            )
        )
    return grid(("Code", "Status", "When", "Again?", "What to do"), rows)


def _limits(site: Site, operation: Operation, page: str) -> str:
    rows = []
    for cost in operation.limits:
        bucket = site.contract.limits.get(cost.bucket)
        name = link(page, LIMITS_PAGE, inline(cost.bucket), anchor(cost.bucket))
        rows.append((name, str(cost.weight), *budget(bucket)) if bucket else (code(cost.bucket),))
    return grid(("Bucket", "This takes", "Budget", "Counted for"), rows)


def budget(bucket: LimitBucket) -> tuple[str, str]:
    """Return what a bucket holds and whose it is."""
    seconds = bucket.window_ms / 1000
    return f"{bucket.capacity} in {seconds:g} s", SCOPE_WORDS[bucket.scope]


def _notes(operation: Operation) -> Iterator[str]:
    if isinstance(operation.binding, WebhookBinding):
        yield "It may come again after a lost answer: act once on what it tells."
        return
    match operation.effect:
        case Effect.READ:
            yield "It reads and changes nothing. A repeat is safe."
        case Effect.CREATE if operation.dedup_key is not None:
            yield (
                f"It creates. A repeat with the same {code(operation.dedup_key)} is safe and "
                "creates nothing twice."
            )
        case Effect.CREATE:
            yield "It creates, and nothing tells a repeat from a second wish: never send it twice."
        case Effect.REPLACE:
            yield "It replaces. A repeat of the same replacement leads to the same end."
        case Effect.CANCEL:
            yield "It cancels. A repeat changes nothing more."
        case None:
            yield "The contract does not say what it changes; treat a repeat as unsafe."
        case _:
            assert_never(operation.effect)
    if operation.effect not in (Effect.READ, None):
        yield "Without an answer the outcome is unknown. Find it out before anything else is sent."
