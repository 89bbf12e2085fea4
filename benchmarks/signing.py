"""What a signature costs: emitted signers against the bare primitive, ccxt and venues' own SDKs.

Claim: signing a 300-byte order costs at most 1.5 times the bare HMAC or Ed25519 call, in Python
and in Node. The bare call is what the platform's own library computes over the very bytes that
Meridian's scheme has it compute: SHA-256 of the body, and the MAC or the signature over the
canonical string, as text, with the key at hand and every string ready. Ours draws time and nonce,
builds the string and writes the headers besides. For Python there is one more figure without an
aim: the bare call with the key's two padded blocks hashed ahead, which no library offers and the
emitted signer does.

The second part does the same order for real venues as their users do: from a mapping to signed
bytes, by the emitted signer of the catalogue's scheme, by ccxt's `sign` and by the official SDK.
"""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version

from harness import node
from harness.contest import Contestant, compete, contest_table, cpu_ratio, python_peer
from harness.node import node_peer
from harness.report import ROOT, BenchmarkError, Report, main

COST = 1.5
AIM = 1 / COST
SDK = ROOT / "sdks" / "typescript" / "meridian" / "src" / "signing.ts"
RUNTIME = ROOT / "sdks" / "typescript" / "runtime" / "src"
WARM_UP_S = 1.0
# Each venue's own SDK: the distribution on PyPI, and what its peer is called there.
OFFICIAL = {
    "binance": ("binance-connector", "binance-connector"),
    "okx": ("python-okx", "python-okx"),
    "bybit": ("pybit", "pybit"),
    "kucoin": ("kucoin-universal-sdk", "kucoin-universal-sdk"),
}


def run(report: Report) -> None:
    """Measure the primitives in both languages, then the venues."""
    for scheme in ("hmac", "ed25519"):
        bare(report, scheme, "Python", python_primitives(scheme))
    if SDK.is_file():
        for scheme in ("hmac", "ed25519"):
            bare(report, scheme, "Node", node_primitives(scheme))
    else:
        raise BenchmarkError(f"{SDK} is not there: nox -s generate")
    # Importing ccxt takes longer than a quick run's rounds, so that one venue stands for all.
    for venue in ("binance",) if report.options.is_quick else OFFICIAL:
        venues(report, venue, "Python", python_venue(report, venue))
    venues(report, "binance", "Node", node_binance(report))


def python_primitives(scheme: str) -> list[Contestant]:
    """The emitted signer, the bare call, and for HMAC the one with a prepared key."""
    names = {"ours": "Meridian signer", "bare": "bare call"}
    if scheme == "hmac":
        names["prepared"] = "bare, key hashed ahead"
    return [
        Contestant(name, python_peer("sign_meridian.py", scheme, kind))
        for kind, name in names.items()
    ]


def node_primitives(scheme: str) -> list[Contestant]:
    """The emitted signer and the bare call of `node:crypto`."""
    return [
        node_contestant(name, "sign_meridian.mjs", scheme, kind)
        for kind, name in (("ours", "Meridian signer"), ("bare", "bare call"))
    ]


def python_venue(report: Report, venue: str) -> list[Contestant]:
    """The catalogue's signer for a venue, ccxt, and the venue's own SDK."""
    found = [Contestant("emitted signer", python_peer("sign_venue.py", venue, "ours"))]
    package, name = OFFICIAL[venue]
    for kind, distribution, label in (("ccxt", "ccxt", "ccxt"), ("official", package, name)):
        try:
            version(distribution)
        except PackageNotFoundError:
            report.skip(f"{venue}, {label}", f"the package {distribution} is not installed")
        else:
            found.append(Contestant(label, python_peer("sign_venue.py", venue, kind)))
    return found


def node_binance(report: Report) -> list[Contestant]:
    """The emitted signer, ccxt in JavaScript, and Binance's own connector."""
    found = [node_contestant("emitted signer", "sign_binance.mjs", "ours")]
    for package in ("ccxt", "@binance/common"):
        why = node.missing(package)
        if why is None:
            found.append(node_contestant(package, "sign_binance.mjs", package))
        else:
            report.skip(f"binance in Node, {package}", why)
    return found


def node_contestant(name: str, script: str, *arguments: str) -> Contestant:
    """A program that may import the runtime's and the SDK's TypeScript as it is."""
    program, *rest = node_peer(script, *arguments, str(SDK), str(RUNTIME))
    options = ["--conditions=venuekit-source", "--disable-warning=ExperimentalWarning"]
    return Contestant(name, [program, *options, *rest])


def bare(report: Report, scheme: str, language: str, contestants: list[Contestant]) -> None:
    """One scheme of Meridian's against the primitive."""
    what = f"{scheme} in {language}"
    contest(report, what, contestants)
    ours, *others = contestants
    for other in others:
        ratio = cpu_ratio(ours, other)
        costs = f"a signature costs {1 / ratio:.2f} x the {other.name}"
        text = f"{what}, {costs}; CPU time of it / Meridian"
        report.ratio(text, ratio, AIM if other.name == "bare call" else None)


def venues(report: Report, venue: str, language: str, contestants: list[Contestant]) -> None:
    """One venue's scheme against those who sign for it."""
    what = f"{venue} in {language}"
    contest(report, what, contestants)
    ours, *others = contestants
    for other in others:
        report.ratio(f"{what}, CPU time, {other.name} / emitted signer", cpu_ratio(ours, other))


def contest(report: Report, what: str, contestants: list[Contestant]) -> None:
    """One contest and its table."""
    warm_up_s = report.options.seconds if report.options.is_quick else WARM_UP_S
    seconds = report.options.seconds
    compete(contestants, report.options.rounds, seconds, warm_up_s=warm_up_s)
    contest_table(report, f"{what}: 300-byte orders", contestants)


if __name__ == "__main__":
    sys.exit(main("signing", run))
