"""TypeScript: types, coercion tables, clients and streams of a contract."""

from venuekit.emit.typescript.emitter import emit

__all__ = ["emit"]
