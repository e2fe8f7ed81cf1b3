"""Reading one QTI item, its names already those of 2.1. Pure: no Django.

A question of ours stands in `<div class="question indefinite partial">`, a part of a case in
`<div class="part …">`; a stranger's item is understood by its interactions, declarations and mappings.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from quizzes.bank.domain.body import JUDGE_TEXTS, KINDS, Body, Item, Labels, Option, Pair, Picture, tidy
from quizzes.bank.exchange.base import Notes, clean, picture_of
from quizzes.bank.exchange.markup import of_elements, of_scorer
from quizzes.bank.exchange.safe import Archive, safe_path

UNSUPPORTED = {
    "inlineChoiceInteraction": "下拉填空", "associateInteraction": "连线（不分左右）", "gapMatchInteraction": "拖字填空",
    "hottextInteraction": "点选文字", "hotspotInteraction": "点选图片区域", "graphicOrderInteraction": "图上排序",
    "graphicAssociateInteraction": "图上连线", "graphicGapMatchInteraction": "图上拖放", "selectPointInteraction": "图上选点",
    "positionObjectInteraction": "图上摆放", "sliderInteraction": "滑块", "mediaInteraction": "音视频",
    "drawingInteraction": "画图", "uploadInteraction": "上传文件", "endAttemptInteraction": "提示按钮",
    "customInteraction": "自定义交互", "portableCustomInteraction": "自定义交互（PCI）",
}  # fmt: skip
_KNOWN = ("choiceInteraction", "orderInteraction", "matchInteraction", "extendedTextInteraction")
_ASIDE = frozenset({"rubricBlock", "feedbackBlock", "feedbackInline", "templateBlock", "templateInline", "stylesheet", "infoControl"})
_TRUE_FALSE = ({"对", "正确", "true", "√", "yes"}, {"错", "错误", "false", "×", "no"})


class Source:
    """Where an item stands, so that its pictures are found; collects those that it used."""

    def __init__(self, archive: Archive | None, folder: str, notes: Notes) -> None:
        self.archive, self.folder, self.notes = archive, folder, notes
        self.files: dict[str, bytes] = {}

    def picture(self, found: list[tuple[str, str]], where: str) -> Picture | None:
        kept: Picture | None = None
        for src, alt in found:
            path = posixpath.normpath(posixpath.join(self.folder, unquote(src)))
            inside = self.archive is not None and safe_path(path) and path in self.archive
            data = self.archive.read(path) if self.archive is not None and inside else b""
            picture = picture_of(data, alt)
            if picture is None:
                self.notes.problem(where, f"图片“{src[:40]}”不在包里，或不是 PNG、JPG、GIF，没有导入", note=True)
            elif kept is not None:
                self.notes.problem(where, "一处只能有一张图，其余的没有导入", "请把几张图拼成一张", note=True)
            else:
                kept = picture
                self.files[picture.name] = data
        return kept


# --- items --------------------------------------------------------------------------------------
@dataclass
class _Response:
    """A response declaration: what is right, and what earns part of the marks."""

    cardinality: str = "single"
    base_type: str = ""
    correct: list[str] = field(default_factory=list)
    mapped: dict[str, float] = field(default_factory=dict)

    def right(self) -> list[str]:
        """What is right: as declared, or else what earns marks."""
        if self.correct or not self.mapped:
            return self.correct
        most = max(self.mapped.values())
        many = self.cardinality != "single"
        return [key for key, value in self.mapped.items() if (value > 0 if many else value == most > 0)]


@dataclass
class _Context:
    responses: dict[str, _Response]
    source: Source
    where: str

    def problem(self, message: str, hint: str = "", *, note: bool = False) -> None:
        self.source.notes.problem(self.where, message, hint, note=note)


def _responses(root: Element) -> dict[str, _Response]:
    found = {}
    for declaration in root.findall("responseDeclaration"):
        response = _Response(declaration.get("cardinality") or "single", declaration.get("baseType") or "")
        for value in declaration.findall("correctResponse/value"):
            response.correct.append(clean(value.text or "").strip())
        for entry in declaration.findall("mapping/mapEntry"):
            try:
                response.mapped[clean(entry.get("mapKey") or "").strip()] = float(entry.get("mappedValue") or 0)
            except ValueError:
                continue
        found[declaration.get("identifier") or ""] = response
    return found


def read_item(root: Element, where: str, source: Source, labels: Labels, code: str, said: dict[str, str]) -> None:
    context = _Context(_responses(root), source, where)
    content = root.find("itemBody")
    if content is None:
        context.problem("这道题没有内容（itemBody）")
        return
    strange = [element.tag for element in content.iter() if element.tag in UNSUPPORTED]
    if strange:
        names = "、".join(dict.fromkeys(f"{UNSUPPORTED[tag]}（{tag}）" for tag in strange))
        context.problem(f"题型不能导入：{names}", "请改成单选、多选、判断、填空、排序、配对或简答题")
        return
    body = _top(content, context)
    if body is None:
        return
    explanation = "\n".join(
        dict.fromkeys(text for element in root.findall("modalFeedback") if (text := of_elements([element])[0]))
    )
    body = replace(body, explanation=explanation or body.explanation, source=said.get("来源", body.source))
    source.notes.add(where, Item(tidy(body), labels, code, source.files))


def _interactions(element: Element) -> list[Element]:
    return [found for found in element.iter() if found.tag in _KNOWN or found.tag == "textEntryInteraction"]


def _words_of(element: Element) -> set[str]:
    return set((element.get("class") or "").split())


def _top(content: Element, context: _Context) -> Body | None:
    parts = [element for element in content.iter("div") if "part" in _words_of(element)]
    around = next((element for element in content.iter("div") if "question" in _words_of(element)), content)
    if parts:
        bodies = [body for part in parts if (body := _scope(part, context)) is not None]
        stem, picture = _stem(around, context, lambda element: "part" in _words_of(element))
        case = Body("case", stem, picture=picture, source=_author(around), parts=tuple(bodies))
        return case if len(bodies) == len(parts) else None
    blocks = [element for element in _interactions(content) if element.tag != "textEntryInteraction"]
    if len(blocks) <= 1 and not (blocks and any(e.tag == "textEntryInteraction" for e in _interactions(content))):
        return _scope(around, context)
    return _composite(content, blocks, context)


def _composite(content: Element, blocks: list[Element], context: _Context) -> Body | None:
    """A stranger's item with several interactions: a case whose parts are what stands in each."""
    if any(element.tag == "textEntryInteraction" for element in _interactions(content)):
        context.problem("一道题里混着填空和别的题型，不能导入", "请把填空拆成单独的题")
        return None
    stem, picture = _stem(content, context, lambda element: element.tag in _KNOWN)
    bodies = []
    for number, block in enumerate(blocks, 1):
        holder = Element("div")
        holder.append(block)
        body = _scope(holder, context)
        if body is None:
            return None
        bodies.append(body if body.stem else replace(body, stem=f"第 {number} 小题"))
    return Body("case", stem or "请回答下面的问题。", picture=picture, parts=tuple(bodies))


def _stem(element: Element, context: _Context, leave: Callable[[Element], bool] | None = None) -> tuple[str, Picture | None]:
    """What is asked: everything but interactions and asides; a blank shows as four underscores."""
    text, pictures = of_elements([_pruned(element, leave)])
    return text, context.source.picture(pictures, context.where)


def _pruned(element: Element, leave: Callable[[Element], bool] | None) -> Element:
    copy = Element(element.tag, element.attrib)
    copy.text, copy.tail = element.text, element.tail
    for child in element:
        if child.tag in _ASIDE or (leave and leave(child)):
            stand_in = Element("span")
        elif child.tag == "textEntryInteraction":
            stand_in = Element("span")
            stand_in.text = "____"
        elif child.tag in _KNOWN:
            stand_in = Element("div")
            stand_in.extend(_pruned(prompt, leave) for prompt in child.findall("prompt"))
        else:
            stand_in = _pruned(child, leave)
        stand_in.tail = child.tail
        copy.append(stand_in)
    return copy


def _author(element: Element) -> str:
    """The source mark, which only authors see."""
    for block in element.findall("rubricBlock"):
        if "source" in _words_of(block):
            return of_elements([block])[0]
    return ""


def _scope(element: Element, context: _Context) -> Body | None:
    """The question of an element with one interaction, or with blanks only."""
    interactions = _interactions(element)
    if not interactions:
        context.problem("没有可以作答的地方（interaction）", "请检查这道题是不是只有说明文字")
        return None
    first = interactions[0]
    marked = _words_of(element)
    stem, picture = _stem(element, context)
    body = Body("short", stem, picture=picture, source=_author(element))
    body = replace(body, explanation="\n".join(of_elements([block])[0] for block in element.findall("feedbackBlock")))
    body_or_none = _BY_TAG[first.tag](body, interactions, context)
    if body_or_none is None:
        return None
    kind = next((kind for kind in KINDS if kind in marked), "")
    if kind:
        return replace(body_or_none, kind=kind, marking="partial" if "partial" in marked else "exact", **_scored(element, kind))
    return replace(body_or_none, **_scored(element, body_or_none.kind))


def _scored(element: Element, kind: str) -> dict[str, Any]:
    if kind != "short":
        return {}
    found = [block for block in element.iter("rubricBlock") if "scorer" in (block.get("view") or "").split()]
    holder = Element("div")
    holder.extend(found)
    answer, rubric = of_scorer(holder)
    return ({"answer": answer} if answer else {}) | {"rubric": rubric}


def _declared(interaction: Element, context: _Context) -> _Response:
    return context.responses.get(interaction.get("responseIdentifier") or "", _Response())


def _choice(body: Body, interactions: list[Element], context: _Context) -> Body | None:
    interaction = interactions[0]
    response = _declared(interaction, context)
    right = set(response.right())
    options = []
    for choice in interaction.iter("simpleChoice"):
        text, pictures = of_elements([_pruned(choice, None)])
        is_right = (choice.get("identifier") or "") in right
        ideas = [of_elements([feedback])[0] for feedback in choice.iter("feedbackInline")]
        picture = context.source.picture(pictures, context.where)
        options.append(Option(text, is_right, "" if is_right else "\n".join(ideas), picture))
    if not any(option.right for option in options):
        context.problem("没有写哪个选项正确（correctResponse）", "请在原来的系统里标出答案后重新导出")
        return None
    single = response.cardinality == "single" or interaction.get("maxChoices") == "1"
    if single and len(options) == 2 and _is_judge(options):
        options = [replace(option, text=word) for option, word in zip(options, JUDGE_TEXTS, strict=True)]
        return replace(body, kind="judge", options=tuple(options))
    kind = "single" if single else ("multiple" if sum(option.right for option in options) > 1 else "indefinite")
    marking = "partial" if not single and response.mapped else "exact"
    return replace(body, kind=kind, options=tuple(options), marking=marking)


def _is_judge(options: list[Option]) -> bool:
    return all(option.text.strip().lower() in known for option, known in zip(options, _TRUE_FALSE, strict=True))


def _order(body: Body, interactions: list[Element], context: _Context) -> Body | None:
    texts = {
        choice.get("identifier") or "": of_elements([_pruned(choice, None)])[0] for choice in interactions[0].iter("simpleChoice")
    }
    order = _declared(interactions[0], context).correct
    if sorted(order) != sorted(texts):
        context.problem("排序题没有写全正确的先后", "请在原来的系统里给每一项排好位置后重新导出")
        return None
    return replace(body, kind="order", items=tuple(texts[name] for name in order))


def _match(body: Body, interactions: list[Element], context: _Context) -> Body | None:
    sets = interactions[0].findall("simpleMatchSet")
    sides = [
        {c.get("identifier") or "": of_elements([_pruned(c, None)])[0] for c in found.iter("simpleAssociableChoice")}
        for found in sets
    ]
    response = _declared(interactions[0], context)
    ties = [tuple(pair.split()) for pair in response.right()]
    if len(sides) != 2 or any(len(tie) != 2 or tie[0] not in sides[0] or tie[1] not in sides[1] for tie in ties):
        context.problem("配对题的两边或答案读不懂", "请在原来的系统里检查后重新导出")
        return None
    lefts, rights = [tie[0] for tie in ties], [tie[1] for tie in ties]
    if len(set(lefts)) < len(lefts) or len(set(rights)) < len(rights) or set(lefts) != set(sides[0]):
        context.problem("配对题里有一项配了几项，或没有配", "本题库的配对题一一对应；请拆成几道单选题")
        return None
    pairs = [Pair(sides[1][right], sides[0][left]) for left, right in ties]
    pairs += [Pair(text) for name, text in sides[1].items() if name not in rights]
    return replace(body, kind="match", pairs=tuple(pairs), marking="partial" if response.mapped else "exact")


def _blank(body: Body, interactions: list[Element], context: _Context) -> Body | None:
    blanks = []
    for interaction in interactions:
        response = _declared(interaction, context)
        most = max(response.mapped.values(), default=0)
        full = [key for key, value in response.mapped.items() if value == most > 0]
        blanks.append(tuple(dict.fromkeys(text for text in (*response.correct, *full) if text)))
    if not all(blanks):
        context.problem("填空题有的空没有答案", "请在原来的系统里补上答案后重新导出")
        return None
    return replace(body, kind="blank", blanks=tuple(blanks), marking="partial" if len(blanks) > 1 else "exact")


def _text(body: Body, interactions: list[Element], context: _Context) -> Body | None:
    return replace(body, kind="short", answer="\n".join(_declared(interactions[0], context).correct))


_BY_TAG: dict[str, Callable[[Body, list[Element], _Context], Body | None]] = {
    "choiceInteraction": _choice,
    "orderInteraction": _order,
    "matchInteraction": _match,
    "textEntryInteraction": _blank,
    "extendedTextInteraction": _text,
}
