"""Finds the catalogue's scheme for a vector, whose algorithm may choose among variants."""

from __future__ import annotations

from venuekit.signing.catalogue import CatalogueEntry, catalogue_entry
from venuekit.vectors.case import VectorCase
from venuekit.vectors.run import SchemeEntry

_SUFFIXES = (
    ("ed25519", "ed25519"),
    ("eddsa", "eddsa"),
    ("es256", "es256"),
    ("hs512", "hs512"),
    ("hs256", "hs256"),
    ("rs256", "rs256"),
    ("pss-sha512", "rsa-pss-sha512"),
    ("p256", "ecdsa-p256-sha256"),
    ("rsa-pkcs1v15-sha256", "rsa-v1_5-sha256"),
    ("rsa", "rsa"),
    ("hmac-sha256", "hmac-sha256"),
)
"""Words of an algorithm, and the ending of the variant that they choose."""


def find_in_catalogue(case: VectorCase) -> SchemeEntry | None:
    """Return the scheme of a vector's name, or its variant for the vector's algorithm.

    A token whose header and claims are given whole is a plain JWT, whoever asks for it.
    """
    algorithm = case.algorithm.lower()
    suffixes = [suffix for word, suffix in _SUFFIXES if word in algorithm]
    names = [case.scheme, *(f"{case.scheme}-{suffix}" for suffix in suffixes)]
    if "header" in case.inputs and "claims" in case.inputs and "jwt" in algorithm:
        names = [*(f"jwt-{suffix}" for suffix in suffixes), *names]
        if case.scheme.endswith("-jwt") and catalogue_entry(case.scheme) is not None:
            names.insert(0, case.scheme)
    if suffixes and not algorithm.startswith("hmac"):
        names.sort(key=lambda name: name == case.scheme)
    for name in names:
        entry = catalogue_entry(name)
        if entry is not None:
            return _entry(entry)
    return None


def _entry(entry: CatalogueEntry) -> SchemeEntry:
    return SchemeEntry(entry.scheme, entry.vector_defaults)
