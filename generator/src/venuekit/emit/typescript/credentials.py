"""The modules that hold secrets: plain schemes here, signed ones by the signing emitter."""

from __future__ import annotations

from collections.abc import Iterator

from venuekit.contract import ApiKeyScheme, Contract, HttpScheme, OtherScheme, SignedScheme
from venuekit.emit.naming import assign, camel
from venuekit.emit.typescript.findings import uncarried
from venuekit.emit.typescript.modules import RUNTIME, head
from venuekit.emit.typescript.names import RESERVED
from venuekit.emit.typescript.text import doc, string
from venuekit.emit.typescript.views import BlocksView
from venuekit.finding import Finding, Severity


def credentials_view(contract: Contract, findings: list[Finding]) -> BlocksView | None:
    """Return `credentials.ts`: a function for each scheme that sends a secret as it is."""
    names = assign(
        ((key, (f"{camel(key) or 'scheme'}Credentials",)) for key in contract.security_schemes),
        RESERVED,
    )
    blocks = []
    used: set[str] = set()
    for key, scheme in contract.security_schemes.items():
        match scheme:
            case ApiKeyScheme(location="header" | "query" | "cookie" as location):
                used.add("apiKey")
                text = (
                    f'apiKey({string(key)}, "{location}", {string(scheme.parameter or key)}, key)'
                )
                blocks.append(_function(names[key], "key: string", text, scheme.description))
            case HttpScheme(scheme="basic"):
                used.add("basic")
                text = f"basic({string(key)}, user, password)"
                inputs = "user: string, password: string"
                blocks.append(_function(names[key], inputs, text, scheme.description))
            case HttpScheme(scheme="bearer") | OtherScheme(type="oauth2" | "openIdConnect"):
                used.add("bearer")
                text = f"bearer({string(key)}, token)"
                blocks.append(_function(names[key], "token: string", text, scheme.description))
            case SignedScheme():
                continue
            case _:
                findings.append(_unknown(key, scheme))
    if not blocks:
        return None
    taken = ", ".join([*sorted(used), "type Credentials"])
    return BlocksView(
        head=head(
            "Credentials that are sent as they are.", f"import {{ {taken} }} from {RUNTIME};"
        ),
        blocks=tuple(blocks),
    )


def signed_schemes(contract: Contract) -> Iterator[SignedScheme]:
    """Yield the schemes whose requests are signed."""
    for scheme in contract.security_schemes.values():
        if isinstance(scheme, SignedScheme):
            yield scheme


def _function(name: str, inputs: str, text: str, description: str | None) -> str:
    comment = doc([description or "What the user holds for this scheme."])
    return f"{comment}export const {name} = ({inputs}): Credentials =>\n  {text};"


def _unknown(key: str, scheme: ApiKeyScheme | HttpScheme | OtherScheme) -> Finding:
    return uncarried(
        f"the SDK has no credentials for the security scheme {key!r}",
        "describe how it is sent with x-signing, or pass own Credentials with that scheme's name",
        scheme.origin,
        Severity.WARNING,
    )
