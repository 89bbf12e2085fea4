"""The gate before every operation: who calls, whether the key may, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from meridian_server.gateway.keys import Key
from meridian_server.gateway.limits import Bucket, Charge
from meridian_server.gateway.plans import Access
from meridian_server.gateway.verify import LogOn, Verification
from venuekit_runtime.server.refusal import RefusalError
from venuekit_runtime.server.requests import Request

FAILURES = 1000
FAILURES_WINDOW_MS = 60_000


class Admission(NamedTuple):
    """Who was let in (None where anybody is), and the headers that tell the limit."""

    key: Key | None
    headers: bytes


class Gate:
    """One for the whole server: a limit holds over all connections and wires together.

    Failed signatures have a bucket of their own by network address, taken from before any
    signature is checked; the contract's buckets are only reached by who is known."""

    def __init__(self, verification: Verification, clock_ns: Callable[[], int]) -> None:
        self._verification = verification
        self._failures = Bucket("failed signatures", FAILURES, FAILURES_WINDOW_MS, clock_ns)

    def admit(self, access: Access, request: Request) -> Admission:
        """Let a REST request in, or raise the refusal."""
        if not access.schemes:
            return Admission(None, self.charge(access, None, request.ip, None))
        key = self._known(request.ip, lambda: self._verification.request(request, access.schemes))
        check_right(access, key)
        return Admission(key, self.charge(access, key, request.ip, None))

    def log_on(self, access: Access, ip: str, log_on: LogOn) -> Key:
        """The key that signed a stream on, or raise the refusal."""
        return self._known(ip, lambda: self._verification.log_on(log_on, access.schemes))

    def _known(self, ip: str, verify: Callable[[], Key]) -> Key:
        self._failures.check(ip)
        try:
            return verify()
        except RefusalError as refusal:
            if refusal.code.startswith("AUTH_"):
                self._failures.charge(ip, 1)
            raise

    def charge(self, access: Access, key: Key | None, ip: str, connection: object) -> bytes:
        """Take the operation's cost, or raise RATE_LIMITED."""
        headers = b""
        for cost in access.costs:
            owner: object = ip
            if cost.scope == "connection":
                owner = connection
            elif key is not None and cost.scope == "account":
                owner = key.account_id
            elif key is not None and cost.scope == "key":
                owner = key.key_id
            left: Charge = cost.bucket.charge(owner, cost.weight)
            if cost.headers and not headers:
                headers = cost.headers % left
        return headers


def check_right(access: Access, key: Key) -> None:
    """Raise FORBIDDEN where a key lacks the right to trade."""
    if access.needs_trade and not key.may_trade:
        raise RefusalError("FORBIDDEN", "the key has no right to trade")
