"""Suggests exact decimals, units of time and int64 for the scalars of a contract."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from venuekit.contract import (
    ArraySchema,
    Contract,
    DecimalSchema,
    HttpBinding,
    IntegerSchema,
    JsonValue,
    Notes,
    NumberSchema,
    Schema,
    StringSchema,
    TimestampSchema,
)
from venuekit.contract.meaning import is_money, is_time
from venuekit.contract.walk import all_fields, resolve
from venuekit.suggest.facts import Facts

_DECIMAL_TEXT = re.compile(r"-?\d+\.\d+")
_DIGITS = re.compile(r"\d{10,19}")
_DECIMAL_PROSE = re.compile(r"\bdecimal number\b", re.IGNORECASE)
_TOLD = re.compile(r"(?:is|returns?|be|as) (?:\"\"|''|an? empty string)", re.IGNORECASE)
_TELLING = 10
"""How many fields must be told to be empty at times, for empty defaults to count."""

_VERSION = re.compile(r"version|(^|[a-z_])ip$|address", re.IGNORECASE)
_SIDES = frozenset({"bids", "asks"})
_LARGEST_INT32 = 2**31 - 1
_EARLIEST = 10**8
"""The smallest number read as a time since 1970: March 1973 in seconds."""

_UNIT_WORDS = (
    ("unix-ns", re.compile(r"nano-?second|(_|[a-z])(ns|Ns)$", re.IGNORECASE)),
    ("unix-us", re.compile(r"micro-?second|_us$", re.IGNORECASE)),
    ("unix-ms", re.compile(r"mil+i-?second|\bms\b|_ms$|[a-z]Ms$", re.IGNORECASE)),
    ("unix-s", re.compile(r"\bseconds?\b|_s$|_sec$", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class _Scalar:
    """A scalar with the name under which it is used, and what that use says of it."""

    name: str
    use: Notes
    schema: Schema


def suggest_scalars(contract: Contract, facts: Facts) -> None:
    """Add what scalars should say about their values."""
    scalars = list(_scalars(contract))
    usual = _usual_unit(scalars)
    told = sum(_is_told_empty(scalar) for scalar in scalars)
    for scalar in scalars:
        _empty(facts, scalar, trusts_defaults=told >= _TELLING)
        match scalar.schema:
            case NumberSchema(format=form) if is_money(scalar.name) and form != "decimal":
                _decimal(facts, scalar, "named as money, and a JSON number: read it exactly")
            case StringSchema(pattern=None, format=form):
                _text(facts, scalar, form)
            case IntegerSchema(bits=bits):
                if scalar.schema.notes.unit is None and scalar.use.unit is None:
                    _integer(facts, scalar, bits, usual)
            case ArraySchema() if scalar.name in _SIDES:
                _levels(contract, facts, scalar)
            case _:
                pass


def _scalars(contract: Contract) -> Iterator[_Scalar]:
    for field in all_fields(contract):
        yield _Scalar(field.name, field.schema.notes, resolve(contract, field.schema))
    for operation in contract.operations:
        if isinstance(operation.binding, HttpBinding):
            for parameter in operation.binding.parameters:
                shape = resolve(contract, parameter.schema)
                yield _Scalar(parameter.name, parameter.schema.notes, shape)


def _is_told_empty(scalar: _Scalar) -> bool:
    return bool(_TOLD.search(f"{scalar.use.description} {scalar.schema.notes.description}"))


def _empty(facts: Facts, scalar: _Scalar, *, trusts_defaults: bool) -> None:
    """Say that a text may be empty where it holds no number or time, if that is seen or told.

    Generators write empty defaults that mean nothing; they count where the document often tells
    of empty text.
    """
    schema = scalar.schema
    match schema:
        case StringSchema(format=None):
            # These are the names by which a plain text becomes a decimal or a time.
            is_number = is_money(scalar.name) or is_time(scalar.name)
        case DecimalSchema(wire=wire) | IntegerSchema(wire=wire) | TimestampSchema(wire=wire):
            is_number = wire == "string"
        case _:
            is_number = False
    if not is_number:
        return
    has_default = trusts_defaults and facts.had_default(schema.notes.origin, "")
    if "" in _examples(scalar) or has_default or _is_told_empty(scalar):
        why = "Empty text is seen or told of where there is no value."
        facts.add(schema.notes.origin, {"x-empty": None}, why)


def _decimal(facts: Facts, scalar: _Scalar, why: str) -> None:
    facts.add(scalar.schema.notes.origin, {"format": "decimal"}, f"Exact decimals: {why}.")


def _text(facts: Facts, scalar: _Scalar, form: str | None) -> None:
    if form is not None:
        if _DECIMAL_PROSE.search(form):
            _decimal(facts, scalar, "the format says so in prose")
    elif is_time(scalar.name) and _is_time_text(scalar):
        unit = _stated_unit(scalar)
        if unit is not None:
            _time(facts, scalar, unit, "a text of digits whose unit the document tells in prose")
    elif is_money(scalar.name):
        _decimal(facts, scalar, "named as money, and a plain string")
    elif not _VERSION.search(scalar.name) and _is_decimal_text(scalar):
        _decimal(facts, scalar, "its examples are decimal numbers")


def _is_decimal_text(scalar: _Scalar) -> bool:
    examples = [e for e in _examples(scalar) if e != ""]
    return bool(examples) and all(
        isinstance(e, str) and _DECIMAL_TEXT.fullmatch(e) for e in examples
    )


def _is_time_text(scalar: _Scalar) -> bool:
    described = f"{scalar.use.description} {scalar.schema.notes.description}".lower()
    return "unix timestamp" in described or any(
        isinstance(e, str) and _DIGITS.fullmatch(e) for e in _examples(scalar)
    )


def _integer(facts: Facts, scalar: _Scalar, bits: int | None, usual: str) -> None:
    if is_time(scalar.name):
        stated = _stated_unit(scalar)
        why = "as its examples or its description tell" if stated else "as most in this document"
        _time(facts, scalar, stated or usual, why)
    elif bits is None and any(n > _LARGEST_INT32 for n in _numbers(scalar)):
        why = "Its examples need more than 32 bits."
        facts.add(scalar.schema.notes.origin, {"format": "int64"}, why)


def _time(facts: Facts, scalar: _Scalar, unit: str, why: str) -> None:
    facts.add(scalar.schema.notes.origin, {"x-unit": unit}, f"A point in time: {why}.")


def _stated_unit(scalar: _Scalar) -> str | None:
    """Return the unit that examples, bounds, the description or the name tell, in that order."""
    for number in _numbers(scalar):
        if number >= _EARLIEST:
            return _unit_of(number)
    texts = (scalar.use.description, scalar.schema.notes.description, scalar.name)
    for text in texts:
        for unit, pattern in _UNIT_WORDS:
            if text and pattern.search(text):
                return unit
    return None


def _unit_of(number: Decimal) -> str:
    """Return the unit in which a number of this size is a time of our days."""
    digits = len(str(int(number)))
    return (
        "unix-s"
        if digits < 12
        else "unix-ms"
        if digits < 15
        else ("unix-us" if digits < 18 else "unix-ns")
    )


def _usual_unit(scalars: list[_Scalar]) -> str:
    """Return the unit that most times of the document have; milliseconds when none tells."""
    stated = Counter(
        unit
        for scalar in scalars
        if isinstance(scalar.schema, IntegerSchema) and is_time(scalar.name)
        for unit in [_stated_unit(scalar)]
        if unit is not None
    )
    return stated.most_common(1)[0][0] if stated else "unix-ms"


def _examples(scalar: _Scalar) -> Iterator[JsonValue]:
    for notes in (scalar.use, scalar.schema.notes):
        for example in notes.examples:
            yield from example if isinstance(example, list) else [example]


def _numbers(scalar: _Scalar) -> Iterator[Decimal]:
    for example in _examples(scalar):
        is_number = isinstance(example, int | Decimal) and not isinstance(example, bool)
        is_digits = isinstance(example, str) and _DIGITS.fullmatch(example) is not None
        if is_number or is_digits:
            yield Decimal(str(example))
    if isinstance(scalar.schema, IntegerSchema) and scalar.schema.minimum is not None:
        yield scalar.schema.minimum


def _levels(contract: Contract, facts: Facts, scalar: _Scalar) -> None:
    """Make the prices and quantities of a book exact: lists of lists, without names inside."""
    level = resolve(contract, _items(contract, scalar.schema) or scalar.schema)
    inner = _items(contract, level)
    if isinstance(inner, StringSchema) and inner.format is None:
        _decimal(facts, _Scalar(scalar.name, inner.notes, inner), "a level of a book")


def _items(contract: Contract, schema: Schema) -> Schema | None:
    return resolve(contract, schema.items) if isinstance(schema, ArraySchema) else None
