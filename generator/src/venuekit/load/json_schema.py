"""Turns JSON Schema, in the dialects of OpenAPI and AsyncAPI, into the contract's schemas."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Sequence

from venuekit.contract import (
    AnySchema,
    ConstSchema,
    EnumSchema,
    NamedSchema,
    NeverSchema,
    Notes,
    NullableSchema,
    NullSchema,
    RefSchema,
    Schema,
    UnionSchema,
)
from venuekit.load import schema_scalars, schema_shapes
from venuekit.load.context import Context, Dialect, is_reference
from venuekit.load.schema_families import Families
from venuekit.load.schema_merge import Merger
from venuekit.load.schema_names import SchemaNames
from venuekit.load.schema_notes import (
    ANNOTATIONS,
    SHAPES,
    bare_notes,
    read_notes,
    report_keywords,
    says_nothing,
    with_notes,
)
from venuekit.load.schema_types import hinted_type, lists_values, stated_types
from venuekit.load.schema_unions import found_discriminator, stated_discriminator
from venuekit.load.schema_values import report_default
from venuekit.load.validity import judge_schema
from venuekit.origin import Origin
from venuekit.source import Node

MAXIMUM_LEVELS = 100
"""How deep schemas may be written into each other; deeper ones must have names."""

_SCALARS = {
    "string": schema_scalars.read_string,
    "integer": schema_scalars.read_integer,
    "number": schema_scalars.read_number,
    "boolean": schema_scalars.read_boolean,
    "null": schema_scalars.read_null,
}
_COMBINING = frozenset({"allOf", "oneOf", "anyOf"})
_DEMANDS = frozenset({"required", "not", "minProperties", "maxProperties"})


class SchemaReader:
    """Reads schemas; named ones once, when they are first asked for."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.names = SchemaNames(context)
        self._merger = Merger(context.report, self._expand)
        self._families = Families(context)
        self._read: dict[str, Schema] = {}
        self._bases: dict[str, Schema] = {}
        self._aliases: set[str] = set()
        self._reading: set[str] = set()
        self._level = 0

    def read(self, node: Node, dialect: Dialect) -> Schema:
        """Return the schema at a node. What cannot be carried is reported with its place."""
        if node.value is False:
            return NeverSchema(notes=bare_notes(node.origin))
        if not isinstance(node.value, dict):
            if node.value is not True:
                self._context.report.error(
                    "invalid-document", node, "this is not a schema", "Write an object or true."
                )
            return AnySchema(notes=bare_notes(node.origin))
        if self._level >= MAXIMUM_LEVELS:
            self._context.report.error(
                "schema-too-deep",
                node,
                f"schemas are written into each other more than {MAXIMUM_LEVELS} levels deep",
                "Name the inner schemas and refer to them by $ref.",
            )
            return AnySchema(notes=bare_notes(node.origin))
        self._level += 1
        try:
            if is_reference(node):
                return self._reference(node, dialect)
            return self._written(node, dialect)
        finally:
            self._level -= 1

    def name(self, node: Node, dialect: Dialect) -> str | None:
        """Give the schema at a node its name, so that `named` holds it."""
        return self.names.name(node, dialect)

    def all_of(self, schemas: list[Schema], origin: Origin) -> Schema:
        """Return the schema of the values that all of several schemas accept."""
        return self._merger.all_of(schemas, origin)

    def named(self) -> dict[str, NamedSchema]:
        """Return every named schema in the order of naming, reading those that were not yet read.

        Components were named first, in the document's order; which of them an allOf needed early
        makes no difference.
        """
        while self.names.waiting:
            self._named(self.names.waiting.popleft())
        return {
            name: NamedSchema(
                name=name, schema=self._member(self._read[name], name), origin=node.origin
            )
            for name, node in self.names.nodes()
        }

    def _named(self, name: str) -> Schema | None:
        """Return a named schema; None while it is being read, which is a cycle of allOf."""
        if name in self._read:
            return self._read[name]
        if name in self._reading:
            return None
        self._reading.add(name)
        level, self._level = self._level, 0
        node, dialect = self.names.node(name)
        if node.document not in self._context.judged and not is_reference(node):
            judge_schema(node, dialect, self._context.report)
        try:
            schema = self.read(node, dialect)
        finally:
            self._reading.discard(name)
            self._level = level
        variants = self._families.variants(node)
        if variants:
            self._bases[name] = schema
            schema = self._family(node, schema, variants, dialect)
        elif node.has("allOf"):
            self._aliases.add(name)
        self._read[name] = schema
        self._check_loop(name)
        return schema

    def _check_loop(self, name: str) -> None:
        """Report a schema that is nothing but a reference back to itself."""
        seen = {name}
        schema: Schema | None = self._read[name]
        while isinstance(schema, RefSchema):
            if schema.name in seen:
                self._context.report.error(
                    "schema-not-satisfiable",
                    self.names.node(name)[0],
                    f"the schema {name!r} only refers to itself",
                    "Write what it is.",
                )
                return
            seen.add(schema.name)
            schema = self._read.get(schema.name)

    def _family(self, node: Node, base: Schema, variants: list[Node], dialect: Dialect) -> Schema:
        """Return the union that a base schema stands for wherever it is referred to."""
        names = [self.names.name(variant, dialect) for variant in variants]
        return UnionSchema(
            notes=base.notes,
            kind="one_of",
            variants=tuple(
                RefSchema(notes=bare_notes(variant.origin), name=name)
                for variant, name in zip(variants, names, strict=True)
                if name is not None
            ),
            discriminator=stated_discriminator(self._context, node, variants),
        )

    def _member(self, schema: Schema, name: str) -> Schema:
        """Return what a schema is that adds nothing to what its allOf refers to.

        A variant of a family is the family's base then, and not once more the whole family.
        """
        if name not in self._aliases or not isinstance(schema, RefSchema):
            return schema
        family, base = self._read[schema.name], self._bases.get(schema.name)
        if base is None or not isinstance(family, UnionSchema):
            return schema
        names = [one.name for one in family.variants if isinstance(one, RefSchema)]
        return with_notes(base, schema.notes) if name in names else schema

    def _expand(self, ref: RefSchema) -> Schema | None:
        """Return the schema behind a reference, for allOf: of a family, the base alone."""
        schema = self._named(ref.name)
        return self._bases.get(ref.name, schema)

    def _reference(self, node: Node, dialect: Dialect) -> Schema:
        notes = read_notes(node)
        name = self.names.reference(node, dialect)
        if name is None:
            return AnySchema(notes=notes)
        siblings = [key for key in node.members if key in SHAPES and key != "$ref"]
        ref = RefSchema(notes=notes, name=name)
        if not siblings:
            return ref
        if dialect.honours_ref_siblings:
            beside = self._own(_without(node, ("$ref",)), dialect)
            if self._has_no_effect(node, beside, [ref]):
                return ref
            return self._merger.all_of([ref, beside], node.origin)
        self._context.report.warning(
            "ref-sibling-ignored",
            node,
            f"{', '.join(siblings)} beside $ref is ignored by this document's format",
            "Put the $ref and the rest into allOf.",
        )
        return ref

    def _written(self, node: Node, dialect: Dialect) -> Schema:
        report_keywords(node, dialect, self._context.report)
        schema = self._own(node, dialect)
        report_default(node, schema, self._context.report)
        if node.flag("nullable") and not isinstance(schema, NullableSchema | NullSchema):
            return _nullable(schema)
        return schema

    def _own(self, node: Node, dialect: Dialect) -> Schema:
        """Return what the keywords of one object say together, without `nullable`."""
        notes = read_notes(node)
        own = self._typed(node, notes, dialect)
        if _COMBINING.isdisjoint(node.members):
            return with_notes(own, notes)
        parts = [*self._all_of(node, dialect), own]
        for key in ("oneOf", "anyOf"):
            union = self._union(node, key, dialect)
            if union is not None:
                parts.append(union)
        others = [part for part in parts if part is not own and not isinstance(part, AnySchema)]
        if self._has_no_effect(node, own, others):
            parts.remove(own)
        stated = [part for part in parts if not isinstance(part, AnySchema)]
        if not stated or stated == [own]:
            return with_notes(own, notes)
        schema = self._merger.all_of(stated, node.origin)
        if says_nothing(notes):
            notes = dataclasses.replace(schema.notes, origin=node.origin)
        return with_notes(schema, notes)

    def _has_no_effect(self, node: Node, own: Schema, others: Sequence[Schema]) -> bool:
        """Whether keywords without a `type` ask nothing of the values that the others take.

        `maxLength` holds for texts alone, so that an object passes it (JSON Schema Validation,
        section 6.3.1).
        """
        if not others or isinstance(own, AnySchema) or stated_types(node) or lists_values(node):
            return False
        if not any(
            isinstance(self._merger.both(one, own, node.origin), NeverSchema) for one in others
        ):
            return False
        self._context.report.warning(
            "schema-keyword-without-effect",
            node,
            f"what is said here of {hinted_type(node)} values holds for none that may stand here",
            "State a `type`, or take the keywords out.",
        )
        return True

    def _typed(self, node: Node, notes: Notes, dialect: Dialect) -> Schema:
        types = stated_types(node)
        if lists_values(node):
            return schema_scalars.read_enum(node, notes, types, self._context.report)
        if len(types) == 1 and types[0] != "null":  # As nearly every schema says.
            return self._of_type(node, types[0], notes, dialect)
        words = tuple(word for word in types if word != "null")
        if not words and types:
            return NullSchema(notes=notes)
        if len(words) > 1 and {"integer", "number"} <= set(words):
            words = tuple(word for word in words if word != "integer")
        inner = bare_notes(notes.origin, notes.unit)
        if len(words) < 2:
            word = words[0] if words else hinted_type(node)
            schema = self._of_type(node, word, inner if len(words) < len(types) else notes, dialect)
        else:
            schema = UnionSchema(
                notes=notes,
                kind="any_of",
                variants=tuple(self._of_type(node, word, inner, dialect) for word in words),
            )
        return NullableSchema(notes=notes, inner=schema) if "null" in types else schema

    def _of_type(self, node: Node, word: str | None, notes: Notes, dialect: Dialect) -> Schema:
        read = functools.partial(self.read, dialect=dialect)
        if word == "object":
            return schema_shapes.read_object(node, notes, read)
        if word == "array":
            return schema_shapes.read_array(node, notes, read)
        if word in _SCALARS:
            return _SCALARS[word](node, notes)
        if word is not None:
            self._context.report.error(
                "invalid-document",
                node.get("type") or node,
                f"{word!r} is no type of JSON Schema",
                "The types are string, number, integer, boolean, object, array and null.",
            )
        return AnySchema(notes=notes)

    def _all_of(self, node: Node, dialect: Dialect) -> Iterator[Schema]:
        all_of = node.get("allOf")
        for part in all_of.elements() if all_of is not None else ():
            yield self.read(part, dialect)

    def _union(self, node: Node, key: str, dialect: Dialect) -> Schema | None:
        """Return the union of `oneOf` or `anyOf`, with null taken out of it."""
        written = node.get(key)
        if written is None or not isinstance(written.value, list):
            return None
        if self._only_demands(written):
            return None
        variants: list[tuple[Node, Schema]] = []
        has_null = False
        for variant in written.elements():
            schema = self.read(variant, dialect)
            if isinstance(schema, NullSchema):
                has_null = True
            elif isinstance(schema, NullableSchema) and not is_reference(variant):
                has_null = True
                variants.append((variant, with_notes(schema.inner, schema.notes)))
            else:
                variants.append((variant, schema))
        return self._united(node, key, variants, has_null)

    def _united(
        self, node: Node, key: str, variants: list[tuple[Node, Schema]], has_null: bool
    ) -> Schema:
        notes = bare_notes(node.origin)
        schemas = tuple(schema for _, schema in variants)
        schema: Schema
        if not schemas:
            return NullSchema(notes=notes)
        if len(schemas) == 1:
            schema = schemas[0]
        elif all(isinstance(variant, ConstSchema) for variant in schemas):
            schema = _enum_of_constants(schemas, notes)
        elif any(isinstance(variant, AnySchema) for variant in schemas) and key == "anyOf":
            schema = AnySchema(notes=notes)
        else:
            nodes = [variant for variant, _ in variants]
            discriminator = stated_discriminator(self._context, node, nodes)
            if discriminator is None:
                discriminator = found_discriminator(self._context, nodes)
            schema = UnionSchema(
                notes=notes,
                kind="one_of" if key == "oneOf" else "any_of",
                variants=schemas,
                discriminator=discriminator,
            )
        return NullableSchema(notes=notes, inner=schema) if has_null else schema

    def _only_demands(self, written: Node) -> bool:
        """Say whether all variants only demand fields; that validates and gives no shape."""
        variants = list(written.elements())
        is_so = bool(variants) and all(
            variant.members.keys() & _DEMANDS and variant.members.keys() <= _DEMANDS | ANNOTATIONS
            for variant in variants
        )
        if is_so:
            self._context.report.warning(
                "schema-keyword-not-carried",
                written,
                "which fields are demanded together is not carried; SDKs accept more",
                "Nothing is lost but validation.",
            )
        return is_so


def _nullable(schema: Schema) -> Schema:
    inner = with_notes(schema, bare_notes(schema.notes.origin, schema.notes.unit))
    return NullableSchema(notes=schema.notes, inner=inner)


def _without(node: Node, keys: tuple[str, ...]) -> Node:
    members = {key: value for key, value in node.members.items() if key not in keys}
    return Node(node.document, node.pointer, members)


def _enum_of_constants(schemas: tuple[Schema, ...], notes: Notes) -> Schema:
    """Return the enum that a union of constants is, with what each constant says."""
    constants = [schema for schema in schemas if isinstance(schema, ConstSchema)]
    meanings = {
        str(constant.value): said
        for constant in constants
        if (said := constant.notes.description or constant.notes.title)
    }
    values = tuple(constant.value for constant in constants)
    return EnumSchema(notes=notes, values=values, meanings=meanings)
