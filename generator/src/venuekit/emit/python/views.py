"""What the templates are given: final strings, so that a template decides nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodView:
    """One method: `head` is the signature, `call` the one statement of the body."""

    head: str
    doc: str
    call: str
    decorators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DescriptorView:
    """One descriptor: a module constant and its source."""

    name: str
    annotation: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorView:
    """One typed error."""

    name: str
    code: str
    retry: str
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialView:
    """One function that makes credentials for a plain scheme."""

    name: str
    parameters: str
    doc: str
    call: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleView:
    """One module of the package; `body` holds whatever its template lists."""

    doc: str
    imports: tuple[str, ...] = ()
    typing_imports: tuple[str, ...] = ()
    class_name: str = ""
    base: str = ""
    class_doc: str = ""
    constants: tuple[str, ...] = ()
    methods: tuple[MethodView, ...] = ()
    descriptors: tuple[DescriptorView, ...] = ()
    errors: tuple[ErrorView, ...] = ()
    credentials: tuple[CredentialView, ...] = ()
    exports: tuple[tuple[str, str], ...] = ()
    all_names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
