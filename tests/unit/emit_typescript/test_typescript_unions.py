"""Unions as types and tables: tagged, untagged, and those that nothing tells apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

from venuekit.emit.emission import Emission, Options
from venuekit.emit.typescript import emit
from venuekit.finding import Severity
from venuekit.load import load

Package = Callable[..., tuple[Path, Emission]]

TAGGED = """
openapi: 3.1.0
info: {title: Tagged, version: 1.0.0}
paths: {}
components:
  schemas:
    Event:
      oneOf: [{$ref: '#/components/schemas/Fill'}, {$ref: '#/components/schemas/Done'}]
      discriminator:
        propertyName: event_type
        mapping:
          fill: '#/components/schemas/Fill'
          partial_fill: '#/components/schemas/Fill'
          done: '#/components/schemas/Done'
    Fill:
      type: object
      required: [event_type, last_price]
      properties: {event_type: {type: string}, last_price: {type: string, format: decimal}}
    Done:
      type: object
      required: [event_type]
      properties: {event_type: {type: string}, done_at: {type: integer}}
"""


def test_two_tags_of_one_schema_and_an_unknown_one(
    tmp_path: Path, package: Package, toolchain: Any
) -> None:
    document = tmp_path / "tagged.yaml"
    document.write_text(TAGGED, encoding="utf-8")
    folder, _emission = package(document)
    (folder / "src" / "narrow.ts").write_text(
        dedent("""
            import type { Decimal } from "@venuekit/runtime";
            import type { Event } from "./types.ts";
            export const price = (event: Event): Decimal | undefined => {
              if (event.eventType === "fill") return event.lastPrice;
              if (event.eventType === "partial_fill") return event.lastPrice;
              if (event.eventType === "done") return undefined;
              const raw: unknown = event.raw;
              return raw === undefined ? undefined : undefined;
            };
        """),
        encoding="utf-8",
    )
    for compiler in ("typescript", "typescript-5"):
        assert toolchain.compile(folder, compiler) == ""
    program = """
        import assert from "node:assert/strict";
        import { codec, Decimal, parseJson, stringifyJson } from "@venuekit/runtime";
        import { Event } from "./src/schemas.ts";
        const { decode, encode, isExact } = codec(Event);
        for (const tag of ["fill", "partial_fill"]) {
          const text = `{"event_type":"${tag}","last_price":"1.50","extra":{"a_b":1}}`;
          const value = decode(parseJson(text, isExact));
          assert.ok(value.lastPrice instanceof Decimal);
          assert.equal(value.eventType, tag);
          assert.equal(stringifyJson(encode(value), isExact), text);
        }
        const text = '{"event_type":"bust","trade_id":12345678901234567890}';
        const later = decode(parseJson(text, isExact));
        assert.equal(later.unknownTag, "bust");
        assert.equal(later.raw.trade_id, 12345678901234567890n);
        assert.equal(stringifyJson(encode(later), isExact), text);
    """
    toolchain.run(folder, program)


UNTAGGED = """
openapi: 3.1.0
info: {title: Untagged, version: 1.0.0}
paths: {}
components:
  schemas:
    Tick:
      oneOf: [{$ref: '#/components/schemas/Bid'}, {$ref: '#/components/schemas/Ask'}]
    Bid:
      type: object
      properties: {bid_price: {type: string, format: decimal}, at: {type: integer}}
    Ask:
      type: object
      properties: {ask_price: {type: string, format: decimal}, at: {type: integer}}
    Sale:
      anyOf: [{$ref: '#/components/schemas/Amount'}, {$ref: '#/components/schemas/Label'}]
    Amount:
      type: object
      properties: {value: {type: string, format: decimal}}
    Label:
      type: object
      properties: {value: {type: string}}
    Same:
      anyOf: [{$ref: '#/components/schemas/Amount'}, {$ref: '#/components/schemas/Twin'}]
    Twin:
      type: object
      properties: {value: {type: string, format: decimal}}
    Scalar:
      oneOf: [{type: string}, {type: string, format: decimal}]
"""


def test_fields_of_their_own_tell_objects_apart(
    tmp_path: Path, package: Package, toolchain: Any
) -> None:
    document = tmp_path / "untagged.yaml"
    document.write_text(UNTAGGED, encoding="utf-8")
    folder, _emission = package(document)
    program = """
        import assert from "node:assert/strict";
        import { codec, Decimal } from "@venuekit/runtime";
        import { Scalar, Tick } from "./src/schemas.ts";
        assert.ok(codec(Tick).decode({ bid_price: "1" }).bidPrice instanceof Decimal);
        const ask = codec(Tick).decode({ at: 1, ask_price: "2" });
        assert.ok(ask.askPrice instanceof Decimal);
        assert.deepEqual(codec(Tick).encode(ask), { at: 1, ask_price: "2" });
        assert.deepEqual(codec(Tick).decode({ at: 1 }), { at: 1 });
        assert.ok(codec(Scalar).decode("1.5") instanceof Decimal);
        assert.equal(codec(Scalar).decode("none"), "none");
    """
    toolchain.run(folder, program)


def test_what_nothing_tells_apart_is_a_finding_with_its_place(tmp_path: Path) -> None:
    document = tmp_path / "untagged.yaml"
    document.write_text(UNTAGGED, encoding="utf-8")
    emission = emit(load([document]).contract, Options(package="@a/b"))
    (finding,) = emission.findings
    assert finding.severity is Severity.WARNING
    assert "'Amount' and 'Label'" in finding.message
    assert finding.origin is not None
    assert finding.origin.place.line == 16
