"""The main job end to end: check, generate, serve, trade, crash, compare, build the docs.

Every step runs the real thing and fails the demo when it does not do what it should.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from venue import Venue

import meridian

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus" / "openxapi"
SITE = ROOT / "site"
TYPESCRIPT = ROOT / "sdks" / "typescript"
BEGAN = time.monotonic()


class DemoError(Exception):
    """A step did not do what it should."""


def headline(number: int, words: str) -> None:
    print(f"\n== {number}. {words} ({time.monotonic() - BEGAN:.1f} s)", flush=True)


def venuekit(*arguments: str | Path, expect: int = 0) -> str:
    """Run venuekit, show what it says, and insist on its exit code."""
    shown = " ".join(
        os.path.relpath(a, ROOT) if isinstance(a, Path) and a.is_relative_to(ROOT) else str(a)
        for a in arguments
    )
    print(f"$ venuekit {shown}", flush=True)
    done = subprocess.run(
        ["venuekit", *map(str, arguments)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    print(done.stdout + done.stderr, end="", flush=True)
    if done.returncode != expect:
        raise DemoError(f"exit code {done.returncode}, expected {expect}")
    return done.stdout


def check() -> None:
    venuekit("check", ROOT / "spec" / "venuekit.yaml")


def generate() -> None:
    """Emit everything again and show that nothing differs from what is committed."""
    venuekit("generate", "--check", ROOT / "spec" / "venuekit.yaml")


def environment(facts: Mapping[str, Any], account: str) -> dict[str, str]:
    key = facts["accounts"][account]["hmac"]
    return os.environ | {
        "MERIDIAN_URL": facts["url"],
        "MERIDIAN_KEY": key["key"],
        "MERIDIAN_SECRET": key["secret"],
    }


def trade(facts: Mapping[str, Any], folder: Path) -> None:
    """Let both SDKs trade with each other, and print what each saw."""
    here = Path(__file__).parent
    # Node looks for packages beside the program, so the program goes to where they are linked.
    (folder / "node_modules").symlink_to(TYPESCRIPT / "node_modules")
    program = shutil.copy(here / "trader.ts", folder / "trader.mts")
    node = ["node", "--conditions=venuekit-source", str(program)]
    traders = {
        "python    ": ([sys.executable, str(here / "trader.py")], "alice"),
        "typescript": (node, "bob"),
    }
    running = []
    for name, (command, account) in traders.items():
        process = subprocess.Popen(
            command,
            env=environment(facts, account),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        reader = threading.Thread(target=relay, args=(name, process))
        reader.start()
        running.append((name, process, reader))
    for name, process, reader in running:
        code = process.wait(timeout=60)
        reader.join()
        if code != 0:
            raise DemoError(f"the {name.strip()} trader ended with {code}")


def relay(name: str, process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        print(f"{name} | {line}", end="", flush=True)


def picture(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return all that both accounts own and have done, as the venue tells it."""
    seen: dict[str, Any] = {}
    for account in ("alice", "bob"):
        key = facts["accounts"][account]["hmac"]
        credentials = meridian.HmacCredentials(key=key["key"], secret=key["secret"])
        with meridian.Client(base_url=facts["url"], credentials=credentials) as client:
            seen[account] = (
                client.list_orders().orders,
                client.list_executions().executions,
                client.list_balances().balances,
            )
    return seen


def crash(venue: Venue, facts: dict[str, Any]) -> dict[str, Any]:
    """Kill the server, start it again, and show that nothing was lost."""
    before = picture(facts)
    venue.kill()
    print("killed the server with SIGKILL", flush=True)
    first = venue.state_hash()
    facts = venue.start()
    after = picture(facts)
    if before != after:
        raise DemoError(f"before the crash {before}, after it {after}")
    venue.stop()
    if venue.state_hash() != first:
        raise DemoError("the journal replays to another state")
    for account, (orders, executions, balances) in after.items():
        owned = ", ".join(f"{b.total} {b.currency}" for b in balances if b.total != Decimal(0))
        print(
            f"{account}: {len(orders)} orders, {len(executions)} executions, {owned}: all there",
            flush=True,
        )
    print(f"state hash {first}", flush=True)
    return facts


def break_contract(folder: Path) -> None:
    """Edit the contract so that clients break, and show the findings."""
    spec = folder / "spec"
    shutil.copytree(ROOT / "spec", spec)
    edits = {
        "schemas/order.yaml": ("order_type, quantity]", "order_type, quantity, price]"),
        "stream.asyncapi.yaml": ("address: trades.{symbol}", "address: tape.{symbol}"),
    }
    for name, (old, new) in edits.items():
        path = spec / name
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise DemoError(f"{name} no longer holds {old!r}")
        path.write_text(text.replace(old, new), encoding="utf-8")
        print(f"edited {name}: {old.strip()!r} became {new.strip()!r}", flush=True)
    venuekit("changes", spec / "venuekit.yaml", expect=1)


def foreign_documents(folder: Path) -> None:
    """Emit SDKs for a venue that knows nothing of us."""
    if not CORPUS.is_dir():
        print(f"skipped: {CORPUS} is not on this machine", flush=True)
        return
    for name in ("binance-spot.openapi.yaml", "binance-spot.asyncapi.yaml"):
        for target in ("python", "typescript"):
            output = folder / f"{target}-{name.partition('.')[2].partition('.')[0]}"
            venuekit("generate", target, CORPUS / name, "-o", output)


def build_docs() -> None:
    subprocess.run(
        ["mkdocs", "build", "--strict", "-f", "docs/mkdocs.yml"],
        cwd=ROOT,
        check=True,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
    )
    pages = sum(1 for _ in SITE.rglob("*.html"))
    print(f"{pages} pages: open {SITE / 'index.html'}", flush=True)


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="venuekit-demo-"))
    venue = Venue(folder)
    facts: dict[str, Any] = {}
    steps: list[tuple[str, Callable[[], None]]] = [
        ("Meridian's contract is checked", check),
        ("Everything is generated again; nothing differs from what is committed", generate),
        ("The server starts", lambda: facts.update(venue.start())),
        ("The two SDKs trade with each other", lambda: trade(facts, folder)),
        ("The server is killed; nothing is lost", lambda: facts.update(crash(venue, facts))),
        ("A breaking edit is found", lambda: break_contract(folder)),
        ("Any venue's documents become SDKs", lambda: foreign_documents(folder)),
        ("The docs are built", build_docs),
    ]
    try:
        for number, (words, step) in enumerate(steps, 1):
            headline(number, words)
            step()
    except (DemoError, RuntimeError, subprocess.SubprocessError) as error:
        print(f"\nthe demo failed: {error}", file=sys.stderr)
        return 1
    finally:
        venue.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"\ndemo: all {len(steps)} steps done in {time.monotonic() - BEGAN:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
