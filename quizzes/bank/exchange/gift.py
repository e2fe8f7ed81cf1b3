"""GIFT, Moodle's text format. Pure: no Django.

Written after docs.moodle.org/en/GIFT_format: `=right ~wrong #feedback ####general`, `%weights%`,
`->` for matching, `{>…}` for ordering, `[id:…]` and `[tag:…]` in a comment above a question. Those tags
carry what GIFT has no place for. A case is a description, followed by questions tagged as its parts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from quizzes.bank.domain.body import CHOICE_KINDS, GAP, Body, Item, Option, Pair, tidy
from quizzes.bank.exchange import words
from quizzes.bank.exchange.base import EVERYTHING, Notes, Reading, clean, writable
from quizzes.bank.exchange.markup import maybe_html, to_text
from quizzes.bank.exchange.parts import Assembly
from quizzes.bank.exchange.safe import decode, lines_of

NAME, ENDING = "GIFT 文本", "gift.txt"
CAN = EVERYTHING - {"picture", "option_picture", "part_picture", "blanks", "model_answer", "rubric", "arrow", "case_explanation"}
# What stands for an escaped character while the text is cut up; `clean` took these characters out.
_ESCAPED = {"\\": "\x01", "~": "\x02", "=": "\x03", "#": "\x04", "{": "\x05", "}": "\x06", ":": "\x07", "n": "\x08"}
_BACK = {mark: "\n" if char == "n" else char for char, mark in _ESCAPED.items()}
_ESCAPE = re.compile(r"\\([\\~=#{}:n])")
_MARKED = re.compile("[\x01-\x08]")
_FORMAT = re.compile(r"^\[(html|plain|moodle|markdown)\]")
_WEIGHT = re.compile(r"^%(-?\d{1,3}(?:\.\d*)?)%")
_TRUTH = re.compile(r"^(T|TRUE|F|FALSE)\s*(#.*)?$", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"\[tag:((?:\\.|[^\]\\])+)\]")
Said = Callable[[str], str]
"""From a piece of the file to the text that it says."""
_ID = re.compile(r"\[id:((?:\\.|[^\]\\])+)\]")


def looks(text: str) -> bool:
    return bool(re.search(r"(?<!\\)\{[^{}]{0,20000}?(?<!\\)\}|^::.+?::", text[:200_000], re.MULTILINE | re.DOTALL))


# --- reading ------------------------------------------------------------------------------------
@dataclass
class _Block:
    """One question's lines, and what the comments above them say."""

    line: int
    lines: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    code: str = ""


def read(data: bytes) -> Reading:
    notes = Notes()
    assembly = Assembly(notes)
    topic = ""
    for block in _blocks(decode(data)):
        text = "\n".join(block.lines).strip()
        category = re.match(r"^\$CATEGORY:\s*(.*)$", text)
        if category:
            topic = category.group(1).rsplit("/", 1)[-1].strip()
            topic = "" if topic.lower() in ("top", "$course$", "$system$") else topic
            continue
        where = f"第 {block.line} 行的题"
        labels, said = words.from_tags(block.tags, notes, where)
        labels = replace(labels, topic=labels.topic or topic)
        body = _question(text, where, notes, description="题型" in said)
        if body is not None:
            body = tidy(words.told(body, said, notes, where))
            assembly.add(where, Item(body, labels, block.code), part="小题" in said)
    assembly.finish()
    return notes.reading()


def _blocks(text: str) -> Iterator[_Block]:
    block: _Block | None = None
    for number, line in enumerate(chain(lines_of(text), [""]), 1):
        if not line.strip():
            if block is not None and block.lines:
                yield block
            block = None
            continue
        block = block or _Block(number)
        if line.lstrip().startswith("//"):
            block.tags += [_bare(tag) for tag in _TAG.findall(line)]
            for code in _ID.findall(line):
                block.code = _bare(code).strip()
        elif line.startswith("$CATEGORY:"):  # a line of its own, with or without an empty one below
            if block.lines:
                yield block
            yield _Block(number, [line])
            block = None
        else:
            block.line = block.line if block.lines else number
            block.lines.append(line)


def _bare(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _question(text: str, where: str, notes: Notes, *, description: bool) -> Body | None:
    text = _ESCAPE.sub(lambda match: _ESCAPED[match.group(1)], clean_all(text))
    name = re.match(r"^::(.*?)::", text, re.DOTALL)
    text = text[name.end() :].strip() if name else text
    form = _FORMAT.match(text)
    text = text[form.end() :] if form else text
    kind_of_text = form.group(1) if form else "moodle"

    def said(piece: str) -> str:
        return _said(piece, kind_of_text)

    def asked(piece: str) -> str:
        return _plain_said(piece, kind_of_text)  # its format was taken away above

    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        if "{" in text or "}" in text:
            notes.problem(where, "花括号不成对", "答案要写在一对 { } 里，中间不要空行；文字里的花括号前面加 \\")
        elif description:
            return Body("case", asked(text))
        else:
            notes.problem(where, f"“{said(text)[:20]}”是说明文字，没有答案，已略过", note=True)
        return None
    before, inner, after = text[:start], text[start + 1 : end].strip(), text[end + 1 :]
    if "{" in inner or "}" in inner:
        notes.problem(where, "花括号套了花括号", "一道题只写一对 { }；文字里的花括号前面加 \\")
        return None
    inner, _mark, general = inner.partition("####")
    gap = "____" if after.strip() else ""
    stem = asked(before + gap + after) if gap else asked(before)
    body = _answers(inner.strip(), Body("short", stem), said, where, notes)
    return replace(body, explanation=_both(said(general), body.explanation)) if body else None


def clean_all(text: str) -> str:
    """`clean` for a whole question: each of its texts is cut to length later."""
    return "".join(clean(text[i : i + 10_000]) for i in range(0, min(len(text), 200_000), 10_000))


def _said(text: str, kind_of_text: str) -> str:
    """What a piece of the file says: format taken away, escapes undone."""
    text = text.strip()
    form = _FORMAT.match(text)
    if form:
        text, kind_of_text = text[form.end() :], form.group(1)
    return _plain_said(text, kind_of_text)


def _plain_said(text: str, kind_of_text: str) -> str:
    text = _MARKED.sub(lambda match: _BACK[match.group()], text).strip()
    if kind_of_text == "html":
        return to_text(text)[0]
    return maybe_html(text) if kind_of_text == "moodle" else clean(text).strip()


def _both(first: str, second: str) -> str:
    return "\n".join(text for text in (first, second) if text)


def _answers(inner: str, body: Body, said: Said, where: str, notes: Notes) -> Body | None:
    truth = _TRUTH.match(inner)
    if truth:
        right = truth.group(1).upper().startswith("T")
        wrong_idea, _mark, praise = (truth.group(2) or "#")[1:].partition("#")
        options = words.judge_options(right, said(wrong_idea))
        return replace(body, kind="judge", options=options, explanation=said(praise))
    if not inner:
        return body
    if inner.startswith("#"):
        return _numeric(inner[1:].strip(), body, where, notes)
    if inner.startswith(">"):
        lines = [line for line in inner.split("\n")[1:] if line.strip()]
        partial = "ALL_OR_NOTHING" not in inner.split("\n")[0]
        return replace(body, kind="order", items=tuple(map(said, lines)), marking="partial" if partial else "exact")
    pieces = [piece for piece in re.split(r"(?=[~=])", inner) if piece.strip()]
    if not all(piece[0] in "~=" for piece in pieces):
        notes.problem(where, f"答案“{said(pieces[0])[:20]}”前面没有 = 或 ~", "正确答案前写 =，错误答案前写 ~")
        return None
    if any(piece.startswith("~") for piece in pieces):
        return _choice(pieces, body, said, where, notes)
    if all("->" in piece for piece in pieces):
        pairs = [piece[1:].split("->", 1) for piece in pieces]
        found = tuple(Pair(said(right.partition("#")[0]), said(left)) for left, right in pairs)
        return replace(body, kind="match", pairs=found, marking="partial")
    return _blank(pieces, body, said, where, notes)


def _parted(piece: str, said: Said) -> tuple[float | None, str, str]:
    """The weight in percent (None when there is none), the text and the feedback of an answer."""
    rest = piece[1:].strip()
    weight = _WEIGHT.match(rest)
    text, _mark, feedback = (rest[weight.end() :] if weight else rest).partition("#")
    return float(weight.group(1)) if weight else None, said(text), said(feedback)


def _choice(pieces: list[str], body: Body, said: Said, where: str, notes: Notes) -> Body | None:
    parted = [(piece[0] == "=", *_parted(piece, said)) for piece in pieces]
    full = [equals if weight is None else weight >= 100 for equals, weight, _text, _feedback in parted]
    some = [bool(weight and 0 < weight < 100) for _equals, weight, _text, _feedback in parted]
    if not any(full) and sum(some) > 1:
        right, kind = some, "multiple"
    elif sum(full) == 1:
        right, kind = full, "single"
        if any(some):
            notes.problem(where, "有的选项给一部分分，本题库的单选题没有，按错误选项导入", note=True)
    else:
        message = f"这道选择题有 {sum(full)} 个满分选项，不知道是单选还是多选"
        notes.problem(where, message, "单选只留一个 =；多选每个正确选项写 ~%50% 这样的比例")
        return None
    options = tuple(
        Option(text, right[i], "" if right[i] else feedback) for i, (_equals, _weight, text, feedback) in enumerate(parted)
    )
    praise = "\n".join(feedback for i, (_e, _w, _t, feedback) in enumerate(parted) if right[i] and feedback)
    return replace(body, kind=kind, options=options, explanation=praise, marking="partial" if kind == "multiple" else "exact")


def _blank(pieces: list[str], body: Body, said: Said, where: str, notes: Notes) -> Body:
    parted = [_parted(piece, said) for piece in pieces]
    accepted = tuple(dict.fromkeys(text for weight, text, _feedback in parted if weight is None or weight >= 100))
    if len(accepted) < len(parted):
        notes.problem(where, "只给一部分分的答案没有导入，只留满分的答案", note=True)
    praise = "\n".join(dict.fromkeys(feedback for _weight, _text, feedback in parted if feedback))
    stem = body.stem if GAP.search(body.stem) else f"{body.stem} ____"
    return replace(body, kind="blank", stem=stem, blanks=(accepted,), explanation=praise)


def _numeric(inner: str, body: Body, where: str, notes: Notes) -> Body | None:
    exact = re.fullmatch(r"=?\s*(-?\d+(?:\.\d+)?)\s*(?::\s*0*)?(?:#.*)?", inner, re.DOTALL)
    if exact is None:
        notes.problem(where, "数值题（带误差或范围）不能导入", "本题库没有数值题，请改成填空题或单选题")
        return None
    stem = body.stem if GAP.search(body.stem) else f"{body.stem} ____"
    return replace(body, kind="blank", stem=stem, blanks=((exact.group(1),),))


# --- writing ------------------------------------------------------------------------------------
def write(items: list[Item]) -> bytes:
    blocks = ["// 十五防题库。标签里写着 GIFT 没有位置放的内容，改题时请保留。"]
    for item in writable(items, CAN):
        blocks.append(_block(item.body, words.to_tags(item, kind=item.body.kind in ("indefinite", "case", "multiple")), item.code))
        for number, part in enumerate(item.body.parts, 1):
            tags = words.to_tags(Item(part), kind=part.kind in ("indefinite", "multiple"))
            blocks.append(_block(part, [f"小题:{number}", *tags], ""))
    return ("\n\n".join(blocks) + "\n").encode()


def _block(body: Body, tags: list[str], code: str) -> str:
    notes = ([f"[id:{_guarded(code)}]"] if code else []) + [f"[tag:{_guarded(clean(tag))}]" for tag in tags]
    comment = f"// {' '.join(notes)}\n" if notes else ""
    name = _escaped(code or " ".join(body.stem.split())[:24])
    return f"{comment}::{name}::[plain]{_escaped(body.stem)}{_inner(body)}"


def _guarded(text: str) -> str:
    return re.sub(r"([\]\\])", r"\\\1", text)


def _escaped(text: str) -> str:
    return re.sub(r"([\\~=#{}:])", r"\\\1", clean(text)).replace("\n", "\\n")


def _piece(text: str) -> str:
    """A text where a format name or a comment mark at its beginning would be taken for one."""
    return ("[plain]" if text[:1] in ("[", "/") else "") + _escaped(text)


def _inner(body: Body) -> str:
    if body.kind == "case":
        return ""
    general = f"####{_piece(body.explanation)}" if body.explanation else ""
    lines = _lines(body)
    if body.kind == "judge":
        return "{" + lines[0] + general + "}"
    if body.kind == "order":
        return "{" + "\n\t".join(line for line in (*lines, general) if line) + "\n}"
    return "{" + "".join(f"\n\t{line}" for line in (*lines, general) if line) + "\n}"


def _lines(body: Body) -> list[str]:
    if body.kind == "judge":
        wrong_idea = "".join(option.misconception for option in body.options)
        return [("TRUE" if body.options[0].right else "FALSE") + (f"#{_piece(wrong_idea)}" if wrong_idea else "")]
    if body.kind in CHOICE_KINDS:
        return [_option(option, body) for option in body.options]
    if body.kind == "blank":
        texts = [text.replace("->", "→") for text in body.blanks[0]]
        return [f"={'%100%' if text.startswith('%') else ''}{_piece(text)}" for text in texts]
    if body.kind == "order":
        grading = "RELATIVE_NEXT_EXCLUDE_LAST" if body.marking == "partial" else "ALL_OR_NOTHING"
        return [f">{len(body.items)} ALL VERTICAL {grading} SHOW none", *map(_piece, body.items)]
    if body.kind == "match":
        return [f"={_piece(pair.left.replace('->', '→'))} -> {_piece(pair.right)}" for pair in body.pairs]
    return []


def _option(option: Option, body: Body) -> str:
    count = len(body.right)
    if body.kind == "single":
        mark = "=" if option.right else "~"
        weight = ("%100%" if option.right else "%0%") if option.text.startswith("%") else ""
    else:
        mark = "~"
        weight = f"%{100 / count:.5f}".rstrip("0").rstrip(".") + "%" if option.right else "%-100%"
    idea = f"#{_piece(option.misconception)}" if option.misconception else ""
    return f"{mark}{weight}{_piece(option.text)}{idea}"

