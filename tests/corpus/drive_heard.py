"""Hears what the venue sends by an emitted Python SDK: follows each channel, decodes each event."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
from drive_stream import arguments, methods_of, stream_clients

from venuekit_runtime.encoding import plain_value
from venuekit_runtime.operation import Channel, StreamOperation

WAIT_S, QUIET_S, MOST = 2.0, 0.2, 500


async def run(package: str, url: str, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    descriptors = importlib.import_module(f"{package}.stream_operations")
    module = importlib.import_module(f"{package}.stream")
    named = {
        value.name: (constant, value)
        for constant, value in vars(descriptors).items()
        if isinstance(value, (Channel, StreamOperation))
    }
    results = []
    for client_class in stream_clients(module):
        methods = methods_of(client_class, descriptors)
        client = client_class(url)
        followed = []
        for one in wanted["heard"]:
            constant, channel = named[one["operation"]]
            if constant in methods and isinstance(channel, Channel):
                given = {parameter.argument: "any" for parameter in channel.parameters}
                followed.append((one, getattr(client, methods[constant])(**given)))
        await client.connect()
        try:
            for sample in wanted["asked"]:
                constant, descriptor = named[sample["operation"]]
                if constant in methods:
                    method = methods[constant]
                    given = arguments(client, method, descriptor, sample, package)
                    await getattr(client, method)(**given, timeout_s=WAIT_S)
            results += [await outcome(one, subscription) for one, subscription in followed]
        finally:
            await client.aclose()
    return results


async def outcome(one: dict[str, Any], subscription: Any) -> dict[str, Any]:
    """Return all events of one channel that come before it falls silent."""
    events: list[Any] = []
    problem = None
    try:
        while len(events) < MOST:
            wait = WAIT_S if not events else QUIET_S
            event = await asyncio.wait_for(anext(subscription), wait)
            text = msgspec.json.encode(plain_value(event, one["operation"], "untyped"))
            events.append(json.loads(text, parse_float=Decimal))
    except TimeoutError:
        problem = None if events else "nothing came"
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"[:400]
    return {"operation": one["operation"], "events": events, "problem": problem}


def main() -> None:
    package, url, samples, results = sys.argv[1:]
    made = json.loads(Path(samples).read_text(encoding="utf-8"), parse_float=Decimal)
    found = asyncio.run(run(package, url, made))
    Path(results).write_bytes(msgspec.json.Encoder(decimal_format="number").encode(found))


if __name__ == "__main__":
    main()
