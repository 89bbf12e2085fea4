"""Few dependencies, each with its reason in docs/contributing/dependencies."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from tidy_tree import ROOT, tracked

REASONS = ROOT / "docs" / "contributing"
OWN = {
    "venuekit",
    "venuekit-oasdiff",
    "venuekit-runtime",
    "meridian-server",
    "meridian-sdk",
    "@venuekit/runtime",
    "@meridian/sdk",
}


def plain(requirement: str) -> str:
    """Return the name of a requirement, normalised as package indexes do it."""
    name = re.split(r"[\s\[<>=!~;@]", requirement.strip(), maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def python_requirements(path: Path) -> set[str]:
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    project = said.get("project", {})
    lists = [
        said.get("build-system", {}).get("requires", []),
        project.get("dependencies", []),
        *project.get("optional-dependencies", {}).values(),
        *said.get("dependency-groups", {}).values(),
    ]
    # A dependency group may include another one, by a table in place of a name.
    return {plain(wanted) for group in lists for wanted in group if isinstance(wanted, str)}


def node_requirements(path: Path) -> set[str]:
    said = json.loads(path.read_text(encoding="utf-8"))
    groups = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
    wanted = {name: version for group in groups for name, version in said.get(group, {}).items()}
    return {_aliased(name, version) for name, version in wanted.items()}


def _aliased(name: str, version: str) -> str:
    """Return what is really installed: `npm:typescript@5.9.3` under another name is TypeScript."""
    return version.removeprefix("npm:").rpartition("@")[0] if "npm:" in version else name


def declared() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name in tracked():
        if name.endswith("pyproject.toml"):
            found += [(name, wanted) for wanted in sorted(python_requirements(ROOT / name))]
        elif name.endswith("package.json") and not name.startswith("tests/"):
            found += [(name, wanted) for wanted in sorted(node_requirements(ROOT / name))]
    return [(name, wanted) for name, wanted in found if wanted not in OWN]


def reasons() -> dict[str, str]:
    """Return the reason of each package, from lines such as `- package: reason`."""
    lines = (REASONS / "dependencies.md").read_text(encoding="utf-8").splitlines()
    pairs = [re.match(r"[-*] `?([@\w./-]+)`?(?: \([^)]*\))?: (\S.{9,})", line) for line in lines]
    return {plain(pair[1]) if pair[1][0] != "@" else pair[1]: pair[2] for pair in pairs if pair}


@pytest.mark.parametrize(("file", "package"), declared())
def test_each_dependency_has_its_reason(file: str, package: str) -> None:
    has_reason = package in reasons()
    assert has_reason, f"{file} needs {package}: say why in docs/contributing"


def test_extras_that_are_asked_for_exist() -> None:
    """An extra that a package does not have is a warning to pip, and installs nothing."""
    packages = {}
    for name in tracked():
        if name.endswith("pyproject.toml"):
            project = tomllib.loads((ROOT / name).read_text(encoding="utf-8")).get("project", {})
            packages[project.get("name", name)] = project
    asked = [
        (name, plain(wanted), extra.strip())
        for name, project in packages.items()
        for group in (
            project.get("dependencies", []),
            *project.get("optional-dependencies", {}).values(),
        )
        for wanted in group
        if plain(wanted) in packages and "[" in wanted
        for extra in wanted.partition("[")[2].partition("]")[0].split(",")
    ]
    assert asked
    absent = [one for one in asked if one[2] not in packages[one[1]]["optional-dependencies"]]
    assert absent == []


def test_the_typescript_sdk_depends_on_nothing_at_run_time() -> None:
    for folder in ("runtime", "meridian"):
        said = json.loads((ROOT / "sdks/typescript" / folder / "package.json").read_text())
        assert set(said.get("dependencies", {})) <= OWN


def test_lock_files_name_no_registry() -> None:
    locks = [name for name in tracked() if name.endswith("package-lock.json")]
    assert locks
    for name in locks:
        packages = json.loads((ROOT / name).read_text())["packages"]
        remote = [p["resolved"] for p in packages.values() if "://" in p.get("resolved", "")]
        assert remote == [], name
