"""Earlier names of methods: each goes on as a deprecated method with the same one call."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from venuekit.contract import Operation
from venuekit.emit.python.context import Context
from venuekit.emit.python.names import constant_names
from venuekit.emit.python.text import docstring, literal
from venuekit.emit.python.views import DescriptorView, MethodView

_NAME = re.compile(r"def (\w+)\(")


def with_formers(context: Context, methods: Sequence[MethodView]) -> tuple[MethodView, ...]:
    """Return a client's methods, each followed by what it was called before.

    What has the earlier name now in the same client keeps it.
    """
    taken = {_name(method) for method in methods}
    return tuple(one for method in methods for one in _family(context, method, taken))


def _family(context: Context, method: MethodView, taken: set[str]) -> Iterator[MethodView]:
    yield method
    name = _name(method)
    for prefix in ("", "iter_"):
        for former in context.method_formers.get(name.removeprefix(prefix), ()):
            old = f"{prefix}{former}"
            if name.startswith(prefix) and old not in taken:
                taken.add(old)
                yield replace(
                    method,
                    head=_NAME.sub(f"def {old}(", method.head, count=1),
                    doc=docstring(f"Deprecated: call `{name}`.", 8),
                    decorators=(f"@deprecated({literal(f'call {name}')})",),
                )


def former_descriptors(
    context: Context, pairs: Sequence[tuple[Operation, DescriptorView]]
) -> list[DescriptorView]:
    """Return descriptors, and behind them those that go on under a method's earlier names."""
    found = [descriptor for _, descriptor in pairs]
    taken = {descriptor.name for descriptor in found}
    for operation, descriptor in pairs:
        for former in context.method_formers.get(context.methods[operation.name], ()):
            name = constant_names([former])[former]
            if name not in taken:
                taken.add(name)
                found.append(replace(descriptor, name=name, source=descriptor.name))
    return found


def deprecation_import(methods: Sequence[MethodView]) -> list[str]:
    """Return the import of the decorator, where a method has it."""
    is_used = any(method.decorators for method in methods)
    return ["from venuekit_runtime.deprecation import deprecated"] if is_used else []


def _name(method: MethodView) -> str:
    found = _NAME.search(method.head)
    assert found is not None
    return found.group(1)
