"""Which credentials sign which messages of a socket: its log-on, or each message. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from venuekit_runtime.core import choose_signers
from venuekit_runtime.errors import ConfigurationError, VenueError
from venuekit_runtime.operation import StreamOperation
from venuekit_runtime.signing import RequestDraft, Signer

Sign = Callable[[dict[str, Any]], None]
# Whether a refusal (None where there was none) says that the session behind a message is over.
Ends = Callable[[StreamOperation[Any], VenueError | None], bool]


def signs_of(
    log_on: StreamOperation[Any] | None,
    operations: Iterable[StreamOperation[Any]],
    held: Mapping[str, Signer],
    host: str,
    path: str,
) -> dict[str, Sign]:
    """What completes the messages of each operation that the held credentials sign.

    Raises ConfigurationError when there are credentials and none of them logs on.
    """
    found: dict[str, Sign] = {}
    if log_on is not None and held:
        signers = choose_signers(log_on.name, log_on.security, held)
        chosen = signers[:1] or tuple(held.values())[:1]
        found[log_on.name] = _sign(chosen, log_on, host, path)
    for operation in operations:
        if operation.is_signed and operation.name not in found:
            met = (names for names in operation.security if all(name in held for name in names))
            names = next(met, ())
            if names:
                signers = tuple(held[name] for name in names)
                found[operation.name] = _sign(signers, operation, host, path)
    return found


def require_credentials(operation: StreamOperation[Any], sessions: tuple[str, ...] = ()) -> None:
    """Refuse to send a message unsigned, unless the contract lets it pass without credentials.

    Raises ConfigurationError, naming the schemes, and what opens those in ``sessions``.
    """
    if () in operation.security:
        return
    wanted = " or ".join(" with ".join(names) for names in operation.security)
    needed = [name for names in operation.security for name in names if name in sessions]
    cure = f"; {needed[0]} is opened over REST: pass rest=AsyncClient(...)" if needed else ""
    raise ConfigurationError(f"{operation.name} is signed and needs credentials for {wanted}{cure}")


def _sign(
    signers: tuple[Signer, ...], operation: StreamOperation[Any], host: str, path: str
) -> Sign:
    def sign(members: dict[str, Any]) -> None:
        inputs = operation.signing_inputs
        draft = RequestDraft("GET", host, path, members=members, inputs=inputs)
        for signer in signers:
            signer.sign_message(draft)

    return sign
