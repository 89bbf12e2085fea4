"""Keys: whose they are, what they may do, and what verifies them. Secrets never leave here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Key:
    """One key. `material` is the HMAC secret or the public key as the verifier made it."""

    key_id: str
    account_id: str
    scheme: str
    may_trade: bool
    material: Any = field(repr=False)
    is_revoked: bool = False


class Keyring:
    """All keys by id."""

    def __init__(self) -> None:
        self._keys: dict[str, Key] = {}

    def add(self, key: Key) -> None:
        """Add a key. ValueError when the id is taken."""
        if key.key_id in self._keys:
            raise ValueError(f"the key id {key.key_id} stands twice")
        self._keys[key.key_id] = key

    def find(self, key_id: str) -> Key | None:
        """The key of an id that is not revoked, or None."""
        key = self._keys.get(key_id)
        return None if key is None or key.is_revoked else key
