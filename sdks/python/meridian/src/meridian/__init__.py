"""Meridian, version 1.0.0: the Python SDK."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meridian import errors as errors
    from meridian import fix as fix
    from meridian import models as models
    from meridian import operations as operations
    from meridian import stream_operations as stream_operations
    from meridian.async_client import AsyncClient as AsyncClient
    from meridian.client import Client as Client
    from meridian.signing import Ed25519Credentials as Ed25519Credentials
    from meridian.signing import HmacCredentials as HmacCredentials
    from meridian.stream import StreamClient as StreamClient
    from venuekit_runtime.core import CallOptions as CallOptions
    from venuekit_runtime.observe import Hooks as Hooks
    from venuekit_runtime.retry import RetryPolicy as RetryPolicy

# Nothing is imported until it is used: `import` takes a few milliseconds whatever the size.
_PLACES = {
    "AsyncClient": "meridian.async_client:AsyncClient",
    "CallOptions": "venuekit_runtime.core:CallOptions",
    "Client": "meridian.client:Client",
    "Ed25519Credentials": "meridian.signing:Ed25519Credentials",
    "HmacCredentials": "meridian.signing:HmacCredentials",
    "Hooks": "venuekit_runtime.observe:Hooks",
    "RetryPolicy": "venuekit_runtime.retry:RetryPolicy",
    "StreamClient": "meridian.stream:StreamClient",
    "errors": "meridian.errors",
    "fix": "meridian.fix",
    "models": "meridian.models",
    "operations": "meridian.operations",
    "stream_operations": "meridian.stream_operations",
}

__version__ = "1.0.0"

__all__ = [
    "AsyncClient",
    "CallOptions",
    "Client",
    "Ed25519Credentials",
    "HmacCredentials",
    "Hooks",
    "RetryPolicy",
    "StreamClient",
    "__version__",
    "errors",
    "fix",
    "models",
    "operations",
    "stream_operations",
]


def __getattr__(name: str) -> object:
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, member = place.partition(":")
    loaded = import_module(module)
    value: object = getattr(loaded, member) if member else loaded
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted((*globals(), *_PLACES))
