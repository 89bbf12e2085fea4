"""Every benchmark in turn: `python benchmarks [--quick] [--json FOLDER] [CLAIM ...]`.

A claim is a file next to this one. The exit code is 1 when one of them could not be run; a missed
aim is a figure and no failure.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """Run the claims and repeat their ratios at the end, the ones with an aim."""
    claims = sorted(path.stem for path in HERE.glob("*.py") if path.stem != "__main__")
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("claims", nargs="*", metavar="CLAIM", help=", ".join(claims))
    parser.add_argument("--quick", action="store_true", help="only show that they run")
    parser.add_argument("--json", type=Path, metavar="FOLDER", help="write CLAIM.json here")
    given = parser.parse_args()
    unknown = sorted(set(given.claims) - set(claims))
    if unknown:
        parser.error(f"no benchmark is named {', '.join(unknown)}; there are {', '.join(claims)}")
    with tempfile.TemporaryDirectory(prefix="venuekit-bench-") as temporary:
        folder = given.json or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        wanted = given.claims or claims
        broken = [claim for claim in wanted if not has_run(claim, folder, given.quick)]
        summary([folder / f"{claim}.json" for claim in wanted if claim not in broken])
        if given.quick:
            print("a quick run shows that the benchmarks run; its figures mean nothing")
    if broken:
        print(f"could not be run: {', '.join(broken)}", file=sys.stderr)
    return 1 if broken else 0


def has_run(claim: str, folder: Path, is_quick: bool) -> bool:
    """Run one claim as a process of its own."""
    command = [sys.executable, str(HERE / f"{claim}.py"), "--json", str(folder / f"{claim}.json")]
    return subprocess.run([*command, *(["--quick"] if is_quick else [])]).returncode == 0


def summary(files: list[Path]) -> None:
    """Print every ratio that has an aim, and what was skipped."""
    print("\n# all claims")
    for file in files:
        found = json.loads(file.read_text(encoding="utf-8"))
        for ratio in found["ratios"]:
            if ratio["aim"] is not None:
                verdict = "reached" if ratio["is_reached"] else "missed "
                print(f"{verdict}  {ratio['value']:7.2f}  aim {ratio['aim']:g}  {ratio['text']}")
        for skipped in found["skipped"]:
            print(f"skipped  {skipped} (a skip is not a result)")


if __name__ == "__main__":
    sys.exit(main())
