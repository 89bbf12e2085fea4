"""The tree that the tidy tests look at: what git tracks or would track, by kind."""

import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
GENERATED = (
    "sdks/python/meridian/",
    "sdks/typescript/meridian/",
    "docs/content/reference/",
)


@functools.cache
def tracked() -> tuple[str, ...]:
    """Return every file of the repository, as paths from its root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(sorted(name for name in listed.split("\0") if name and (ROOT / name).is_file()))


def is_generated(name: str) -> bool:
    """Say whether the generator owns a file: its manners are the emitters' business."""
    is_expected_output = name.startswith("tests/golden/") and "/expected/" in name
    return name.startswith(GENERATED) or is_expected_output


def by_hand(*suffixes: str, under: str = "") -> Iterator[tuple[str, str]]:
    """Yield name and text of each file that people write."""
    for name in tracked():
        if name.startswith(under) and name.endswith(suffixes) and not is_generated(name):
            yield name, (ROOT / name).read_text(encoding="utf-8")
