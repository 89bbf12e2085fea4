"""Two schemas of one message, side by side: every difference with its path, each place once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from venuekit.changes.constraints import constraint_differences
from venuekit.changes.difference import Difference, Kind, Sets
from venuekit.changes.json_types import NULL, json_types, related, shape_text, value_text
from venuekit.contract import (
    MISSING,
    ArraySchema,
    ConstSchema,
    Contract,
    EnumSchema,
    Field,
    NullableSchema,
    ObjectSchema,
    RefSchema,
    Schema,
    TimestampSchema,
    TupleSchema,
    UnionSchema,
)
from venuekit.contract.walk import referred, resolve

ANY_OTHER = "any other value"


class Shapes:
    """Walks pairs of schemas of an earlier and a later contract; recursive ones end."""

    def __init__(self, before: Contract, after: Contract) -> None:
        self._before = before
        self._after = after
        self._seen: set[tuple[int, int]] = set()

    def differences(self, before: Schema, after: Schema, path: str) -> Iterator[Difference]:
        """Yield how `after` differs from `before`, depth first in the documents' order."""
        was, now = resolve(self._before, before), resolve(self._after, after)
        if (id(was), id(now)) in self._seen:
            return
        self._seen.add((id(was), id(now)))
        yield from self._notes(before, after, was, now, path)
        could_be_null = self._is_nullable(self._before, before)
        can_be_null = self._is_nullable(self._after, after)
        types_before = json_types(self._before, was) | (NULL if could_be_null else set())
        types_after = json_types(self._after, now) | (NULL if can_be_null else set())
        if types_before != types_after:
            relation = related(types_before, types_after)
            yield _type_difference(path, now, (was, could_be_null), (now, can_be_null), relation)
            if types_before - NULL != types_after - NULL:
                return
        yield from self._inside(was, now, path)

    def _inside(self, was: Schema, now: Schema, path: str) -> Iterator[Difference]:
        match was, now:
            case (EnumSchema() | ConstSchema(), _) | (_, EnumSchema() | ConstSchema()):
                yield from _value_differences(was, now, path)
            case ObjectSchema(), ObjectSchema():
                yield from self._fields(was, now, path)
                yield from self._additional(was, now, path)
                yield from constraint_differences(was, now, path)
            case ArraySchema(), ArraySchema():
                yield from self.differences(was.items, now.items, f"{path}[]")
                yield from constraint_differences(was, now, path)
            case TupleSchema(), TupleSchema():
                yield from self._tuple(was, now, path)
            case UnionSchema(), UnionSchema():
                yield from self._union(was, now, path)
            case (UnionSchema(), _) | (_, UnionSchema()):
                yield self._into_union(was, now, path)
            case _:
                yield from constraint_differences(was, now, path)

    def _fields(self, was: ObjectSchema, now: ObjectSchema, path: str) -> Iterator[Difference]:
        before = {field.name: field for field in was.fields}
        after = {field.name: field for field in now.fields}
        for name, field in before.items():
            inner = _join(path, name)
            if name not in after:
                yield Difference(
                    kind=Kind.FIELD_REMOVED,
                    path=inner,
                    origin=now.notes.origin.child("properties"),
                    before=shape_text(resolve(self._before, field.schema)),
                    is_required=field.is_required,
                    is_closed=now.additional is None,
                )
                continue
            yield from _requiredness(field, after[name], now, inner)
            yield from self.differences(field.schema, after[name].schema, inner)
        for name, field in after.items():
            if name not in before:
                yield Difference(
                    kind=Kind.FIELD_ADDED,
                    path=_join(path, name),
                    origin=field.origin,
                    after=shape_text(resolve(self._after, field.schema)),
                    is_required=field.is_required,
                    is_closed=was.additional is None,
                )

    def _additional(self, was: ObjectSchema, now: ObjectSchema, path: str) -> Iterator[Difference]:
        if was.additional is not None and now.additional is not None:
            yield from self.differences(was.additional, now.additional, _join(path, "*"))
        elif (was.additional is None) != (now.additional is None):
            words = ("refused", "allowed") if was.additional is None else ("allowed", "refused")
            yield Difference(
                kind=Kind.CONSTRAINT_CHANGED,
                path=_join(path, "*"),
                origin=now.notes.origin.child("additionalProperties"),
                before=f"undeclared fields {words[0]}",
                after=words[1],
                sets=_wider_if(was.additional is None),
            )

    def _tuple(self, was: TupleSchema, now: TupleSchema, path: str) -> Iterator[Difference]:
        for index, (before, after) in enumerate(zip_longest(was.items, now.items)):
            inner = f"{path}[{index}]"
            if before is not None and after is not None:
                yield from self.differences(before, after, inner)
                continue
            yield Difference(
                kind=Kind.TYPE_CHANGED,
                path=inner,
                origin=now.notes.origin,
                before=shape_text(before) if before is not None else "nothing",
                after=shape_text(after) if after is not None else "nothing",
            )

    def _union(self, was: UnionSchema, now: UnionSchema, path: str) -> Iterator[Difference]:
        before, after = _tagged(was), _tagged(now)
        for tag, variant in before.items():
            if tag in after:
                yield from self.differences(variant, after[tag], path)
            else:
                yield Difference(
                    kind=Kind.VARIANT_REMOVED,
                    path=path,
                    origin=now.notes.origin,
                    before=tag,
                    is_closed=now.discriminator is None,
                )
        for tag, variant in after.items():
            if tag not in before:
                yield Difference(
                    kind=Kind.VARIANT_ADDED,
                    path=path,
                    origin=variant.notes.origin,
                    after=tag,
                    is_closed=was.discriminator is None,
                )

    def _into_union(self, was: Schema, now: Schema, path: str) -> Difference:
        """Return a shape that became one of several, or the reverse; it may hold the same one."""
        sets = Sets.OTHER
        if isinstance(now, UnionSchema) and self._has(self._after, now, was):
            sets = Sets.WIDER
        elif isinstance(was, UnionSchema) and self._has(self._before, was, now):
            sets = Sets.NARROWER
        return _type_difference(path, now, (was, False), (now, False), sets)

    def _has(self, contract: Contract, union: UnionSchema, shape: Schema) -> bool:
        alone = [resolve(contract, variant) for variant in union.variants]
        return any(
            next(Shapes(self._before, self._after).differences(shape, variant, ""), None) is None
            for variant in alone
        )

    def _notes(
        self, before: Schema, after: Schema, was: Schema, now: Schema, path: str
    ) -> Iterator[Difference]:
        unit, new_unit = _unit(before) or _unit(was), _unit(after) or _unit(now)
        if unit is not None and unit != new_unit:
            yield Difference(
                kind=Kind.UNIT_CHANGED,
                path=path,
                origin=now.notes.origin,
                before=unit,
                after=new_unit or "no stated unit",
                is_announced=new_unit is None,
            )
        default, new_default = _default(before, was), _default(after, now)
        if default != new_default:
            yield Difference(
                kind=Kind.DEFAULT_CHANGED,
                path=path,
                origin=now.notes.origin,
                before=default,
                after=new_default,
            )

    @staticmethod
    def _is_nullable(contract: Contract, schema: Schema) -> bool:
        return isinstance(referred(contract, schema), NullableSchema)


def _requiredness(was: Field, now: Field, parent: ObjectSchema, path: str) -> Iterator[Difference]:
    if was.is_required == now.is_required:
        return
    kind = Kind.NOW_REQUIRED if now.is_required else Kind.NOW_OPTIONAL
    token = "required" if now.is_required else "properties"
    origin = parent.notes.origin.child(token) if now.is_required else now.origin
    yield Difference(kind=kind, path=path, origin=origin)


def _value_differences(was: Schema, now: Schema, path: str) -> Iterator[Difference]:
    """Yield the values that came and went; a shape without a list allows any value."""
    before, after = _values(was), _values(now)
    is_announced = isinstance(was, EnumSchema) and was.is_open
    origin = now.notes.origin.child("const" if isinstance(now, ConstSchema) else "enum")
    gone = (
        (ANY_OTHER,) if before is None else tuple(v for v in before if v not in (after or before))
    )
    come = (ANY_OTHER,) if after is None else tuple(v for v in after if v not in (before or after))
    for value in gone:
        yield Difference(kind=Kind.VALUE_REMOVED, path=path, origin=origin, before=value)
    for value in come:
        yield Difference(
            kind=Kind.VALUE_ADDED,
            path=path,
            origin=origin,
            after=value,
            is_announced=is_announced,
        )


def _values(schema: Schema) -> tuple[str, ...] | None:
    match schema:
        case ConstSchema(value=value):
            return (value_text(value),)
        case EnumSchema(values=values, is_open=is_open):
            texts = tuple(value_text(value) for value in values)
            return (*texts, "any further value") if is_open else texts
        case _:
            return None


def _type_difference(
    path: str, now: Schema, before: tuple[Schema, bool], after: tuple[Schema, bool], sets: Sets
) -> Difference:
    texts = [shape_text(shape) + (" or null" if null else "") for shape, null in (before, after)]
    return Difference(
        kind=Kind.TYPE_CHANGED,
        path=path,
        origin=now.notes.origin,
        before=texts[0],
        after=texts[1],
        sets=sets,
    )


def _tagged(union: UnionSchema) -> dict[str, Schema]:
    """Return the variants by what tells them apart: tag, name, or else their position."""
    if union.discriminator is not None:
        return {tag: union.variants[index] for tag, index in union.discriminator.mapping}
    return {
        variant.name if isinstance(variant, RefSchema) else f"variant {index + 1}": variant
        for index, variant in enumerate(union.variants)
    }


def _unit(schema: Schema) -> str | None:
    return schema.unit.value if isinstance(schema, TimestampSchema) else schema.notes.unit


def _default(site: Schema, shape: Schema) -> str:
    for schema in (site, shape):
        if schema.notes.default is not MISSING:
            return value_text(schema.notes.default)
    return "no default"


def _wider_if(is_wider: bool) -> Sets:
    return Sets.WIDER if is_wider else Sets.NARROWER


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
