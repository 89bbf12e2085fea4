"""Actions of an overlay, and the text of the overlay that holds them."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from venuekit.contract import JsonValue

_WIDTH = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action of OpenAPI Overlay 1.0 (section 4.4.3); without an update it removes."""

    target: str
    description: str
    update: JsonValue = None

    @property
    def is_removal(self) -> bool:
        return self.update is None


def overlay_text(title: str, actions: Iterable[Action]) -> str:
    """Return an overlay as YAML, of which every value is written as JSON writes it."""
    lines = ["overlay: 1.0.0", "info:", f"  title: {_json(title)}", "  version: 1.0.0", "actions:"]
    for action in actions:
        lines += ["- target: >-", *_folded(action.target)]
        lines += ["  description: >-", *_folded(action.description)]
        lines.append("  remove: true" if action.is_removal else f"  update: {_json(action.update)}")
    return "\n".join(lines) + "\n"


def _folded(text: str) -> list[str]:
    """Return a text as the lines of a folded scalar, broken at spaces alone."""
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent="    ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _json(value: JsonValue) -> str:
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: JsonValue) -> object:
    """Return a value for the encoder; decimals of bounds keep their digits as floats would not."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {key: _plain(member) for key, member in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
