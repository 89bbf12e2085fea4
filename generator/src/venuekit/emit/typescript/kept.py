"""The names that a lock may keep, and what goes on under an earlier one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from venuekit.contract import Contract, Operation
from venuekit.emit.lock.namer import Namer
from venuekit.emit.lock.places import At, Wanted
from venuekit.emit.lock.shapes import operation_places, operation_shape
from venuekit.emit.naming import pascal
from venuekit.emit.typescript.names import MODULE_NAMES, error_class, function_choices
from venuekit.emit.typescript.rest import Call
from venuekit.emit.typescript.stream import StreamCall
from venuekit.emit.typescript.text import doc
from venuekit.origin import Origin

C = TypeVar("C", Call, StreamCall)


def kept_errors(contract: Contract, namer: Namer) -> dict[str, str]:
    """Return the class of each error code."""
    rows = [
        Wanted(
            key=code,
            choices=(error_class(code),),
            wish=code,
            at=(At(Origin(row.origin.document), f"error/{code}"),),
        )
        for code, row in contract.errors.items()
    ]
    namer.expect("error", (row.at[0] for row in rows))
    return namer.assign("error", rows, MODULE_NAMES)


def kept_functions(
    contract: Contract, operations: Iterable[Operation], namer: Namer, taken: Iterable[str]
) -> dict[int, str]:
    """Return the function of each operation of one client, by the operation's identity."""
    places = operation_places(contract)
    namer.expect("method", places.values())
    rows = [
        Wanted(
            key=id(operation),
            choices=function_choices(operation.name),
            wish=operation.name,
            at=(places[id(operation)],),
            shape=partial(operation_shape, operation),
        )
        for operation in operations
    ]
    return namer.assign("method", rows, taken)


def with_formers(
    calls: Sequence[C], formers: Mapping[str, tuple[str, ...]], others: Iterable[str] = ()
) -> list[C]:
    """Return the calls of one client with their earlier names, where nothing else has them.

    `others` are what else the client has: the iterators.
    """
    taken = {*others, *(call.name for call in calls)}
    found = []
    for call in calls:
        olds = formers.get(call.name, ())
        free = tuple(old for old in olds if not {old, f"iter{pascal(old)}"} & taken)
        taken.update(free)
        found.append(replace(call, formers=free))
    return found


def input_formers(calls: Iterable[Call], taken: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the input types that go on for the earlier names of functions, with their own."""
    for call in calls:
        for former in call.formers:
            old = f"{pascal(former)}Input"
            if call.takes_input and old not in taken:
                yield old, call.input_name


def type_aliases(pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return a deprecated type for each earlier name, paired with the name of now."""
    return tuple(
        f"{doc([f'@deprecated Use `{name}`.'])}export type {old} = {name};" for old, name in pairs
    )


def schema_formers(
    formers: Mapping[str, tuple[str, ...]], inputs: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield the earlier names of types with those of now, senders' forms among them."""
    for name, names in formers.items():
        for old in names:
            yield old, name
            if name in inputs:
                yield f"{old}Input", inputs[name]


def value_aliases(
    pairs: Iterable[tuple[str, str]], verb: str = "Use", *, are_classes: bool = False
) -> tuple[str, ...]:
    """Return a deprecated constant for each earlier name; classes are types as well."""
    return tuple(
        f"{doc([f'@deprecated {verb} `{name}`.'])}export const {old} = {name};"
        + (f"\nexport type {old} = {name};" if are_classes else "")
        for old, name in pairs
    )
