"""Words of a document are shown and never obeyed, whatever is in them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

HOSTILE = [
    "<script>alert(1)</script>",
    "text <img src=x onerror=alert(1)> text",
    "<iframe src='https://evil.example'></iframe>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    '[x](https://good.example"onmouseover="alert(1))',
    "![picture](https://evil.example/pixel.png)",
    '--8<-- "secret.txt"',
    'a\n\n--8<-- "secret.txt"\n\nb',
    '```\n--8<-- "secret.txt"\n```',
    "--8<--\nsecret.txt\n--8<--",
    "text {: onclick=alert(1) }",
    "# Heading {: #evil onclick=alert(1) }",
    "*[HTML]: <script>alert(1)</script>",
    "!!! danger\n    <b>x</b>",
    '<div markdown="1">\n\n# Evil\n\n</div>',
    "`code` {.evil onclick=alert(1)}",
    "| a | b |\n|---|---|\n| <svg onload=alert(1)> | x |",
    "</code></pre><script>alert(1)</script>",
    "x</td></tr></table><script>alert(1)</script>",
    "[ref]: javascript:alert(1)\n\n[ref]",
    "<!-- comment --> <!--",
    "&lt;script&gt; &#60;script&#62; &amp;",
    "price\u202e\u2066evil\u2069",
    "line\x00one\x1b[31m",
    "`#!html <script>alert(1)</script>`",
    '=== "Tab"\n\n    <script>x</script>',
    "$$ \\href{javascript:alert(1)} $$",
    "<a href='https://x.example' onclick='alert(1)'>x</a>",
    "<https://auto.example/?a=<script>>",
    "]]>{{ config }} {% raw %}",
    "~~~html\n<script>alert(1)</script>\n~~~",
]
ALLOWED = {
    *("h1", "h2", "h3", "p", "a", "code", "pre", "table", "thead", "tbody", "tr", "th", "td"),
    *("ul", "ol", "li", "strong", "em", "div", "span", "br", "hr", "blockquote"),
}
DOCUMENT = """
openapi: 3.1.0
info: {{title: {text}, version: 1.0.0, description: {text}}}
tags: [{{name: {text}, description: {text}}}]
paths:
  /orders/{{id}}:
    post:
      operationId: {text}
      summary: {text}
      description: {text}
      tags: [{text}]
      parameters:
        - name: id
          in: path
          required: true
          description: {text}
          schema: {{type: string, pattern: {text}, default: {text}, x-unit: {text}}}
      requestBody:
        description: {text}
        content:
          application/json:
            schema: {{$ref: '#/components/schemas/Hostile'}}
            examples: {{one: {{value: {{field: {text}}}}}}}
      responses:
        "200":
          description: {text}
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/Hostile'}}}}}}
components:
  schemas:
    Hostile:
      type: object
      description: {text}
      properties:
        {text}: {{type: string, description: {text}, enum: [{text}, other]}}
        union: {{oneOf: [{{type: string, const: {text}}}, {{type: integer}}]}}
"""


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words(
    text: str,
    emit_text: Callable[[Mapping[str, str]], Mapping[str, str]],
    show: Callable[..., Any],
    tmp_path: Path,
) -> None:
    (tmp_path / "secret.txt").write_text("THE-SECRET-FILE", encoding="utf-8")
    pages = emit_text({"openapi.yaml": DOCUMENT.format(text=json.dumps(text))})
    assert len(pages) > 5
    word = max(re.findall(r"[A-Za-z]+", text), key=len)
    assert word in show(pages["index.md"], tmp_path).text.replace("secret.txt", "secret txt")
    for path, page in pages.items():
        shown = show(page, tmp_path)
        assert "THE-SECRET-FILE" not in shown.text, path
        for tag, attributes in shown.elements:
            assert tag in ALLOWED, (path, tag)
            assert not [name for name in attributes if name.startswith("on")], (path, attributes)
            assert set(attributes) <= {"id", "href", "rel", "class", "name"}, (path, attributes)
            href = attributes.get("href", "")
            assert href.startswith(("http://", "https://", "mailto:")) or ":" not in href, href
        assert not [c for c in page if c in "\u202e\u2066\u2069\x00\x1b"], path
        assert not path.startswith("/")
        assert ".." not in path


def test_harmless_words_stay_markdown(
    emit_text: Callable[[Mapping[str, str]], Mapping[str, str]],
) -> None:
    words = "Returns the `client_order_id` (at most 36 characters): it's yours."
    pages = emit_text({"openapi.yaml": DOCUMENT.format(text=json.dumps("plain"))})
    assert "\nplain\n" in pages["rest/plain.md"]
    document = DOCUMENT.replace("description: {text}", "description: {words}")
    pages = emit_text(
        {"openapi.yaml": document.format(text=json.dumps("plain"), words=json.dumps(words))}
    )
    assert f"\n{words}\n" in pages["rest/plain.md"]


def test_names_that_differ_in_case_or_signs_get_pages_of_their_own(
    emit_text: Callable[[Mapping[str, str]], Mapping[str, str]],
) -> None:
    schemas = "\n".join(
        f"    {name}: {{type: string}}" for name in ("order", "Order", "index", "CON", "a.b", "a-b")
    )
    names = ("../../etc/passwd", "日本", "a/b", "a-b", "A-B", "README", ".", "x" * 300)
    paths = "\n".join(
        f"  /p{number}: {{get: {{operationId: {json.dumps(name)}, responses: {{'200': "
        "{description: Done.}}}}"
        for number, name in enumerate(names)
    )
    document = f"""
openapi: 3.1.0
info: {{title: Example, version: 1.0.0}}
paths:
{paths}
components:
  schemas:
{schemas}
"""
    pages = emit_text({"openapi.yaml": document})
    for folder, count in (("schemas/", 7), ("rest/", 9)):
        stems = [path.casefold() for path in pages if path.startswith(folder)]
        assert len(stems) == len(set(stems)) == count
        assert all(path.count("/") == 1 and ".." not in path for path in stems)
        assert max(map(len, stems)) < 120
