"""Where operations and sockets are served: the contract's URLs with their defaults filled in."""

from __future__ import annotations

from collections.abc import Sequence

from venuekit.contract import Contract, Server, Wire
from venuekit.origin import Origin


def filled(server: Server) -> str:
    """Return a server's URL with the defaults of its variables."""
    url = server.url
    for name, value in server.variables.items():
        url = url.replace("{" + name + "}", value)
    return url


def base_url(contract: Contract, wire: Wire) -> str | None:
    """Return the URL of the first server of a wire, or None without one that is absolute."""
    server = next((s for s in contract.servers if s.wire is wire), None)
    url = filled(server) if server is not None else ""
    return url if "://" in url else None


def server_of(contract: Contract, wire: Wire, keys: Sequence[str], origin: Origin) -> Server | None:
    """Return the server of a part: one that it names, one of its document, or any of its wire."""
    servers = [server for server in contract.servers if server.wire is wire]
    named = [server for server in servers if server.key in keys]
    beside = [s for s in servers if s.origin.document.name == origin.document.name]
    return next(iter(named or beside or servers), None)


def own_url(contract: Contract, keys: Sequence[str], origin: Origin) -> str | None:
    """Return where a REST operation is served, when that is not the client's default."""
    server = server_of(contract, Wire.REST, keys, origin)
    url = filled(server) if server is not None else ""
    return url if "://" in url and url != base_url(contract, Wire.REST) else None
