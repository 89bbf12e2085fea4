"""The models module: pictures of structs, enums and aliases, with types out of the drawn book."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from venuekit.emit.model_back_end import BackEnd, ModelError
from venuekit.emit.python.book import Book, Draft, Part, draft
from venuekit.emit.python.choice import Case
from venuekit.emit.python.drawing import (
    Drawing,
    EnumPicture,
    StructPicture,
    UnionPicture,
    entries,
)
from venuekit.emit.python.findings import not_drawn
from venuekit.emit.python.names import class_name
from venuekit.emit.python.text import literal, tuple_text
from venuekit.emit.python.types import Types
from venuekit.finding import Finding
from venuekit.origin import Origin

_BASES = (
    "Case",
    "DecimalOrEmpty",
    "Model",
    "OpenEnum",
    "OpenIntEnum",
    "OpenModel",
    "OpenUnion",
    "Unknown",
)
_IMPORTS = (
    (("decimal", ("Decimal",)), ("typing", ("TYPE_CHECKING", "Any", "Literal", "TypeAlias"))),
    (
        ("msgspec", ("UNSET", "UnsetType", "field")),
        ("venuekit_runtime.models", _BASES),
    ),
)
_HEADER = '''"""The shapes of the contract; unknown values of enums are kept as they came."""

from __future__ import annotations

'''


@dataclass(frozen=True, slots=True)
class StructView:
    """One struct as its template writes it."""

    name: str
    base: str
    doc: str
    lines: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EnumView:
    """One enum as its template writes it."""

    name: str
    base: str
    doc: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnionView:
    """One union as its template writes it; `hint` is what a type checker sees."""

    name: str
    hint: str
    doc: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Models:
    """The models module, while the back end draws its types."""

    drawing: Drawing
    draft: Draft

    def module(self, formers: Mapping[str, tuple[str, ...]]) -> str:
        """Return the source of the module; `formers` are earlier names of its classes.

        Raises ModelError when the back end warns, or draws something else than the shapes say.
        """
        book, drawing = self.draft.book(), self.drawing
        classes, aliases = _classes(drawing, book), _aliases(drawing, book)
        body = "\n\n\n".join([*classes, *aliases, *_formers(formers)])
        return _HEADER + _imports(body) + "\n\n" + body + ("\n" if body else "")


def models_begun(types: Types, back_end: BackEnd) -> Models:
    """Picture what the models module holds, and give its types to the back end."""
    drawing = Drawing(types, entries(types.contract, types.names))
    return Models(drawing, draft(drawing.parts(), drawing.enums(), back_end))


def finished(
    models: Models, formers: Mapping[str, tuple[str, ...]], origin: Origin, findings: list[Finding]
) -> str:
    """Return the source of the models module; without one, say so in the findings."""
    try:
        return models.module(formers)
    except ModelError as error:
        findings.append(not_drawn(f"the models could not be drawn: {error}", origin))
        return ""


def _classes(drawing: Drawing, book: Book) -> list[str]:
    environment = _templates()
    struct = environment.get_template("struct.py.j2")
    enum = environment.get_template("enum.py.j2")
    union = environment.get_template("union.py.j2")
    out = []
    for one in drawing.classes:
        match one:
            case StructPicture():
                text = struct.render(struct=_struct_view(one, book))
            case EnumPicture():
                text = enum.render(enum=_enum_view(one))
            case UnionPicture():
                text = union.render(union=_union_view(one))
        out.append(re.sub(r"\n{3,}", "\n\n", text).strip())
    return out


@functools.cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("venuekit.emit.python", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )


def _struct_view(one: StructPicture, book: Book) -> StructView:
    fields = tuple(f"{name}: {book.text(part)}{rest}" for name, part, rest in one.fields)
    return StructView(one.name, one.base, one.doc, one.lines, fields)


def _enum_view(one: EnumPicture) -> EnumView:
    pairs = zip(one.members.pairs, one.rest, strict=True)
    members = tuple(f"{name} = {rest}" for (name, _), rest in pairs)
    return EnumView(one.name, one.base, one.doc, members)


def _union_view(one: UnionPicture) -> UnionView:
    choice = one.choice
    if choice.tag is not None:
        tags = [f"    {literal(tag)}: {literal(name)}," for tag, name in choice.tags]
        lines = [f"tag = {literal(choice.tag)}", "tags = {", *tags, "}"]
    else:
        lines = ["cases = (", *(f"    {_case_text(case)}," for case in choice.cases), ")"]
    # As text, because the variants may stand below.
    names = literal(" | ".join((*choice.names, "Unknown")))
    return UnionView(one.name, names, one.doc, tuple(lines))


def _case_text(case: Case) -> str:
    parts = [literal(case.name), tuple_text(literal(name) for name in case.required)]
    if case.values:
        rows = [
            f"{literal(n)}: {tuple_text(literal(value) for value in v)}" for n, v in case.values
        ]
        parts.append(f"values={{{', '.join(rows)}}}")
    if case.kinds:
        rows = [f"{literal(n)}: {literal(kind)}" for n, kind in case.kinds]
        parts.append(f"kinds={{{', '.join(rows)}}}")
    return f"Case({', '.join(parts)})"


def _aliases(drawing: Drawing, book: Book) -> list[str]:
    return [
        f"{name}: TypeAlias = {book.text(Part(shape, is_required=True))}"
        for name, shape in drawing.aliases.items()
    ]


def _formers(formers: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [
        f'{old}: TypeAlias = {class_name(name)}\n"""Deprecated: use `{class_name(name)}`."""'
        for name, names in formers.items()
        for old in names
    ]


def _imports(body: str) -> str:
    """Return the import lines of what the module uses, standard library first."""
    used = set(re.findall(r"[A-Za-z_]+", body))
    groups = []
    for modules in _IMPORTS:
        lines = []
        for module, names in modules:
            found = [name for name in names if name in used]
            if found:
                lines.append(f"from {module} import {', '.join(found)}")
        if lines:
            groups.append("\n".join(lines))
    return "\n\n".join(groups) + "\n"
