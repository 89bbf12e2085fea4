"""OpenAPI operations are read whole: inputs, outputs, servers, security, names."""

from __future__ import annotations

from typing import Any

import pytest

from venuekit.contract import (
    ApiKeyScheme,
    HttpBinding,
    HttpScheme,
    Location,
    ObjectSchema,
    Operation,
    OtherScheme,
    StringSchema,
    Wire,
)
from venuekit.load import Loaded

HEAD = "openapi: 3.1.0\ninfo: {title: Venue, version: 1.2.3, description: D}\n"


def messages(loaded: Loaded) -> list[str]:
    return [f"{finding.severity}[{finding.rule}]: {finding.message}" for finding in loaded.findings]


def only(loaded: Loaded) -> tuple[Operation, HttpBinding]:
    (operation,) = loaded.contract.operations
    assert isinstance(operation.binding, HttpBinding)
    return operation, operation.binding


WHOLE = (
    HEAD
    + """
servers:
  - {url: 'https://{region}.example.com/v1', description: Main, variables: {region: {default: eu}}}
  - {url: 'http://localhost:1'}
tags: [{name: Orders, description: All of them}]
security: [{key: []}, {}]
x-venue: {a: 1}
paths:
  /orders/{order_id}:
    summary: The path's
    parameters:
      - {name: order_id, in: path, required: true, schema: {type: string}}
      - {name: verbose, in: query, schema: {type: boolean}}
    put:
      operationId: replaceOrder
      tags: [Orders]
      deprecated: true
      description: Replaces
      x-effect: replace
      x-dedup-key: client_order_id
      x-stability: beta
      x-sunset: '2030-01-01'
      x-mine: [1]
      security: [{oauth: [trade], key: []}]
      parameters:
        - {name: verbose, in: query, required: true, style: spaceDelimited, schema: {type: array}}
        - {$ref: '#/components/parameters/Filter'}
        - {name: X-Trace, in: header, schema: {type: string}, example: t1}
        - {name: Accept, in: header, schema: {type: string}}
      requestBody:
        required: true
        description: The order
        content:
          application/json:
            schema: {type: object, properties: {price: {type: string, format: decimal}}}
            examples: {one: {value: {price: '1'}}, two: {$ref: '#/components/examples/Two'}}
          application/x-www-form-urlencoded:
            schema: {type: object}
            encoding: {price: {style: form}}
      responses:
        '200':
          description: Done
          headers: {X-Left: {required: true, schema: {type: integer}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
        '4XX': {$ref: '#/components/responses/Bad'}
        default: {description: Else}
components:
  schemas: {Order: {type: object}}
  parameters:
    Filter: {name: filter, in: query, content: {application/json: {schema: {type: object}}}}
  responses: {Bad: {description: Bad, content: {text/plain: {}}}}
  examples: {Two: {value: {price: '2'}}}
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key, description: K}
    oauth: {type: oauth2, flows: {}}
    bearer: {type: http, scheme: Bearer, bearerFormat: JWT}
"""
)


def test_a_document(documents: Any) -> None:
    loaded = documents.load(WHOLE)
    contract = loaded.contract
    assert (contract.title, contract.version, contract.description) == ("Venue", "1.2.3", "D")
    assert contract.extensions == {"x-venue": {"a": 1}}
    assert contract.tags == {"Orders": "All of them"}
    assert [(s.key, s.url, s.variables) for s in contract.servers] == [
        ("rest", "https://{region}.example.com/v1", {"region": "eu"}),
        ("rest-2", "http://localhost:1", {}),
    ]
    schemes = contract.security_schemes
    assert isinstance(schemes["key"], ApiKeyScheme)
    assert (schemes["key"].location, schemes["key"].parameter) == ("header", "X-Key")
    assert isinstance(schemes["bearer"], HttpScheme)
    assert schemes["bearer"].scheme == "bearer"
    assert isinstance(schemes["oauth"], OtherScheme)
    assert messages(loaded) == [
        "info[parameter-ignored]: OpenAPI ignores the header parameter 'Accept'"
    ]
    assert loaded.read == contract.counts


def test_what_an_operation_says_of_itself(documents: Any) -> None:
    loaded = documents.load(WHOLE)
    operation, _ = only(loaded)
    assert (operation.name, operation.wire, operation.is_deprecated) == (
        "replaceOrder",
        Wire.REST,
        True,
    )
    assert (operation.summary, operation.description) == ("The path's", "Replaces")
    assert (operation.effect, operation.dedup_key) == ("replace", "client_order_id")
    assert (operation.stability, operation.sunset) == ("beta", "2030-01-01")
    assert operation.extensions == {"x-mine": [1]}
    assert operation.security[0].schemes == (("oauth", ("trade",)), ("key", ()))


def test_what_an_operation_takes_and_gives(documents: Any) -> None:
    _, binding = only(documents.load(WHOLE))
    assert (binding.method, binding.path) == ("PUT", "/orders/{order_id}")
    told = [
        (p.name, p.location, p.is_required, p.style, p.is_exploded, p.content_type)
        for p in binding.parameters
    ]
    assert told == [
        ("order_id", Location.PATH, True, "simple", False, None),
        ("verbose", Location.QUERY, True, "spaceDelimited", False, None),
        ("filter", Location.QUERY, False, "form", True, "application/json"),
        ("X-Trace", Location.HEADER, False, "simple", False, None),
    ]
    assert isinstance(binding.parameters[2].schema, ObjectSchema)
    assert binding.parameters[3].examples == ("t1",)
    assert binding.body is not None
    assert binding.body.is_required
    assert [(c.media_type, len(c.examples)) for c in binding.body.contents] == [
        ("application/json", 2),
        ("application/x-www-form-urlencoded", 0),
    ]
    assert binding.body.contents[1].encoding == {"price": {"style": "form"}}
    assert [r.status for r in binding.responses] == ["200", "4XX", "default"]
    assert [(h.name, h.is_required) for h in binding.responses[0].headers] == [("X-Left", True)]
    assert binding.responses[1].contents[0].schema is None


def test_global_security_holds_unless_an_operation_says_otherwise(documents: Any) -> None:
    loaded = documents.load(
        HEAD
        + """
security: [{key: []}]
paths:
  /a: {get: {operationId: a}}
  /b: {get: {operationId: b, security: []}}
components: {securitySchemes: {key: {type: apiKey, in: query, name: k}}}
"""
    )
    a, b = loaded.contract.operations
    assert [r.schemes for r in a.security] == [(("key", ()),)]
    assert b.security == ()


def test_an_operation_without_id_gets_a_name_from_method_and_path(documents: Any) -> None:
    loaded = documents.load(
        HEAD
        + """
paths:
  /v1/orders/{order_id}/fills.json:
    parameters: [{name: order_id, in: path, required: true, schema: {}}]
    get: {summary: S}
  /v1/orders/{order-id}/fills/json:
    parameters: [{name: order-id, in: path, required: true, schema: {}}]
    get: {summary: S}
  /: {delete: {summary: S}}
"""
    )
    names = [operation.name for operation in loaded.contract.operations]
    assert names == ["getV1OrdersByOrderIdFillsJson", "getV1OrdersByOrderIdFillsJson2", "delete"]
    assert all(operation.is_name_derived for operation in loaded.contract.operations)
    assert [f.rule for f in loaded.findings] == ["derived-operation-name"] * 3


def test_servers_of_one_operation(documents: Any) -> None:
    loaded = documents.load(
        HEAD
        + """
servers: [{url: 'https://a.example'}]
paths:
  /a: {get: {operationId: a}}
  /b:
    servers: [{url: 'https://b.example'}]
    get: {operationId: b}
    put: {operationId: c, servers: [{url: 'https://c.example'}]}
"""
    )
    servers = {server.key: server.url for server in loaded.contract.servers}
    assert next(iter(servers)) == "rest"
    told = {
        operation.name: [servers[key] for key in operation.servers]
        for operation in loaded.contract.operations
    }
    assert told == {"a": [], "b": ["https://b.example"], "c": ["https://c.example"]}


def test_all_methods_also_of_3_2(documents: Any) -> None:
    methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"]
    paths = "".join(f"    {m}: {{operationId: {m}}}\n" for m in methods)
    loaded = documents.load(
        "openapi: 3.2.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n"
        + paths
        + "    additionalOperations: {COPY: {operationId: copy}}\n"
    )
    assert [o.binding.method for o in loaded.contract.operations] == [
        *(m.upper() for m in methods),
        "COPY",
    ]
    assert loaded.read.operations == 10


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "webhooks: {w: {post: {operationId: w, callbacks: {x: {'{$url}': {}}}}}}\npaths: {}",
            "error[callback-not-carried]: the callback 'x' of a call by the venue cannot be"
            " carried",
        ),
        (
            "paths: {/a: {get: {operationId: a, responses: {'200': {description: D, links:"
            " {n: {operationId: a}}}}}}}",
            "warning[link-not-carried]: links between operations are not carried",
        ),
        (
            "paths: {/a: {get: {operationId: a, parameters:"
            " [{name: q, in: query, allowEmptyValue: true, schema: {}}]}}}",
            "info[parameter-ignored]: allowEmptyValue is not carried; an empty text can be sent"
            " without it",
        ),
    ],
)
def test_what_is_not_carried_is_reported(documents: Any, text: str, said: str) -> None:
    assert messages(documents.load(HEAD + text)) == [said]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "paths:\n  /a: {get: {operationId: x}}\n  /b: {get: {operationId: x}}",
            "api.yaml:5:27: error[invalid-document]: the operationId 'x' stands twice",
        ),
        (
            "paths:\n  /a/{id}: {get: {operationId: x}}",
            "api.yaml:4:18: error[invalid-document]: the path /a/{id} has {id} and no path"
            " parameter of that name",
        ),
        (
            "paths:\n  /a: {get: {operationId: x, parameters:"
            " [{name: id, in: path, required: true, schema: {}}]}}",
            "api.yaml:4:13: error[invalid-document]: the path parameter 'id' does not stand in the"
            " path /a",
        ),
        (
            "paths:\n  /a: {get: {operationId: x, parameters:\n"
            "    [{name: q, in: query, schema: {}}, {name: q, in: query, schema: {}}]}}",
            "api.yaml:5:40: error[invalid-document]: the query parameter 'q' stands twice",
        ),
        (
            "security: [{keyy: []}]\npaths: {/a: {get: {operationId: x}}}",
            "api.yaml:3:19: error[unresolved-reference]: no security scheme is called 'keyy'",
        ),
        (
            "paths: {/a: {get: {operationId: x,"
            " parameters: [{$ref: '#/components/parameters/P'}]}}}",
            "api.yaml:3:56: error[unresolved-reference]: the reference '#/components/parameters/P'"
            " leads nowhere: there is no 'components'",
        ),
        ("paths: {}\npats: {}", "api.yaml:4:7: error[invalid-document]: unknown member 'pats'"),
        (
            "paths: {/a: {get: {deprecated: 'false'}}}",
            "api.yaml:3:32: error[invalid-document]: 'false' is not of type boolean in"
            " 'deprecated'",
        ),
        (
            "paths: {}\ncomponents: {schemas: {A: {type: strin}}}",
            "api.yaml:4:34: error[invalid-document]: 'strin' is not one of 'array', 'boolean',"
            " 'integer', 'null', 'number', 'object', 'string'",
        ),
        (
            "paths: {}\ncomponents: {schemas: {A: {properties: {a: {minLength: x}}}}}",
            "api.yaml:4:56: error[invalid-document]: 'x' is not of type integer in 'minLength'",
        ),
    ],
)
def test_documents_that_are_not_valid(documents: Any, text: str, said: str) -> None:
    assert documents.fails(HEAD + text) == [said]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("openapi: 4.0.0\ninfo: {}\n", "openapi 4.0.0 is not yet read"),
        ("openapi: 3.1\ninfo: {}\n", "openapi 3.1 is not yet read"),
        ("asyncapi: 1.2.0\ninfo: {}\n", "asyncapi 1.2.0 is not yet read"),
        ("swagger: '1.2'\n", "swagger 1.2 is not yet read"),
        ("hello: world\n", "this is neither an OpenAPI nor an AsyncAPI document"),
        ("- a\n", "this is neither an OpenAPI nor an AsyncAPI document"),
    ],
)
def test_documents_of_other_kinds(documents: Any, text: str, said: str) -> None:
    (line,) = documents.fails(text)
    assert line.endswith(f"error[unsupported-document]: {said}")


def test_swagger_is_read_in_its_own_places(documents: Any) -> None:
    loaded = documents.load("""\
        swagger: '2.0'
        info: {title: Old, version: '1'}
        host: api.example.com
        basePath: /v2
        schemes: [https]
        paths:
          /orders:
            get:
              operationId: listOrders
              produces: [application/json]
              parameters: [{name: symbol, in: query, type: string}]
              responses: {'200': {description: All, schema: {$ref: '#/definitions/Order'}}}
        definitions: {Order: {type: object, properties: {id: {type: string}}}}
        """)
    operation, binding = only(loaded)
    assert operation.origin.place.line == 9
    assert loaded.contract.documents[0].format_version == "2.0"
    assert loaded.contract.servers[0].url == "https://api.example.com/v2"
    assert isinstance(binding.parameters[0].schema, StringSchema)
    assert list(loaded.contract.schemas) == ["Order"]
    assert loaded.contract.schemas["Order"].origin.place.line == 13
    assert loaded.read == loaded.contract.counts
