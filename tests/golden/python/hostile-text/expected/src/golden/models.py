"""The shapes of the contract; unknown values of enums are kept as they came."""

from __future__ import annotations

from msgspec import UNSET, UnsetType, field
from venuekit_runtime.models import Model, OpenEnum


class Odd(Model):
    """\"\"\"
    import os
    """

    quote: str | UnsetType = field(name="quote'", default=UNSET)
    """\\"""

    name: str | UnsetType = field(name="\u202ename", default=UNSET)
    """tab    here \\u2028 there"""


class Word(OpenEnum):
    """Word"""

    IT_S = "it's"
    A_B = "a\"b"
    C_D = "c\\d"
    E_F = "e\nf"
    G = "\u202eg"
