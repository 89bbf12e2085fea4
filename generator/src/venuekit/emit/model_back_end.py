"""datamodel-code-generator, here or in a process that got ready beside this one.

It takes half a second to import. A command has other work to do meanwhile: it begins the process
`beside` its own work, and the emitter that needs drawings finds it there. This module is the
program of that process too, for which reason it imports nothing of venuekit.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

Schemas = dict[str, dict[str, Any]]


class ModelError(Exception):
    """The model back end did not draw what it was given; the message names the difference."""


class BackEnd:
    """What draws the models of one contract: give it schemas, then take the module's text."""

    def __init__(self) -> None:
        self._schemas: Schemas = {}
        self._process: subprocess.Popen[bytes] | None = None

    def give(self, schemas: Schemas) -> None:
        """Hand over the schemas by name; a process that is ready beside this one begins with them.

        A process draws once: who comes later draws here.
        """
        self._schemas = schemas
        waiting = _WAITING.get()
        self._process = waiting.pop() if waiting else None
        if self._process is None or self._process.stdin is None:
            return
        stdin, self._process.stdin = self._process.stdin, None
        # If it died already, its status and last words are read by `text`.
        with contextlib.suppress(BrokenPipeError), stdin:
            stdin.write(json.dumps(schemas).encode())

    def text(self) -> str:
        """Return the module that was drawn. Raises ModelError when the back end warns or fails."""
        if self._process is None:
            return _drawn(self._schemas)
        answer, words = self._process.communicate()
        if self._process.returncode != 0:
            lines = words.decode(errors="replace").splitlines() or ["it said nothing"]
            raise ModelError(f"the back end failed: {lines[-1]}")
        return answer.decode()


_WAITING: ContextVar[list[subprocess.Popen[bytes]] | None] = ContextVar("waiting", default=None)
"""The process that got ready and was not asked yet."""


@contextlib.contextmanager
def beside() -> Iterator[subprocess.Popen[bytes] | None]:
    """Have the library get ready in a process of its own, which ends here at the latest.

    There is none where the library is loaded already, or where one processor would do both.
    """
    is_ready = "datamodel_code_generator" in sys.modules
    if is_ready or not sys.executable or (os.cpu_count() or 1) < 2:
        yield None
        return
    # -P: what lies in the working folder is not for this process to import.
    pipe = subprocess.PIPE
    command = [sys.executable, "-P", __file__]
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)
    before = _WAITING.set([process])
    try:
        yield process
    finally:
        _WAITING.reset(before)
        process.kill()
        # Closes its pipes and waits for its end.
        process.__exit__(None, None, None)


def _drawn(schemas: Schemas) -> str:
    """Return the Python module of some schemas. Raises ModelError when the back end warns."""
    # Imported here because it takes long, and most commands emit no models.
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


def _answer() -> None:
    """Draw what stands on the standard input: all that a process beside another one does."""
    import gc

    gc.disable()  # It ends before there is garbage worth looking for.
    # Imported before there is work; the first drawing would import them otherwise.
    import datamodel_code_generator._builtin_formatter
    import datamodel_code_generator.config
    import datamodel_code_generator.parser.openapi  # noqa: F401

    schemas = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(_drawn(schemas).encode())


if __name__ == "__main__":
    _answer()
