"""REST and a socket whose two sessions both name the server of the socket."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def scheme(name: str, is_in_address: bool) -> dict[str, Any]:
    place = {"path": name} if is_in_address else {"header": f"X-{name}"}
    return {
        "type": "http",
        "scheme": "bearer",
        "x-signing": {
            "version": 1,
            "credentials": {"user": {"description": "Who logs in."}},
            "session": {
                "open": {"operation": "logIn", "with": {"user": "$user"}},
                "gives": {name: "token"},
                "server": {"field": "endpoint", "hosts": ["venue.example"]},
                "lifetime_ms": 60_000,
            },
            "inputs": {name: {"from": "session"}},
            "websocket": {"placement": [{**place, "value": f"${name}"}]},
        },
    }


def documents(folder: Path, asked: list[str], address: str) -> list[Path]:
    """Write REST and one socket, whose operations each ask for one of the schemes."""
    members = {"token": {"type": "string"}, "endpoint": {"type": "string"}}
    reply = {"type": "object", "required": [*members], "properties": members}
    answer = {"description": "in", "content": {"application/json": {"schema": reply}}}
    user = {"name": "user", "in": "query", "required": True, "schema": {"type": "string"}}
    log_in = {"operationId": "logIn", "parameters": [user], "responses": {"200": answer}}
    rest = {
        "openapi": "3.1.0",
        "info": {"title": "Venue", "version": "1.0.0"},
        "servers": [{"url": "https://venue.example"}],
        "paths": {"/login": {"post": log_in}},
    }
    payload = {"type": "object", "required": ["e"], "properties": {"e": {"type": "string"}}}
    names = [name for name in ("one", "two") if f"{{{name}}}" in address]
    stream = {
        "asyncapi": "3.0.0",
        "info": {"title": "Sockets", "version": "1.0.0"},
        "servers": {"main": {"host": "venue.example", "protocol": "wss"}},
        "channels": {
            "account": {
                "address": address,
                "parameters": {name: {} for name in names},
                "messages": {"update": {"payload": payload}},
            }
        },
        "operations": {
            f"updates{at}": {
                "action": "send",
                "channel": {"$ref": "#/channels/account"},
                "security": [{"$ref": f"#/components/securitySchemes/{name}"}],
            }
            for at, name in enumerate(asked)
        },
        "components": {
            "securitySchemes": {name: scheme(name, bool(names)) for name in ("one", "two")}
        },
    }
    found = []
    for name, value in (("rest", rest), ("stream", stream)):
        found.append(folder / f"{name}.yaml")
        found[-1].write_text(yaml.safe_dump(value, sort_keys=False), encoding="utf-8")
    return found
