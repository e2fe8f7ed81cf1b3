"""Reading Moodle XML, the fullest format of Moodle. Pure: no Django.

Written after docs.moodle.org/en/Moodle_XML_format and the types of Moodle 4.4 and later, which knows
`ordering`. One blank is a `shortanswer`, more are a `cloze`; a case is a `description` and, after it,
questions tagged as its parts. Tags such as `适用对象:初中` carry what Moodle has no place for.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote
from xml.etree.ElementTree import Element, SubElement

from quizzes.bank.domain.body import GAP, Body, Item, Option, Pair, Picture, tidy
from quizzes.bank.exchange import words
from quizzes.bank.exchange.base import Notes, Reading, Refused, clean, picture_of
from quizzes.bank.exchange.markup import maybe_html, of_scorer, to_text
from quizzes.bank.exchange.parts import Assembly
from quizzes.bank.exchange.safe import check_size, depth_checked, parse_xml

UNSUPPORTED = {
    "numerical": "数值题", "calculated": "计算题", "calculatedsimple": "简单计算题", "calculatedmulti": "多选计算题",
    "ddwtos": "拖字填空题", "gapselect": "下拉填空题", "ddimageortext": "拖图题", "ddmarker": "拖标记题",
    "random": "随机抽题", "randomsamatch": "随机配对题", "coderunner": "编程题", "stack": "STACK 数学题",
}  # fmt: skip
_CLOZE = re.compile(r"\{(\d*):([A-Z_]+):((?:\\.|[^}\\])*)\}", re.DOTALL)
_SHORT = frozenset({"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"})


# --- reading ------------------------------------------------------------------------------------
def read(data: bytes) -> Reading:
    check_size(data)
    root = depth_checked(parse_xml(data))
    if root.tag != "quiz":
        raise Refused("这不是 Moodle 题库文件：最外层应当是 <quiz>。请在 Moodle 里用“Moodle XML 格式”导出。")
    notes = Notes()
    assembly = Assembly(notes)
    topic, number = "", 0
    for question in root.iter("question"):
        kind = question.get("type") or ""
        if kind == "category":
            topic = _plain(question.find("category")).rsplit("/", 1)[-1].strip()
            topic = "" if topic.lower() in ("top", "$course$", "$system$") else topic
            continue
        number += 1
        where = f"第 {number} 题“{_plain(question.find('name'))[:24]}”"
        tags = [_plain(tag) for tag in question.findall("tags/tag")]
        labels, said = words.from_tags(tags, notes, where)
        if kind == "description" and "题型" not in said:
            notes.problem(where, "这是说明文字，不是题目，已略过", note=True)
            continue
        reader = _READERS.get(kind)
        if reader is None:
            name = UNSUPPORTED.get(kind, kind or "没有写题型")
            notes.problem(where, f"{name}（{kind}）不能导入", "请改成单选、多选、判断、填空、排序、配对或简答题")
            continue
        one = _Question(question, where, notes)
        body = reader(one)
        if body is not None:
            body = tidy(words.told(body, said, notes, where))
            labels = replace(labels, topic=labels.topic or topic)
            item = Item(body, labels, (question.findtext("idnumber") or "").strip(), one.files)
            assembly.add(where, item, part="小题" in said)
    assembly.finish()
    return notes.reading()


def _plain(element: Element | None) -> str:
    """The text of an element as it is, for fields that hold no HTML."""
    found = element.find("text") if element is not None else None
    return clean("".join(found.itertext())).strip() if found is not None else ""


class _Question:
    """One `question` element, and the files that its pictures turned out to need."""

    def __init__(self, element: Element, where: str, notes: Notes) -> None:
        self.element, self.where, self.notes = element, where, notes
        self.files: dict[str, bytes] = {}

    def text(self, path: str) -> str:
        return self.rich(self.element.find(path))[0]

    def rich(self, element: Element | None) -> tuple[str, Picture | None]:
        """The text of a field, and its first picture."""
        if element is None:
            return "", None
        found = element.find("text")
        raw = "".join(found.itertext()) if found is not None else ""
        form = element.get("format") or "html"
        if form in ("plain_text", "markdown", "2", "4"):
            return clean(raw).strip(), None
        if form == "moodle_auto_format":
            return maybe_html(raw), None
        text, pictures = to_text(raw)
        return text, self._picture(element, pictures)

    def _picture(self, element: Element, pictures: list[tuple[str, str]]) -> Picture | None:
        kept: Picture | None = None
        for src, alt in pictures:
            name = unquote(src.removeprefix("@@PLUGINFILE@@/").partition("?")[0])  # Moodle quotes names such as 图.png
            names = (name, name.rpartition("/")[2])
            entry = next((file for file in element.findall("file") if file.get("name") in names), None)
            try:
                data = base64.b64decode(entry.text or "", validate=False) if entry is not None else b""
            except (binascii.Error, ValueError):
                data = b""
            picture = picture_of(data, alt)
            if picture is None:
                self.notes.problem(self.where, f"图片“{src[:40]}”不在文件里或不是图片，没有导入", note=True)
            elif kept is not None:
                self.notes.problem(self.where, "一处只能有一张图，其余的没有导入", "请把几张图拼成一张", note=True)
            else:
                kept = picture
                self.files[picture.name] = data
        return kept

    def body(self, kind: str, **fields: object) -> Body:
        stem, picture = self.rich(self.element.find("questiontext"))
        body = Body(kind, stem, picture=picture, explanation=self.text("generalfeedback"))
        return replace(body, **fields)  # type: ignore[arg-type]

    def answers(self) -> list[tuple[float, Element]]:
        found = []
        for answer in self.element.findall("answer"):
            try:
                found.append((float(answer.get("fraction") or "0"), answer))
            except ValueError:
                found.append((0.0, answer))
        return found

    def refuse(self, message: str, hint: str = "") -> None:
        self.notes.problem(self.where, message, hint)


def _multichoice(question: _Question) -> Body | None:
    answers = question.answers()
    single = (question.element.findtext("single") or "true").strip() in ("true", "1")
    right = [fraction >= 100 if single else fraction > 0 for fraction, _answer in answers]
    if single and sum(right) != 1:
        question.refuse(f"单选题有 {sum(right)} 个满分选项", "请只留一个 100% 的选项")
        return None
    if single and any(0 < fraction < 100 for fraction, _answer in answers):
        question.notes.problem(question.where, "有的选项给一部分分，本题库的单选题没有，按错误选项导入", note=True)
    options, praise = [], []
    for is_right, (_fraction, answer) in zip(right, answers, strict=True):
        text, picture = question.rich(answer)
        feedback = question.rich(answer.find("feedback"))[0]
        options.append(Option(text, is_right, "" if is_right else feedback, picture))
        praise += [feedback] if is_right and feedback else []
    kind = "single" if single else ("multiple" if sum(right) > 1 else "indefinite")
    body = question.body(kind, options=tuple(options), marking="exact" if single else "partial")
    return replace(body, explanation=body.explanation or "\n".join(praise))


def _truefalse(question: _Question) -> Body | None:
    by_name = {_plain(answer).lower(): (fraction, answer) for fraction, answer in question.answers()}
    if not {"true", "false"} <= set(by_name):
        question.refuse("判断题缺少 true 或 false", "请从 Moodle 重新导出")
        return None
    right = by_name["true"][0] > by_name["false"][0]
    idea = question.rich(by_name["false" if right else "true"][1].find("feedback"))[0]
    return question.body("judge", options=words.judge_options(right, idea))


def _shortanswer(question: _Question) -> Body | None:
    full = [_plain(answer).replace("\\*", "*") for fraction, answer in question.answers() if fraction >= 100]
    return _one_blank(question, [text for text in full if text != "*"])


def _numerical(question: _Question) -> Body | None:
    found = [answer for fraction, answer in question.answers() if fraction >= 100]
    if len(found) != 1 or not re.fullmatch(r"0*(\.0*)?", (found[0].findtext("tolerance") or "").strip()):
        question.refuse("带误差的数值题（numerical）不能导入", "请改成填空题或单选题")
        return None
    return _one_blank(question, [_plain(found[0])])


def _one_blank(question: _Question, accepted: list[str]) -> Body:
    body = question.body("blank", blanks=(tuple(dict.fromkeys(accepted)),))
    return body if GAP.search(body.stem) else replace(body, stem=f"{body.stem} ____".strip())


def _matching(question: _Question) -> Body:
    pairs = []
    for sub in question.element.findall("subquestion"):
        left = question.rich(sub)[0]
        pairs.append(Pair(_plain(sub.find("answer")), left))
    return question.body("match", pairs=tuple(pairs), marking="partial")


def _ordering(question: _Question) -> Body:
    ordered = sorted(question.answers(), key=lambda entry: entry[0])
    exact = (question.element.findtext("gradingtype") or "").strip() in ("ALL_OR_NOTHING", "-1")
    items = tuple(question.rich(answer)[0] for _fraction, answer in ordered)
    return question.body("order", items=items, marking="exact" if exact else "partial")


def _essay(question: _Question) -> Body:
    element = question.element.find("graderinfo/text")
    html = "".join(element.itertext()) if element is not None else ""
    try:
        answer, rubric = of_scorer(parse_xml(f"<div>{html}</div>".encode()))
    except Refused:
        answer, rubric = to_text(html)[0], ()
    return question.body("short", answer=answer, rubric=rubric)


def _cloze(question: _Question) -> Body | None:
    field = question.element.find("questiontext")
    found = field.find("text") if field is not None else None
    if field is None or found is None:
        return None
    html = "".join(found.itertext())
    kinds = {match.group(2) for match in _CLOZE.finditer(html)}
    if kinds - _SHORT:
        question.refuse(f"完形填空（cloze）里有 {'、'.join(sorted(kinds - _SHORT))}，不能导入", "请拆成单选题和填空题")
        return None
    blanks = tuple(_variants(to_text(match.group(3))[0]) for match in _CLOZE.finditer(html))
    plain = Element("questiontext", {"format": field.get("format") or "html"})
    SubElement(plain, "text").text = _CLOZE.sub("____", html)
    plain.extend(field.findall("file"))
    stem, picture = question.rich(plain)
    return replace(question.body("blank"), stem=stem, picture=picture, blanks=blanks, marking="partial")


def _variants(text: str) -> tuple[str, ...]:
    accepted = []
    for piece in _cut(text):
        weight = re.match(r"^(?:=|%(-?\d+)%)?", piece)
        answer = _cut(piece[weight.end() :] if weight else piece, "#")[0]
        if piece.startswith("=") or (weight and weight.group(1) == "100"):
            accepted.append(re.sub(r"\\([\\~#}/\"])", r"\1", answer).strip())
    return tuple(dict.fromkeys(text for text in accepted if text and text != "*"))


def _cut(text: str, mark: str = "~") -> list[str]:
    """Cut at a mark that no backslash precedes."""
    found: list[str] = []
    current, i = "", 0
    while i < len(text):
        if text[i] == "\\":
            current += text[i : i + 2]
            i += 2
            continue
        if text[i] == mark:
            found.append(current)
            current = ""
        else:
            current += text[i]
        i += 1
    return [*found, current]


_READERS: dict[str, Callable[[_Question], Body | None]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "cloze": _cloze,
    "multianswer": _cloze,
    "description": lambda question: question.body("case"),
}
