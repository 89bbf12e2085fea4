"""Walks over a contract: every schema, field and operation input, each node once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never, get_args

from venuekit.contract.contract import Contract
from venuekit.contract.operation import (
    ChannelBinding,
    FixBinding,
    HttpBinding,
    Operation,
    WebhookBinding,
)
from venuekit.contract.schema import (
    AnySchema,
    ArraySchema,
    BooleanSchema,
    ConstSchema,
    DecimalSchema,
    EnumSchema,
    Field,
    IntegerSchema,
    NeverSchema,
    NullableSchema,
    NullSchema,
    NumberSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    StringSchema,
    TimestampSchema,
    TupleSchema,
    UnionSchema,
)
from venuekit.contract.security import SignedScheme
from venuekit.contract.session import Session
from venuekit.contract.signing import SigningScheme

_LEAVES = frozenset(get_args(Schema)) - {
    ArraySchema,
    TupleSchema,
    ObjectSchema,
    UnionSchema,
    NullableSchema,
}
"""The kinds of schemas that hold no other one; most schemas of a contract are of these."""


def is_leaf(schema: Schema) -> bool:
    """Say whether a schema is of a kind that holds no other one; references are."""
    return type(schema) in _LEAVES


def children(schema: Schema) -> Sequence[Schema]:
    """Return the schemas directly inside one schema; a reference has none."""
    if type(schema) in _LEAVES:
        return ()
    match schema:
        case ObjectSchema(fields=fields, additional=additional, patterns=patterns):
            found = [field.schema for field in fields]
            if additional is not None:
                found.append(additional)
            if patterns:
                found += [inner for _pattern, inner in patterns]
            return found
        case ArraySchema(items=items):
            return (items,)
        case TupleSchema(items=parts, rest=rest):
            return parts if rest is None else (*parts, rest)
        case UnionSchema(variants=variants):
            return variants
        case NullableSchema(inner=inner):
            return (inner,)
        case (
            AnySchema()
            | NeverSchema()
            | NullSchema()
            | BooleanSchema()
            | IntegerSchema()
            | NumberSchema()
            | DecimalSchema()
            | TimestampSchema()
            | StringSchema()
            | ConstSchema()
            | EnumSchema()
            | RefSchema()
        ):
            return ()
        case _:
            assert_never(schema)


def descend(schema: Schema) -> Iterator[Schema]:
    """Yield a schema and everything inside it, depth first; references are not followed."""
    stack = [schema]
    while stack:
        node = stack.pop()
        yield node
        if type(node) not in _LEAVES:
            stack += children(node)[::-1]


def operation_schemas(operation: Operation) -> Iterator[Schema]:
    """Yield the top schemas that stand in an operation itself (not in its messages)."""
    match operation.binding:
        case HttpBinding() | WebhookBinding() as binding:
            parameters, body, responses = binding.parameters, binding.body, binding.responses
            yield from (parameter.schema for parameter in parameters)
            contents = list(body.contents) if body is not None else []
            for response in responses:
                contents.extend(response.contents)
                yield from (header.schema for header in response.headers)
            yield from (c.schema for c in contents if c.schema is not None)
        case ChannelBinding() | FixBinding():
            return
        case _:
            assert_never(operation.binding)


def top_schemas(contract: Contract) -> Iterator[Schema]:
    """Yield every schema that is not inside another one."""
    for named in contract.schemas.values():
        yield named.schema
    for operation in contract.operations:
        yield from operation_schemas(operation)
    for channel in contract.channels.values():
        yield from (parameter.schema for parameter in channel.parameters)
        yield from (s for s in (channel.query, channel.headers) if s is not None)
    for message in contract.messages.values():
        yield from (s for s in (message.payload, message.headers) if s is not None)


def all_schemas(contract: Contract) -> Iterator[Schema]:
    """Yield every schema of a contract."""
    for top in top_schemas(contract):
        yield from descend(top)


def all_fields(contract: Contract) -> Iterator[Field]:
    """Yield every field of every object."""
    for schema in all_schemas(contract):
        if isinstance(schema, ObjectSchema):
            yield from schema.fields


def referred(contract: Contract, schema: Schema) -> Schema:
    """Follow references, not nullability; a cycle of bare references ends at its first one."""
    seen: set[str] = set()
    while isinstance(schema, RefSchema) and schema.name not in seen:
        seen.add(schema.name)
        schema = contract.schemas[schema.name].schema
    return schema


def resolve(contract: Contract, schema: Schema) -> Schema:
    """Follow references and nullability to the shape itself; a cycle ends at its first ref."""
    seen: set[str] = set()
    while True:
        match schema:
            case NullableSchema(inner=inner):
                schema = inner
            case RefSchema(name=name) if name not in seen:
                seen.add(name)
                schema = contract.schemas[name].schema
            case _:
                return schema


def request_fields(contract: Contract, operation: Operation) -> Iterator[Field]:
    """Yield the fields that a client fills in: of the body, or of the messages it sends.

    A WebSocket frame often wraps its parameters (`{"op": ..., "params": {...}}`), so the
    fields of objects directly inside a message count as well.
    """
    match operation.binding:
        case HttpBinding(body=body):
            contents = body.contents if body is not None else ()
            for content in contents:
                if content.schema is not None:
                    yield from _fields(contract, content.schema)
        case ChannelBinding(messages=keys) | FixBinding(messages=keys):
            for key in keys:
                payload = contract.messages[key].payload
                if payload is None:
                    continue
                for field in _fields(contract, payload):
                    yield field
                    yield from _fields(contract, field.schema)
        case WebhookBinding():
            return
        case _:
            assert_never(operation.binding)


def _fields(contract: Contract, schema: Schema) -> Iterator[Field]:
    shape = resolve(contract, schema)
    if isinstance(shape, ObjectSchema):
        yield from shape.fields


def signing_schemes(contract: Contract) -> Iterator[SigningScheme]:
    """Yield the schemes of a contract by which requests are signed."""
    for scheme in contract.security_schemes.values():
        if isinstance(scheme, SignedScheme) and scheme.signing.is_signed:
            yield scheme.signing


def session_schemes(contract: Contract) -> Iterator[tuple[SigningScheme, Session]]:
    """Yield the schemes of a contract that have a session, with it."""
    for scheme in contract.security_schemes.values():
        if isinstance(scheme, SignedScheme) and scheme.signing.session is not None:
            yield scheme.signing, scheme.signing.session
