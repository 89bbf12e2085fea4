"""AsyncAPI is read from the client's side: channels, messages, operations, replies, FIX."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from venuekit.contract import (
    Action,
    ChannelBinding,
    ConstSchema,
    DecimalSchema,
    EnumSchema,
    FixBinding,
    FixField,
    FixGroup,
    IntegerSchema,
    ObjectSchema,
    Presence,
    StringSchema,
    TupleSchema,
    Wire,
)

HEAD = "asyncapi: 3.0.0\ninfo: {title: Venue, version: '1', tags: [{name: a, description: A}]}\n"
STREAM = (
    HEAD
    + """
defaultContentType: application/json
servers:
  main:
    host: '{region}.example.com:9443'
    pathname: /ws
    protocol: wss
    variables: {region: {default: eu}}
    security: [{$ref: '#/components/securitySchemes/key'}]
channels:
  book:
    address: book.{symbol}
    title: Book
    servers: [{$ref: '#/servers/main'}]
    parameters:
      symbol: {description: S, enum: [BTC, ETH], examples: [BTC]}
      depth: {$ref: '#/components/parameters/Depth'}
    messages:
      snapshot: {$ref: '#/components/messages/Book'}
      inline: {payload: {type: object, properties: {a: {type: string}}}}
    bindings: {ws: {query: {type: object, properties: {token: {type: string}}}}}
    x-stream:
      snapshot: snapshot
      delta: inline
      sequence: {rule: previous_equals_last, field: u, previous_field: pu}
      heartbeat_ms: 5000
      resume: snapshot
    x-mine: 1
  control:
    address: null
    messages:
      request: {$ref: '#/components/messages/Request'}
      answer: {$ref: '#/components/messages/Answer'}
operations:
  watch:
    action: send
    channel: {$ref: '#/channels/book'}
    tags: [{name: market}]
    traits: [{$ref: '#/components/operationTraits/Common'}]
  ask:
    action: receive
    channel: {$ref: '#/channels/control'}
    messages: [{$ref: '#/channels/control/messages/request'}]
    security: [{$ref: '#/components/securitySchemes/other'}]
    x-effect: create
    reply:
      channel: {$ref: '#/channels/control'}
      address: {location: '$message.header#/to'}
      messages: [{$ref: '#/channels/control/messages/answer'}]
  tell:
    action: receive
    channel: {$ref: '#/channels/control'}
    messages: [{$ref: '#/channels/control/messages/request'}]
components:
  parameters: {Depth: {default: '5'}}
  securitySchemes:
    key: {type: httpApiKey, in: query, name: k}
    other: {type: userPassword}
  operationTraits: {Common: {summary: From the trait, description: Trait}}
  messageTraits:
    Numbered:
      correlationId: {location: '$message.payload#/id'}
      headers: {type: object, properties: {seq: {type: integer}}}
      title: Of the trait
  messages:
    Book:
      name: bookSnapshot
      title: A book
      payload: {$ref: '#/components/schemas/Book'}
      examples: [{payload: {u: 1}}, {headers: {}}]
      x-event: book
    Request:
      traits: [{$ref: '#/components/messageTraits/Numbered'}]
      title: Own title
      headers: {type: object, properties: {to: {type: string}}}
      payload:
        schemaFormat: application/schema+json;version=draft-07
        schema:
          type: object
          properties: {pair: {type: array, items: [{type: string}, {type: integer}]}}
      contentType: application/cbor
    Answer: {payload: {type: object}}
  schemas:
    Book: {type: object, properties: {u: {type: integer}}}
"""
)


def test_channels(documents: Any) -> None:
    contract = documents.load(STREAM).contract
    book, control = contract.channels["book"], contract.channels["control"]
    assert (book.address, book.title, book.wire) == ("book.{symbol}", "Book", Wire.WEBSOCKET)
    assert book.messages == (("snapshot", "Book"), ("inline", "inline"))
    assert book.servers == ("main",)
    assert [(p.name, type(p.schema), p.examples) for p in book.parameters] == [
        ("symbol", EnumSchema, ("BTC",)),
        ("depth", StringSchema, ()),
    ]
    assert book.parameters[1].schema.notes.default == "5"
    assert book.query is not None
    assert isinstance(book.query, ObjectSchema)
    assert book.extensions == {"x-mine": 1}
    assert book.stream is not None
    assert (book.stream.snapshot, book.stream.delta) == ("snapshot", "inline")
    assert (book.stream.sequence_rule, book.stream.sequence_field) == ("previous_equals_last", "u")
    assert (book.stream.previous_field, book.stream.heartbeat_ms) == ("pu", 5000)
    assert control.address is None
    assert contract.tags == {"a": "A"}


def test_servers_and_security(documents: Any) -> None:
    contract = documents.load(STREAM).contract
    (server,) = contract.servers
    assert server.url == "wss://{region}.example.com:9443/ws"
    assert server.variables == {"region": "eu"}
    watch, ask, _ = contract.operations
    assert watch.security[0].schemes == (("key", ()),), "the server's, as it has none of its own"
    assert ask.security[0].schemes == (("other", ()),)
    assert set(contract.security_schemes) == {"key", "other"}


def test_messages_with_traits(documents: Any) -> None:
    contract = documents.load(STREAM).contract
    book, request = contract.messages["Book"], contract.messages["Request"]
    assert (book.name, book.title, book.content_type) == (
        "bookSnapshot",
        "A book",
        "application/json",
    )
    assert book.examples == ({"u": 1},)
    assert book.extensions == {"x-event": "book"}
    assert (request.name, request.title, request.content_type) == (
        "Request",
        "Own title",
        "application/cbor",
    )
    assert request.correlation == "$message.payload#/id"
    assert request.headers is not None
    assert isinstance(request.headers, ObjectSchema)
    assert [field.name for field in request.headers.fields] == ["seq", "to"]
    assert isinstance(request.payload, ObjectSchema)
    pair = request.payload.fields[0].schema
    assert isinstance(pair, TupleSchema)
    assert [type(item) for item in pair.items] == [StringSchema, IntegerSchema]


def test_operations_from_the_client_s_side(documents: Any) -> None:
    loaded = documents.load(STREAM)
    watch, ask, tell = loaded.contract.operations
    assert [o.action for o in (watch, ask, tell)] == [Action.RECEIVE, Action.REQUEST, Action.SEND]
    assert isinstance(watch.binding, ChannelBinding)
    assert watch.binding.messages == ("Book", "inline"), "all of the channel's, as none is listed"
    assert (watch.summary, watch.tags) == ("From the trait", ("market",))
    assert ask.binding.reply.messages == ("Answer",)
    assert ask.binding.reply.channel == "control"
    assert ask.binding.reply.address_location == "$message.header#/to"
    assert ask.effect == "create"
    assert loaded.findings == ()
    assert (loaded.read.operations, loaded.read.channels, loaded.read.messages) == (3, 2, 4)


def actions(documents: Any, operations: str, top: str = "") -> tuple[list[str], list[str]]:
    loaded = documents.load(
        f"{HEAD}{top}\nchannels: {{c: {{messages: {{m: {{payload: {{}}}}}}}}}}\n"
        f"operations:\n{operations}"
    )
    told = [str(operation.action) for operation in loaded.contract.operations]
    return told, [finding.rule for finding in loaded.findings]


def operation(name: str, action: str, *, has_reply: bool = False) -> str:
    reply = ", reply: {channel: {$ref: '#/channels/c'}}" if has_reply else ""
    return f"  {name}: {{action: {action}, channel: {{$ref: '#/channels/c'}}{reply}}}\n"


@pytest.mark.parametrize(
    ("written", "top", "told", "found"),
    [
        ((("send", False),), "", ["receive"], []),
        ((("receive", True), ("send", False)), "", ["request", "receive"], []),
        (
            (("send", True), ("receive", False)),
            "",
            ["request", "receive"],
            ["perspective-inferred"],
        ),
        ((("receive", False),), "", ["receive"], ["perspective-inferred"]),
        ((("receive", False),), "x-perspective: server", ["send"], []),
        ((("send", True),), "x-perspective: client", ["request"], []),
        ((("send", True),), "x-perspective: server", ["receive"], []),
        ((("send", True), ("receive", True)), "", ["receive", "request"], ["perspective-unclear"]),
    ],
)
def test_whose_side_a_document_states(
    documents: Any,
    written: tuple[tuple[str, bool], ...],
    top: str,
    told: list[str],
    found: list[str],
) -> None:
    text = "".join(
        operation(f"o{number}", action, has_reply=has_reply)
        for number, (action, has_reply) in enumerate(written)
    )
    assert actions(documents, text, top) == (told, found)


FIX = (
    HEAD
    + """
servers:
  orders:
    host: fix.example.com:9881
    protocol: fix
    x-fix:
      begin_string: FIX.4.4
      heartbeat_seconds: {default: 30}
      header: [{tag: 8, name: BeginString, constant: FIX.4.4}]
channels:
  entry: {address: entry, messages: {New: {$ref: '#/components/messages/New'}}}
operations:
  placeOrder: {action: receive, channel: {$ref: '#/channels/entry'}}
  placed: {action: send, channel: {$ref: '#/channels/entry'}}
components:
  messages:
    New:
      payload: {type: object}
      x-fix:
        msg_type: D
        example: '8=FIX.4.4|'
        scenarios: {filled: {when: a == b}}
        members:
          - {tag: 11, name: ClOrdID, type: String, from: client_order_id, presence: required}
          - {tag: 54, name: Side, codes: {buy: '1', sell: 2}}
          - group: NoPartyIDs
            count_tag: 453
            members: [{tag: 448, name: PartyID, presence: conditional, when: x}]
"""
)


def test_fix(documents: Any) -> None:
    contract = documents.load(FIX).contract
    operation = contract.operations[0]
    assert operation.wire is Wire.FIX
    assert isinstance(operation.binding, FixBinding)
    session = contract.servers[0].fix
    assert session is not None
    assert session.begin_string == "FIX.4.4"
    assert session.settings == {"heartbeat_seconds": {"default": 30}}
    assert isinstance(session.header[0], FixField)
    assert session.header[0].presence is Presence.CONSTANT
    layout = contract.messages["New"].fix
    assert layout is not None
    first, side, group = layout.members
    assert isinstance(first, FixField)
    assert (first.tag, first.source, first.presence) == (11, "client_order_id", Presence.REQUIRED)
    assert isinstance(side, FixField)
    assert [(code.value, code.meaning) for code in side.codes] == [("1", "buy"), ("2", "sell")]
    assert isinstance(group, FixGroup)
    assert (group.count_tag, group.members[0].when) == (453, "x")
    assert layout.scenarios == {"filled": "a == b"}
    assert layout.example == "8=FIX.4.4|"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "servers: {a: {host: h, protocol: kafka}}",
            "error[protocol-not-carried]: servers of the protocol 'kafka' cannot be carried",
        ),
        (
            "components: {messages: {M: {payload: {schemaFormat:"
            " 'application/vnd.apache.avro;version=1.9.0', schema: {type: string}}}}}",
            "error[schema-format-not-carried]: a schema in the format"
            " 'application/vnd.apache.avro;version=1.9.0' cannot be carried",
        ),
        (
            "servers: {a: {host: h, protocol: ws}, b: {host: h, protocol: fix}}\n"
            "channels: {c: {address: x}}",
            "error[channel-on-two-wires]: the channel is served over WebSocket and over FIX",
        ),
    ],
)
def test_what_cannot_be_carried(documents: Any, text: str, said: str) -> None:
    findings = documents.load(HEAD + text).findings
    assert [f"{f.severity}[{f.rule}]: {f.message}" for f in findings] == [said]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "channels: {c: {adress: x}}",
            "api.yaml:3:24: error[invalid-document]: unknown member 'adress' in 'c'",
        ),
        (
            "operations: {o: {action: publish, channel: {$ref: '#/channels/c'}}}",
            "api.yaml:3:26: error[invalid-document]: 'publish' is not one of 'send', 'receive'",
        ),
        (
            "operations: {o: {action: send, channel: {$ref: '#/channels/c'}}}",
            "api.yaml:3:48: error[unresolved-reference]: the reference '#/channels/c' leads"
            " nowhere: there is no 'channels'",
        ),
        (
            "components: {schemas: {A: {type: strin}}}",
            "api.yaml:3:34: error[invalid-document]: 'strin' is not one of 'array', 'boolean',"
            " 'integer', 'null', 'number', 'object', 'string'",
        ),
    ],
)
def test_documents_that_are_not_valid(documents: Any, text: str, said: str) -> None:
    assert documents.fails(HEAD + text) == [said]


def test_version_2_is_read_in_its_own_places(documents: Any) -> None:
    loaded = documents.load("""\
        asyncapi: 2.6.0
        info: {title: Feed, version: 1.0.0}
        servers: {main: {url: 'wss://example.com/ws', protocol: wss}}
        channels:
          trades.{symbol}:
            parameters: {symbol: {schema: {type: string, enum: [BTC]}}}
            subscribe:
              operationId: onTrade
              message:
                payload: {type: object, properties: {price: {type: number, format: decimal}}}
        """)
    (found,) = loaded.contract.operations
    assert (found.name, found.action) == ("onTrade", Action.RECEIVE)
    assert found.origin.place.line == 8
    assert loaded.contract.documents[0].format_version == "2.6.0"
    (channel,) = loaded.contract.channels.values()
    assert channel.address == "trades.{symbol}"
    assert isinstance(channel.parameters[0].schema, ConstSchema)
    (message,) = loaded.contract.messages.values()
    assert isinstance(message.payload, ObjectSchema)
    price = message.payload.fields[0].schema
    assert isinstance(price, DecimalSchema)
    assert price.wire == "number"


def test_version_3_1(documents: Any) -> None:
    loaded = documents.load(STREAM.replace("asyncapi: 3.0.0", "asyncapi: 3.1.0"))
    assert len(loaded.contract.operations) == 3


def test_numbers_in_payloads_are_exact(documents: Any) -> None:
    loaded = documents.load(
        HEAD + "components: {messages: {M: {payload: {type: number, multipleOf: 0.1}}}}"
    )
    payload = loaded.contract.messages["M"].payload
    assert payload.multiple_of == Decimal("0.1")
