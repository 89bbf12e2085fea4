"""An operation and its arguments to a draft: compiled once per operation, pure, without I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

from msgspec import UNSET, Struct, json

from venuekit_runtime.base_url import BaseUrl
from venuekit_runtime.bodies import FORM, form_text, kind_of, multipart, present
from venuekit_runtime.encoding import (
    decimal_text,
    percent_encode,
    plain_value,
    scalar_text,
    styled,
)
from venuekit_runtime.errors import ConfigurationError
from venuekit_runtime.operation import Body, BodyField, HttpOperation, Parameter, Wire
from venuekit_runtime.signing import RequestDraft

_JSON = json.Encoder()
_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_SCALARS = frozenset((str, int, bool, type(None)))

Arguments = Mapping[str, Any]
FieldRow = tuple[str, str, bool, bool, Wire]


class RequestPlan:
    """All that can be settled before the arguments are known: path pieces, headers, field rows."""

    __slots__ = (
        "_body",
        "_fields",
        "_headers",
        "_host",
        "_is_form",
        "_is_multipart",
        "_others",
        "_path",
        "_pieces",
        "_query",
        "operation",
    )

    def __init__(self, operation: HttpOperation[Any], base: BaseUrl, user_agent: str) -> None:
        self.operation = operation
        self._host = base.authority
        self._headers = [
            ("host", base.authority),
            ("user-agent", user_agent),
            ("accept", _accept(operation)),
            ("accept-encoding", "identity"),
        ]
        self._pieces = _path_pieces(operation, base.path)
        self._path = "".join(str(p) for p in self._pieces) if len(self._pieces) == 1 else None
        self._query = [p for p in operation.parameters if p.location == "query"]
        self._others = [p for p in operation.parameters if p.location in ("header", "cookie")]
        self._body = operation.body
        self._fields = field_rows(operation.body.fields) if operation.body else ()
        kind = kind_of(operation.body.media_type) if operation.body else ""
        self._is_form = kind == FORM
        self._is_multipart = kind.startswith("multipart/")

    def build(self, arguments: Arguments) -> RequestDraft:
        """Write the request, unsigned; the body is serialised here and nowhere else.

        Raises TypeError for a missing required argument or a float where money stands, and
        ValueError for a value that has no exact text.
        """
        path = self._path if self._path is not None else self._filled_path(arguments)
        query = self._filled_query(arguments) if self._query else ""
        headers = self._headers.copy()
        for parameter in self._others:
            _add_header(headers, parameter, arguments)
        body = self._body
        draft = RequestDraft(self.operation.method, self._host, path, query, headers)
        draft.inputs = self.operation.signing_inputs
        if body is not None:
            self._write_body(body, arguments, draft)
        return draft

    def _filled_path(self, arguments: Arguments) -> str:
        out = []
        for piece in self._pieces:
            if isinstance(piece, str):
                out.append(piece)
                continue
            value = _required(arguments, piece.argument)
            text = styled(piece.name, value, piece.style, piece.explode, piece.wire)
            if text in ("", ".", ".."):
                raise ValueError(
                    f"{piece.argument} must not be {value!r}: it would change the path"
                )
            out.append(text)
        return "".join(out)

    def _filled_query(self, arguments: Arguments) -> str:
        out = []
        spread: list[tuple[Parameter, str]] = []
        for p in self._query:
            value = arguments.get(p.argument, UNSET)
            if value is UNSET or value is None:
                _refuse_absent(p.required, p.argument)
                continue
            text = styled(p.name, value, p.style, p.explode, p.wire, p.allow_reserved)
            if text:
                out.append(text)
                if isinstance(value, (dict, Struct)):
                    spread.append((p, text))
        if spread:
            _refuse_shared_names(self._query, spread)
        return "&".join(out)

    def _write_body(self, body: Body, arguments: Arguments, draft: RequestDraft) -> None:
        media_type = body.media_type
        if body.whole is not None:
            value = arguments.get(body.whole, UNSET)
            if value is UNSET or (value is None and not body.required):
                _refuse_absent(body.required, body.whole)
                return
            media_type, draft.body = _whole_body(body, value, draft)
        elif self._is_multipart:
            parts = _parts(self._fields, arguments)
            parts += free_members(body.free, body.fields, arguments).items()
            if not parts and not body.required:
                return
            media_type, draft.body = multipart(parts, body.encodings, media_type)
        else:
            members = collect(self._fields, arguments)
            members.update(free_members(body.free, body.fields, arguments))
            if not members and not body.required:
                return
            draft.members = members
            if self._is_form:
                draft.body = form_text(members, body.encodings).encode()
            else:
                draft.body = _JSON.encode(members)
        draft.media_type = media_type
        draft.headers.append(("content-type", media_type))


def field_rows(fields: tuple[BodyField, ...]) -> tuple[FieldRow, ...]:
    """Fields as plain tuples, which a loop unpacks faster than it reads attributes."""
    return tuple((f.argument, f.name, f.required, f.nullable, f.wire) for f in fields)


def collect(rows: tuple[FieldRow, ...], arguments: Arguments) -> dict[str, Any]:
    """The members of an object, in the contract's order, as values that msgspec writes exactly.

    An absent optional argument is left out, so that defaults are the venue's to apply.
    """
    members: dict[str, Any] = {}
    for argument, name, required, nullable, wire in rows:
        value = arguments.get(argument, UNSET)
        if value is UNSET or (value is None and not nullable):
            if required:
                _refuse_absent(True, argument)
            continue
        if wire == "decimal" and type(value) is Decimal:
            members[name] = decimal_text(value, argument)
        elif wire == "plain" and type(value) in _SCALARS:
            members[name] = value
        else:
            members[name] = plain_value(value, argument, wire)
    return members


def free_members(
    free: BodyField | None, fields: Iterable[BodyField], arguments: Arguments
) -> dict[str, Any]:
    """What the caller adds to the declared members; raises ValueError for a declared name."""
    given = arguments.get(free.argument) if free is not None else None
    if free is None or given is None or given is UNSET:
        return {}
    if not isinstance(given, dict):
        raise TypeError(f"{free.argument} must be a dict of members")
    for declared in fields:
        if declared.name in given:
            raise ValueError(
                f"{declared.name} is a declared member: give it as {declared.argument}, "
                f"and not in {free.argument}"
            )
    plain = plain_value(given, free.argument, free.wire)
    assert isinstance(plain, dict)
    return plain


def _path_pieces(operation: HttpOperation[Any], prefix: str) -> list[str | Parameter]:
    parameters = {p.name: p for p in operation.parameters if p.location == "path"}
    pieces: list[str | Parameter] = []
    # A fragment tells operations apart that share a path, and never travels (RFC 9110, 4.2.5).
    path = operation.path.partition("#")[0]
    for index, text in enumerate(_TEMPLATE.split(path)):
        if index % 2 == 0:
            pieces.append(text)
        elif text in parameters:
            pieces.append(parameters[text])
        else:
            raise ConfigurationError(f"{operation.name}: nothing fills {{{text}}} of its path")
    pieces[0] = prefix + str(pieces[0])
    return pieces


def _accept(operation: HttpOperation[Any]) -> str:
    kinds = dict.fromkeys(r.media_type for r in operation.responses if r.media_type)
    return ", ".join(kinds) or "application/json"


def _add_header(headers: list[tuple[str, str]], p: Parameter, arguments: Arguments) -> None:
    value = arguments.get(p.argument, UNSET)
    if value is UNSET or value is None:
        _refuse_absent(p.required, p.argument)
        return
    if p.location == "cookie":
        pair = styled(p.name, value, p.style, p.explode, p.wire).replace("&", "; ")
        # All cookies stand in one header (RFC 6265, 5.4).
        held = [text for name, text in headers if name == "cookie"]
        headers[:] = [header for header in headers if header[0] != "cookie"]
        headers.append(("cookie", "; ".join([*held, pair])))
        return
    if p.name.lower() == "user-agent":
        # A header that may stand once: the contract's parameter goes before the SDK's own.
        headers[:] = [header for header in headers if header[0] != "user-agent"]
    if isinstance(value, (list, tuple)):
        headers.append((p.name, ",".join(scalar_text(v, p.argument, p.wire) for v in value)))
    else:
        headers.append((p.name, scalar_text(value, p.argument, p.wire)))


def _parts(rows: tuple[FieldRow, ...], arguments: Arguments) -> list[tuple[str, Any]]:
    """The members of a multipart body: files as they are, decimals as exact text."""
    found: list[tuple[str, Any]] = []
    for argument, name, required, _, wire in rows:
        value = arguments.get(argument, UNSET)
        if value is UNSET or value is None:
            _refuse_absent(required, argument)
        else:
            found.append((name, value if wire == "plain" else plain_value(value, argument, wire)))
    return found


def _whole_body(body: Body, value: object, draft: RequestDraft) -> tuple[str, bytes]:
    """The media type and the bytes of a body that was given as one value."""
    media_type, name = body.media_type, body.whole or "body"
    kind = kind_of(media_type)
    if isinstance(value, (bytes, bytearray)):
        return media_type, bytes(value)
    if kind.startswith("multipart/"):
        if not isinstance(value, Mapping):
            raise TypeError(f"{name} must map names to values to be written as parts")
        return multipart(present(value), body.encodings, media_type)
    # A form whose contract states no members is written by the caller.
    if kind.startswith("text/") and isinstance(value, (bool, int, float, Decimal, Enum)):
        # A float is refused where a decimal stands, as it is in JSON.
        is_float = isinstance(value, float)
        text = decimal_text(value, name) if is_float else scalar_text(value, name)
        return media_type, text.encode()
    if (kind.startswith("text/") or kind == FORM) and isinstance(value, str):
        return media_type, value.encode()
    plain = plain_value(value, name)
    if isinstance(plain, dict):
        draft.members = plain
    if kind != FORM:
        return media_type, _JSON.encode(plain)
    if not isinstance(plain, dict):
        raise TypeError(f"{name} must be an object to be written as a form")
    return media_type, form_text(plain, body.encodings).encode()


def _refuse_shared_names(
    parameters: Iterable[Parameter], spread: Iterable[tuple[Parameter, str]]
) -> None:
    """Raise ValueError where a member of an object is written by another parameter's name.

    Objects in the styles `form` and `deepObject` are written as names of their own, and a server
    takes each of them for whatever has that name.
    """
    written = [p for p, _ in spread]
    owners = {percent_encode(p.name): p for p in parameters if p not in written}
    for p, text in spread:
        for pair in text.split("&"):
            name = pair.partition("=")[0]
            owner = owners.setdefault(name, p)
            if owner is not p:
                raise ValueError(
                    f"a member of {p.argument} is written as {name}, which is a name of "
                    f"{owner.argument}: no server tells the two apart"
                )


def _required(arguments: Arguments, argument: str) -> Any:
    value = arguments.get(argument, UNSET)
    if value is UNSET or value is None:
        _refuse_absent(True, argument)
    return value


def _refuse_absent(required: bool, argument: str) -> None:
    if required:
        raise TypeError(f"{argument} is required")
