"""Inputs to method signatures: shared by REST methods and those of a stream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from venuekit.contract import (
    AnySchema,
    DecimalSchema,
    EnumSchema,
    JsonValue,
    NullableSchema,
    NullSchema,
    Operation,
    Schema,
)
from venuekit.emit.naming import words
from venuekit.emit.python.names import argument_names
from venuekit.emit.python.text import docstring, literal, one_line
from venuekit.emit.python.traits import is_class_enum
from venuekit.emit.python.types import Types, hint
from venuekit.emit.python.wires import decimal_wire, wire
from venuekit.emit.wrapping import wrap

Wire = Literal["plain", "decimal", "decimal_number", "or_empty", "untyped", "json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One thing that a method takes: `name` on the wire, `argument` in Python."""

    name: str
    place: str
    annotation: str
    is_required: bool
    is_nullable: bool
    is_positional: bool = False
    wire: Wire = "plain"
    doc: str = ""
    example: str = ""
    argument: str = ""


def make_input(
    types: Types, schema: Schema, *, name: str, place: str, is_required: bool, doc: str | None
) -> Input:
    """Return an input whose annotation and wire form come from its schema."""
    target = types.target(schema)
    annotation = hint(types.shape(schema), "models.")
    inner = types.target(target.inner) if isinstance(target, NullableSchema) else target
    if isinstance(inner, EnumSchema) and is_class_enum(inner):
        kind = "str" if isinstance(inner.values[0], str) else "int"
        annotation = f"{annotation} | {kind}"
    text = doc or schema.notes.description or target.notes.description
    return Input(
        name=name,
        place=place,
        annotation=annotation,
        is_required=is_required,
        is_nullable=isinstance(target, NullableSchema | NullSchema | AnySchema)
        or (is_required and isinstance(target, DecimalSchema) and target.is_empty_null),
        is_positional=place == "path",
        wire=wire(types, schema),
        doc=_with_unit(one_line(text), schema.notes.unit or target.notes.unit),
        example=_example(schema.notes.examples or target.notes.examples, types, schema),
    )


def _example(values: Sequence[JsonValue], types: Types, schema: Schema) -> str:
    """Return an example of the contract as Python, empty where there is none to show."""
    value = next((v for v in values if isinstance(v, str | int | Decimal)), None)
    if value is None:
        return ""
    if decimal_wire(types, schema) in ("decimal", "decimal_number", "or_empty"):
        return f"Decimal({literal(str(value))})"
    return literal(value) if isinstance(value, str | int) else ""


def named(inputs: Sequence[Input]) -> list[Input]:
    """Return the inputs with their keywords, each of them once."""
    keys = [f"{one.place} {one.name}" for one in inputs]
    arguments = argument_names(
        [(key, one.name, one.place) for key, one in zip(keys, inputs, strict=True)]
    )
    return [replace(one, argument=arguments[key]) for key, one in zip(keys, inputs, strict=True)]


def untaken(inputs: Sequence[Input], *words: str) -> str:
    """Return the first word that no input is called by; the last one gets underscores till then."""
    taken = {one.argument for one in inputs}
    for word in words:
        if word not in taken:
            return word
    word = words[-1]
    while word in taken:
        word += "_"
    return word


def field_source(one: Input) -> str:
    """Return the descriptor of an input that is a member of a body or a frame."""
    parts = [literal(one.argument), literal(one.name)]
    parts += ["required=True"] if one.is_required else []
    parts += ["nullable=True"] if one.is_nullable else []
    parts += [f"wire={literal(one.wire)}"] if one.wire != "plain" else []
    return f"BodyField({', '.join(parts)})"


def signature(inputs: Sequence[Input], extra: Sequence[str] = ()) -> list[str]:
    """Return the parameters of a method: the path's first, then keywords, required ones first."""
    positional = [one for one in inputs if one.is_positional]
    keywords = [one for one in inputs if not one.is_positional and one.is_required]
    keywords += [one for one in inputs if not one.is_positional and not one.is_required]
    lines = ["self", *(f"{one.argument}: {one.annotation}" for one in positional)]
    rest = [_keyword(one) for one in keywords] + list(extra)
    return [*lines, "*", *rest] if rest else lines


def _keyword(one: Input) -> str:
    if one.is_required:
        return f"{one.argument}: {one.annotation}"
    if one.annotation == "Any":
        return f"{one.argument}: Any = UNSET"
    if one.is_nullable:
        return f"{one.argument}: {one.annotation} | UnsetType = UNSET"
    return f"{one.argument}: {one.annotation} | None = None"


def head(keyword: str, name: str, parameters: Sequence[str], result: str) -> str:
    """Return the line or lines of a `def`, in the way that formatters write them."""
    line = f"{keyword} {name}({', '.join(parameters)}) -> {result}:"
    if len(line) <= 96:
        return line
    inner = "".join(f"        {parameter},\n" for parameter in parameters)
    return f"{keyword} {name}(\n{inner}    ) -> {result}:"


def call(target: str, constant: str, inputs: Sequence[Input], extra: Sequence[str] = ()) -> str:
    """Return the call that is the whole body of a method."""
    pairs = [f"{literal(one.argument)}: {one.argument}" for one in inputs]
    parts = [constant, "{" + ", ".join(pairs) + "}", *extra]
    line = f"{target}({', '.join(parts)})"
    if len(line) <= 84:
        return line
    inner = "".join(f"                {pair},\n" for pair in pairs)
    rest = "".join(f"            {part},\n" for part in extra)
    mapping = f"            {{\n{inner}            }},\n"
    return f"{target}(\n            {constant},\n{mapping}{rest}        )"


def method_doc(operation: Operation, inputs: Sequence[Input], errors: Sequence[str]) -> str:
    """Return a docstring: what the contract says, then the inputs, then the typed errors."""
    parts = contract_words(operation)
    rows = [_row(one) for one in inputs if one.doc]
    if rows:
        parts.append("Args:\n" + "\n".join(rows))
    if errors:
        parts.append("Raises:\n    " + ", ".join(errors))
    return docstring("\n\n".join(parts), 8)


def contract_words(operation: Operation) -> list[str]:
    """Return what the contract says of an operation, as paragraphs."""
    summary = one_line(operation.summary) or " ".join(words(operation.name)).capitalize()
    parts = [summary if summary[-1:] in ".!?" else f"{summary}."]
    if operation.is_deprecated:
        parts.append("Deprecated.")
    if operation.description and one_line(operation.description) != one_line(operation.summary):
        parts.append(operation.description.strip())
    return parts


def _row(one: Input) -> str:
    """Return an input's words, its further lines set in under the first."""
    lines = wrap(f"{one.argument}: {one.doc}", 80)
    return "\n".join(f"    {'    ' if index else ''}{line}" for index, line in enumerate(lines))


def _with_unit(text: str, unit: str | None) -> str:
    return f"{text} Unit: {unit}." if unit and text else text
