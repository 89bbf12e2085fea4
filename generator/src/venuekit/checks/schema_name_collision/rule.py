"""Two schema names differ only in case or punctuation, so one SDK class would hide the other."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import Contract
from venuekit.finding import Severity
from venuekit.origin import Origin
from venuekit.rulebook import Facts, Rule


def find(contract: Contract) -> Iterator[tuple[Origin, Facts]]:
    first: dict[str, str] = {}
    for name, named in contract.schemas.items():
        folded = "".join(character for character in name.lower() if character.isalnum())
        other = first.setdefault(folded, name)
        if other != name:
            yield named.origin, {"name": name, "other": other}


RULE = Rule(
    severity=Severity.WARNING,
    message="schema {name!r} has the same name as {other!r} but for case or punctuation",
    help="rename one of them; until then the SDKs keep them apart by a suffix",
    find=find,
)
