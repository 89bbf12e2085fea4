"""Reads and judges `x-signing-inputs`: what a signature takes from the contract per operation."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract, JsonValue, Operation, SignedScheme
from venuekit.contract.signing import InputSource, SignedWire, SigningScheme
from venuekit.load.context import Context
from venuekit.load.findings import Report
from venuekit.signing.plan import used_inputs
from venuekit.source import Node

EXTENSION = "x-signing-inputs"


def read_signing_inputs(context: Context, operation: Node) -> dict[str, JsonValue]:
    """Return the values by the names of the scheme's inputs; its JSON Schema judges their kinds."""
    written = operation.get(EXTENSION)
    found = context.resolve(written) if written is not None else None
    return dict(found.value) if found is not None and isinstance(found.value, dict) else {}


def check_signing_inputs(contract: Contract, report: Report) -> None:
    """Report each operation that lacks what its signature needs, or states what none reads."""
    for operation in contract.operations:
        schemes = list(_schemes(contract, operation))
        for scheme in schemes:
            for name in sorted(_needed(scheme, operation) - operation.signing_inputs.keys()):
                report.error(
                    "signing-input-missing",
                    operation.origin,
                    f"{operation.name} is signed with {scheme.name}, which takes {name!r} from the"
                    " operation, and the operation does not state it",
                    f"Write {EXTENSION}: {{{name}: VALUE}} beside its security.",
                )
        known = {name for scheme in schemes for name in _from_operation(scheme)}
        for name in sorted(operation.signing_inputs.keys() - known):
            takes = f"take {', '.join(sorted(known))}" if known else "take none"
            report.error(
                "signing-input-unknown",
                operation.origin.child(EXTENSION).child(name),
                f"{operation.name} states {name!r}, and its signing schemes {takes}"
                " from an operation",
                "Remove it, or name an input that the scheme declares with from: operation.",
            )


def _schemes(contract: Contract, operation: Operation) -> Iterator[SigningScheme]:
    """Yield the signing schemes that an operation may be sent with, each once."""
    names = dict.fromkeys(name for one in operation.security for name, _ in one.schemes)
    for name in names:
        scheme = contract.security_schemes.get(name)
        if isinstance(scheme, SignedScheme):
            yield scheme.signing


def _from_operation(scheme: SigningScheme) -> set[str]:
    return {item.name for item in scheme.inputs if item.source is InputSource.OPERATION}


def _needed(scheme: SigningScheme, operation: Operation) -> set[str]:
    """Return the inputs without a default that the scheme reads on the operation's wire."""
    use = scheme.use(SignedWire(operation.wire))
    if use is None:
        return set()
    needed = {item.name for item in scheme.inputs if item.default is None}
    return needed & _from_operation(scheme) & used_inputs(scheme, use)
