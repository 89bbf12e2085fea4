"""Contract to Python package: typed models, clients for every wire, errors, signers."""

from venuekit.emit.python.emitter import emit

__all__ = ["emit"]
