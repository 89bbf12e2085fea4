"""A TypeScript stream whose two sessions both name its server asks the caller to choose."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from venuekit.emit.emission import Emission

SESSIONS = Path(__file__).resolve().parents[1] / "sessions"
if str(SESSIONS) not in sys.path:
    sys.path.append(str(SESSIONS))

from rival_documents import documents  # noqa: E402

PROGRAM = """
import assert from "node:assert/strict";
import { ConfigurationError } from "@venuekit/runtime";
import * as sdk from "./src/index.ts";
const held = [new sdk.OneCredentials({ user: "me" }), new sdk.TwoCredentials({ user: "me" })];
const both = new sdk.Client({ credentials: held });
assert.throws(
  () => new sdk.StreamClient({ rest: both }),
  (error) =>
    error instanceof ConfigurationError &&
    /one and two both name the socket's server: give baseUrl/.test(error.message),
);
new sdk.StreamClient({ rest: both, baseUrl: "wss://venue.example" });
new sdk.StreamClient({ rest: new sdk.Client({ credentials: held.slice(0, 1) }) });
"""


def test_who_holds_both_is_asked_to_choose(
    package: Callable[..., tuple[Path, Emission]], toolchain: Any, tmp_path: Path
) -> None:
    (tmp_path / "documents").mkdir()
    folder, _ = package(*documents(tmp_path / "documents", ["one", "two"], "/"))
    toolchain.run(folder, PROGRAM)
