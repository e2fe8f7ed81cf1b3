"""Writing QTI items and packages; an item is written with the names of 2.1 and renamed for 3.0. Pure: no Django.

Other software finds native structures: interactions, correct responses, mappings for partial marks,
processing by the standard's templates where one fits, feedback for explanations, rubric blocks for
markers, LOM in the manifest. See `qti_items` for what the class words mean.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from html import escape
from xml.etree.ElementTree import Element, fromstring, tostring
from xml.sax.saxutils import quoteattr

from quizzes.bank.domain.body import CHOICE_KINDS, GAP, LETTERS, Body, Item, Picture, pictures
from quizzes.bank.exchange import words
from quizzes.bank.exchange.base import clean
from quizzes.bank.exchange.markup import image, inline, paragraph, scorer

LOM_DIFFICULTY = {1: "easy", 2: "medium", 3: "difficult"}
_HTML = frozenset("p div span br img ul ol li table".split())
_WRAPPED = frozenset({"rubricBlock", "modalFeedback", "feedbackBlock"})


@dataclass(frozen=True)
class Dialect:
    """What differs between the versions besides the names."""

    version: str
    namespace: str
    resource: str
    schema: str
    manifest: str
    templates: str
    suffix: str = ""


V21 = Dialect(
    "2.1",
    "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "imsqti_item_xmlv2p1",
    "IMS QTI Package|2.1",
    "http://www.imsglobal.org/xsd/imscp_v1p1",
    "http://www.imsglobal.org/question/qti_v2p1/rptemplates/",
)
V30 = Dialect(
    "3.0",
    "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    "imsqti_item_xmlv3p0",
    "QTI Package|3.0.0",
    "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/",
    ".xml",
)


# --- packages -----------------------------------------------------------------------------------
def package(items: list[Item], dialect: Dialect) -> bytes:
    target = io.BytesIO()
    resources: list[str] = []
    kept: dict[str, bytes] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for number, item in enumerate(items, 1):
            name = f"items/{number:05d}.xml"
            identifier = f"{item.code or 'item'}-{number}"
            made.writestr(name, item_xml(item, identifier, dialect))
            needed = [p.name for p in pictures(item.body) if p.name in item.files]
            kept |= {picture: item.files[picture] for picture in needed}
            resources.append(_resource(item, identifier, name, needed, dialect))
        for name, data in kept.items():
            made.writestr(f"pictures/{name}", data)
            resources.append(
                f'<resource identifier="p{name[:16]}" type="webcontent" href="pictures/{name}"><file href="pictures/{name}"/></resource>'
            )
        made.writestr("imsmanifest.xml", _manifest(resources, dialect))
    return target.getvalue()


def _manifest(resources: list[str], dialect: Dialect) -> str:
    schema, version = dialect.schema.split("|")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<manifest xmlns="{dialect.manifest}" identifier="shiwufang-questions">\n'
        f"<metadata><schema>{schema}</schema><schemaversion>{version}</schemaversion></metadata>\n"
        "<organizations/>\n<resources>\n" + "\n".join(resources) + "\n</resources>\n</manifest>\n"
    )


def _resource(item: Item, identifier: str, name: str, needed: list[str], dialect: Dialect) -> str:
    tags = [tag for tag in words.to_tags(item, source=False, marking=False) if not tag.startswith("难度:")]
    keywords = "".join(f'<keyword><string language="zh-CN">{escape(clean(tag))}</string></keyword>' for tag in tags)
    own = f"<identifier><catalog>shiwufang</catalog><entry>{escape(item.code)}</entry></identifier>" if item.code else ""
    level = f"<difficulty><source>LOMv1.0</source><value>{LOM_DIFFICULTY[item.labels.difficulty]}</value></difficulty>"
    lom = f'<lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general>{own}{keywords}</general><educational>{level}</educational></lom>'
    files = "".join(f'<dependency identifierref="p{picture[:16]}"/>' for picture in needed)
    return (
        f"<resource identifier={quoteattr(identifier)} type={quoteattr(dialect.resource)} href={quoteattr(name)}>"
        f"<metadata>{lom}</metadata><file href={quoteattr(name)}/>{files}</resource>"
    )


# --- items --------------------------------------------------------------------------------------
@dataclass
class _Sheet:
    """An item while it is written: declarations, and what its processing has to do."""

    declarations: list[str] = field(default_factory=list)
    processing: list[str] = field(default_factory=list)
    template: str = ""
    feedback: list[str] = field(default_factory=list)


def item_xml(item: Item, identifier: str, dialect: Dialect) -> str:
    sheet = _Sheet()
    body = item.body
    if body.kind == "case":
        parts = "".join(_question(part, f"PART{i}", "part", sheet, 1 / len(body.parts)) for i, part in enumerate(body.parts, 1))
        content = f'<div class="question case">{_asked(body)}{_source(body)}{parts}</div>'
        sheet.template = ""
    else:
        content = _question(body, "RESPONSE", "question", sheet, 1)
    solution = (
        f'<modalFeedback outcomeIdentifier="SOLUTION" identifier="show" showHide="show">{paragraph(body.explanation)}</modalFeedback>'
        if body.explanation
        else ""
    )
    title = clean(item.code or " ".join(body.stem.split())[:40])
    text = (
        f'<assessmentItem identifier={quoteattr(identifier)} title={quoteattr(title)} adaptive="false" timeDependent="false" '
        f'xml:lang="zh-CN">{"".join(sheet.declarations)}{_outcomes(sheet)}<itemBody>{content}</itemBody>'
        f"{_processing(sheet, dialect)}{solution}</assessmentItem>"
    )
    root = fromstring(text)  # noqa: S314 - written above
    if dialect.version == "3.0":
        root = _renamed(root)
    root.set("xmlns", dialect.namespace)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")


def _outcomes(sheet: _Sheet) -> str:
    def outcome(name: str, base: str, value: str, cardinality: str = "single") -> str:
        default = f"<defaultValue><value>{value}</value></defaultValue>" if value else ""
        return f'<outcomeDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">{default}</outcomeDeclaration>'

    return (
        outcome("SCORE", "float", "0")
        + outcome("SOLUTION", "identifier", "show")
        + "".join(outcome(name, "identifier", "", "multiple") for name in sheet.feedback)
    )


def _processing(sheet: _Sheet, dialect: Dialect) -> str:
    if sheet.template and not sheet.feedback:
        return f'<responseProcessing template="{dialect.templates}{sheet.template}{dialect.suffix}"/>'
    return f"<responseProcessing>{''.join(sheet.processing)}</responseProcessing>" if sheet.processing else ""


def _asked(body: Body) -> str:
    stem = f'<div class="stem">{paragraph(body.stem)}</div>' if body.stem else ""
    return stem + _picture(body.picture)


def _picture(picture: Picture | None) -> str:
    return f"<p>{image(f'../pictures/{picture.name}', picture.alt)}</p>" if picture else ""


def _source(body: Body) -> str:
    return f'<rubricBlock view="author" class="source">{paragraph(body.source)}</rubricBlock>' if body.source else ""


def _question(body: Body, name: str, role: str, sheet: _Sheet, share: float) -> str:
    """The `div` of a question or a part; its declarations and processing go onto the sheet."""
    marks = f"{role} {body.kind}" + (" partial" if body.marking == "partial" else "")
    inner = _blanks(body, name, sheet, share) if body.kind == "blank" else _asked(body) + _interaction(body, name, sheet, share)
    why = ""
    if role == "part" and body.explanation:
        why = (
            '<feedbackBlock outcomeIdentifier="SOLUTION" identifier="show" showHide="show">'
            f"{paragraph(body.explanation)}</feedbackBlock>"
        )
    return f'<div class="{marks}">{inner}{_source(body)}{why}</div>'


def _declare(sheet: _Sheet, name: str, cardinality: str, base: str, correct: list[str], mapped: dict[str, float]) -> None:
    values = "".join(f"<value>{escape(clean(text), quote=False)}</value>" for text in correct)
    entries = "".join(
        f'<mapEntry mapKey={quoteattr(clean(key))} mappedValue="{value:.6g}"/>' for key, value in mapped.items()
    )
    mapping = f'<mapping lowerBound="0" upperBound="1" defaultValue="0">{entries}</mapping>' if mapped else ""
    right = f"<correctResponse>{values}</correctResponse>" if correct else ""
    sheet.declarations.append(
        f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">{right}{mapping}</responseDeclaration>'
    )


def _earn(test: str, share: float) -> str:
    """Marks for a test that is true."""
    return (
        f'<responseCondition><responseIf>{test}<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/>'
        f'<baseValue baseType="float">{share:.6g}</baseValue></sum></setOutcomeValue></responseIf></responseCondition>'
    )


def _exactly(name: str, share: float) -> str:
    return _earn(f'<match><variable identifier="{name}"/><correct identifier="{name}"/></match>', share)


def _by_map(name: str, share: float) -> str:
    """Marks in proportion to the mapping."""
    return (
        '<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/>'
        f'<product><mapResponse identifier="{name}"/><baseValue baseType="float">{share:.6g}</baseValue></product></sum></setOutcomeValue>'
    )


def _interaction(body: Body, name: str, sheet: _Sheet, share: float) -> str:
    if body.kind in CHOICE_KINDS:
        return _choices(body, name, sheet, share)
    if body.kind == "order":
        names = [f"I{i + 1}" for i in range(len(body.items))]
        _declare(sheet, name, "ordered", "identifier", names, {})
        _judged(sheet, name, False, share)
        choices = "".join(
            f'<simpleChoice identifier="{key}">{inline(text)}</simpleChoice>' for key, text in zip(names, body.items, strict=True)
        )
        return f'<orderInteraction responseIdentifier="{name}" shuffle="true">{choices}</orderInteraction>'
    if body.kind == "match":
        return _matches(body, name, sheet, share)
    _declare(sheet, name, "single", "string", [body.answer] if body.answer else [], {})
    rubric = f'<rubricBlock view="scorer" class="scoring">{scorer(body.answer, body.rubric)}</rubricBlock>'
    return f'{rubric}<extendedTextInteraction responseIdentifier="{name}"/>'


def _judged(sheet: _Sheet, name: str, by_map: bool, share: float) -> None:
    sheet.template = "map_response" if by_map else "match_correct"
    sheet.processing.append(_by_map(name, share) if by_map else _exactly(name, share))


def _choices(body: Body, name: str, sheet: _Sheet, share: float) -> str:
    keys = ["true", "false"] if body.kind == "judge" else list(LETTERS[: len(body.options)])
    many = body.kind in ("multiple", "indefinite")
    right = [key for key, option in zip(keys, body.options, strict=False) if option.right]
    mapped: dict[str, float] = {}
    if body.marking == "partial":
        mapped = {key: 1 / len(right) if key in right else -1 for key in keys}
    _declare(sheet, name, "multiple" if many else "single", "identifier", right, mapped)
    _judged(sheet, name, bool(mapped), share)
    outcome = f"FEEDBACK_{name}"
    if any(option.misconception for option in body.options):
        sheet.feedback.append(outcome)
        given = f'<variable identifier="{name}"/>'
        sheet.processing.append(
            f'<setOutcomeValue identifier="{outcome}">{given if many else f"<multiple>{given}</multiple>"}</setOutcomeValue>'
        )
    choices = []
    for key, option in zip(keys, body.options, strict=False):
        idea = ""
        if option.misconception:
            idea = f'<feedbackInline outcomeIdentifier="{outcome}" identifier="{key}" showHide="show">'
            idea += f"{inline(option.misconception)}</feedbackInline>"
        shown = inline(option.text) + (image(f"../pictures/{option.picture.name}", option.picture.alt) if option.picture else "")
        fixed = ' fixed="true"' if body.kind == "judge" else ""
        choices.append(f'<simpleChoice identifier="{key}"{fixed}>{shown}{idea}</simpleChoice>')
    shuffle = "false" if body.kind == "judge" else "true"
    return (
        f'<choiceInteraction responseIdentifier="{name}" shuffle="{shuffle}" maxChoices="{0 if many else 1}">'
        f"{''.join(choices)}</choiceInteraction>"
    )


def _matches(body: Body, name: str, sheet: _Sheet, share: float) -> str:
    count = len(body.lefts)
    ties = [f"L{i + 1} R{i + 1}" for i in range(count)]
    mapped = {tie: 1 / count for tie in ties} if body.marking == "partial" else {}
    _declare(sheet, name, "multiple", "directedPair", ties, mapped)
    _judged(sheet, name, bool(mapped), share)

    def side(letter: str, texts: tuple[str, ...]) -> str:
        return "".join(
            f'<simpleAssociableChoice identifier="{letter}{i + 1}" matchMax="1">{inline(text)}</simpleAssociableChoice>'
            for i, text in enumerate(texts)
        )

    return (
        f'<matchInteraction responseIdentifier="{name}" shuffle="true" maxAssociations="{count}">'
        f"<simpleMatchSet>{side('L', body.lefts)}</simpleMatchSet><simpleMatchSet>{side('R', body.rights)}</simpleMatchSet>"
        "</matchInteraction>"
    )


def _blanks(body: Body, name: str, sheet: _Sheet, share: float) -> str:
    """The stem with an entry for each gap."""
    names = [name if len(body.blanks) == 1 and name == "RESPONSE" else f"{name}_{i + 1}" for i in range(len(body.blanks))]
    for key, accepted in zip(names, body.blanks, strict=True):
        _declare(sheet, key, "single", "string", list(accepted[:1]), {text: 1 for text in accepted})
    if body.marking == "partial":
        sheet.processing += [_by_map(key, share / len(names)) for key in names]
    else:
        tests = "".join(f'<gte><mapResponse identifier="{key}"/><baseValue baseType="float">1</baseValue></gte>' for key in names)
        sheet.processing.append(_earn(f"<and>{tests}</and>" if len(names) > 1 else tests, share))
    sheet.template = "map_response" if names == ["RESPONSE"] else ""
    pieces = [inline(text) if text else "" for text in GAP.split(body.stem)]
    gaps = [f'<textEntryInteraction responseIdentifier="{key}"/>' for key in names]
    stem = "".join(piece + gap for piece, gap in zip(pieces, [*gaps, ""], strict=False))
    return f'<div class="stem"><p>{stem}</p></div>{_picture(body.picture)}'


# --- 3.0 ----------------------------------------------------------------------------------------
def _renamed(element: Element) -> Element:
    own = element.tag not in _HTML
    copy = Element(f"qti-{_kebab(element.tag)}" if own else element.tag)
    for name, value in element.attrib.items():
        copy.set(_kebab(name) if own and not name.startswith("{") else name, value)
    copy.text, copy.tail = element.text, element.tail
    children = [_renamed(child) for child in element]
    if element.tag in _WRAPPED:
        inside = Element("qti-content-body")
        inside.extend(children)
        children = [inside]
    copy.extend(children)
    return copy


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
