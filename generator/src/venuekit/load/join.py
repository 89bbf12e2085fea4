"""Joins the parts of several documents into one contract; what clashes is a finding."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import PurePath
from typing import TypeVar

from venuekit.contract import (
    ApiKeyScheme,
    Channel,
    ChannelBinding,
    Contract,
    ErrorCode,
    FixBinding,
    HttpScheme,
    JsonValue,
    LimitBucket,
    Message,
    NamedSchema,
    Operation,
    OtherScheme,
    Reply,
    Requirement,
    SecurityScheme,
    Server,
    SignedScheme,
)
from venuekit.load.findings import Report
from venuekit.load.parts import Part
from venuekit.origin import Origin

T = TypeVar("T", ErrorCode, LimitBucket)


def join(parts: tuple[Part, ...], schemas: Mapping[str, NamedSchema], report: Report) -> Contract:
    """Return the contract of all parts.

    A name that two documents use for different things keeps its first meaning; the second
    thing is called `name.document`, with a warning.
    """
    joiner = _Joiner(report)
    for part in parts:
        joiner.add(part)
    joiner.check_operations()
    first = parts[0].info
    return Contract(
        title=first.title,
        version=first.version,
        description=first.description,
        documents=tuple(part.info for part in parts),
        servers=tuple(joiner.servers.values()),
        operations=tuple(joiner.operations),
        channels=joiner.channels,
        messages=joiner.messages,
        schemas=schemas,
        security_schemes=joiner.schemes,
        errors=joiner.errors,
        limits=joiner.limits,
        tags=joiner.tags,
        extensions=joiner.extensions,
    )


class _Joiner:
    def __init__(self, report: Report) -> None:
        self._report = report
        self.servers: dict[str, Server] = {}
        self.operations: list[Operation] = []
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, Message] = {}
        self.schemes: dict[str, SecurityScheme] = {}
        self.errors: dict[str, ErrorCode] = {}
        self.limits: dict[str, LimitBucket] = {}
        self.tags: dict[str, str | None] = {}
        self.extensions: dict[str, JsonValue] = {}

    def add(self, part: Part) -> None:
        stem = PurePath(part.info.file).name.split(".")[0]
        servers = {s.key: _free(s.key, self.servers, stem) for s in part.servers}
        for server in part.servers:
            key = servers[server.key]
            self.servers[key] = dataclasses.replace(server, key=key)
        messages = {m.key: _free(m.key, self.messages, stem) for m in part.messages}
        for message in part.messages:
            self._warn_renamed("message", message.key, messages[message.key], message.origin)
            key = messages[message.key]
            self.messages[key] = dataclasses.replace(message, key=key)
        channels = {c.key: _free(c.key, self.channels, stem) for c in part.channels}
        for channel in part.channels:
            self._warn_renamed("channel", channel.key, channels[channel.key], channel.origin)
            self.channels[channels[channel.key]] = dataclasses.replace(
                channel,
                key=channels[channel.key],
                messages=tuple((name, messages[key]) for name, key in channel.messages),
                servers=tuple(servers[key] for key in channel.servers),
            )
        schemes = {scheme.name: self._scheme(scheme, stem) for scheme in part.security_schemes}
        names = _Names(servers, channels, messages, schemes)
        self.operations.extend(names.applied(operation) for operation in part.operations)
        self._table("error code", self.errors, part.errors)
        self._table("limit", self.limits, part.limits)
        for name, description in part.tags.items():
            self.tags[name] = self.tags.get(name) or description
        for name, value in part.extensions.items():
            self.extensions.setdefault(name, value)

    def check_operations(self) -> None:
        """Report operations that share a name and a wire, and codes and buckets unknown."""
        seen: dict[tuple[str, str], Operation] = {}
        for operation in self.operations:
            first = seen.setdefault((operation.name, operation.wire), operation)
            if first is not operation:
                self._report.error(
                    "operation-name-collision",
                    operation.origin,
                    f"another operation is called {operation.name!r} on the same wire, at"
                    f" {first.origin.place}",
                    "Give one of the two another name.",
                )
            self._check_references(operation)

    def _check_references(self, operation: Operation) -> None:
        for code in operation.errors:
            if code not in self.errors:
                self._report.error(
                    "unknown-error-code",
                    operation.origin.child("x-errors"),
                    f"the operation {operation.name!r} raises {code!r}, which no error table has",
                    "Add it to x-errors of the document.",
                )
        for cost in operation.limits:
            if cost.bucket not in self.limits:
                self._report.error(
                    "unknown-limit",
                    cost.origin,
                    f"the operation {operation.name!r} takes from {cost.bucket!r}, which is no"
                    " bucket",
                    f"The buckets are {', '.join(self.limits)}."
                    if self.limits
                    else "State the buckets in x-rate-limit of the document; if x-rate-limit is"
                    " not venuekit's here, take it out by an overlay.",
                )

    def _table(self, word: str, known: dict[str, T], new: Mapping[str, T]) -> None:
        for name, row in new.items():
            first = known.setdefault(name, row)
            if dataclasses.replace(first, origin=row.origin) != row:
                self._report.error(
                    "conflicting-tables",
                    row.origin,
                    f"the {word} {name!r} says something else at {first.origin.place}",
                    "Keep one table and refer to it by $ref from every document.",
                )

    def _scheme(self, scheme: SecurityScheme, stem: str) -> str:
        """Return the name under which a scheme is kept; an equal one is kept once."""
        known = self.schemes.get(scheme.name)
        name = scheme.name
        if known is not None and not _is_same_scheme(known, scheme):
            name = _free(name, self.schemes, stem)
            self._warn_renamed("security scheme", scheme.name, name, scheme.origin)
        self.schemes.setdefault(name, dataclasses.replace(scheme, name=name))
        return name

    def _warn_renamed(self, word: str, old: str, new: str, origin: Origin) -> None:
        if old == new:
            return
        self._report.warning(
            "name-collision",
            origin,
            f"another document has a {word} {old!r} too; this one is called {new!r}",
            "Give one of the two another name.",
        )


@dataclasses.dataclass(frozen=True, slots=True)
class _Names:
    """The names in the contract of what one document calls otherwise."""

    servers: Mapping[str, str]
    channels: Mapping[str, str]
    messages: Mapping[str, str]
    schemes: Mapping[str, str]

    def applied(self, operation: Operation) -> Operation:
        """Return an operation that refers to the contract's names."""
        binding = operation.binding
        if isinstance(binding, ChannelBinding | FixBinding):
            binding = dataclasses.replace(
                binding,
                channel=self.channels[binding.channel],
                messages=tuple(self.messages[key] for key in binding.messages),
                reply=self._reply(binding.reply) if binding.reply is not None else None,
            )
        return dataclasses.replace(
            operation,
            binding=binding,
            servers=tuple(self.servers[key] for key in operation.servers),
            security=tuple(self._requirement(r) for r in operation.security),
        )

    def _reply(self, reply: Reply) -> Reply:
        return dataclasses.replace(
            reply,
            messages=tuple(self.messages[key] for key in reply.messages),
            channel=self.channels[reply.channel] if reply.channel is not None else None,
        )

    def _requirement(self, requirement: Requirement) -> Requirement:
        schemes = tuple((self.schemes.get(n, n), scopes) for n, scopes in requirement.schemes)
        return dataclasses.replace(requirement, schemes=schemes)


def _free(key: str, taken: Mapping[str, object], stem: str) -> str:
    """Return a key that is not taken: `key`, `key.document`, `key.document.2`, ..."""
    free, number = key, 1
    while free in taken:
        free = f"{key}.{stem}" if number == 1 else f"{key}.{stem}.{number}"
        number += 1
    return free


def _is_same_scheme(one: SecurityScheme, two: SecurityScheme) -> bool:
    """Say whether two schemes demand the same, whatever their descriptions say."""
    match one, two:
        case SignedScheme(), SignedScheme():
            return one.signing == two.signing
        case (ApiKeyScheme(), ApiKeyScheme()) | (HttpScheme(), HttpScheme()):
            return dataclasses.replace(two, description=one.description, origin=one.origin) == one
        case OtherScheme(), OtherScheme():
            return (one.type, one.document) == (two.type, two.document)
        case _:
            return False
