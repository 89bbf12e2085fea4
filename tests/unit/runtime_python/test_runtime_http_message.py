"""The response parser: any split of the bytes gives the same answer, malformed bytes none."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venuekit_runtime.errors import ProtocolError
from venuekit_runtime.http.message import ResponseParser
from venuekit_runtime.http.transport import Limits, WireResponse

PLAIN = (
    b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n[1,2,3]"
)
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3;name=value\r\n[1,\r\n4\r\n2,3]\r\n0\r\nTrailer: x\r\n\r\n"
)
CONTINUED = b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN


def parse(data: bytes, cuts: list[int], method: str = "POST") -> WireResponse | None:
    parser = ResponseParser(Limits())
    parser.start(method)
    response = None
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    for start, end in pairwise(edges):
        if start != end:
            assert response is None
            response = parser.feed(data[start:end])
    return response


@given(st.sampled_from([PLAIN, CHUNKED, CONTINUED]), st.lists(st.integers(0, 300), max_size=8))
def test_any_split_gives_the_same_answer(data: bytes, cuts: list[int]) -> None:
    response = parse(data, cuts)
    assert response is not None
    assert response.body == b"[1,2,3]"
    assert response.status in (200, 201)


def test_byte_by_byte() -> None:
    for data in (PLAIN, CHUNKED, CONTINUED):
        response = parse(data, list(range(len(data))))
        assert response is not None
        assert response.body == b"[1,2,3]"


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 20x OK\r\n\r\n",
        b"HTTP/1.1 99 No\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nname : x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\na: 1\r\n folded\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: +1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nabXX",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nmore",
        b"HTTP/1.1 200 OK\r\nx: " + b"a" * 70_000,
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + b"1" * 2000,
    ],
)
def test_malformed_answers_are_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError, match="not valid HTTP"):
        parse(data, [])


def test_bodies_over_the_limit_are_refused_however_they_come() -> None:
    limits = Limits(max_body_bytes=10)
    for head, body in (
        (b"content-length: 11", b""),
        (b"transfer-encoding: chunked", b"8\r\n12345678\r\n3\r\n"),
        (b"connection: close", b"a" * 11),
    ):
        parser = ResponseParser(limits)
        parser.start("GET")
        with pytest.raises(ProtocolError, match="limit"):
            parser.feed(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + body)


def test_a_body_may_last_until_the_connection_ends() -> None:
    parser = ResponseParser(Limits())
    parser.start("GET")
    assert parser.feed(b"HTTP/1.0 200 OK\r\n\r\nab") is None
    assert parser.feed(b"c") is None
    response = parser.end()
    assert response is not None
    assert response.body == b"abc"
    assert parser.should_close


@pytest.mark.parametrize(("status", "method"), [("204", "GET"), ("304", "GET"), ("200", "HEAD")])
def test_some_answers_have_no_body(status: str, method: str) -> None:
    data = f"HTTP/1.1 {status} X\r\ncontent-length: 5\r\n\r\n".encode()
    response = parse(data, [], method)
    assert response is not None
    assert response.body == b""


@pytest.mark.parametrize(
    ("head", "closes"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", False),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nConnection: Close\r\n\r\n", True),
        (b"HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n", True),
        (b"HTTP/1.0 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n", False),
    ],
)
def test_whether_the_connection_lives_on(head: bytes, closes: bool) -> None:
    parser = ResponseParser(Limits())
    parser.start("GET")
    assert parser.feed(head) is not None
    assert parser.should_close is closes


def test_one_parser_reads_one_answer_after_another() -> None:
    parser = ResponseParser(Limits())
    for data in (CHUNKED, PLAIN, CHUNKED):
        parser.start("GET")
        response = parser.feed(data)
        assert response is not None
        assert response.body == b"[1,2,3]"


NAMES = st.sampled_from(
    ["Date", "X-Request-Id", "content-LENGTH", "Transfer-Encoding", "connection", "a b", "", "x"]
)
VALUES = st.sampled_from(["3", " 3 ", "4", "+3", "chunked", "close", "keep-alive", "", "\x00", "é"])
STATUSES = st.sampled_from(["200 OK", "201", "204 No Content", "304 x", "100 Continue", "099 x"])


def outcome(data: bytes, cuts: list[int]) -> object:
    """What a parser makes of an answer, or the kind of its refusal."""
    parser = ResponseParser(Limits())
    parser.start("POST")
    edges = [0, *cuts, len(data)]
    try:
        for start, end in pairwise(edges):
            response = parser.feed(data[start:end])
            if response is not None:
                whole = response.status, response.headers, response.body, parser.should_close
                return whole if end == len(data) else "bytes follow"
    except ProtocolError:
        return "refused"
    return "unfinished"


@given(STATUSES, st.lists(st.tuples(NAMES, VALUES), max_size=4), st.sampled_from([b"", b"abc"]))
def test_the_quick_way_and_the_general_way_agree(
    status: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    data = f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1") + body
    # Cut after the first byte, an answer always goes the general way.
    quick, general = outcome(data, []), outcome(data, [1])
    assert quick == general


def test_headers_are_split_when_they_are_asked_for() -> None:
    response = parse(PLAIN.replace(b"\r\n\r\n", b"\r\nX-Two:  a:b \r\nx-two: \xe9\r\n\r\n", 1), [])
    assert response is not None
    assert response.headers == (
        ("content-type", "application/json"),
        ("content-length", "7"),
        ("x-two", "a:b"),
        ("x-two", "é"),
    )
    assert response.header("x-two") == "a:b"
    assert response.header("absent") is None
