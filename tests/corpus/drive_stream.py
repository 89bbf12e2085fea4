"""Sends every WebSocket operation of an emitted Python SDK: arguments as `drive_python.py`.

It fills a method's arguments from a whole frame: the constants, the correlation id and the member
that holds the parameters are the SDK's to write, and the rest is what a caller gives.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any, get_type_hints

from drive_python import converted, models_of
from frames import without

from venuekit_runtime.operation import StreamOperation

WAIT_S = 5.0


async def run(package: str, url: str, samples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    descriptors = importlib.import_module(f"{package}.stream_operations")
    module = importlib.import_module(f"{package}.stream")
    constants = {
        value.name: (name, value)
        for name, value in vars(descriptors).items()
        if isinstance(value, StreamOperation)
    }
    clients = stream_clients(module)
    results = []
    for client_class in clients:
        methods = methods_of(client_class, descriptors)
        roles = roles_of(client_class)
        known = {*methods, *(name for name, one in constants.values() if one in roles)}
        own = [s for s in samples if constants[s["operation"]][0] in known]
        if not own:
            continue
        client = client_class(url, log_on_of(client_class, samples))
        await client.connect()
        try:
            for sample in own:
                constant, descriptor = constants[sample["operation"]]
                method = methods.get(constant)
                results.append(await outcome(client, method, descriptor, sample, package))
        finally:
            await client.aclose()
    return results


def stream_clients(module: Any) -> list[type]:
    found = [v for v in vars(module).values() if inspect.isclass(v)]
    return [one for one in found if one.__module__ == module.__name__]


def methods_of(client: type, descriptors: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, method in vars(client).items():
        if inspect.isfunction(method):
            for constant in method.__code__.co_names:
                if hasattr(descriptors, constant):
                    found.setdefault(constant, name)
    return found


def roles_of(client: Any) -> list[StreamOperation[Any]]:
    """Return what a client asks by itself when a channel is followed or left."""
    protocol = client._protocol
    return [role for role in (protocol.subscribe, protocol.unsubscribe) if role is not None]


class LogOn:
    """Credentials that make a log-on the sampled one; signing is judged elsewhere."""

    def __init__(self, scheme: str, frame: dict[str, Any]) -> None:
        self.scheme = scheme
        self.frame = frame

    def signer(self, clock: Any) -> LogOn:
        return self

    def sign_message(self, draft: Any) -> None:
        draft.members.update({k: v for k, v in self.frame.items() if k not in draft.members})


def log_on_of(client: Any, samples: list[dict[str, Any]]) -> LogOn | None:
    """Return credentials for a client that logs on by itself."""
    log_on = client._protocol.log_on
    frames = [one["frame"] for one in samples if log_on and one["operation"] == log_on.name]
    return LogOn(log_on.security[0][0], frames[0]) if frames else None


async def outcome(
    client: Any, method: str | None, descriptor: Any, sample: dict[str, Any], package: str
) -> dict[str, Any]:
    problem = None
    try:
        if method is None:
            fields = {f.argument: sample["frame"][f.name] for f in descriptor.fields}
            await client._ask(descriptor, fields, WAIT_S)
        else:
            given = arguments(client, method, descriptor, sample, package)
            await getattr(client, method)(**given, timeout_s=WAIT_S)
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"[:400]
    return {
        "operation": sample["operation"],
        "is_full": sample["is_full"],
        "problem": problem,
    }


def arguments(
    client: Any, method: str, descriptor: Any, sample: dict[str, Any], package: str
) -> dict[str, Any]:
    function = getattr(type(client), method)
    names = dict(vars(sys.modules[function.__module__]))
    names |= {"models": models_of(package), "Any": Any, "Decimal": Decimal, "Subscription": Any}
    hints = get_type_hints(function, globalns=names)
    frame = sample["frame"]
    if descriptor.whole is not None:
        return {descriptor.whole: converted(frame, hints[descriptor.whole])}
    for place, _ in descriptor.frame.constants:
        frame = without(frame, list(place))
    if descriptor.frame.correlation is not None:
        frame = without(frame, list(descriptor.frame.correlation))
    for name in descriptor.frame.payload:
        frame = frame.get(name, {})
    fields = {f.name: f.argument for f in descriptor.fields}
    given = {fields[n]: converted(v, hints[fields[n]]) for n, v in frame.items() if n in fields}
    free = {name: value for name, value in frame.items() if name not in fields}
    if free:
        given[descriptor.free.argument] = converted(free, hints[descriptor.free.argument])
    return given


def main() -> None:
    package, url, samples, results = sys.argv[1:]
    made = json.loads(Path(samples).read_text(encoding="utf-8"), parse_float=Decimal)
    found = asyncio.run(run(package, url, made))
    Path(results).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
