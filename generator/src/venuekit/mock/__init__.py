"""The mock: serves any contract, so that any emitted SDK can be called against any document."""

from venuekit.mock.serve import Ready, Settings, serve

__all__ = ["Ready", "Settings", "serve"]
