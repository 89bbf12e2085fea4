"""What a method of an emitted Python signer computes, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby

from venuekit.contract.signing import (
    Call,
    Credential,
    Decoding,
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
from venuekit.emit.signing.python_language import PythonLanguage, double_quoted
from venuekit.emit.signing.views import PLACERS, is_needed
from venuekit.emit.signing.writer import Writer
from venuekit.signing.hmac_keys import prepared_hmac_keys
from venuekit.signing.plan import Plan, is_optional, used_inputs

_PART_FUNCTIONS = {
    Decoding.TEXT: "crypto.text_part",
    Decoding.UTF8: "crypto.utf8_part",
    Decoding.BASE64: "crypto.base64_part",
    Decoding.BASE64URL: "crypto.base64url_part",
    Decoding.HEX: "crypto.hex_part",
    Decoding.ED25519: "crypto_keys.ed25519_part",
    Decoding.RSA: "crypto_keys.rsa_part",
    Decoding.P256: "crypto_keys.p256_part",
    Decoding.SECP256K1: "crypto_keys.secp256k1_part",
}
_LONGEST = 100
_INDENT = 8
_REQUEST_NAMES = {
    "method": "draft.method",
    "host": "draft.host",
    "path": "draft.path",
    "query": "draft.query",
    "target": "draft.target",
    "body": "draft.body",
    "headers": "draft.headers",
    "message": "draft.members",
    "tags": "draft.tags",
}


def prose(text: str) -> str:
    """Return a title as it stands inside of a docstring."""
    return " ".join(text.split()).replace("\\", "\\\\").replace('"""', "'''").rstrip(".")


def part_line(scheme: SigningScheme, part: Credential) -> str:
    """Return the line that decodes a part of the credentials."""
    keys, label = prepared_hmac_keys(scheme), double_quoted(scheme.name)
    text = f"{_PART_FUNCTIONS[part.decoding]}({label}, parts, {double_quoted(part.name)})"
    if part.name in keys:
        text = f"crypto.HmacKey({double_quoted(keys[part.name])}, {text})"
    return f"self._{part.name} = {text}"


def setting_line(scheme: SigningScheme, item: Input) -> str:
    """Return the line that takes what the user sets once."""
    label, default = double_quoted(scheme.name), double_quoted(item.default or "")
    text = f"crypto.optional_part({label}, parts, {double_quoted(item.name)}, {default})"
    return f"self._{item.name} = {converted(item, text)}"


def method_lines(scheme: SigningScheme, steps: Plan, names: Mapping[str, str]) -> Iterable[str]:
    """Yield what a method computes and writes into its draft."""
    writer = Writer(scheme, PythonLanguage(frozenset(prepared_hmac_keys(scheme))), names)
    for item in scheme.inputs:
        if item.source is not InputSource.SETTING and item.name in used_inputs(scheme, steps.use):
            fallback = "" if is_needed(scheme, item) else f", {double_quoted(item.default or '')}"
            given = f"crypto.given(draft.inputs, {double_quoted(item.name)}{fallback})"
            yield f"{local_name(item.name)} = {converted(item, given)}"
    for name, expression in steps.use.bindings:
        written = writer.write(expression)
        yield f"{local_name(name)} = {written.bytes if name == 'body' else written.text}"
    for is_headers, actions in groupby(steps.actions, partial(_is_certain_header, scheme)):
        if is_headers:
            yield from _header_lines(writer, [a for a in actions if isinstance(a, Placement)])
            continue
        for action in actions:
            if isinstance(action, Step):
                yield from _step_lines(writer, action)
            else:
                yield from _placement_lines(writer, action)


def _is_certain_header(scheme: SigningScheme, action: Step | Placement) -> bool:
    if not isinstance(action, Placement) or action.slot is not Slot.HEADER:
        return False
    return not is_optional(scheme, action)


def _header_lines(writer: Writer, placements: Sequence[Placement]) -> Iterable[str]:
    """Yield headers that stand one after the other; adding them at once costs a third."""
    items = [
        f"({double_quoted(placement.name)}, {writer.write(placement.value)})"
        for placement in placements
    ]
    if len(items) == 1:
        yield f"draft.add_header{items[0]}"
        return
    yield "draft.add_headers("
    for item in items:
        yield f"    {item},"
    yield ")"


def _step_lines(writer: Writer, step: Step) -> Iterable[str]:
    """Yield a step; a join that does not fit stands with one part to a line."""
    text = writer.write(step.expression).text
    line = f"{local_name(step.name)} = {text}"
    call = step.expression
    if len(line) + _INDENT <= _LONGEST or not (isinstance(call, Call) and call.operator == "join"):
        yield line
        return
    start, _, _ = text.partition(".join(")
    yield f"{local_name(step.name)} = {start}.join("
    yield "    ("
    for part in children(call.argument("parts")):
        written = writer.write(part)
        yield f"        {written.text if step.type is ValueType.TEXT else written.bytes},"
    yield "    )"
    yield ")"


def _placement_lines(writer: Writer, placement: Placement) -> Iterable[str]:
    value = writer.write(placement.value).text
    name = double_quoted(placement.name)
    if placement.slot is Slot.BODY:
        yield f"draft.body = {writer.write(placement.value).bytes}"
        return
    if not is_optional(writer.scheme, placement):
        yield f"draft.{PLACERS[placement.slot]}({name}, {value})"
        return
    yield f"optional = {value}"
    yield "if optional:"
    yield f"    draft.{PLACERS[placement.slot]}({name}, optional)"


def converted(item: Input, text: str) -> str:
    """Return the text of an input that was given, in the type that it has."""
    match item.type:
        case ValueType.TEXT:
            return text if "optional_part" in text else f"crypto_values.as_text({text})"
        case ValueType.BYTES:
            return f"crypto.raw({text})"
        case ValueType.NUMBER:
            return f"crypto_values.number(crypto_values.as_text({text}))"
        case ValueType.LIST:
            return f"crypto_values.pairs({text})"
        case _:
            return text


def spelled_names(scheme: SigningScheme, use: Use) -> dict[str, str]:
    """Return how each reference is spelled in a method."""
    names = dict(_REQUEST_NAMES)
    names |= {part.name: f"self._{part.name}" for part in scheme.credentials}
    for item in scheme.inputs:
        is_setting = item.source is InputSource.SETTING
        names[item.name] = f"self._{item.name}" if is_setting else local_name(item.name)
    names |= {"timestamp": "timestamp", "nonce": "nonce"}
    names |= {step.name: local_name(step.name) for step in scheme.steps}
    names |= {name: local_name(name) for name, _ in use.bindings}
    return names


_TAKEN = frozenset(("draft", "self", "crypto", "hashlib", "trace", "str", "hash", "lambda", "pass"))


def local_name(name: str) -> str:
    """Return a name that hides nothing else in the method."""
    return f"{name}_" if name in _TAKEN else name
