"""Suggests what operations do to the venue's state, and the field that makes a repeat safe."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import (
    Action,
    ChannelBinding,
    Contract,
    Effect,
    Field,
    HttpBinding,
    ObjectSchema,
    Operation,
    Parameter,
    RefSchema,
    Schema,
)
from venuekit.contract.meaning import words_of
from venuekit.contract.walk import descend, request_fields
from venuekit.origin import Origin
from venuekit.suggest.facts import Facts, written

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_BY_METHOD = {"DELETE": Effect.CANCEL, "PUT": Effect.REPLACE, "PATCH": Effect.REPLACE}
_READS = frozenset(
    words_of(
        "get query list fetch retrieve status test check precheck ping estimate logon logout "
        "preview compute calculate download search show receive info history"
    )
)
_CANCELS = frozenset(words_of("cancel cancels canceled delete remove close revoke stop abort"))
_REPLACES = frozenset(
    words_of(
        "amend modify replace edit alter update set change adjust enable disable switch toggle "
        "keep keepalive extend configure reset activate countdown customize renew"
    )
)
_CREATES = frozenset(
    words_of(
        "new place add create submit withdraw transfer apply subscribe redeem purchase borrow "
        "repay buy convert accept execute send open stake wrap deposit mint claim make generate "
        "collection unwrap exchange liquidation trade start"
    )
)
_HOLDINGS = frozenset(words_of("position positions trade trades subposition leading"))
"""What is closed by an order in the other direction, which creates something."""

_DRY_RUNS = frozenset({"test", "precheck", "preview"})
_SUBSCRIBES = frozenset({"subscribe", "unsubscribe", "subscriptions"})
_DEDUP_WORDS = (
    ("new", "client", "order", "id"),
    ("client", "order", "id"),
    ("client", "oid"),
    ("cl", "ord", "id"),
    ("cl", "req", "id"),
    ("order", "link", "id"),
    ("algo", "cl", "ord", "id"),
    ("client", "algo", "id"),
    ("new", "client", "strategy", "id"),
    ("list", "client", "order", "id"),
    ("cloid",),
    ("client", "tran", "id"),
)
"""How venues call a client order id, the surest first, as the words of the field's name.

Ids of withdrawals are none of them: venues store such an id and do not refuse a second use."""


def suggest_effects(contract: Contract, facts: Facts) -> None:
    """Add the effect of each writing operation, and the dedup key of each that creates."""
    received = _received(contract)
    for operation in contract.operations:
        if operation.effect is not None or operation.action is not Action.REQUEST:
            continue
        binding = operation.binding
        if isinstance(binding, HttpBinding) and binding.method in _SAFE:
            continue
        effect, why = effect_of(operation)
        if effect is Effect.CREATE:
            _create(contract, facts, operation, received, why)
        elif effect is not None:
            facts.add(operation.origin, {"x-effect": str(effect)}, why)


def effect_of(operation: Operation) -> tuple[Effect | None, str]:
    """Return what an operation does by its words, or else by its method, and why."""
    texts = list(_texts(operation))
    if _SUBSCRIBES & set(words_of(operation.name)) and isinstance(
        operation.binding, ChannelBinding
    ):
        return Effect.READ, "It chooses what is received."
    if any(_DRY_RUNS & set(words_of(text)) for text in texts):
        return Effect.READ, "It tries a request out and changes nothing."
    for text in texts:
        effect = _effect_of_words(words_of(text))
        if effect is not None:
            return effect, f"Its name says {effect}."
    binding = operation.binding
    if not isinstance(binding, HttpBinding):
        return Effect.READ, "No word of its name says that it changes anything."
    method = _BY_METHOD.get(binding.method)
    return method, f"The method {binding.method} says {method}."


def _texts(operation: Operation) -> Iterator[str]:
    """Yield what tells about an operation; the surest, which people wrote, comes first."""
    binding = operation.binding
    if isinstance(binding, HttpBinding):
        yield operation.summary or ""
        named = [part for part in binding.path.split("/") if part and "{" not in part]
        yield from reversed(named[-2:])
        method = operation.extensions.get("x-sdk-method-name")
        yield method if isinstance(method, str) else ""
    if not operation.is_name_derived:
        yield operation.name


def _effect_of_words(words: tuple[str, ...]) -> Effect | None:
    """Return the effect that the first telling word names."""
    if "cancel" in words and {"replace", "after", "new"} & set(words):
        return Effect.REPLACE
    for word in words:
        if word == "close" and _HOLDINGS & set(words):
            return Effect.CREATE
        for effect, known in (
            (Effect.CANCEL, _CANCELS),
            (Effect.REPLACE, _REPLACES),
            (Effect.READ, _READS),
            (Effect.CREATE, _CREATES),
        ):
            if word in known:
                return effect
    return None


def _create(
    contract: Contract,
    facts: Facts,
    operation: Operation,
    received: set[Origin],
    why: str,
) -> None:
    key = _dedup_field(contract, operation)
    if key is None:
        why = f"{why} No field of it looks like a client order id: it is never sent twice."
        facts.add(operation.origin, {"x-effect": "create", "x-dedup-key": False}, why)
        return
    why = f"{why} A repeat with the same {key.name} is recognised."
    facts.add(operation.origin, {"x-effect": "create", "x-dedup-key": key.name}, why)
    if key.is_required:
        return
    why = f"{operation.name} is safe to repeat only when the caller gave the id himself."
    if isinstance(key, Parameter):
        facts.add(key.origin, {"required": True}, why)
    else:
        document, pointer = written(key.origin)
        parent = Origin(document, pointer[:-2])
        if parent not in received:
            facts.add(parent, {"required": [key.name]}, why)


def _dedup_field(contract: Contract, operation: Operation) -> Field | Parameter | None:
    """Return the field of the request that is called as client order ids are."""
    known: list[Field | Parameter] = list(request_fields(contract, operation))
    if isinstance(operation.binding, HttpBinding):
        known.extend(p for p in operation.binding.parameters if p.location == "query")
    for words in _DEDUP_WORDS:
        for candidate in known:
            if words_of(candidate.name) == words:
                return candidate
    return None


def _received(contract: Contract) -> set[Origin]:
    """Return where the objects stand that the venue sends, which must not ask for more."""
    stack: list[Schema] = []
    for operation in contract.operations:
        binding = operation.binding
        if isinstance(binding, HttpBinding):
            contents = (c for response in binding.responses for c in response.contents)
            stack.extend(c.schema for c in contents if c.schema is not None)
    found: set[Origin] = set()
    seen: set[str] = set()
    while stack:
        for schema in descend(stack.pop()):
            if isinstance(schema, ObjectSchema):
                found.add(Origin(*written(schema.notes.origin)))
            elif isinstance(schema, RefSchema) and schema.name not in seen:
                seen.add(schema.name)
                stack.append(contract.schemas[schema.name].schema)
    return found
