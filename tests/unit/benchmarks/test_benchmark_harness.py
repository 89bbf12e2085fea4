"""The harness: what ratios mean, that contests are honest, and that the fixed venue counts."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import pytest
from harness import fixed_venue
from harness.cold import run_cold
from harness.contest import Contestant, Round, compete, contest_table, cpu_ratio, rate_ratio
from harness.fixed_venue import ORDER, FixedVenue
from harness.recorder import Recorder
from harness.report import BenchmarkError, Options, Ratio, Report, quiet_half

PEERS = Path(__file__).parents[3] / "benchmarks" / "peers"
POST = b"POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"

# A contestant that claims so many operations for every order that it really sends.
LYING = """
import json, socket, sys
port, factor = int(sys.argv[1]), int(sys.argv[2])
sock = socket.create_connection(("127.0.0.1", port))
print("ready", flush=True)
for line in sys.stdin:
    sock.sendall(b"POST / HTTP/1.1\\r\\nContent-Length: 0\\r\\n\\r\\n")
    sock.recv(65536)
    print(json.dumps({"operations": factor, "wall_s": 1.0, "cpu_s": 0.5}), flush=True)
"""


def contestant(name: str, *rounds: Round) -> Contestant:
    return Contestant(name, [], {}, list(rounds))


def report() -> Report:
    return Report("claim", Options(1, 0.01, True, None))


def test_ratios_say_how_many_times_better_ours_is() -> None:
    ours = contestant("ours", Round(100, 1.0, 0.1), Round(100, 2.0, 0.1))
    peer = contestant("peer", Round(50, 1.0, 0.2), Round(50, 2.0, 0.2))

    assert rate_ratio(ours, peer) == pytest.approx(2.0)
    assert cpu_ratio(ours, peer) == pytest.approx(4.0)


def test_wall_figures_come_from_the_better_half() -> None:
    assert quiet_half([10.0, 90.0, 100.0, 1.0], is_rate=True) == 95.0
    assert quiet_half([10.0, 90.0, 11.0], is_rate=False) == 10.5


def test_a_missed_aim_is_said_and_nothing_more() -> None:
    assert Ratio("a / b", 4.9, 5.0).sentence() == "a / b: 4.90 (aim 5: missed)"
    assert Ratio("a / b", 5.0, 5.0).sentence() == "a / b: 5.00 (aim 5: reached)"
    assert Ratio("a / b", 2.0).sentence() == "a / b: 2.00"


def test_the_report_is_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    told = report()
    contest_table(told, "one", [contestant("ours", Round(10, 1.0, 0.5))])
    told.ratio("a / b", 2.0, 3.0)
    told.skip("peer", "not installed")

    said = json.loads(json.dumps(told.as_json()))

    assert said["tables"][0]["rows"][0]["per_second"] == 10.0
    assert said["tables"][0]["rows"][0]["cpu_us"] == pytest.approx(50_000)
    assert said["ratios"] == [{"text": "a / b", "value": 2.0, "aim": 3.0, "is_reached": False}]
    printed = capsys.readouterr().out
    assert "a / b: 2.00 (aim 3: missed)" in printed
    assert "peer: not installed (a skip is not a result)" in printed


@pytest.mark.parametrize("is_native", [True, False])
def test_the_fixed_venue_answers_and_counts(
    is_native: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not is_native:
        monkeypatch.setattr(fixed_venue.shutil, "which", lambda _: None)
    elif not FixedVenue().is_native:
        pytest.skip("there is no C compiler")
    with FixedVenue() as venue, socket.create_connection(("127.0.0.1", venue.port), 5) as sock:
        before = venue.answered()
        # Two requests in three pieces: the venue must find their ends itself.
        for piece in (POST[:20], POST[20:] + POST[:50], POST[50:]):
            sock.sendall(piece)
        data = b""
        while data.count(ORDER) < 2:
            data += sock.recv(65536)

        assert data.startswith(b"HTTP/1.1 201 Created\r\n")
        assert venue.answered() - before == 2


def test_a_contestant_that_claims_more_than_the_venue_answered_is_refused() -> None:
    with FixedVenue() as venue:
        honest = Contestant("honest", [sys.executable, "-c", LYING, str(venue.port), "1"])
        compete([honest], 2, 0.0, venue.answered)
        assert [done.operations for done in honest.rounds] == [1, 1]

        liar = Contestant("liar", [sys.executable, "-c", LYING, str(venue.port), "7"])
        with pytest.raises(BenchmarkError, match="liar claims 7 operations, the venue answered 1"):
            compete([liar], 1, 0.0, venue.answered)


def test_a_contestant_that_ends_is_an_error_and_not_a_hang() -> None:
    with pytest.raises(BenchmarkError, match="ended with status 3"):
        compete([Contestant("broken", [sys.executable, "-c", "raise SystemExit(3)"])], 1, 0.0)


def test_the_bare_socket_sends_what_was_recorded(tmp_path: Path) -> None:
    with Recorder() as recorder, socket.create_connection(("127.0.0.1", recorder.port), 5) as sock:
        sock.sendall(POST)
        assert ORDER in sock.recv(65536)
    assert recorder.request == POST

    file = tmp_path / "request"
    file.write_bytes(recorder.request)
    with FixedVenue() as venue:
        command = [sys.executable, str(PEERS / "orders_bare.py"), str(venue.port), str(file)]
        bare = Contestant("bare", command)
        compete([bare], 1, 0.02, venue.answered)
    assert bare.rounds[0].operations > 0


def test_a_cold_run_measures_a_whole_process() -> None:
    done = run_cold([sys.executable, "-c", "print(sum(range(10**6)))"])

    assert done.status == 0
    assert done.output.strip() == "499999500000"
    assert done.cpu_s > 0
    assert done.wall_s > 0
