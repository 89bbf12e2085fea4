"""Calls every operation of an emitted Python SDK: `drive_python.py PACKAGE URL SAMPLES RESULTS`.

It finds methods and arguments by looking into the emitted modules, as a debugger would; what it
cannot find or convert is a failure.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import sys
import typing
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from venuekit_runtime.models import decode_hook
from venuekit_runtime.operation import HttpOperation
from venuekit_runtime.retry import RetryPolicy


class Held:
    """Credentials that add nothing: signing is judged elsewhere."""

    def __init__(self, scheme: str) -> None:
        self.scheme = scheme

    def signer(self, clock: object) -> Held:
        return self

    def sign(self, draft: object) -> None:
        """Leave the request as it is."""


class Sdk:
    """One emitted package."""

    def __init__(self, package: str) -> None:
        self.operations = importlib.import_module(f"{package}.operations")
        self.models = models_of(package)
        self.clients = {
            name: getattr(importlib.import_module(f"{package}.{module}"), name)
            for name, module in (("Client", "client"), ("AsyncClient", "async_client"))
        }
        self.constants = {
            value.name: (constant, value)
            for constant, value in vars(self.operations).items()
            if isinstance(value, HttpOperation)
        }
        self.methods = {name: self._methods(client) for name, client in self.clients.items()}

    def _methods(self, client: type) -> dict[str, str]:
        """Map the constant that a method names to the method."""
        found = {}
        for name, method in vars(client).items():
            if inspect.isfunction(method):
                for constant in method.__code__.co_names:
                    if hasattr(self.operations, constant):
                        found.setdefault(constant, name)
        return found

    def schemes(self) -> set[str]:
        descriptors = (descriptor for _, descriptor in self.constants.values())
        return {name for d in descriptors for one in d.security for name in one}

    def hints(self, client: str, method: str) -> dict[str, Any]:
        function = getattr(self.clients[client], method)
        names = dict(vars(sys.modules[function.__module__]))
        names |= {"models": self.models, "CallOptions": Any, "Decimal": Decimal}
        names |= {name: getattr(typing, name) for name in ("Any", "Literal")}
        for module in ("collections.abc", "datetime", "msgspec", "venuekit_runtime.bodies"):
            loaded = importlib.import_module(module)
            names |= {n: v for n, v in vars(loaded).items() if n not in names}
        return typing.get_type_hints(function, globalns=names)


def models_of(package: str) -> Any:
    try:
        return importlib.import_module(f"{package}.models")
    except ModuleNotFoundError:
        return None


def arguments(sdk: Sdk, client: str, sample: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the method of a sample and its keyword arguments."""
    constant, descriptor = sdk.constants[sample["operation"]]
    method = sdk.methods[client][constant]
    hints = sdk.hints(client, method)
    given = {}
    named = {(p.location, p.name): p.argument for p in descriptor.parameters}
    for location, name, value in sample["parameters"]:
        argument = named[(location, name)]
        given[argument] = converted(value, hints[argument])
    if sample["has_body"]:
        body = descriptor.body
        if body.whole is not None:
            given[body.whole] = converted(sample["body"], hints[body.whole])
        else:
            fields = {f.name: f.argument for f in body.fields}
            free = {}
            for name, value in sample["body"].items():
                if name in fields:
                    given[fields[name]] = converted(value, hints[fields[name]])
                else:
                    free[name] = value
            if free:
                given[body.free.argument] = converted(free, hints[body.free.argument])
    return method, given


def converted(value: Any, hint: Any) -> Any:
    """Return a JSON value as a caller would write it for a hint."""
    if hint is bytes or bytes in typing.get_args(hint):
        return value.encode()
    text = msgspec.json.Encoder(decimal_format="number").encode(value)
    problems = []
    for one in (hint, *typing.get_args(hint)):
        try:
            decoder = msgspec.json.Decoder(one, float_hook=Decimal, dec_hook=decode_hook)
            return decoder.decode(text)
        except (TypeError, msgspec.ValidationError) as error:
            problems.append(str(error))
    if hint is Any or str in typing.get_args(hint):
        return value
    raise TypeError(f"no {hint} holds {value!r}: {problems[0]}")


def run(package: str, url: str, samples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    sdk = Sdk(package)
    credentials = [Held(name) for name in sorted(sdk.schemes())]
    here = urlsplit(url)
    stated = {one.base_url for _, one in sdk.constants.values() if one.base_url is not None}
    moved = {one: f"{here.scheme}://{here.netloc}{urlsplit(one).path}" for one in stated}
    once = RetryPolicy(attempts=1)
    results = []
    with sdk.clients["Client"](url, credentials, retry=once, base_urls=moved) as client:
        for sample in samples:
            if sample["is_full"]:
                results.append(outcome(sdk, "Client", sample, client))

    async def rest() -> None:
        client_class = sdk.clients["AsyncClient"]
        async with client_class(url, credentials, retry=once, base_urls=moved) as waiting:
            for sample in samples:
                if not sample["is_full"]:
                    results.append(await async_outcome(sdk, sample, waiting))

    asyncio.run(rest())
    return results


def outcome(sdk: Sdk, kind: str, sample: dict[str, Any], client: Any) -> dict[str, Any]:
    try:
        method, given = arguments(sdk, kind, sample)
        getattr(client, method)(**given)
    except Exception as error:
        return failure(sample, error)
    return {"operation": sample["operation"], "is_full": sample["is_full"], "problem": None}


async def async_outcome(sdk: Sdk, sample: dict[str, Any], client: Any) -> dict[str, Any]:
    try:
        method, given = arguments(sdk, "AsyncClient", sample)
        await getattr(client, method)(**given)
    except Exception as error:
        return failure(sample, error)
    return {"operation": sample["operation"], "is_full": sample["is_full"], "problem": None}


def failure(sample: dict[str, Any], error: Exception) -> dict[str, Any]:
    problem = f"{type(error).__name__}: {error}"
    return {
        "operation": sample["operation"],
        "is_full": sample["is_full"],
        "problem": problem[:400],
    }


def main() -> None:
    package, url, samples, results = sys.argv[1:]
    made = json.loads(Path(samples).read_text(encoding="utf-8"), parse_float=Decimal)
    Path(results).write_text(json.dumps(run(package, url, made)), encoding="utf-8")


if __name__ == "__main__":
    main()
