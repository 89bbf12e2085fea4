"""Judges what a session says of the contract: its operations, their inputs and their replies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from venuekit.contract import (
    AnySchema,
    ArraySchema,
    Contract,
    HttpBinding,
    ObjectSchema,
    Operation,
    Schema,
    SecurityScheme,
    SignedScheme,
    TupleSchema,
    UnionSchema,
    Wire,
)
from venuekit.contract.session import Session, SessionArgument, SessionCall
from venuekit.contract.signing import SignedWire, SigningScheme, Slot
from venuekit.contract.walk import request_fields, resolve, session_schemes
from venuekit.load.findings import Report
from venuekit.load.signing_expressions import suggestion
from venuekit.origin import Origin

_RULE = "invalid-signing"
_PARAMETER = re.compile(r"\{([^{}]+)\}")


def check_sessions(contract: Contract, report: Report) -> None:
    """Report each session that names what the contract does not have."""
    for scheme, session in session_schemes(contract):
        _Judge(contract, report, scheme, session).judge()


@dataclass(frozen=True, slots=True)
class _Judge:
    contract: Contract
    report: Report
    scheme: SigningScheme
    session: Session

    def judge(self) -> None:
        operations = {role: self._operation(call) for role, call in self.session.calls}
        for role, call in self.session.calls:
            operation = operations[role]
            if operation is not None:
                self._arguments(call, operation)
        opening = operations["open"]
        if opening is not None:
            self._reply(opening)
            self._circle(opening)
        self._ending()
        self._address()
        self._wires()

    def _operation(self, call: SessionCall) -> Operation | None:
        found = self.contract.operation(call.operation, Wire.REST)
        if found is not None or not call.operation:
            return found
        at = call.origin.child("operation")
        elsewhere = next((o for o in self.contract.operations if o.name == call.operation), None)
        if elsewhere is not None:
            self._error(
                at,
                f"the operation {call.operation!r} goes over {elsewhere.wire}, and the session of"
                f" {self.scheme.name!r} needs one over rest",
                "Name the REST operation that gives the same.",
            )
            return None
        names = [o.name for o in self.contract.operations if o.wire is Wire.REST]
        self._error(
            at,
            f"no REST operation is called {call.operation!r}, which the session of"
            f" {self.scheme.name!r} names",
            suggestion(call.operation, names)
            if names
            else "Load the REST document beside this one: it has the operation.",
        )
        return None

    def _arguments(self, call: SessionCall, operation: Operation) -> None:
        assert isinstance(operation.binding, HttpBinding)
        inputs = {p.name: p.is_required for p in operation.binding.parameters}
        body = operation.binding.body
        must = body is not None and body.is_required
        for body_field in request_fields(self.contract, operation):
            inputs[body_field.name] = body_field.is_required and must
        for argument in call.arguments:
            if argument.name not in inputs:
                self._unknown_argument(argument, operation, sorted(inputs))
        given = {argument.name for argument in call.arguments} | self._placed(operation)
        missing = [name for name, must in inputs.items() if must and name.lower() not in given]
        missing = [name for name in missing if name not in given]
        if missing:
            self._error(
                call.origin,
                f"{operation.name} requires {missing[0]!r}, which the session does not give it",
                f"Add with: {{{missing[0]}: $credential}}, or a constant.",
            )

    def _unknown_argument(
        self, argument: SessionArgument, operation: Operation, names: list[str]
    ) -> None:
        self._error(
            argument.origin,
            f"{operation.name} has no input {argument.name!r}",
            suggestion(argument.name, names) if names else "It takes none: leave `with` away.",
        )

    def _placed(self, operation: Operation) -> set[str]:
        """Return what credentials write into the operation, in lower case."""
        found: set[str] = set()
        for requirement in operation.security:
            for name, _ in requirement.schemes:
                scheme = self.contract.security_schemes.get(name)
                signing = _signing(scheme)
                use = signing.use(SignedWire.REST) if signing is not None else None
                found |= {p.name.lower() for p in use.placements} if use is not None else set()
                parameter = getattr(scheme, "parameter", None)
                found |= {parameter.lower()} if isinstance(parameter, str) else set()
        return found

    def _reply(self, opening: Operation) -> None:
        assert isinstance(opening.binding, HttpBinding)
        schemas = [
            content.schema
            for response in opening.binding.responses
            if response.status.startswith("2")
            for content in response.contents
            if content.schema is not None
        ]
        if not schemas:
            self._error(
                self.session.open.origin,
                f"{opening.name} answers with nothing that a session could take",
                "Describe its 200 answer with a schema.",
            )
            return
        places = [(given.place, given.origin) for given in self.session.gives]
        for stated in (self.session.expires_in, self.session.expires_at, self.session.server):
            places += [(stated.place, stated.origin.child("field"))] if stated is not None else []
        for place, origin in places:
            if place and not any(self._has(schema, place) for schema in schemas):
                self._error(
                    origin,
                    f"the reply of {opening.name} has no {'.'.join(place)!r}",
                    _members_help(schemas, self.contract),
                )

    def _has(self, schema: Schema, place: tuple[str, ...]) -> bool:
        """Say whether a value may stand at a place; what is not described may hold anything."""
        shape = resolve(self.contract, schema)
        if not place:
            return True
        first, rest = place[0], place[1:]
        match shape:
            case AnySchema():
                return True
            case ObjectSchema(fields=fields, additional=additional):
                named = next((f for f in fields if f.name == first), None)
                if named is not None:
                    return self._has(named.schema, rest)
                if fields and not shape.is_additional_stated:
                    return False
                return additional is None or self._has(additional, rest)
            case ArraySchema(items=items):
                return first.isdigit() and self._has(items, rest)
            case TupleSchema(items=items):
                is_inside = first.isdigit() and int(first) < len(items)
                return is_inside and self._has(items[int(first)], rest)
            case UnionSchema(variants=variants):
                return any(self._has(variant, place) for variant in variants)
            case _:
                return False

    def _circle(self, opening: Operation) -> None:
        if not opening.security or self._is_open(opening, frozenset((self.scheme.name,))):
            return
        self._error(
            self.session.open.origin.child("operation"),
            f"{opening.name} opens the session of {self.scheme.name!r} and is itself secured by"
            " it: neither can ever be called",
            "Give the operation a `security` of its own, with what a user holds, or [].",
        )

    def _is_open(self, operation: Operation, waiting: frozenset[str]) -> bool:
        """Say whether some alternative of an operation needs none of the sessions that wait."""
        if not operation.security:
            return True
        return any(
            all(self._is_reachable(name, waiting) for name, _ in requirement.schemes)
            for requirement in operation.security
        )

    def _is_reachable(self, name: str, waiting: frozenset[str]) -> bool:
        scheme = self.contract.security_schemes.get(name)
        if name in waiting:
            return False
        signing = _signing(scheme)
        session = signing.session if signing is not None else None
        if session is None:
            return True
        opening = self.contract.operation(session.open.operation, Wire.REST)
        return opening is None or self._is_open(opening, waiting | {name})

    def _ending(self) -> None:
        known = {
            name for channel in self.contract.channels.values() for name, _ in channel.messages
        }
        ending = self.session.ended_by
        for name in ending.messages if ending is not None else ():
            if name not in known:
                self._error(
                    self.session.origin.child("ended_by").child("messages"),
                    f"no channel has a message {name!r}",
                    suggestion(name, known)
                    if known
                    else "Load the document of the streams as well.",
                )

    def _address(self) -> None:
        use = self.scheme.use(SignedWire.WEBSOCKET)
        known = sorted(set(_address_parameters(self.contract)))
        for placement in use.placements if use is not None else ():
            if placement.slot is Slot.PATH and placement.name not in known:
                self._error(
                    placement.origin,
                    f"no socket's address has a parameter {placement.name!r}",
                    suggestion(placement.name, known)
                    if known
                    else "Write the channel's address with it: /ws/{" + placement.name + "}.",
                )

    def _wires(self) -> None:
        """Report a session whose kind does not fit the wire that its values travel on."""
        use = self.scheme.use(SignedWire.WEBSOCKET)
        server = self.session.server
        slots = {p.slot for p in use.placements} if use is not None else set()
        if server is not None and not slots & {Slot.PATH, Slot.QUERY, Slot.HEADER}:
            self._error(
                server.origin,
                "the session names the server of a socket, and nothing that it gives stands in the"
                " request that opens one",
                "Say with websocket: placement where the address holds it, or leave server away.",
            )
        if self.session.is_single_use and use is not None:
            self._error(
                use.origin,
                f"the session of {self.scheme.name!r} is opened for each request, which a socket's"
                " messages cannot wait for",
                "Sign requests over rest with it alone.",
            )

    def _error(self, at: Origin, message: str, help_text: str) -> None:
        self.report.error(_RULE, at, message, help_text)


def _address_parameters(contract: Contract) -> Iterator[str]:
    for channel in contract.channels.values():
        if channel.wire is Wire.WEBSOCKET:
            yield from _PARAMETER.findall(channel.address or "")


def _signing(scheme: SecurityScheme | None) -> SigningScheme | None:
    return scheme.signing if isinstance(scheme, SignedScheme) else None


def _members_help(schemas: list[Schema], contract: Contract) -> str:
    shapes = [resolve(contract, schema) for schema in schemas]
    names = [f.name for shape in shapes if isinstance(shape, ObjectSchema) for f in shape.fields]
    return f"It has {', '.join(names)}." if names else "Write the path from the reply's top down."
