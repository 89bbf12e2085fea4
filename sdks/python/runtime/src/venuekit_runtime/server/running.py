"""`python -m PACKAGE MODULE:HANDLERS`: serves emitted bindings from a shell."""

from __future__ import annotations

import argparse
import importlib
import inspect
import sys
from typing import Any

from venuekit_runtime.server.application import Application
from venuekit_runtime.server.handling import BindingError, OpenDoor
from venuekit_runtime.server.operations import Bindings
from venuekit_runtime.server.serving import serve
from venuekit_runtime.server.stream import StreamApplication


def main(bindings: Bindings) -> None:
    """Parse the command line and serve until a signal comes; exit code 2 for what cannot be."""
    parser = argparse.ArgumentParser(description=f"Serve {bindings.title}.")
    parser.add_argument("handlers", help="MODULE:NAME of an object or class with the handlers")
    parser.add_argument("--stream", help="MODULE:NAME of the socket's handlers; default: the same")
    parser.add_argument("--guard", help="MODULE:NAME of what lets callers in")
    parser.add_argument("--open-door", action="store_true", help="let everybody in: to try out")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080, help="0 takes a free one")
    given = parser.parse_args()
    try:
        handlers = _loaded(given.handlers)
        guard = OpenDoor() if given.open_door else given.guard and _loaded(given.guard)
        application = Application(bindings, handlers, guard or None)
        stream = None
        if bindings.opened:
            streams = _loaded(given.stream) if given.stream else handlers
            stream = StreamApplication(bindings, streams, guard or None)
        serve(application, stream, given.host, given.port, _say)
    except (BindingError, ImportError, OSError) as error:
        parser.exit(2, f"{error}\n")


def _say(url: str) -> None:
    sys.stdout.write(f"url: {url}\n")
    sys.stdout.flush()


def _loaded(name: str) -> Any:
    """The object that a name means; a class is called. Raises BindingError where it is none."""
    module, _, member = name.partition(":")
    found = getattr(importlib.import_module(module), member or "handlers", None)
    if found is None:
        raise BindingError(f"{module} has no {member or 'handlers'}")
    return found() if inspect.isclass(found) else found
