"""Turns a vector's inputs, whatever their names, into the request that a scheme signs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import json

from venuekit.contract.schema import JsonValue
from venuekit.contract.signing import Call, Reference, SigningScheme, TimeFormat, Use, ValueType
from venuekit.signing.matching import Matcher, MismatchError
from venuekit.signing.plan import names_behind, used_inputs
from venuekit.vectors.case import PreparedRequest, VectorCase
from venuekit_runtime import crypto_values

ALIASES: Mapping[str, tuple[str, ...]] = {
    "key": ("key", "api_key", "apiKey", "access_key", "accessKey", "access_key_id", "kid"),
    "target": ("target", "path_and_query", "uri", "request_target", "requestPath"),
    "path": ("path", "endpoint_path", "url_path"),
    "query": (
        "query",
        "query_string",
        "query_then_body",
        "query_or_body",
        "params_sorted",
        "query_sorted_encoded",
    ),
    "body": ("body", "post_data", "postData", "form", "json_payload", "payload_json", "payload"),
    "timestamp": ("timestamp", "ts", "expires", "request_time", "time"),
    "nonce": ("nonce",),
    "passphrase": ("passphrase", "Password", "password"),
    "method": ("method", "verb"),
    "host": ("host",),
}
"""Our name of an input, then the names under which vectors give it; the first found is taken."""

FIX_TAGS = {
    "MsgType": "35",
    "SenderCompID": "49",
    "TargetCompID": "56",
    "MsgSeqNum": "34",
    "SendingTime": "52",
    "Password": "554",
    "Username": "553",
    "RawData": "96",
}
_MAXIMUM_SHOWN = 5
_COMPONENT_LINE = re.compile(r'^"([^"]+)": (.*)$', re.MULTILINE)
UNSTATED = "not-stated-by-the-source"


class UnpreparedError(Exception):
    """The vector does not say enough to sign; the message names what is missing."""


def prepare(
    scheme: SigningScheme, use: Use, case: VectorCase, defaults: Mapping[str, JsonValue]
) -> PreparedRequest:
    """Return the request of a vector; `defaults` are inputs that its source leaves unsaid.

    Raises UnpreparedError when an input can neither be found nor read out of the string to sign.
    """
    given = {**defaults, **_opened(case.inputs)}
    _settle_components(case, given)
    found = {
        name: value
        for name, names in ALIASES.items()
        if (value := next((given[n] for n in names if n in given), None)) is not None
    }
    _settle(scheme, given, found)
    _take_placed(use, given, found)
    _settle_time(scheme, found)
    inputs = {item.name: given[item.name] for item in scheme.inputs if item.name in given}
    parts = _parts(scheme, case, given, found)
    tags = _tags(use, given)
    missing = _recovered(scheme, use, case, {**found, **inputs, **parts})
    found |= {name: value for name, value in missing.items() if name in ALIASES}
    parts |= {name: value for name, value in missing.items() if name in _texts(scheme)}
    declared = {item.name for item in scheme.inputs}
    inputs |= {name: value for name, value in missing.items() if name in declared}
    target = found.pop("target", None)
    if isinstance(target, str):
        found["path"], _, found["query"] = target.partition("?")
    message = found.get("message")
    if "status" in given:
        inputs["status"] = crypto_values.as_text(given["status"])
    texts = {name: crypto_values.as_text(found.get(name)) for name in _TEXTS}
    return PreparedRequest(
        parts=parts,
        method=texts["method"],
        host=texts["host"],
        path=texts["path"],
        query=texts["query"],
        headers=(*_pairs(given.get("headers", ())), *_bound_headers(use, given)),
        body=texts["body"],
        message=message,
        tags=tags,
        timestamp=texts["timestamp"],
        nonce=texts["nonce"],
        inputs=inputs,
    )


_TEXTS = ("method", "host", "path", "query", "body", "timestamp", "nonce")


def _opened(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs with a raw HTTP request and a context opened into their parts."""
    opened: dict[str, Any] = {name: value for name, value in inputs.items() if value is not None}
    context = opened.pop("context", None)
    if isinstance(context, Mapping):
        credentials = context.get("credentials", {})
        opened |= {name: item for name, item in context.items() if name != "credentials"}
        opened |= credentials if isinstance(credentials, Mapping) else {}
    if opened.get("omit_session_token") is True:
        opened.pop("token", None)
    raw = opened.get("request")
    if isinstance(raw, str) and " HTTP/1." in raw.partition("\n")[0]:
        opened |= _raw_request(raw)
    stated = opened.get("signature_input")
    if isinstance(stated, str):
        opened["signature_params"] = stated.partition("=")[2]
    for name in ("claims", "header", "params"):
        inner = opened.get(name)
        opened |= (
            {k: v for k, v in (inner or {}).items() if k not in opened}
            if isinstance(inner, Mapping)
            else {}
        )
    return {**{_snake(name): value for name, value in opened.items()}, **opened}


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _raw_request(raw: str) -> dict[str, Any]:
    head, _, body = raw.partition("\n\n")
    line, *lines = head.rstrip("\n").split("\n")
    method, _, rest = line.partition(" ")
    target = rest.rpartition(" HTTP/")[0]
    headers: list[list[str]] = []
    for text in lines:
        if text.startswith((" ", "\t")) and headers:
            # An old folded header line continues the value before it.
            headers[-1][1] += " " + text.strip()
        else:
            name, _, value = text.partition(":")
            headers.append([name, value])
    return {"method": method, "target": target, "headers": headers, "body": body}


def _take_placed(use: Use, given: Mapping[str, Any], found: dict[str, Any]) -> None:
    """Take values that stand under the names of their places: a header, a tag, a parameter."""
    for placement in use.placements:
        value = placement.value
        if isinstance(value, Reference) and placement.name in given and value.name in ALIASES:
            found.setdefault(value.name, given[placement.name])


def _settle(scheme: SigningScheme, given: Mapping[str, JsonValue], found: dict[str, Any]) -> None:
    """Read `params`: pairs or text are a query, an object makes a message."""
    params = given.get("params", given.get("string"))
    if isinstance(params, str):
        found.setdefault("query", params)
    elif isinstance(params, list):
        pairs = [f"{name}={crypto_values.as_text(value)}" for name, value in _listed(params)]
        found.setdefault("query", "&".join(pairs))
    behind = names_behind(scheme, "signature")
    if isinstance(params, Mapping) and "query" in behind:
        found.setdefault("query", "&".join(f"{k}={v}" for k, v in _pairs(params)))
    if "message" in behind:
        found["message"] = dict(given)
    if "message" in given:
        found["message"] = given["message"]
    for name in ("body", "query"):
        if isinstance(found.get(name), Mapping | list):
            found[name] = json.encode(found[name]).decode()


def _settle_components(case: VectorCase, given: dict[str, Any]) -> None:
    """Take headers and status out of RFC 9421's signature base, which states them line by line."""
    if "signature_params" not in given or case.canonical is None:
        return
    headers = dict(_pairs(given.get("headers", ())))
    for name, value in _COMPONENT_LINE.findall(case.canonical):
        if name == "@status":
            given["status"] = value
        elif not name.startswith("@"):
            headers = {k: v for k, v in headers.items() if k.lower() != name}
            headers[name] = value
    given["headers"] = headers


def _settle_time(scheme: SigningScheme, found: dict[str, Any]) -> None:
    stamp = found.get("timestamp")
    if scheme.clock is None and "timestamp" in found:
        return
    is_basic = scheme.clock is not None and scheme.clock.format is TimeFormat.ISO_BASIC
    if is_basic and isinstance(stamp, str):
        found["timestamp"] = stamp.replace("-", "").replace(":", "")


def _listed(pairs: list[Any]) -> list[tuple[str, Any]]:
    return [(str(pair[0]), pair[1]) for pair in pairs if isinstance(pair, list) and len(pair) == 2]


def _pairs(value: Any) -> tuple[tuple[str, str], ...]:
    items = value.items() if isinstance(value, Mapping) else _listed(list(value or ()))
    return tuple((str(name), crypto_values.as_text(item)) for name, item in items)


def _texts(scheme: SigningScheme) -> frozenset[str]:
    return frozenset(c.name for c in scheme.credentials if not c.is_secret)


def _parts(
    scheme: SigningScheme,
    case: VectorCase,
    given: Mapping[str, JsonValue],
    found: Mapping[str, Any],
) -> dict[str, str]:
    parts: dict[str, str] = {}
    is_taken = False
    for credential in scheme.credentials:
        stated = given.get(credential.name, found.get(credential.name))
        if credential.is_secret and case.secret is not None and not is_taken:
            parts[credential.name] = case.secret
            is_taken = True
        elif stated is not None:
            parts[credential.name] = crypto_values.as_text(stated)
        elif credential.name not in names_behind(scheme, "signature"):
            # It only travels beside the signature, and the source did not show it.
            parts[credential.name] = UNSTATED
    return parts


def _tags(use: Use, given: Mapping[str, JsonValue]) -> tuple[tuple[str, str], ...]:
    tags = [
        (FIX_TAGS.get(name, name), crypto_values.as_text(value))
        for name, value in given.items()
        if name in FIX_TAGS or name.isdigit()
    ]
    tags += _pairs(given.get("tags", ()))
    # A vector may state what the scheme reads from a tag, such as the target of a Logon.
    for name, expression in use.bindings:
        if isinstance(expression, Call) and expression.operator == "tag" and name in given:
            number = str(expression.argument("number"))
            tags.append((number, crypto_values.as_text(given[name])))
    return tuple(tags)


def _bound_headers(use: Use, given: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return headers from which a use binds inputs that the vector states by themselves."""
    return tuple(
        (str(expression.argument("name")), crypto_values.as_text(given[name]))
        for name, expression in use.bindings
        if isinstance(expression, Call) and expression.operator == "header" and name in given
    )


def _recovered(
    scheme: SigningScheme, use: Use, case: VectorCase, known: Mapping[str, Any]
) -> dict[str, str]:
    """Return inputs that the vector leaves out but that stand in its string to sign."""
    needed = used_inputs(scheme, use) & (
        frozenset(ALIASES) | {i.name for i in scheme.inputs if not i.default} | _texts(scheme)
    )
    reachable = {"path", "query"} if "target" in known else set()
    if "path" in known:
        reachable.add("target")
    missing = needed - set(known) - reachable
    if not missing or case.canonical is None:
        return {}
    texts = {name: value for name, value in known.items() if isinstance(value, str)}
    matcher = Matcher(scheme, {**texts, **_assumed(missing, scheme)})
    try:
        matcher.match(scheme.step("canonical").expression, case.canonical)
    except MismatchError:
        matcher = Matcher(scheme, texts)
        try:
            matcher.match(scheme.step("canonical").expression, case.canonical)
        except MismatchError:
            return {}
    return {
        name: value.decode() if isinstance(value, bytes) else str(value)
        for name, value in matcher.bound.items()
        if name in missing
    }


def _assumed(missing: frozenset[str], scheme: SigningScheme) -> dict[str, str]:
    """Return what a missing part most likely is: nothing, where another one must be read."""
    empties = [name for name in ("query", "body", "host") if name in missing]
    others = missing - set(empties)
    return dict.fromkeys(empties, "") if others or not missing & {"body"} else {}


def unstated(scheme: SigningScheme, use: Use, request: PreparedRequest) -> str:
    """Return the names of inputs without which nothing can be signed; empty when all are there."""
    needed = used_inputs(scheme, use)
    missing = [
        item.name
        for item in scheme.inputs
        if item.name in needed
        and item.type is ValueType.NUMBER
        and item.default is None
        and item.name not in request.inputs
    ]
    missing += [
        c.name for c in scheme.credentials if c.name in needed and c.name not in request.parts
    ]
    return ", ".join(missing[:_MAXIMUM_SHOWN])
