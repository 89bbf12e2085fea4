"""Our extensions are judged where they stand; those of others are kept as they are."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from venuekit.contract import RetryClass
from venuekit.load.extensions_check import extension_names, extension_schema

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"
OPERATION = HEAD + "paths: {/a: {get: {operationId: a, EXTENSION}}}\n"


def test_every_schema_of_an_extension_is_a_schema() -> None:
    assert extension_names() >= {"x-effect", "x-errors", "x-fix", "x-signing", "x-stream"}
    for name in extension_names():
        schema = extension_schema(name)
        assert jsonschema_rs.meta.is_valid(schema), name
        assert schema["title"] == name
        assert schema["description"]


@pytest.mark.parametrize(
    ("extension", "said"),
    [
        (
            "x-effect: created",
            "4:41: error[invalid-extension]: 'created' is not one of 'read', 'create', 'replace',"
            " 'cancel'",
        ),
        ("x-dedup-key: [a]", "4:44: error[invalid-extension]: ['a'] is not of type string"),
        ("x-errors: {A: 1}", "4:41: error[invalid-extension]: {'A': 1} is not of type array"),
        (
            "x-rate-limit: {orders: -1}",
            "4:54: error[invalid-extension]: -1 is less than the minimum of 0",
        ),
        ("x-stability: solid", "4:44: error[invalid-extension]: 'solid' is not one of"),
        ("x-sunset: soon", "4:41: error[invalid-extension]: 'soon' does not match"),
    ],
)
def test_wrong_values_have_their_place(documents: Any, extension: str, said: str) -> None:
    text = HEAD + f"paths:\n  {{/a: {{get: {{operationId: a, {extension}}}}}}}\n"
    (line,) = documents.fails(text)
    assert line.startswith("api.yaml:" + said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "x-errors: {OOPS: {cause: C, retry: never, action: A, http_statuss: 400}}",
            "api.yaml:3:68: error[unknown-extension-field]: unknown member 'http_statuss' in"
            " 'OOPS'",
        ),
        (
            "x-errors: {OOPS: {cause: C, retry: sometimes, action: A}}",
            "api.yaml:3:36: error[invalid-extension]: 'sometimes' is not one of 'never',"
            " 'after_fix', 'after_delay', 'resolve'",
        ),
        (
            "x-rate-limit: {buckets: {b: {scope: ip, capacity: 1, window_ms: 1, burst: 3}}}",
            "api.yaml:3:75: error[unknown-extension-field]: unknown member 'burst' in 'b'",
        ),
        (
            "x-rate-limit: {buckets: {b: {scope: ip, capacity: 1}}}",
            "api.yaml:3:29: error[invalid-extension]: the member 'window_ms' is missing",
        ),
    ],
)
def test_wrong_tables_have_their_place(documents: Any, text: str, said: str) -> None:
    assert documents.fails(HEAD + text + "\npaths: {}\n") == [said]


def test_tables_are_read(documents: Any) -> None:
    loaded = documents.load(
        HEAD
        + """
x-errors: {$ref: 'tables.yaml#/errors'}
x-rate-limit: {$ref: 'tables.yaml#/limits'}
paths:
  /a: {get: {operationId: a, x-errors: [SLOW], x-rate-limit: {b: 2}}}
""",
        tables="""\
errors:
  SLOW: {cause: C, retry: after_delay, action: A, http_status: 429, provoke: P}
limits:
  headers: {limit: L, remaining: R, retry_after: Retry-After}
  buckets: {b: {scope: key, capacity: 10, window_ms: 1000, description: D}}
""",
    )
    contract = loaded.contract
    code = contract.errors["SLOW"]
    assert (code.retry, code.http_status, code.provoke) == (RetryClass.AFTER_DELAY, 429, "P")
    assert code.origin.place.file.endswith("tables.yaml")
    bucket = contract.limits["b"]
    assert (bucket.capacity, bucket.window_ms, bucket.scope) == (10, 1000, "key")
    assert (bucket.limit_header, bucket.remaining_header) == ("L", "R")
    (operation,) = contract.operations
    assert operation.errors == ("SLOW",)
    assert [(cost.bucket, cost.weight) for cost in operation.limits] == [("b", 2)]
    assert loaded.findings == ()


def test_codes_and_buckets_must_exist(documents: Any) -> None:
    loaded = documents.load(OPERATION.replace("EXTENSION", "x-errors: [NO], x-rate-limit: {b: 1}"))
    assert [(f.rule, f.origin.place.line) for f in loaded.findings] == [
        ("unknown-error-code", 3),
        ("unknown-limit", 3),
    ]


@pytest.mark.parametrize(
    ("extension", "meant"),
    [
        ("x-efect: read", "x-effect"),
        ("x-dedup_key: id", "x-dedup-key"),
        ("X-Effect: read", None),
        ("x-error: [A]", "x-errors"),
        ("x-error: true", None),
        ("x-event: trade", None),
        ("x-codegen: {a: 1}", None),
    ],
)
def test_misspelt_extensions_are_suspected(
    documents: Any, extension: str, meant: str | None
) -> None:
    text = OPERATION.replace("EXTENSION", extension)
    if extension.startswith("X-"):
        assert "unknown member" in documents.fails(text)[0]
        return
    loaded = documents.load(text)
    told = [f.message for f in loaded.findings if f.rule == "misspelt-extension"]
    key = extension.split(":")[0]
    expected = f"{key!r} is no extension that venuekit knows, and it looks like {meant!r}"
    assert told == ([expected] if meant else [])
    assert key in loaded.contract.operations[0].extensions


def test_names_and_examples_are_not_extensions(documents: Any) -> None:
    loaded = documents.load(
        HEAD
        + """
paths: {}
components:
  schemas:
    A:
      type: object
      properties: {x-efect: {type: string}, default: {type: string, x-unit: USD}}
      examples: [{x-efect: read}]
      x-other: {x-effect: nonsense}
"""
    )
    assert loaded.findings == ()


def test_overlays_bring_extensions_and_their_mistakes_have_places(documents: Any) -> None:
    text = HEAD + "paths: {/a: {post: {operationId: a}}}\n"
    overlay = """\
overlay: 1.0.0
info: {title: O, version: '1'}
actions:
  - {target: '$.paths.*.post', update: {x-effect: EFFECT, x-dedup-key: id}}
"""
    loaded = documents.load(text, overlay.replace("EFFECT", "create"))
    assert loaded.contract.operations[0].effect == "create"
    assert loaded.contract.operations[0].origin.place.file.endswith("api.yaml")
    assert set(loaded.digests) == {"api.yaml", "overlay0.yaml"}
    assert documents.fails(text, overlay.replace("EFFECT", "make")) == [
        "overlay0.yaml:4:51: error[invalid-extension]: 'make' is not one of 'read', 'create',"
        " 'replace', 'cancel'"
    ]


def test_an_overlay_that_matches_nothing_fails(documents: Any) -> None:
    overlay = """\
overlay: 1.0.0
info: {title: O, version: '1'}
actions: [{target: '$.paths.*.put', remove: true}]
"""
    assert documents.fails(OPERATION.replace(", EXTENSION", ""), overlay) == [
        "overlay0.yaml:3:20: error[invalid-overlay]: the target '$.paths.*.put' matches nothing"
    ]


FOREIGN = [
    "x-errors: {a: {description: D, resolution: R}, b: {link: {text: T}}}",
    "x-errors: [{http-code: 400, title: T}]",
    "x-rate-limit: {requests: 100, period: minute}",
    "x-perspective: {view: top}",
]


@pytest.mark.parametrize("extension", FOREIGN)
def test_an_extension_of_somebody_else_with_the_name_of_ours_is_left_alone(
    documents: Any, extension: str
) -> None:
    loaded = documents.load(HEAD + f"{extension}\npaths: {{/a: {{get: {{operationId: a}}}}}}\n")
    (finding,) = loaded.findings
    assert (finding.rule, str(finding.severity)) == ("foreign-extension", "warning")
    assert finding.origin.place.line == 3
    assert extension.split(":")[0] in finding.message
    assert not loaded.contract.errors
    assert not loaded.contract.limits


def test_foreign_words_on_schemas_and_operations_say_nothing(documents: Any) -> None:
    loaded = documents.load(
        HEAD
        + """
paths:
  /a: {get: {operationId: a, x-effect: {kind: read}, x-errors: [{message: M}]}}
  /b: {get: {operationId: b, x-effect: {kind: write}, x-sunset: {on: never}}}
components:
  schemas:
    A: {type: string, enum: [a, b], x-extensible-enum: [{value: a, label: A}]}
    B: {type: string, format: date-time, x-empty: {hint: none}, x-unit: {symbol: m}}
"""
    )
    assert {f.rule for f in loaded.findings} == {"foreign-extension"}
    assert {f.message.split(" has ")[0] for f in loaded.findings} == {
        "each of the 2 values of 'x-effect'",
        "the value of 'x-errors'",
        "the value of 'x-sunset'",
        "the value of 'x-extensible-enum'",
        "the value of 'x-empty'",
        "the value of 'x-unit'",
    }
    (effects,) = (f for f in loaded.findings if "x-effect" in f.message)
    assert effects.origin.place.line == 5
    assert all(o.effect is None and not o.errors for o in loaded.contract.operations)
    enum, time = (loaded.contract.schemas[name].schema for name in ("A", "B"))
    assert (enum.values, enum.is_open, enum.is_openness_stated) == (("a", "b"), False, False)
    assert not time.is_empty_null


@pytest.mark.parametrize(
    "extension",
    [
        "x-errors: {A: {cause: C, description: D}}",
        "x-errors: {A: {reason: C, retyr: never}}",
        "x-errors: {A: {reason: C}, B: {cause: C, retry: never, action: A}}",
        "x-rate-limit: {bucket: {a: 1}}",
        "x-signing-inputs: {}",
    ],
)
def test_mistakes_in_our_extensions_stay_errors(documents: Any, extension: str) -> None:
    told = documents.fails(HEAD + f"{extension}\npaths: {{}}\n")
    assert all("error[" in line for line in told)
    assert any("error[invalid-extension]" in line for line in told)


def test_an_overlay_takes_out_what_is_not_ours(documents: Any) -> None:
    text = OPERATION.replace("EXTENSION", "x-stability: solid")
    overlay = """\
overlay: 1.0.0
info: {title: O, version: '1'}
actions: [{target: "$..['x-stability']", remove: true}]
"""
    assert documents.load(text, overlay).findings == ()
