"""Nonces are remembered for as long as they could be replayed, and not longer."""

from __future__ import annotations

from venuekit.signing.nonces import NonceMemory, NonceOutcome


def test_a_nonce_is_taken_once_per_key() -> None:
    memory = NonceMemory()
    assert memory.insert("a", "n", 5_000, now_ms=0) is NonceOutcome.FRESH
    assert memory.insert("a", "n", 5_000, now_ms=5_000) is NonceOutcome.REPLAYED
    assert memory.insert("b", "n", 5_000, now_ms=0) is NonceOutcome.FRESH


def test_a_full_memory_refuses_instead_of_forgetting() -> None:
    memory = NonceMemory(limit_per_key=2)
    for nonce in ("1", "2"):
        assert memory.insert("a", nonce, 5_000, now_ms=0) is NonceOutcome.FRESH
    assert memory.insert("a", "3", 5_000, now_ms=0) is NonceOutcome.FULL
    assert memory.insert("a", "1", 5_000, now_ms=0) is NonceOutcome.REPLAYED
    assert memory.insert("a", "3", 10_001, now_ms=5_001) is NonceOutcome.FRESH


def test_a_restart_keeps_open_nonces() -> None:
    before = NonceMemory()
    before.insert("a", "late", 9_000, now_ms=0)
    before.insert("a", "early", 4_000, now_ms=0)
    after = NonceMemory()
    after.restore(before.records())
    assert after.insert("a", "late", 9_000, now_ms=5_000) is NonceOutcome.REPLAYED
    assert sorted(after.records()) == [("a", "late", 9_000)]


def test_a_restart_takes_back_more_than_a_smaller_limit_allows() -> None:
    before = NonceMemory(limit_per_key=4)
    for nonce in "1234":
        before.insert("a", nonce, 5_000, now_ms=0)
    after = NonceMemory(limit_per_key=2)
    after.restore(before.records())
    for nonce in "1234":
        assert after.insert("a", nonce, 5_000, now_ms=0) is NonceOutcome.REPLAYED
    assert after.insert("a", "5", 5_000, now_ms=0) is NonceOutcome.FULL


def test_a_rising_nonce_must_be_above_every_earlier_one_and_a_restart_keeps_it() -> None:
    memory = NonceMemory()
    taken = [memory.rise("a", nonce) for nonce in (5, 5, 4, 6)]
    fresh, replayed = NonceOutcome.FRESH, NonceOutcome.REPLAYED
    assert taken == [fresh, replayed, replayed, fresh]
    assert memory.rise("b", 0) is fresh
    after = NonceMemory()
    after.restore(memory.records())
    assert [after.rise("a", nonce) for nonce in (6, 7)] == [replayed, fresh]
