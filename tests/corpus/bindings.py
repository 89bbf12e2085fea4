"""The emitted server bindings of a document, served with made answers, and the answers judged."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from case import Case, serving, to_json
from judge import lines

from venuekit.contract import Content, HttpBinding, Operation
from venuekit.mock.answers import Answers
from venuekit.mock.bodies import is_json
from venuekit.mock.raw import RawSchemas


@contextmanager
def served(case: Case, record: Path) -> Iterator[str]:
    """Serve the case's bindings, whose handlers answer with made values, and yield the URL."""
    assert case.loaded is not None
    schemas = RawSchemas(case.loaded.resolver.documents)
    answers = Answers(case.loaded.contract, schemas, seed=0)
    made = {}
    for operation in case.loaded.contract.operations:
        if isinstance(operation.binding, HttpBinding):
            answer = answers.answer(operation, operation.binding)
            headers = dict(answer.headers)
            made[operation.name] = {
                "status": answer.status,
                "media_type": headers.pop("Content-Type", ""),
                "headers": headers,
                "body": base64.b64encode(answer.body).decode(),
            }
    file = record.with_suffix(".answers")
    file.write_bytes(to_json(made))
    program = str(Path(__file__).with_name("serve_bindings.py"))
    ready = record.with_suffix(".ready")
    command = [sys.executable, program, case.server_package, str(file), str(record), str(ready)]
    with serving(command, ready, record.with_suffix(".log"), case.server / "src") as url:
        yield url


def judge_answers(case: Case, record: Path) -> None:
    """Hold every answer that went out to the document's own schemas."""
    assert case.loaded is not None
    schemas = RawSchemas(case.loaded.resolver.documents)
    operations = {o.name: o for o in case.loaded.contract.operations if o.wire == "rest"}
    count = 0
    for line in lines(record):
        operation = operations.get(str(line["operation"]))
        if operation is None or line["status"] >= 400:
            continue
        count += 1
        content = _content(operation, line)
        if content is None or content.schema is None or not is_json(content.media_type):
            continue
        value = json.loads(base64.b64decode(line["answer"]), parse_float=Decimal)
        problems = schemas.problems(content.origin.child("schema"), value, "response")
        if problems:
            case.fault(f"bindings: the answer of {operation.name}{problems[0]}")
    case.facts["bindings answered"] = str(count)


def _content(operation: Operation, line: dict[str, Any]) -> Content | None:
    assert isinstance(operation.binding, HttpBinding)
    status = str(line["status"])
    by_status = {response.status.upper(): response for response in operation.binding.responses}
    for key in (status, f"{status[0]}XX", "DEFAULT"):
        if key in by_status:
            contents = by_status[key].contents
            return next((c for c in contents if c.media_type == line["media_type"]), None)
    return None
