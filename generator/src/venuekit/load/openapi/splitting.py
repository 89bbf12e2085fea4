"""Operations that share one path and method and differ by a field of the request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from venuekit.contract import (
    ConstSchema,
    Contract,
    Field,
    HttpBinding,
    JsonValue,
    Operation,
    Parameter,
)
from venuekit.contract.walk import request_fields
from venuekit.load.context import Context
from venuekit.load.findings import Report
from venuekit.load.validity import judge_part
from venuekit.source import Node

EXTENSION = "x-operations"


def written_alternatives(context: Context, operation: Node) -> Iterator[tuple[str, Node]]:
    """Yield the operations that `x-operations` puts in the place of one, each with its name.

    Each is a whole Operation Object, judged as such.
    """
    for name, reference in _alternatives(operation).items():
        node = context.resolve(
            Node(operation.document, (*operation.pointer, EXTENSION, name), reference), "operation"
        )
        if node is None:
            continue
        if context.format is not None and node.document in context.judged:
            judge_part(node, context.format, "operation", context.report)
        yield name, node


def alternatives_count(operation: Node) -> int:
    """Return how many operations stand where one is written."""
    return len(_alternatives(operation)) or 1


def _alternatives(operation: Node) -> dict[str, JsonValue]:
    written = operation.members.get(EXTENSION)
    return written if isinstance(written, dict) else {}


def check_told_apart(contract: Contract, operations: Sequence[Operation], report: Report) -> None:
    """Report operations of one document that no field of the request tells apart.

    Such a field has one value in each of them: a `const`, or an enum of one.
    """
    groups: dict[tuple[str, str], list[Operation]] = defaultdict(list)
    for operation in operations:
        if isinstance(operation.binding, HttpBinding):
            groups[(operation.binding.method, operation.binding.path)].append(operation)
    for (method, path), group in groups.items():
        if len(group) > 1 and not _differs(contract, group):
            report.error(
                "operations-not-told-apart",
                group[0].origin,
                f"{len(group)} operations share {method} {path}, and no field of the request has"
                f" another value in each: {', '.join(operation.name for operation in group)}",
                "Give one field a const in each of them.",
            )


def _differs(contract: Contract, group: Sequence[Operation]) -> bool:
    constants = [_constants(contract, operation) for operation in group]
    shared = set.intersection(*(set(one) for one in constants))
    return any(len({str(one[name]) for one in constants}) == len(group) for name in shared)


def _constants(contract: Contract, operation: Operation) -> dict[str, JsonValue]:
    """Return the fields of a request that have one value alone."""
    assert isinstance(operation.binding, HttpBinding)
    fields = list(request_fields(contract, operation))
    parts: list[Field | Parameter] = [*operation.binding.parameters, *fields]
    return {p.name: p.schema.value for p in parts if isinstance(p.schema, ConstSchema)}
