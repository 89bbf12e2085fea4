"""Both socket transports over TLS: connections are kept, certificates and names are checked."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from venuekit_runtime import errors
from venuekit_runtime.base_url import parse_base_url
from venuekit_runtime.http.blocking import SocketTransport
from venuekit_runtime.http.nonblocking import AsyncSocketTransport
from venuekit_runtime.signing import WireRequest

BODY = b"a" * 200_000
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 200000\r\n\r\n" + BODY
REQUEST = WireRequest("GET", "/", (("host", "localhost"),), b"")


def certificate(folder: Path) -> Path:
    """A certificate of its own for 127.0.0.1, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "venue")])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / "venue.pem"
    file.write_bytes(secret + built.public_bytes(serialization.Encoding.PEM))
    return file


class TlsVenue:
    """Answers every request; counts connections; can drop them all."""

    def __init__(self, file: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._context = context
        self._open: list[ssl.SSLSocket] = []
        self.connections = 0
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        try:
            with self._context.wrap_socket(plain, server_side=True) as secure:
                self.connections += 1
                self._open.append(secure)
                while secure.recv(65536):
                    secure.sendall(ANSWER)
        except OSError:
            # The client left in the middle: some of these tests are about that.
            return

    def drop(self) -> None:
        for one in self._open:
            one.shutdown(socket.SHUT_RDWR)
        time.sleep(0.05)

    def close(self) -> None:
        self._listener.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def venue(file: Path) -> Iterator[TlsVenue]:
    one = TlsVenue(file)
    yield one
    one.close()


def trusting(file: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(file))


def test_blocking_connections_are_kept_and_dead_ones_left(venue: TlsVenue, file: Path) -> None:
    base = parse_base_url(f"https://127.0.0.1:{venue.port}")
    transport = SocketTransport(base, context=trusting(file))
    for _ in range(3):
        assert transport.send(REQUEST, 5.0).body == BODY
    assert venue.connections == 1
    venue.drop()
    assert transport.send(REQUEST, 5.0).body == BODY
    assert venue.connections == 2
    transport.close()


async def test_async_connections_are_kept(venue: TlsVenue, file: Path) -> None:
    base = parse_base_url(f"https://127.0.0.1:{venue.port}")
    transport = AsyncSocketTransport(base, context=trusting(file))
    for _ in range(3):
        assert (await transport.send(REQUEST, 5.0)).body == BODY
    assert venue.connections == 1
    await transport.aclose()


def test_an_unknown_certificate_is_refused_before_anything_is_sent(venue: TlsVenue) -> None:
    transport = SocketTransport(parse_base_url(f"https://127.0.0.1:{venue.port}"))
    with pytest.raises(errors.ConnectError, match="certificate"):
        transport.send(REQUEST, 5.0)


def test_a_certificate_for_another_name_is_refused(venue: TlsVenue, file: Path) -> None:
    base = parse_base_url(f"https://localhost:{venue.port}")
    transport = SocketTransport(base, context=trusting(file))
    with pytest.raises(errors.ConnectError, match="localhost"):
        transport.send(REQUEST, 5.0)


async def test_async_refuses_it_too(venue: TlsVenue) -> None:
    transport = AsyncSocketTransport(parse_base_url(f"https://127.0.0.1:{venue.port}"))
    with pytest.raises(errors.ConnectError, match="certificate"):
        await transport.send(REQUEST, 5.0)
    await transport.aclose()
