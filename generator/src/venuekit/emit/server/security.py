"""The signing schemes of the contract as data, for the verifier of whoever serves."""

from __future__ import annotations

from typing import Any

from msgspec import json

from venuekit.contract import SignedScheme
from venuekit.emit.python.context import Context
from venuekit.emit.python.text import docstring, literal
from venuekit.emit.server.views import ModuleView
from venuekit.origin import Origin
from venuekit.source import Document

_ENCODER = json.Encoder(decimal_format="number")


def security_module(context: Context) -> ModuleView:
    """Return the module with the x-signing value of each signed scheme, as JSON text."""
    rows = []
    for name, scheme in context.contract.security_schemes.items():
        if isinstance(scheme, SignedScheme):
            value = _written(scheme.signing.origin)
            # Vectors prove the scheme in its document; a server has no use for them.
            facts = {k: v for k, v in value.items() if k != "vectors"}
            text = _ENCODER.encode(facts).decode()
            rows.append(f"    {literal(name)}: {_folded(text)},")
    return ModuleView(
        doc=docstring("How requests are signed: what `venuekit.signing.guard` verifies by.", 0),
        constants=("SCHEMES: dict[str, str] = {", *rows, "}")
        if rows
        else ("SCHEMES: dict[str, str] = {}",),
        all_names=(literal("SCHEMES"),),
    )


def _written(origin: Origin) -> dict[str, Any]:
    """Return what a document has at an origin."""
    assert isinstance(origin.document, Document)
    found: Any = origin.document.value
    for token in origin.pointer:
        found = found[token]
    return dict(found)


def _folded(text: str) -> str:
    """Return a long text as adjacent literals, one to a line."""
    pieces = [text[start : start + 80] for start in range(0, len(text), 80)]
    inner = "".join(f"        {literal(piece)}\n" for piece in pieces)
    return f"(\n{inner}    )"
