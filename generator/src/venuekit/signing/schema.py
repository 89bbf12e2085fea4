"""Builds the JSON Schema of `x-signing` from the operators' rows, so that they cannot drift."""

from __future__ import annotations

from enum import StrEnum

from venuekit.contract.schema import JsonValue
from venuekit.contract.session import InstantFormat, SpanUnit
from venuekit.contract.signing import (
    Decoding,
    InputSource,
    Moment,
    NonceKind,
    SignedWire,
    Slot,
    TimeFormat,
    TimeKind,
    ValueType,
)
from venuekit.contract.signing_operators import (
    OPERATORS,
    Operator,
    OperatorParameter,
    ParameterKind,
)

_EXPRESSION: dict[str, JsonValue] = {"$ref": "#/$defs/expression"}
_NAMED_EXPRESSIONS: dict[str, JsonValue] = {
    "type": "object",
    "additionalProperties": _EXPRESSION,
}
_TEXT: dict[str, JsonValue] = {"type": "string"}
_COUNT: dict[str, JsonValue] = {"type": "integer", "minimum": 0}
_SCALARS: list[JsonValue] = ["string", "number", "boolean"]
_ORIGIN = "https://json-schema.org/draft/2020-12/schema"


def extension_schema() -> dict[str, JsonValue]:
    """Return the JSON Schema (2020-12) that an `x-signing` value must satisfy."""
    forms: list[JsonValue] = [_TEXT]
    forms += [{"$ref": f"#/$defs/{name}"} for name in OPERATORS]
    members = dict(_scheme_members())
    schema = _closed(members)
    schema["anyOf"] = [{"required": [str(wire)]} for wire in SignedWire]
    schema["if"] = {"not": {"required": ["session"]}}
    schema["then"] = {"required": ["credentials", "steps"]}
    by_name: dict[str, JsonValue] = {
        "type": "string",
        "description": "A scheme of the catalogue by its name.",
    }
    return {
        "$schema": _ORIGIN,
        "title": "x-signing",
        "description": "How a request is signed, as one expression over a closed set of operators.",
        "oneOf": [by_name, _completed_schema(), schema],
        "$defs": {
            "expression": {
                "description": "A constant text, a $reference, or one operator.",
                "anyOf": forms,
            },
            "use": _use_schema(),
            **{name: _operator_schema(row) for name, row in OPERATORS.items()},
        },
    }


def _completed_schema() -> dict[str, JsonValue]:
    log_on: JsonValue = _closed({"operation": _TEXT}, ["operation"])
    members: dict[str, JsonValue] = {
        "scheme": _TEXT,
        "session": _session_schema(),
        "websocket": log_on,
        "fix": log_on,
    }
    described: dict[str, JsonValue] = {
        "description": "A scheme of the catalogue, with the operations of this contract."
    }
    return {**described, **_closed(members, ["scheme"])}


def _scheme_members() -> list[tuple[str, JsonValue]]:
    use: JsonValue = {"$ref": "#/$defs/use"}
    return [
        ("version", {"const": 1}),
        ("title", _TEXT),
        ("description", _TEXT),
        ("source", _TEXT),
        ("credentials", {"type": "object", "additionalProperties": _credential_schema()}),
        ("clock", _clock_schema()),
        ("nonce", _nonce_schema()),
        ("inputs", {"type": "object", "additionalProperties": _input_schema()}),
        ("session", _session_schema()),
        ("steps", {**_NAMED_EXPRESSIONS, "required": ["canonical", "signature"]}),
        *((str(wire), use) for wire in SignedWire),
        ("vectors", _vectors_schema()),
    ]


def _credential_schema() -> dict[str, JsonValue]:
    return _closed({"decode": _one_of(Decoding), "secret": {"type": "boolean"}, **_described()})


def _clock_schema() -> dict[str, JsonValue]:
    return _closed(
        {
            "format": _one_of(TimeFormat),
            "kind": _one_of(TimeKind),
            "window_ms": _COUNT,
            "future_ms": _COUNT,
            "lifetime_ms": _COUNT,
        },
        ["format"],
    )


def _nonce_schema() -> dict[str, JsonValue]:
    return _closed(
        {
            "kind": _one_of(NonceKind),
            "bytes": _COUNT,
            "encoding": {"enum": ["hex", "base64", "base64url"]},
            "format": _one_of(TimeFormat),
        }
    )


def _input_schema() -> dict[str, JsonValue]:
    return _closed(
        {
            "type": _one_of(ValueType),
            "from": _one_of(InputSource),
            "default": _TEXT,
            **_described(),
        }
    )


def _session_schema() -> dict[str, JsonValue]:
    lifetime: JsonValue = {"type": "integer", "minimum": 1}
    arguments: JsonValue = {"type": "object", "additionalProperties": {"type": _SCALARS}}
    call: dict[str, JsonValue] = {"operation": _TEXT, "with": arguments}
    return _closed(
        {
            "open": _closed(call, ["operation"]),
            "gives": {"type": "object", "additionalProperties": _TEXT},
            "per": {"const": "request"},
            "server": _closed(
                {"field": _TEXT, "hosts": {"type": "array", "items": _TEXT, "minItems": 1}},
                ["field", "hosts"],
            ),
            "lifetime_ms": lifetime,
            "expires_in": _closed({"field": _TEXT, "unit": _one_of(SpanUnit)}, ["field"]),
            "expires_at": _closed(
                {"field": _TEXT, "format": _one_of(InstantFormat)}, ["field", "format"]
            ),
            "refresh": _closed({**call, "every_ms": lifetime}, ["operation"]),
            "close": _closed(call, ["operation"]),
            "ended_by": _closed(
                {
                    "statuses": {
                        "type": "array",
                        "items": {"type": "integer", "minimum": 400, "maximum": 499},
                    },
                    "codes": {"type": "array", "items": {"type": ["string", "integer"]}},
                    "messages": {"type": "array", "items": _TEXT},
                }
            ),
        },
        ["open", "gives"],
    )


def _use_schema() -> dict[str, JsonValue]:
    placement = _closed(
        {**{str(slot): {"type": ["string", "integer"]} for slot in Slot}, "value": _EXPRESSION},
        ["value"],
    )
    return _closed(
        {
            "per": _one_of(Moment),
            "operation": _TEXT,
            "with": _NAMED_EXPRESSIONS,
            "placement": {"type": "array", "items": placement},
        }
    )


def _vectors_schema() -> dict[str, JsonValue]:
    vector: JsonValue = {
        "type": "object",
        "required": ["id", "inputs", "expected"],
        "properties": {
            "id": _TEXT,
            "scheme": _TEXT,
            "secret": {"type": ["string", "null"]},
            "inputs": {"type": "object"},
            "string_to_sign": {"type": ["string", "null"]},
            "expected": True,
            "verified": {"type": "boolean"},
        },
    }
    reference: JsonValue = _closed({"$ref": _TEXT}, ["$ref"])
    return {"oneOf": [{"type": "array", "items": vector}, reference]}


def _operator_schema(row: Operator) -> dict[str, JsonValue]:
    arguments = {parameter.name: _argument_schema(parameter) for parameter in row.parameters}
    required = [parameter.name for parameter in row.parameters if parameter.is_required]
    whole = _closed(dict(arguments), list(required))
    first = arguments[row.parameters[0].name]
    argument: JsonValue = whole
    if row.is_short:
        argument = first
    elif len(required) == 1:
        argument = {"anyOf": [whole, first]}
    return {"description": row.summary, **_closed({row.name: argument}, [row.name])}


def _argument_schema(parameter: OperatorParameter) -> JsonValue:
    match parameter.kind:
        case ParameterKind.EXPRESSION:
            return _EXPRESSION
        case ParameterKind.EXPRESSIONS:
            return {"type": "array", "items": _EXPRESSION, "minItems": 1}
        case ParameterKind.MEMBERS:
            return _NAMED_EXPRESSIONS
        case ParameterKind.LITERAL:
            return _TEXT
        case ParameterKind.INTEGER:
            return _COUNT
        case ParameterKind.CHOICE:
            return {"enum": list(parameter.options)}
        case ParameterKind.NAMES:
            return {"type": "array", "items": _TEXT}
        case ParameterKind.STRUCT_TYPES:
            fields: JsonValue = {"type": "object", "additionalProperties": _TEXT}
            return {"type": "object", "additionalProperties": fields, "minProperties": 1}


def _closed(
    properties: dict[str, JsonValue], required: list[str] | None = None
) -> dict[str, JsonValue]:
    schema: dict[str, JsonValue] = {"type": "object", "properties": properties}
    if required:
        schema["required"] = list(required)
    schema["patternProperties"] = {"^x-": True}
    schema["additionalProperties"] = False
    return schema


def _one_of(kind: type[StrEnum]) -> dict[str, JsonValue]:
    return {"enum": [str(option) for option in kind]}


def _described() -> dict[str, JsonValue]:
    return {"description": _TEXT}
