"""Reads AsyncAPI 3.0 and 3.1 documents, over WebSocket and FIX, into a part of the contract."""

from venuekit.load.asyncapi.document import load_asyncapi

__all__ = ["load_asyncapi"]
