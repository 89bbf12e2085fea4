"""Merges what `allOf` demands together into one schema, and says what cannot be merged."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from venuekit.contract import (
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    DecimalSchema,
    EnumSchema,
    Field,
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
    TupleSchema,
    UnionSchema,
)
from venuekit.load.findings import Report
from venuekit.load.schema_notes import bare_notes, says_nothing, with_notes
from venuekit.load.schema_values import accepts
from venuekit.origin import Origin

MAXIMUM_MERGES = 40
"""How deep merged schemas may nest before two recursive ones are given up."""

MAXIMUM_WORK = 5_000
"""How many pairs one allOf may merge; without references a merged schema can grow like 2^n."""

S = TypeVar("S", bound=Schema)

_NUMERIC = (IntegerSchema, DecimalSchema, NumberSchema)
_TEXTUAL = (StringSchema, DecimalSchema, IntegerSchema, TimestampSchema)
_LOWER = ("minimum", "exclusive_minimum")
_UPPER = ("maximum", "exclusive_maximum")


class Merger:
    """Intersects schemas. `expand` gives the schema behind a reference, or None in a cycle."""

    def __init__(self, report: Report, expand: Callable[[RefSchema], Schema | None]) -> None:
        self._report = report
        self._expand = expand
        self._depth = 0
        self._work = 0
        self._reason = ""

    def all_of(self, parts: Sequence[Schema], origin: Origin) -> Schema:
        """Return the schema of the values that every part accepts.

        Where there is no such value, that is reported and the first part is returned.
        """
        merged: Schema | None = None
        for part in parts:
            merged = part if merged is None else self.both(merged, part, origin)
        if merged is None:
            return AnySchema(notes=bare_notes(origin))
        if isinstance(merged, NeverSchema) and not any(isinstance(p, NeverSchema) for p in parts):
            self._cannot(origin, self._reason)
            return parts[0]
        return merged

    def both(self, one: Schema, two: Schema, origin: Origin) -> Schema:
        """Return the schema of the values that both accept, a NeverSchema where none is."""
        self._work = self._work + 1 if self._depth else 0
        if self._depth > MAXIMUM_MERGES:
            self._cannot(origin, "the schemas refer to each other without end")
            return one
        if self._work > MAXIMUM_WORK:
            self._cannot(origin, f"more than {MAXIMUM_WORK} pairs of schemas would be merged")
            return one
        self._depth += 1
        try:
            return self._both(one, two, origin)
        finally:
            self._depth -= 1

    def _both(self, one: Schema, two: Schema, origin: Origin) -> Schema:
        match one, two:
            case AnySchema(), _:
                return _keeping(two, one)
            case _, AnySchema():
                return _keeping(one, two)
            case NeverSchema(), _:
                return one
            case _, NeverSchema():
                return two
            case RefSchema(name=left), RefSchema(name=right) if left == right:
                return one
            case RefSchema(), _ if _is_bare(two) and self._is_object(one):
                return _keeping(one, two)
            case _, RefSchema() if _is_bare(one) and self._is_object(two):
                return _keeping(two, one)
            case RefSchema(), _:
                expanded = self._expanded(one, origin)
                return two if expanded is None else self.both(expanded, two, origin)
            case _, RefSchema():
                expanded = self._expanded(two, origin)
                return one if expanded is None else self.both(one, expanded, origin)
            case NullableSchema(), NullableSchema():
                return self._or_null(one, two.inner, origin)
            case NullableSchema(), UnionSchema() if self._takes_null(two):
                return self._or_null(one, two, origin)
            case UnionSchema(), NullableSchema() if self._takes_null(one):
                return self._or_null(two, one, origin)
            case NullableSchema(), NullSchema():
                return two
            case NullSchema(), NullableSchema():
                return one
            case NullableSchema(), _:
                return self.both(one.inner, two, origin)
            case _, NullableSchema():
                return self.both(one, two.inner, origin)
            case UnionSchema(), _:
                return self._variants(one, two, origin)
            case _, UnionSchema():
                return self._variants(two, one, origin)
            case _:
                return self._plain(one, two, origin)

    def _or_null(self, one: NullableSchema, two: Schema, origin: Origin) -> Schema:
        """Return what both accept beside null, which both accept."""
        inner = self.both(one.inner, two, origin)
        if isinstance(inner, NeverSchema):
            return NullSchema(notes=one.notes)
        return NullableSchema(notes=one.notes, inner=inner)

    def _takes_null(self, schema: Schema | None, depth: int = 0) -> bool:
        """Say whether null is among the values of a union's variants."""
        match schema:
            case UnionSchema(variants=variants) if depth < MAXIMUM_MERGES:
                return any(self._takes_null(variant, depth + 1) for variant in variants)
            case RefSchema() if depth < MAXIMUM_MERGES:
                return self._takes_null(self._expand(schema), depth + 1)
            case _:
                return isinstance(schema, AnySchema | NullSchema | NullableSchema)

    def _expanded(self, ref: RefSchema, origin: Origin) -> Schema | None:
        target = self._expand(ref)
        if target is None:
            self._cannot(origin, f"the schema {ref.name!r} is a part of itself")
        return target

    def _is_object(self, schema: Schema) -> bool:
        for _ in range(MAXIMUM_MERGES):
            if not isinstance(schema, RefSchema):
                break
            expanded = self._expand(schema)
            if expanded is None:
                return True
            schema = expanded
        if isinstance(schema, UnionSchema):
            return all(self._is_object(variant) for variant in schema.variants)
        return isinstance(schema, ObjectSchema)

    def _variants(self, union: UnionSchema, other: Schema, origin: Origin) -> Schema:
        """Return the union of what each variant shares with `other`, without empty ones."""
        merged = [
            variant
            if _is_bare(other) and self._is_object(variant)
            else self.both(variant, other, origin)
            for variant in union.variants
        ]
        kept = [n for n, variant in enumerate(merged) if not isinstance(variant, NeverSchema)]
        if not kept:
            return NeverSchema(notes=bare_notes(origin))
        if len(kept) == 1:
            return _keeping(merged[kept[0]], union)
        discriminator = union.discriminator
        if discriminator is not None:
            mapping = tuple((tag, kept.index(n)) for tag, n in discriminator.mapping if n in kept)
            discriminator = dataclasses.replace(discriminator, mapping=mapping)
        variants = tuple(merged[n] for n in kept)
        return dataclasses.replace(union, variants=variants, discriminator=discriminator)

    def _plain(self, one: Schema, two: Schema, origin: Origin) -> Schema:
        match one, two:
            case ObjectSchema(), ObjectSchema():
                return self._objects(one, two, origin)
            case ArraySchema(), ArraySchema():
                return dataclasses.replace(
                    _tighter(one, two, ("min_items",), ("max_items",)),
                    items=self.both(one.items, two.items, origin),
                    is_unique=one.is_unique or two.is_unique,
                )
            case (TupleSchema(), ArraySchema()) if isinstance(two.items, AnySchema):
                return one
            case (ArraySchema(), TupleSchema()) if isinstance(one.items, AnySchema):
                return two
            case (EnumSchema() | ConstSchema(), _):
                return self._values(one, two, origin)
            case (_, EnumSchema() | ConstSchema()):
                return self._values(two, one, origin)
            case (BooleanSchema(), BooleanSchema()) | (NullSchema(), NullSchema()):
                return one
            case _ if isinstance(one, _NUMERIC) and isinstance(two, _NUMERIC):
                return self._numbers(one, two)
            case _ if _is_text(one) and _is_text(two):
                return self._texts(one, two, origin)
            case _:
                return self._never(one, two, origin)

    def _objects(self, one: ObjectSchema, two: ObjectSchema, origin: Origin) -> Schema:
        named = {field.name for field in two.fields}
        fields = {
            field.name: field if field.name in named else self._as_additional(field, two)
            for field in one.fields
        }
        for field in two.fields:
            old = fields.get(field.name)
            fields[field.name] = (
                self._as_additional(field, one) if old is None else self._field(old, field)
            )
        never = [field for field in fields.values() if isinstance(field.schema, NeverSchema)]
        if any(field.is_required for field in never):
            return NeverSchema(notes=bare_notes(origin))
        for field in never:
            self._absent(field)
        merged = _tighter(one, two, ("min_properties",), ("max_properties",))
        return dataclasses.replace(
            merged,
            fields=tuple(fields.values()),
            patterns=self._patterns(one, two, origin),
            additional=self._additional(one, two, origin),
            is_additional_stated=one.is_additional_stated or two.is_additional_stated,
        )

    def _absent(self, field: Field) -> None:
        self._report.warning(
            "field-never-present",
            field.origin,
            f"allOf gives the field {field.name!r} two meanings that no value has, so it can"
            " only be absent",
            "Give it one meaning, or drop it.",
        )

    def _as_additional(self, field: Field, other: ObjectSchema) -> Field:
        """Return a field as the other schema, which does not name it, allows it too."""
        if other.additional is None or isinstance(other.additional, AnySchema):
            return field
        schema = self.both(field.schema, other.additional, field.origin)
        return dataclasses.replace(field, schema=schema)

    def _field(self, old: Field, new: Field) -> Field:
        return dataclasses.replace(
            new,
            schema=self.both(old.schema, new.schema, new.origin),
            is_required=old.is_required or new.is_required,
        )

    def _patterns(
        self, one: ObjectSchema, two: ObjectSchema, origin: Origin
    ) -> tuple[tuple[str, Schema], ...]:
        patterns = dict(one.patterns)
        for pattern, schema in two.patterns:
            old = patterns.get(pattern)
            patterns[pattern] = schema if old is None else self.both(old, schema, origin)
        return tuple(patterns.items())

    def _additional(self, one: ObjectSchema, two: ObjectSchema, origin: Origin) -> Schema | None:
        if one.additional is not None and two.additional is not None:
            return self.both(one.additional, two.additional, origin)
        closed, other = (one, two) if one.additional is None else (two, one)
        known = {field.name for field in closed.fields}
        foreign = [field.name for field in other.fields if field.name not in known]
        if foreign and not closed.patterns:
            self._report.warning(
                "all-of-closed",
                closed.notes.origin,
                f"additionalProperties: false forbids the fields that allOf adds: "
                f"{', '.join(map(repr, foreign[:5]))}",
                "Use unevaluatedProperties: false beside the allOf, or list the fields."
                " They are read as if they were allowed.",
            )
        return None

    def _values(self, one: EnumSchema | ConstSchema, two: Schema, origin: Origin) -> Schema:
        values = one.values if isinstance(one, EnumSchema) else (one.value,)
        kept = tuple(value for value in values if accepts(two, value))
        if not kept:
            return self._never(one, two, origin)
        if len(kept) == len(values):
            return _keeping(one, two)
        if len(kept) == 1:
            return ConstSchema(notes=one.notes, value=kept[0])
        assert isinstance(one, EnumSchema)
        return dataclasses.replace(one, values=kept)

    def _numbers(self, one: Any, two: Any) -> Schema:
        rank = {NumberSchema: 0, DecimalSchema: 1, IntegerSchema: 2}
        if rank[type(one)] < rank[type(two)]:
            one, two = two, one
        if one.multiple_of is not None and two.multiple_of not in (None, one.multiple_of):
            self._lost(two, "multipleOf")
        merged: Any = _tighter(one, two, _LOWER, _UPPER)
        if isinstance(two, IntegerSchema):
            merged = dataclasses.replace(merged, bits=one.bits or two.bits)
        result: Schema = dataclasses.replace(merged, multiple_of=one.multiple_of or two.multiple_of)
        return result

    def _texts(self, one: Any, two: Any, origin: Origin) -> Schema:
        if isinstance(one, StringSchema) and not isinstance(two, StringSchema):
            one, two = two, one
        if type(one) is type(two) and not isinstance(one, StringSchema):
            return one if isinstance(one, TimestampSchema) else self._numbers(one, two)
        if not isinstance(two, StringSchema):
            return self._never(one, two, origin)
        patterns = {getattr(one, "pattern", None), two.pattern} - {None}
        if len(patterns) > 1 or (two.pattern and not hasattr(one, "pattern")):
            self._lost(two, "pattern")
        changes: dict[str, Any] = {}
        if patterns and hasattr(one, "pattern"):
            changes["pattern"] = one.pattern or two.pattern
        if isinstance(one, StringSchema):
            one = _tighter(one, two, ("min_length",), ("max_length",))
            for word in ("format", "content_encoding", "content_media_type"):
                changes[word] = getattr(one, word) or getattr(two, word)
        result: Schema = dataclasses.replace(_keeping(one, two), **changes)
        return result

    def _lost(self, schema: Schema, word: str) -> None:
        self._report.warning(
            "schema-keyword-not-carried",
            schema.notes.origin,
            f"allOf demands a second {word}, and one is carried; SDKs check the first",
            "Write one that says both.",
        )

    def _never(self, one: Schema, two: Schema, origin: Origin) -> Schema:
        self._reason = f"no value is both {_kind(one)} and {_kind(two)}"
        return NeverSchema(notes=bare_notes(origin))

    def _cannot(self, origin: Origin, fact: str) -> None:
        self._report.error(
            "schema-not-satisfiable",
            origin,
            f"these schemas cannot be merged: {fact}",
            "Write one schema that says what is meant.",
        )


def _tighter(one: S, two: Schema, lower: tuple[str, ...], upper: tuple[str, ...]) -> S:
    """Return `one` with the stricter bounds of both."""
    changes: dict[str, Any] = {}
    for names, choose in ((lower, max), (upper, min)):
        for name in names:
            bounds = [b for b in (getattr(one, name), getattr(two, name, None)) if b is not None]
            changes[name] = choose(bounds) if bounds else None
    return dataclasses.replace(_keeping(one, two), **changes)


def _keeping(schema: S, other: Schema) -> S:
    """Return `schema` with the words of `other` where it has none of its own."""
    if says_nothing(schema.notes) and not says_nothing(other.notes):
        return with_notes(schema, dataclasses.replace(other.notes, origin=schema.notes.origin))
    return schema


def _is_text(schema: Schema) -> bool:
    """Say whether values of the schema are JSON strings."""
    return isinstance(schema, _TEXTUAL) and getattr(schema, "wire", "string") == "string"


def _is_bare(schema: Schema) -> bool:
    """Say whether a schema demands nothing but an object."""
    return (
        isinstance(schema, ObjectSchema)
        and not schema.fields
        and not schema.patterns
        and isinstance(schema.additional, AnySchema)
        and schema.min_properties is None
        and schema.max_properties is None
    )


def _kind(schema: Schema) -> str:
    return type(schema).__name__.removesuffix("Schema").lower()
