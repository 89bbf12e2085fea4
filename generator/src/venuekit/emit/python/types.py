"""Schemas to Python types: one small shape from which annotations and model schemas both come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, assert_never

from venuekit.contract import (
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    Contract,
    DecimalSchema,
    EnumSchema,
    IntegerSchema,
    NeverSchema,
    NullableSchema,
    NullSchema,
    NumberSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    StringSchema,
    TimestampSchema,
    TimeUnit,
    TupleSchema,
    UnionSchema,
)
from venuekit.contract.walk import referred
from venuekit.emit.python.choice import Choice
from venuekit.emit.python.names import field_names
from venuekit.emit.python.text import literal
from venuekit.emit.python.traits import has_free_members, is_class_enum, is_decimal
from venuekit.emit.schema_naming import SchemaNames

Scalar = Literal["Any", "None", "bool", "int", "str", "Decimal"]


@dataclass(frozen=True, slots=True)
class Plain:
    """A type that Python or its standard library has."""

    name: Scalar


@dataclass(frozen=True, slots=True)
class DecimalOrEmpty:
    """An exact decimal in text, where empty text means none."""


@dataclass(frozen=True, slots=True)
class Constant:
    """Exactly one text, integer or boolean."""

    value: str | int | bool


@dataclass(frozen=True, slots=True)
class Named:
    """A class or alias of the models module."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of equal items."""

    item: Shape


@dataclass(frozen=True, slots=True)
class MapOf:
    """A dict from text to equal values."""

    value: Shape


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several shapes that the decoder can tell apart by their JSON kind."""

    shapes: tuple[Shape, ...]


Shape = Plain | DecimalOrEmpty | Constant | Named | ListOf | MapOf | OneOf
Kind = Literal["any", "null", "boolean", "number", "text", "array", "object"]

_ANY = Plain("Any")


@dataclass(slots=True)
class Types:
    """The types of one contract.

    `choices` says how the objects of a union are told apart. Where nothing tells, `merged` has
    a struct with every field of every variant, so that nothing that arrives is lost. `by_name`
    has the schema of each class and alias.
    """

    contract: Contract
    names: SchemaNames
    merged: dict[int, ObjectSchema] = field(default_factory=dict)
    choices: dict[int, Choice] = field(default_factory=dict)
    kept: dict[int, dict[str, str]] = field(default_factory=dict)
    """Fields or values of the schemas whose members a lock keeps, by the schema's identity."""

    def attributes(self, schema: ObjectSchema) -> dict[str, str]:
        """Return the attribute of each field of an object."""
        kept = self.kept.get(id(schema))
        return kept if kept is not None else field_names([f.name for f in schema.fields])

    by_name: dict[str, Schema] = field(default_factory=dict)
    untyped: dict[Shape, bool] = field(default_factory=dict)

    def shape(self, schema: Schema) -> Shape:
        """Return the shape to write where a schema is used: its name where it has one."""
        name = self.names.of(schema)
        return Named(name) if name is not None else self.definition(schema)

    def definition(self, schema: Schema) -> Shape:
        """Return the shape of a schema itself, ignoring its own name."""
        match schema:
            case AnySchema() | NeverSchema():
                return _ANY
            case NullSchema():
                return Plain("None")
            case BooleanSchema():
                return Plain("bool")
            case IntegerSchema(wire=wire):
                return Plain("int" if wire == "number" else "str")
            case DecimalSchema(is_empty_null=True):
                return DecimalOrEmpty()
            case NumberSchema() | DecimalSchema():
                return Plain("Decimal")
            case TimestampSchema(unit=unit, wire=wire):
                is_text = unit is TimeUnit.RFC3339 or wire == "string"
                return Plain("str" if is_text else "int")
            case StringSchema():
                return Plain("str")
            case ConstSchema() | EnumSchema():
                return self._values(schema)
            case RefSchema(name=name):
                return Named(self.names.named[name])
            case NullableSchema(inner=inner):
                return joined([self.shape(inner), Plain("None")])
            case _:
                return self._compound(schema)

    def _compound(self, schema: Schema) -> Shape:
        match schema:
            case ArraySchema(items=items):
                return ListOf(self.shape(items))
            case TupleSchema(items=items, rest=rest):
                parts = [*items, *([] if rest is None else [rest])]
                return ListOf(self.union(parts))
            case ObjectSchema(fields=fields) if fields:
                name = self.names.of(schema)
                return _ANY if name is None else Named(name)
            case ObjectSchema(additional=additional, patterns=patterns):
                values = [inner for _, inner in patterns]
                if additional is not None:
                    values.append(additional)
                return MapOf(self.union(values))
            case UnionSchema(variants=variants):
                if self.is_one(schema):
                    name = self.names.of(schema)
                    return _ANY if name is None else Named(name)
                return self.union(variants)
            case _:
                return _ANY

    def union(self, schemas: Iterable[Schema]) -> Shape:
        """Return what holds any of several schemas; kinds that can not be told apart widen."""
        by_kind: dict[Kind, list[Schema]] = {}
        for schema in self.flat(schemas):
            by_kind.setdefault(self.kind(schema), []).append(schema)
        if "any" in by_kind or not by_kind:
            return _ANY
        if self._clashes(by_kind):
            return _ANY
        shapes: list[Shape] = []
        for kind, members in by_kind.items():
            distinct = list(dict.fromkeys(self.shape(member) for member in members))
            shapes.append(distinct[0] if len(distinct) == 1 else self._widened(kind, members))
        return joined(shapes)

    def is_one(self, union: Schema) -> bool:
        """Whether a union of objects has a name of its own, which stands for all of them."""
        return id(union) in self.merged or id(union) in self.choices

    def _clashes(self, by_kind: dict[Kind, list[Schema]]) -> bool:
        """Whether kinds meet that msgspec cannot hold together.

        It takes Decimal for text, so exact numbers and text clash; and beside a type that we
        decode ourselves, such as a choice, it takes null alone.
        """
        if any(self._is_read_by_hook(one) for one in by_kind.get("object", ())):
            return bool(set(by_kind) - {"object", "null"})
        if any(self.shape(one) == DecimalOrEmpty() for one in by_kind.get("text", ())):
            return bool(set(by_kind) - {"text", "null"})
        numbers = [self.target(member) for member in by_kind.get("number", ())]
        texts = [self.target(member) for member in by_kind.get("text", ())]
        exact = any(is_decimal(one) for one in numbers)
        return exact and any(not is_decimal(one) for one in texts)

    def _is_read_by_hook(self, schema: Schema) -> bool:
        target = self.target(schema)
        shape = self.merged.get(id(target), target)
        return id(target) in self.choices or has_free_members(shape)

    def flat(self, schemas: Iterable[Schema], inside: frozenset[int] = frozenset()) -> list[Schema]:
        """Return the variants of nested unions and nullables on one level.

        `inside` holds the unions that this one stands in: one that is its own variant adds none.
        """
        out: list[Schema] = []
        for schema in schemas:
            target = self.target(schema)
            match target:
                case UnionSchema() if id(target) in inside:
                    continue
                case UnionSchema(variants=variants) if not self.is_one(target):
                    out += self.flat(variants, inside | {id(target)})
                case NullableSchema(inner=inner, notes=notes):
                    out += [*self.flat([inner], inside), NullSchema(notes=notes)]
                case _:
                    out.append(schema)
        return out

    def target(self, schema: Schema) -> Schema:
        """Return what a chain of references leads to; a circle of bare references is anything."""
        found = referred(self.contract, schema)
        return AnySchema(notes=found.notes) if isinstance(found, RefSchema) else found

    def kind(self, schema: Schema) -> Kind:
        """Return which JSON values a schema takes, by the first character of their text."""
        target = self.target(schema)
        match target:
            case AnySchema() | NeverSchema():
                return "any"
            case NullSchema():
                return "null"
            case BooleanSchema():
                return "boolean"
            case IntegerSchema(wire=wire) | TimestampSchema(wire=wire) | DecimalSchema(wire=wire):
                return "text" if wire == "string" else "number"
            case NumberSchema():
                return "number"
            case StringSchema():
                return "text"
            case ConstSchema(value=value):
                return _kind_of([value])
            case EnumSchema(values=values):
                return _kind_of(values)
            case ArraySchema() | TupleSchema():
                return "array"
            case ObjectSchema():
                return "object"
            case UnionSchema():
                return "object" if self.is_one(target) else "any"
            case NullableSchema() | RefSchema():
                return "any"
            case _:
                assert_never(target)

    def _widened(self, kind: Kind, members: list[Schema]) -> Shape:
        """Return one shape for several of a kind, wide enough for all of them."""
        match kind:
            case "text":
                return Plain("str")
            case "number":
                return Plain("Decimal")
            case "boolean":
                return Plain("bool")
            case "null":
                return Plain("None")
            case "array":
                items: list[Schema] = []
                for member in members:
                    target = self.target(member)
                    if isinstance(target, ArraySchema):
                        items.append(target.items)
                    elif isinstance(target, TupleSchema):
                        items += [*target.items, *([target.rest] if target.rest else [])]
                return ListOf(self.union(items))
            case "object" | "any":
                return MapOf(_ANY) if kind == "object" else _ANY
            case _:
                assert_never(kind)

    def _values(self, schema: ConstSchema | EnumSchema) -> Shape:
        if isinstance(schema, ConstSchema):
            # msgspec takes no Literal[True], so a constant truth value is a bool.
            if isinstance(schema.value, str | int) and not isinstance(schema.value, bool):
                return Constant(schema.value)
            return self.union_of_values([schema.value])
        if is_class_enum(schema):
            name = self.names.of(schema)
            kind = "str" if isinstance(schema.values[0], str) else "int"
            return Plain("str" if kind == "str" else "int") if name is None else Named(name)
        return self.union_of_values(schema.values)

    def union_of_values(self, values: Iterable[object]) -> Shape:
        """Return the plain types of some JSON values."""
        found: dict[Shape, None] = {}
        for value in values:
            match value:
                case None:
                    found[Plain("None")] = None
                case bool():
                    found[Plain("bool")] = None
                case str():
                    found[Plain("str")] = None
                case int():
                    found[Plain("int")] = None
                case list() | dict():
                    return _ANY
                case _:
                    found[Plain("Decimal")] = None
        if Plain("Decimal") in found:
            if Plain("str") in found:
                return _ANY  # msgspec would take Decimal for text
            found.pop(Plain("int"), None)
        return joined(list(found))


def joined(shapes: list[Shape]) -> Shape:
    """Return a union without repeats; anything swallows the rest, and null stands last."""
    flat: dict[Shape, None] = {}
    for shape in shapes:
        for one in shape.shapes if isinstance(shape, OneOf) else (shape,):
            flat[one] = None
    if _ANY in flat:
        return _ANY
    ordered = sorted(flat, key=lambda s: s == Plain("None"))
    return ordered[0] if len(ordered) == 1 else OneOf(tuple(ordered))


def hint(shape: Shape, prefix: str = "") -> str:
    """Return the annotation of a shape; `prefix` stands before names of the models module."""
    match shape:
        case Plain(name=name):
            return name
        case Constant(value=value):
            return f"Literal[{literal(value)}]"
        case DecimalOrEmpty():
            # The alias is for the decoder; a caller needs the plain words.
            return "Decimal | None" if prefix else "DecimalOrEmpty"
        case Named(name=name):
            return f"{prefix}{name}"
        case ListOf(item=item):
            return f"list[{hint(item, prefix)}]"
        case MapOf(value=value):
            return f"dict[str, {hint(value, prefix)}]"
        case OneOf(shapes=shapes):
            return " | ".join(hint(one, prefix) for one in shapes)
        case _:
            assert_never(shape)


def _kind_of(values: Iterable[object]) -> Kind:
    kinds: set[Kind] = set()
    for value in values:
        match value:
            case None:
                kinds.add("null")
            case bool():
                kinds.add("boolean")
            case str():
                kinds.add("text")
            case list():
                kinds.add("array")
            case dict():
                kinds.add("object")
            case _:
                kinds.add("number")
    return kinds.pop() if len(kinds) == 1 else "any"
