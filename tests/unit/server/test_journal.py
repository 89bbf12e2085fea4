"""The journal: what was answered is on disk, replay gives the same state, damage is refused."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from meridian_server import commands as c
from meridian_server.engine import Engine
from meridian_server.genesis import listings
from meridian_server.journal import Entry, JournalError, open_journal
from meridian_server.journal.replay import recover
from meridian_server.journal.sqlite import FILE_NAME, SqliteJournal
from meridian_server.venue import Venue


class CountingJournal(SqliteJournal):
    """A real journal that also tells how many entries each transaction had."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.sizes: list[int] = []

    def append(self, entries: Sequence[Entry]) -> None:
        self.sizes.append(len(entries))
        super().append(entries)


def start(directory: Path, kind: type[SqliteJournal] = SqliteJournal) -> tuple[Venue, Any]:
    journal = kind(directory)
    engine = Engine()
    chain = recover(journal, engine)
    failures: list[bool] = []
    venue = Venue(engine, journal, chain, lambda: 1_000)
    venue.on_failure = lambda: failures.append(True)
    return venue, failures


def run(venue: Venue, command: c.Command) -> list[Any]:
    numbered = msgspec.structs.replace(
        command, sequence=venue.next_sequence(), timestamp_ms=venue.now_ms()
    )
    return venue.execute(numbered)


def seed(venue: Venue) -> None:
    for command in listings():
        run(venue, command)
    for name in ("ann", "ben"):
        run(venue, c.OpenAccount(0, 0, name))
        run(venue, c.Deposit(0, 0, f"{name}-usd", name, "USD", Decimal(1_000_000)))
        run(venue, c.Deposit(0, 0, f"{name}-btc", name, "BTC", Decimal(100)))


def place(venue: Venue, number: int) -> list[Any]:
    chance = random.Random(number)
    side = chance.choice(["buy", "sell"])
    return run(
        venue,
        c.PlaceOrder(
            0,
            0,
            chance.choice(["ann", "ben"]),
            f"order-{number}",
            "BTC-USD",
            side,
            "limit",
            "good_till_cancel",
            False,
            chance.randint(1, 50) * 1000,
            chance.randint(9_900, 10_100) * 100,
        ),
    )


async def settled(venue: Venue) -> None:
    done = asyncio.Event()
    venue.after_commit(done.set)
    await done.wait()


async def test_restart_gives_the_same_state_hash(tmp_path: Path) -> None:
    venue, _ = start(tmp_path)
    seed(venue)
    for number in range(200):
        place(venue, number)
    before = venue.engine.state_hash()
    await venue.settle()
    venue.close()
    again, _ = start(tmp_path)
    assert again.engine.state_hash() == before
    assert again.engine.state.last_trade_id > 20
    again.close()


async def test_commands_of_one_tick_share_one_transaction(tmp_path: Path) -> None:
    venue, _ = start(tmp_path, CountingJournal)
    seed(venue)
    await settled(venue)
    answered: list[int] = []
    for number in range(50):
        place(venue, number)
        venue.after_commit(lambda n=number: answered.append(n))
        assert answered == []
    await settled(venue)
    assert answered == list(range(50))
    assert venue.journal.sizes[1:] == [50]
    await venue.settle()
    venue.close()


async def test_nothing_is_answered_when_the_disk_fails(tmp_path: Path) -> None:
    venue, failures = start(tmp_path)
    seed(venue)
    await settled(venue)
    venue.journal._connection.execute("DROP TABLE entry")
    answered: list[bool] = []
    place(venue, 1)
    venue.after_commit(lambda: answered.append(True))
    for _ in range(4_000):
        await asyncio.sleep(0.005)
        if failures:
            break
    venue.after_commit(lambda: answered.append(True))
    assert failures == [True]
    assert answered == []
    await venue.settle()
    venue.close()


async def test_a_second_process_is_refused(tmp_path: Path) -> None:
    venue, _ = start(tmp_path)
    seed(venue)
    await settled(venue)
    with pytest.raises(JournalError, match="in use by another process"):
        SqliteJournal(tmp_path)
    await venue.settle()
    venue.close()


async def test_rejected_commands_and_repeats_leave_no_entry(tmp_path: Path) -> None:
    venue, _ = start(tmp_path)
    seed(venue)
    await settled(venue)
    count = len(list(venue.journal.entries()))
    seed(venue)
    run(venue, c.CancelOrder(0, 0, "ann", 12345))
    await settled(venue)
    assert len(list(venue.journal.entries())) == count == venue.engine.state.sequence
    await venue.settle()
    venue.close()


@pytest.mark.parametrize(
    ("statement", "fact"),
    [
        (
            "UPDATE entry SET command = CAST(replace(CAST(command AS TEXT), "
            "'1000', '1001') AS BLOB) WHERE sequence = 20",
            "entry 20 of the journal does not match its chain",
        ),
        ("UPDATE entry SET chain = zeroblob(32) WHERE sequence = 15", "entry 15"),
        ("DELETE FROM entry WHERE sequence = 14", "cannot follow"),
        ("UPDATE entry SET command = x'7b' WHERE sequence = 3", "entry 3"),
        ("UPDATE note SET value = '99' WHERE name = 'format'", "format 99"),
    ],
)
async def test_an_altered_journal_is_refused(tmp_path: Path, statement: str, fact: str) -> None:
    venue, _ = start(tmp_path)
    seed(venue)
    for number in range(30):
        place(venue, number)
    await venue.settle()
    venue.close()
    database = sqlite3.connect(tmp_path / FILE_NAME)
    database.execute(statement)
    database.commit()
    database.close()
    with pytest.raises(JournalError, match=fact):
        start(tmp_path)


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database at all" * 100)
    with pytest.raises(JournalError, match="damaged"):
        SqliteJournal(tmp_path)


def test_an_unknown_url_is_refused() -> None:
    with pytest.raises(JournalError, match="no journal for postgresql: URLs"):
        open_journal("postgresql://localhost/meridian")


async def test_a_power_cut_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    """Cut the WAL anywhere behind the last acknowledged commit, and in the middle of it all:
    what was acknowledged before the cut is there, and the state is one that really was."""
    live = tmp_path / "live"
    venue, _ = start(live)
    wal = live / f"{FILE_NAME}-wal"
    seed(venue)
    await settled(venue)
    acknowledged = [(wal.stat().st_size, venue.engine.state.sequence)]
    hashes = {venue.engine.state.sequence: venue.engine.state_hash()}
    for number in range(60):
        place(venue, number)
        hashes[venue.engine.state.sequence] = venue.engine.state_hash()
        if number % 3 == 0:
            await settled(venue)
            acknowledged.append((wal.stat().st_size, venue.engine.state.sequence))
    await settled(venue)
    image = (live / FILE_NAME).read_bytes(), wal.read_bytes()
    chance = random.Random(7)
    for cut in range(40):
        length = chance.randint(acknowledged[0][0], len(image[1]))
        copy = tmp_path / f"cut-{cut}"
        copy.mkdir()
        (copy / FILE_NAME).write_bytes(image[0])
        # What the disk had not yet synced may be absent, or be there as garbage.
        torn = chance.randbytes(chance.choice([0, 700]))
        (copy / f"{FILE_NAME}-wal").write_bytes(image[1][:length] + torn)
        journal = SqliteJournal(copy)
        engine = Engine()
        recover(journal, engine)
        journal.close()
        shutil.rmtree(copy)
        promised = max(sequence for size, sequence in acknowledged if size <= length)
        assert engine.state.sequence >= promised
        assert engine.state_hash() == hashes[engine.state.sequence]
    await venue.settle()
    venue.close()


async def test_a_failing_listener_keeps_no_answer_back(tmp_path: Path, caplog: Any) -> None:
    venue, _ = start(tmp_path)
    venue.listeners.append(lambda events: 1 / 0)
    seed(venue)
    await asyncio.wait_for(settled(venue), 30)
    assert "a listener of the journal failed" in caplog.text
    venue.close()
