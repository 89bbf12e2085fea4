"""Names and versions that package indexes take: PyPI's (PEP 440, PEP 508) and npm's."""

from __future__ import annotations

import keyword
import re

from venuekit.finding import Finding, Severity

_PEP440 = re.compile(
    r"v?(?P<release>\d+(?:\.\d+)*)"
    r"(?:[-_.]?(?P<stage>alpha|a|beta|b|preview|pre|rc|c)[-_.]?(?P<number>\d*))?",
    re.IGNORECASE,
)
_STAGES = {"a": "a", "alpha": "a", "b": "b", "beta": "b"}
_SEMVER = re.compile(
    r"(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}"
    r"(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_NPM = re.compile(r"(?:@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~-][a-z0-9._~-]*")
_NPM_LONGEST = 214
_MOST_DIGITS = 9
"""More digits than these are no version number but a date and a time, or an accident."""


def python_version(version: str) -> str:
    """Return a version that pip takes: `v1.2-beta` is `1.2b0`, and what is none keeps its numbers.

    `2024-05-01` is `2024.5.1`, a text without numbers is `0`.
    """
    found = _PEP440.fullmatch(version.strip())
    if found is not None:
        stage = found["stage"]
        if stage is None:
            return found["release"]
        return f"{found['release']}{_STAGES.get(stage.lower(), 'rc')}{found['number'] or 0}"
    return ".".join(_numbers(version)) or "0"


def npm_version(version: str) -> str:
    """Return a version that npm takes: `1.2` is `1.2.0`, and what is none becomes `0.0.0`."""
    if _SEMVER.fullmatch(version):
        return version
    numbers = re.match(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?", version)
    if numbers is None:
        return "0.0.0"
    return ".".join(str(int((part or "0")[:_MOST_DIGITS])) for part in numbers.groups())


def python_package(title: str) -> str:
    """Return an import name from a title: `3Commas API` is `sdk_3commas_api`."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in title).lower()
    name = "_".join(words.split())
    if not name:
        return "sdk"
    return name if name.isidentifier() and not keyword.iskeyword(name) else f"sdk_{name}"


def python_package_findings(package: str) -> list[Finding]:
    """Return the error that nothing of that name could be imported, if so."""
    if package.isidentifier() and package.isascii() and not keyword.iskeyword(package):
        return []
    return [_finding(f"{package!r} cannot be imported in Python", "letters, digits and `_`")]


def npm_package_findings(package: str) -> list[Finding]:
    """Return the error that npm takes no package of that name, if so."""
    if len(package) <= _NPM_LONGEST and _NPM.fullmatch(package):
        return []
    help_text = "small letters, digits, `-`, `.` and `_`, and `@scope/` before them if you like"
    return [_finding(f"npm takes no package called {package!r}", help_text)]


def _finding(fact: str, help_text: str) -> Finding:
    return Finding(
        rule="invalid-package-name",
        severity=Severity.ERROR,
        message=fact,
        help=f"name another one by --package or in the manifest: {help_text}",
    )


def _numbers(version: str) -> list[str]:
    return [str(int(digits[:_MOST_DIGITS])) for digits in re.findall(r"\d+", version)[:4]]
