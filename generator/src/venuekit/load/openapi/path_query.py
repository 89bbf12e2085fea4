"""Takes the query out of a path that has one: `/current?city={city}&units=metric`.

OpenAPI knows no query in a path, and documents write it to tell apart what shares one. Its pairs
are parameters: what a template fills is the declared one, and a plain text is a constant. The path
keeps the query as its fragment, which never travels.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote_plus

from venuekit.contract import ConstSchema, Location, Parameter
from venuekit.load.schema_notes import bare_notes
from venuekit.origin import Origin

_WHOLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Split:
    """A path without its query, the parameters with it, and the pairs that are neither."""

    path: str
    parameters: tuple[Parameter, ...]
    uncarried: tuple[str, ...] = ()


def without_query(path: str, parameters: Sequence[Parameter], origin: Origin) -> Split:
    """Return a path whose query, if it has one, has become parameters in the query."""
    whole, _, fragment = path.partition("#")
    plain, has_query, query = whole.partition("?")
    if not has_query:
        return Split(path, tuple(parameters))
    kept = {(one.location, one.name): one for one in parameters}
    uncarried = []
    for pair in filter(None, query.split("&")):
        written, _, text = pair.partition("=")
        name, template = unquote_plus(written), _WHOLE.fullmatch(text)
        if template is None and "{" not in pair:
            kept[(Location.QUERY, name)] = _constant(name, unquote_plus(text), origin)
            continue
        if template is None or "{" in written:
            uncarried.append(pair)
            continue
        declared = _declared(kept, template[1])
        if declared is None:
            continue  # What fills nothing is reported where paths are checked.
        del kept[(declared.location, declared.name)]
        is_form = declared.location is Location.QUERY
        kept[(Location.QUERY, name)] = replace(
            declared,
            name=name,
            location=Location.QUERY,
            style=declared.style if is_form else "form",
            is_exploded=declared.is_exploded if is_form else False,
        )
    told = "&".join(part for part in (query, fragment) if part)
    return Split(f"{plain}#{told}" if told else plain, tuple(kept.values()), tuple(uncarried))


def _declared(parameters: dict[tuple[Location, str], Parameter], name: str) -> Parameter | None:
    for location in (Location.PATH, Location.QUERY):
        if (location, name) in parameters:
            return parameters[(location, name)]
    return None


def _constant(name: str, text: str, origin: Origin) -> Parameter:
    return Parameter(
        name=name,
        location=Location.QUERY,
        schema=ConstSchema(notes=bare_notes(origin), value=text),
        is_required=True,
        style="form",
        is_exploded=True,
        origin=origin,
    )
