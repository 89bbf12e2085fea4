"""Finds the catalogue's scheme for a vector, whose algorithm may choose among variants."""

from __future__ import annotations

from collections.abc import Mapping

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
    variants = [f"{case.scheme}-{suffix}" for suffix in suffixes]
    tokens = [f"jwt-{suffix}" for suffix in suffixes] if "jwt" in algorithm else []
    is_whole = isinstance(case.inputs.get("header"), Mapping) and "claims" in case.inputs
    exact = [case.scheme]
    names = [*exact, *tokens, *variants] if is_whole else [*variants, *exact, *tokens]
    if algorithm.startswith("hmac") and not is_whole:
        names = [*exact, *variants]
    for name in names:
        entry = catalogue_entry(name)
        if entry is not None:
            return _entry(entry)
    return None


def _entry(entry: CatalogueEntry) -> SchemeEntry:
    return SchemeEntry(entry.scheme, entry.vector_defaults)
