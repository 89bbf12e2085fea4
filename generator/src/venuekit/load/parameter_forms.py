"""Parameters whose values OpenAPI gives no form: lists and objects that hold others."""

from __future__ import annotations

from venuekit.contract import (
    ArraySchema,
    Contract,
    HttpBinding,
    ObjectSchema,
    Parameter,
    Schema,
    TupleSchema,
    UnionSchema,
)
from venuekit.contract.walk import children, resolve
from venuekit.load.findings import Report


def check_parameter_forms(contract: Contract, report: Report) -> None:
    """Report each parameter that may be given a list or an object with others inside.

    The styles say how a list of scalars and an object of scalars are written; for what is nested
    the behaviour is undefined (OpenAPI 3.1, section 4.8.12.4). Such a value is refused by a call.
    """
    written = {
        parameter.origin.pointer: parameter
        for operation in contract.operations
        if isinstance(operation.binding, HttpBinding)
        for parameter in operation.binding.parameters
    }
    for parameter in written.values():
        if _has_no_form(contract, parameter):
            report.warning(
                "parameter-form-undefined",
                parameter.origin,
                f"{parameter.name!r} may be given a list or an object inside of another, for which"
                f" the style {parameter.style!r} has no form: a call with one is refused",
                "Say it by `content` with a media type, such as application/json, if the server"
                " takes that.",
            )


def _has_no_form(contract: Contract, parameter: Parameter) -> bool:
    if parameter.content_type is not None:
        return False
    shape = resolve(contract, parameter.schema)
    variants = shape.variants if isinstance(shape, UnionSchema) else (shape,)
    return any(
        _is_compound(contract, inner)
        for variant in variants
        for inner in children(resolve(contract, variant))
    )


def _is_compound(contract: Contract, schema: Schema) -> bool:
    shape = resolve(contract, schema)
    return isinstance(shape, ArraySchema | TupleSchema | ObjectSchema)
