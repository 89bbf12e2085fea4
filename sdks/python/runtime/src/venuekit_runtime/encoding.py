"""Values to exact wire text: one percent-encoding table, parameter styles, plain decimals."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum

from msgspec import UNSET as UNSET
from msgspec import Raw, Struct, json, structs

from venuekit_runtime.models import Unknown
from venuekit_runtime.operation import Style, Wire

# RFC 3986, 2.3: only these are written as they are; every other byte becomes %XX in upper case.
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# OpenAPI's allowReserved keeps RFC 3986's reserved set; "#" and "&" still end a query value.
_KEPT_WHEN_ALLOWED = _UNRESERVED | frozenset(b":/?[]@!$'()*+,;=")

_DECIMALS = frozenset(("decimal", "decimal_number", "or_empty"))
# Wire forms in which text, truth and whole numbers need no turning.
_AS_IT_IS = frozenset(("plain", "json", "untyped"))

_STRICT = [chr(b) if b in _UNRESERVED else f"%{b:02X}" for b in range(256)]
_RESERVED_ALLOWED = [chr(b) if b in _KEPT_WHEN_ALLOWED else f"%{b:02X}" for b in range(256)]


def percent_encode(text: str, allow_reserved: bool = False) -> str:
    """RFC 3986 text of UTF-8 bytes: unreserved characters stay, a space is ``%20``, never ``+``."""
    if text.isascii() and text.isalnum():
        return text
    table = _RESERVED_ALLOWED if allow_reserved else _STRICT
    return "".join([table[byte] for byte in text.encode()])


def decimal_text(value: object, name: str) -> str:
    """A decimal as plain digits, exactly: no exponent, no rounding, no float.

    Raises TypeError for a float, whose digits are not the ones that were typed, and ValueError
    for NaN and infinities.
    """
    if type(value) is Decimal:
        text = str(value)
        # An exponent, NaN (with or without a payload) or Infinity; all of them are rare.
        if "E" in text or "N" in text or "I" in text:
            text = _unusual_decimal(value, name)
        return text
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        raise TypeError(
            f"{name} must be a Decimal, an int or decimal text, not {type(value).__name__}: "
            'write Decimal("0.1") so that no digit is lost'
        )
    if isinstance(value, str):
        _require_decimal_text(value, name)
        return value
    return decimal_text(Decimal(value), name)


def scalar_text(value: object, name: str, wire: Wire = "plain") -> str:
    """One value as text for a path, query, header, cookie or form.

    Raises TypeError for a value that has no text form.
    """
    if wire in _DECIMALS or isinstance(value, Decimal):
        return decimal_text(value, name)
    if wire == "json":
        return json.encode(plain_value(value, name)).decode()
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, Raw):
        # An exact number out of a struct: its digits are the text.
        return bytes(value).decode()
    if isinstance(value, str):
        return value
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return decimal_text(Decimal(repr(value)), name)
    raise TypeError(f"{name} cannot be written as text: found {type(value).__name__}")


def plain_value(value: object, name: str, wire: Wire = "plain") -> object:
    """A value as JSON-ready builtins in which every Decimal is exact plain text or number."""
    if isinstance(value, (str, bool, int, float, type(None))) and wire in _AS_IT_IS:
        return value
    if wire in ("decimal", "or_empty") and not isinstance(value, (list, tuple, dict)):
        if value is None:
            return None if wire == "decimal" else ""
        return decimal_text(value, name)
    if wire == "decimal_number" and not isinstance(value, (list, tuple, dict)):
        return None if value is None else Raw(decimal_text(value, name).encode())
    if isinstance(value, Decimal):
        return _untyped_number(value, name) if wire == "untyped" else decimal_text(value, name)
    if isinstance(value, Struct):
        return _plain_struct(value)
    if isinstance(value, (list, tuple)):
        return [plain_value(item, name, wire) for item in value]
    if isinstance(value, Unknown):
        return {key: plain_value(item, name, "untyped") for key, item in value.items()}
    if isinstance(value, dict):
        return {str(key): plain_value(item, f"{name}.{key}", wire) for key, item in value.items()}
    return value


def _untyped_number(value: Decimal, name: str) -> Raw:
    """A Decimal without a type as it was decoded: a JSON number with the same digits."""
    if not value.is_finite():
        raise ValueError(f"{name} must be a finite number, not {value}")
    return Raw(str(value).encode())


def styled(
    name: str, value: object, style: Style, explode: bool, wire: Wire, allow_reserved: bool = False
) -> str:
    """A parameter in its style, percent-encoded (OpenAPI 3.1, 4.8.12.3 and RFC 6570).

    A query style returns ``name=value`` pairs without a leading separator.
    """
    if wire == "json":
        text = percent_encode(scalar_text(value, name, wire), allow_reserved)
        return f"{percent_encode(name)}={text}" if style == "form" else text
    if isinstance(value, (list, tuple, set, frozenset)):
        items = [percent_encode(scalar_text(v, name, wire), allow_reserved) for v in value]
        return _styled_list(name, items, style, explode)
    if isinstance(value, (dict, Struct)):
        keeps = allow_reserved
        members = [
            (percent_encode(key), percent_encode(scalar_text(v, f"{name}.{key}", wire), keeps))
            for key, v in _members(value)
        ]
        return _styled_object(name, members, style, explode)
    text = percent_encode(scalar_text(value, name, wire), allow_reserved)
    return _styled_scalar(name, text, style)


def _styled_scalar(name: str, text: str, style: Style) -> str:
    match style:
        case "simple":
            return text
        case "label":
            return f".{text}"
        case "matrix":
            return f";{name}={text}" if text else f";{name}"
        case _:
            return f"{percent_encode(name)}={text}"


def _styled_list(name: str, items: list[str], style: Style, explode: bool) -> str:
    match style:
        case "simple":
            return ",".join(items)
        case "label":
            return "." + (".".join(items) if explode else ",".join(items))
        case "matrix" if explode:
            return "".join(f";{name}={item}" for item in items)
        case "matrix":
            return f";{name}={','.join(items)}"
        case "spaceDelimited" if not explode:
            return f"{percent_encode(name)}={'%20'.join(items)}"
        case "pipeDelimited" if not explode:
            return f"{percent_encode(name)}={'%7C'.join(items)}"
        case _ if explode:
            return "&".join(f"{percent_encode(name)}={item}" for item in items)
        case _:
            return f"{percent_encode(name)}={','.join(items)}"


def _styled_object(name: str, members: list[tuple[str, str]], style: Style, explode: bool) -> str:
    flat = ",".join(f"{key},{value}" for key, value in members)
    match style:
        case "simple":
            return ",".join(f"{k}={v}" for k, v in members) if explode else flat
        case "label":
            return "." + (".".join(f"{k}={v}" for k, v in members) if explode else flat)
        case "matrix":
            return "".join(f";{k}={v}" for k, v in members) if explode else f";{name}={flat}"
        case "deepObject":
            wire_name = percent_encode(name)
            return "&".join(f"{wire_name}%5B{key}%5D={value}" for key, value in members)
        case _ if explode:
            return "&".join(f"{key}={value}" for key, value in members)
        case _:
            return f"{percent_encode(name)}={flat}"


def _members(value: object) -> list[tuple[str, object]]:
    if isinstance(value, Struct):
        value = _plain_struct(value)
    assert isinstance(value, dict)
    return [(str(key), item) for key, item in value.items() if item is not UNSET]


def _plain_struct(value: Struct) -> dict[str, object]:
    numbers: frozenset[str] = getattr(value, "__decimal_numbers__", frozenset())
    or_empty: frozenset[str] = getattr(value, "__or_empty__", frozenset())
    untyped: frozenset[str] = getattr(value, "__untyped__", frozenset())
    free: str | None = getattr(value, "__free_members__", None)
    config = value.__struct_config__
    out: dict[str, object] = {}
    if config.tag_field is not None:
        out[config.tag_field] = config.tag
    defaults = _defaults(type(value)) if config.omit_defaults else {}
    for field, wire_name in zip(
        value.__struct_fields__, value.__struct_encode_fields__, strict=True
    ):
        item = getattr(value, field)
        if item is UNSET or (field in defaults and defaults[field] == item):
            continue
        wire: Wire = "plain"
        if field in numbers:
            wire = "decimal_number"
        elif field in or_empty or field in untyped:
            wire = "or_empty" if field in or_empty else "untyped"
        if field == free:
            _add_free(out, value, plain_value(item, free, wire))
        else:
            out[wire_name] = plain_value(item, wire_name, wire)
    return out


def _add_free(out: dict[str, object], value: Struct, members: object) -> None:
    """Put free members beside the declared ones; raises ValueError for a declared name."""
    if not isinstance(members, dict):
        raise TypeError(f"free members must be a dict, not {type(members).__name__}")
    taken = sorted(set(value.__struct_encode_fields__) & set(members))
    free: str = getattr(value, "__free_members__", "")
    taken = [name for name in taken if name != free]
    if taken:
        raise ValueError(f"{taken[0]} is a declared member: set it, and not in {free}")
    out.update(members)


def _defaults(kind: type[Struct]) -> dict[str, object]:
    found = _DEFAULTS.get(kind)
    if found is None:
        found = {f.name: f.default for f in structs.fields(kind) if not f.required}
        _DEFAULTS[kind] = found
    return found


_DEFAULTS: dict[type[Struct], dict[str, object]] = {}


def _unusual_decimal(value: Decimal, name: str) -> str:
    if not value.is_finite():
        raise ValueError(f"{name} must be a finite number, not {value}")
    return format(value, "f")


def _require_decimal_text(text: str, name: str) -> None:
    digits = text[1:] if text[:1] == "-" else text
    whole, point, fraction = digits.partition(".")
    is_plain = whole.isdigit() and (fraction.isdigit() if point else True)
    if not (is_plain and text.isascii()):
        raise ValueError(f"{name} must be plain decimal text such as 0.25, not {text!r}")
