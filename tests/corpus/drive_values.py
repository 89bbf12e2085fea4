"""Decodes and encodes values by an emitted Python SDK: `python drive_values.py PACKAGE IN OUT`."""

from __future__ import annotations

import importlib
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from venuekit_runtime.encoding import plain_value
from venuekit_runtime.models import decode_hook


def survived(package: str, samples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each value after one round trip, or what went wrong."""
    models = importlib.import_module(f"{package}.models")
    return [_one(models, sample) for sample in samples]


def _one(models: Any, sample: dict[str, Any]) -> dict[str, Any]:
    text = msgspec.json.Encoder(decimal_format="number").encode(sample["value"])
    try:
        kind = getattr(models, sample["python"])
        decoder = msgspec.json.Decoder(kind, float_hook=Decimal, dec_hook=decode_hook)
        value = decoder.decode(text)
        written = msgspec.json.encode(plain_value(value, sample["key"], sample["wire"]))
    except Exception as error:
        return {"problem": f"{type(error).__name__}: {error}"}
    return {"value": json.loads(written, parse_float=Decimal)}


def main() -> None:
    package, samples, results = sys.argv[1:]
    made = json.loads(Path(samples).read_text(encoding="utf-8"), parse_float=Decimal)
    found = survived(package, made)
    Path(results).write_bytes(msgspec.json.Encoder(decimal_format="number").encode(found))


if __name__ == "__main__":
    main()
