"""What the model back end is given: flat schemas, names of fields, texts of its templates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from venuekit.contract import Contract, EnumSchema, Field, ObjectSchema, Schema, UnionSchema
from venuekit.contract.walk import all_schemas
from venuekit.emit.naming import SchemaNames
from venuekit.emit.python.names import field_names, member_names
from venuekit.emit.python.text import docstring, literal
from venuekit.emit.python.types import (
    Constant,
    ListOf,
    MapOf,
    Named,
    OneOf,
    Plain,
    Shape,
    Types,
    hint,
    is_class_enum,
    joined,
    merge_objects,
)

_REF = "#/components/schemas/"
_SCALARS: dict[str, dict[str, Any]] = {
    "Any": {},
    "None": {"type": "null"},
    "bool": {"type": "boolean"},
    "int": {"type": "integer"},
    "str": {"type": "string"},
    "Decimal": {"type": "string", "format": "decimal"},
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One class or alias of the module, with the schema that it stands for."""

    name: str
    schema: Schema


def prepare(contract: Contract, names: SchemaNames) -> Types:
    """Return the types of a contract, with its unions of untagged objects merged."""
    types = Types(contract, names)
    for entry in entries(contract, names):
        if isinstance(entry.schema, UnionSchema):
            _merge(types, entry.schema)
    return types


def _merge(types: Types, schema: UnionSchema) -> None:
    objects: list[ObjectSchema] = []
    for variant in types.flat(schema.variants):
        target = types.target(variant)
        if isinstance(target, UnionSchema):
            target = types.merged.get(id(target), target)
        if not isinstance(target, ObjectSchema) or not target.fields:
            return
        objects.append(target)
    distinct = list({id(one): one for one in objects}.values())
    if len(distinct) > 1:
        types.merged[id(schema)] = merge_objects(schema, distinct)


def entries(contract: Contract, names: SchemaNames) -> list[Entry]:
    """Return everything that the module defines, named schemas first, in the contract's order."""
    found = [Entry(names.named[key], named.schema) for key, named in contract.schemas.items()]
    seen: set[int] = set()
    for schema in all_schemas(contract):
        name = names.of(schema)
        if name is not None and id(schema) not in seen:
            seen.add(id(schema))
            found.append(Entry(name, schema))
    return found


class Drawing:
    """What the back end is given: schemas, names of fields, and the texts of its templates."""

    def __init__(self, types: Types, found: list[Entry]) -> None:
        self.schemas: dict[str, dict[str, Any]] = {}
        self.aliases: dict[str, str] = {}
        self.texts: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        self.fields: dict[str, dict[str, str]] = {}
        self.aliased: dict[str, Shape] = {}
        self.members: dict[str, int] = {}
        self._types = types
        for entry in found:
            self._add(entry)
        _break_circles(self.aliased)
        for name, shape in self.aliased.items():
            self.schemas[name] = _feed(shape)

    def _add(self, entry: Entry) -> None:
        schema = self._types.merged.get(id(entry.schema), entry.schema)
        if isinstance(schema, ObjectSchema) and schema.fields:
            self._add_object(entry.name, schema, entry.schema)
        elif isinstance(schema, EnumSchema) and is_class_enum(schema):
            self._add_enum(entry.name, schema)
        else:
            self.aliased[entry.name] = self._types.definition(schema)

    def _add_object(self, name: str, schema: ObjectSchema, original: Schema) -> None:
        attributes = field_names([member.name for member in schema.fields])
        hints: dict[str, str] = {}
        rest: dict[str, str] = {}
        properties: dict[str, Any] = {}
        for member in schema.fields:
            attribute = attributes[member.name]
            shape = self._types.shape(member.schema)
            properties[member.name] = _feed(shape)
            hints[attribute] = hint(shape) + ("" if member.is_required else " | UnsetType")
            rest[attribute] = _assignment(member, attribute) + _field_doc(self._types, member)
            self.aliases[f"{name}.{member.name}"] = attribute
        self.schemas[name] = {
            "type": "object",
            "properties": properties,
            "required": [member.name for member in schema.fields if member.is_required],
        }
        self.fields[name] = hints
        self.texts[name] = {
            "doc": docstring(_object_doc(original, name), 4),
            "lines": _decimal_line(self._types, schema, attributes),
            "rest": rest,
        }

    def _add_enum(self, name: str, schema: EnumSchema) -> None:
        values = [str(value) for value in schema.values]
        is_text = isinstance(schema.values[0], str)
        members = member_names(list(dict.fromkeys(values)))
        rest = {}
        for value in schema.values:
            text = literal(value if isinstance(value, str | int) else str(value))
            meaning = schema.meanings.get(str(value))
            after = f'\n    """{docstring(meaning, 4)}"""\n' if meaning else ""
            rest[members[str(value)]] = text + after
        self.schemas[name] = {
            "type": "string" if is_text else "integer",
            "enum": list(dict.fromkeys(schema.values)),
            "x-enum-varnames": [members[value] for value in dict.fromkeys(values)],
        }
        self.members[name] = len(members)
        self.texts[name] = {
            "doc": docstring(_object_doc(schema, name), 4),
            "enum_base": "OpenEnum" if is_text else "OpenIntEnum",
            "rest": rest,
        }


def _assignment(member: Field, attribute: str) -> str:
    if attribute == member.name:
        return "" if member.is_required else " = UNSET"
    default = "" if member.is_required else ", default=UNSET"
    return f" = field(name={literal(member.name)}{default})"


def _field_doc(types: Types, member: Field) -> str:
    notes = member.schema.notes
    text = notes.description or types.target(member.schema).notes.description or ""
    if notes.unit:
        text = f"{text} Unit: {notes.unit}.".strip()
    if notes.is_deprecated:
        text = f"Deprecated. {text}".strip()
    return f'\n    """{docstring(text, 4)}"""\n' if text else ""


def _object_doc(schema: Schema, name: str) -> str:
    text = schema.notes.description or schema.notes.title or name
    if isinstance(schema, UnionSchema):
        text += "\n\nOne of several objects that nothing tells apart; it has the fields of all."
    return text


def _decimal_line(types: Types, schema: ObjectSchema, attributes: Mapping[str, str]) -> list[str]:
    numbers = [
        literal(attributes[member.name])
        for member in schema.fields
        if types.decimal_wire(member.schema) == "decimal_number"
    ]
    return [f"__decimal_numbers__ = frozenset({{{', '.join(numbers)}}})"] if numbers else []


def _feed(shape: Shape) -> dict[str, Any]:
    """Return the JSON Schema of a shape, in words that the back end draws exactly."""
    match shape:
        case Plain(name=name):
            return dict(_SCALARS[name])
        case Constant(value=value):
            kind = "boolean" if isinstance(value, bool) else "integer"
            return {"type": "string" if isinstance(value, str) else kind, "const": value}
        case Named(name=name):
            return {"$ref": _REF + name}
        case ListOf(item=item):
            return {"type": "array", "items": _feed(item)}
        case MapOf(value=value):
            return {"type": "object", "additionalProperties": _feed(value)}
        case OneOf(shapes=shapes):
            return {"anyOf": [_feed(one) for one in shapes]}


def _break_circles(aliased: dict[str, Shape]) -> None:
    """Let an alias that leads back to itself through aliases alone end in anything.

    A type alias cannot name itself; structs can, and most circles go through one.
    """
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in done:
            return
        for below in _names_in(aliased[name]):
            if below in (*path, name):
                aliased[name] = _without(aliased[name], below)
            elif below in aliased:
                visit(below, (*path, name))
        done.add(name)

    for name in list(aliased):
        visit(name, ())


def _names_in(shape: Shape) -> Iterator[str]:
    match shape:
        case Named(name=name):
            yield name
        case ListOf(item=inner) | MapOf(value=inner):
            yield from _names_in(inner)
        case OneOf(shapes=shapes):
            for one in shapes:
                yield from _names_in(one)
        case _:
            return


def _without(shape: Shape, name: str) -> Shape:
    match shape:
        case Named(name=found):
            return Plain("Any") if found == name else shape
        case ListOf(item=inner):
            return ListOf(_without(inner, name))
        case MapOf(value=inner):
            return MapOf(_without(inner, name))
        case OneOf(shapes=shapes):
            return joined([_without(one, name) for one in shapes])
        case _:
            return shape
