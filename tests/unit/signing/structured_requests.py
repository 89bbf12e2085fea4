"""Random requests for schemes that sign one fixed structure, whose fields are not free text."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from venuekit.vectors.case import PreparedRequest

_USER_ACTIONS = {
    "UsdSend": ("hyperliquidChain", "destination", "amount", "time"),
    "Withdraw": ("hyperliquidChain", "destination", "amount", "time"),
    "SpotSend": ("hyperliquidChain", "destination", "token", "amount", "time"),
    "UsdClassTransfer": ("hyperliquidChain", "amount", "toPerp", "nonce"),
}


def address(r: random.Random) -> str:
    return "0x" + r.randbytes(20).hex()


def word(r: random.Random) -> str:
    return r.choice(("", "0x")) + r.randbytes(32).hex()


def whole(r: random.Random, bits: int) -> int:
    """A whole number of up to so many bits, small ones as likely as large ones."""
    return r.randrange(1 << r.randrange(1, bits + 1))


def derive(r: random.Random) -> PreparedRequest:
    if r.random() < 0.5:
        inputs: dict[str, object] = {"domain_separator": word(r), "action_hash": word(r)}
    else:
        inputs = {
            "typehash": word(r),
            "subaccount_id": str(whole(r, 64)),
            "module": address(r),
            "module_data_hash": word(r),
            "expiry_sec": str(whole(r, 40)),
            "owner": address(r),
            "signer": address(r),
        }
    return PreparedRequest(
        parts={}, method="POST", message={}, nonce=str(whole(r, 60)), inputs=inputs
    )


def dydx(r: random.Random) -> PreparedRequest:
    signature = r.choice(("", "0x")) + r.randbytes(65).hex()
    return PreparedRequest(parts={"eip712_signature": signature}, method="POST")


def hyperliquid_action(r: random.Random) -> PreparedRequest:
    name, fields = r.choice(list(_USER_ACTIONS.items()))
    values = {
        "hyperliquidChain": r.choice(("Mainnet", "Testnet")),
        "destination": address(r),
        "token": f"PURR:{word(r)}",
        "amount": f"{whole(r, 50)}.{r.randrange(10**6)}",
        "time": whole(r, 53),
        "nonce": whole(r, 53),
        "toPerp": r.choice((True, False)),
    }
    return PreparedRequest(
        parts={"secret": "0x" + r.randbytes(32).hex()},
        method="POST",
        message={field: values[field] for field in fields},
        inputs={
            "primary_type": f"HyperliquidTransaction:{name}",
            "signature_chain_id": hex(r.randrange(1, 1 << 32)),
        },
    )


def polymarket_order(r: random.Random) -> PreparedRequest:
    order = {
        "salt": whole(r, 53),
        "maker": address(r),
        "signer": address(r),
        "tokenId": str(whole(r, 256)),
        "makerAmount": whole(r, 53),
        "takerAmount": whole(r, 53),
        "side": r.randrange(2),
        "signatureType": r.randrange(4),
        "timestamp": whole(r, 53),
        "metadata": "0x" + r.randbytes(32).hex(),
        "builder": "0x" + r.randbytes(32).hex(),
    }
    domain = {
        "name": r.choice(("Polymarket CTF Exchange", "Börse 你")),
        "version": str(r.randrange(10)),
        "chainId": whole(r, 53),
        "verifyingContract": address(r),
    }
    return PreparedRequest(
        parts={"secret": "0x" + r.randbytes(32).hex()},
        method="POST",
        message={"order": order},
        inputs={"domain": domain},
    )


STRUCTURED: Mapping[str, Callable[[random.Random], PreparedRequest]] = {
    "derive-eip712": derive,
    "dydx-onboarding": dydx,
    "hyperliquid-user-signed": hyperliquid_action,
    "polymarket-order": polymarket_order,
}
