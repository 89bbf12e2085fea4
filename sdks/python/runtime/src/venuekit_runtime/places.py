"""Where operations are served: the client's own place, or another that the contract states."""

from __future__ import annotations

from _thread import allocate_lock
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from venuekit_runtime.base_url import BaseUrl, parse_base_url
from venuekit_runtime.errors import ConfigurationError
from venuekit_runtime.operation import HttpOperation

Carrier = TypeVar("Carrier")


class Places:
    """Tells where each operation goes.

    ``base_urls`` maps what the contract states for single operations to where that is for this
    client, for instance in a sandbox. Without an entry the contract's word holds, but only while
    the client itself goes where the contract says: a client that was pointed at a sandbox never
    calls production for one operation.
    """

    __slots__ = ("_base_urls", "_is_default", "base")

    def __init__(
        self, base_url: str | None, default_url: str, base_urls: Mapping[str, str] | None = None
    ) -> None:
        """Raises ConfigurationError for a URL that cannot be one."""
        self.base = parse_base_url(base_url if base_url is not None else default_url)
        self._is_default = base_url is None or base_url == default_url
        self._base_urls = {own: parse_base_url(url) for own, url in (base_urls or {}).items()}

    def of(self, operation: HttpOperation[Any]) -> BaseUrl:
        """The place of an operation; raises ConfigurationError where none is safe to take."""
        own = operation.base_url
        if own is None:
            return self.base
        if own in self._base_urls:
            return self._base_urls[own]
        if self._is_default:
            return parse_base_url(own)
        raise ConfigurationError(
            f"{operation.name} is served at {own}, and this client was pointed elsewhere: "
            "say with base_urls where that is"
        )


class Carriers(Generic[Carrier]):
    """A transport for each place, made when it is first needed; safe between threads."""

    __slots__ = ("_given", "_lock", "_made", "_make", "_own", "first")

    def __init__(
        self,
        base: BaseUrl,
        given: Carrier | None,
        others: Mapping[str, Carrier] | None,
        make: Callable[[BaseUrl], Carrier],
    ) -> None:
        self._given = given
        self._make = make
        self.first = make(base) if given is None else given
        self._made: dict[BaseUrl, Carrier] = {base: self.first}
        self._own = dict(others or {})
        self._lock = allocate_lock()

    def of(self, operation: HttpOperation[Any], base: BaseUrl) -> Carrier:
        """The transport to a place.

        Raises ConfigurationError where the caller gave one for the client's own place alone: it
        may be a proxy, and nothing goes around it.
        """
        if operation.base_url is not None and operation.base_url in self._own:
            return self._own[operation.base_url]
        with self._lock:
            found = self._made.get(base)
            if found is None:
                if self._given is not None:
                    raise ConfigurationError(
                        f"{operation.name} is served at {operation.base_url}, and the transport "
                        "of this client goes elsewhere: give one for it in transports"
                    )
                found = self._made[base] = self._make(base)
        return found

    def all(self) -> Iterator[Carrier]:
        """Every transport that there is."""
        yield from self._made.values()
        yield from self._own.values()
