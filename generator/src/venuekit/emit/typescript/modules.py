"""The modules of schemas: `types.ts`, `schemas.ts`, `errors.ts`, and FIX's dictionary."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from venuekit.contract import Contract, ErrorCode, ObjectSchema, Schema
from venuekit.emit.aside import Texts
from venuekit.emit.typescript.fix import (
    fix_operations,
    messages_table,
    operations_table,
    session_table,
)
from venuekit.emit.typescript.kept import (
    input_formers,
    schema_formers,
    type_aliases,
    value_aliases,
)
from venuekit.emit.typescript.kinds import Way
from venuekit.emit.typescript.model import Model
from venuekit.emit.typescript.rest import Call
from venuekit.emit.typescript.shapes import ShapeWriter, is_tabled
from venuekit.emit.typescript.text import Value, assignment, doc, literal, member, one_line, string
from venuekit.emit.typescript.types import TypeWriter, named_schemas, schema_doc
from venuekit.emit.typescript.views import BlocksView

RUNTIME = '"@venuekit/runtime"'
_TAKEN_FROM_RUNTIME = ("Decimal", "DecimalInput", "FileInput", "Unknown")


def head(words: str, *imports: str) -> str:
    """Return what stands at the top of a module: what it is, and what it takes from where."""
    return "\n".join((f"/** {one_line(words)} */", *(("", *imports) if imports else ())))


def schema_texts(model: Model) -> Texts:
    """Return the text of all named schemas: `types`, `schemas`, and what `types` takes.

    The first are their declarations, the second a table for each whose values are turned, and the
    third the runtime's types in the first, with a space between them.
    """
    types, shapes = TypeWriter(model), ShapeWriter(model)
    declared, tables = [], []
    for name, schema in named_schemas(model):
        declared += _declare(name, schema, model, types)
        if is_tabled(model, schema):
            declaration = f"export const {name}: Schema"
            tables.append(assignment(declaration, shapes.table(schema)))
    text = _BETWEEN.join(declared)
    return {
        "types": text,
        "schemas": _BETWEEN.join(tables),
        "taken": " ".join(runtime_types(text)),
    }


_BETWEEN = "\n\n"
"""What stands between the blocks of a module."""


def types_view(
    model: Model,
    made: Texts,
    calls: Sequence[Call],
    formers: Mapping[str, tuple[str, ...]],
) -> tuple[BlocksView, int]:
    """Return `types.ts`, and how many of the contract's named schemas are declared in it."""
    blocks = [
        f"{call.input_doc}export type {call.input_name} = {call.input_type};"
        for call in calls
        if call.takes_input
    ]
    names = {*model.names.named.values(), *model.names.inline.values(), *model.inputs.values()}
    names |= {call.input_name for call in calls}
    blocks += type_aliases(
        pair
        for pair in (*schema_formers(formers, model.inputs), *input_formers(calls, names))
        if pair[0] not in names
    )
    if model.contract.messages:
        blocks.append(_messages(model, TypeWriter(model)))
    taken = {*made["taken"].split(), *runtime_types("\n".join(blocks))}
    used = [name for name in _TAKEN_FROM_RUNTIME if name in taken]
    imports = (f"import type {{ {', '.join(used)} }} from {RUNTIME};",) if used else ()
    return (
        BlocksView(
            head=head(
                "The contract's schemas, as types: all of them vanish when compiled.", *imports
            ),
            blocks=(made["types"], *blocks) if made["types"] else tuple(blocks),
        ),
        len(model.contract.schemas),
    )


def schemas_view(made: Texts) -> BlocksView:
    """Return `schemas.ts`: a table for each schema whose values are turned."""
    blocks = (made["schemas"],) if made["schemas"] else ()
    return BlocksView(
        head=head(
            "How values travel: the tables by which the runtime turns them.",
            f"import type {{ Schema }} from {RUNTIME};" if blocks else "export {};",
        ),
        blocks=blocks,
    )


def errors_view(
    contract: Contract, names: Mapping[str, str], formers: Mapping[str, tuple[str, ...]]
) -> BlocksView:
    """Return `errors.ts`: a class for each error code, and the table of all."""
    blocks = [_error(error, names[code]) for code, error in contract.errors.items()]
    pairs = [(old, name) for name, olds in formers.items() for old in olds]
    blocks += value_aliases(pairs, are_classes=True)
    classes = "".join(
        f"    {member(code)}: {names[code]},\n" for code in contract.errors if code != "__proto__"
    )
    body = f"{{\n{classes}  }}" if classes else "{}"
    blocks.append(
        "/** The class of each code. */\n"
        f"export const errorTable: ErrorTable = {{\n  ...NO_ERRORS,\n  classes: {body},\n}};"
    )
    taken = (
        "ApiError, type ErrorTable, NO_ERRORS" if contract.errors else "type ErrorTable, NO_ERRORS"
    )
    return BlocksView(
        head=head(
            "The errors of the contract, each with its cause and its cure.",
            f"import {{ {taken} }} from {RUNTIME};",
        ),
        blocks=tuple(blocks),
    )


def fix_view(contract: Contract) -> BlocksView | None:
    """Return `fix.ts`, the FIX operations and messages as data, or None without FIX."""
    if not fix_operations(contract):
        return None
    tables: tuple[tuple[str, str, Value], ...] = (
        ("sessions", "The FIX servers: version, header and trailer.", session_table(contract)),
        ("messages", "The FIX messages: MsgType (35) and members.", messages_table(contract)),
        ("operations", "The operations over FIX, by message.", operations_table(contract)),
    )
    return BlocksView(
        head=head("The contract's FIX dictionary, as data."),
        blocks=tuple(
            f"{doc([words])}export const {name} = {literal(table)} as const;"
            for name, words, table in tables
        ),
    )


def _declare(name: str, schema: Schema, model: Model, types: TypeWriter) -> list[str]:
    sender = model.inputs.get(name)
    if sender is None:
        way: Way = "out" if _is_received(model, schema) else "in"
        return [_declaration(name, schema, model, types, way)]
    return [
        _declaration(name, schema, model, types, "out"),
        _declaration(sender, schema, model, types, "in"),
    ]


def _is_received(model: Model, schema: Schema) -> bool:
    return schema in model.received or schema not in model.sent


def _declaration(name: str, schema: Schema, model: Model, types: TypeWriter, way: Way) -> str:
    comment = schema_doc(schema)
    if not isinstance(schema, ObjectSchema) or not schema.fields:
        return f"{comment}export type {name} = {types.body(schema, way)};"
    lines = [f"{comment}export interface {name} {{"]
    for field, text in types.fields(schema, way):
        lines.append(f"{schema_doc(field.schema, 2)}  {text}")
    if schema.is_open:
        lines.append("  readonly [name: string]: unknown;")
    return "\n".join([*lines, "}"])


def _messages(model: Model, types: TypeWriter) -> str:
    lines = [
        f"{doc(['The payload of every message of the contract.'])}export interface Messages {{"
    ]
    for key, message in model.contract.messages.items():
        text = "unknown"
        if message.payload is not None:
            way: Way = "out" if _is_received(model, message.payload) else "in"
            text = types.expression(message.payload, way)
        comment = doc([message.summary or message.title, message.description], 2)
        lines.append(f"{comment}  readonly {member(key)}: {text};")
    return "\n".join([*lines, "}"])


def runtime_types(text: str) -> list[str]:
    """Return the runtime's types that stand in a module's text outside of comments and literals."""
    code = re.sub(r"/\*\*.*?\*/", "", text, flags=re.DOTALL)
    code = re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', code)
    return [
        name
        for name in _TAKEN_FROM_RUNTIME
        if name in code and re.search(rf"(?<![\w.]){name}\b", code)
    ]


def _error(error: ErrorCode, name: str) -> str:
    comment = doc([error.cause, error.action])
    return (
        f"{comment}export class {name} extends ApiError {{\n"
        f"  static readonly code = {string(error.code)};\n"
        f"  static readonly retry = {string(error.retry.value)};\n"
        f"  override name = {string(name)};\n}}"
    )
