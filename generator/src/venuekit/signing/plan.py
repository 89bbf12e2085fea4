"""In which order a use computes steps and writes values: shared by interpreter and emitters."""

from __future__ import annotations

from dataclasses import dataclass

from venuekit.contract.signing import (
    Call,
    Expression,
    Placement,
    Reference,
    SigningScheme,
    Step,
    Use,
    walk,
)

Action = Step | Placement


@dataclass(frozen=True, slots=True)
class Plan:
    """The actions of one use in order.

    Placements that do not depend on the signature come first, each after the steps it needs,
    because what they write is part of what is signed; then the remaining steps; then the
    placements that carry the signature.
    """

    use: Use
    actions: tuple[Action, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """Return the steps that this use computes, in order."""
        return tuple(action for action in self.actions if isinstance(action, Step))


def references(expression: Expression) -> frozenset[str]:
    """Return the names that an expression refers to directly."""
    return frozenset(part.name for part in walk(expression) if isinstance(part, Reference))


def signed_names(scheme: SigningScheme) -> frozenset[str]:
    """Return `signature` and the steps that are computed from it."""
    found = {"signature"}
    for step in scheme.steps:
        if references(step.expression) & found:
            found.add(step.name)
    return frozenset(found)


def plan(scheme: SigningScheme, use: Use) -> Plan:
    """Return what to do for one use of a scheme."""
    signed = signed_names(scheme)
    actions: list[Action] = []
    early = [p for p in use.placements if not references(p.value) & signed]
    late = [p for p in use.placements if references(p.value) & signed]
    for placement in early:
        _need(scheme, references(placement.value), actions)
        actions.append(placement)
    _need(scheme, frozenset(("canonical", "signature")), actions)
    for placement in late:
        _need(scheme, references(placement.value), actions)
        actions.append(placement)
    return Plan(use, tuple(actions))


def _need(scheme: SigningScheme, names: frozenset[str], actions: list[Action]) -> None:
    """Append the steps of these names, and before them the steps that they need."""
    for step in scheme.steps:
        if step.name in names and step not in actions:
            _need(scheme, references(step.expression), actions)
            actions.append(step)


def used_inputs(scheme: SigningScheme, use: Use) -> frozenset[str]:
    """Return the inputs and credentials that one use reads; bound ones are left out."""
    found: set[str] = set()
    for action in plan(scheme, use).actions:
        expression = action.expression if isinstance(action, Step) else action.value
        found |= references(expression)
    for _, expression in use.bindings:
        found |= references(expression)
    bound = {name for name, _ in use.bindings}
    return frozenset(found - bound - {step.name for step in scheme.steps})


def names_behind(scheme: SigningScheme, step_name: str) -> frozenset[str]:
    """Return every name that a step depends on, directly or through other steps."""
    found: set[str] = set()
    pending = [step_name]
    steps = {step.name: step for step in scheme.steps}
    while pending:
        step = steps.get(pending.pop())
        if step is not None:
            fresh = references(step.expression) - found
            found |= fresh
            pending += fresh
    return frozenset(found)


def is_optional(scheme: SigningScheme, placement: Placement) -> bool:
    """Return whether the value may be empty, in which case nothing is written."""
    match placement.value:
        case Call(operator) if operator.startswith("if_"):
            return True
        case Reference(name) if name in scheme.given_by_session:
            return False
        case Reference(name):
            return any(item.name == name and not item.default for item in scheme.inputs)
        case _:
            return False
