"""What a method of an emitted TypeScript signer computes, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from venuekit.contract.signing import (
    Call,
    Credential,
    Decoding,
    Expression,
    Input,
    InputSource,
    Placement,
    SigningScheme,
    Slot,
    Step,
    Use,
    ValueType,
    children,
)
from venuekit.emit.naming import camel
from venuekit.emit.signing.typescript_language import TypeScriptLanguage, script_quoted
from venuekit.emit.signing.views import PLACERS, is_needed, settings
from venuekit.emit.signing.writer import Writer
from venuekit.signing.hmac_keys import prepared_hmac_keys
from venuekit.signing.plan import Plan, is_optional, references, used_inputs

_PARTS = {
    Decoding.TEXT: ("crypto.textPart", "string"),
    Decoding.UTF8: ("crypto.utf8Part", "Uint8Array"),
    Decoding.BASE64: ("crypto.base64Part", "Uint8Array"),
    Decoding.BASE64URL: ("crypto.base64urlPart", "Uint8Array"),
    Decoding.HEX: ("crypto.hexPart", "Uint8Array"),
    Decoding.ED25519: ("crypto.ed25519Part", "crypto.Ed25519Key"),
    Decoding.RSA: ("crypto.rsaPart", "crypto.RsaKey"),
    Decoding.P256: ("crypto.p256Part", "crypto.P256Key"),
    Decoding.SECP256K1: ("ethereum.secp256k1Part", "ethereum.Secp256k1Key"),
}
_INPUT_TYPES = {
    ValueType.TEXT: "string",
    ValueType.BYTES: "crypto.Data",
    ValueType.NUMBER: "number | bigint",
    ValueType.LIST: "crypto.Pairs",
    ValueType.VALUE: "unknown",
}
_LONGEST = 100
_TAKEN = frozenset(("draft", "trace", "crypto", "ethereum", "default", "delete", "new", "class"))


def prose(text: str) -> str:
    """Return a title as it stands inside of a comment."""
    return " ".join(text.split()).replace("*/", "* /").rstrip(".")


def declared_parts(
    scheme: SigningScheme, credentials: Iterable[Credential], read: frozenset[str]
) -> Iterable[str]:
    """Yield the fields that hold the credentials and settings that a class reads."""
    keys = prepared_hmac_keys(scheme)
    for part in credentials:
        if part.name in read:
            kind = "crypto.HmacKey" if part.name in keys else _PARTS[part.decoding][1]
            yield f"readonly #{camel(part.name)}: {kind};"
    for item in settings(scheme):
        if item.name in read:
            yield f"readonly #{camel(item.name)}: {_INPUT_TYPES[item.type]};"


def prepared_parts(
    scheme: SigningScheme, credentials: Iterable[Credential], read: frozenset[str]
) -> Iterable[str]:
    """Yield the lines that decode credentials, and take the settings that a class reads."""
    keys, label = prepared_hmac_keys(scheme), script_quoted(scheme.name)
    for part in credentials:
        text = f"{_PARTS[part.decoding][0]}({label}, parts, {script_quoted(part.name)})"
        if part.name in keys:
            text = f"new crypto.HmacKey({script_quoted(keys[part.name])}, {text})"
        target = f"this.#{camel(part.name)} = " if part.name in read else ""
        yield f"{target}{text};"
    for item in settings(scheme):
        if item.name in read:
            value = f"parts[{script_quoted(item.name)}] ?? {script_quoted(item.default or '')}"
            yield f"this.#{camel(item.name)} = {converted(item, value, is_setting=True)};"


def method_lines(
    scheme: SigningScheme, steps: Plan, names: Mapping[str, str], is_async: bool
) -> Iterable[str]:
    """Yield what a method computes and writes into its draft."""
    language = TypeScriptLanguage(frozenset(prepared_hmac_keys(scheme)), is_async)
    writer = Writer(scheme, language, names)
    for item in scheme.inputs:
        if item.source is not InputSource.SETTING and item.name in used_inputs(scheme, steps.use):
            fallback = "" if is_needed(scheme, item) else f", {script_quoted(item.default or '')}"
            given = f"crypto.given(draft.inputs, {script_quoted(item.name)}{fallback})"
            yield f"const {local_name(item.name)} = {converted(item, given)};"
    read = read_names(steps)
    for name, expression in steps.use.bindings:
        if name in read:
            yield f"const {local_name(name)} = {writer.write(expression).text};"
    for action in steps.actions:
        if isinstance(action, Step):
            yield from _step_lines(writer, action)
        else:
            yield from _placement_lines(writer, action)


def _step_lines(writer: Writer, step: Step) -> Iterable[str]:
    """Yield a step; a join that does not fit stands with one part to a line."""
    text = writer.write(step.expression).text
    line = f"const {local_name(step.name)} = {text};"
    call = step.expression
    if len(line) + 4 <= _LONGEST or not (isinstance(call, Call) and call.operator == "join"):
        yield line
        return
    yield f"const {local_name(step.name)} = {text.partition('[')[0]}["
    for part in children(call.argument("parts")):
        yield f"  {writer.write(part).text},"
    yield f"]{text[text.rindex(']') + 1 :]};"


def read_names(steps: Plan) -> frozenset[str]:
    """Return the names that the actions of a use refer to."""
    return frozenset().union(*(references(_expression(action)) for action in steps.actions))


def _expression(action: Step | Placement) -> Expression:
    return action.expression if isinstance(action, Step) else action.value


def _placement_lines(writer: Writer, placement: Placement) -> Iterable[str]:
    value = writer.write(placement.value).text
    placer = f"draft.{camel(PLACERS[placement.slot])}"
    name = script_quoted(placement.name)
    if placement.slot is Slot.BODY:
        yield f"draft.body = {value};"
        return
    if not is_optional(writer.scheme, placement):
        yield f"{placer}({name}, {value});"
        return
    # Two optional placements must not declare one name, so each stands in a block of its own.
    yield "{"
    yield f"  const optional = {value};"
    yield f"  if (optional.length > 0) {placer}({name}, optional);"
    yield "}"


def converted(item: Input, text: str, is_setting: bool = False) -> str:
    """Return the text of an input that was given, in the type that it has."""
    match item.type:
        case ValueType.TEXT:
            return text if is_setting else f"crypto.asText({text})"
        case ValueType.BYTES:
            return text if is_setting else f"crypto.asText({text})"
        case ValueType.NUMBER:
            return f"crypto.number(crypto.asText({text}))"
        case ValueType.LIST:
            return f"crypto.pairs({text})"
        case _:
            return text


def spelled_names(scheme: SigningScheme, use: Use) -> dict[str, str]:
    """Return how each reference is spelled in a method."""
    names = {
        name: f"draft.{name}"
        for name in ("method", "host", "path", "query", "target", "body", "headers", "tags")
    }
    names["message"] = "draft.members"
    names |= {part.name: f"this.#{camel(part.name)}" for part in scheme.credentials}
    for item in scheme.inputs:
        is_setting = item.source is InputSource.SETTING
        names[item.name] = f"this.#{camel(item.name)}" if is_setting else local_name(item.name)
    names |= {"timestamp": "timestamp", "nonce": "nonce"}
    names |= {step.name: local_name(step.name) for step in scheme.steps}
    names |= {name: local_name(name) for name, _ in use.bindings}
    return names


def local_name(name: str) -> str:
    """Return a name that hides nothing else in the method."""
    spelled = camel(name)
    return f"{spelled}_" if spelled in _TAKEN or not re.match(r"[A-Za-z_]", spelled) else spelled
