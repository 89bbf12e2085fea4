"""Schemes of the catalogue by name: as they are, or with what only a contract can say.

That is the contract's operations: those that lead a session, and the one that carries a log-on.
"""

from __future__ import annotations

import difflib
from importlib.resources import files
from pathlib import Path

from venuekit.load.context import Context
from venuekit.load.upgrade.rewrite import Rewrite
from venuekit.source import Node, load_document, root

NAME = "scheme"
_RULE = "invalid-signing"
_WIRES = ("websocket", "fix")
_MEMBERS = (NAME, "session", *_WIRES)


def named_scheme(context: Context, written: Node) -> Node | None:
    """Return the scheme that `x-signing: name` or `x-signing: {scheme: name}` means.

    None after findings.
    """
    if isinstance(written.value, str):
        return _of_catalogue(context, written, written.value)
    name = written.get(NAME)
    if name is None or not isinstance(name.value, str):
        context.report.error(
            _RULE,
            name or written,
            "the scheme of the catalogue is not named by a text",
            "Write scheme: name.",
        )
        return None
    base = _of_catalogue(context, name, name.value)
    return _completed(context, base, written) if base is not None else None


def _of_catalogue(context: Context, written: Node, name: str) -> Node | None:
    folder = files("venuekit.signing.catalogue")
    names = sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir())
    if name in names and (folder / f"{name}.yaml").is_file():
        return root(load_document(Path(str(folder / f"{name}.yaml")), f"catalogue/{name}.yaml"))
    near = difflib.get_close_matches(name, names, n=1)
    context.report.error(
        _RULE,
        written,
        f"the catalogue has no scheme called {name!r}",
        f"Is {near[0]} meant?" if near else "Write the scheme out, or name one that it has.",
    )
    return None


def _completed(context: Context, base: Node, written: Node) -> Node:
    """Return a scheme of the catalogue with the session and the log-ons that a contract adds."""
    new = Rewrite(base.document)
    top = new.value
    new.copy_members(top, base)
    for key, member in written.items():
        if key == "session":
            new.copy(top, key, member)
        elif key in _WIRES:
            _add_log_on(context, new, base, member)
        elif key != NAME and not key.startswith("x-"):
            context.report.error(
                _RULE,
                member,
                f"{key!r} cannot be added to a scheme of the catalogue",
                f"It takes {', '.join(_MEMBERS[1:])}; write the scheme out to change more.",
            )
    return root(new.finished())


def _add_log_on(context: Context, new: Rewrite, base: Node, written: Node) -> None:
    wire = str(written.pointer[-1])
    use, operation = base.get(wire), written.get("operation")
    if use is None:
        context.report.error(
            _RULE,
            written,
            f"the scheme of the catalogue does not sign over {wire}",
            "Name a scheme that does.",
        )
        return
    if operation is None or len(written.members) > 1:
        context.report.error(
            _RULE,
            written,
            f"of {wire} a contract says which operation carries the log-on, and nothing else",
            "Write {operation: NAME}.",
        )
        return
    made = new.put_from(new.value, wire, {}, use)
    new.copy_members(made, use)
    new.copy(made, "operation", operation)
