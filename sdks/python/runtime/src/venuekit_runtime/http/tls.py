"""TLS settings, made on first use because importing ssl costs what many programs never need."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl


def default_context() -> ssl.SSLContext:
    """Certificates and host names are checked, TLS 1.2 is the oldest (RFC 9325), ALPN http/1.1."""
    import ssl

    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context
