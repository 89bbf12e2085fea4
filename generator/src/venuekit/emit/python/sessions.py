"""Sessions to descriptors: what opens, keeps and ends them, as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from venuekit.contract import JsonValue, Message
from venuekit.contract.session import ExpiresAt, ExpiresIn, ServerPlace, Session, SessionCall
from venuekit.contract.signing import SigningScheme
from venuekit.contract.walk import session_schemes
from venuekit.emit.naming import constant, pascal
from venuekit.emit.python.context import Context
from venuekit.emit.python.findings import not_emitted
from venuekit.emit.python.frames import place_source, tag
from venuekit.emit.python.rest import RestOperation, descriptor_source
from venuekit.emit.python.text import literal, tuple_text
from venuekit.emit.python.views import DescriptorView
from venuekit.emit.signing.views import asks_nothing
from venuekit.finding import Finding

ALL = "SESSIONS"


def emit_sessions(
    context: Context, operations: Sequence[RestOperation]
) -> tuple[list[DescriptorView], list[Finding]]:
    """Return a descriptor for each session, then the tuple of all; and what is not carried."""
    writer = _Writer(context, {one.operation.name: one for one in operations})
    found = [writer.descriptor(*pair) for pair in session_schemes(context.contract)]
    if found:
        names = tuple_text(view.name for view in found)
        kind = "tuple[SessionRule, ...]"
        found.append(DescriptorView(name=ALL, annotation=kind, source=names))
    return found, writer.findings


class _Writer:
    def __init__(self, context: Context, operations: dict[str, RestOperation]) -> None:
        self._context = context
        self._operations = operations
        self.findings: list[Finding] = []

    def descriptor(self, scheme: SigningScheme, session: Session) -> DescriptorView:
        ending, values = session.ended_by, scheme.given_by_session
        calls = {role: self._call(call, values) for role, call in session.calls}
        gives = [f"({literal(g.name)}, {place_source(g.place)})" for g in session.gives]
        lifetime, every = session.lifetime_ms, session.every_ms
        members = {
            "scheme": literal(scheme.name),
            "open": calls["open"],
            "gives": tuple_text(gives),
            "is_single_use": "True" if session.is_single_use else "",
            "server": _server(session.server),
            "lifetime_s": _seconds(lifetime) if lifetime is not None else "",
            "expiry": _expiry(session.expires_in or session.expires_at),
            "refresh": calls.get("refresh", ""),
            "every_s": _seconds(every) if every is not None else "",
            "close": calls.get("close", ""),
        }
        if ending is not None:
            members["ended_statuses"] = tuple_text(map(str, ending.statuses))
            members["ended_codes"] = tuple_text(map(literal, ending.codes))
            members["ended_events"] = tuple_text(self._events(ending.messages, session))
        if asks_nothing(scheme):
            place = literal(f"{self._context.package}.signing")
            name = literal(f"{pascal(scheme.name)}Credentials")
            members["credentials"] = f"TypeRef({place}, {name})"
        return DescriptorView(
            name=constant(scheme.name),
            annotation="SessionRule",
            source=descriptor_source("SessionRule", members),
        )

    def _call(self, call: SessionCall, values: frozenset[str]) -> str:
        one = self._operations[call.operation]
        given = self._given_names(one)
        rows: dict[str, list[str]] = {"constants": [], "parts": [], "values": []}
        for argument in call.arguments:
            if argument.name not in given:
                fact = f"the session's argument {argument.name!r} is no argument in Python"
                help_text = "describe the body as an object whose members are named"
                self.findings.append(not_emitted(fact, argument.origin, help_text))
                continue
            name = literal(given[argument.name])
            if argument.reference is None:
                rows["constants"].append(f"({name}, {_constant(argument.constant)})")
            else:
                kind = "values" if argument.reference in values else "parts"
                rows[kind].append(f"({name}, {literal(argument.reference)})")
        place = self._context.constants[call.operation]
        parts = [f"operation=operations.{place}"]
        parts += [f"{kind}={tuple_text(pairs)}" for kind, pairs in rows.items() if pairs]
        return f"SessionCall({', '.join(parts)})"

    @staticmethod
    def _given_names(one: RestOperation) -> dict[str, str]:
        return {item.name: item.argument for item in one.inputs}

    def _events(self, names: Sequence[str], session: Session) -> Iterator[str]:
        for message in self._messages(names):
            found = tag(self._context.types, message)
            if found is None:
                fact = f"nothing tells the message {message.key!r}, which ends a session, apart"
                help_text = "give one of its fields a const"
                self.findings.append(not_emitted(fact, session.origin, help_text))
                continue
            yield f"Event(None, {place_source(found[0])}, {literal(found[1])})"

    def _messages(self, names: Sequence[str]) -> Iterator[Message]:
        contract = self._context.contract
        keys = dict.fromkeys(
            key
            for channel in contract.channels.values()
            for name, key in channel.messages
            if name in names
        )
        yield from (contract.messages[key] for key in keys)


def _server(stated: ServerPlace | None) -> str:
    if stated is None:
        return ""
    hosts = tuple_text(map(literal, stated.hosts))
    return f"ServerPlace(place={place_source(stated.place)}, hosts={hosts})"


def _expiry(stated: ExpiresIn | ExpiresAt | None) -> str:
    if stated is None:
        return ""
    unit = stated.unit if isinstance(stated, ExpiresIn) else stated.format
    return f"Expiry(place={place_source(stated.place)}, unit={literal(str(unit))})"


def _seconds(milliseconds: int) -> str:
    return str(milliseconds / 1000)


def _constant(value: JsonValue) -> str:
    if isinstance(value, Decimal):
        return f"Decimal({literal(str(value))})"
    assert value is None or isinstance(value, str | int | bool)
    return literal(value)
