"""Coercion tables: the contract's schemas as the data of `schemas.ts`."""

from __future__ import annotations

from venuekit.contract import (
    ArraySchema,
    NullableSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    TupleSchema,
    UnionSchema,
)
from venuekit.emit.typescript.kinds import kind_of
from venuekit.emit.typescript.model import Model
from venuekit.emit.typescript.text import Code, Value, string
from venuekit.emit.typescript.types import union_property
from venuekit.emit.typescript.unions import options_of

_EXTRA = "wire$"
"""The runtime's prefix of unknown members that have a property's name."""


class ShapeWriter:
    """Writes tables of one model; `prefix` stands before named ones (`schemas.` elsewhere)."""

    def __init__(self, model: Model, prefix: str = "") -> None:
        self._model = model
        self._prefix = prefix

    def reference(self, schema: Schema) -> Value:
        """Return what stands for a schema in another table: a word, a table, or a reference.

        A reference is a function, because tables may hold each other.
        """
        if not self._model.coerced.of(schema):
            return "plain"
        name = self._name(schema)
        is_table = is_tabled(self._model, schema)
        if name is None or not is_table:
            return self.table(schema) if is_table else kind_of(self._model.shape(schema))
        return Code(f"() => {self._prefix}{name}")

    def direct(self, schema: Schema) -> Value | None:
        """Return what stands for a schema in a descriptor; None where nothing is turned."""
        if not self._model.coerced.of(schema):
            return None
        name = self._name(schema)
        is_named = name is not None and is_tabled(self._model, schema)
        return Code(f"{self._prefix}{name}") if is_named else self.reference(schema)

    def table(self, schema: Schema) -> Value:
        """Return the table of a schema, even of one that has a name."""
        match schema:
            case RefSchema():
                return self.reference(schema)
            case NullableSchema(inner=inner):
                return self.reference(inner)
            case ArraySchema(items=items):
                return {"kind": "array", "items": self.reference(items)}
            case TupleSchema(items=items, rest=rest):
                shape: dict[str, Value] = {
                    "kind": "tuple",
                    "items": [self.reference(item) for item in items],
                }
                return shape if rest is None else {**shape, "rest": self.reference(rest)}
            case ObjectSchema():
                return self._object(schema)
            case UnionSchema():
                return self._union(schema)
            case _:
                return kind_of(schema)

    def _name(self, schema: Schema) -> str | None:
        if isinstance(schema, RefSchema):
            return self._model.names.named[schema.name]
        return self._model.names.of(schema)

    def _object(self, schema: ObjectSchema) -> Value:
        coerced = self._model.coerced
        other = schema.additional
        has_other = other is not None and coerced.of(other)
        has_patterns = any(coerced.of(inner) for _pattern, inner in schema.patterns)
        fields: list[Value] = []
        for field in schema.fields:
            name = self._model.property(schema, field.name)
            is_turned = coerced.of(field.schema)
            # With a table for other members, a field that has none would count as one of them.
            if is_turned:
                fields.append([name, field.name, self.reference(field.schema)])
            elif name != field.name or has_other or has_patterns or name.startswith(_EXTRA):
                fields.append([name, field.name])
        shape: dict[str, Value] = {"kind": "object", "fields": fields}
        if has_other and other is not None:
            shape["additional"] = self.reference(other)
        if has_patterns:
            shape["patterns"] = [
                [Code(f'new RegExp({string(pattern)}, "u")'), self.reference(inner)]
                for pattern, inner in schema.patterns
            ]
        return shape

    def _union(self, schema: UnionSchema) -> Value:
        discriminator = schema.discriminator
        if discriminator is None:
            return {"kind": "choice", "options": self._options(schema)}
        variants: list[Value] = [
            [tag, self.reference(schema.variants[position])]
            for tag, position in discriminator.mapping
        ]
        return {
            "kind": "union",
            "tag": discriminator.field,
            "property": union_property(self._model, schema),
            "variants": variants,
        }

    def _options(self, schema: UnionSchema) -> list[Value]:
        return [
            {"schema": self.reference(option.variant), **option.fit}
            for option in options_of(self._model, schema)
        ]


def is_tabled(model: Model, schema: Schema) -> bool:
    """True for what needs a table of its own: a scalar travels by its kind, wherever it stands."""
    return model.coerced.of(schema) and kind_of(model.shape(schema)) == "plain"
