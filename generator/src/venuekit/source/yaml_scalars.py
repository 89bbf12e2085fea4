"""What a plain YAML scalar means: the core schema of YAML 1.2 (section 10.3.2)."""

from __future__ import annotations

import re
from collections.abc import Callable

from venuekit.source.numbers import fraction, integer
from venuekit.source.values import JsonValue

_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_BASED = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_NOT_JSON = re.compile(r"[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")

_WORDS: dict[str, JsonValue] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER_STARTS = frozenset("-+.0123456789")


class ScalarError(ValueError):
    """A scalar that has no JSON value, or not the value that its tag promises."""


def plain(text: str) -> JsonValue:
    """Return the value of an untagged plain scalar; `yes`, `on` and `012` are no surprises.

    Raises ScalarError for infinities and NaN, NumberTooLongError for absurd numbers.
    """
    if text[:1] not in _NUMBER_STARTS:
        return _WORDS.get(text, text) if len(text) < 6 else text
    if _INTEGER.match(text):
        return integer(text)
    if _FLOAT.match(text):
        return fraction(text)
    if _BASED.match(text):
        return int(text, 0)
    if _NOT_JSON.match(text):
        raise ScalarError(f"{text} has no JSON value")
    return text


def tagged(tag: str, text: str) -> JsonValue:
    """Return the value of a scalar with an explicit tag of the core schema.

    Raises ScalarError for other tags and for text that the tag does not allow.
    """
    reader = _TAGS.get(tag)
    if reader is None:
        raise ScalarError(f"the tag {tag} has no JSON value")
    return reader(text)


def _float(text: str) -> JsonValue:
    value = plain(text)
    if isinstance(value, bool | str) or value is None:
        raise ScalarError(f"{text!r} is not a number")
    return value


def _exactly(kind: type, word: str) -> Callable[[str], JsonValue]:
    def read(text: str) -> JsonValue:
        value = plain(text)
        if type(value) is not kind:
            raise ScalarError(f"{text!r} is not {word}")
        return value

    return read


_TAGS: dict[str, Callable[[str], JsonValue]] = {
    "!": str,
    "tag:yaml.org,2002:str": str,
    "tag:yaml.org,2002:int": _exactly(int, "an integer"),
    "tag:yaml.org,2002:float": _float,
    "tag:yaml.org,2002:bool": _exactly(bool, "true or false"),
    "tag:yaml.org,2002:null": _exactly(type(None), "null"),
}
