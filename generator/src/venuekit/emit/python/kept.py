"""The names of a package that a lock may keep: methods and error classes; classes are elsewhere."""

from __future__ import annotations

import keyword
from functools import partial

from venuekit.contract import Contract, EnumSchema, ObjectSchema, Operation, Schema
from venuekit.contract.walk import all_schemas
from venuekit.emit.lock.namer import Namer
from venuekit.emit.lock.places import At, Wanted
from venuekit.emit.lock.shapes import operation_places, operation_shape
from venuekit.emit.naming import snake
from venuekit.emit.python.drawing import enum_values
from venuekit.emit.python.names import (
    TAKEN_METHODS,
    class_choices,
    field_names,
    member_names,
    method_choices,
)
from venuekit.emit.python.traits import is_class_enum
from venuekit.emit.python.types import Types
from venuekit.origin import Origin

KEYWORDS = frozenset(keyword.kwlist)
"""What no name may be, whoever wrote it into a lock."""


def kept_methods(contract: Contract, namer: Namer) -> dict[str, str]:
    """Return the method of each operation name; an act over several wires is one method."""
    places = operation_places(contract)
    acts: dict[str, list[Operation]] = {}
    for operation in contract.operations:
        acts.setdefault(operation.name, []).append(operation)
    rows = [
        Wanted(
            key=name,
            choices=method_choices(name),
            wish=name,
            at=tuple(places[id(operation)] for operation in acts[name]),
            shape=partial(operation_shape, acts[name][0]),
        )
        for name in sorted(acts, key=lambda name: snake(name) != name)
    ]
    namer.expect("method", places.values())
    return namer.assign("method", rows, TAKEN_METHODS | KEYWORDS)


def kept_errors(contract: Contract, namer: Namer, taken: frozenset[str]) -> dict[str, str]:
    """Return the class of each error code."""
    rows = [
        Wanted(
            key=code,
            choices=class_choices(code, "Error"),
            wish=code,
            at=(At(Origin(row.origin.document), f"error/{code}"),),
        )
        for code, row in contract.errors.items()
    ]
    namer.expect("error", (row.at[0] for row in rows))
    return namer.assign("error", rows, taken | KEYWORDS)


def keep_members(types: Types, namer: Namer) -> None:
    """Let a lock name the fields of structs and the members of enums, where one is kept."""
    if not namer.is_locked:
        return
    for key, entry in types.contract.schemas.items():
        _keep(types, namer, key, entry.schema)
    for schema in all_schemas(types.contract):
        if id(schema) in types.names.inline and id(schema) not in types.kept:
            _keep(types, namer, id(schema), schema)


def _keep(types: Types, namer: Namer, key: str | int, schema: Schema) -> None:
    if isinstance(schema, ObjectSchema) and schema.fields:
        wires = [field.name for field in schema.fields]
        types.kept[id(schema)] = namer.members(key, wires, field_names)
    elif isinstance(schema, EnumSchema) and is_class_enum(schema):
        values = [str(value) for value in enum_values(schema)]
        types.kept[id(schema)] = namer.members(key, values, member_names)
