"""Emits a contract as a tree of Markdown pages: one for every part, and indexes of them.

The pages know nothing of the site that shows them but its Markdown: tables, content tabs and
`pymdownx.snippets`, by which samples come in as the files that were run.
"""

from __future__ import annotations

from collections.abc import Mapping

from venuekit.contract import Contract, Counts
from venuekit.emit.docs.channels import channel_page
from venuekit.emit.docs.errors import error_page
from venuekit.emit.docs.indexes import index_pages
from venuekit.emit.docs.messages import message_page
from venuekit.emit.docs.navigation import PATH as NAVIGATION
from venuekit.emit.docs.navigation import navigation_page
from venuekit.emit.docs.operations import operation_page
from venuekit.emit.docs.schemas import schema_page
from venuekit.emit.docs.security import security_page
from venuekit.emit.docs.site import Site, site
from venuekit.emit.emission import Emission, Options

SAMPLE = "sample:"
"""Options `sample:<operation>:<language>` name the file of a program, as snippets find it."""


def emit(contract: Contract, options: Options) -> Emission:
    """Return the pages of a contract, by path from the root of the reference."""
    root = site(contract, _samples(options))
    files = {
        **_operations(root),
        **{root.pages.channels[k]: channel_page(root, k, c) for k, c in contract.channels.items()},
        **{root.pages.messages[k]: message_page(root, k, m) for k, m in contract.messages.items()},
        **{root.pages.schemas[k]: schema_page(root, s) for k, s in contract.schemas.items()},
        **{root.pages.errors[k]: error_page(root, e) for k, e in contract.errors.items()},
        **{
            root.pages.security[k]: security_page(root, k, s)
            for k, s in contract.security_schemes.items()
        },
    }
    emitted = Counts(
        operations=sum(path in files for path in root.pages.operations.values()),
        channels=sum(path in files for path in root.pages.channels.values()),
        messages=sum(path in files for path in root.pages.messages.values()),
        schemas=sum(path in files for path in root.pages.schemas.values()),
    )
    files |= index_pages(root)
    files[NAVIGATION] = navigation_page(root, files)
    return Emission(files=files, emitted=emitted)


def _operations(root: Site) -> dict[str, str]:
    return {root.pages.operation(o): operation_page(root, o) for o in root.contract.operations}


def _samples(options: Options) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, file in options.extra.items():
        if name.startswith(SAMPLE):
            _mark, operation, language = name.split(":")
            found.setdefault(operation, {})[language] = file
    return found
