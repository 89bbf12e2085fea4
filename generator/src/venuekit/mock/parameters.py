"""Parameters: from the text of a target, a header or a form to values, by style and explode."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import unquote, unquote_plus

from venuekit.contract import (
    MISSING,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    Contract,
    DecimalSchema,
    EnumSchema,
    IntegerSchema,
    JsonValue,
    Location,
    Missing,
    NullableSchema,
    NullSchema,
    NumberSchema,
    ObjectSchema,
    Parameter,
    RefSchema,
    Schema,
    StringSchema,
    TimestampSchema,
    TupleSchema,
    UnionSchema,
)
from venuekit.contract.walk import resolve

Pairs = Sequence[tuple[str, str]]

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\Z", re.ASCII)
_SEPARATORS = {"spaceDelimited": " ", "pipeDelimited": "|"}


def pairs(query: str) -> list[tuple[str, str]]:
    """Return the pairs of a query or form; names are decoded, values are not yet."""
    split = (pair.partition("=") for pair in query.split("&") if pair)
    return [(unquote_plus(name), value) for name, _, value in split]


def read(
    contract: Contract, parameter: Parameter, raw: Pairs, taken: set[str]
) -> JsonValue | Missing:
    """Return the value of a parameter, or MISSING (OpenAPI 3.1, 4.8.12.2 to 4.8.12.4).

    `raw` has the undecoded texts of the parameter's location by name; the names that belong to
    the parameter are added to `taken`.
    """
    if parameter.content_type is not None:
        texts = [value for name, value in raw if name == parameter.name]
        taken.add(parameter.name)
        return _json(_decoded(parameter, texts[0])) if texts else MISSING
    shape = resolve(contract, parameter.schema)
    if parameter.style == "deepObject":
        return _deep(contract, parameter, shape, raw, taken)
    if isinstance(shape, ObjectSchema) and parameter.is_exploded and parameter.style == "form":
        return _spread(contract, shape, raw, taken, parameter)
    texts = [value for name, value in raw if name == parameter.name]
    taken.add(parameter.name)
    if not texts:
        return MISSING
    if isinstance(shape, ArraySchema | TupleSchema) and (
        parameter.is_exploded and parameter.location in (Location.QUERY, Location.COOKIE)
    ):
        return [_item(contract, shape, _decoded(parameter, t), n) for n, t in enumerate(texts)]
    return _single(contract, parameter, shape, texts[0])


def _single(contract: Contract, parameter: Parameter, shape: Schema, text: str) -> JsonValue:
    parts, is_paired = _parts(parameter, shape, text)
    match shape:
        case ArraySchema() | TupleSchema():
            items = [_decoded(parameter, part) for part in parts if part or len(parts) > 1]
            return [_item(contract, shape, item, n) for n, item in enumerate(items)]
        case ObjectSchema():
            flat = [
                piece for part in parts for piece in (part.split("=", 1) if is_paired else [part])
            ]
            decoded = [_decoded(parameter, piece) for piece in flat]
            named = zip(decoded[::2], decoded[1::2], strict=False)
            return {name: _member(contract, shape, name, value) for name, value in named}
        case _:
            plain = _unprefixed(parameter, text)
            return typed(contract, parameter.schema, _decoded(parameter, plain))


def _parts(parameter: Parameter, shape: Schema, text: str) -> tuple[list[str], bool]:
    """Return the undecoded pieces of a list or object, and whether they are `name=value`."""
    is_object = isinstance(shape, ObjectSchema)
    match parameter.style:
        case "label":
            body = text.removeprefix(".")
            return body.split("." if parameter.is_exploded else ","), (
                is_object and parameter.is_exploded
            )
        case "matrix":
            pieces = text.removeprefix(";").split(";")
            if parameter.is_exploded:
                if is_object:
                    return pieces, True
                return [piece.partition("=")[2] for piece in pieces], False
            return pieces[0].partition("=")[2].split(","), False
        case "spaceDelimited" | "pipeDelimited":
            separator = _SEPARATORS[parameter.style]
            spelled = text.replace("%20", " ").replace("+", " ").replace("%7C", "|")
            return spelled.replace("%7c", "|").split(separator), False
        case _:
            return text.split(","), is_object and parameter.is_exploded


def _unprefixed(parameter: Parameter, text: str) -> str:
    match parameter.style:
        case "label":
            return text.removeprefix(".")
        case "matrix":
            return text.removeprefix(f";{parameter.name}").removeprefix("=")
        case _:
            return text


def _decoded(parameter: Parameter, text: str) -> str:
    match parameter.location:
        case Location.HEADER:
            return text.strip()
        case Location.QUERY:
            return unquote_plus(text)
        case _:
            return unquote(text)


def _deep(
    contract: Contract, parameter: Parameter, shape: Schema, raw: Pairs, taken: set[str]
) -> JsonValue | Missing:
    found: dict[str, JsonValue] = {}
    start = parameter.name + "["
    for name, text in raw:
        if name.startswith(start) and name.endswith("]"):
            taken.add(name)
            member = name[len(start) : -1]
            found[member] = _member(contract, shape, member, _decoded(parameter, text))
    return found or MISSING


def _spread(
    contract: Contract, shape: ObjectSchema, raw: Pairs, taken: set[str], parameter: Parameter
) -> JsonValue | Missing:
    known = {field.name for field in shape.fields}
    found: dict[str, JsonValue] = {}
    for name, text in raw:
        if name in known or (not known and name not in taken):
            taken.add(name)
            found[name] = _member(contract, shape, name, _decoded(parameter, text))
    return found or MISSING


def _member(contract: Contract, shape: Schema, name: str, text: str) -> JsonValue:
    if isinstance(shape, ObjectSchema):
        for field in shape.fields:
            if field.name == name:
                return typed(contract, field.schema, text)
        if shape.additional is not None:
            return typed(contract, shape.additional, text)
    return text


def _item(
    contract: Contract, shape: ArraySchema | TupleSchema, text: str, position: int
) -> JsonValue:
    if isinstance(shape, ArraySchema):
        return typed(contract, shape.items, text)
    inner = shape.items[position] if position < len(shape.items) else shape.rest
    return typed(contract, inner, text) if inner is not None else text


def typed(contract: Contract, schema: Schema, text: str) -> JsonValue:
    """Return the value that a text means for a schema; the text itself where it means none."""
    match schema:
        case NullableSchema(inner=inner):
            return None if text in ("null", "") else typed(contract, inner, text)
        case RefSchema(name=name):
            return typed(contract, contract.schemas[name].schema, text)
        case BooleanSchema():
            return {"true": True, "false": False}.get(text, text)
        case IntegerSchema(wire="number") | NumberSchema() | DecimalSchema(wire="number"):
            return _numeral(text)
        case TimestampSchema(wire="number"):
            return _numeral(text)
        case EnumSchema(values=values):
            return next((v for v in values if _written(v) == text), text)
        case ConstSchema(value=value):
            return value if _written(value) == text else text
        case NullSchema():
            return None if text in ("null", "") else text
        case UnionSchema(variants=variants):
            readings = [typed(contract, variant, text) for variant in variants]
            return next((r for r in readings if not isinstance(r, str)), text)
        case ArraySchema() | ObjectSchema() | TupleSchema():
            return _json(text)
        case StringSchema():
            return text
        case _:
            return text


def _numeral(text: str) -> JsonValue:
    if _NUMBER.match(text) is None:
        return text
    return int(text) if text.lstrip("-").isdigit() else Decimal(text)


def _written(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _json(text: str) -> JsonValue:
    try:
        value: JsonValue = json.loads(text, parse_float=Decimal)
    except ValueError:
        return text
    return value
