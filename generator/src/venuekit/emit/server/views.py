"""What the templates are given: final strings, so that a template decides nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodView:
    """One method of a protocol, or one function: `head` is its `def`, `call` what stands in it."""

    head: str
    doc: str
    call: str = "..."


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassView:
    """One class: `lines` are its members."""

    name: str
    base: str
    doc: str
    lines: tuple[str, ...] = ()
    methods: tuple[MethodView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleView:
    """One module: imports, classes, functions, constants, each a final text."""

    doc: str
    imports: tuple[str, ...] = ()
    classes: tuple[ClassView, ...] = ()
    functions: tuple[MethodView, ...] = ()
    constants: tuple[str, ...] = ()
    all_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageView:
    """What README and `pyproject.toml` need; the TOML strings have their quotes."""

    title: str
    package: str
    distribution: str
    summary: str
    project_name: str
    project_version: str
    project_description: str
    runtime: str
    folder: str
    example: str
    handlers: tuple[str, ...]
    version: str
