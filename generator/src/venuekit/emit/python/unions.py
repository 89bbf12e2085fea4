"""Unions of objects: by their tag, by fields that tell them apart, or merged where nothing does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from venuekit.contract import (
    ConstSchema,
    EnumSchema,
    Field,
    ObjectSchema,
    Schema,
    UnionSchema,
)
from venuekit.emit.python.choice import Case, Choice
from venuekit.emit.python.types import Named, Types

Values = frozenset[str | int | bool]


@dataclass(frozen=True, slots=True)
class Variant:
    """One object of a union, with the class that stands for it."""

    name: str
    fields: dict[str, Field]


def decide(types: Types, schema: UnionSchema) -> None:
    """Note in `types` how a union of objects is decoded; other unions are left as they are."""
    found = _leaves(types, schema)
    objects = [types.target(leaf) for leaf in found]
    structs = [one for one in objects if isinstance(one, ObjectSchema) and one.fields]
    distinct = list({id(one): one for one in structs}.values())
    if len(structs) != len(found) or len(distinct) < 2:
        return
    choice = _by_tag(types, schema) or _by_fields(types, found)
    if choice is None:
        types.merged[id(schema)] = merge_objects(schema, distinct)
    else:
        types.choices[id(schema)] = choice


def _leaves(types: Types, schema: UnionSchema) -> list[Schema]:
    """Return the variants of nested unions on one level; a union inside itself counts once."""
    leaves: list[Schema] = []
    seen: set[int] = set()
    stack: list[Schema] = [schema]
    while stack:
        one = stack.pop()
        target = types.target(one)
        if not isinstance(target, UnionSchema):
            leaves.append(one)
        elif id(target) not in seen:
            seen.add(id(target))
            stack += reversed(target.variants)
    return leaves


def _by_tag(types: Types, schema: UnionSchema) -> Choice | None:
    """Return the choice by a union's discriminator, when every variant has a tag and a class."""
    stated = schema.discriminator
    if stated is None or {at for _, at in stated.mapping} != set(range(len(schema.variants))):
        return None
    names = [_name(types, variant) for variant in schema.variants]
    known = [name for name in names if name is not None]
    if len(known) != len(names):
        return None
    return Choice(
        names=tuple(dict.fromkeys(known)),
        tag=stated.field,
        tags=tuple((tag, known[at]) for tag, at in stated.mapping),
    )


def _name(types: Types, schema: Schema) -> str | None:
    """Return the struct that stands for an object, if it has one."""
    target = types.target(schema)
    shape = types.shape(schema)
    is_struct = isinstance(target, ObjectSchema) and bool(target.fields)
    return shape.name if is_struct and isinstance(shape, Named) else None


def _by_fields(types: Types, leaves: list[Schema]) -> Choice | None:
    """Return the choice by required fields, their values and kinds; None where two look alike."""
    variants: dict[str, Variant] = {}
    for leaf in leaves:
        name = _name(types, leaf)
        target = types.target(leaf)
        if name is None or not isinstance(target, ObjectSchema):
            return None
        variants[name] = Variant(name, {field.name: field for field in target.fields})
    ordered = _in_order(types, list(variants.values()))
    if ordered is None:
        return None
    cases = tuple(_case(types, one, ordered) for one in ordered)
    return Choice(names=tuple(variants), cases=cases)


def _in_order(types: Types, variants: list[Variant]) -> list[Variant] | None:
    """Put a variant behind those whose objects would pass for it; None where that is a circle."""
    left = list(variants)
    ordered: list[Variant] = []
    while left:
        free = (
            one
            for one in left
            if not any(_passes(types, other, one) for other in left if other is not one)
        )
        chosen = next(free, None)
        if chosen is None:
            return None
        left.remove(chosen)
        ordered.append(chosen)
    return ordered


def _passes(types: Types, one: Variant, other: Variant) -> bool:
    """Whether an object of one variant could have all that another one asks for."""
    return not any(
        name not in one.fields
        or _values_differ(types, field, one.fields[name])
        or _kinds_differ(types, field, one.fields[name])
        for name, field in other.fields.items()
        if field.is_required
    )


def _case(types: Types, variant: Variant, variants: Iterable[Variant]) -> Case:
    required = [field for field in variant.fields.values() if field.is_required]
    values: dict[str, tuple[str | int | bool, ...]] = {}
    kinds: dict[str, str] = {}
    for field in required:
        for other in variants:
            theirs = other.fields.get(field.name)
            if theirs is None or other is variant:
                continue
            if _values_differ(types, field, theirs):
                values[field.name] = tuple(sorted(_values(types, field), key=repr))
            elif _kinds_differ(types, field, theirs):
                kinds[field.name] = types.kind(field.schema)
    return Case(
        name=variant.name,
        required=tuple(field.name for field in required),
        values=tuple(values.items()),
        kinds=tuple(kinds.items()),
    )


def _values_differ(types: Types, one: Field, other: Field) -> bool:
    mine, theirs = _values(types, one), _values(types, other)
    return bool(mine) and bool(theirs) and not mine & theirs


def _values(types: Types, field: Field) -> Values:
    match types.target(field.schema):
        case ConstSchema(value=str() | int() as value):
            return frozenset([value])
        case EnumSchema(values=values):
            scalars = [value for value in values if isinstance(value, str | int)]
            return frozenset(scalars if len(scalars) == len(values) else [])
        case _:
            return frozenset()


def _kinds_differ(types: Types, one: Field, other: Field) -> bool:
    mine, theirs = types.kind(one.schema), types.kind(other.schema)
    return "any" not in (mine, theirs) and mine != theirs


def merge_objects(schema: UnionSchema, objects: list[ObjectSchema]) -> ObjectSchema:
    """Return one object with the fields of all; what one lacks is optional, types are joined."""
    found: dict[str, list[Field]] = {}
    for one in objects:
        for member in one.fields:
            found.setdefault(member.name, []).append(member)
    fields = []
    for name, members in found.items():
        first = members[0]
        schemas = list({id(m.schema): m.schema for m in members}.values())
        joint = (
            first.schema
            if len(schemas) == 1
            else UnionSchema(notes=first.schema.notes, kind="any_of", variants=tuple(schemas))
        )
        is_required = len(members) == len(objects) and all(m.is_required for m in members)
        fields.append(replace(first, name=name, schema=joint, is_required=is_required))
    free = [one.additional for one in objects if one.is_additional_stated and one.additional]
    return ObjectSchema(
        notes=schema.notes,
        fields=tuple(fields),
        additional=_either(schema, free) if free else None,
        is_additional_stated=bool(free),
        patterns=tuple(pattern for one in objects for pattern in one.patterns),
    )


def _either(schema: UnionSchema, schemas: list[Schema]) -> Schema:
    distinct = list({id(one): one for one in schemas}.values())
    if len(distinct) == 1:
        return distinct[0]
    return UnionSchema(notes=schema.notes, kind="any_of", variants=tuple(distinct))
