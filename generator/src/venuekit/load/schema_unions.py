"""Tells the variants of a union apart: discriminators stated, and tags found."""

from __future__ import annotations

from collections.abc import Sequence

from venuekit.contract import Discriminator, JsonValue
from venuekit.load.context import Context, is_reference
from venuekit.origin import Pointer
from venuekit.source import Document, Node

_MAXIMUM_PARTS = 100
"""In how many parts of an allOf the tag of a variant is searched."""

_Key = tuple[Document, Pointer]


def stated_discriminator(
    context: Context, union: Node, variants: Sequence[Node]
) -> Discriminator | None:
    """Return the discriminator that a union states (OpenAPI 3.1 section 4.8.25), or None.

    The tags of a variant are those that `mapping` gives it; else the constants of its field;
    else the last word of its reference.
    """
    stated = union.get("discriminator")
    if stated is None:
        return None
    name = stated.text("propertyName") or _old_style(stated)
    if name is None:
        return None
    positions = {_key(context, variant): index for index, variant in enumerate(variants)}
    mapping: list[tuple[str, int]] = []
    mapped = stated.get("mapping")
    for tag, member in mapped.items() if mapped is not None else ():
        position = _mapped_position(context, member, positions)
        if position is not None:
            mapping.append((tag, position))
    covered = {position for _, position in mapping}
    taken = {tag for tag, _ in mapping}
    for index, variant in enumerate(variants):
        if index in covered:
            continue
        tags = tag_values(context, variant, name) or _implicit(variant)
        mapping.extend((tag, index) for tag in tags if tag not in taken)
        taken.update(tags)
    return Discriminator(field=name, mapping=tuple(mapping))


def found_discriminator(context: Context, variants: Sequence[Node]) -> Discriminator | None:
    """Return the field that tells all variants apart by constants, if there is one."""
    if len(variants) < 2:
        return None
    for name in _field_names(context, variants[0]):
        mapping: list[tuple[str, int]] = []
        for index, variant in enumerate(variants):
            tags = tag_values(context, variant, name, must_be_required=True)
            mapping.extend((tag, index) for tag in tags)
            if not tags:
                break
        else:
            if len({tag for tag, _ in mapping}) == len(mapping):
                return Discriminator(field=name, mapping=tuple(mapping), is_stated=False)
    return None


def tag_values(
    context: Context, variant: Node, name: str, *, must_be_required: bool = False
) -> tuple[str, ...]:
    """Return the constants that a variant's field may hold, as far as it is text."""
    parts = _parts(context, variant)
    if must_be_required and not any(name in part.texts("required") for part in parts):
        return ()
    for part in parts:
        properties = part.get("properties")
        field = properties.get(name) if properties is not None else None
        if field is None:
            continue
        resolved = context.resolve(field)
        values = _constants(resolved) if resolved is not None else ()
        if values:
            return values
    return ()


def _constants(node: Node) -> tuple[str, ...]:
    if node.has("const"):
        value = node.members["const"]
        return (value,) if isinstance(value, str) else ()
    values: JsonValue = node.members.get("enum")
    if isinstance(values, list) and values and all(isinstance(v, str) for v in values):
        return node.texts("enum")
    return ()


def _parts(context: Context, node: Node) -> list[Node]:
    """Return a schema and what its allOf adds, each once, with references followed."""
    waiting = [node]
    parts: dict[_Key, Node] = {}
    while waiting and len(parts) < _MAXIMUM_PARTS:
        resolved = context.resolve(waiting.pop(0))
        if resolved is None or (resolved.document, resolved.pointer) in parts:
            continue
        parts[(resolved.document, resolved.pointer)] = resolved
        all_of = resolved.get("allOf")
        waiting.extend(all_of.elements() if all_of is not None else ())
    return list(parts.values())


def _field_names(context: Context, variant: Node) -> list[str]:
    names: dict[str, None] = {}
    for part in _parts(context, variant):
        properties = part.get("properties")
        if properties is not None:
            names.update(dict.fromkeys(properties.members))
    return list(names)


def mapping_target(context: Context, member: Node) -> Node | None:
    """Return the schema that a value of `mapping` names, by name or by reference."""
    value = member.value
    if not isinstance(value, str):
        return None
    ref = value if "/" in value or "#" in value else f"#/components/schemas/{value}"
    return context.resolve(Node(member.document, member.pointer, {"$ref": ref}))


def _mapped_position(
    context: Context, member: Node, positions: dict[_Key | None, int]
) -> int | None:
    """Return the position of the variant that a value of `mapping` names."""
    target = mapping_target(context, member)
    if target is None:
        return None
    position = positions.get((target.document, target.pointer))
    if position is None:
        context.report.warning(
            "discriminator-mapping",
            member,
            f"the discriminator maps to {member.value!r}, which is no variant of this union",
            "Add it to oneOf, or drop it from the mapping.",
        )
    return position


def _key(context: Context, node: Node) -> _Key | None:
    resolved = context.resolve(node)
    return (resolved.document, resolved.pointer) if resolved is not None else None


def _implicit(variant: Node) -> tuple[str, ...]:
    if is_reference(variant):
        return ((variant.text("$ref") or "").rsplit("/", 1)[-1],)
    is_component = len(variant.pointer) == 3 and variant.pointer[:2] == ("components", "schemas")
    return (str(variant.pointer[-1]),) if is_component else ()


def _old_style(stated: Node) -> str | None:
    """Return the field of a discriminator that is written as bare text (AsyncAPI, Swagger)."""
    return stated.value if isinstance(stated.value, str) else None
