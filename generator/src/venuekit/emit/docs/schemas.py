"""The page of one named schema, and who uses it."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import EnumSchema, NamedSchema, Schema, UnionSchema
from venuekit.contract.walk import resolve
from venuekit.emit.docs.draw import bullets, draw, examples, fields, grid
from venuekit.emit.docs.pages import link_to
from venuekit.emit.docs.shapes import Shapes, facts
from venuekit.emit.docs.site import Site, origin_words
from venuekit.emit.docs.text import cell, code, inline, prose, value_code
from venuekit.emit.docs.views import SchemaPage


def schema_page(site: Site, named: NamedSchema) -> str:
    """Return the page of a schema."""
    page = site.pages.schemas[named.name]
    shapes = site.shapes(page)
    schema = named.schema
    notes = schema.notes
    view = SchemaPage(
        title=inline(named.name),
        type=f"Type: {shapes.type_words(schema)}",
        description=prose(notes.description),
        demands=bullets(_demands(schema)),
        fields=fields(shapes.rows(schema, "field")),
        values=_values(schema),
        variants=bullets(_variants(shapes, schema)),
        examples=examples(("Example:", value) for value in notes.examples),
        uses=bullets(link_to(page, path, name) for path, name in site.schema_uses[named.name])
        or "Nothing in the contract.",
        origin=origin_words(named.origin),
    )
    return draw("schema", view)


def _demands(schema: Schema) -> Iterator[str]:
    yield from facts(schema)
    if schema.notes.unit:
        yield f"Unit: {code(schema.notes.unit)}."
    if schema.notes.is_deprecated:
        yield "**Deprecated.**"
    if schema.notes.sunset:
        yield f"May be gone from {inline(schema.notes.sunset)}."


def _values(schema: Schema) -> str:
    if not isinstance(schema, EnumSchema):
        return ""
    meanings = any(str(value) in schema.meanings for value in schema.values)
    heading = ["Value", *(["Meaning"] if meanings else []), *(["FIX"] if schema.fix_codes else [])]
    rows = []
    for value in schema.values:
        row = [value_code(value)]
        if meanings:
            row.append(cell(schema.meanings.get(str(value), "")))
        if schema.fix_codes:
            text = schema.fix_codes.get(str(value))
            row.append(code(f"{schema.fix_tag}={text}") if text is not None else "")
        rows.append(row)
    return grid(heading, rows)


def _variants(shapes: Shapes, schema: Schema) -> Iterator[str]:
    shape = resolve(shapes.contract, schema)
    if not isinstance(shape, UnionSchema):
        return
    told = shape.discriminator
    for position, variant in enumerate(shape.variants):
        marks = [value for value, target in told.mapping if target == position] if told else []
        when = (
            f" when {code(told.field)} is {', '.join(map(code, marks))}" if told and marks else ""
        )
        yield f"{shapes.type_words(variant)}{when}"
