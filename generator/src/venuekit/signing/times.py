"""Reads the points in time that requests carry, strictly: one text for each, and no other."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from venuekit.contract.signing import TimeFormat

_DIGITS = re.compile(r"(?:0|[1-9][0-9]{0,18})\Z", re.ASCII)
_UNITS_PER_MS = {
    TimeFormat.UNIX_MS: 1,
    TimeFormat.UNIX_US: 1_000,
    TimeFormat.UNIX_NS: 1_000_000,
}
_PATTERNS = {
    TimeFormat.ISO_MS: (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "%Y-%m-%dT%H:%M:%S.%fZ"),
    TimeFormat.ISO_S: (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", "%Y-%m-%dT%H:%M:%S"),
    TimeFormat.ISO_BASIC: (r"\d{8}T\d{6}Z", "%Y%m%dT%H%M%SZ"),
    TimeFormat.FIX_MS: (r"\d{8}-\d\d:\d\d:\d\d\.\d{3}", "%Y%m%d-%H:%M:%S.%f"),
}


def unix_ms(text: str, time_format: TimeFormat) -> int | None:
    """Return Unix milliseconds, or None when the text is not exactly in the format.

    Whole numbers are ASCII digits without sign, spaces, underscores or leading zeros: `int`
    and `\\d` alone would take `+17`, `1_7` and digits of other scripts.
    """
    if time_format in _PATTERNS:
        pattern, layout = _PATTERNS[time_format]
        if not re.fullmatch(pattern, text, re.ASCII):
            return None
        try:
            moment = datetime.strptime(text, layout).replace(tzinfo=UTC)
        except ValueError:
            return None
        return int(moment.timestamp()) * 1_000 + moment.microsecond // 1_000
    if not _DIGITS.match(text):
        return None
    value = int(text)
    if time_format is TimeFormat.UNIX_S:
        return value * 1_000
    return value // _UNITS_PER_MS[time_format]
