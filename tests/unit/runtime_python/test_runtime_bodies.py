"""Forms, multipart bodies and downloads: the bytes on the wire, read back by other libraries."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from decimal import Decimal
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import pytest

from venuekit_runtime.base_url import parse_base_url
from venuekit_runtime.bodies import File
from venuekit_runtime.client import BaseClient
from venuekit_runtime.errors import SigningError
from venuekit_runtime.models import Model
from venuekit_runtime.operation import Body, BodyField, HttpOperation, PartEncoding, Response
from venuekit_runtime.request import RequestPlan
from venuekit_runtime.signing import RequestDraft

PNG = b"\x89PNG\r\n\r\n--boundary--\x00"


class Tags(Model):
    """An object in a form."""

    a: int
    price: Decimal


def upload(body: Body) -> HttpOperation[Any]:
    return HttpOperation(
        name="addDocument",
        method="POST",
        path="/documents",
        effect="create",
        body=body,
        responses=(Response("200", "application/pdf"),),
    )


DOCUMENT = upload(
    Body(
        "multipart/form-data",
        fields=(
            BodyField("scan", "scan", required=True),
            BodyField("pages", "pages"),
            BodyField("title", "title"),
            BodyField("worth", "worth", wire="decimal"),
            BodyField("tags", "tags"),
            BodyField("is_open", "isOpen"),
        ),
        encodings=(PartEncoding("scan", media_type="image/png"),),
    )
)
WHOLE = upload(Body("multipart/form-data", whole="body", required=False))


def build(operation: HttpOperation[Any], **arguments: Any) -> RequestDraft:
    plan = RequestPlan(operation, parse_base_url("https://h"), "test")
    return plan.build(arguments)


def parts(draft: RequestDraft) -> list[Message]:
    headers = dict(draft.headers)
    assert headers["content-type"] == draft.media_type
    head = f"content-type: {headers['content-type']}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + draft.body)
    assert message.is_multipart()
    assert message.defects == []
    return list(message.iter_parts())  # type: ignore[attr-defined]


def shown(part: Message) -> tuple[Any, Any, str, Any]:
    name = part.get_param("name", header="content-disposition")
    return name, part.get_filename(), part.get_content_type(), part.get_payload(decode=True)


def test_each_member_and_each_item_of_a_list_is_a_part() -> None:
    draft = build(
        DOCUMENT,
        scan=PNG,
        pages=[File(b"1", "one.txt", "text/plain"), b"2"],
        title="Zürich",
        worth=Decimal("1E+2"),
        tags=Tags(a=1, price=Decimal("0.10")),
        is_open=True,
    )
    found = [shown(part) for part in parts(draft)]
    assert found[:3] == [
        ("scan", "scan", "image/png", PNG),
        ("pages", "one.txt", "text/plain", b"1"),
        ("pages", "pages", "application/octet-stream", b"2"),
    ]
    assert found[3:] == [
        ("title", None, "text/plain", "Zürich".encode()),
        ("worth", None, "text/plain", b"100"),
        ("tags", None, "application/json", b'{"a":1,"price":"0.10"}'),
        ("isOpen", None, "text/plain", b"true"),
    ]


def test_every_body_has_a_boundary_of_its_own() -> None:
    first, second = (build(DOCUMENT, scan=b"") for _ in range(2))
    assert first.media_type != second.media_type


def test_a_whole_body_is_a_mapping() -> None:
    draft = build(WHOLE, body={"a": 1, "file": File(b"x"), "none": None})
    assert [shown(part)[::3] for part in parts(draft)] == [("a", b"1"), ("file", b"x")]
    assert build(WHOLE).body == b""
    with pytest.raises(TypeError, match="names to values"):
        build(WHOLE, body=[1])


def test_a_name_cannot_break_out_of_its_line() -> None:
    hostile = 'a"\r\nx-evil: 1\r\n\r\n'
    draft = build(WHOLE, body={hostile: File(b"", hostile)})
    (part,) = parts(draft)
    assert part["x-evil"] is None
    assert b"\r\nx-evil" not in draft.body
    with pytest.raises(ValueError, match="printable ASCII"):
        build(WHOLE, body={"a": File(b"", None, "text/plain\r\nx-evil: 1")})


def test_what_is_required_is_required_and_money_is_exact() -> None:
    with pytest.raises(TypeError, match="scan is required"):
        build(DOCUMENT)
    with pytest.raises(TypeError, match="worth must be a Decimal"):
        build(DOCUMENT, scan=b"", worth=0.1)


def test_a_form_writes_objects_as_json_unless_a_style_is_stated() -> None:
    fields = (BodyField("tags", "tags"), BodyField("ids", "ids"), BodyField("by", "by"))
    form = "application/x-www-form-urlencoded; charset=UTF-8"
    encodings = (
        PartEncoding("by", style="deepObject"),
        PartEncoding("ids", style="form", explode=False),
    )
    plain = build(upload(Body(form, fields)), tags={"a b": [1]}, ids=["x", "y&"])
    assert parse_qsl(plain.body.decode()) == [
        ("tags", '{"a b":[1]}'),
        ("ids", "x"),
        ("ids", "y&"),
    ]
    styled = build(upload(Body(form, fields, encodings=encodings)), ids=[1, 2], by={"side": "buy"})
    assert parse_qs(styled.body.decode()) == {"ids": ["1,2"], "by[side]": ["buy"]}


def test_a_signature_is_not_put_into_a_body_that_is_no_form() -> None:
    draft = build(DOCUMENT, scan=b"1")
    with pytest.raises(SigningError, match="belongs into a form"):
        draft.add_form("signature", "s")


class Handler(BaseHTTPRequestHandler):
    """Answers an upload with the bytes that came."""

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "application/pdf")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_file_travels_there_and_back_as_bytes(url: str) -> None:
    data = bytes(range(256)) * 4096
    with BaseClient(url) as client:
        answer = client._call(DOCUMENT, {"scan": data})
    assert isinstance(answer, bytes)
    assert data in answer
