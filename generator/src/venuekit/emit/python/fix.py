"""FIX operations to descriptors: data for a session, because tags are facts and not code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from venuekit.contract import (
    Effect,
    EnumSchema,
    FixBinding,
    FixField,
    FixGroup,
    FixMember,
    Message,
    Operation,
    Presence,
    Wire,
)
from venuekit.emit.naming import snake
from venuekit.emit.python.context import Context
from venuekit.emit.python.frames import payload
from venuekit.emit.python.names import constant_names, identifier
from venuekit.emit.python.text import literal, tuple_text
from venuekit.emit.python.views import DescriptorView

Codes = Mapping[str, Mapping[str, str]]


def fix_messages(context: Context) -> list[DescriptorView]:
    """Return a descriptor of every message that has a FIX layout."""
    found = [m for m in context.contract.messages.values() if m.fix is not None]
    names = message_constants(context)
    return [_message(context, message, names[message.key]) for message in found]


def message_constants(context: Context) -> dict[str, str]:
    """Return the constant of each FIX message."""
    keys = [m.key for m in context.contract.messages.values() if m.fix is not None]
    return constant_names(keys, "_MESSAGE")


def fix_operations(context: Context) -> list[DescriptorView]:
    """Return a descriptor of every FIX operation."""
    names = message_constants(context)
    return [_operation(context, o, names) for o in context.operations(Wire.FIX)]


def _operation(context: Context, operation: Operation, names: dict[str, str]) -> DescriptorView:
    binding = operation.binding
    assert isinstance(binding, FixBinding)
    replies = binding.reply.messages if binding.reply is not None else ()
    effect = operation.effect or Effect.CREATE
    parts = [literal(operation.name), literal(str(operation.action)), literal(str(effect))]
    parts.append(tuple_text(names[key] for key in binding.messages))
    if replies:
        parts.append(tuple_text(names[key] for key in replies))
    key = operation.dedup_key
    if key is not None:
        argument = identifier(snake(key), key, frozenset())
        parts.append(f"dedup_key=DedupKey({literal(argument)}, {literal(key)}, True)")
    lines = "".join(f"    {part},\n" for part in parts)
    return DescriptorView(
        name=context.constants[operation.name],
        annotation="FixOperation",
        source=f"FixOperation(\n{lines})",
    )


def fix_sessions(context: Context) -> list[DescriptorView]:
    """Return a descriptor of every FIX server's session: its version, header, trailer, settings."""
    servers = [server for server in context.contract.servers if server.fix is not None]
    names = constant_names([server.key for server in servers], "_SESSION")
    found = []
    for server in servers:
        assert server.fix is not None
        session = server.fix
        pad = "        "
        source = (
            f"FixSession(\n    {literal(server.url)},\n    {literal(session.begin_string)},\n"
            f"    (\n{_members(session.header, pad, {})}    ),\n"
            f"    (\n{_members(session.trailer, pad, {})}    ),\n"
            f"    {_value(dict(session.settings))},\n)"
        )
        view = DescriptorView(name=names[server.key], annotation="FixSession", source=source)
        found.append(view)
    return found


def _value(value: object) -> str:
    """Return a JSON value as Python; a number with a fraction is written as its text."""
    match value:
        case dict():
            pairs = (f"{literal(str(key))}: {_value(item)}" for key, item in value.items())
            return "{" + ", ".join(pairs) + "}"
        case list() | tuple():
            return f"[{', '.join(_value(item) for item in value)}]"
        case bool() | int() | str() | None:
            return literal(value)
        case _:
            return literal(str(value))


def _domain_codes(context: Context, message: Message) -> dict[str, dict[str, str]]:
    """Return the codes that the domain's enums have in FIX, by the field that a tag carries."""
    found: dict[str, dict[str, str]] = {}
    schema = payload(context.types, message)
    for field in schema.fields if schema is not None else ():
        target = context.types.target(field.schema)
        if isinstance(target, EnumSchema) and target.fix_codes:
            found[field.name] = {code: word for word, code in target.fix_codes.items()}
    return found


def _message(context: Context, message: Message, name: str) -> DescriptorView:
    assert message.fix is not None
    members = _members(message.fix.members, "        ", _domain_codes(context, message))
    source = (
        f"FixMessage(\n    {literal(message.name)},\n    {literal(message.fix.msg_type)},\n"
        f"    (\n{members}    ),\n)"
    )
    return DescriptorView(name=name, annotation="FixMessage", source=source)


def _members(members: Sequence[FixMember], indent: str, codes: Codes) -> str:
    return "".join(f"{indent}{_member(member, indent, codes)},\n" for member in members)


def _member(member: FixMember, indent: str, codes: Codes) -> str:
    match member:
        case FixField():
            return _field(member, codes)
        case FixGroup():
            inner = _members(member.members, indent + "        ", codes)
            head = f"{member.count_tag}, {literal(member.name)}, {literal(str(member.presence))}"
            rest = f", source={literal(member.source)}" if member.source else ""
            rest += f", when={literal(member.when)}" if member.when else ""
            return f"FixGroup({head}, (\n{inner}{indent}    ){rest})"


def _field(member: FixField, codes: Codes) -> str:
    parts = [str(member.tag), literal(member.name)]
    if member.presence is not Presence.OPTIONAL:
        parts.append(literal(str(member.presence)))
    named = {
        "datatype": member.datatype,
        "source": member.source,
        "constant": member.constant,
        "when": member.when,
    }
    parts += [f"{key}={literal(value)}" for key, value in named.items() if value is not None]
    own = {code.value: code.meaning for code in member.codes} or codes.get(member.source or "", {})
    if own:
        pairs = tuple_text(f"({literal(code)}, {literal(word)})" for code, word in own.items())
        parts.append(f"codes={pairs}")
    return f"FixField({', '.join(parts)})"
