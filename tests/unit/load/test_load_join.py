"""Several documents become one contract; shared parts are one, clashing names are two."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from venuekit.contract import Contract, HttpBinding, RefSchema, SignedScheme, Wire
from venuekit.finding import FindingsError

REST = """\
openapi: 3.1.0
info: {title: Rest, version: '1'}
components: {schemas: {Local: {$ref: 'shared.yaml#/Order'}, Side: {enum: [buy, sell]}}}
paths:
  /a:
    post:
      operationId: place
      requestBody: {content: {application/json: {schema: {$ref: 'shared.yaml#/Order'}}}}
"""
STREAM = """\
asyncapi: 3.0.0
info: {title: Stream, version: '2'}
channels: {main: {address: /, messages: {order: {payload: {$ref: 'shared.yaml#/Order'}}}}}
operations: {place: {action: receive, channel: {$ref: '#/channels/main'}}}
components: {schemas: {Order: {$ref: 'shared.yaml#/Order'}, Side: {enum: [bid, ask]}}}
"""
SHARED = "Order: {type: object, properties: {id: {type: string}}}\n"


def test_shared_schemas_are_one(documents: Any) -> None:
    documents.write({"shared.yaml": SHARED})
    contract = documents.many(rest=REST, stream=STREAM).contract
    assert (contract.title, contract.version) == ("Rest", "1")
    assert [info.title for info in contract.documents] == ["Rest", "Stream"]
    assert set(contract.schemas) == {"Order", "Local", "Side", "Side.stream"}
    local = contract.schemas["Local"].schema
    assert isinstance(local, RefSchema)
    assert local.name == "Order"
    assert contract.schemas["Order"].origin.place.file.endswith("shared.yaml")
    payload = contract.messages["order"].payload
    assert isinstance(payload, RefSchema)
    assert payload.name == "Order"


def test_one_name_over_two_wires(documents: Any) -> None:
    documents.write({"shared.yaml": SHARED})
    contract = documents.many(rest=REST, stream=STREAM).contract
    rest, stream = (contract.operation("place", wire) for wire in (Wire.REST, Wire.WEBSOCKET))
    assert rest is not None
    assert stream is not None
    assert contract.operation("place", Wire.FIX) is None


def test_clashing_names_are_told(documents: Any) -> None:
    documents.write({"shared.yaml": SHARED})
    loaded = documents.many(rest=REST, stream=STREAM)
    (finding,) = (f for f in loaded.findings if f.severity == "warning")
    assert finding.rule == "schema-name-collision"
    assert "is called 'Side' too" in finding.message
    assert "rest.yaml:3:67" in finding.message
    assert finding.origin.place.file.endswith("stream.yaml")


def test_equal_schemas_of_two_documents_are_one(documents: Any) -> None:
    text = """\
openapi: 3.1.0
info: {title: T, version: '1'}
paths: {PATHS}
components:
  schemas:
    A: {type: object, properties: {b: {$ref: '#/components/schemas/B'}}}
    B: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}
"""
    loaded = documents.many(
        one=text.replace("PATHS", "/a: {get: {operationId: a}}"),
        two=text.replace("PATHS", "/b: {get: {operationId: b}}"),
    )
    assert set(loaded.contract.schemas) == {"A", "B"}
    assert loaded.findings == ()


def test_two_operations_of_one_name_on_one_wire_fail(documents: Any) -> None:
    text = (
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/PATH: {get: {operationId: a}}}\n"
    )
    loaded = documents.many(one=text.replace("PATH", "x"), two=text.replace("PATH", "y"))
    assert [f"{f.severity}[{f.rule}]" for f in loaded.findings] == [
        "error[operation-name-collision]"
    ]


def test_messages_channels_and_servers_of_one_name_are_told_apart(documents: Any) -> None:
    text = """\
asyncapi: 3.0.0
info: {title: T, version: '1'}
servers: {main: {host: HOST, protocol: ws}}
channels: {c: {servers: [{$ref: '#/servers/main'}], messages: {m: {payload: {const: HOST}}}}}
operations:
  HOST:
    action: receive
    channel: {$ref: '#/channels/c'}
    reply: {channel: {$ref: '#/channels/c'}}
"""
    loaded = documents.many(one=text.replace("HOST", "h1"), two=text.replace("HOST", "h2"))
    contract = loaded.contract
    assert set(contract.channels) == {"c", "c.two"}
    assert set(contract.messages) == {"m", "m.two"}
    assert [server.key for server in contract.servers] == ["main", "main.two"]
    second = contract.operations[1].binding
    assert (second.channel, second.messages) == ("c.two", ("m.two",))
    assert (second.reply.channel, second.reply.messages) == ("c.two", ("m.two",))
    assert contract.channels["c.two"].servers == ("main.two",)
    assert contract.channels["c.two"].messages == (("m", "m.two"),)
    assert [f.rule for f in loaded.findings] == ["name-collision", "name-collision"]


def test_an_overlay_may_match_in_one_of_several_documents(documents: Any) -> None:
    from venuekit.load import load

    documents.write({"shared.yaml": SHARED})
    paths = documents.write({"rest.yaml": REST, "stream.yaml": STREAM.replace("Side", "Way")})
    head = "overlay: 1.0.0\ninfo: {title: O, version: '1'}\n"
    action = "actions: [{target: '$.operations.place', update: {x-effect: create}}]\n"
    (anywhere,) = documents.write({"over.yaml": head + action})
    contract = load(paths, [anywhere]).contract
    effects = {operation.wire: operation.effect for operation in contract.operations}
    assert effects == {Wire.REST: None, Wire.WEBSOCKET: "create"}
    (wrong,) = documents.write({"over.yaml": head + "extends: rest.yaml\n" + action})
    with pytest.raises(FindingsError, match="matches nothing"):
        load(paths, [wrong])


@pytest.mark.parametrize(
    ("names", "changed"),
    [
        ("x-document: stream.yaml", {"stream"}),
        ("x-documents: [rest.yaml, stream.yaml]", {"rest", "stream"}),
        ("x-document: published.yaml", {"rest", "stream"}),
    ],
)
def test_an_overlay_changes_the_documents_whose_files_it_names(
    documents: Any, names: str, changed: set[str]
) -> None:
    from venuekit.load import load

    documents.write({"shared.yaml": SHARED})
    paths = documents.write({"rest.yaml": REST, "stream.yaml": STREAM.replace("Side", "Way")})
    text = f"overlay: 1.0.0\ninfo: {{title: O, version: '1'}}\n{names}\n"
    action = "actions: [{target: $.info, update: {title: Changed}}]\n"
    loaded = load(paths, documents.write({"over.yaml": text + action}))
    titles = {
        Path(document.path).stem: document.value["info"]["title"]
        for document in loaded.resolver.documents
        if document.path is not None and Path(document.path).stem in ("rest", "stream")
    }
    assert {name for name, title in titles.items() if title == "Changed"} == changed


def test_an_overlay_brings_files_of_its_own(documents: Any) -> None:
    from venuekit.load import load

    paths = documents.write(
        {
            "venue/api.yaml": "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n",
            "ours/over.yaml": "overlay: 1.0.0\ninfo: {title: O, version: '1'}\n"
            "actions: [{target: $, update: {x-errors: {$ref: 'table.yaml#/errors'}}}]\n",
            "ours/table.yaml": "errors: {A: {cause: C, retry: never, action: A}}\n",
        }
    )
    contract = load(paths[:1], paths[1:2]).contract
    assert list(contract.errors) == ["A"]
    assert contract.errors["A"].origin.place.file.endswith("table.yaml")


def test_meridian_over_three_wires(meridian: Contract) -> None:
    for name in ("placeOrder", "replaceOrder", "cancelOrder"):
        wires = [wire for wire in Wire if wire is not Wire.WEBHOOK]
        assert all(meridian.operation(name, wire) for wire in wires), name
    assert set(meridian.security_schemes) == {"ed25519", "hmac"}
    assert all(isinstance(s, SignedScheme) for s in meridian.security_schemes.values())
    place = meridian.operation("placeOrder", Wire.FIX)
    assert place is not None
    assert place.binding.messages == ("NewOrderSingle",)  # type: ignore[union-attr]
    assert meridian.messages["NewOrderSingle"].fix is not None
    assert meridian.errors["INSUFFICIENT_BALANCE"].http_status == 422
    assert meridian.limits["orders"].scope == "account"
    side = meridian.schemas["Side"].schema
    assert side.fix_codes == {"buy": "1", "sell": "2"}  # type: ignore[union-attr]
    book = meridian.channels["book"]
    assert book.stream is not None
    assert book.stream.sequence_rule == "previous_equals_last"


def test_every_reference_of_the_contract_is_known(meridian: Contract) -> None:
    for operation in meridian.operations:
        for requirement in operation.security:
            assert all(name in meridian.security_schemes for name, _ in requirement.schemes)
        binding = operation.binding
        if not isinstance(binding, HttpBinding):
            assert binding.channel in meridian.channels
            assert all(key in meridian.messages for key in binding.messages)
