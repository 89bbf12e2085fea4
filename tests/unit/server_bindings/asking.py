"""Emits bindings from a document's text, and asks applications as a connection would."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from venuekit.emit.emission import Emission, Options
from venuekit.emit.server import emit
from venuekit.load import load
from venuekit_runtime.server.application import Application
from venuekit_runtime.server.refusal import RefusalError
from venuekit_runtime.server.requests import Response, read_request

Emit = Callable[[str, str], ModuleType]


def emission_of(folder: Path, text: str, package: str) -> Emission:
    """Return what is emitted from a document's text."""
    path = folder / f"{package}.yaml"
    path.write_text(text, encoding="utf-8")
    loaded = load([path])
    emission = emit(loaded.contract, Options(package=package))
    assert emission.emitted == loaded.contract.counts
    return emission


class Asker:
    """Asks an application as a connection would."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(
        self, method: str, target: str, body: bytes = b"", kind: str = "", **headers: str
    ) -> Response:
        given = [(b"host", b"venue.example")]
        given += [(b"content-type", kind.encode())] if kind else []
        given += [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
        try:
            request = read_request(method, target.encode(), tuple(given), body, "192.0.2.1")
        except RefusalError as refusal:
            return self._application.refuse(refusal)
        return asyncio.run(self._application.answer(request))

    def json(self, method: str, target: str, value: Any, **headers: str) -> Response:
        return self(method, target, json.dumps(value).encode(), "application/json", **headers)
