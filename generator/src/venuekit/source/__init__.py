"""Documents: text to values that know file, line and column; it knows no API format."""

from venuekit.source.document import Document, load_document, parse_document
from venuekit.source.errors import SourceError
from venuekit.source.files import DiskFiles, Files, GitFiles
from venuekit.source.node import Node, root
from venuekit.source.refs import Resolver
from venuekit.source.values import JsonValue

__all__ = [
    "DiskFiles",
    "Document",
    "Files",
    "GitFiles",
    "JsonValue",
    "Node",
    "Resolver",
    "SourceError",
    "load_document",
    "parse_document",
    "root",
]
