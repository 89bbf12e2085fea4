"""Reads security schemes and requirements, shared by the loaders of both formats."""

from __future__ import annotations

from typing import Literal, cast

from venuekit.contract import (
    ApiKeyScheme,
    HttpScheme,
    OtherScheme,
    Requirement,
    SecurityScheme,
    SignedScheme,
)
from venuekit.contract.signing import SigningScheme
from venuekit.finding import FindingsError
from venuekit.load.context import Context
from venuekit.load.named_signing import NAME, named_scheme
from venuekit.load.signing import load_signing
from venuekit.origin import Pointer
from venuekit.source import Document, Node

_Location = Literal["header", "query", "cookie", "user", "password"]


class SecurityReader:
    """Reads schemes; one `x-signing` that several documents refer to is read once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._signings: dict[tuple[Document, Pointer, str], SigningScheme | None] = {}

    def scheme(self, name: str, node: Node) -> SecurityScheme | None:
        """Return the scheme at a node; None after findings."""
        signing = node.get("x-signing")
        description = node.text("description")
        if signing is not None:
            read = self._signing(name, signing)
            if read is None:
                return None
            return SignedScheme(
                name=name, signing=read, description=description, origin=node.origin
            )
        match node.text("type"):
            case "apiKey" | "httpApiKey":
                return ApiKeyScheme(
                    name=name,
                    location=cast(_Location, node.text("in")),
                    parameter=node.text("name"),
                    description=description,
                    origin=node.origin,
                )
            case "http":
                return HttpScheme(
                    name=name,
                    scheme=(node.text("scheme") or "").lower(),
                    bearer_format=node.text("bearerFormat"),
                    description=description,
                    origin=node.origin,
                )
            case word:
                return OtherScheme(
                    name=name,
                    type=word or "",
                    document=node.members,
                    description=description,
                    origin=node.origin,
                )

    def _signing(self, name: str, written: Node) -> SigningScheme | None:
        target = self._context.resolve(written)
        if target is not None and (isinstance(target.value, str) or target.has(NAME)):
            target = named_scheme(self._context, target)
        if target is None:
            return None
        key = (target.document, target.pointer, name)
        if key not in self._signings:
            try:
                self._signings[key] = load_signing(
                    name, target.value, target.origin, self._context.resolved
                )
            except FindingsError as error:
                self._context.report.add(error)
                self._signings[key] = None
        return self._signings[key]


def named_requirements(
    context: Context, written: Node | None, known: frozenset[str]
) -> tuple[Requirement, ...]:
    """Return the alternatives of OpenAPI's `security` (3.1 section 4.8.30)."""
    requirements = []
    for alternative in written.elements() if written is not None else ():
        for name, scopes in alternative.items():
            if name not in known:
                context.report.error(
                    "unresolved-reference",
                    scopes,
                    f"no security scheme is called {name!r}",
                    f"The schemes are {', '.join(sorted(known)) or 'none'}.",
                )
        requirements.append(
            Requirement(
                schemes=tuple((name, alternative.texts(name)) for name in alternative.members),
                origin=alternative.origin,
            )
        )
    return tuple(requirements)
