"""Values drawn from each schema: decoded and encoded by both SDKs, and compared with the drawn.

A value counts when the raw document takes it, judged by a validator that is not ours. What comes
back must be the same JSON: numbers with every digit, the order of members aside.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from judge import exact

from venuekit.contract import (
    AnySchema,
    BooleanSchema,
    DecimalSchema,
    EnumSchema,
    IntegerSchema,
    JsonValue,
    NullableSchema,
    NumberSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    StringSchema,
)
from venuekit.contract.walk import resolve
from venuekit.emit.lock.namer import Namer
from venuekit.emit.python.drawing import prepare
from venuekit.emit.python.emitter import schema_names
from venuekit.emit.python.wires import wire
from venuekit.emit.typescript.emitter import model_of
from venuekit.load import Loaded
from venuekit.mock.raw import RawSchemas
from venuekit.mock.values import Maker, NoValueError, Wish

_LONG = "12345678901234567890.123456789012345678"
_DIGITS = ("0", "1", "-1", "0.10", "-0.000000000000000001", _LONG)
_WORDS = ("", "a", "é\u2028\u202e", '"\\/\b\n', "</script>", "__proto__", "constructor", "null")
_DOUBLES = (Decimal("0.1"), Decimal("-2.5"), 0, 7, Decimal("123456.789"), Decimal("1E-7"))
_SAFE = (0, 1, -1, 2**31 - 1, 2**53 - 1, -(2**53) + 1)
_WIDE = (*_SAFE, 2**53 + 1, 2**63 - 1, -(2**63))
_ANY: tuple[JsonValue, ...] = (
    "any",
    None,
    True,
    [],
    {},
    {"a": [1, "2", None, {"b": Decimal("0.5")}], "": "empty"},
)
_FREE = (
    *("notDeclared", "extra", "__proto__", "é", "wire$x", "constructor", "toString", "$ref", ""),
    *(
        "wire$",
        "wire$wire$x",
        "wire$__proto__",
        "extra_",
        "self",
        "unknownTag",
        "a.b",
        "hasOwnProperty",
    ),
)


@dataclass(slots=True)
class Varied(Maker):
    """Makes values whose scalars are hard to carry, and whose objects have members of any name."""

    def make(self, schema: Schema) -> JsonValue:
        """Return a value of a schema. Raises NoValueError where none can be made."""
        match schema:
            case BooleanSchema():
                return self._chance.random() < 0.5
            case EnumSchema(values=values):
                return self._chance.choice(values)
            case AnySchema():
                return self._chance.choice(_ANY)
            case NullableSchema(inner=inner) if self._chance.random() < 0.25:
                may_be_empty = getattr(resolve(self.contract, inner), "is_empty_null", False)
                return self.make(inner) if may_be_empty else None
            case DecimalSchema(pattern=None, scale=None) if self._is_hard():
                text = self._chance.choice(_DIGITS)
                return text if schema.wire == "string" else Decimal(text)
            case IntegerSchema() if self._is_hard():
                number = self._chance.choice(_WIDE if schema.bits == 64 else _SAFE)
                number = number if schema.is_signed else abs(number)
                return str(number) if schema.wire == "string" else number
            case NumberSchema() if self._is_hard():
                return self._chance.choice(_DOUBLES)
            case StringSchema(pattern=None, format=None) if self._is_hard():
                return self._chance.choice(_WORDS)
            case ObjectSchema():
                return self._with_free(schema)
            case _:
                return Maker.make(self, schema)

    def _is_hard(self) -> bool:
        return self._chance.random() < 0.6

    def _with_free(self, schema: ObjectSchema) -> JsonValue:
        made = Maker.make(self, schema)
        assert isinstance(made, dict)
        names = {member.name for member in schema.fields}
        if schema.additional is not None and schema.is_additional_stated and self._is_hard():
            name = self._chance.choice(_FREE)
            if name not in names:
                made[name] = self.make(schema.additional)
        return made


@dataclass(frozen=True, slots=True)
class Drawn:
    """One value, with the names of its type in both SDKs."""

    key: str
    python: str
    wire: str
    typescript: str
    value: JsonValue

    def as_json(self) -> dict[str, JsonValue]:
        return {
            "key": self.key,
            "python": self.python,
            "wire": self.wire,
            "typescript": self.typescript,
            "value": self.value,
        }


def drawn(loaded: Loaded, count: int, most_schemas: int | None = None) -> Iterator[Drawn]:
    """Yield up to `count` different values of each named schema, the same for the same document."""
    contract = loaded.contract
    schemas = RawSchemas(loaded.resolver.documents)
    names = schema_names(contract, Namer("python", None))
    types = prepare(contract, names)
    model, _errors = model_of(contract, Namer("typescript", None))
    keys = list(contract.schemas)
    if most_schemas is not None and len(keys) > most_schemas:
        keys = random.Random(0).sample(keys, most_schemas)
    for key in keys:
        named = contract.schemas[key]
        found: list[JsonValue] = []
        for attempt in range(3 * count):
            value = _value(loaded, named.schema, attempt)
            if len(found) == count:
                break
            if value is None or value[0] in found:
                continue
            if not schemas.problems(named.origin, value[0], "response"):
                found.append(value[0])
        for one in found:
            yield Drawn(
                key=key,
                python=names.named[key],
                wire=wire(types, RefSchema(notes=named.schema.notes, name=key)),
                typescript=model.names.named[key],
                value=one,
            )


def _value(loaded: Loaded, schema: Schema, attempt: int) -> tuple[JsonValue] | None:
    wish = Wish(direction="response", attempt=attempt, is_full=attempt % 3 != 1, seed=7)
    # The last ones are tame, for schemas that take no hard values.
    maker = Varied if attempt % 3 != 2 else Maker
    try:
        return (maker(loaded.contract, wish).make(schema),)
    except NoValueError:
        return None


def compare(samples: list[Drawn], results: list[dict[str, Any]], language: str) -> list[str]:
    """Return what did not survive, in words."""
    faults = []
    if len(results) != len(samples):
        faults.append(f"{language}: {len(results)} values came back of {len(samples)}")
    for sample, result in zip(samples, results, strict=False):
        if result.get("problem"):
            faults.append(f"{language}: {sample.key} {sample.value!r}: {result['problem']}"[:600])
        elif repr(exact(result["value"])) != repr(exact(sample.value)):
            text = f"{language}: {sample.key} was {sample.value!r} and became {result['value']!r}"
            faults.append(text[:600])
    return faults
