"""Where a parameter stands and how it is written, in the runtime's words."""

from __future__ import annotations

from venuekit.contract import Parameter
from venuekit.serving.shapes import Shaper
from venuekit_runtime.operation import Location, Style
from venuekit_runtime.server.parameters import Place

_STYLES: dict[str, Style] = {
    "simple": "simple",
    "label": "label",
    "matrix": "matrix",
    "form": "form",
    "spaceDelimited": "spaceDelimited",
    "pipeDelimited": "pipeDelimited",
    "deepObject": "deepObject",
}
_LOCATIONS: dict[str, Location] = {
    "path": "path",
    "query": "query",
    "header": "header",
    "cookie": "cookie",
}


def place_of(shaper: Shaper, parameter: Parameter) -> Place:
    """Return what is needed to read a parameter."""
    return Place(
        parameter.name,
        shaper.shape(parameter.schema),
        _LOCATIONS[parameter.location],
        _STYLES[parameter.style],
        parameter.is_exploded,
        parameter.content_type is not None,
    )
