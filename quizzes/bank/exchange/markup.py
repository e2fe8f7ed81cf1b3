"""Text to simple HTML and back, without losing a line break or a space of our own. Pure: no Django.

What strangers wrote comes in as text only: tags vanish, scripts and styles with all they hold, and
pictures are collected. Our own texts that need it stand in an element of the class `pre-wrap`, in
which nothing is collapsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from html.parser import HTMLParser
from xml.etree.ElementTree import Element
from xml.sax.saxutils import quoteattr

from quizzes.bank.domain.body import RubricLine
from quizzes.bank.exchange import words
from quizzes.bank.exchange.base import clean

_BLOCKS = frozenset(
    "p div li tr h1 h2 h3 h4 h5 h6 ul ol dl dt dd table blockquote pre section article contentBody".split()
)
_HIDDEN = frozenset({"script", "style", "head", "title", "template", "noscript", "iframe", "object", "svg", "math"})
_NEEDS_PRE = re.compile(r"[\n\t\u00a0]|  |^[ ]|[ ]$")
_SPACE = re.compile(r"[ \t\n\r\f]+")
_KNOWN_TAG = re.compile(
    r"</?(p|br|b|i|u|em|strong|span|div|ul|ol|li|sub|sup|img|script|style|a|table|tbody|tr|td|th|h[1-6]|font|code)\b[^<>]*>",
    re.IGNORECASE,
)
MOST_HTML = 60_000


class Gatherer:
    """Takes tags and text one after another and keeps what a reader would see."""

    def __init__(self) -> None:
        self.pictures: list[tuple[str, str]] = []
        self._text = ""
        self._break = self._space = False
        self._hidden = 0
        self._open: list[tuple[str, bool]] = []

    def start(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        if tag == "br":
            self._flush()
            self._text += "\n"
            return
        if tag == "img":
            if not self._hidden:
                self.pictures.append((attributes.get("src") or "", attributes.get("alt") or ""))
            return
        if tag in _BLOCKS:
            self._block()
        inside = self._open[-1][1] if self._open else False
        pre = inside or tag == "pre" or "pre-wrap" in (attributes.get("class") or "").split()
        self._open.append((tag, pre))
        self._hidden += tag in _HIDDEN

    def end(self, tag: str) -> None:
        if not any(name == tag for name, _pre in self._open[-50:]):
            return
        while self._open:
            name, _pre = self._open.pop()
            self._hidden -= name in _HIDDEN
            if name == tag:
                break
        if tag in _BLOCKS:
            self._block()

    def data(self, text: str) -> None:
        if self._hidden or not text:
            return
        if self._open and self._open[-1][1]:
            self._flush()
            self._text += text
            return
        for i, piece in enumerate(_SPACE.split(text.replace("\u00a0", " "))):
            if i:
                self._space = True
            if piece:
                self._flush()
                self._text += piece

    def _block(self) -> None:
        self._break = bool(self._text) and not self._text.endswith("\n")
        self._space = False

    def _flush(self) -> None:
        """Put the break or space that was waiting for something to stand before."""
        if self._break:
            self._text += "\n"
        elif self._space and self._text and not self._text.endswith("\n"):
            self._text += " "
        self._break = self._space = False

    def text(self) -> str:
        return clean(self._text).strip()


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.gatherer = Gatherer()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.gatherer.start(tag, dict(attrs))
        if tag in ("input", "hr", "meta", "link", "col", "source", "track", "wbr", "area", "base", "embed"):
            self.gatherer.end(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.gatherer.start(tag, dict(attrs))
        self.gatherer.end(tag)

    def handle_endtag(self, tag: str) -> None:
        self.gatherer.end(tag)

    def handle_data(self, data: str) -> None:
        self.gatherer.data(data)


def to_text(html: str) -> tuple[str, list[tuple[str, str]]]:
    """The text that a person sees, and the pictures as (address, alternative text)."""
    parser = _Html()
    parser.feed(html[:MOST_HTML])
    parser.close()
    return parser.gatherer.text(), parser.gatherer.pictures


def maybe_html(text: str) -> str:
    """The text of a field that may hold HTML or not: `a<b` stays, `<p>a</p>` becomes `a`."""
    return to_text(text)[0] if _KNOWN_TAG.search(text[:MOST_HTML]) else clean(text).strip()


def of_elements(elements: Iterable[Element | str]) -> tuple[str, list[tuple[str, str]]]:
    """The same for XML elements (tags without namespaces) and bare texts between them."""
    gatherer = Gatherer()
    for entry in elements:
        if isinstance(entry, str):
            gatherer.data(entry)
        else:
            _walk(entry, gatherer)
    return gatherer.text(), gatherer.pictures


def _walk(element: Element, gatherer: Gatherer) -> None:
    if not isinstance(element.tag, str):
        return  # a comment
    attributes: dict[str, str | None] = dict(element.attrib)
    if element.tag == "object":
        # QTI's older way to show a picture
        gatherer.start("img", {"src": attributes.get("data"), "alt": "".join(element.itertext()).strip()})
        return
    gatherer.start(element.tag, attributes)
    gatherer.data(element.text or "")
    for child in element:
        _walk(child, gatherer)
        gatherer.data(child.tail or "")
    if element.tag not in ("br", "img"):
        gatherer.end(element.tag)


def inline(text: str) -> str:
    """HTML for inside a paragraph or a choice."""
    html = escape(clean(text), quote=False)
    if not _NEEDS_PRE.search(text):
        return html
    return f'<span class="pre-wrap">{"<br/>".join(html.split(chr(10)))}</span>'


def paragraph(text: str) -> str:
    return f"<p>{inline(text)}</p>"


def image(src: str, alt: str) -> str:
    return f"<img src={quoteattr(src)} alt={quoteattr(clean(alt))}/>"


# --- what only a marker sees --------------------------------------------------------------------
def scorer(answer: str, rubric: Sequence[RubricLine]) -> str:
    """Model answer and rubric of a short answer as HTML that `of_scorer` reads back."""
    lines = "".join(f"<li>{inline(f'{line.text}（{line.marks}分）')}</li>" for line in rubric)
    return (f'<div class="answer">{paragraph(answer)}</div>' if answer else "") + f'<ol class="rubric">{lines}</ol>'


def of_scorer(root: Element) -> tuple[str, tuple[RubricLine, ...]]:
    """Model answer and rubric. What a stranger wrote is the answer, but for lines that end in marks."""
    marked = [element for element in root.iter() if element.get("class") in ("answer", "rubric")]
    if not marked:
        text = of_elements([root])[0]
        lines = [words.rubric_of(words.join([line], "", words.BLANKS)) for line in text.split("\n") if line.strip()]
        if lines and all(not wrong for _line, wrong in lines):
            return "", tuple(line for found, _wrong in lines for line in found)
        return text, ()
    answer = "\n".join(of_elements([element])[0] for element in marked if element.get("class") == "answer")
    texts = [of_elements([li])[0] for element in marked if element.get("class") == "rubric" for li in element.iter("li")]
    rubric, _wrong = words.rubric_of(words.join(texts, "\n", words.BLANKS))
    return answer, rubric
