"""Feeds that name no topic hear their own messages alone, as Python's do."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from venuekit.emit.emission import Options
from venuekit.emit.files import tree, write
from venuekit.generating import emitter
from venuekit.load import load

ROOT = Path(__file__).parents[3]
WORKSPACE = ROOT / "sdks" / "typescript"
FRAMES = {
    "onTickers": '[{"e":"ticker","s":"A"}]',
    "onMiniTickers": '[{"e":"miniTicker","s":"A"}]',
    "onTrades": '{"arg":{"channel":"trades"},"data":[1]}',
    "onBooks": '{"arg":{"channel":"books"},"data":[1]}',
    "onQuotes": '{"bid":"1"}',
    "onMarks": '{"mark":"1","more":2}',
    "onCounts": '{"kind":7,"count":1}',
}
NOBODYS = ('{"arg":{"channel":"other"},"data":[1]}', '{"arg":1,"data":[1]}', '{"x":1}', "[[1]]")
SCRIPT = """
import { readFileSync } from "node:fs";
import { readFrame } from "%(runtime)s/src/stream_frames.ts";
import { Topic } from "%(runtime)s/src/topic.ts";
import * as stream from "./src/stream.ts";

const channels = Object.values(stream).filter((one) => Array.isArray(one?.events));
const sink = { start() {}, push() {}, interrupt() {}, fail(error) { throw error; } };
const heard = JSON.parse(readFileSync("frames.json", "utf8")).map((text) =>
  channels
    .filter((one) => {
      const topic = new Topic(one, one.address, sink);
      return topic.deliver(readFrame({ path: "/" }, text)) === "taken";
    })
    .map((one) => one.name),
);
process.stdout.write(JSON.stringify(heard));
"""


def test_a_feed_hears_no_message_that_looks_like_its_own(tmp_path: Path) -> None:
    if shutil.which("node") is None or not (WORKSPACE / "node_modules").is_dir():
        pytest.skip("Node and `npm ci` in sdks/typescript are needed to run what is emitted")
    loaded = load([ROOT / "tests" / "quirks" / "asyncapi-3-look-alike-feeds.yaml"])
    emission = emitter("typescript")(loaded.contract, Options(package="@quirk/feeds"))
    write(tmp_path, tree(emission.files, {}))
    stream = tmp_path / "src" / "stream.ts"
    stream.write_text(stream.read_text("utf-8").replace("\nconst ", "\nexport const "), "utf-8")
    modules = tmp_path / "node_modules" / "@venuekit"
    modules.mkdir(parents=True)
    (modules / "runtime").symlink_to(WORKSPACE / "runtime")
    (tmp_path / "hear.ts").write_text(SCRIPT % {"runtime": WORKSPACE / "runtime"}, encoding="utf-8")
    (tmp_path / "frames.json").write_text(json.dumps([*FRAMES.values(), *NOBODYS]))
    said = subprocess.run(
        ["node", "--conditions=venuekit-source", "hear.ts"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout) == [*([name] for name in FRAMES), *([] for _ in NOBODYS)]
