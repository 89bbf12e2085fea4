"""Contract to Python package for servers: typed handlers, routes and codecs as data."""

from venuekit.emit.server.emitter import emit

__all__ = ["emit"]
