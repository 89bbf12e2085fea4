"""AsyncAPI 2.x becomes 3.0: actions turned, messages named, places kept."""

from __future__ import annotations

import textwrap
from typing import Any

from venuekit.load.upgrade import upgrade_asyncapi
from venuekit.source.document import Document, parse_document

DOCUMENT = textwrap.dedent("""\
    asyncapi: 2.6.0
    info: {title: Feed, version: 1.0.0}
    tags: [{name: market}]
    servers:
      main: {url: 'wss://stream.example.com:9443/v1/ws', protocol: wss, security: [{key: []}]}
    channels:
      /trades/{symbol}:
        parameters:
          symbol: {description: The instrument., schema: {type: string, enum: [BTC-USD]}}
        subscribe:
          operationId: onTrade
          message: {$ref: '#/components/messages/Trade'}
        publish:
          message:
            oneOf:
              - {$ref: '#/components/messages/Ask'}
              - name: stop
                payload: {type: object}
    components:
      securitySchemes: {key: {type: apiKey, in: user}}
      messages:
        Trade:
          messageId: trade
          schemaFormat: application/schema+json;version=draft-07
          payload: {$ref: '#/components/schemas/Trade'}
        Ask: {payload: {type: object}}
      schemas:
        Trade: {type: object, properties: {price: {type: string}}}
""").encode()


def upgraded() -> Document:
    return upgrade_asyncapi(parse_document("old.yaml", DOCUMENT))


def test_actions_are_the_applications() -> None:
    value: Any = upgraded().value
    operations = value["operations"]
    assert operations["onTrade"]["action"] == "send"
    assert operations["publish_trades_symbol"]["action"] == "receive"


def test_messages_hang_under_their_channel() -> None:
    value: Any = upgraded().value
    channel = value["channels"]["trades_symbol"]
    assert channel["address"] == "/trades/{symbol}"
    assert channel["messages"]["Trade"] == {"$ref": "#/components/messages/Trade"}
    assert value["operations"]["publish_trades_symbol"]["messages"] == [
        {"$ref": "#/channels/trades_symbol/messages/Ask"},
        {"$ref": "#/channels/trades_symbol/messages/stop"},
    ]
    trade = value["components"]["messages"]["Trade"]
    assert trade["name"] == "trade"
    assert trade["payload"]["schema"] == {"$ref": "#/components/schemas/Trade"}


def test_servers_and_parameters() -> None:
    value: Any = upgraded().value
    assert value["servers"]["main"] == {
        "protocol": "wss",
        "host": "stream.example.com:9443",
        "pathname": "/v1/ws",
        "security": [{"$ref": "#/components/securitySchemes/key"}],
    }
    parameter = value["channels"]["trades_symbol"]["parameters"]["symbol"]
    assert parameter == {"description": "The instrument.", "enum": ["BTC-USD"]}
    assert value["info"]["tags"] == [{"name": "market"}]


def test_places_are_those_of_the_old_document() -> None:
    document = upgraded()
    assert document.place(("operations", "onTrade")).line == 11
    stop = document.place(("channels", "trades_symbol", "messages", "stop", "payload"))
    assert stop.line == 18
