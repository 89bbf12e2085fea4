"""Reads the `session` of `x-signing`, with a finding and its place for each mistake."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from venuekit.contract.schema import JsonValue
from venuekit.contract.session import (
    Ending,
    ExpiresAt,
    ExpiresIn,
    Given,
    InstantFormat,
    ServerPlace,
    Session,
    SessionArgument,
    SessionCall,
    SpanUnit,
)
from venuekit.contract.signing import Credential, Input, InputSource, Moment, Nonce, NonceKind
from venuekit.load.signing_expressions import describe, suggestion
from venuekit.load.signing_parts import PartReader
from venuekit.origin import Origin

_MEMBERS = frozenset(
    (
        *("open", "gives", "per", "server", "lifetime_ms", "expires_in", "expires_at"),
        *("refresh", "close", "ended_by"),
    )
)
_EXPIRIES = ("lifetime_ms", "expires_in", "expires_at")
_LASTING = (*_EXPIRIES, "refresh", "close", "server")
# A domain with at least two labels, in lower case (RFC 1123, 2.1); its last is no number.
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")


@dataclass(slots=True)
class SessionReader:
    """Reads one session; what it refers to in the contract is judged when that is whole."""

    parts: PartReader
    credentials: tuple[Credential, ...]
    inputs: tuple[Input, ...]
    nonce: Nonce | None

    def read(self, value: JsonValue, origin: Origin) -> Session | None:
        """Return the session, or None where the scheme has none."""
        if value is None:
            return None
        part = self.parts.mapping(value, origin, "session", _MEMBERS)
        for required in ("open", "gives"):
            if required not in part:
                self._add(
                    origin, f"the session lacks {required!r}", "The reference page shows a session."
                )
        gives = self._gives(part.get("gives", {}), origin.child("gives"))
        held = {c.name for c in self.credentials}
        held |= {i.name for i in self.inputs if i.source is InputSource.SETTING}
        given = {g.name for g in gives}
        opening = self._call(part.get("open", {}), origin.child("open"), "open", held)
        refresh, close = (
            self._call(part[role], origin.child(role), role, held | given) if role in part else None
            for role in ("refresh", "close")
        )
        session = Session(
            open=opening,
            gives=gives,
            is_single_use=self._is_single_use(part, origin),
            server=self._server(part.get("server"), origin.child("server")),
            lifetime_ms=self.parts.count(part, "lifetime_ms", origin),
            expires_in=self._expires_in(part.get("expires_in"), origin.child("expires_in")),
            expires_at=self._expires_at(part.get("expires_at"), origin.child("expires_at")),
            refresh=refresh,
            every_ms=self._every(part.get("refresh"), origin.child("refresh")),
            close=close,
            ended_by=self._ending(part.get("ended_by"), origin.child("ended_by")),
            origin=origin,
        )
        self._judge(session, [name for name in _EXPIRIES if name in part])
        return session

    def _judge(self, session: Session, expiries: list[str]) -> None:
        """Report what contradicts itself."""
        if len(expiries) > 1:
            self._add(
                session.origin.child(expiries[1]),
                f"the session says in {len(expiries)} ways when it expires: {', '.join(expiries)}",
                "Keep the one that the venue promises.",
            )
        lifetime, every = session.lifetime_ms, session.every_ms
        if lifetime is not None and every is not None and every >= lifetime:
            self._add(
                session.origin.child("refresh").child("every_ms"),
                f"a refresh every {every} ms comes after the session expired, at {lifetime} ms",
                "Refresh at half of the lifetime, so that a refresh that fails can be repeated.",
            )
        if lifetime == 0:
            self._add(
                session.origin.child("lifetime_ms"),
                "a session that lasts 0 ms can never be used",
                "Leave lifetime_ms away where a session lasts until the venue ends it.",
            )

    def _is_single_use(self, part: Mapping[str, JsonValue], origin: Origin) -> bool:
        """Read `per`: a session serves all requests for a while, or each has one of its own."""
        if "per" not in part:
            return False
        if part["per"] != Moment.REQUEST:
            self._add(
                origin.child("per"),
                f"a session is opened per request or for a while, not per {describe(part['per'])}",
                "Write per: request, or leave it away.",
            )
            return False
        for name in _LASTING:
            if name in part:
                self._add(
                    origin.child(name),
                    f"{name!r} is of no use in a session that is opened for each request",
                    f"Leave {name} away, or per where one opening serves several requests.",
                )
        return True

    def _server(self, value: JsonValue, origin: Origin) -> ServerPlace | None:
        if value is None:
            return None
        part = self.parts.mapping(value, origin, "server", frozenset(("field", "hosts")))
        place = self._place(part.get("field"), origin.child("field"))
        hosts = [h for h in self._listed(part, "hosts", origin, (str,)) if isinstance(h, str)]
        if not part.get("hosts"):
            self._add(
                origin,
                "the server does not say which hosts a reply may name",
                "Add hosts: [venue.example], the domains of the venue: a token goes to no other.",
            )
        for host in hosts:
            if _DOMAIN.fullmatch(host) is None:
                self._add(
                    origin.child("hosts"),
                    f"{host!r} is no domain of a venue",
                    "Write at least two labels in lower case, without scheme, port or star: what"
                    " lies below is allowed as well.",
                )
        return ServerPlace(place=place, hosts=tuple(hosts), origin=origin)

    def _gives(self, value: JsonValue, origin: Origin) -> tuple[Given, ...]:
        sources = {i.name for i in self.inputs if i.source is InputSource.SESSION}
        if self.nonce is not None and self.nonce.kind is NonceKind.SERVER:
            sources.add("nonce")
        found: list[Given] = []
        for name, item in self.parts.mapping(value, origin, "gives").items():
            here = origin.child(name)
            if name not in sources:
                self._add(
                    here,
                    f"{name!r} is no input that comes from the session",
                    f"Declare it: inputs: {{{name}: {{from: session}}}}."
                    if not sources
                    else suggestion(name, sources),
                )
            found.append(Given(name=name, place=self._place(item, here), origin=here))
        given = {g.name for g in found}
        for one in self.inputs:
            is_missing = one.source is InputSource.SESSION and one.name not in given
            if is_missing and one.default is None:
                self._add(
                    one.origin,
                    f"the input {one.name!r} comes from the session, which does not give it",
                    f"Add it to the session: gives: {{{one.name}: path.in.the.reply}}.",
                )
        return tuple(found)

    def _call(self, value: JsonValue, origin: Origin, role: str, known: set[str]) -> SessionCall:
        members = {"operation", "with", *(("every_ms",) if role == "refresh" else ())}
        part = self.parts.mapping(value, origin, role, frozenset(members))
        operation = self.parts.text(part, "operation", origin)
        if not operation:
            self._add(
                origin,
                f"{role!r} names no operation",
                "Write {operation: NAME}, with an operation of the contract.",
            )
        here = origin.child("with")
        return SessionCall(
            operation=operation or "",
            arguments=tuple(
                self._argument(name, item, here.child(name), known)
                for name, item in self.parts.mapping(part.get("with", {}), here, "with").items()
            ),
            origin=origin,
        )

    def _argument(
        self, name: str, value: JsonValue, origin: Origin, known: set[str]
    ) -> SessionArgument:
        if isinstance(value, Mapping | list):
            self._add(
                origin,
                f"an argument of a session's operation cannot be {describe(value)}",
                "Write a constant, or $name for a credential, a setting or what the session gives.",
            )
            return SessionArgument(name=name, origin=origin)
        if not isinstance(value, str) or not value.startswith("$"):
            return SessionArgument(name=name, constant=value, origin=origin)
        if value.startswith("$$"):
            return SessionArgument(name=name, constant=value[1:], origin=origin)
        if value[1:] not in known:
            self._add(
                origin,
                f"{value} names no credential, setting or value that the session gave before",
                suggestion(value[1:], known) if known else "Declare it under credentials.",
            )
        return SessionArgument(name=name, reference=value[1:], origin=origin)

    def _every(self, value: JsonValue, origin: Origin) -> int | None:
        if not isinstance(value, Mapping):
            return None
        every = self.parts.count(value, "every_ms", origin)
        if every == 0:
            self._add(
                origin.child("every_ms"),
                "a session cannot be refreshed every 0 ms",
                "Write how long a refresh holds, in milliseconds.",
            )
            return None
        return every

    def _expires_in(self, value: JsonValue, origin: Origin) -> ExpiresIn | None:
        if value is None:
            return None
        part = self.parts.mapping(value, origin, "expires_in", frozenset(("field", "unit")))
        unit = self.parts.choice(part, "unit", SpanUnit, origin) or SpanUnit.SECONDS
        place = self._place(part.get("field"), origin.child("field"))
        return ExpiresIn(place=place, unit=unit, origin=origin)

    def _expires_at(self, value: JsonValue, origin: Origin) -> ExpiresAt | None:
        if value is None:
            return None
        part = self.parts.mapping(value, origin, "expires_at", frozenset(("field", "format")))
        written = self.parts.choice(part, "format", InstantFormat, origin)
        if "format" not in part:
            self._add(
                origin,
                "expires_at does not say how the time is written",
                f"Add format, one of: {', '.join(InstantFormat)}.",
            )
        place = self._place(part.get("field"), origin.child("field"))
        return ExpiresAt(place=place, format=written or InstantFormat.UNIX_MS, origin=origin)

    def _ending(self, value: JsonValue, origin: Origin) -> Ending | None:
        if value is None:
            return None
        known = frozenset(("statuses", "codes", "messages"))
        part = self.parts.mapping(value, origin, "ended_by", known)
        statuses = [s for s in self._listed(part, "statuses", origin, (int,)) if isinstance(s, int)]
        for status in statuses:
            if not 400 <= status <= 499:
                self._add(
                    origin.child("statuses"),
                    f"the status {status} does not say that a session is gone",
                    "Name statuses from 400 to 499: refusals that prove that nothing was done.",
                )
        return Ending(
            statuses=tuple(statuses),
            codes=tuple(map(str, self._listed(part, "codes", origin, (str, int)))),
            messages=tuple(map(str, self._listed(part, "messages", origin, (str,)))),
            origin=origin,
        )

    def _listed(
        self, part: Mapping[str, JsonValue], key: str, origin: Origin, kinds: tuple[type, ...]
    ) -> list[JsonValue]:
        value = part.get(key, [])
        is_list = isinstance(value, list | tuple)
        items: list[JsonValue] = [*value] if isinstance(value, list | tuple) else []
        if is_list and all(isinstance(i, kinds) and not isinstance(i, bool) for i in items):
            return items
        what = "numbers" if kinds == (int,) else "texts"
        self._add(
            origin.child(key),
            f"{key!r} is a list of {what}, not {describe(value)}",
            "Write [one, two].",
        )
        return []

    def _place(self, value: JsonValue, origin: Origin) -> tuple[str, ...]:
        if isinstance(value, str) and value and all(value.split(".")):
            return tuple(value.split("."))
        self._add(
            origin,
            f"a place in a reply is a dotted path, not {describe(value)}",
            "Write it as data.token; a number is a position in a list.",
        )
        return ()

    def _add(self, origin: Origin, message: str, help_text: str) -> None:
        self.parts.report.add(origin, message, help_text)
