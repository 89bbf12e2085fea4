"""A nonce that the server gives for each request, by an emitted TypeScript client in Node."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from venuekit.emit.emission import Emission

SESSIONS = Path(__file__).resolve().parents[1] / "sessions"
if str(SESSIONS) not in sys.path:
    sys.path.append(str(SESSIONS))

from nonce_venue import NonceVenue  # noqa: E402
from session_venue import KEY, SECRET, serve  # noqa: E402

PROGRAM = """
import assert from "node:assert/strict";
import { ApiError, Client, SessionError, SignedCredentials } from "./src/index.ts";
const told = async (path) => (await fetch(`${URL}${path}`)).json();
const credentials = new SignedCredentials(HELD);
const client = new Client({ baseUrl: URL, credentials, retry: { baseDelayMs: 1 } });

// Calls at once share no nonce.
const replies = await Promise.all(Array.from({ length: 40 }, () => client.getAccount()));
assert.equal(new Set(replies.map(({ name }) => name)).size, 40);
assert.ok(replies.every(({ name }) => BigInt(name) > 2n ** 53n));
assert.deepEqual(await told("/_calls"), { open: 40 });
assert.ok((await told("/_spent")).most > 1);

// Each attempt has its own.
await told("/_reset?lifetime_s=60");
await told("/_after");
await client.getAccount();
assert.deepEqual(await told("/_calls"), { open: 2 });
const { spent } = await told("/_spent");
assert.equal(new Set(spent).size, spent.length);

// One that was gone is replaced once.
await told("/_reset?lifetime_s=60");
await told("/_forget");
assert.ok((await client.placeOrder({ clientOrderId: "a-1" })).name);
assert.deepEqual(await told("/_calls"), { open: 2, refused: 1 });

// Without one nothing is sent.
await told("/_nononce");
await assert.rejects(client.placeOrder({ clientOrderId: "a-2" }), (error) => {
  assert.ok(error instanceof SessionError && error.cause instanceof ApiError);
  assert.deepEqual([error.scheme, error.operation], ["signed", "getNonce"]);
  return true;
});
assert.equal((await told("/_spent")).spent.length, spent.length + 1);
await client.close();
"""


@pytest.fixture
def nonces() -> Iterator[NonceVenue]:
    """A venue of this test's own."""
    with serve(NonceVenue) as running:
        yield running


def test_calls_at_once_share_no_nonce_in_node(
    package: Callable[..., tuple[Path, Emission]], toolchain: Any, nonces: NonceVenue
) -> None:
    folder, emission = package(SESSIONS / "documents" / "nonce.openapi.yaml")
    assert emission.findings == ()
    for compiler in ("typescript", "typescript-5"):
        assert toolchain.compile(folder, compiler) == ""
    held = json.dumps({"key": KEY, "secret": SECRET})
    toolchain.run(folder, f'const URL = "{nonces.url}";\nconst HELD = {held};\n{PROGRAM}')
