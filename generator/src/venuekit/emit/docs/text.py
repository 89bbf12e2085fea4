"""Makes a document's words safe to stand in a page: what was written is shown, never obeyed.

Descriptions are Markdown (OpenAPI 3.1 section 4.5, AsyncAPI 3.0 "Rich text formatting"), and the
pages are Markdown too, with extensions that include files and set attributes. Words that are
plainly harmless pass as written; all others are rendered here, by a CommonMark library that
drops HTML and unsafe links, into HTML whose special characters are numeric references.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import MutableMapping, Sequence
from decimal import Decimal
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from venuekit.contract import JsonValue

_PLAIN = r"[^\W_]|[ .,;?'\"()/%-]"
_CODE = r"`[\w .,;:/{}()=+#$'\"@?!-]+`"
_HARMLESS = re.compile(rf"(?:[^\W\d_]|{_CODE})(?:{_PLAIN}|(?<=\w)_(?=\w)|:(?=[\w ])|{_CODE})*\Z")
_ACTIVE = re.compile(r"[\\`*{}\[\]<>|~^=+#!&@$]|(?<![^\W_])_|_(?![^\W_])")
"""What Markdown or its extensions may obey. An underscore inside a word means nothing."""
_PLAIN_CODE = re.compile(r"(?!#!|:::)[\w ./{}$#:,=+^*()\[\]'\"?!@~;%\\-]+")
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
_OUTSIDE = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)


def visible(text: str, kept: str = "") -> str:
    """Replace control and direction characters by their code points, `[U+202E]` for instance."""
    return "".join(
        f"[U+{ord(c):04X}]" if unicodedata.category(c) in _INVISIBLE and c not in kept else c
        for c in text
    )


def entities(text: str) -> str:
    """Return text whose every active character is a numeric character reference."""
    return _ACTIVE.sub(lambda found: f"&#{ord(found[0])};", text)


def inline(text: str) -> str:
    """Return one line of plain words, to stand in a heading, a link or a table."""
    return entities(visible(" ".join(text.split())))


def code(text: str) -> str:
    """Return text set as code, whatever is in it."""
    words = visible(text)
    if not words.strip():
        return f"({len(words)} spaces)" if words else "(empty)"
    if _PLAIN_CODE.fullmatch(words) and words == words.strip():
        return f"`{words}`"
    return f"<code>{entities(words)}</code>"


def block(text: str) -> str:
    """Return text set as a block of code, line by line as written.

    Line ends become references too, so that nothing that tidies a page can change them.
    """
    words = html.escape(visible(text, kept="\n"), quote=False)
    return f"<pre><code>{words}</code></pre>".replace("\n", "&#10;")


def _kept(text: str) -> str:
    return entities(text).replace("\n", "&#10;")


def prose(text: str | None) -> str:
    """Return a description as paragraphs of a page, or the empty string where there is none."""
    if not text or not text.strip():
        return ""
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip())]
    if all(_HARMLESS.match(part) for part in paragraphs):
        return "\n\n".join(paragraphs)
    return f'<div class="words">{_rendered(text)}</div>'


def cell(text: str | None) -> str:
    """Return a description as one line, to stand in a table or a list."""
    if not text or not text.strip():
        return ""
    line = " ".join(text.split())
    if _HARMLESS.match(line):
        return line
    rendered = _rendered(text)
    flat = rendered.replace("<p>", "").replace("</p>", "<br>").replace("\n", " ")
    return flat.strip().removesuffix("<br>").strip()


def json_text(value: JsonValue) -> str:
    """Return an example as JSON for a fenced block, decimals in their own digits."""
    text = json.dumps(_numbers(value), indent=2, ensure_ascii=False)
    for mark, number in _NUMBER_MARKS.findall(text):
        text = text.replace(mark, number, 1)
    return "".join(
        f"\\u{ord(c):04x}" if unicodedata.category(c) in _INVISIBLE and c != "\n" else c
        for c in text
    )


def value_code(value: JsonValue) -> str:
    """Return a JSON value as code: text without its quotes, everything else as JSON."""
    return code(value if isinstance(value, str) else " ".join(json_text(value).split()))


_NUMBER_MARKS = re.compile(r'("\ue000number:([^"\\]+)")')


def _numbers(value: JsonValue) -> Any:
    """Mark decimals, which the standard library's JSON writer does not know."""
    match value:
        case Decimal():
            return f"\ue000number:{value}"
        case str():
            return value.replace("\ue000", "\ufffd")
        case list():
            return [_numbers(item) for item in value]
        case dict():
            return {key: _numbers(item) for key, item in value.items()}
        case _:
            return value


class _Safe(RendererHTML):
    """Draws CommonMark without HTML, headings, pictures or links inside the site."""

    def text(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return entities(tokens[idx].content)

    def code_inline(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return f"<code>{entities(tokens[idx].content)}</code>"

    def code_block(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return f"<pre><code>{_kept(tokens[idx].content)}</code></pre>\n"

    def fence(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return f"<pre><code>{_kept(tokens[idx].content)}</code></pre>\n"

    def softbreak(self, *_: Any) -> str:
        return " "

    def heading_open(self, *_: Any) -> str:
        return "<p><strong>"

    def heading_close(self, *_: Any) -> str:
        return "</strong></p>\n"

    def image(self, tokens: Sequence[Token], idx: int, *_: Any) -> str:
        return entities(tokens[idx].content)

    def link_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        address = str(tokens[idx].attrGet("href") or "")
        if not _OUTSIDE.match(address):
            return "<span>"
        quoted = entities(address).replace('"', "&quot;")
        return f'<a href="{quoted}" rel="noopener nofollow">'

    def link_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        depth = 0
        for token in reversed(tokens[:idx]):
            if token.type == "link_close":
                depth += 1
            elif token.type == "link_open" and depth:
                depth -= 1
            elif token.type == "link_open":
                is_outside = _OUTSIDE.match(str(token.attrGet("href") or ""))
                return "</a>" if is_outside else "</span>"
        return "</span>"


_RENDERER = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Safe).enable("table")


def _rendered(text: str) -> str:
    return str(_RENDERER.render(visible(text, kept="\n")))
