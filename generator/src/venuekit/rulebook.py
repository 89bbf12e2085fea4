"""How rule folders are found, run and explained; `checks/` and `changes/` both stand on it.

A rule is one folder, `<family>/<rule_id>/`, with `rule.py` (which defines `RULE`) and
`rule.md` (its page, which is also its test). The id is the folder's name with `-` for `_`.
There is no list of rules to edit.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from venuekit.contract import Contract
from venuekit.finding import Finding, Severity
from venuekit.origin import Origin

Facts = Mapping[str, object]
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Rule:
    """One question about one contract.

    `find` yields a place and the facts that fill `message` and `help` (str.format names).
    """

    severity: Severity
    message: str
    help: str
    find: Callable[[Contract], Iterable[tuple[Origin, Facts]]]

    def findings(self, rule_id: str, contract: Contract) -> Iterator[Finding]:
        """Yield what the rule finds in `contract`, worded."""
        for origin, facts in self.find(contract):
            yield Finding(
                rule=rule_id,
                severity=self.severity,
                message=self.message.format(**facts),
                help=self.help.format(**facts),
                origin=origin,
            )


class RulebookError(Exception):
    """A rule folder that does not hold what it must."""


def folders(package: ModuleType) -> dict[str, Path]:
    """Return each rule folder of a family by rule id, sorted by id."""
    root = Path(package.__path__[0])
    found = {path.parent for path in root.glob("*/rule.py")} | {
        path.parent for path in root.glob("*/rule.md")
    }
    return {folder.name.replace("_", "-"): folder for folder in sorted(found)}


def load_rules(package: ModuleType, kind: type[R]) -> dict[str, R]:
    """Import every rule of a family.

    Raises RulebookError when a folder lacks its page, its code or a `RULE` of `kind`.
    """
    rules: dict[str, R] = {}
    for rule_id, folder in folders(package).items():
        for name in ("rule.py", "rule.md"):
            if not (folder / name).is_file():
                raise RulebookError(f"rule {rule_id}: {name} is missing in {folder.name}/")
        module = importlib.import_module(f"{package.__name__}.{folder.name}.rule")
        rule = getattr(module, "RULE", None)
        if not isinstance(rule, kind):
            raise RulebookError(
                f"rule {rule_id}: rule.py must define RULE as a {kind.__name__}, found {rule!r}"
            )
        rules[rule_id] = rule
    return rules


@dataclass(frozen=True, slots=True)
class Case:
    """One example of a page: documents by title ("document", "before", "after") and what the
    rule must say of them; an accepted example has no findings.
    """

    title: str
    documents: Mapping[str, str]
    findings: str


@dataclass(frozen=True, slots=True)
class Page:
    """A rule's page, `rule.md`."""

    rule_id: str
    text: str

    @property
    def cases(self) -> tuple[Case, ...]:
        """Return the examples in order.

        An example is a level-2 heading that starts with "Flagged" or "Accepted", followed by
        fenced `yaml` blocks (whose info string may name the document: ```` ```yaml before ````)
        and, for a flagged one, a fenced `text` block with the findings.
        """
        sections = re.split(r"^## ", self.text, flags=re.MULTILINE)[1:]
        return tuple(
            _case(section) for section in sections if section.startswith(("Flagged", "Accepted"))
        )

    def with_findings(self, title: str, findings: str) -> Page:
        """Return the page with the findings block of one flagged example rewritten."""
        head, mark, rest = self.text.partition(f"## {title}\n")
        section, heading, tail = _cut(rest)
        block = f"```text\n{findings}```"
        if _TEXT_BLOCK.search(section):
            section = _TEXT_BLOCK.sub(lambda _: block, section, count=1)
        else:
            section = section.rstrip("\n") + f"\n\n{block}\n" + ("\n" if heading else "")
        return Page(self.rule_id, head + mark + section + heading + tail)


_FENCE = re.compile(r"^```(\w+)[ \t]*([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_TEXT_BLOCK = re.compile(r"^```text\n.*?^```", re.MULTILINE | re.DOTALL)


def _cut(text: str) -> tuple[str, str, str]:
    match = re.search(r"^## ", text, flags=re.MULTILINE)
    if match is None:
        return text, "", ""
    return text[: match.start()], match.group(), text[match.end() :]


def _case(section: str) -> Case:
    documents: dict[str, str] = {}
    findings = ""
    for language, info, body in _FENCE.findall(section):
        if language == "yaml":
            documents[info.strip() or "document"] = body
        elif language == "text":
            findings = body
    return Case(section.partition("\n")[0].strip(), documents, findings)


def page(package: ModuleType, rule_id: str) -> Page:
    """Return the page of a rule. Raises KeyError when the family has no such rule."""
    folder = folders(package)[rule_id]
    return Page(rule_id, (folder / "rule.md").read_text(encoding="utf-8"))
