"""With its shipped overlay every document of the corpus is a whole, exact, signed contract."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from venuekit import checks
from venuekit.cli import app
from venuekit.contract import DecimalSchema, Effect, Operation, SignedScheme, Wire
from venuekit.contract.walk import all_fields, request_fields, resolve, session_schemes
from venuekit.emit.emission import Options
from venuekit.finding import FindingsError, Severity
from venuekit.generating import emitter
from venuekit.load import Loaded
from venuekit.manifest import Target
from venuekit.overlay_commands import SUGGESTED_RULES
from venuekit.overlays import overlay_files, overlay_for, overlay_names

Completed = Callable[[str], Loaded]
CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
NAMES = overlay_names()
SESSIONS = [name for name in NAMES if name.endswith("-session")]
RUNNER = CliRunner()
has_corpus = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the corpus is not beside the repository"
)
PLACING = {
    "binance-spot": ("CreateOrderV3", "newClientOrderId"),
    "binance-umfutures": ("CreateOrderV1", "newClientOrderId"),
    "binance-cmfutures": ("CreateOrderV1", "newClientOrderId"),
    "binance-options": ("CreateOrderV1", "clientOrderId"),
    "binance-pmargin": ("CreateUmOrderV1", "newClientOrderId"),
    "binance-spot-websocket": ("orderPlace", "newClientOrderId"),
    "binance-umfutures-websocket": ("orderPlace", "newClientOrderId"),
    "binance-cmfutures-websocket": ("orderPlace", "newClientOrderId"),
    "okx": ("CreateTradeOrderV5", "clOrdId"),
    "kucoin-spot": ("addOrder", "clientOid"),
    "kucoin-futures": ("addOrder", "clientOid"),
    "kucoin-margin": ("addOrder", "clientOid"),
    "oanda": ("createOrder", None),
}
CANCELLING = {
    "binance-spot": "DeleteOrderV3",
    "binance-spot-websocket": "orderCancel",
    "okx": "CreateTradeCancelOrderV5",
    "kucoin-spot": "cancelOrderByOrderId",
    "oanda": "cancelOrder",
}
REPLACING = {
    "binance-spot": "CreateOrderCancelReplaceV3",
    "binance-umfutures": "UpdateOrderV1",
    "binance-umfutures-websocket": "orderModify",
    "okx": "CreateTradeAmendOrderV5",
    "kucoin-spot": "modifyOrder",
    "oanda": "replaceOrder",
}


def operation(completed: Completed, name: str, called: str) -> Operation:
    found = [o for o in completed(name).contract.operations if o.name == called]
    assert len(found) == 1, called
    return found[0]


def test_each_overlay_has_its_document(documents: dict[str, str]) -> None:
    assert set(documents) == set(NAMES)


@has_corpus
@pytest.mark.parametrize("name", NAMES)
def test_it_loads_whole_and_the_judges_find_no_error(completed: Completed, name: str) -> None:
    loaded = completed(name)
    assert [f for f in loaded.findings if f.severity is Severity.ERROR] == []
    assert loaded.contract.counts.operations == loaded.read.operations > 0
    assert loaded.contract.counts.channels == loaded.read.channels
    assert loaded.contract.counts.messages == loaded.read.messages
    found = checks.check(loaded.contract, ())
    assert [f for f in found if f.severity is Severity.ERROR] == []
    assert [f for f in found if f.rule in (*SUGGESTED_RULES, "write-without-security")] == []


@has_corpus
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("target", ["python", "typescript"])
def test_both_sdks_carry_everything(completed: Completed, name: str, target: Target) -> None:
    contract = completed(name).contract
    emission = emitter(target)(contract, Options(package="venue"))
    assert emission.emitted == contract.counts
    assert [f for f in emission.findings if f.severity is Severity.ERROR] == []


@has_corpus
@pytest.mark.parametrize("name", ["binance-spot", "okx", "kucoin-spot", "oanda", "binance-options"])
def test_prices_are_exact(completed: Completed, name: str) -> None:
    contract = completed(name).contract
    prices = [f for f in all_fields(contract) if f.name in ("price", "px", "quantity", "sz")]
    inexact = {f.name for f in prices if not isinstance(resolve(contract, f.schema), DecimalSchema)}
    assert len(prices) > 10
    assert inexact <= ({"price"} if name == "oanda" else set())


@has_corpus
@pytest.mark.parametrize("name", PLACING)
def test_placing_an_order_is_a_create_with_its_id(completed: Completed, name: str) -> None:
    called, key = PLACING[name]
    found = operation(completed, name, called)
    assert (found.effect, found.dedup_key) == (Effect.CREATE, key)
    assert found.lacks_dedup_key == (key is None)
    schemes = completed(name).contract.security_schemes
    if name != "oanda" and not name.endswith("-websocket"):
        assert [s for r in found.security for s, _ in r.schemes if s in schemes]
        for requirement in found.security:
            for scheme, _ in requirement.schemes:
                assert isinstance(schemes[scheme], SignedScheme)


@has_corpus
@pytest.mark.parametrize(
    ("effect", "names"), [(Effect.CANCEL, CANCELLING), (Effect.REPLACE, REPLACING)]
)
def test_cancelling_and_replacing_are_told_apart(
    completed: Completed, effect: Effect, names: dict[str, str]
) -> None:
    assert {name: operation(completed, name, called).effect for name, called in names.items()} == (
        dict.fromkeys(names, effect)
    )


@has_corpus
@pytest.mark.parametrize("name", ["binance-spot", "binance-umfutures", "binance-pmargin"])
def test_nobody_is_asked_for_a_signature_or_its_time(completed: Completed, name: str) -> None:
    contract = completed(name).contract
    for found in contract.operations:
        parameters = getattr(found.binding, "parameters", ())
        fields = {field.name for field in request_fields(contract, found)}
        written = {p.name for p in parameters} | fields
        assert written & {"timestamp", "signature"} == set(), found.name


@has_corpus
@pytest.mark.parametrize("name", [n for n in SESSIONS if n.startswith("binance-")])
def test_a_key_from_rest_opens_the_user_stream(completed: Completed, name: str) -> None:
    contract = completed(name).contract
    schemes = {scheme.name: session for scheme, session in session_schemes(contract)}
    session = schemes["listenKey"]
    assert [call.operation for _, call in session.calls] == [
        "CreateListenKeyV1",
        "UpdateListenKeyV1",
        "DeleteListenKeyV1",
    ]
    assert (session.lifetime_ms, session.every_ms) == (3_600_000, 1_800_000)
    emission = emitter("python")(contract, Options(package="venue"))
    sockets = [str(text) for path, text in emission.files.items() if "stream" in path]
    assert any('("listenKey", True)' in text for text in sockets)


@has_corpus
@pytest.mark.parametrize("name", [n for n in SESSIONS if n.startswith("kucoin-")])
def test_a_token_from_rest_opens_the_socket_that_the_reply_names(
    completed: Completed, name: str
) -> None:
    contract = completed(name).contract
    schemes = {scheme.name: session for scheme, session in session_schemes(contract)}
    session = schemes["socketToken"]
    access = "Private" if "private" in name else "Public"
    assert [call.operation for _, call in session.calls] == [f"get{access}Token"]
    opening = contract.operation(session.open.operation, Wire.REST)
    assert opening is not None
    assert bool(opening.security) == (access == "Private")
    assert session.server is not None
    assert session.server.hosts == ("kucoin.com",)
    assert [s.wire for s in contract.servers] == [Wire.REST]
    emission = emitter("python")(contract, Options(package="venue"))
    sockets = [str(text) for path, text in emission.files.items() if "stream" in path]
    assert any('("socketToken", True)' in text for text in sockets)


def test_a_document_leads_to_its_overlay(documents: dict[str, str]) -> None:
    for name, document in documents.items():
        if " " in document:
            continue
        found = overlay_for(Path(document).name)
        assert (found.stem if found else "hyperliquid") == name
    assert overlay_for("nothing.yaml") is None


def test_a_shipped_overlay_is_named_and_a_file_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (shipped,) = overlay_files([Path("okx")])
    assert shipped.is_file()
    (tmp_path / "okx").write_text("overlay: 1.0.0\n", encoding="utf-8")
    assert overlay_files([Path("okx")]) == (Path("okx"),)


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(FindingsError) as caught:
        overlay_files([Path("binance-spott")])
    assert "binance-spot" in caught.value.findings[0].help
    done = RUNNER.invoke(app, ["check", "nothing.yaml", "--overlay", "binance-spott"])
    assert done.exit_code == 2
