"""The contract's schemas as TypeScript types: expressions, and the declarations of `types.ts`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import assert_never

from venuekit.contract import (
    MISSING,
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    DecimalSchema,
    EnumSchema,
    Field,
    IntegerSchema,
    JsonValue,
    NeverSchema,
    Notes,
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
from venuekit.contract.walk import all_schemas
from venuekit.emit.typescript.kinds import Way, kind_of, type_of_kind
from venuekit.emit.typescript.model import Model
from venuekit.emit.typescript.text import doc, member, one_line, scalar, string

OPEN = {str: "(string & {})", int: "(number & {})"}
"""What keeps an enum open for values to come, while editors still offer the known ones."""


class TypeWriter:
    """Writes types of one model; `prefix` stands before named types (`t.` outside of types.ts)."""

    def __init__(self, model: Model, prefix: str = "") -> None:
        self._model = model
        self._prefix = prefix

    def expression(self, schema: Schema, way: Way) -> str:
        """Return a type expression, in parentheses where it is a union inside something else."""
        name = self._model.names.of(schema)
        if name is not None:
            return self._prefix + self._model.type_name(name, schema, way)
        return self.body(schema, way)

    def body(self, schema: Schema, way: Way) -> str:
        """Return the type itself, even of a schema that has a name."""
        match schema:
            case RefSchema(name=key):
                name = self._model.names.named[key]
                target = self._model.contract.schemas[key].schema
                return self._prefix + self._model.type_name(name, target, way)
            case NullableSchema(inner=inner):
                return f"{self.expression(inner, way)} | null"
            case ArraySchema(items=items):
                return f"readonly {self._operand(items, way)}[]"
            case TupleSchema():
                return self._tuple(schema, way)
            case ObjectSchema():
                return self._map(schema, way)
            case UnionSchema():
                return self._union(schema, way)
            case EnumSchema(values=values):
                return enum_type(values)
            case ConstSchema(value=value):
                return const_type(value)
            case _:
                return self._scalar(schema, way)

    def fields(self, schema: ObjectSchema, way: Way) -> Iterator[tuple[Field, str]]:
        """Yield the fields of one direction with the text of each property."""
        for field in schema.fields:
            notes = field.schema.notes
            if (way == "in" and notes.is_read_only) or (way == "out" and notes.is_write_only):
                continue
            name = member(self._model.property(schema, field.name))
            expression = self.expression(field.schema, way)
            yield (
                field,
                f"readonly {name}: {expression};"
                if field.is_required
                else f"readonly {name}?: {expression} | undefined;",
            )

    def _scalar(self, schema: Schema, way: Way) -> str:
        kind = kind_of(schema)
        if kind != "plain":
            return type_of_kind(kind, way)
        match schema:
            case AnySchema():
                return "unknown"
            case NeverSchema():
                return "never"
            case NullSchema():
                return "null"
            case BooleanSchema():
                return "boolean"
            case IntegerSchema() | NumberSchema():
                return "number"
            case TimestampSchema(wire=wire):
                return "string" if wire == "string" else "number"
            case StringSchema() | DecimalSchema():
                return "FileInput" if way == "in" and self._model.is_file(schema) else "string"
            case (
                RefSchema()
                | NullableSchema()
                | ArraySchema()
                | TupleSchema()
                | ObjectSchema()
                | UnionSchema()
                | EnumSchema()
                | ConstSchema()
            ):
                raise TypeError(f"{type(schema).__name__} is no scalar")
            case _:
                assert_never(schema)

    def _operand(self, schema: Schema, way: Way) -> str:
        text = self.expression(schema, way)
        return f"({text})" if " " in text else text

    def _tuple(self, schema: TupleSchema, way: Way) -> str:
        items = [self.expression(item, way) for item in schema.items]
        least = schema.min_items
        if least is not None and least < len(items):
            items = [f"({t})?" if at >= least else t for at, t in enumerate(items)]
        if schema.rest is not None:
            items.append(f"...readonly {self._operand(schema.rest, way)}[]")
        return f"readonly [{', '.join(items)}]"

    def _map(self, schema: ObjectSchema, way: Way) -> str:
        if schema.fields:
            inside = " ".join(text for _field, text in self.fields(schema, way))
            return f"{{ {inside} }}"
        if schema.additional is None and not schema.patterns:
            return "{ readonly [name: string]: never }"
        values = [] if schema.additional is None else [schema.additional]
        values += [inner for _pattern, inner in schema.patterns]
        texts = dict.fromkeys(self.expression(value, way) for value in values)
        return f"{{ readonly [name: string]: {' | '.join(texts)} }}"

    def _union(self, schema: UnionSchema, way: Way) -> str:
        if schema.discriminator is None:
            return " | ".join(dict.fromkeys(self._variant(v, way) for v in schema.variants))
        tag = schema.discriminator.field
        tags: dict[int, list[str]] = {}
        for text, position in schema.discriminator.mapping:
            tags.setdefault(position, []).append(text)
        parts = [
            self._tagged(variant, tag, tags.get(position, []), way)
            for position, variant in enumerate(schema.variants)
        ]
        name = union_property(self._model, schema)
        return " | ".join((*dict.fromkeys(parts), f"Unknown<{string(name)}>"))

    def _variant(self, schema: Schema, way: Way) -> str:
        text = self.expression(schema, way)
        return f"({text})" if text.startswith("readonly ") else text

    def _tagged(self, variant: Schema, tag: str, tags: list[str], way: Way) -> str:
        """Return a variant whose tag has literal types, so that TypeScript can narrow by it."""
        text = self._variant(variant, way)
        shape = self._model.shape(variant)
        if not isinstance(shape, ObjectSchema) or not tags:
            return text
        field = next((field for field in shape.fields if field.name == tag), None)
        if field is not None and isinstance(self._model.shape(field.schema), ConstSchema):
            return text
        name = tag if field is None else self._model.property(shape, tag)
        # One member for each tag: TypeScript rules a variant out by one literal, not by several.
        return " | ".join(
            f"({text} & {{ readonly {member(name)}: {string(value)} }})" for value in tags
        )


def union_property(model: Model, schema: UnionSchema) -> str:
    """Return the property under which the variants of a union hold their tag."""
    assert schema.discriminator is not None
    tag = schema.discriminator.field
    for variant in schema.variants:
        shape = model.shape(variant)
        if isinstance(shape, ObjectSchema) and tag in model.properties[id(shape)]:
            return model.property(shape, tag)
    return tag


def enum_type(values: tuple[JsonValue, ...]) -> str:
    """Return the literals of an enum, open for more of the same kind."""
    texts = [const_type(value) for value in values]
    if any(isinstance(value, str) for value in values):
        texts.append(OPEN[str])
    if any(isinstance(value, int | Decimal) and not isinstance(value, bool) for value in values):
        texts.append(OPEN[int])
    return " | ".join(dict.fromkeys(texts))


def const_type(value: JsonValue) -> str:
    """Return the type that holds one JSON value."""
    match value:
        case list():
            return f"readonly [{', '.join(const_type(item) for item in value)}]"
        case dict():
            inside = "; ".join(f"readonly {member(k)}: {const_type(v)}" for k, v in value.items())
            return f"{{ {inside} }}"
        case _:
            return scalar(value)


def schema_doc(schema: Schema, indent: int = 0, title: str | None = None) -> str:
    """Return the doc comment of a schema, from its own words."""
    notes = schema.notes
    lines = [notes.description or title or notes.title]
    if isinstance(schema, EnumSchema) and schema.meanings:
        listed = (f"- `{one_line(v)}`: {one_line(m)}" for v, m in schema.meanings.items())
        lines.append("\n".join(listed))
    lines += facts(notes)
    return doc(lines, indent, ("@deprecated",) if notes.is_deprecated else ())


def facts(notes: Notes) -> list[str]:
    """Return what else a reader should know, one sentence each on one line."""
    found = []
    if notes.unit:
        found.append(f"Unit: {one_line(notes.unit)}.")
    if notes.default is not MISSING and not isinstance(notes.default, list | dict):
        found.append(f"The venue's default: {one_line(scalar(notes.default))}.")
    return [" ".join(found)] if found else []


def named_schemas(model: Model) -> Iterator[tuple[str, Schema]]:
    """Yield every schema that gets a declaration, with its name: named first, then inline."""
    for key, entry in model.contract.schemas.items():
        yield model.names.named[key], entry.schema
    seen: set[int] = set()
    for schema in all_schemas(model.contract):
        name = model.names.of(schema)
        if name is not None and id(schema) not in seen:
            seen.add(id(schema))
            yield name, schema
