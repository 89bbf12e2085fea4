"""Plain text that is one value: an SDK writes it, bindings read and answer it, the SDK reads it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from asking import Asker, Emit

from venuekit.emit.emission import Options
from venuekit.emit.files import tree, write
from venuekit.emit.python import emit as emit_python
from venuekit.load import load
from venuekit_runtime.base_url import parse_base_url
from venuekit_runtime.errors import DecodeError
from venuekit_runtime.http.transport import WireResponse
from venuekit_runtime.request import RequestPlan
from venuekit_runtime.response import ResponsePlan
from venuekit_runtime.server.application import Application
from venuekit_runtime.server.handling import Context

QUIRK = Path(__file__).parents[2] / "quirks" / "text-scalars.yaml"
BASE = parse_base_url("https://example.com/v1")
VALUES: list[tuple[str, Any, bytes]] = [
    ("put_number", Decimal("0.10"), b"0.10"),
    ("put_big", 2**63 - 1, b"9223372036854775807"),
    ("put_price", Decimal("1E-9"), b"0.000000001"),
    ("put_exact", Decimal("12345678901234567890.10"), b"12345678901234567890.10"),
    ("put_count", 7, b"7"),
    ("put_flag", True, b"true"),
    ("put_flag", False, b"false"),
    ("put_word", "1", b"1"),
    ("put_word", "yes", b"yes"),
    ("put_level", 2, b"2"),
]


class Echo:
    def __getattr__(self, name: str) -> Any:
        if not name.startswith("put_"):
            raise AttributeError(name)

        async def handler(context: Context, *, body: Any) -> Any:
            return body

        return handler


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The operations of the Python SDK."""
    folder = tmp_path_factory.mktemp("sdk")
    emission = emit_python(load([QUIRK]).contract, Options(package="scalars_sdk", version="1.0.0"))
    write(folder, tree(emission.files, {}))
    sys.path.insert(0, str(folder / "src"))
    yield importlib.import_module("scalars_sdk.operations")
    sys.path.remove(str(folder / "src"))
    for name in [name for name in sys.modules if name.partition(".")[0] == "scalars_sdk"]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def ask(emitted: Emit) -> Asker:
    package = emitted(QUIRK.read_text(encoding="utf-8"), "scalars_server")
    return Asker(Application(package.operations.BINDINGS, Echo()))


@pytest.mark.parametrize(("name", "value", "text"), VALUES)
def test_a_value_travels_there_and_back(
    sdk: ModuleType, ask: Asker, name: str, value: Any, text: bytes
) -> None:
    operation = getattr(sdk, name.upper())
    draft = RequestPlan(operation, BASE, "test/1").build({"body": value})
    assert draft.body == text
    answer = ask("PUT", draft.target, draft.body, draft.media_type or "")
    assert (answer.status, answer.body, answer.media_type) == (200, text, b"text/plain")
    found = ResponsePlan(operation).read(WireResponse(200, (), answer.body)).value
    assert found == value
    assert isinstance(found, type(value))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("put_number", b"NaN"),
        ("put_number", b'"1.5"'),
        ("put_number", b"1,5"),
        ("put_big", b"1.5"),
        ("put_big", b""),
        ("put_count", b"\xff"),
        ("put_flag", b"TRUE"),
        ("put_flag", b"1"),
        ("put_price", b"cheap"),
        ("put_price", b"\xff"),
    ],
)
def test_text_that_says_another_value_is_refused(sdk: ModuleType, name: str, text: bytes) -> None:
    with pytest.raises(DecodeError) as caught:
        ResponsePlan(getattr(sdk, name.upper())).read(WireResponse(200, (), text))
    assert caught.value.raw == text


def test_a_line_that_ends_is_the_same_value(sdk: ModuleType) -> None:
    assert ResponsePlan(sdk.PUT_BIG).read(WireResponse(200, (), b"7\n")).value == 7


def test_no_float_is_sent_where_a_decimal_stands(sdk: ModuleType) -> None:
    with pytest.raises(TypeError, match="body must be a Decimal"):
        RequestPlan(sdk.PUT_PRICE, BASE, "test/1").build({"body": 0.1})
