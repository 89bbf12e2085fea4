"""A document with all that reaches beyond one operation, and edits of it, drawn from a seed."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]


def text_of(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def ref(name: str, kind: str = "schemas") -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}


ORDER = {
    "type": "object",
    "required": ["id", "price"],
    "properties": {
        "id": {"type": "integer", "format": "int64"},
        "price": {"type": "number"},
        "kind": {"type": "string", "enum": ["limit", "market"]},
        "secret": {"type": "string", "readOnly": True},
        "owner": ref("account"),
        "parent": {"allOf": [ref("order")], "description": "The one before."},
    },
}
CARD = {
    "type": "object",
    "required": ["kind", "last4"],
    "properties": {"kind": {"type": "string", "enum": ["card"]}, "last4": {"type": "string"}},
}
BANK = {
    "type": "object",
    "required": ["kind", "iban"],
    "properties": {"kind": {"type": "string", "enum": ["bank"]}, "iban": {"type": "string"}},
}
WARNED = {
    "type": "object",
    "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
    "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
}


def base() -> Json:
    """Return the document before any edit."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "Edited venue", "version": "1.2.3"},
        "servers": [{"url": "https://api.example.com"}],
        "security": [{"key": []}],
        "paths": {
            "/ping": {"get": operation("ping", ref("account"))},
            **{f"/things{n}/{{id}}": _item(n) for n in range(9)},
        },
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
            "parameters": {"page": {"name": "page", "in": "query", "schema": {"type": "integer"}}},
            "responses": {
                "gone": {
                    "description": "Gone.",
                    "content": {
                        **text_of({"type": "object", "properties": {"why": {"type": "string"}}}),
                        "text/plain": {"schema": {"type": "string"}},
                    },
                }
            },
            "schemas": {
                "order": ORDER,
                "account": {"type": "object", "properties": {"name": {"type": "string"}}},
                "payment": {"oneOf": [ref("card"), ref("bank")]},
                "card": CARD,
                "bank": BANK,
                "warned": WARNED,
                "orders": {"type": "array", "items": ref("order")},
                "unused": {"type": "object", "properties": {"n": {"type": "number"}}},
            },
        },
    }


def _item(n: int) -> Json:
    item: Json = {
        "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
        ],
        "get": operation(f"get-thing{n}", [ref("order"), ref("payment"), ref("account")][n % 3]),
    }
    if n % 2:
        item["post"] = operation(f"makeThing{n}", ref("orders"))
        item["post"]["requestBody"] = {"required": True, "content": text_of(ref("order"))}
    if n == 4:
        item["put"] = operation("uploadThing", WARNED)
        item["put"]["requestBody"] = {
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "properties": {"file": {"type": "string", "format": "binary"}},
                    }
                }
            }
        }
    if n == 6:
        item["get"]["parameters"] = [ref("page", "parameters")]
        item["get"]["responses"]["200"]["content"] = text_of(
            {
                "type": "object",
                "properties": {
                    "items": {"type": "array", "items": ref("order")},
                    "hasMore": {"type": "boolean"},
                },
            }
        )
    return item


def operation(name: str, schema: Json) -> Json:
    """Return a plain operation that answers with a schema."""
    return {
        "operationId": name,
        "summary": f"Does {name}",
        "tags": ["things"],
        "responses": {"200": {"description": "Fine.", "content": text_of(schema)}},
    }


def edited(document: Json, chance: random.Random) -> tuple[str, Json]:
    """Return another document after one edit, and what the edit was."""
    changed = copy.deepcopy(document)
    edit = chance.choice(EDITS)
    edit(changed, chance)
    return edit.__name__, changed


def _any(document: Json, chance: random.Random) -> Json:
    item = chance.choice(list(document["paths"].values()))
    found: Json = chance.choice([item[m] for m in ("get", "post", "put") if m in item] or [{}])
    return found


def describe(document: Json, chance: random.Random) -> None:
    _any(document, chance)["description"] = f"Line {chance.random()}\n\nand `another`"


def add_parameter(document: Json, chance: random.Random) -> None:
    schema = chance.choice(
        [
            {"type": "string", "enum": ["up", "down"]},
            {"type": "number"},
            {"type": "boolean"},
            {"type": "array", "items": {"type": "string"}},
        ]
    )
    name = f"with{chance.randrange(1000)}"
    parameter = {"name": name, "in": "query", "schema": schema}
    _any(document, chance).setdefault("parameters", []).append(parameter)


def drop_parameter(document: Json, chance: random.Random) -> None:
    _any(document, chance).pop("parameters", None)


def answer(document: Json, chance: random.Random) -> None:
    inner = chance.choice([ref("order"), ref("payment"), {"type": "number"}, WARNED, CARD])
    schema = chance.choice(
        [
            inner,
            {"type": "array", "items": inner},
            {"type": "object", "properties": {"inner": inner, "x": {"type": "string"}}},
            {"oneOf": [CARD, BANK]},
            {"allOf": [ref("account"), ref("order")]},
        ]
    )
    one = _any(document, chance)
    one["responses"] = {
        "200": {"description": "Fine.", "content": text_of(schema)},
        "410": ref("gone", "responses"),
    }


def take(document: Json, chance: random.Random) -> None:
    schema = chance.choice([ref("order"), ref("account"), ref("payment"), {"type": "string"}])
    kind = chance.choice(["application/json", "application/x-www-form-urlencoded"])
    _any(document, chance)["requestBody"] = {"content": {kind: {"schema": schema}}}


def take_nothing(document: Json, chance: random.Random) -> None:
    _any(document, chance).pop("requestBody", None)


def rename(document: Json, chance: random.Random) -> None:
    names = ["get-thing1", "get_thing_1", "fresh", "iter_get_thing6", "order", "Payment", "card"]
    _any(document, chance)["operationId"] = chance.choice(names)


def add_path(document: Json, chance: random.Random) -> None:
    items = list(document["paths"].items())
    made = operation(f"added{chance.randrange(1000)}", chance.choice([ref("order"), BANK]))
    added = (f"/added{chance.randrange(1000)}", {"get": made})
    items.insert(chance.randrange(len(items) + 1), added)
    document["paths"] = dict(items)


def drop_path(document: Json, chance: random.Random) -> None:
    document["paths"].pop(chance.choice(list(document["paths"])))


def move_path(document: Json, chance: random.Random) -> None:
    items = list(document["paths"].items())
    items.insert(chance.randrange(len(items)), items.pop(chance.randrange(len(items))))
    document["paths"] = dict(items)


def drop_operation(document: Json, chance: random.Random) -> None:
    item = chance.choice(list(document["paths"].values()))
    item.pop(chance.choice(["get", "post", "put"]), None)


def edit_component(document: Json, chance: random.Random) -> None:
    fields = document["components"]["schemas"]["account"]["properties"]
    fields[f"f{chance.randrange(1000)}"] = {"type": "string"}


def edit_info(document: Json, chance: random.Random) -> None:
    document["info"]["version"] = f"1.2.{chance.randrange(1000)}"


def deprecate(document: Json, chance: random.Random) -> None:
    _any(document, chance)["deprecated"] = True


def secure(document: Json, chance: random.Random) -> None:
    _any(document, chance)["security"] = chance.choice([[], [{}], [{"key": []}]])


EDITS: tuple[Callable[[Json, random.Random], None], ...] = (
    describe,
    add_parameter,
    drop_parameter,
    answer,
    answer,
    take,
    take_nothing,
    rename,
    add_path,
    drop_path,
    move_path,
    drop_operation,
    edit_component,
    edit_info,
    deprecate,
    secure,
)
