"""A document whose calls are signed as Stripe, GitHub and Slack sign theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from venuekit.signing.catalogue import catalogue_file

VENDORS = ("stripe", "github", "slack")
SCHEMA = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "price": {"type": "string", "format": "decimal"},
        "sequence": {"type": "integer", "format": "int64"},
    },
}


def write_document(folder: Path) -> Path:
    """Write the document and return its path."""
    webhooks: dict[str, Any] = {}
    schemes: dict[str, Any] = {}
    for vendor in VENDORS:
        file = catalogue_file(f"webhook-{vendor}")
        assert file is not None
        signing = yaml.safe_load(file.read_text(encoding="utf-8"))
        signing.pop("vectors")
        schemes[vendor] = {"type": "apiKey", "in": "header", "name": "S", "x-signing": signing}
        webhooks[vendor] = {"post": _call(f"on_{vendor}", [{vendor: []}], "application/json")}
    text, form = "text/plain", "application/x-www-form-urlencoded"
    webhooks["words"] = {"post": _call("onWords", [{"github": []}], text)}
    webhooks["form"] = {"post": _call("onForm", [{"slack": []}], form)}
    webhooks["both"] = {"post": _call("onBoth", [{"github": [], "slack": []}], text)}
    webhooks["open"] = {"post": _call("onOpen", [], "application/json")}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Calls", "version": "1.0.0"},
        "webhooks": webhooks,
        "components": {"securitySchemes": schemes, "schemas": {"Event": SCHEMA}},
    }
    path = folder / "calls.openapi.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path


def _call(name: str, security: list[dict[str, Any]], media_type: str) -> dict[str, Any]:
    is_json = media_type == "application/json"
    schema = {"$ref": "#/components/schemas/Event"} if is_json else {"type": "string"}
    return {
        "operationId": name,
        "security": security,
        "requestBody": {"required": True, "content": {media_type: {"schema": schema}}},
        "responses": {"204": {"description": "taken"}},
    }
