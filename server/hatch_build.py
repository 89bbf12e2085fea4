"""Puts the contract into the wheel, so that the server installs on its own.

In a checkout the contract stands beside this folder; in a source distribution inside of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

INSIDE = "spec"


class ContractHook(BuildHookInterface[Any]):
    """Adds `spec/` as `meridian_server/contract` (wheel) or `spec` (source distribution)."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Hatchling calls this before it collects files. An editable install reads `spec/`."""
        if version == "editable":
            return
        root = Path(self.root)
        found = [folder for folder in (root.parent / "spec", root / INSIDE) if folder.is_dir()]
        if not found:
            raise FileNotFoundError(f"no contract beside {root} nor in it")
        target = "meridian_server/contract" if self.target_name == "wheel" else INSIDE
        build_data["force_include"][str(found[0])] = target
