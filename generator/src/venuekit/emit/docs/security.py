"""The page of one security scheme: for a signed one, every step and every worked vector."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from venuekit.contract import (
    ApiKeyScheme,
    HttpScheme,
    JsonValue,
    OtherScheme,
    SecurityScheme,
    SignedScheme,
)
from venuekit.contract.session import Session, SessionCall
from venuekit.contract.signing import (
    Argument,
    Call,
    Clock,
    Expression,
    Literal,
    Members,
    Moment,
    Nonce,
    NonceKind,
    Reference,
    SignedWire,
    SigningScheme,
    StructTypes,
    TimeKind,
    Use,
    Vector,
)
from venuekit.emit.docs.draw import draw, grid
from venuekit.emit.docs.site import Site, origin_words
from venuekit.emit.docs.text import block, cell, code, inline, prose, value_code
from venuekit.emit.docs.views import SecurityPage, SignedUse, VectorView

USE_HEADINGS = {
    SignedWire.REST: "Over REST",
    SignedWire.WEBSOCKET: "Over WebSocket",
    SignedWire.FIX: "Over FIX",
    SignedWire.WEBHOOK: "In calls that the venue makes",
}
MOMENT_WORDS = {
    Moment.REQUEST: "Each request is signed.",
    Moment.MESSAGE: "Each message is signed.",
    Moment.CONNECTION: "Each connection is signed once.",
}
VECTOR_STEPS = ("string_to_sign", "expected")
"""Members of a vector that have a place of their own on the page."""
VECTOR_ABOUT = (
    *("id", "venue", "scheme", "transport", "algorithm", "kind", "verified", "oracle", "notes"),
    *("oracle_agrees", "oracle_value", "placed_in", "source", "inputs", "secret_encoding"),
)


def security_page(site: Site, name: str, scheme: SecurityScheme) -> str:
    """Return the page of a security scheme."""
    signing = scheme.signing if isinstance(scheme, SignedScheme) else None
    description = scheme.description or (signing.description if signing is not None else None)
    view = SecurityPage(
        title=inline(name),
        description=prose(description),
        facts=grid(("Fact", "Value"), _facts(scheme)),
        credentials=_credentials(signing) if signing is not None else "",
        session=_session(signing.session) if signing is not None and signing.session else "",
        steps=_steps(signing) if signing is not None else "",
        uses=tuple(_use(use) for use in signing.uses) if signing is not None else (),
        vectors=tuple(_vector(v) for v in signing.vectors) if signing is not None else (),
        origin=origin_words(scheme.origin),
    )
    return draw("security", view)


def _facts(scheme: SecurityScheme) -> Iterator[tuple[str, str]]:
    match scheme:
        case SignedScheme(signing=signing):
            if signing.title:
                yield "Scheme", inline(signing.title)
            if signing.clock is not None:
                yield "Time", _clock(signing.clock)
            if signing.nonce is not None:
                yield "Nonce", _nonce(signing.nonce)
        case ApiKeyScheme(location=location, parameter=parameter):
            yield "Kind", "a key that is sent as it is"
            yield "Stands in", f"{location} {code(parameter) if parameter else ''}".strip()
        case HttpScheme(scheme=word, bearer_format=form):
            yield "Kind", f"HTTP authentication, {code(word)}"
            if form:
                yield "Format", inline(form)
        case OtherScheme(type=kind):
            yield "Kind", code(kind)
        case _:
            assert_never(scheme)


def _clock(clock: Clock) -> str:
    words = [code(clock.format.value)]
    if clock.kind is TimeKind.DEADLINE:
        words.append("a deadline")
        if clock.lifetime_ms is not None:
            words.append(f"{clock.lifetime_ms} ms ahead")
    if clock.window_ms is not None:
        words.append(f"accepted for {clock.window_ms} ms")
    if clock.future_ms is not None:
        words.append(f"and at most {clock.future_ms} ms ahead of the venue's clock")
    return ", ".join(words)


def _nonce(nonce: Nonce) -> str:
    match nonce.kind:
        case NonceKind.RANDOM:
            return f"{nonce.byte_count} random bytes, written as {nonce.encoding}"
        case NonceKind.UUID:
            return "a random UUID"
        case NonceKind.INCREASING:
            return f"a number that always grows, such as {code(nonce.format.value)}"
        case NonceKind.SERVER:
            return "given by the venue"
        case _:
            assert_never(nonce.kind)


def _credentials(signing: SigningScheme) -> str:
    rows = [
        (
            code(credential.name),
            code(credential.decoding.value),
            "secret" if credential.is_secret else "public",
            cell(credential.description),
        )
        for credential in signing.credentials
    ]
    return grid(("Name", "Read as", "Kept", "Meaning"), rows)


def _session(session: Session) -> str:
    """Return the table of a session: what leads it, how long it lasts, what ends it."""
    words = {"open": "Opened by", "refresh": "Refreshed by", "close": "Closed by"}
    rows = [(words[role], _call(call)) for role, call in session.calls]
    if session.every_ms is not None:
        rows.append(("Refreshed every", f"{session.every_ms} ms"))
    if session.lifetime_ms is not None:
        rows.append(("Lasts", f"{session.lifetime_ms} ms"))
    if session.expires_in is not None:
        place, unit = ".".join(session.expires_in.place), session.expires_in.unit
        rows.append(("Lasts", f"as {code(place)} of the reply says, in {unit}"))
    if session.expires_at is not None:
        place, form = ".".join(session.expires_at.place), session.expires_at.format
        rows.append(("Lasts", f"until {code(place)} of the reply, as {code(form.value)}"))
    rows += [
        (f"Gives {code(f'${given.name}')}", f"{code('.'.join(given.place))} of the reply")
        for given in session.gives
    ]
    if session.is_single_use:
        rows.append(("Lasts", "for one request: each asks for its own"))
    if session.server is not None:
        place, hosts = ".".join(session.server.place), ", ".join(map(code, session.server.hosts))
        rows.append(("Names the socket's server", f"{code(place)} of the reply, below {hosts}"))
    ending = session.ended_by
    if ending is not None:
        said = [*map(str, ending.statuses), *ending.codes, *ending.messages]
        rows.append(("Ended by", ", ".join(map(code, said))))
    return grid(("Fact", "Value"), rows)


def _call(call: SessionCall) -> str:
    given = [
        f"{code(a.name)} is {code(f'${a.reference}' if a.reference else str(a.constant))}"
        for a in call.arguments
    ]
    return code(call.operation) + (f", where {', '.join(given)}" if given else "")


def _steps(signing: SigningScheme) -> str:
    rows = [(code(step.name), code(expression_text(step.expression))) for step in signing.steps]
    return grid(("Step", "Is"), rows)


def expression_text(expression: Expression) -> str:
    """Return an expression as a formula: `hex(sha256($body))`."""
    match expression:
        case Literal(text=text):
            return '"' + text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"') + '"'
        case Reference(name=name):
            return f"${name}"
        case Call(operator=operator, arguments=((_only, argument),)):
            return f"{operator}({_argument_text(argument)})"
        case Call(operator=operator, arguments=arguments):
            inside = ", ".join(f"{name}: {_argument_text(value)}" for name, value in arguments)
            return f"{operator}({inside})"
        case _:
            assert_never(expression)


def _argument_text(argument: Argument) -> str:
    match argument:
        case Literal() | Reference() | Call():
            return expression_text(argument)
        case Members(items=items):
            return "{" + ", ".join(f"{k}: {expression_text(v)}" for k, v in items) + "}"
        case StructTypes(items=items):
            return "{" + ", ".join(name for name, _fields in items) + "}"
        case tuple():
            inside = (a if isinstance(a, str) else expression_text(a) for a in argument)
            return f"[{', '.join(inside)}]"
        case str():
            return expression_text_of(argument)
        case int():
            return str(argument)
        case _:
            assert_never(argument)


def expression_text_of(word: str) -> str:
    """Return a plain argument: a name as it is, anything else in quotes."""
    if word.isidentifier():
        return word
    return '"' + word.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"') + '"'


def _use(use: Use) -> SignedUse:
    words = [MOMENT_WORDS[use.moment]]
    if use.operation:
        words.append(f"The operation {code(use.operation)} carries it.")
    for name, expression in use.bindings:
        words.append(f"{code(f'${name}')} is {code(expression_text(expression))}.")
    rows = [
        (f"{place.slot.value} {code(place.name)}", code(expression_text(place.value)))
        for place in use.placements
    ]
    return SignedUse(
        heading=USE_HEADINGS[use.wire],
        text=" ".join(words),
        places=grid(("Place", "Holds"), rows),
    )


def _vector(vector: Vector) -> VectorView:
    document = vector.document
    stated = document.get("inputs")
    inputs: Mapping[str, JsonValue] = stated if isinstance(stated, dict) else {}
    between = [
        (code(name), value_code(value))
        for name, value in document.items()
        if name not in (*VECTOR_ABOUT, *VECTOR_STEPS, "secret") and value is not None
    ]
    secret = [(code("secret"), value_code(document["secret"]))] if document.get("secret") else []
    return VectorView(
        heading=inline(vector.id) + ("" if vector.is_verified else " (not verified)"),
        inputs=grid(
            ("Input", "Value"), [*((code(k), value_code(v)) for k, v in inputs.items()), *secret]
        ),
        canonical=_canonical(document.get("string_to_sign")),
        steps=grid(
            ("Result", "Value"),
            [*between, (code("signature"), value_code(document.get("expected")))],
        ),
    )


def _canonical(text: JsonValue) -> str:
    if not isinstance(text, str):
        return ""
    return f"The string that is signed, {len(text.encode())} bytes:\n\n{block(text)}"
