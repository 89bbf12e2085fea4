"""Parameters of one operation that may write the same name, so that no server tells them apart."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from venuekit.contract import (
    Contract,
    HttpBinding,
    Location,
    ObjectSchema,
    Parameter,
    Schema,
    UnionSchema,
)
from venuekit.contract.walk import resolve
from venuekit.load.findings import Report

_NAMED = (Location.QUERY, Location.COOKIE)
"""Where an object may become several names; a path has places, and a header is one text."""


@dataclass(frozen=True, slots=True)
class _Written:
    """The names that a parameter writes; `is_free` says that it may write any other as well."""

    parameter: Parameter
    names: frozenset[str]
    is_free: bool = False
    rank: int = 0
    """In which order servers read: a name belongs to the first that takes it."""


def check_parameter_names(contract: Contract, report: Report) -> None:
    """Report each pair of parameters that may write one name (OpenAPI 3.1, 4.8.12.4).

    An exploded object in style `form` is written as its members, whose names stand among those of
    the other parameters; a `deepObject` writes `name[member]`, which may be a parameter itself.
    """
    for operation in contract.operations:
        if not isinstance(operation.binding, HttpBinding):
            continue
        for location in _NAMED:
            written = [
                _written(contract, parameter)
                for parameter in operation.binding.parameters
                if parameter.location is location
            ]
            for first, second in combinations(sorted(written, key=lambda one: one.rank), 2):
                _compare(first, second, report)


def _compare(first: _Written, second: _Written, report: Report) -> None:
    one, other = first.parameter.name, second.parameter.name
    if first.is_free and second.is_free:
        fact = f"{one!r} and {other!r} are both written as members of any name"
    elif shared := sorted(first.names & second.names):
        fact = f"{one!r} and {other!r} are both written as {shared[0]!r}"
    else:
        return
    report.warning(
        "parameters-not-told-apart",
        second.parameter.origin,
        f"{fact}, so no server can tell whose one is: it is taken for {one!r}'s,"
        " and a call that gives the same name to both is refused",
        "Give one of them `style: deepObject`, or `content` with application/json, if the server"
        " takes that.",
    )


def _written(contract: Contract, parameter: Parameter) -> _Written:
    name = parameter.name
    objects = list(_objects(contract, parameter.schema, frozenset()))
    is_deep = parameter.style == "deepObject"
    is_spread = parameter.style == "form" and parameter.is_exploded
    if parameter.content_type is not None or not objects or not (is_deep or is_spread):
        return _Written(parameter, frozenset((name,)))
    members = {field.name for one in objects for field in one.fields}
    if is_deep:
        return _Written(parameter, frozenset(f"{name}[{member}]" for member in members), rank=1)
    is_free = any(one.is_open or (not one.fields and one.additional) for one in objects)
    return _Written(parameter, frozenset(members), is_free, rank=3 if not members else 2)


def _objects(contract: Contract, schema: Schema, seen: frozenset[int]) -> list[ObjectSchema]:
    """Return the objects that a value may be; a union that holds itself adds none."""
    shape = resolve(contract, schema)
    if id(shape) in seen:
        return []
    match shape:
        case ObjectSchema():
            return [shape]
        case UnionSchema(variants=variants):
            below = seen | {id(shape)}
            return [one for variant in variants for one in _objects(contract, variant, below)]
        case _:
            return []
