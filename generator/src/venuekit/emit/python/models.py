"""The models module: our normalised shapes, drawn by datamodel-code-generator, then checked.

That library gets flat objects, references, lists, maps and scalars right, and those alone are
what it is given. Its answer is parsed again and compared with the shapes, so that a type which it
widens or a field which it drops fails the run instead of a user.
"""

from __future__ import annotations

import ast
import re
import warnings
from importlib.resources import as_file, files

from venuekit.emit.python.drawing import Drawing, entries
from venuekit.emit.python.types import Types, hint

_IMPORTS = (
    (("decimal", ("Decimal",)), ("typing", ("Any", "Literal", "TypeAlias"))),
    (
        ("msgspec", ("UNSET", "UnsetType", "field")),
        ("venuekit_runtime.models", ("Model", "OpenEnum", "OpenIntEnum")),
    ),
)
_HEADER = '''"""The shapes of the contract; unknown values of enums are kept as they came."""

from __future__ import annotations

'''


class ModelError(Exception):
    """The model back end did not draw what it was given; the message names the difference."""


def models_module(types: Types) -> str:
    """Return the source of the models module.

    Raises ModelError when the back end warns, or draws something else than the shapes say.
    """
    drawing = Drawing(types, entries(types.contract, types.names))
    body = _generated(drawing)
    _compare(drawing, body)
    return _HEADER + _imports(body) + "\n\n" + body


def _generated(drawing: Drawing) -> str:
    """Run the back end; its header is dropped, because only we know what the rest needs."""
    if not drawing.schemas:
        return ""
    # Imported here because it takes long and most commands emit nothing.
    from datamodel_code_generator import InputFileType, generate
    from datamodel_code_generator.config import GenerateConfig
    from datamodel_code_generator.enums import DataModelType
    from datamodel_code_generator.format import Formatter, PythonVersion

    document = {
        "openapi": "3.1.0",
        "info": {"title": "models", "version": "1"},
        "paths": {},
        "components": {"schemas": drawing.schemas},
    }
    with as_file(files("venuekit.emit.python") / "templates") as templates:
        config = GenerateConfig(
            input_file_type=InputFileType.OpenAPI,
            output_model_type=DataModelType.MsgspecStruct,
            target_python_version=PythonVersion.PY_311,
            base_class="venuekit_runtime.models.Model",
            aliases=drawing.aliases,
            extra_template_data=drawing.texts,
            custom_template_dir=templates,
            formatters=[Formatter.BUILTIN],
            disable_timestamp=True,
            use_standard_collections=True,
            use_union_operator=True,
            use_type_alias=True,
        )
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            text = generate(document, config=config)
    if caught:
        raise ModelError("; ".join(str(warning.message) for warning in caught))
    if not isinstance(text, str):
        raise ModelError("the back end returned more than one module")
    return _tidied(text)


def _tidied(text: str) -> str:
    """Return what follows the imports, with calm blank lines."""
    imports = (ast.Import, ast.ImportFrom)
    ends = [node.end_lineno or 0 for node in ast.parse(text).body if isinstance(node, imports)]
    lines = [line.rstrip() for line in text.splitlines()[max(ends, default=0) :]]
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines).strip() + "\n")


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


def _compare(drawing: Drawing, body: str) -> None:
    """Hold what was drawn against what was asked, name by name and type by type."""
    tree = ast.parse(body)
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    aliases = {
        node.target.id: node
        for node in tree.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    for name, hints in drawing.fields.items():
        drawn = _drawn_fields(classes.get(name))
        if drawn != {attribute: _normal(text) for attribute, text in hints.items()}:
            raise ModelError(f"{name} was drawn with {drawn}, expected {hints}")
    for name, count in drawing.members.items():
        node = classes.get(name)
        if node is None or sum(isinstance(n, ast.Assign) for n in node.body) != count:
            raise ModelError(f"{name} was drawn without some of its {count} members")
    for name, shape in drawing.aliased.items():
        alias = aliases.get(name)
        text = ast.unparse(alias.value) if alias is not None and alias.value else ""
        if _normal(text) != _normal(hint(shape)):
            raise ModelError(f"{name} was drawn as {text!r}, expected {hint(shape)!r}")


def _drawn_fields(node: ast.ClassDef | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for statement in node.body if node is not None else ():
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            found[statement.target.id] = _normal(ast.unparse(statement.annotation))
    return found


def _normal(text: str) -> str:
    """Return an annotation with its unions in order, so that only meaning is compared."""
    return _ordered(ast.parse(text, mode="eval").body) if text else ""


def _ordered(node: ast.expr) -> str:
    if isinstance(node, ast.BinOp):
        parts: set[str] = set()
        stack: list[ast.expr] = [node]
        while stack:
            one = stack.pop()
            if isinstance(one, ast.BinOp):
                stack += [one.left, one.right]
            else:
                parts.add(_ordered(one))
        return " | ".join(sorted(parts))
    if isinstance(node, ast.Subscript):
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return f"{ast.unparse(node.value)}[{', '.join(_ordered(one) for one in inner)}]"
    return ast.unparse(node)
