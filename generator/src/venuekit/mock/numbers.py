"""Made numbers: one number inside a schema's bounds and on its steps."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from venuekit.contract import DecimalSchema, IntegerSchema, NumberSchema


def number(schema: IntegerSchema | NumberSchema | DecimalSchema, wish: Decimal) -> Decimal:
    """Return the number nearest to a wish that bounds and steps allow.

    Where no number is allowed, the result is out of bounds, and the judge of values says so.
    """
    whole = isinstance(schema, IntegerSchema)
    step = schema.multiple_of or (Decimal(1) if whole else None)
    low, high = schema.minimum, schema.maximum
    value = wish
    if low is not None and value < low:
        value = low
    if high is not None and value > high:
        value = high
    above, below = schema.exclusive_minimum, schema.exclusive_maximum
    if above is not None and value <= above:
        value = above + _nudge(step, above, below if below is not None else high)
    if below is not None and value >= below:
        value = below - _nudge(step, above if above is not None else low, below)
    if step is not None:
        value = _stepped(value, step, high, below)
    return value


def _nudge(step: Decimal | None, low: Decimal | None, high: Decimal | None) -> Decimal:
    if step is not None:
        return step
    return (high - low) / 2 if low is not None and high is not None else Decimal(1)


def _stepped(value: Decimal, step: Decimal, high: Decimal | None, below: Decimal | None) -> Decimal:
    up = (value / step).to_integral_value(rounding=ROUND_CEILING) * step
    is_over = (high is not None and up > high) or (below is not None and up >= below)
    return up - step if is_over else up


def as_json(value: Decimal) -> int | Decimal:
    """Return a whole number as an integer and any other as it is."""
    return int(value) if value == value.to_integral_value() else value
