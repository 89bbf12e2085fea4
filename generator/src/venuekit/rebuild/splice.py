"""Puts the blocks of edited operations into the files of the last run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from venuekit.rebuild.blocks import Block, Cut
from venuekit.rebuild.unsure import UnsureError, WitnessError

_WORDS = re.compile(r"\w+")
_IMPORTS = re.compile(r"(?:from |import |    \w+,$|  (?:type )?\w+,$|\)$|\} from |$).*")


def spliced(
    whole: Cut, before: Cut, after: Cut, edited: Collection[str], order: Mapping[str, int]
) -> Cut:
    """Return a file after an edit.

    `whole` is the file of the last run, `before` and `after` what the edited operations and the
    schemas below them make of it, as they were and as they are. Raises UnsureError unless all that
    was not edited is the same in the three.
    """
    _check_around(whole, before, after, edited)
    known = {(block.section, block.name): block for block in whole.blocks}
    for block in before.blocks:
        if known.get((block.section, block.name)) != block:
            raise UnsureError(f"{block.name} is another one in the whole")
    if _others(before, edited) != _others(after, edited):
        raise UnsureError("the edit changes what was not edited")
    return Cut(whole.head, whole.separator, _merged(whole, after, edited, order), whole.tail)


def _merged(
    whole: Cut, after: Cut, edited: Collection[str], order: Mapping[str, int]
) -> tuple[Block, ...]:
    sections = {block.section: list[Block]() for block in whole.blocks}
    for block in whole.blocks:
        if block.operation not in edited:
            sections[block.section].append(block)
    for block in after.blocks:
        if block.operation in edited:
            if block.section not in sections:
                raise UnsureError(f"nothing tells where the first of the {block.section} stands")
            sections[block.section].append(block)
    merged = []
    for blocks in sections.values():
        if not blocks:
            raise UnsureError("the last block of a section is gone")
        # Sorting is stable: blocks of one operation keep their order.
        merged += sorted(blocks, key=lambda block: order.get(block.operation, -1))
    names = Counter((block.section, block.name) for block in merged)
    if len(names) != len(merged):
        raise UnsureError("a name stands twice")
    return tuple(merged)


def _others(part: Cut, edited: Collection[str]) -> list[Block]:
    return [block for block in part.blocks if block.operation not in edited]


def _check_around(whole: Cut, before: Cut, after: Cut, edited: Collection[str]) -> None:
    """Raise UnsureError unless what stands around the blocks stays the same in the whole.

    Heads import what the blocks use. What the edit uses more has to be there already; for what it
    uses less, an operation that uses it too is asked to be seen beside the edit. In a README, an
    example shows the first operation that suits.
    """
    if bool(before.blocks) != bool(after.blocks) or before.tail != after.tail:
        raise UnsureError("what stands around the blocks changes")
    if before.head == after.head:
        return
    old, new = before.head.splitlines(), after.head.splitlines()
    changed = [line for line in (*old, *new) if (line in old) != (line in new)]
    if not before.blocks:
        raise UnsureError("what stands above the blocks changes")
    if not all(_IMPORTS.fullmatch(line) for line in changed):
        # An example shows one operation of all: what the edit makes of it depends on that one.
        words = set(_WORDS.findall(whole.head))
        shown = [one.operation for one in whole.blocks if one.operation and one.name in words]
        raise WitnessError(["the example"], set(shown) - set(edited))
    used, uses = Counter(_WORDS.findall(before.head)), Counter(_WORDS.findall(after.head))
    if set(uses) - set(_WORDS.findall(whole.head)):
        raise UnsureError("the edit needs another import")
    gone = set(used - uses)
    if gone:
        raise WitnessError(gone, _users(whole, gone, edited))


def _users(whole: Cut, words: Collection[str], edited: Collection[str]) -> Iterator[str]:
    """Yield, for each word, two small operations of those that use it."""
    others = [one for one in whole.blocks if one.operation and one.operation not in edited]
    for word in words:
        pattern = re.compile(rf"\b{word}\b")
        users = [one for one in others if pattern.search(one.text)]
        users.sort(key=lambda one: (len(one.text), one.operation))
        yield from (one.operation for one in users[:2])
