"""Python names: snake_case, reserved words kept away, collisions settled the same way always."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from venuekit.emit.choosing import digest
from venuekit.emit.naming import assign, constant, pascal, snake

NONE: Mapping[str, str] = MappingProxyType({})

# What generated modules import or lean on; a schema may not take these names.
TAKEN_CLASSES = frozenset(
    (
        "Annotated",
        "Any",
        "Case",
        "ClassVar",
        "Decimal",
        "DecimalOrEmpty",
        "Enum",
        "IntEnum",
        "Literal",
        "Meta",
        "Model",
        "OpenEnum",
        "OpenIntEnum",
        "OpenModel",
        "OpenUnion",
        "Optional",
        "Struct",
        "StrEnum",
        "TypeAlias",
        "Union",
        "Unknown",
        "UnsetType",
        "Unset",
        "None",
        "True",
        "False",
    )
)

# A field of one of these names would shadow the type in the annotations after it.
_TAKEN_FIELDS = frozenset(
    ("bool", "bytes", "dict", "field", "float", "int", "list", "self", "str", "tuple")
)
_TAKEN_ARGUMENTS = _TAKEN_FIELDS | {
    "models",
    "operations",
    "options",
    "timeout_s",
    "max_items",
    "cls",
}
# A method that hides a type would spoil the annotations of the methods after it.
TAKEN_METHODS = _TAKEN_FIELDS | {
    "aclose",
    "clock",
    "close",
    "connect",
    "models",
    "operations",
    "request",
    "status",
    "stream_operations",
    "unmatched_count",
}


def field_names(wire_names: Sequence[str], kept: Mapping[str, str] = NONE) -> dict[str, str]:
    """Return the attribute of each field of one object; wire names that are Python's win.

    `kept` are the attributes that some have already.
    """
    return _spread(wire_names, _TAKEN_FIELDS, kept)


def free_name(attributes: Mapping[str, str]) -> str:
    """Return the attribute of an object's free members: it is no declared one's, on either side."""
    name = "extra"
    while name in attributes or name in attributes.values():
        name += "_"
    return name


def argument_names(wanted: Sequence[tuple[str, str, str]]) -> dict[str, str]:
    """Return the keyword of each input: (key, wire name, where it stands) in order.

    Of two inputs with one name, the later one says where it stands.
    """
    rows = []
    for key, name, place in wanted:
        plain = identifier(snake(name), name, _TAKEN_ARGUMENTS)
        rows.append((key, (plain, identifier(f"{snake(name)}_{place}", name, _TAKEN_ARGUMENTS))))
    return assign(rows)


def method_names(operations: Iterable[str]) -> dict[str, str]:
    """Return the method of each operation name."""
    return _spread(list(dict.fromkeys(operations)), TAKEN_METHODS)


def method_choices(operation: str) -> tuple[str, ...]:
    """Return the names that an operation's method may have, the best one first."""
    return tuple(_choices(operation, TAKEN_METHODS))


def member_names(values: Sequence[str], kept: Mapping[str, str] = NONE) -> dict[str, str]:
    """Return the enum member of each value; `kept` are the members that some have already."""
    rows = []
    old = {v: n for v, n in kept.items() if n.isidentifier() and not keyword.iskeyword(n)}
    for value in sorted(values, key=lambda v: constant(v) != v):
        if value in old:
            continue
        name = constant(value) or _signed(value)
        name = name if name.isidentifier() else f"VALUE_{name}"
        name = f"{name}_" if name in ("MRO", "NAME", "VALUE") else name
        rows.append((value, (name, f"{name}_{digest(value).upper()}")))
    return {**old, **assign(rows, old.values())}


def constant_names(names: Sequence[str], suffix: str = "") -> dict[str, str]:
    """Return the module constant of each name of the contract."""
    rows = []
    for name in sorted(names, key=lambda n: snake(n) != n):
        base = constant(name) or digest(name).upper()
        base = base if base.isidentifier() else f"N{base}"
        rows.append((name, (base + suffix, f"{base}_{digest(name).upper()}{suffix}")))
    return assign(rows, (), f"constants{suffix}")


def class_names(words: Sequence[str], suffix: str, taken: Iterable[str] = ()) -> dict[str, str]:
    """Return a class name for each word, such as an error's code."""
    return assign(((word, class_choices(word, suffix)) for word in words), taken)


def class_choices(word: str, suffix: str) -> tuple[str, ...]:
    """Return the names that the class of a word may have, the best one first."""
    name = pascal(word) or digest(word).capitalize()
    name = name if name.isidentifier() else f"Code{name}"
    return f"{name}{suffix}", f"{name}Code{suffix}"


def class_name(name: str) -> str:
    """Return a class name that Python accepts: it may not begin with a digit or a mark."""
    return name if name.isidentifier() else f"N{name}"


def identifier(name: str, wire_name: str, taken: frozenset[str]) -> str:
    """Return a name that Python accepts: never empty, a number, a keyword or a taken word."""
    name = name.strip("_")
    if not name:
        return digest(wire_name)
    if not name.isidentifier():
        return f"n{name}"
    if keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in taken:
        return f"{name}_"
    return name


def _spread(
    wire_names: Sequence[str], taken: frozenset[str], kept: Mapping[str, str] = NONE
) -> dict[str, str]:
    old = {wire: name for wire, name in kept.items() if identifier(name, wire, taken) == name}
    ordered = sorted(wire_names, key=lambda name: snake(name) != name)
    rows = ((name, _choices(name, taken)) for name in ordered if name not in old)
    return {**old, **assign(rows, old.values())}


def _choices(name: str, taken: frozenset[str]) -> Iterator[str]:
    """Yield what a wire name may be called; the digest is made only for names that collide."""
    plain = snake(name)
    yield identifier(plain, name, taken)
    if name.isidentifier() and name.isascii():
        yield identifier(name, name, taken)
    yield identifier(f"{plain}_{digest(name)}", name, taken)


def _signed(value: str) -> str:
    return "EMPTY" if not value else digest(value).upper()
