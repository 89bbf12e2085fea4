"""datamodel-code-generator, here or in a process of its own that works beside this one.

It takes half a second to import and milliseconds for each shape. A large contract has other work
to do meanwhile, so that it is started early there and asked late.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import warnings
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any

from venuekit.contract import Contract
from venuekit.emit.ledger import current

Schemas = dict[str, dict[str, Any]]

_LARGE = 1_000
"""How many operations and schemas make up for starting a process."""


class ModelError(Exception):
    """The model back end did not draw what it was given; the message names the difference."""


class BackEnd(AbstractContextManager["BackEnd"]):
    """What draws the models of one contract: give it schemas, then take the module's text."""

    def __init__(self, is_beside: bool = False) -> None:
        self._schemas: Schemas = {}
        self.process = _started() if is_beside else None

    def give(self, schemas: Schemas) -> None:
        """Hand over the schemas by name; a process beside this one begins with them."""
        self._schemas = schemas
        if self.process is None or self.process.stdin is None:
            return
        stdin, self.process.stdin = self.process.stdin, None
        # If it died already, its status and last words are read by `text`.
        with contextlib.suppress(BrokenPipeError), stdin:
            stdin.write(json.dumps(schemas).encode())

    def text(self) -> str:
        """Return the module that was drawn. Raises ModelError when the back end warns or fails."""
        if self.process is None:
            return generated(self._schemas)
        answer, words = self.process.communicate()
        if self.process.returncode != 0:
            lines = words.decode(errors="replace").splitlines() or ["it said nothing"]
            raise ModelError(f"the back end failed: {lines[-1]}")
        return answer.decode()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End a process that nobody waits for any more."""
        if self.process is not None:
            self.process.kill()
            # Closes its pipes and waits for its end.
            self.process.__exit__(kind, error, trace)


def back_end(contract: Contract) -> BackEnd:
    """Return a back end for a contract: beside this process where that saves time.

    It does not where there is little to draw, where earlier runs drew most of it, or where one
    processor would have to do both.
    """
    ledger = current()
    is_new = ledger is None or not ledger.drawn
    is_large = len(contract.operations) + len(contract.schemas) >= _LARGE
    return BackEnd(is_new and is_large and (os.cpu_count() or 1) > 1 and bool(sys.executable))


def generated(schemas: Schemas) -> str:
    """Return the Python module of some schemas. Raises ModelError when the back end warns."""
    # Imported here because it takes long and most commands emit nothing.
    from datamodel_code_generator import InputFileType, generate
    from datamodel_code_generator.config import GenerateConfig
    from datamodel_code_generator.enums import DataModelType
    from datamodel_code_generator.format import Formatter, PythonVersion

    document = {
        "openapi": "3.1.0",
        "info": {"title": "models", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    }
    config = GenerateConfig(
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.MsgspecStruct,
        target_python_version=PythonVersion.PY_311,
        formatters=[Formatter.BUILTIN],
        disable_timestamp=True,
        use_standard_collections=True,
        use_union_operator=True,
        use_type_alias=True,
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        text = generate(document, config=config)
    if caught:
        raise ModelError("; ".join(str(warning.message) for warning in caught))
    if not isinstance(text, str):
        raise ModelError("the back end returned more than one module")
    return text


def _started() -> subprocess.Popen[bytes]:
    # -P: what lies in the working folder is not for this process to import.
    command = [sys.executable, "-P", "-c", f"from {__name__} import answer; answer()"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)


def answer() -> None:
    """Draw what stands on the standard input: all that a process beside another one does."""
    import datamodel_code_generator.parser.openapi  # noqa: F401 - before there is work

    schemas = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(generated(schemas).encode())
