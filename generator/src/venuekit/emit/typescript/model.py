"""What the views of all files look up: names, directions and coercions of one contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from venuekit.contract import (
    Action,
    ChannelBinding,
    Contract,
    FixBinding,
    HttpBinding,
    NullableSchema,
    ObjectSchema,
    Operation,
    RefSchema,
    Schema,
    StringSchema,
    UnionSchema,
    WebhookBinding,
)
from venuekit.contract.walk import all_schemas, referred
from venuekit.emit.ledger import known_schemas, note_set, noted_flag
from venuekit.emit.lock.namer import Namer
from venuekit.emit.media_types import media_kind
from venuekit.emit.naming import assign
from venuekit.emit.schema_naming import SchemaNames, is_composite, name_schemas
from venuekit.emit.typescript.kinds import LOSSY, TYPES, Way, kind_of
from venuekit.emit.typescript.names import MODULE_NAMES, property_names
from venuekit.emit.typescript.traits import Reached, Trait, has_members_of_a_direction

MULTIPART = "multipart/form-data"
"""The multipart type that is written: named parts (RFC 7578)."""


@dataclass(frozen=True, slots=True)
class Model:
    """One contract with everything that is derived from it once."""

    contract: Contract
    names: SchemaNames
    inputs: Mapping[str, str]
    """Name of a schema that looks another way to a sender: the type that senders use."""
    differs: Trait
    sent: Reached
    received: Reached
    uploads: Reached
    """What multipart bodies hold: there, binary text is a file."""
    coerced: Trait
    properties: Mapping[int, Mapping[str, str]]

    def is_file(self, schema: Schema) -> bool:
        """True for binary text in a multipart body (OpenAPI 3.0, 4.7.14.2; 3.1, 4.8.14.2)."""
        return _is_file(schema, self.uploads)

    def type_name(self, name: str, schema: Schema, way: Way) -> str:
        """Return the type of a schema that has a name, for one direction."""
        return self.inputs.get(name, name) if way == "in" and self.differs.of(schema) else name

    def property(self, schema: ObjectSchema, wire: str) -> str:
        """Return the property under which a field of an object stands."""
        return self.properties[id(schema)][wire]

    def resolve(self, schema: Schema) -> Schema:
        """Follow references, not nullability."""
        return referred(self.contract, schema)

    def shape(self, schema: Schema) -> Schema:
        """Follow references and nullability to the shape itself."""
        seen: set[str] = set()
        while True:
            if isinstance(schema, NullableSchema):
                schema = schema.inner
            elif isinstance(schema, RefSchema) and schema.name not in seen:
                seen.add(schema.name)
                schema = self.contract.schemas[schema.name].schema
            else:
                return schema


def make_model(
    contract: Contract, reserved: frozenset[str] = MODULE_NAMES, namer: Namer | None = None
) -> Model:
    """Derive the model of a contract, in time linear to its size."""
    names = name_schemas(contract, is_composite, reserved, namer)
    every = tuple(all_schemas(contract))
    properties = _properties(contract, every, names, namer or Namer("", None))
    is_lossy = any(kind_of(schema) in LOSSY for schema in every)
    has_lossy = noted_flag("lossy", is_lossy)
    uploads = _reached("uploads", contract, uploaded_schemas(contract))
    differs = Trait(contract, lambda schema: _differs(schema) or _is_file(schema, uploads))
    sent = _reached("sent", contract, sent_schemas(contract))
    received = _reached("received", contract, received_schemas(contract))
    return Model(
        contract=contract,
        names=names,
        inputs=_input_names(contract, every, names, differs, sent, received, reserved),
        differs=differs,
        sent=sent,
        received=received,
        uploads=uploads,
        coerced=Trait(contract, lambda schema: _is_coerced(schema, properties, has_lossy)),
        properties=properties,
    )


def _reached(space: str, contract: Contract, starts: Iterable[Schema]) -> Reached:
    reached = Reached(contract, [*starts, *known_schemas(space, contract).values()])
    reached.named |= known_schemas(space, contract).keys()
    note_set(space, reached.named)
    return reached


def _properties(
    contract: Contract, every: Sequence[Schema], names: SchemaNames, namer: Namer
) -> dict[int, Mapping[str, str]]:
    """Return the properties of every object, kept by the lock where the object has a name."""
    keys: dict[int, str | int] = {key: key for key in names.inline}
    keys |= {id(entry.schema): key for key, entry in contract.schemas.items()}
    found: dict[int, Mapping[str, str]] = {}
    for schema in every:
        if isinstance(schema, ObjectSchema) and id(schema) not in found:
            wires = [field.name for field in schema.fields]
            found[id(schema)] = namer.members(keys.get(id(schema)), wires, property_names)
    return found


def sent_schemas(contract: Contract) -> Iterator[Schema]:
    """Yield what a client sends."""
    for operation in contract.operations:
        match operation.binding:
            case HttpBinding(parameters=parameters, body=body):
                yield from (parameter.schema for parameter in parameters)
                for content in body.contents if body else ():
                    if content.schema is not None:
                        yield content.schema
            case ChannelBinding(messages=keys) | FixBinding(messages=keys):
                if operation.action is not Action.RECEIVE:
                    yield from _payloads(contract, keys)


def uploaded_schemas(contract: Contract) -> Iterator[Schema]:
    """Yield what clients send as `multipart/form-data`."""
    for operation in contract.operations:
        binding = operation.binding
        if isinstance(binding, HttpBinding) and binding.body is not None:
            for content in binding.body.contents:
                if content.schema is not None and media_kind(content.media_type) == MULTIPART:
                    yield content.schema


def _is_file(schema: Schema, uploads: Reached) -> bool:
    is_binary = isinstance(schema, StringSchema) and (
        schema.format == "binary"
        or (schema.content_media_type is not None and schema.content_encoding is None)
    )
    return is_binary and schema in uploads


def received_schemas(contract: Contract) -> Iterator[Schema]:
    """Yield what a client gets."""
    for operation in contract.operations:
        match operation.binding:
            case HttpBinding(responses=responses):
                for response in responses:
                    yield from (c.schema for c in response.contents if c.schema is not None)
                    yield from (header.schema for header in response.headers)
            case WebhookBinding(body=body):
                for content in body.contents if body else ():
                    if content.schema is not None:
                        yield content.schema
            case ChannelBinding() | FixBinding():
                yield from _payloads(contract, received_messages(operation))


def received_messages(operation: Operation) -> tuple[str, ...]:
    """Return the keys of the messages that an operation over a channel brings."""
    match operation.binding:
        case ChannelBinding(messages=keys, reply=reply) | FixBinding(messages=keys, reply=reply):
            answers = reply.messages if reply is not None else ()
            return (*keys, *answers) if operation.action is Action.RECEIVE else answers
        case _:
            return ()


def _payloads(contract: Contract, keys: tuple[str, ...]) -> Iterator[Schema]:
    for key in keys:
        payload = contract.messages[key].payload
        if payload is not None:
            yield payload


def _differs(schema: Schema) -> bool:
    kind = kind_of(schema)
    given, got = TYPES[kind] if kind != "plain" else ("", "")
    return given != got or has_members_of_a_direction(schema)


def _is_coerced(
    schema: Schema, properties: Mapping[int, Mapping[str, str]], has_lossy: bool
) -> bool:
    kind = kind_of(schema)
    if kind != "plain":
        return kind != "number" or has_lossy
    if isinstance(schema, UnionSchema):
        return schema.discriminator is not None
    if isinstance(schema, ObjectSchema):
        return any(wire != name for wire, name in properties[id(schema)].items())
    return False


def _input_names(
    contract: Contract,
    every: Sequence[Schema],
    names: SchemaNames,
    differs: Trait,
    sent: Reached,
    received: Reached,
    reserved: frozenset[str],
) -> dict[str, str]:
    """Name the sender's form of each schema that is both sent and received and differs."""
    both: list[str] = []
    for key, entry in contract.schemas.items():
        if key in sent.named and key in received.named and differs.of(entry.schema):
            both.append(names.named[key])
    for schema in every:
        name = names.of(schema)
        if name and schema in sent and schema in received and differs.of(schema):
            both.append(name)
    taken = {*reserved, *names.named.values(), *names.inline.values()}
    unique = dict.fromkeys(both)
    rows = ((name, (f"{name}Input", f"{name}Sent")) for name in unique)
    return assign(rows, taken, "senders")
