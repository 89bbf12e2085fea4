"""Reads `x-signing` into a SigningScheme, with a finding and its place for each mistake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from venuekit.contract.schema import JsonValue
from venuekit.contract.signing import (
    DECODED_TYPE,
    STANDARD_INPUTS,
    Clock,
    Credential,
    Decoding,
    Expression,
    Input,
    InputSource,
    Moment,
    Nonce,
    NonceKind,
    Placement,
    SignedWire,
    SigningScheme,
    Slot,
    Step,
    TimeFormat,
    TimeKind,
    Use,
    ValueType,
    Vector,
)
from venuekit.finding import FindingsError
from venuekit.load.signing_expressions import (
    ExpressionReader,
    Report,
    Scope,
    describe,
    suggestion,
)
from venuekit.load.signing_parts import PartReader
from venuekit.load.signing_session import SessionReader
from venuekit.origin import Origin

_TEXTUAL = (ValueType.TEXT, ValueType.BYTES)
_PLACED = (ValueType.TEXT, ValueType.VALUE, ValueType.NUMBER)
_STEP_TYPES = {"canonical": _TEXTUAL, "signature": _PLACED}
_WIRES = {str(wire): wire for wire in SignedWire}
_HEAD = ("version", "title", "description", "source")
_BODY = ("credentials", "clock", "nonce", "inputs", "session", "steps", "vectors")
_TOP = frozenset((*_HEAD, *_BODY, *_WIRES))
_MOMENTS = {
    SignedWire.REST: Moment.REQUEST,
    SignedWire.WEBSOCKET: Moment.CONNECTION,
    SignedWire.FIX: Moment.CONNECTION,
    SignedWire.WEBHOOK: Moment.REQUEST,
}


Resolve = Callable[[JsonValue, Origin], tuple[JsonValue, Origin]]
"""Follows `{$ref: ...}` to its value and place; returns other values as they are."""


def load_signing(
    name: str, value: JsonValue, origin: Origin, resolve: Resolve = lambda value, at: (value, at)
) -> SigningScheme:
    """Return the scheme that an `x-signing` value describes.

    `name` is the security scheme's; `value` stands at `origin`; `resolve` follows the references
    that the value itself or its `vectors` may be. Raises FindingsError with every mistake found.
    """
    reader = _SchemeReader(PartReader(Report()), resolve)
    value, origin = resolve(value, origin)
    scheme = reader.read(name, value, origin)
    if reader.parts.report.findings:
        raise FindingsError(reader.parts.report.findings)
    return scheme


@dataclass(slots=True)
class _SchemeReader:
    parts: PartReader
    resolve: Resolve
    scope: dict[str, ValueType] = field(default_factory=dict)

    def read(self, name: str, value: JsonValue, origin: Origin) -> SigningScheme:
        document = self.parts.mapping(value, origin, "x-signing", _TOP)
        self._judge_head(document, origin)
        credentials = self._credentials(document.get("credentials", {}), origin)
        clock = self._clock(document.get("clock"), origin.child("clock"))
        nonce = self._nonce(document.get("nonce"), origin.child("nonce"))
        inputs = self._inputs(document.get("inputs", {}), origin.child("inputs"))
        reader = SessionReader(self.parts, credentials, inputs, nonce)
        session = reader.read(document.get("session"), origin.child("session"))
        self._open_scope(clock, nonce)
        steps: tuple[Step, ...] = ()
        if session is None or "steps" in document:
            steps = self._steps(document.get("steps", {}), origin.child("steps"))
        uses = self._uses(document, origin)
        return SigningScheme(
            name=name,
            title=self.parts.text(document, "title", origin),
            description=self.parts.text(document, "description", origin),
            source=self.parts.text(document, "source", origin),
            credentials=credentials,
            clock=clock,
            nonce=nonce,
            inputs=inputs,
            session=session,
            steps=steps,
            uses=uses,
            vectors=self._vectors(
                name, *self.resolve(document.get("vectors", []), origin.child("vectors"))
            ),
            origin=origin,
        )

    def _uses(self, document: Mapping[str, JsonValue], origin: Origin) -> tuple[Use, ...]:
        uses = tuple(
            self._use(wire, document[key], origin.child(key))
            for key, wire in _WIRES.items()
            if key in document
        )
        if not uses:
            self.parts.report.add(
                origin,
                "x-signing says nowhere where the values go",
                f"Add one of: {', '.join(_WIRES)}.",
            )
        return uses

    def _judge_head(self, document: Mapping[str, JsonValue], origin: Origin) -> None:
        if document.get("version", 1) != 1:
            self.parts.report.add(
                origin.child("version"),
                f"version {document['version']!r} of x-signing is not known",
                "Write version: 1.",
            )
        for required in () if "session" in document else ("credentials", "steps"):
            if required not in document:
                self.parts.report.add(
                    origin, f"x-signing lacks {required!r}", "The reference page shows a scheme."
                )

    def _open_scope(self, clock: Clock | None, nonce: Nonce | None) -> None:
        for name, kind in STANDARD_INPUTS.items():
            if name == "timestamp" and clock is None:
                continue
            if name == "nonce" and nonce is None:
                continue
            self.scope.setdefault(name, kind)

    def _credentials(self, value: JsonValue, parent: Origin) -> tuple[Credential, ...]:
        origin = parent.child("credentials")
        found: list[Credential] = []
        for name, item in self.parts.mapping(value, origin, "credentials").items():
            here = origin.child(name)
            part = self.parts.mapping(
                item, here, "a credential", frozenset(("decode", "secret", "description"))
            )
            credential = Credential(
                name=name,
                decoding=self.parts.choice(part, "decode", Decoding, here) or Decoding.TEXT,
                is_secret=self.parts.flag(part, "secret", here),
                description=self.parts.text(part, "description", here),
                origin=here,
            )
            self._declare(name, DECODED_TYPE[credential.decoding], here)
            found.append(credential)
        return tuple(found)

    def _declare(self, name: str, kind: ValueType, origin: Origin) -> None:
        if not name.isidentifier() or not name.isascii() or name != name.lower():
            self.parts.report.add(
                origin,
                f"{name!r} cannot be referred to",
                "Use lower-case letters, digits and underscores.",
            )
        if name in self.scope or name in STANDARD_INPUTS:
            self.parts.report.add(
                origin, f"{name!r} is already the name of an input", "Choose another name."
            )
        self.scope[name] = kind

    def _clock(self, value: JsonValue, origin: Origin) -> Clock | None:
        if value is None:
            return None
        known = frozenset(("format", "kind", "window_ms", "future_ms", "lifetime_ms"))
        part = self.parts.mapping(value, origin, "clock", known)
        if "format" not in part:
            self.parts.report.add(
                origin, "the clock lacks its 'format'", f"One of: {', '.join(TimeFormat)}."
            )
        return Clock(
            format=self.parts.choice(part, "format", TimeFormat, origin) or TimeFormat.UNIX_MS,
            kind=self.parts.choice(part, "kind", TimeKind, origin) or TimeKind.SEND_TIME,
            window_ms=self.parts.count(part, "window_ms", origin),
            future_ms=self.parts.count(part, "future_ms", origin),
            lifetime_ms=self.parts.count(part, "lifetime_ms", origin),
            origin=origin,
        )

    def _nonce(self, value: JsonValue, origin: Origin) -> Nonce | None:
        if value is None:
            return None
        known = frozenset(("kind", "bytes", "encoding", "format"))
        part = self.parts.mapping(value, origin, "nonce", known)
        encoding = part.get("encoding", "hex")
        if encoding not in ("hex", "base64", "base64url"):
            self.parts.report.add(
                origin.child("encoding"),
                f"a nonce cannot be encoded as {describe(encoding)}",
                "Use hex, base64 or base64url.",
            )
        return Nonce(
            kind=self.parts.choice(part, "kind", NonceKind, origin) or NonceKind.RANDOM,
            byte_count=self.parts.count(part, "bytes", origin) or 16,
            encoding=str(encoding),
            format=self.parts.choice(part, "format", TimeFormat, origin) or TimeFormat.UNIX_MS,
            origin=origin,
        )

    def _inputs(self, value: JsonValue, origin: Origin) -> tuple[Input, ...]:
        found: list[Input] = []
        for name, item in self.parts.mapping(value, origin, "inputs").items():
            here = origin.child(name)
            part = self.parts.mapping(
                item, here, "an input", frozenset(("type", "from", "default", "description"))
            )
            kind = self.parts.choice(part, "type", ValueType, here) or ValueType.TEXT
            found.append(
                Input(
                    name=name,
                    type=kind,
                    source=self.parts.choice(part, "from", InputSource, here)
                    or InputSource.SETTING,
                    default=self.parts.text(part, "default", here),
                    description=self.parts.text(part, "description", here),
                    origin=here,
                )
            )
            self._declare(name, kind, here)
        return tuple(found)

    def _steps(self, value: JsonValue, origin: Origin) -> tuple[Step, ...]:
        found: list[Step] = []
        for name, item in self.parts.mapping(value, origin, "steps").items():
            here = origin.child(name)
            expected = _STEP_TYPES.get(name, ())
            expression, kind = self._expressions().read(item, here, expected)
            found.append(Step(name=name, expression=expression, type=kind, origin=here))
            self._declare(name, kind, here)
        names = [step.name for step in found]
        for required in ("canonical", "signature"):
            if required not in names:
                self.parts.report.add(
                    origin,
                    f"there is no step {required!r}",
                    "Name the signed string `canonical` and what is sent `signature`.",
                )
        return tuple(found)

    def _expressions(self, scope: Scope | None = None) -> ExpressionReader:
        return ExpressionReader(self.parts.report, dict(self.scope if scope is None else scope))

    def _use(self, wire: SignedWire, value: JsonValue, origin: Origin) -> Use:
        part = self.parts.mapping(
            value, origin, str(wire), frozenset(("per", "operation", "with", "placement"))
        )
        bindings: list[tuple[str, Expression]] = []
        here = origin.child("with")
        for name, item in self.parts.mapping(part.get("with", {}), here, "with").items():
            if name not in self.scope:
                self.parts.report.add(
                    here.child(name),
                    f"{name!r} is not an input of this scheme",
                    suggestion(name, self.scope),
                )
                continue
            expression, _ = self._expressions().read(item, here.child(name), self._accepts(name))
            bindings.append((name, expression))
        placed = part.get("placement", ())
        here = origin.child("placement")
        if not isinstance(placed, list | tuple):
            self.parts.report.add(
                here, f"placement is a list, not {describe(placed)}", "Write a list."
            )
            placed = ()
        return Use(
            wire=wire,
            moment=self.parts.choice(part, "per", Moment, origin) or _MOMENTS[wire],
            operation=self.parts.text(part, "operation", origin),
            bindings=tuple(bindings),
            placements=tuple(
                placement
                for index, item in enumerate(placed)
                if (placement := self._placement(item, here.child(index), wire)) is not None
            ),
            origin=origin,
        )

    def _accepts(self, name: str) -> tuple[ValueType, ...]:
        kind = self.scope[name]
        return _TEXTUAL if kind is ValueType.BYTES else (kind,)

    def _placement(self, value: JsonValue, origin: Origin, wire: SignedWire) -> Placement | None:
        is_socket = wire is SignedWire.WEBSOCKET
        slots = {str(slot): slot for slot in Slot if is_socket or slot is not Slot.PATH}
        part = self.parts.mapping(value, origin, "a placement", frozenset(("value", *slots)))
        chosen = [key for key in part if key in slots]
        if len(chosen) != 1 or "value" not in part:
            self.parts.report.add(
                origin,
                f"a placement names one place and a value, found {describe(value)}",
                f"Write {{header: NAME, value: $signature}}; the places are {', '.join(slots)}.",
            )
            return None
        expression, _ = self._expressions().read(part["value"], origin.child("value"), _PLACED)
        name = part[chosen[0]]
        if not isinstance(name, str | int) or isinstance(name, bool) or name == "":
            self.parts.report.add(
                origin.child(chosen[0]),
                f"the name of a {chosen[0]} cannot be {describe(name)}",
                "Write its name as it stands on the wire.",
            )
        return Placement(slot=slots[chosen[0]], name=str(name), value=expression, origin=origin)

    def _vectors(self, name: str, value: JsonValue, origin: Origin) -> tuple[Vector, ...]:
        if not isinstance(value, list | tuple):
            self.parts.report.add(
                origin, f"vectors are a list, not {describe(value)}", "Write a list or a $ref."
            )
            return ()
        found: list[Vector] = []
        for index, item in enumerate(value):
            here = origin.child(index)
            document = self.parts.mapping(item, here, "a vector")
            if document.get("scheme", name) != name:
                continue
            for required in ("id", "inputs", "expected"):
                if required not in document:
                    self.parts.report.add(
                        here,
                        f"the vector lacks {required!r}",
                        "A vector has id, secret, inputs, string_to_sign and expected.",
                    )
            wire = str(document.get("transport", "rest"))
            found.append(
                Vector(
                    id=str(document.get("id", index)),
                    wire=_WIRES.get({"ws": "websocket"}.get(wire, wire), SignedWire.REST),
                    is_verified=document.get("verified") is not False,
                    is_published=document.get("kind") != "derived",
                    document=document,
                    origin=here,
                )
            )
        return tuple(found)
