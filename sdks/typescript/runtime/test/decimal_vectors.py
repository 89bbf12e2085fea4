"""Print random decimal sums with the answers of Python's decimal, one JSON document."""

import decimal
import json
import random
import sys

decimal.getcontext().prec = 400
ROUNDINGS = {
    "half_even": decimal.ROUND_HALF_EVEN,
    "half_up": decimal.ROUND_HALF_UP,
    "half_down": decimal.ROUND_HALF_DOWN,
    "down": decimal.ROUND_DOWN,
    "up": decimal.ROUND_UP,
    "floor": decimal.ROUND_FLOOR,
    "ceiling": decimal.ROUND_CEILING,
}


def number(source: random.Random) -> str:
    digits = "".join(source.choices("0123456789", k=source.randint(1, 24)))
    point = source.randint(0, len(digits))
    text = digits if point == len(digits) else f"{digits[:point] or '0'}.{digits[point:]}"
    exponent = f"e{source.randint(-20, 20)}" if source.random() < 0.2 else ""
    return source.choice(["", "-", "+"]) + text + exponent


def plain(value: decimal.Decimal) -> str:
    text = format(value, "f")
    return text[1:] if value.is_zero() and text.startswith("-") else text


def row(source: random.Random) -> dict[str, object]:
    a, b = number(source), number(source)
    left, right = decimal.Decimal(a), decimal.Decimal(b)
    scale, name = source.randint(0, 12), source.choice(list(ROUNDINGS))
    step = decimal.Decimal(1).scaleb(-scale)
    rounding = ROUNDINGS[name]
    # A quotient rounded twice could round wrongly: the context is far wider than the result.
    quotient = None if right.is_zero() else plain((left / right).quantize(step, rounding))
    return {
        "a": a,
        "b": b,
        "scale": scale,
        "rounding": name,
        "compare": int(left.compare(right)),
        "add": plain(left + right),
        "sub": plain(left - right),
        "mul": plain(left * right),
        "quantize": plain(left.quantize(step, rounding)),
        "div": quotient,
        "is_multiple": not right.is_zero() and (left % right).is_zero(),
    }


def main() -> None:
    source = random.Random(int(sys.argv[1]))
    json.dump([row(source) for _ in range(int(sys.argv[2]))], sys.stdout)


main()
