"""Finds and loads the contract that the server serves."""

from __future__ import annotations

from pathlib import Path

from meridian_server.gateway.codec import ContractError
from venuekit.contract import Contract
from venuekit.finding import FindingsError
from venuekit.load import load
from venuekit.manifest import FILE_NAME, load_manifest

PACKAGED = Path(__file__).parent / "contract"
IN_REPOSITORY = Path(__file__).parents[3] / "spec"


def default_contract() -> Path:
    """The contract inside the installed package, or the repository's `spec/` in a checkout."""
    return PACKAGED if PACKAGED.is_dir() else IN_REPOSITORY


def load_contract(path: Path) -> Contract:
    """Load from a manifest, or from a folder that has one. ContractError with all findings."""
    manifest_file = path / FILE_NAME if path.is_dir() else path
    try:
        manifest = load_manifest(manifest_file)
        return load(
            manifest.documents, manifest.overlays, root_folder=manifest_file.resolve().parent
        ).contract
    except FindingsError as error:
        lines = [
            f"{finding.origin.place if finding.origin else manifest_file}: {finding.message}"
            for finding in error.findings
        ]
        raise ContractError("\n".join(lines)) from None
    except OSError as error:
        raise ContractError(f"{manifest_file}: {error.strerror}") from None
