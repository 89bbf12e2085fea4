"""The templates of signers, compiled once."""

from __future__ import annotations

import functools

from jinja2 import Environment, PackageLoader, StrictUndefined


@functools.cache
def environment() -> Environment:
    """Return the environment of this folder's templates; an undefined name is an error."""
    return Environment(
        loader=PackageLoader("venuekit.emit.signing", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
