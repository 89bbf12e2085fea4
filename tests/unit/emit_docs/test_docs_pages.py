"""Every part of a contract has its page, and the pages agree with each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from venuekit.emit.docs import emit
from venuekit.emit.emission import Options
from venuekit.load import load

ROOT = Path(__file__).parents[3]
CORPUS = ROOT.parent / "shared" / "corpus" / "openxapi"
Pages = Mapping[str, str]


def test_meridian_has_a_page_for_every_part(meridian: Pages) -> None:
    kinds = Counter(path.partition("/")[0] for path in meridian if "/" in path)
    indexes = Counter(path.partition("/")[0] for path in meridian if path.endswith("/index.md"))
    found = kinds - indexes
    assert found["rest"] == 12
    assert found["websocket"] == 11
    assert found["fix"] == 10
    assert found["channels"] == 7
    assert found["errors"] == 25
    assert found["security"] == 2
    assert {"index.md", "limits.md", "servers.md", "SUMMARY.md"} <= set(meridian)


def test_no_link_leads_nowhere(meridian: Pages, broken_links: Callable[[Pages], list[str]]) -> None:
    assert broken_links(meridian) == []


def test_no_id_stands_twice_on_a_page(meridian: Pages, show: Callable[..., Any]) -> None:
    for path, text in meridian.items():
        twice = [name for name, count in Counter(show(text).ids).items() if count > 1]
        assert twice == [], path


def test_the_table_of_contents_lists_every_page(meridian: Pages, show: Callable[..., Any]) -> None:
    listed = set(show(meridian["SUMMARY.md"]).links)
    assert listed == set(meridian) - {"SUMMARY.md"}


def test_the_same_contract_gives_the_same_bytes(meridian: Pages) -> None:
    names = ("rest.openapi.yaml", "stream.asyncapi.yaml", "fix.asyncapi.yaml")
    again = load([ROOT / "spec" / name for name in names], []).contract
    assert dict(emit(again, Options(package="meridian")).files) == dict(meridian)


def test_an_operation_page_keeps_its_order(meridian: Pages) -> None:
    page = meridian["rest/placeOrder.md"]
    headings = [line[3:] for line in page.splitlines() if line.startswith("## ")]
    assert headings == ["Request", "Responses", "Errors", "Limits", "Behaviour"]
    assert page.startswith("# placeOrder\n\n`POST /v1/orders`\n")
    assert "[WebSocket](../websocket/placeOrder.md), [FIX](../fix/placeOrder.md)" in page
    assert '<a id="req.price"></a>' in page
    assert "[INSUFFICIENT_BALANCE](../errors/INSUFFICIENT_BALANCE.md)" in page
    assert "safe and creates nothing twice" in page
    assert "Stated at `rest.openapi.yaml#/paths/~1v1~1orders/post`" in page


def test_a_create_without_dedup_key_is_never_called_safe(
    emit_text: Callable[[Pages], Pages],
) -> None:
    document = """
openapi: 3.1.0
info: {title: Example, version: 1.0.0}
paths:
  /orders:
    post: {operationId: place, x-effect: create, responses: {"201": {description: Done.}}}
"""
    page = emit_text({"openapi.yaml": document})["rest/place.md"]
    assert "never send it twice" in page
    assert "is safe" not in page


def test_samples_are_included_as_files(meridian: Pages) -> None:
    contract = load([ROOT / "spec" / "rest.openapi.yaml"], []).contract
    extra = {"sample:getTime:curl": "samples/getTime/curl.sh"}
    pages = emit(contract, Options(package="meridian", extra=extra)).files
    assert '    --8<-- "samples/getTime/curl.sh"' in str(pages["rest/getTime.md"])
    assert "## Samples" not in str(pages["rest/getBook.md"])
    assert "## Samples" not in meridian["rest/getTime.md"]


def test_fix_page_shows_tags_in_order_with_groups_set_in(meridian: Pages) -> None:
    page = meridian["messages/ExecutionReport.md"]
    tags = [line for line in page.splitlines() if '<a id="tag.' in line]
    assert [line.partition("</a>")[2].split(" |")[0] for line in tags][17:21] == [
        "136",
        "→ 137",
        "→ 138",
        "→ 139",
    ]
    assert "| when `execution_type == fill` |" in page
    assert "<pre><code>8=FIX.4.4|9=" in page


def test_vectors_show_every_intermediate_value(meridian: Pages) -> None:
    page = meridian["security/hmac.md"]
    assert page.count("### meridian-hmac-") == 11
    assert "MERIDIAN-1&#10;GET&#10;api.meridian.example&#10;/v1/balances&#10;" in page
    assert "`body_digest`" in page


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real documents is not here")
@pytest.mark.parametrize(
    "name", ["binance-spot.openapi.yaml", "binance-spot.asyncapi.yaml", "okx-rest.openapi.yaml"]
)
def test_real_documents_lose_nothing(name: str, broken_links: Callable[[Pages], list[str]]) -> None:
    contract = load([CORPUS / name], []).contract
    emission = emit(contract, Options(package="example"))
    assert emission.emitted == contract.counts
    pages = {path: str(text) for path, text in emission.files.items()}
    sample = {path: text for path, text in pages.items() if path.endswith("index.md")}
    assert len(pages) > contract.counts.operations
    missing = [link for link in broken_links(sample) if link.partition(": ")[2] not in pages]
    assert [link for link in missing if not _is_page(link, pages)] == []


def _is_page(link: str, pages: Pages) -> bool:
    source, _, target = link.partition(": ")
    folder = source.rpartition("/")[0]
    path = (Path("/") / folder / target.partition("#")[0]).resolve().relative_to("/")
    return path.as_posix() in pages
