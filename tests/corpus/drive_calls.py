"""Plays the venue and the client: signs each call, and has an emitted Python SDK take it."""

from __future__ import annotations

import importlib
import inspect
import json
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from venuekit_runtime.clock import Clock
from venuekit_runtime.encoding import plain_value
from venuekit_runtime.errors import WebhookRefusedError
from venuekit_runtime.signing import RequestDraft

SECRET = "a-secret-of-the-corpus-run-32bytes"


def taken(package: str, samples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what came out of each call, or what went wrong."""
    webhooks = importlib.import_module(f"{package}.webhooks")
    return [_one(package, webhooks, sample) for sample in samples]


def _one(package: str, webhooks: Any, sample: dict[str, Any]) -> dict[str, Any]:
    name, body = sample["operation"], sample["body"].encode()
    proofs = [proof for way in webhooks.WEBHOOKS[name].proofs[:1] for proof in way]
    try:
        held = [_credentials(package, proof.scheme) for proof in proofs]
        draft = RequestDraft("POST", "", "/hooks/calls", "a=1", body=body)
        is_covered = any(proof.line for proof in proofs)
        line = {"method": draft.method, "target": draft.target} if is_covered else {}
        for one, proof in zip(held, proofs, strict=True):
            moment = str(time.time_ns() // proof.tick_ns) if proof.timestamp else ""
            one.signer(Clock()).sign_webhook_at(draft, moment, "nonce" if proof.nonce else "")
        said = webhooks.parse_webhook(name, draft.headers, body, credentials=held, **line)
        if proofs:
            _must_refuse(webhooks, name, draft, body, {"credentials": held, **line})
        written = msgspec.json.encode(plain_value(said, name, "untyped"))
    except Exception as error:
        return {"problem": f"{type(error).__name__}: {error}"}
    return {"value": json.loads(written, parse_float=Decimal)}


def _must_refuse(
    webhooks: Any, name: str, draft: RequestDraft, body: bytes, given: dict[str, Any]
) -> None:
    try:
        webhooks.parse_webhook(name, draft.headers, body + b" ", **given)
    except WebhookRefusedError:
        return
    raise AssertionError("a changed body was taken")


def _credentials(package: str, scheme: str) -> Any:
    signing = importlib.import_module(f"{package}.signing")
    for kind in vars(signing).values():
        if inspect.isclass(kind) and getattr(kind, "scheme", None) == scheme:
            names = inspect.signature(kind).parameters
            if "clock" not in names:
                return kind(**dict.fromkeys(names, SECRET))
    raise LookupError(f"no credentials for {scheme}")


def main() -> None:
    package, samples, results = sys.argv[1:]
    made = json.loads(Path(samples).read_text(encoding="utf-8"), parse_float=Decimal)
    found = taken(package, made)
    Path(results).write_bytes(msgspec.json.Encoder(decimal_format="number").encode(found))


if __name__ == "__main__":
    main()
