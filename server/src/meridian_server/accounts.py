"""Who trades here: accounts with their balances and keys, from a file or made for a demo."""

from __future__ import annotations

import base64
import os
import secrets
from decimal import Decimal
from pathlib import Path
from typing import Literal

import msgspec
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from meridian_server.commands import Command, Deposit, OpenAccount
from meridian_server.gateway.keys import Key, Keyring
from meridian_server.gateway.verify import Verification

DEMO_FILE = "demo-accounts.json"
DEMO_BALANCES = {"USD": Decimal(10_000_000), "BTC": Decimal(1_000), "ETH": Decimal(10_000)}


class AccountsError(Exception):
    """The accounts cannot be used; the message says which and why, and quotes no secret."""


class KeySeed(Struct, frozen=True, forbid_unknown_fields=True):
    """A key as written in the file. Of a public-key scheme the file holds the public key;
    demo accounts, which are made here, hold the private seed instead."""

    key: str
    scheme: str
    secret: str | None = None
    public_key: str | None = None
    rights: tuple[Literal["read", "trade"], ...] = ("read", "trade")
    is_revoked: bool = False

    def __repr__(self) -> str:
        return f"KeySeed({self.key}, {self.scheme})"


class AccountSeed(Struct, frozen=True, forbid_unknown_fields=True):
    """An account as written in the file. Balances are deposited once, on its first start."""

    account_id: str
    balances: dict[str, Decimal] = {}
    keys: list[KeySeed] = []


class AccountsFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The file's content."""

    accounts: list[AccountSeed]


def read_accounts(path: Path) -> list[AccountSeed]:
    """Read a YAML or JSON file. AccountsError when it is not what is expected."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        return msgspec.convert(document, AccountsFile, strict=False).accounts
    except OSError as error:
        raise AccountsError(f"{path}: cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError):
        raise AccountsError(f"{path}: expected YAML or JSON with a list `accounts`") from None
    except msgspec.ValidationError as error:
        raise AccountsError(f"{path}: {error}") from None


def demo_accounts(directory: Path) -> list[AccountSeed]:
    """The demo's accounts alice and bob: made once for a data directory, then kept in a file
    that only its owner can read."""
    path = directory / DEMO_FILE
    if path.exists():
        return msgspec.json.decode(path.read_bytes(), type=AccountsFile).accounts
    accounts = [_demo_account("alice"), _demo_account("bob")]
    write_private(path, msgspec.json.encode(AccountsFile(accounts)))
    return accounts


def _demo_account(name: str) -> AccountSeed:
    def key_id(kind: str) -> str:
        return f"demo-{name}-{kind}-{secrets.token_hex(4)}"

    seed = base64.b64encode(secrets.token_bytes(32)).decode("ascii")
    return AccountSeed(
        name,
        DEMO_BALANCES,
        [
            KeySeed(key_id("hmac"), "hmac", f"demo-{secrets.token_urlsafe(32)}"),
            KeySeed(key_id("ed25519"), "ed25519", seed),
            KeySeed(
                key_id("read-only"), "hmac", f"demo-{secrets.token_urlsafe(32)}", rights=("read",)
            ),
        ],
    )


def shown(accounts: list[AccountSeed], with_secrets: bool) -> dict[str, dict[str, dict[str, str]]]:
    """What the ready file says: account, then `hmac`, `ed25519`, `read_only`, then key (and
    secret, for demo keys alone)."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for account in accounts:
        keys = found.setdefault(account.account_id, {})
        for seed in account.keys:
            name = seed.scheme if "trade" in seed.rights else "read_only"
            keys[name] = {"key": seed.key, "scheme": seed.scheme}
            if with_secrets and seed.secret is not None:
                keys[name]["secret"] = seed.secret
    return found


def register(accounts: list[AccountSeed], verification: Verification, keyring: Keyring) -> None:
    """Make all keys known. AccountsError for a weak, doubled or incomplete one."""
    for account in accounts:
        for seed in account.keys:
            try:
                material = verification.register(seed.scheme, seed.key, _verifying_part(seed))
                keyring.add(
                    Key(
                        seed.key,
                        account.account_id,
                        seed.scheme,
                        "trade" in seed.rights,
                        material,
                        seed.is_revoked,
                    )
                )
            except ValueError as error:
                raise AccountsError(f"key {seed.key} of {account.account_id}: {error}") from None


def _verifying_part(seed: KeySeed) -> str:
    if seed.public_key is not None and seed.secret is None:
        return seed.public_key
    if seed.secret is None or seed.public_key is not None:
        raise ValueError("expected either `secret` or `public_key`")
    if seed.scheme != "ed25519":
        return seed.secret
    raw = base64.b64decode(seed.secret, validate=True)
    return Ed25519PrivateKey.from_private_bytes(raw).public_key().public_bytes_raw().hex()


def seeding(accounts: list[AccountSeed]) -> list[Command]:
    """The commands that open and fund the accounts; each works once, however often it comes."""
    commands: list[Command] = []
    for account in accounts:
        commands.append(OpenAccount(0, 0, account.account_id))
        for currency, amount in sorted(account.balances.items()):
            deposit_id = f"seed:{account.account_id}:{currency}"
            commands.append(Deposit(0, 0, deposit_id, account.account_id, currency, amount))
    return commands


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
