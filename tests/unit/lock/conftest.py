"""A small venue whose document is edited, and its SDKs, generated as a user does it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

from venuekit import commands
from venuekit.emit.lock import Renames
from venuekit.report import Report

Json = dict[str, Any]


def _object(**fields: Json) -> Json:
    return {"type": "object", "required": list(fields)[:1], "properties": fields}


TEXT: Json = {"type": "string"}
SIDES: Json = {"type": "string", "enum": ["buy", "sell", "short"]}

DOCUMENT: Json = {
    "openapi": "3.1.0",
    "info": {"title": "Locked", "version": "1.0.0"},
    "servers": [{"url": "https://api.example.com"}],
    "paths": {
        "/orders": {
            "post": {
                "operationId": "placeOrder",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": _object(symbol=TEXT, side=SIDES, legs=_object(a=TEXT, b=TEXT))
                        }
                    },
                },
                "responses": {
                    "200": {
                        "description": "Taken.",
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Order"}}
                        },
                    }
                },
            },
            "get": {
                "operationId": "listOrders",
                "parameters": [{"name": "cursor", "in": "query", "schema": TEXT}],
                "responses": {
                    "200": {
                        "description": "Orders.",
                        "content": {
                            "application/json": {
                                "schema": _object(
                                    orders={
                                        "type": "array",
                                        "items": {"$ref": "#/components/schemas/Order"},
                                    },
                                    next_cursor=TEXT,
                                )
                            }
                        },
                    }
                },
            },
        }
    },
    "components": {
        "schemas": {
            "Order": _object(order_id=TEXT, status=TEXT, price=TEXT),
            "Event": {
                "oneOf": [_object(opened=TEXT, at=TEXT), _object(closed=TEXT, until=TEXT)],
            },
        }
    },
}


@dataclass(slots=True)
class Venue:
    """A document that may be edited, its lock, and what was generated from it."""

    folder: Path
    document: Json = field(default_factory=lambda: copy.deepcopy(DOCUMENT))

    @property
    def schemas(self) -> Json:
        return self.document["components"]["schemas"]  # type: ignore[no-any-return]

    @property
    def paths(self) -> Json:
        return self.document["paths"]  # type: ignore[no-any-return]

    @property
    def lock(self) -> Path:
        return self.folder / "venuekit.lock"

    def generate(
        self,
        target: Literal["python", "typescript"] = "python",
        *,
        renames: Renames = Renames.REFUSE,
        is_check: bool = False,
        missing: tuple[str, ...] = (),
    ) -> Report:
        """Write the document and generate one SDK from it."""
        file = self.folder / "venue.json"
        file.write_text(json.dumps(self.document, indent=1), encoding="utf-8")
        allowed = commands.Allowed(lock=self.lock, renames=renames, missing=missing)
        given = commands.inputs([file], [])
        package = "locked" if target == "python" else "@test/sdk"
        return commands.generate(given, target, self.folder / target, package, is_check, allowed)

    def names(self, target: str = "python") -> dict[str, str]:
        """Return the names of a target in the lock, by kind and place."""
        rows = (line.split() for line in self.lock.read_text(encoding="utf-8").splitlines()[3:])
        return {
            f"{row[1]} {row[2]}": row[3]
            for row in rows
            if row[0] == target and row[1] in ("class", "error", "method")
        }

    def text(self, name: str) -> str:
        """Return a file of what was generated."""
        return (self.folder / name).read_text(encoding="utf-8")


@pytest.fixture
def venue(tmp_path: Path) -> Venue:
    """The small venue, not generated yet."""
    return Venue(tmp_path)


Edit = Callable[[Venue], None]
