"""How requests are signed: straight-line code, made from the contract's signing schemes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from venuekit_runtime import crypto, crypto_keys
from venuekit_runtime.clock import Clock
from venuekit_runtime.crypto_messages import LogonDraft
from venuekit_runtime.nonce import RandomNonce
from venuekit_runtime.signing import RequestDraft


class HmacCredentials:
    """What signs with HMAC-SHA256; printing it shows nothing."""

    scheme = "hmac"

    def __init__(self, *, key: str, secret: str) -> None:
        self._parts = {"key": key, "secret": secret}

    def signer(self, clock: Clock) -> HmacSigner:
        """Return a signer that uses the client's clock. Raises SigningError for a wrong part."""
        return HmacSigner(self._parts, clock)

    def __repr__(self) -> str:
        return "<HmacCredentials>"


class HmacSigner:
    """Signs with HMAC-SHA256; holds the secrets and never shows them."""

    scheme = "hmac"

    def __init__(self, parts: Mapping[str, str], clock: Clock) -> None:
        self._key = crypto.text_part("hmac", parts, "key")
        self._secret = crypto.HmacKey("sha256", crypto.utf8_part("hmac", parts, "secret"))
        self._clock = clock
        self._nonces = RandomNonce()

    def sign(self, draft: RequestDraft) -> None:
        """Sign a request: write what the scheme demands into the draft."""
        self.sign_at(draft, str(self._clock.now_ms()), self._nonces.next())

    def sign_at(
        self,
        draft: RequestDraft,
        timestamp: str,
        nonce: str,
        trace: dict[str, object] | None = None,
    ) -> None:
        """Sign with a given time and nonce; `trace` receives every step."""
        draft.add_headers(
            ("MERIDIAN-KEY", self._key),
            ("MERIDIAN-TIMESTAMP", timestamp),
            ("MERIDIAN-NONCE", nonce),
        )
        body_digest = hashlib.sha256(draft.body).hexdigest()
        canonical = "\n".join(
            (
                "MERIDIAN-1",
                draft.method,
                crypto.lower(draft.host),
                draft.target,
                body_digest,
                timestamp,
                nonce,
                self._key,
            )
        )
        signature = self._secret.hexdigest(canonical.encode())
        draft.add_header("MERIDIAN-SIGNATURE", signature)
        if trace is not None:
            trace.update(body_digest=body_digest, canonical=canonical, signature=signature)

    def explain_sign(
        self, draft: RequestDraft, timestamp: str, nonce: str
    ) -> dict[str, str]:
        """Sign the draft and return every step as text, never a secret."""
        trace: dict[str, object] = {}
        self.sign_at(draft, timestamp, nonce, trace)
        return crypto.shown(trace)

    def sign_message(self, draft: RequestDraft) -> None:
        """Sign a message of a stream, such as its log-on."""
        self.sign_message_at(draft, str(self._clock.now_ms()), self._nonces.next())

    def sign_message_at(
        self,
        draft: RequestDraft,
        timestamp: str,
        nonce: str,
        trace: dict[str, object] | None = None,
    ) -> None:
        """Sign with a given time and nonce; `trace` receives every step."""
        method = "GET"
        target = "/v1/stream"
        body = b""
        draft.add_field("params.key", self._key)
        draft.add_field("params.timestamp", timestamp)
        draft.add_field("params.nonce", nonce)
        body_digest = hashlib.sha256(body).hexdigest()
        canonical = "\n".join(
            (
                "MERIDIAN-1",
                method,
                crypto.lower(draft.host),
                target,
                body_digest,
                timestamp,
                nonce,
                self._key,
            )
        )
        signature = self._secret.hexdigest(canonical.encode())
        draft.add_field("params.signature", signature)
        if trace is not None:
            trace.update(body_digest=body_digest, canonical=canonical, signature=signature)

    def explain_sign_message(
        self, draft: RequestDraft, timestamp: str, nonce: str
    ) -> dict[str, str]:
        """Sign the draft and return every step as text, never a secret."""
        trace: dict[str, object] = {}
        self.sign_message_at(draft, timestamp, nonce, trace)
        return crypto.shown(trace)

    def sign_logon(self, draft: LogonDraft) -> None:
        """Sign a FIX Logon: add its tags to the draft."""
        self.sign_logon_at(draft, str(self._clock.now_ms()), self._nonces.next())

    def sign_logon_at(
        self,
        draft: LogonDraft,
        timestamp: str,
        nonce: str,
        trace: dict[str, object] | None = None,
    ) -> None:
        """Sign with a given time and nonce; `trace` receives every step."""
        method = "LOGON"
        target = crypto.tag(draft.tags, 56)
        body = b""
        draft.add_tag("553", self._key)
        draft.add_tag("5001", timestamp)
        draft.add_tag("5002", nonce)
        body_digest = hashlib.sha256(body).hexdigest()
        canonical = "\n".join(
            (
                "MERIDIAN-1",
                method,
                crypto.lower(draft.host),
                target,
                body_digest,
                timestamp,
                nonce,
                self._key,
            )
        )
        signature = self._secret.hexdigest(canonical.encode())
        draft.add_tag("96", signature)
        if trace is not None:
            trace.update(body_digest=body_digest, canonical=canonical, signature=signature)

    def explain_sign_logon(
        self, draft: LogonDraft, timestamp: str, nonce: str
    ) -> dict[str, str]:
        """Sign the draft and return every step as text, never a secret."""
        trace: dict[str, object] = {}
        self.sign_logon_at(draft, timestamp, nonce, trace)
        return crypto.shown(trace)

    def __repr__(self) -> str:
        return "<HmacSigner>"


class Ed25519Credentials:
    """What signs with Ed25519; printing it shows nothing."""

    scheme = "ed25519"

    def __init__(self, *, key: str, secret: str) -> None:
        self._parts = {"key": key, "secret": secret}

    def signer(self, clock: Clock) -> Ed25519Signer:
        """Return a signer that uses the client's clock. Raises SigningError for a wrong part."""
        return Ed25519Signer(self._parts, clock)

    def __repr__(self) -> str:
        return "<Ed25519Credentials>"


class Ed25519Signer:
    """Signs with Ed25519; holds the secrets and never shows them."""

    scheme = "ed25519"

    def __init__(self, parts: Mapping[str, str], clock: Clock) -> None:
        self._key = crypto.text_part("ed25519", parts, "key")
        self._secret = crypto_keys.ed25519_part("ed25519", parts, "secret")
        self._clock = clock
        self._nonces = RandomNonce()

    def sign(self, draft: RequestDraft) -> None:
        """Sign a request: write what the scheme demands into the draft."""
        self.sign_at(draft, str(self._clock.now_ms()), self._nonces.next())

    def sign_at(
        self,
        draft: RequestDraft,
        timestamp: str,
        nonce: str,
        trace: dict[str, object] | None = None,
    ) -> None:
        """Sign with a given time and nonce; `trace` receives every step."""
        draft.add_headers(
            ("MERIDIAN-KEY", self._key),
            ("MERIDIAN-TIMESTAMP", timestamp),
            ("MERIDIAN-NONCE", nonce),
        )
        body_digest = hashlib.sha256(draft.body).hexdigest()
        canonical = "\n".join(
            (
                "MERIDIAN-1",
                draft.method,
                crypto.lower(draft.host),
                draft.target,
                body_digest,
                timestamp,
                nonce,
                self._key,
            )
        )
        signature = crypto.base64_text(self._secret.sign(canonical.encode()))
        draft.add_header("MERIDIAN-SIGNATURE", signature)
        if trace is not None:
            trace.update(body_digest=body_digest, canonical=canonical, signature=signature)

    def explain_sign(
        self, draft: RequestDraft, timestamp: str, nonce: str
    ) -> dict[str, str]:
        """Sign the draft and return every step as text, never a secret."""
        trace: dict[str, object] = {}
        self.sign_at(draft, timestamp, nonce, trace)
        return crypto.shown(trace)

    def sign_message(self, draft: RequestDraft) -> None:
        """Sign a message of a stream, such as its log-on."""
        self.sign_message_at(draft, str(self._clock.now_ms()), self._nonces.next())

    def sign_message_at(
        self,
        draft: RequestDraft,
        timestamp: str,
        nonce: str,
        trace: dict[str, object] | None = None,
    ) -> None:
        """Sign with a given time and nonce; `trace` receives every step."""
        method = "GET"
        target = "/v1/stream"
        body = b""
        draft.add_field("params.key", self._key)
        draft.add_field("params.timestamp", timestamp)
        draft.add_field("params.nonce", nonce)
        body_digest = hashlib.sha256(body).hexdigest()
        canonical = "\n".join(
            (
                "MERIDIAN-1",
                method,
                crypto.lower(draft.host),
                target,
                body_digest,
                timestamp,
                nonce,
                self._key,
            )
        )
        signature = crypto.base64_text(self._secret.sign(canonical.encode()))
        draft.add_field("params.signature", signature)
        if trace is not None:
            trace.update(body_digest=body_digest, canonical=canonical, signature=signature)

    def explain_sign_message(
        self, draft: RequestDraft, timestamp: str, nonce: str
    ) -> dict[str, str]:
        """Sign the draft and return every step as text, never a secret."""
        trace: dict[str, object] = {}
        self.sign_message_at(draft, timestamp, nonce, trace)
        return crypto.shown(trace)

    def sign_logon(self, draft: LogonDraft) -> None:
        """Sign a FIX Logon: add its tags to the draft."""
        self.sign_logon_at(draft, str(self._clock.now_ms()), self._nonces.next())

    def sign_logon_at(
        self,
        draft: LogonDraft,
        timestamp: str,
        nonce: str,
        trace: dict[str, object] | None = None,
    ) -> None:
        """Sign with a given time and nonce; `trace` receives every step."""
        method = "LOGON"
        target = crypto.tag(draft.tags, 56)
        body = b""
        draft.add_tag("553", self._key)
        draft.add_tag("5001", timestamp)
        draft.add_tag("5002", nonce)
        body_digest = hashlib.sha256(body).hexdigest()
        canonical = "\n".join(
            (
                "MERIDIAN-1",
                method,
                crypto.lower(draft.host),
                target,
                body_digest,
                timestamp,
                nonce,
                self._key,
            )
        )
        signature = crypto.base64_text(self._secret.sign(canonical.encode()))
        draft.add_tag("96", signature)
        if trace is not None:
            trace.update(body_digest=body_digest, canonical=canonical, signature=signature)

    def explain_sign_logon(
        self, draft: LogonDraft, timestamp: str, nonce: str
    ) -> dict[str, str]:
        """Sign the draft and return every step as text, never a secret."""
        trace: dict[str, object] = {}
        self.sign_logon_at(draft, timestamp, nonce, trace)
        return crypto.shown(trace)

    def __repr__(self) -> str:
        return "<Ed25519Signer>"


CREDENTIALS = {"hmac": HmacCredentials, "ed25519": Ed25519Credentials}
"""What a user can hold, by the name of the security scheme."""
