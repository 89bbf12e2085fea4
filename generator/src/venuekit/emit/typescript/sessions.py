"""Sessions as data for the TypeScript runtime: what opens, keeps and ends them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from venuekit.contract import HttpBinding, Operation
from venuekit.contract.session import (
    ExpiresAt,
    ExpiresIn,
    ServerPlace,
    Session,
    SessionArgument,
    SessionCall,
)
from venuekit.contract.signing import SigningScheme
from venuekit.contract.walk import session_schemes
from venuekit.emit.naming import pascal
from venuekit.emit.signing.views import asks_nothing
from venuekit.emit.typescript.contents import content_rank
from venuekit.emit.typescript.findings import uncarried
from venuekit.emit.typescript.frames import constant_tag
from venuekit.emit.typescript.model import Model
from venuekit.emit.typescript.modules import RUNTIME, head
from venuekit.emit.typescript.names import property_name
from venuekit.emit.typescript.rest import Call
from venuekit.emit.typescript.text import Code, Value, assignment
from venuekit.emit.typescript.views import BlocksView
from venuekit.finding import Finding


def sessions_view(
    model: Model, calls: Sequence[Call], findings: list[Finding]
) -> BlocksView | None:
    """Return `sessions.ts`, or None where the contract has no session."""
    pairs = list(session_schemes(model.contract))
    if not pairs:
        return None
    writer = _Writer(model, {call.operation.name: call for call in calls}, findings)
    rules: list[Value] = [writer.rule(scheme, session) for scheme, session in pairs]
    made = [f"{pascal(scheme.name)}Credentials" for scheme, _ in pairs if asks_nothing(scheme)]
    imports = [f"import type {{ SessionRule }} from {RUNTIME};"]
    imports.append('import * as operations from "./operations.ts";')
    if made:
        imports.append(f'import {{ {", ".join(sorted(made))} }} from "./signing.ts";')
    words = "/** What the client opens, refreshes and closes by itself. */\n"
    block = assignment(f"{words}export const sessions: readonly SessionRule[]", rules)
    return BlocksView(
        head=head("The sessions with the venue, as data that the runtime reads.", *imports),
        blocks=(block,),
    )


class _Writer:
    def __init__(self, model: Model, calls: Mapping[str, Call], findings: list[Finding]) -> None:
        self._model = model
        self._calls = calls
        self._findings = findings

    def rule(self, scheme: SigningScheme, session: Session) -> Value:
        values = scheme.given_by_session
        found: dict[str, Value] = {
            "scheme": scheme.name,
            **{role: self._call(call, values) for role, call in session.calls},
            "gives": [[given.name, [*given.place]] for given in session.gives],
        }
        members: list[tuple[str, Value]] = [
            ("lifetimeMs", session.lifetime_ms),
            ("expiry", _expiry(session.expires_in or session.expires_at)),
            ("everyMs", session.every_ms),
            ("isSingleUse", True if session.is_single_use else None),
            ("server", _server(session.server)),
            ("endedBy", self._ending(session)),
        ]
        found.update({name: value for name, value in members if value is not None})
        if asks_nothing(scheme):
            found["credentials"] = Code(f"() => new {pascal(scheme.name)}Credentials({{}})")
        return found

    def _call(self, call: SessionCall, values: frozenset[str]) -> Value:
        one = self._calls[call.operation]
        properties = self._properties(one.operation)
        constants: dict[str, Value] = {}
        parts: list[Value] = []
        given: list[Value] = []
        for argument in call.arguments:
            name = properties.get(argument.name)
            if name is None:
                self._lose(argument)
            elif argument.reference is None:
                constants[name] = argument.constant
            else:
                pairs = given if argument.reference in values else parts
                pairs.append([name, argument.reference])
        operation: Value = Code(f"operations.{one.name}")
        found: dict[str, Value] = {"operation": operation}
        rows: list[tuple[str, Value]] = [
            ("constants", constants),
            ("parts", parts),
            ("values", given),
        ]
        found.update({name: row for name, row in rows if row})
        return found

    def _properties(self, operation: Operation) -> dict[str, str]:
        """Return the property that each input of an operation has, by its name on the wire."""
        binding = operation.binding
        assert isinstance(binding, HttpBinding)
        found = {p.name: property_name(p.name) for p in binding.parameters}
        contents = binding.body.contents if binding.body is not None else ()
        if contents:
            best = min(contents, key=content_rank)
            shape = self._model.shape(best.schema) if best.schema is not None else None
            found |= self._model.properties.get(id(shape), {})
        return found

    def _ending(self, session: Session) -> Value:
        ending = session.ended_by
        if ending is None:
            return None
        rows: list[tuple[str, Value]] = [
            ("statuses", [*ending.statuses]),
            ("codes", [*ending.codes]),
            ("events", [*self._events(ending.messages, session)]),
        ]
        return {name: row for name, row in rows if row}

    def _events(self, names: Sequence[str], session: Session) -> Iterator[Value]:
        contract = self._model.contract
        keys = dict.fromkeys(
            key
            for channel in contract.channels.values()
            for name, key in channel.messages
            if name in names
        )
        for key in keys:
            found = constant_tag(self._model, contract.messages[key])
            if found is None:
                fact = f"nothing tells the message {key!r}, which ends a session, apart"
                cure = "give one of its fields a const"
                self._findings.append(uncarried(fact, cure, session.origin))
            else:
                yield [*found]

    def _lose(self, argument: SessionArgument) -> None:
        fact = f"the session's argument {argument.name!r} is no property of the call"
        cure = "describe the body as an object whose members are named"
        self._findings.append(uncarried(fact, cure, argument.origin))


def _server(stated: ServerPlace | None) -> Value:
    if stated is None:
        return None
    return {"place": [*stated.place], "hosts": [*stated.hosts]}


def _expiry(stated: ExpiresIn | ExpiresAt | None) -> Value:
    if stated is None:
        return None
    unit = stated.unit if isinstance(stated, ExpiresIn) else stated.format
    return {"place": [*stated.place], "unit": str(unit)}
