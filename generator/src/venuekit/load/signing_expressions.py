"""Reads expressions of `x-signing` and infers their types, with a finding for each mistake."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from venuekit.contract.schema import JsonValue
from venuekit.contract.signing import (
    Argument,
    Call,
    Expression,
    Literal,
    Members,
    Reference,
    StructTypes,
    ValueType,
)
from venuekit.contract.signing_operators import (
    OPERATORS,
    Operator,
    OperatorParameter,
    ParameterKind,
)
from venuekit.finding import Finding, Severity
from venuekit.origin import Origin

RULE = "signing-invalid"

Scope = Mapping[str, ValueType]
"""The names that `$name` may mean, and what they are."""

_MAXIMUM_DEPTH = 40


@dataclass(slots=True)
class Report:
    """Collects what is wrong, so that one run shows every mistake."""

    findings: list[Finding] = field(default_factory=list)

    def add(self, origin: Origin, message: str, help_text: str) -> None:
        """Add an error with its place and its cure."""
        self.findings.append(
            Finding(
                rule=RULE,
                severity=Severity.ERROR,
                message=message,
                help=help_text,
                origin=origin,
            )
        )


def describe(value: JsonValue) -> str:
    """Return what a value is, for a message."""
    match value:
        case None:
            return "null"
        case bool():
            return f"the boolean {str(value).lower()}"
        case str():
            return f"the text {value!r}"
        case list():
            return "a list"
        case Mapping():
            return f"a mapping with {', '.join(map(repr, value)) or 'no members'}"
        case _:
            return f"the number {value}"


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the nearest known name, or the whole list."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    return f"Did you mean {near[0]!r}?" if near else f"Use one of: {', '.join(names)}."


@dataclass(slots=True)
class ExpressionReader:
    """Turns values into expressions within a scope."""

    report: Report
    scope: Scope

    def read(
        self, value: JsonValue, origin: Origin, expected: tuple[ValueType, ...] = ()
    ) -> tuple[Expression, ValueType]:
        """Return the expression and its type; a mistake is reported and replaced by "".

        `expected` names the types that the place takes; empty takes any.
        """
        expression, found = self._read(value, origin)
        if found is None:
            return expression, expected[0] if expected else ValueType.TEXT
        if expected and found not in expected:
            self.report.add(
                origin,
                f"this expression yields {found}, but {_any_of(expected)} is expected here",
                _type_cure(found, expected),
            )
            return expression, expected[0]
        return expression, found

    def _read(self, value: JsonValue, origin: Origin) -> tuple[Expression, ValueType | None]:
        if len(origin.pointer) > _MAXIMUM_DEPTH:
            self.report.add(
                origin, "the expression nests too deep", "Name its inner part as a step."
            )
            return Literal("", origin), None
        match value:
            case str():
                return self._read_text(value, origin)
            case Mapping() if len(value) == 1:
                (name, argument), *_ = value.items()
                return self._read_call(str(name), argument, origin)
            case _:
                self.report.add(
                    origin,
                    f"an expression cannot be {describe(value)}",
                    "Write a text, a reference such as $body, or one operator such as "
                    "{hex: $digest}; put quotes around numbers and true or false.",
                )
                return Literal("", origin), None

    def _read_text(self, value: str, origin: Origin) -> tuple[Expression, ValueType | None]:
        if value.startswith("$$"):
            return Literal(value[1:], origin), ValueType.TEXT
        if not value.startswith("$"):
            return Literal(value, origin), ValueType.TEXT
        name = value[1:]
        if name not in self.scope:
            section = {"timestamp": "clock", "nonce": "nonce"}.get(name)
            self.report.add(
                origin,
                f"{value} names no input, credential or earlier step",
                f"Add a {section!r} section, which says what {value} is."
                if section
                else suggestion(name, self.scope) + " A text that starts with $ is written $$.",
            )
            return Literal("", origin), None
        return Reference(name, origin), self.scope[name]

    def _read_call(
        self, name: str, argument: JsonValue, origin: Origin
    ) -> tuple[Expression, ValueType | None]:
        row = OPERATORS.get(name)
        here = origin.child(name)
        if row is None:
            self.report.add(here, f"there is no operator {name!r}", suggestion(name, OPERATORS))
            return Literal("", origin), None
        written = self._arguments(row, argument, here)
        arguments: list[tuple[str, Argument]] = []
        found: list[ValueType] = []
        for parameter in row.parameters:
            item = written.get(parameter.name, parameter.default)
            if item is None:
                self.report.add(
                    here,
                    f"operator {name!r} lacks its argument {parameter.name!r}",
                    f"Its arguments are: {', '.join(p.name for p in row.parameters)}.",
                )
                continue
            place = here if row.is_short else here.child(parameter.name)
            read, types = self._read_argument(parameter, item, place)
            arguments.append((parameter.name, read))
            if not (parameter.name == "of" and row.name.startswith("if_")):
                found += types
        result = row.result or _common(found)
        return Call(name, tuple(arguments), origin), result

    def _arguments(
        self, row: Operator, argument: JsonValue, origin: Origin
    ) -> Mapping[str, JsonValue]:
        """Return the arguments by name; the only or first one may be written alone."""
        required = [parameter for parameter in row.parameters if parameter.is_required]
        names = {parameter.name for parameter in row.parameters}
        first = row.parameters[0].name
        if row.is_short or (
            len(required) == 1 and not (isinstance(argument, Mapping) and first in argument)
        ):
            return {first: argument}
        if not isinstance(argument, Mapping):
            self.report.add(
                origin,
                f"operator {row.name!r} takes a mapping of arguments, not {describe(argument)}",
                f"Its arguments are: {', '.join(p.name for p in row.parameters)}.",
            )
            return {}
        for name in argument:
            if name not in names:
                self.report.add(
                    origin.child(name),
                    f"operator {row.name!r} has no argument {name!r}",
                    suggestion(str(name), names),
                )
        return {str(name): item for name, item in argument.items()}

    def _read_argument(
        self, parameter: OperatorParameter, value: JsonValue, origin: Origin
    ) -> tuple[Argument, list[ValueType]]:
        match parameter.kind:
            case ParameterKind.EXPRESSION:
                expression, found = self.read(value, origin, parameter.types)
                return expression, [found]
            case ParameterKind.EXPRESSIONS:
                return self._read_parts(parameter, value, origin)
            case ParameterKind.MEMBERS:
                return self._read_members(parameter, value, origin), []
            case ParameterKind.LITERAL:
                return self._read_literal(value, origin), []
            case ParameterKind.INTEGER:
                return self._read_integer(value, origin), []
            case ParameterKind.CHOICE:
                return self._read_choice(parameter, value, origin), []
            case ParameterKind.NAMES:
                return self._read_names(value, origin), []
            case ParameterKind.STRUCT_TYPES:
                return self._read_struct_types(value, origin), []
            case _:
                assert_never(parameter.kind)

    def _read_parts(
        self, parameter: OperatorParameter, value: JsonValue, origin: Origin
    ) -> tuple[Argument, list[ValueType]]:
        if not isinstance(value, list | tuple) or not value:
            self.report.add(
                origin,
                f"{parameter.name!r} takes a list of expressions, not {describe(value)}",
                "Write the parts as a list, also when there is only one.",
            )
            return (), []
        pairs = [
            self.read(item, origin.child(index), parameter.types)
            for index, item in enumerate(value)
        ]
        return tuple(expression for expression, _ in pairs), [found for _, found in pairs]

    def _read_members(
        self, parameter: OperatorParameter, value: JsonValue, origin: Origin
    ) -> Members:
        if not isinstance(value, Mapping):
            self.report.add(
                origin,
                f"members are a mapping of names and expressions, not {describe(value)}",
                "Write them as {name: expression, ...}.",
            )
            return Members(())
        return Members(
            tuple(
                (str(name), self.read(item, origin.child(name), parameter.types)[0])
                for name, item in value.items()
            )
        )

    def _read_literal(self, value: JsonValue, origin: Origin) -> str:
        if isinstance(value, str):
            return value
        self.report.add(origin, f"a constant text is expected, not {describe(value)}", "Quote it.")
        return ""

    def _read_integer(self, value: JsonValue, origin: Origin) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self.report.add(
            origin, f"a whole number is expected, not {describe(value)}", "Write 0 or more."
        )
        return 0

    def _read_choice(self, parameter: OperatorParameter, value: JsonValue, origin: Origin) -> str:
        if isinstance(value, str) and value in parameter.options:
            return value
        self.report.add(
            origin,
            f"{parameter.name!r} cannot be {describe(value)}",
            f"Use one of: {', '.join(parameter.options)}.",
        )
        return parameter.options[0]

    def _read_names(self, value: JsonValue, origin: Origin) -> tuple[str, ...]:
        if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            return tuple(str(item) for item in value)
        self.report.add(
            origin, f"a list of texts is expected, not {describe(value)}", "Write [one, two]."
        )
        return ()

    def _read_struct_types(self, value: JsonValue, origin: Origin) -> StructTypes:
        structs: list[tuple[str, tuple[tuple[str, str], ...]]] = []
        for name, fields in value.items() if isinstance(value, Mapping) else ():
            if isinstance(fields, Mapping) and all(isinstance(t, str) for t in fields.values()):
                structs.append((str(name), tuple((str(k), str(t)) for k, t in fields.items())))
        if not isinstance(value, Mapping) or len(structs) != len(value) or not structs:
            self.report.add(
                origin,
                f"struct types are a mapping of mappings, not {describe(value)}",
                "Write {Agent: {source: string, connectionId: bytes32}}.",
            )
        return StructTypes(tuple(structs))


def _common(found: list[ValueType]) -> ValueType:
    return ValueType.BYTES if ValueType.BYTES in found else ValueType.TEXT


def _any_of(types: tuple[ValueType, ...]) -> str:
    return " or ".join(dict.fromkeys(types))


def _type_cure(found: ValueType, expected: tuple[ValueType, ...]) -> str:
    if found is ValueType.BYTES and ValueType.TEXT in expected:
        return "Encode the bytes with hex, base64 or base64url."
    if found is ValueType.NUMBER and ValueType.TEXT in expected:
        return "Write the number as text with as_text."
    if found is ValueType.LIST and ValueType.TEXT in expected:
        return "Write the list as text with form or names."
    if found is ValueType.VALUE and ValueType.TEXT in expected:
        return "Write the value as text with as_text, json or flatten."
    if ValueType.NUMBER in expected and found is ValueType.TEXT:
        return "Read the digits with number."
    if found.endswith("_key") or any(kind.endswith("_key") for kind in expected):
        return "Change the credential's `decode` or use the operator that takes this key."
    return "Use an operator that takes this type; the reference page lists them."
