"""Whatever a document says, loading ends soon: with a contract, or with findings."""

from __future__ import annotations

import contextlib
import json
import random
import time
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from venuekit.finding import FindingsError
from venuekit.load import load
from venuekit.origin import Pointer
from venuekit.source import parse_document

SPEC = Path(__file__).parents[3] / "spec"
VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    "",
    "x",
    [],
    {},
    [None],
    [[]],
    {"": ""},
    {"$ref": "#"},
    {"$ref": ""},
    {"$ref": "#/components"},
    {"$ref": "#/components/schemas/Absent"},
    {"$ref": 5},
    {"allOf": []},
    {"oneOf": []},
    {"enum": []},
    {"type": []},
    {"type": ["null"]},
    {"type": "object", "properties": None},
    {"oneOf": [{"$ref": "#"}], "discriminator": {"propertyName": "x", "mapping": {"a": "b"}}},
]
KEYS = ["nullable", "$ref", "type", "allOf", "oneOf", "traits", "enum"]
KEYS += ["x-fix", "x-errors", "x-effect", "x-stream", "x-signing"]


def pointers(value: Any, pointer: Pointer = ()) -> Iterator[Pointer]:
    yield pointer
    entries: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        entries = list(value.items())
    elif isinstance(value, list):
        entries = list(enumerate(value))
    for token, member in entries:
        yield from pointers(member, (*pointer, token))


def at(value: Any, pointer: Pointer) -> Any:
    for token in pointer:
        value = value[token]
    return value


def mutated(value: Any, places: list[Pointer], chance: random.Random) -> Any:
    """Return a copy in which one value is gone, replaced, moved or joined by another."""
    changed = deepcopy(value)
    pointer = chance.choice(places[1:])
    parent, token = at(changed, pointer[:-1]), pointer[-1]
    match chance.randrange(4):
        case 0:
            del parent[token]
        case 1:
            parent[token] = deepcopy(chance.choice(VALUES))
        case 2:
            parent[token] = deepcopy(at(value, chance.choice(places)))
        case _:
            target = parent[token] if isinstance(parent[token], dict) else parent
            if isinstance(target, dict):
                target[chance.choice(KEYS)] = deepcopy(chance.choice(VALUES))
    return changed


def written(value: Any) -> str:
    return json.dumps(value, default=lambda number: float(number))


@pytest.mark.parametrize("name", ["rest.openapi.yaml", "stream.asyncapi.yaml", "fix.asyncapi.yaml"])
def test_no_mutation_of_a_document_ends_in_a_traceback(name: str, tmp_path: Path) -> None:
    """Every finding has a place that can be shown; errors are findings and nothing else."""
    chance = random.Random(name)
    folder = tmp_path / "spec"
    folder.symlink_to(SPEC)
    value = parse_document(name, (SPEC / name).read_bytes()).value
    places = list(pointers(value))
    path = tmp_path / "mutated.json"
    absolute = written(value)
    for part in ("schemas/", "errors.yaml", "limits.yaml", "signing.yaml"):
        absolute = absolute.replace(f'"$ref": "{part}', f'"$ref": "spec/{part}')
    value = json.loads(absolute, parse_float=Decimal)
    refused = 0
    for _ in range(120):
        path.write_text(written(mutated(value, places, chance)))
        try:
            findings = load([path], root_folder=SPEC.parent.parent).findings
        except FindingsError as error:
            findings = error.findings
            refused += 1
            assert findings
        for finding in findings:
            assert finding.origin is not None
            assert finding.origin.place.line > 0
    assert refused > 10


def schemas(count: int, text: str) -> str:
    return (
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n"
        + "".join(
            "    " + text.replace("{n}", str(n)).replace("{m}", str(max(n - 1, 0))) + "\n"
            for n in range(count)
        )
    )


REF = "$ref: '#/components/schemas/"


@pytest.mark.parametrize(
    "text",
    [
        # References that fan out: 2^60 paths lead to the last one.
        f"S{{n}}: {{allOf: [{{{REF}S{{m}}'}}, {{{REF}S{{m}}'}}]}}",
        f"S{{n}}: {{oneOf: [{{{REF}S{{m}}'}}, {{{REF}S{{m}}'}}]}}",
        f"S{{n}}: {{type: object, properties: {{a: {{{REF}S{{m}}'}}, b: {{{REF}S{{m}}'}}}}}}",
        # Two families whose merge doubles with each level.
        f"A{{n}}: {{properties: {{a: {{{REF}A{{m}}'}}, b: {{{REF}A{{m}}'}}}}}}\n"
        f"    B{{n}}: {{properties: {{a: {{{REF}B{{m}}'}}, b: {{{REF}B{{m}}'}}}}}}\n"
        f"    C{{n}}: {{allOf: [{{{REF}A{{n}}'}}, {{{REF}B{{n}}'}}]}}",
        # Unions that multiply.
        "U{n}: {oneOf: [{properties: {a{n}: {}}, type: object}, {type: object}]}\n"
        + f"    M{{n}}: {{allOf: [{{{REF}U{{n}}'}}, {{{REF}M{{m}}'}}]}}",
        f"F{{n}}: {{discriminator: {{propertyName: t}}, allOf: [{{{REF}F{{m}}'}}]}}",
    ],
)
def test_schemas_made_to_explode_do_not(documents: Any, text: str) -> None:
    started = time.process_time()
    with contextlib.suppress(FindingsError):
        documents.load(schemas(25, text))
    assert time.process_time() - started < 5


def test_cyclic_references_between_files(documents: Any) -> None:
    loaded = documents.load(
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"
        "components: {schemas: {A: {$ref: 'other.yaml#/A'}}}\n",
        other="A: {type: object, properties: {back: {$ref: 'api.yaml#/components/schemas/A'}}}\n",
    )
    assert list(loaded.contract.schemas) == ["A"]
    loop = documents.fails(
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {$ref: 'other.yaml#/p'}}\n",
        other="p: {$ref: 'api.yaml#/paths/~1a'}\n",
    )
    assert "leads back to itself" in loop[0]


def test_names_are_kept_as_they_are(documents: Any) -> None:
    """Quotes, line breaks, comment ends and paths in names are the emitters' affair."""
    name = "../../\"'*/ \n\u202e{}"
    loaded = documents.load(
        written(
            {
                "openapi": "3.1.0",
                "info": {"title": name, "version": "1"},
                "paths": {"/a": {"get": {"operationId": name, "tags": [name]}}},
            }
        ),
        name="api.json",
    )
    (operation,) = loaded.contract.operations
    assert (operation.name, operation.tags, loaded.contract.title) == (name, (name,), name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "openapi: 3.1.0\n  info: {}\n",
            "api.yaml:2:7: error[unreadable-document]: this is not YAML",
        ),
        ("openapi: 3.1.0\nopenapi: 3.1.0\n", "api.yaml:2:1: error[unreadable-document]: the key"),
        ("", "api.yaml:1:1: error[unreadable-document]: the document is empty"),
    ],
)
def test_text_that_is_no_document(documents: Any, text: str, said: str) -> None:
    (line,) = documents.fails(text)
    assert line.startswith(said)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FindingsError, match="No such file"):
        load([tmp_path / "absent.yaml"])


def test_two_broken_documents_are_both_told(documents: Any) -> None:
    paths = documents.write({"a.yaml": "a: [\n", "b.yaml": "b: 'x\n"})
    with pytest.raises(FindingsError) as caught:
        load(paths)
    assert len(caught.value.findings) == 2


def test_schemas_in_other_files_are_judged_too(documents: Any) -> None:
    text = (
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n"
        "components: {schemas: {A: {$ref: 'other.yaml#/A'}}}\n"
    )
    assert documents.fails(text, other="A: {type: object, properties: [a]}\n") == [
        "other.yaml:1:31: error[invalid-document]: ['a'] is not of type object in 'properties'"
    ]
    old = text.replace("3.1.0", "3.0.3")
    (line,) = documents.fails(old, other="A: {type: [string, 'null']}\n")
    assert line.startswith("other.yaml:1:11: error[invalid-document]: ['string', 'null']")
    stream = "asyncapi: 3.0.0\ninfo: {title: T, version: '1'}\n"
    stream += "components: {messages: {m: {payload: {$ref: 'other.yaml#/A'}}}}\n"
    (line,) = documents.fails(stream, other="A: {required: a}\n")
    assert line.startswith("other.yaml:1:15: error[invalid-document]: 'a' is not of type array")


PARTS = """\
item: {get: {operationId: a, responsess: {}}}
parameter: {name: q, in: query, type: string}
response: {content: {}}
message: {payload: {}, contenType: x}
channel: {adress: x}
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "openapi: 3.1.0\npaths: {/a: {$ref: 'other.yaml#/item'}}\n",
            "other.yaml:1:42: error[invalid-document]: unknown member 'responsess' in 'get'",
        ),
        (
            "openapi: 3.0.3\npaths: {/a: {parameters: [{$ref: 'other.yaml#/parameter'}],"
            " get: {responses: {'200': {description: D}}}}}\n",
            "other.yaml:2:39: error[invalid-document]: unknown member 'type'",
        ),
        (
            "openapi: 3.1.0\npaths: {/a: {get: {operationId: a, responses:"
            " {'200': {$ref: 'other.yaml#/response'}}}}}\n",
            "other.yaml:3:11: error[invalid-document]: the member 'description' is missing",
        ),
        (
            "asyncapi: 3.0.0\ncomponents: {messages: {m: {$ref: 'other.yaml#/message'}}}\n",
            "other.yaml:4:36: error[invalid-document]: unknown member 'contenType'",
        ),
        (
            "asyncapi: 3.0.0\nchannels: {c: {$ref: 'other.yaml#/channel'}}\n",
            "other.yaml:5:19: error[invalid-document]: unknown member 'adress'",
        ),
    ],
)
def test_other_parts_in_other_files_are_judged_too(documents: Any, text: str, said: str) -> None:
    found = documents.fails(text + "info: {title: T, version: '1'}\n", other=PARTS)
    assert said in found
    assert all(line.startswith("other.yaml:") for line in found if "error" in line)
