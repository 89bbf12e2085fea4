"""How a call of the venue is verified by the public key alone: what is computed, what compared."""

from __future__ import annotations

from dataclasses import dataclass

from venuekit.contract.signing import (
    DECODED_TYPE,
    Call,
    Credential,
    Expression,
    Placement,
    Reference,
    SignedWire,
    SigningScheme,
    Step,
    Use,
    ValueType,
    walk,
)
from venuekit.signing.plan import Plan, names_behind, plan, references, used_inputs
from venuekit.signing.raw_signature import ASYMMETRIC, signing_call

ENCODINGS = frozenset(("hex", "base64", "base64url", "base64url_unpadded"))
"""The operators in which a signature may travel, each of which is read strictly."""
_CAPITALS = "upper_hex"
"""Stands for `{upper: {hex: ...}}` among them."""

KEY_NAME = "public_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCheck:
    """A signature that a private key makes and its public key verifies.

    `plan` has what the verifier computes and writes: all that the signer does but the signature.
    `credentials` are the parts that the verifier is given; the key among them is public.
    """

    use: Use
    plan: Plan
    key: Credential
    credentials: tuple[Credential, ...]
    call: Call
    message: Expression
    encoding: str

    def held_name(self, credential: Credential) -> str:
        """Return what a user calls a part: the key is a public one here."""
        others = {one.name for one in self.credentials if one is not self.key}
        is_key = credential is self.key and KEY_NAME not in others
        return KEY_NAME if is_key else credential.name


def private_operator(scheme: SigningScheme) -> str | None:
    """Return the operator by which a private key takes part in the signature; None for MACs."""
    names = names_behind(scheme, "signature") | {"signature"}
    expressions = (step.expression for step in scheme.steps if step.name in names)
    calls = (part for one in expressions for part in walk(one) if isinstance(part, Call))
    return next((call.operator for call in calls if call.operator in ASYMMETRIC), None)


def public_check(scheme: SigningScheme) -> PublicCheck | None:
    """Return how the scheme's webhooks are verified by a public key; None when they are not.

    The signature must be a private key's, encoded, and stand in no other value than as it is.
    """
    use, call = scheme.use(SignedWire.WEBHOOK), None
    if use is not None and any(step.name == "signature" for step in scheme.steps):
        call = signing_call(scheme)
    if use is None or call is None:
        return None
    encoding, inner, made = _encoded(scheme, Reference("signature", call.origin))
    if encoding is None:
        return None
    message = call.argument("digest" if call.operator == "secp256k1" else "message")
    key = _key(scheme, call)
    if inner is not call or key is None or not isinstance(message, Expression):
        return None
    whole = plan(scheme, use)
    kept = tuple(a for a in whole.actions if not (isinstance(a, Step) and a.name in made))
    if any(_uses(action, made - {"signature"}, call) for action in kept):
        return None
    read = used_inputs(scheme, use)
    credentials = tuple(one for one in scheme.credentials if one.name in read)
    return PublicCheck(
        use=use,
        plan=Plan(use, kept),
        key=key,
        credentials=credentials,
        call=call,
        message=message,
        encoding=encoding,
    )


def _encoded(
    scheme: SigningScheme, signature: Reference
) -> tuple[str | None, object, frozenset[str]]:
    """Return how a signature travels, what is written so, and the steps that lead there."""
    outer, behind = _opened(scheme, signature)
    encoding = outer.operator if isinstance(outer, Call) else ""
    if isinstance(outer, Call) and encoding == "upper":
        outer, deeper = _opened(scheme, outer.argument("of"))
        behind |= deeper
        encoding = _CAPITALS if isinstance(outer, Call) and outer.operator == "hex" else ""
    if not isinstance(outer, Call) or encoding not in {*ENCODINGS, _CAPITALS}:
        return None, None, behind
    inner, deeper = _opened(scheme, outer.argument("of"))
    return encoding, inner, behind | deeper


def _opened(scheme: SigningScheme, argument: object) -> tuple[object, frozenset[str]]:
    """Return what a reference stands for in the end, and the steps that lead there."""
    steps = {step.name: step.expression for step in scheme.steps}
    names: set[str] = set()
    while isinstance(argument, Reference) and argument.name in steps:
        names.add(argument.name)
        argument = steps[argument.name]
    return argument, frozenset(names)


def _key(scheme: SigningScheme, call: Call) -> Credential | None:
    argument = call.argument("key")
    for credential in scheme.credentials:
        if isinstance(argument, Reference) and argument.name == credential.name:
            is_plain = DECODED_TYPE[credential.decoding] in (ValueType.TEXT, ValueType.BYTES)
            return None if is_plain else credential
    return None


def _uses(action: Step | Placement, names: frozenset[str], call: Call) -> bool:
    """Return whether an action needs the raw signature, or makes another one."""
    expression = action.expression if isinstance(action, Step) else action.value
    if references(expression) & names:
        return True
    return any(isinstance(p, Call) and p.operator == call.operator for p in walk(expression))
