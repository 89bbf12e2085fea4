"""Reads OpenAPI 3.0, 3.1 and 3.2 documents into a part of the contract."""

from venuekit.load.openapi.document import load_openapi

__all__ = ["load_openapi"]
