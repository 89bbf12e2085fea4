"""Pictures of what the models module holds: structs, enums and aliases, types still as shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from venuekit.contract import Contract, EnumSchema, Field, ObjectSchema, Schema, UnionSchema
from venuekit.contract.walk import all_schemas
from venuekit.emit.python.book import Members, Part
from venuekit.emit.python.choice import Choice
from venuekit.emit.python.findings import is_decodable
from venuekit.emit.python.names import free_name, member_names
from venuekit.emit.python.text import docstring, literal
from venuekit.emit.python.traits import has_free_members, is_class_enum
from venuekit.emit.python.types import ListOf, MapOf, Named, OneOf, Plain, Shape, Types, joined
from venuekit.emit.python.unions import decide
from venuekit.emit.python.wires import Wire, free_members, wire
from venuekit.emit.schema_naming import SchemaNames


@dataclass(frozen=True, slots=True)
class Entry:
    """One class or alias of the module, with the schema that it stands for."""

    name: str
    schema: Schema


def prepare(contract: Contract, names: SchemaNames) -> Types:
    """Return the types of a contract, with its unions of objects decided."""
    types = Types(contract, names)
    for entry in entries(contract, names):
        types.by_name[entry.name] = entry.schema
        if isinstance(entry.schema, UnionSchema):
            decide(types, entry.schema)
    return types


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


@dataclass(frozen=True, slots=True)
class StructPicture:
    """One struct: what is written of it, and each field's name, type and rest of the line."""

    name: str
    doc: str
    base: str
    lines: tuple[str, ...]
    fields: tuple[tuple[str, Part, str], ...]


@dataclass(frozen=True, slots=True)
class EnumPicture:
    """One enum: its members, and the text behind each member's name."""

    name: str
    doc: str
    base: str
    members: Members
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnionPicture:
    """One union of objects that are told apart."""

    name: str
    doc: str
    choice: Choice


class Drawing:
    """What the module holds: classes in the contract's order, then aliases."""

    def __init__(self, types: Types, found: list[Entry]) -> None:
        self.classes: list[StructPicture | EnumPicture | UnionPicture] = []
        self._types = types
        aliased: dict[str, Shape] = {}
        for entry in found:
            schema = types.merged.get(id(entry.schema), entry.schema)
            if isinstance(schema, ObjectSchema) and schema.fields:
                self.classes.append(self._struct(entry.name, schema, entry.schema))
            elif isinstance(schema, EnumSchema) and is_class_enum(schema):
                self.classes.append(self._enum(entry.name, schema))
            elif id(schema) in types.choices:
                doc = docstring(_object_doc(schema, entry.name), 8)
                self.classes.append(UnionPicture(entry.name, doc, types.choices[id(schema)]))
            else:
                aliased[entry.name] = types.definition(schema)
        _break_circles(aliased)
        self.aliases = _inside_out(aliased)

    def parts(self) -> Iterator[Part]:
        """Yield the type of every field and alias."""
        for one in self.classes:
            if isinstance(one, StructPicture):
                yield from (part for _, part, _ in one.fields)
        yield from (Part(shape, is_required=True) for shape in self.aliases.values())

    def enums(self) -> Iterator[Members]:
        """Yield the members of every enum."""
        return (one.members for one in self.classes if isinstance(one, EnumPicture))

    def _struct(self, name: str, schema: ObjectSchema, original: Schema) -> StructPicture:
        attributes = self._types.attributes(schema)
        fields = []
        # Required fields stand first, because arguments may be given by position.
        members = [self._answered(m) for m in schema.fields if is_decodable(m.name)]
        for member in sorted(members, key=lambda one: not one.is_required):
            attribute = attributes[member.name]
            part = Part(self._types.shape(member.schema), member.is_required)
            rest = _assignment(member, attribute) + _field_doc(self._types, member)
            fields.append((attribute, part, rest))
        wires = {attributes[one.name]: wire(self._types, one.schema) for one in schema.fields}
        is_open = has_free_members(schema)
        free = free_name(attributes)
        if is_open:
            shape, wires[free] = free_members(self._types, schema)
            fields.append((free, Part(shape, is_required=True), _FREE))
        return StructPicture(
            name=name,
            doc=docstring(_object_doc(original, name, is_merged=original is not schema), 4),
            base="OpenModel" if is_open else "Model",
            lines=(
                *([f"__free_members__ = {literal(free)}"] if is_open else []),
                *_names_line("__decimal_numbers__", wires, "decimal_number"),
                *_names_line("__or_empty__", wires, "or_empty"),
                *_names_line("__untyped__", wires, "untyped"),
            ),
            fields=tuple(fields),
        )

    def _answered(self, member: Field) -> Field:
        """Return a field as answers have it: what is writeOnly never stands in one."""
        stated = (member.schema.notes, self._types.target(member.schema).notes)
        is_hidden = any(notes.is_write_only for notes in stated)
        return replace(member, is_required=False) if is_hidden else member

    def _enum(self, name: str, schema: EnumSchema) -> EnumPicture:
        values = enum_values(schema)
        kept = self._types.kept.get(id(schema))
        names = kept or member_names([str(value) for value in values])
        rest = []
        for value in values:
            meaning = schema.meanings.get(str(value))
            after = f'\n    """{docstring(meaning, 4)}"""\n' if meaning else ""
            rest.append(literal(value) + after)
        return EnumPicture(
            name=name,
            doc=docstring(_object_doc(schema, name), 4),
            base="OpenEnum" if isinstance(values[0], str) else "OpenIntEnum",
            members=Members(tuple((names[str(value)], value) for value in values)),
            rest=tuple(rest),
        )


def enum_values(schema: EnumSchema) -> list[str | int]:
    """Return the values that an enum's class has, each once."""
    return list(dict.fromkeys(v for v in schema.values if isinstance(v, str | int)))


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


def _object_doc(schema: Schema, name: str, *, is_merged: bool = False) -> str:
    text = schema.notes.description or schema.notes.title or name
    if is_merged:
        text += "\n\nOne of several objects that nothing tells apart; it has the fields of all."
    return text


_FREE_DOC = "Members that the contract admits beside the declared ones, by their wire names."
_FREE = f' = field(default_factory=dict)\n    """{_FREE_DOC}"""\n'


def _names_line(name: str, wires: Mapping[str, Wire], wanted: Wire) -> list[str]:
    """Return the line that names the fields which are written in one form, if there are any."""
    found = [literal(attribute) for attribute, wire in wires.items() if wire == wanted]
    return [f"{name} = frozenset({{{', '.join(found)}}})"] if found else []


def _inside_out(aliased: Mapping[str, Shape]) -> dict[str, Shape]:
    """Return aliases behind the aliases that they name: an alias is evaluated where it stands."""
    done: dict[str, Shape] = {}

    def visit(name: str) -> None:
        if name in aliased and name not in done:
            for below in _names_in(aliased[name]):
                visit(below)
            done[name] = aliased[name]

    for name in aliased:
        visit(name)
    return done


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
