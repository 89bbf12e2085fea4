"""A proxy that signs whatever passes, so that curl or a load generator can use a signed API.

The request's body and target go on byte for byte; only what the scheme places is added. It
listens on a loopback address alone, because whoever reaches it acts with the credentials.
"""

from __future__ import annotations

import http.client
import ipaddress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from msgspec import DecodeError, json

from venuekit.signing.operation_inputs import OperationInputs
from venuekit_runtime.errors import SigningError
from venuekit_runtime.signing import RequestDraft, Signer

MAXIMUM_BODY = 16 * 1024 * 1024
UPSTREAM_SECONDS = 60
_HOP_BY_HOP = frozenset(
    {
        "connection",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "content-length",
    }
)
"""Headers of one connection (RFC 9110 section 7.6.1), and those that are written anew."""


class ProxyError(Exception):
    """The proxy can not do what was asked; the message says what and why."""


class SignProxy(ThreadingHTTPServer):
    """Listens, signs with `signer`, and sends on to `upstream` (http or https, no path).

    `inputs` are what the contract states for an operation's signature.
    """

    daemon_threads = True

    def __init__(
        self,
        upstream: str,
        signer: Signer,
        host: str,
        port: int,
        inputs: OperationInputs | None = None,
    ) -> None:
        parts = urlsplit(upstream)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
            raise ProxyError(f"{upstream!r} is no http or https address without a path")
        if not ipaddress.ip_address(host).is_loopback:
            raise ProxyError(f"{host} is no loopback address; the proxy signs for whoever comes")
        self.secure = parts.scheme == "https"
        self.authority = parts.netloc
        self.signer = signer
        self.inputs = inputs or OperationInputs(None)
        super().__init__((host, port), _Handler)

    @property
    def url(self) -> str:
        """Where clients reach the proxy."""
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def connect(self) -> http.client.HTTPConnection:
        """Return a connection to the venue."""
        kind = http.client.HTTPSConnection if self.secure else http.client.HTTPConnection
        return kind(self.authority, timeout=UPSTREAM_SECONDS)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: SignProxy

    def do_any(self) -> None:
        """Sign one request, send it on, and send the answer back."""
        body = self._body()
        if body is None:
            return
        draft = self._draft(body)
        try:
            self.server.signer.sign(draft)
        except SigningError as error:
            self._refuse(400, f"the request can not be signed: {error}")
            return
        connection = self.server.connect()
        try:
            self._send(connection, draft)
            self._answer(connection.getresponse())
        except (OSError, http.client.HTTPException) as error:
            self._refuse(502, f"{self.server.authority} did not answer: {error}")
        finally:
            connection.close()

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = do_any  # noqa: N815

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing: a log of requests would hold signatures."""

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isascii() or not length.isdigit():
            self._refuse(411, "send a Content-Length; the whole body is signed at once")
            return None
        if int(length) > MAXIMUM_BODY:
            self._refuse(413, f"the body is larger than {MAXIMUM_BODY} bytes")
            return None
        return self.rfile.read(int(length))

    def _draft(self, body: bytes) -> RequestDraft:
        path, _, query = self.path.partition("?")
        media_type = self.headers.get("Content-Type")
        kept = [(k, v) for k, v in self.headers.items() if k.lower() not in _HOP_BY_HOP]
        return RequestDraft(
            self.command,
            self.server.authority,
            path,
            query,
            kept,
            body,
            media_type,
            _members(body, media_type or ""),
            self.server.inputs.of(self.command, self.path),
        )

    def _send(self, connection: http.client.HTTPConnection, draft: RequestDraft) -> None:
        connection.putrequest(draft.method, draft.target, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", draft.host)
        for name, value in draft.headers:
            connection.putheader(name, value)
        if draft.body or draft.method not in ("GET", "HEAD", "OPTIONS", "DELETE"):
            connection.putheader("Content-Length", str(len(draft.body)))
        connection.endheaders(draft.body or None)

    def _answer(self, answer: http.client.HTTPResponse) -> None:
        content = answer.read()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _refuse(self, status: int, message: str) -> None:
        self.close_connection = True
        content = json.encode({"error": message})
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)


def _members(body: bytes, media_type: str) -> dict[str, Any] | None:
    """Return the members of a JSON object or a form, for schemes that read them."""
    if media_type.startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    if not body or "json" not in media_type:
        return None
    try:
        value = json.decode(body)
    except DecodeError:
        return None
    return value if isinstance(value, dict) else None
