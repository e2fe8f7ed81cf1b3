"""The published examples of the formats come in as their documentation says.

The examples are short excerpts in the syntax of the documents named beside them, written anew here or
quoted for interoperability: docs.moodle.org/en/GIFT_format, …/Aiken_format, …/Moodle_XML_format (GFDL/GPL,
Moodle contributors) and the 1EdTech QTI 2.1 implementation guide and qti-examples repository (1EdTech).
"""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter
from docx import Document

from quizzes.bank.domain.body import Body, Item, Option, Pair, faults
from quizzes.bank.exchange import aiken, detect, docx, gift, moodle_xml, qti21, qti30, read, xlsx
from quizzes.bank.exchange.base import Reading, Refused


def one(reading: Reading) -> Body:
    assert [problem for problem in reading.problems if not problem.note] == []
    assert len(reading.items) == 1
    return reading.items[0].body


def messages(reading: Reading) -> list[str]:
    return [problem.message for problem in reading.problems if not problem.note]


# --- GIFT ---------------------------------------------------------------------------------------
def gift_body(text: str) -> Body:
    return one(gift.read(text.encode()))


def rights(body: Body) -> list[str]:
    return [option.text for option in body.options if option.right]


def test_gift_multiple_choice() -> None:
    body = gift_body("Who's buried in Grant's tomb?{~Grant ~Jefferson =no one}")
    assert (body.kind, body.stem, rights(body)) == ("single", "Who's buried in Grant's tomb?", ["no one"])
    assert [option.text for option in body.options] == ["Grant", "Jefferson", "no one"]


def test_gift_missing_word_puts_a_gap_where_the_answers_stood() -> None:
    body = gift_body("Grant is {~buried =entombed ~living} in Grant's tomb.")
    assert body.stem == "Grant is ____ in Grant's tomb."
    body = gift_body("Two plus two equals {=four =4}.")
    assert (body.kind, body.stem, body.blanks) == ("blank", "Two plus two equals ____.", (("four", "4"),))


@pytest.mark.parametrize(("mark", "right"), [("T", 0), ("TRUE", 0), ("F", 1), ("FALSE", 1)])
def test_gift_true_false(mark: str, right: int) -> None:
    body = gift_body(f"The sun rises in the east.{{{mark}#No one is buried there.#Well done}}")
    assert body.kind == "judge" and body.right == {right}
    assert body.options[1 - right].misconception == "No one is buried there."
    assert body.explanation == "Well done"


def test_gift_short_answer_without_a_gap_gets_one() -> None:
    body = gift_body("Who's buried in Grant's tomb?{=no one =nobody}")
    assert body.blanks == (("no one", "nobody"),)
    assert faults(body) == []


def test_gift_matching() -> None:
    body = gift_body("Match the countries with their capitals. {\n=Canada -> Ottawa\n=Italy  -> Rome\n=Japan  -> Tokyo\n}")
    assert body.pairs == (Pair("Ottawa", "Canada"), Pair("Rome", "Italy"), Pair("Tokyo", "Japan"))
    assert body.marking == "partial"


def test_gift_feedback_becomes_misconception_and_explanation() -> None:
    body = gift_body("What's the answer?{\n~wrong#comment on wrong\n~another\n=right#Very good!}")
    assert body.options == (Option("wrong", misconception="comment on wrong"), Option("another"), Option("right", True))
    assert body.explanation == "Very good!"


def test_gift_general_feedback_is_the_explanation() -> None:
    assert gift_body("Q{=a ~b ####because}").explanation == "because"


def test_gift_percentages_of_two_right_answers_make_a_multiple_choice() -> None:
    body = gift_body("What two people?{\n~%-50%No one\n~%50%Grant\n~%50%Grant's wife\n~%-50%Grant's father }")
    assert (body.kind, rights(body), body.marking) == ("multiple", ["Grant", "Grant's wife"], "partial")


def test_gift_half_credit_in_a_single_choice_is_told() -> None:
    reading = gift.read(b"::Jesus' hometown::Jesus Christ was from {\n~Jerusalem\n~%50%Galilee\n=Nazareth#Yes!}.")
    assert rights(one(reading)) == ["Nazareth"]
    assert [problem.message for problem in reading.problems] == ["有的选项给一部分分，本题库的单选题没有，按错误选项导入"]


def test_gift_escaped_control_characters_are_text() -> None:
    body = gift_body("Which answer equals 5?{\n~ \\= 2 + 2\n= \\= 2 + 3\n~ \\{\\}\\~\\#\\: }")
    assert [option.text for option in body.options] == ["= 2 + 2", "= 2 + 3", "{}~#:"]


def test_gift_exact_numbers_are_blanks_and_ranges_are_told() -> None:
    assert gift_body("What's 2 plus 2? {#4}").blanks == (("4",),)
    reading = gift.read(b"When was Ulysses S. Grant born? {#1822:5}\n\nPi?{#3.141..3.142}")
    assert messages(reading) == ["数值题（带误差或范围）不能导入"] * 2


def test_gift_comments_categories_and_tags_are_read() -> None:
    text = "$CATEGORY: $course$/防火灾\n\n// heading\n\n// q [id:q001] [tag:逃生] [tag:适用对象:初中]\n::n::[html]<p>油锅<b>起火</b></p>{=盖锅盖 ~倒水}\n"
    item = gift.read(text.encode()).items[0]
    assert (item.code, item.labels.topic, item.labels.tags, item.labels.bands) == ("q001", "防火灾", ("逃生",), ("J",))
    assert item.body.stem == "油锅起火"


def test_gift_question_straight_below_a_category_keeps_its_stem() -> None:
    reading = gift.read("$CATEGORY: top/防溺水\n下水前要热身。{T}\n$CATEGORY: 防火灾\n\n火警是{=119 ~110}\n".encode())
    assert [(item.body.stem, item.labels.topic) for item in reading.items] == [("下水前要热身。", "防溺水"), ("火警是", "防火灾")]


def test_gift_that_cannot_be_read_says_the_line_and_the_fix() -> None:
    problems = gift.read("好题{=a ~b}\n\n坏题{=a ~b\n".encode()).problems
    assert [(problem.where, problem.message) for problem in problems] == [("第 3 行的题", "花括号不成对")]
    assert problems[0].hint


# --- Aiken --------------------------------------------------------------------------------------
AIKEN = """What is the correct answer to this question?
A. Is it this one?
B. Maybe this answer?
C. Possibly this one?
D. Must be this one!
ANSWER: D

Which LMS has the most quiz import formats?
A) Moodle
B) ATutor
ANSWER: A

Moodle's abilities include <html class="cool"> & images:
A) True
B) False
ANSWER: A
"""


def test_aiken_as_documented() -> None:
    reading = aiken.read(AIKEN.encode())
    assert [rights(item.body) for item in reading.items] == [["Must be this one!"], ["Moodle"], ["True"]]
    assert reading.items[2].body.stem == 'Moodle\'s abilities include <html class="cool"> & images:'
    assert reading.problems == ()


def test_aiken_mistakes_are_told_by_line_and_good_questions_still_come_in() -> None:
    text = "Too few\nANSWER: A\n\nANSWER: x\n\nGood\nA) Right\nB) Wrong\nANSWER: A\n\nNot finished\nA) a\nB) b\n\nSecond good\nA)a\nB)b\nANSWER: B"
    reading = aiken.read(text.encode())
    assert [item.body.stem for item in reading.items] == ["Good", "Second good"]
    assert [problem.where for problem in reading.problems] == ["第 1 行的题", "第 4 行的题", "第 11 行的题"]


# --- Moodle XML ---------------------------------------------------------------------------------
def quiz(questions: str) -> Reading:
    return moodle_xml.read(f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>{questions}</quiz>'.encode())


def test_moodle_multichoice_with_html_feedback_and_category() -> None:
    reading = quiz(
        """<question type="category"><category><text>$course$/防溺水</text></category></question>
        <question type="multichoice"><name><text>n</text></name>
        <questiontext format="html"><text><![CDATA[<p>What language<br/>is <b>this</b>?</p><script>alert(1)</script>]]></text></questiontext>
        <generalfeedback format="html"><text>why</text></generalfeedback><single>true</single>
        <answer fraction="100" format="html"><text><![CDATA[<p>French</p>]]></text><feedback><text>Yes!</text></feedback></answer>
        <answer fraction="0"><text>German</text><feedback><text>No</text></feedback></answer>
        <tags><tag><text>语言</text></tag></tags></question>"""
    )
    body = one(reading)
    assert body.stem == "What language\nis this?"
    assert body.options == (Option("French", True), Option("German", misconception="No"))
    assert body.explanation == "why"
    assert (reading.items[0].labels.topic, reading.items[0].labels.tags) == ("防溺水", ("语言",))


def test_moodle_multiple_answers_truefalse_and_matching() -> None:
    reading = quiz(
        """<question type="multichoice"><questiontext><text>m</text></questiontext><single>false</single>
        <answer fraction="50"><text>a</text></answer><answer fraction="50"><text>b</text></answer><answer fraction="-100"><text>c</text></answer></question>
        <question type="truefalse"><questiontext><text>t</text></questiontext>
        <answer fraction="0"><text>true</text><feedback><text>wrong!</text></feedback></answer><answer fraction="100"><text>false</text></answer></question>
        <question type="matching"><questiontext><text>x</text></questiontext>
        <subquestion><text>Canada</text><answer><text>Ottawa</text></answer></subquestion>
        <subquestion><text>Italy</text><answer><text>Rome</text></answer></subquestion>
        <subquestion><text></text><answer><text>Oslo</text></answer></subquestion></question>"""
    )
    several, judge, match = (item.body for item in reading.items)
    assert (several.kind, rights(several), several.marking) == ("multiple", ["a", "b"], "partial")
    assert (judge.right, judge.options[0].misconception) == ({1}, "wrong!")
    assert match.pairs == (Pair("Ottawa", "Canada"), Pair("Rome", "Italy"), Pair("Oslo"))


def test_moodle_cloze_of_short_answers_is_a_blank_with_several_gaps() -> None:
    body = one(
        quiz(
            """<question type="cloze"><questiontext format="html"><text><![CDATA[<p>Plants need {1:SHORTANSWER:=water#Yes~%50%H2O~*#no}
            and {1:SA:%100%light~=sun}.</p>]]></text></questiontext></question>"""
        )
    )
    assert (body.stem, body.blanks) == ("Plants need ____ and ____.", (("water",), ("light", "sun")))


def test_moodle_ordering_and_essay() -> None:
    reading = quiz(
        """<question type="ordering"><questiontext><text>o</text></questiontext>
        <answer fraction="2.0000000"><text>Harrow</text></answer><answer fraction="1.0000000"><text>Plough</text></answer></question>
        <question type="essay"><questiontext><text>e</text></questiontext>
        <graderinfo format="html"><text><![CDATA[<p>说清地点（2分）</p><p>说清人数（3分）</p>]]></text></graderinfo></question>"""
    )
    assert reading.items[0].body.items == ("Plough", "Harrow")
    assert [(line.text, line.marks) for line in reading.items[1].body.rubric] == [("说清地点", 2), ("说清人数", 3)]


@pytest.mark.parametrize("kind", ["calculated", "numerical", "ddwtos", "gapselect", "ddimageortext", "random"])
def test_moodle_types_that_the_bank_has_not_are_named(kind: str) -> None:
    answers = '<answer fraction="100"><text>5</text><tolerance>0.1</tolerance></answer>'
    reading = quiz(f'<question type="{kind}"><name><text>题名</text></name><questiontext><text>x</text></questiontext>{answers}</question>')
    assert reading.items == ()
    assert kind in reading.problems[0].message and "题名" in reading.problems[0].where


def test_moodle_number_with_a_tolerance_that_is_no_number_is_told() -> None:
    reading = quiz(
        '<question type="numerical"><name><text>Q</text></name><questiontext><text>几</text></questiontext>'
        '<answer fraction="100"><text>119</text><tolerance>约</tolerance></answer></question>'
    )
    assert len(messages(reading)) == 1


def test_moodle_pictures_come_along_and_missing_ones_are_told() -> None:
    png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    reading = quiz(
        f"""<question type="truefalse"><questiontext format="html"><text><![CDATA[<p>Moodle <img src="@@PLUGINFILE@@/logo.png" alt="logo"/>
        <img src="https://example.org/x.png"/></p>]]></text><file name="logo.png" encoding="base64">{png}</file></questiontext>
        <answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>"""
    )
    item = reading.items[0]
    assert item.body.picture is not None and item.body.picture.alt == "logo"
    assert list(item.files) == [item.body.picture.name]
    assert "example.org" in reading.problems[0].message and reading.problems[0].note


def test_moodle_pictures_with_quoted_names_are_found() -> None:
    png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    reading = quiz(
        f"""<question type="truefalse"><questiontext format="html"><text><![CDATA[<p>看<img src="@@PLUGINFILE@@/%E5%9B%BE%201.png" alt="图"/></p>]]></text>
        <file name="图 1.png" path="/" encoding="base64">{png}</file></questiontext>
        <answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>"""
    )
    assert reading.items[0].body.picture is not None and not reading.problems


# --- QTI ----------------------------------------------------------------------------------------
CHOICE_21 = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="choice" title="Unattended Luggage"
 adaptive="false" timeDependent="false"><responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">
 <correctResponse><value>ChoiceA</value></correctResponse></responseDeclaration>
 <itemBody><p>Look at the text in the picture.</p><p><img src="images/sign.png" alt="NEVER LEAVE LUGGAGE UNATTENDED"/></p>
 <choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1"><prompt>What does it say?</prompt>
 <simpleChoice identifier="ChoiceA">You must stay with your luggage at all times.</simpleChoice>
 <simpleChoice identifier="ChoiceB">Do not let someone else look after your luggage.
 <feedbackInline outcomeIdentifier="F" identifier="ChoiceB" showHide="show">It says nothing of others.</feedbackInline></simpleChoice>
 </choiceInteraction></itemBody>
 <responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/></assessmentItem>"""


def item_21(declaration: str, content: str) -> Reading:
    text = f'<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="t">{declaration}<itemBody>{content}</itemBody></assessmentItem>'
    return qti21.read(text.encode())


def test_qti_choice_with_prompt_picture_and_inline_feedback() -> None:
    reading = qti21.read(CHOICE_21.encode())
    body = one(reading)
    assert (body.kind, body.stem) == ("single", "Look at the text in the picture.\nWhat does it say?")
    assert body.options == (
        Option("You must stay with your luggage at all times.", True),
        Option("Do not let someone else look after your luggage.", misconception="It says nothing of others."),
    )
    assert "sign.png" in reading.problems[0].message


def test_qti_mapping_makes_a_multiple_choice_with_partial_marks() -> None:
    body = one(
        item_21(
            """<responseDeclaration identifier="RESPONSE" cardinality="multiple" baseType="identifier"><correctResponse>
            <value>H</value><value>O</value></correctResponse><mapping lowerBound="0" upperBound="2" defaultValue="-2">
            <mapEntry mapKey="H" mappedValue="1"/><mapEntry mapKey="O" mappedValue="1"/><mapEntry mapKey="Cl" mappedValue="-1"/></mapping></responseDeclaration>""",
            """<choiceInteraction responseIdentifier="RESPONSE" maxChoices="0"><prompt>Which form water?</prompt>
            <simpleChoice identifier="H">Hydrogen</simpleChoice><simpleChoice identifier="O">Oxygen</simpleChoice>
            <simpleChoice identifier="Cl">Chlorine</simpleChoice></choiceInteraction>""",
        )
    )
    assert (body.kind, rights(body), body.marking) == ("multiple", ["Hydrogen", "Oxygen"], "partial")


def test_qti_order_takes_the_order_of_the_correct_response() -> None:
    text = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="QTI3-order" title="Order">
    <qti-response-declaration identifier="RESPONSE" cardinality="ordered" base-type="identifier"><qti-correct-response>
    <qti-value>DriverC</qti-value><qti-value>DriverA</qti-value><qti-value>DriverB</qti-value></qti-correct-response></qti-response-declaration>
    <qti-item-body><p>The following F1 drivers finished on the podium.</p>
    <qti-order-interaction response-identifier="RESPONSE"><qti-prompt><p>Rearrange them.</p></qti-prompt>
    <qti-simple-choice identifier="DriverA">Rubens</qti-simple-choice><qti-simple-choice identifier="DriverB">Jenson</qti-simple-choice>
    <qti-simple-choice identifier="DriverC">Michael</qti-simple-choice></qti-order-interaction></qti-item-body></qti-assessment-item>"""
    body = one(qti30.read(text.encode()))
    assert body.items == ("Michael", "Rubens", "Jenson")
    assert body.stem == "The following F1 drivers finished on the podium.\nRearrange them."


def test_qti_match_of_one_to_one_comes_in_and_many_to_one_is_told() -> None:
    def match(second: str) -> Reading:
        return item_21(
            f"""<responseDeclaration identifier="RESPONSE" cardinality="multiple" baseType="directedPair"><correctResponse>
            <value>C R</value><value>D {second}</value></correctResponse></responseDeclaration>""",
            """<matchInteraction responseIdentifier="RESPONSE" maxAssociations="4"><prompt>Match</prompt>
            <simpleMatchSet><simpleAssociableChoice identifier="C">Capulet</simpleAssociableChoice><simpleAssociableChoice identifier="D">Demetrius</simpleAssociableChoice></simpleMatchSet>
            <simpleMatchSet><simpleAssociableChoice identifier="M">Dream</simpleAssociableChoice><simpleAssociableChoice identifier="R">Romeo</simpleAssociableChoice></simpleMatchSet></matchInteraction>""",
        )

    assert one(match("M")).pairs == (Pair("Romeo", "Capulet"), Pair("Dream", "Demetrius"))
    assert messages(match("R")) == ["配对题里有一项配了几项，或没有配"]


def test_qti_text_entry_is_a_blank_with_every_full_mark_accepted() -> None:
    body = one(
        item_21(
            """<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"><correctResponse><value>York</value></correctResponse>
            <mapping defaultValue="0"><mapEntry mapKey="York" mappedValue="1"/><mapEntry mapKey="york" mappedValue="0.5"/></mapping></responseDeclaration>""",
            '<p>Now is the winter by this sun of <textEntryInteraction responseIdentifier="RESPONSE" expectedLength="15"/>;</p>',
        )
    )
    assert (body.stem, body.blanks) == ("Now is the winter by this sun of ____;", (("York",),))


def test_qti_true_false_essay_and_composite() -> None:
    judge = item_21(
        '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"><correctResponse><value>true</value></correctResponse></responseDeclaration>',
        '<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>p</prompt><simpleChoice identifier="true">True</simpleChoice><simpleChoice identifier="false">False</simpleChoice></choiceInteraction>',
    )
    assert (one(judge).kind, one(judge).right) == ("judge", {0})
    essay = item_21(
        '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"/>',
        '<p>Read this postcard.</p><extendedTextInteraction responseIdentifier="RESPONSE"><prompt>Write Sam a postcard.</prompt></extendedTextInteraction>',
    )
    assert (one(essay).kind, one(essay).stem) == ("short", "Read this postcard.\nWrite Sam a postcard.")
    two = "".join(
        f'<choiceInteraction responseIdentifier="R{i}" maxChoices="1"><prompt>第{i}问</prompt><simpleChoice identifier="A">甲</simpleChoice><simpleChoice identifier="B">乙</simpleChoice></choiceInteraction>'
        for i in (1, 2)
    )
    case = item_21(
        "".join(
            f'<responseDeclaration identifier="R{i}" cardinality="single" baseType="identifier"><correctResponse><value>A</value></correctResponse></responseDeclaration>'
            for i in (1, 2)
        ),
        f"<p>材料</p>{two}",
    )
    assert [(part.kind, part.stem) for part in one(case).parts] == [("single", "第1问"), ("single", "第2问")]


@pytest.mark.parametrize("name", ["hotspotInteraction", "gapMatchInteraction", "inlineChoiceInteraction", "sliderInteraction", "uploadInteraction"])
def test_qti_interactions_that_the_bank_has_not_are_named(name: str) -> None:
    reading = item_21("", f'<p><{name} responseIdentifier="RESPONSE"/></p>')
    assert reading.items == () and name in reading.problems[0].message


def test_qti_package_reads_what_the_manifest_names_and_goes_on_past_a_broken_item() -> None:
    manifest = """<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m"><resources>
    <resource identifier="a" type="imsqti_item_xmlv2p1" href="items/a.xml"><metadata><lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general>
    <keyword><string language="en">luggage</string></keyword></general><educational><difficulty><value>easy</value></difficulty></educational></lom></metadata></resource>
    <resource identifier="b" type="imsqti_item_xmlv2p1" href="items/b.xml"/><resource identifier="c" type="imsqti_item_xmlv2p1" href="items/c.xml"/>
    <resource identifier="t" type="imsqti_test_xmlv2p1" href="test.xml"/></resources></manifest>"""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("exported/imsmanifest.xml", manifest)
        made.writestr("exported/items/a.xml", CHOICE_21)
        made.writestr("exported/items/b.xml", "<assessmentItem>")
    reading = qti21.read(packed.getvalue())
    assert reading.items[0].labels.tags == ("luggage",) and reading.items[0].labels.difficulty == 1
    assert [problem.where for problem in reading.problems if not problem.note] == ["文件“exported/items/b.xml”", "文件“exported/items/c.xml”"]


# --- Excel and Word as people write them ---------------------------------------------------------
def test_excel_with_title_rows_other_names_and_full_width_letters() -> None:
    made = xlsx.book({}, {"题库": [["某县 2026 年题库", ""], ["题目", "选项A", "选项B", "正确答案", "难易度"], ["油锅起火？", "倒水", "盖锅盖", "Ｂ", "简单"]]})
    reading = xlsx.read(made)
    assert rights(one(reading)) == ["盖锅盖"]
    assert (reading.items[0].labels.difficulty, reading.places) == (1, ("工作表“题库”第 3 行",))


def sheet(*rows: tuple[object, ...]) -> Reading:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        page = book.add_worksheet("题")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return xlsx.read(made.getvalue())


def test_excel_judge_answer_by_letter_means_the_option_that_stands_there() -> None:
    head = ("题型", "题干", "A", "B", "答案")
    turned = ("判断题", "地震时可以乘电梯。", "错误", "正确", "A")
    lettered = ("判断题", "地震时可以乘电梯。", "A. 正确", "B. 错误", "B")
    for row in (turned, lettered):
        assert rights(one(sheet(head, row))) == ["错"]
    assert rights(one(sheet(head, ("判断题", "着火可以乘电梯。", "", "", "（×）")))) == ["错"]
    assert rights(one(sheet(head, ("判断题", "着火走楼梯。", "", "", "正确。")))) == ["对"]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (("题型", "题干", "选项", "答案"), ("单选题", "火警电话是哪个？", "A.110\nB.119\nC.120", "B")),
        (("题型", "题干", "选项", "答案"), ("单选题", "火警电话是哪个？", "A、110 B、119 C、120", "（B）")),
        (("题型", "题干", "选项", "答案"), ("单选题", "火警电话是哪个？", "110|119|120", "B。")),
        (("题型", "题干", "A", "B", "C", "答案"), ("单选题", "火警电话是哪个？", "A.110", "B．119", "C、120", "B")),
        (("题型", "题目", "答案"), ("单选题", "火警电话是哪个？\nA.110\nB.119\nC.120", "B")),
    ],
)
def test_excel_options_in_one_cell_or_below_the_stem_or_with_letters(head: tuple[str, ...], row: tuple[str, ...]) -> None:
    body = one(sheet(head, row))
    assert body.stem == "火警电话是哪个？"
    assert [option.text for option in body.options] == ["110", "119", "120"] and rights(body) == ["119"]


def test_excel_options_that_begin_with_their_letters_in_the_bank_come_back_as_they_were() -> None:
    body = Body("single", "哪个？", (Option("A. 甲"), Option("B. 乙", True)), source="V1")
    assert xlsx.read(xlsx.write([Item(body)])).items[0].body == body


def test_excel_difficulty_may_be_the_part_that_people_earn() -> None:
    for share, level in ((0.85, 1), (0.5, 2), (0.3, 3)):
        reading = sheet(("题型", "题干", "A", "B", "答案", "难度系数"), ("单选题", "哪个？", "甲", "乙", "A", share))
        assert reading.items[0].labels.difficulty == level


def test_excel_mistakes_are_told_with_sheet_row_and_column() -> None:
    made = xlsx.book({}, {"题": [["题型", "题干", "A", "B", "答案", "难度"], ["单选题", "x", "a", "b", "E", "很怪"], ["连环画", "y", "", "", "", ""]]})
    problems = xlsx.read(made).problems
    assert [(problem.where, problem.message) for problem in problems] == [
        ("工作表“题”第 2 行 E 列（答案）", "答案“E”不是选项的字母"),
        ("工作表“题”第 2 行 F 列（难度）", "不认识的难度“很怪”"),
        ("工作表“题”第 3 行 A 列（题型）", "不认识的题型“连环画”"),
    ]
    assert all(problem.hint for problem in problems)


def test_word_with_sections_options_in_one_line_and_bracketed_fields() -> None:
    made = Document()
    for line in (
        "安全知识题库",
        "一、单选题（每题2分）",
        "1．油锅起火怎么办？",
        "A．倒水    B．盖锅盖\tC．扇风",
        "【答案】B",
        "【解析】隔绝空气。",
        "二、判断题",
        "2、湿毛巾能挡住一氧化碳。",
        "答案：×",
    ):
        made.add_paragraph(line)
    packed = io.BytesIO()
    made.save(packed)
    single, judge = (item.body for item in docx.read(packed.getvalue()).items)
    assert [option.text for option in single.options] == ["倒水", "盖锅盖", "扇风"]
    assert (rights(single), single.explanation) == (["盖锅盖"], "隔绝空气。")
    assert (judge.kind, judge.right) == ("judge", {1})


def test_word_sections_numbered_in_brackets_are_sections() -> None:
    document = Document()
    for line in ("（一）单项选择题（每题2分）", "1、着火了走哪里？", "A、电梯", "B、楼梯", "答案：B", "（二）判断题", "1、地震时可以坐电梯。", "答案：×"):
        document.add_paragraph(line)
    made = io.BytesIO()
    document.save(made)
    reading = docx.read(made.getvalue())
    assert not reading.problems
    assert [(item.body.kind, rights(item.body)) for item in reading.items] == [("single", ["楼梯"]), ("judge", ["错"])]


def test_excel_order_may_be_written_with_arrows() -> None:
    assert one(sheet(("题型", "题干", "A", "B", "C", "答案"), ("排序题", "排", "乙", "甲", "丙", "B→A→C"))).items == ("甲", "乙", "丙")


def test_word_numbering_made_by_word_itself_counts_as_typed() -> None:
    made = Document()
    for text, style in (("油锅起火怎么办？", "List Number"), ("A. 倒水", None), ("B. 盖锅盖", None), ("答案：B", None)):
        paragraph = made.add_paragraph(text)
        if style:
            numbered = made.styles[style].element.pPr.numPr.numId.val
            paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = numbered
    packed = io.BytesIO()
    made.save(packed)
    assert rights(one(docx.read(packed.getvalue()))) == ["盖锅盖"]


# --- which format is it --------------------------------------------------------------------------
def test_a_format_is_known_by_its_content() -> None:
    assert detect(AIKEN.encode()) == "aiken"
    assert detect("油锅起火？{=盖锅盖 ~倒水}".encode("gb18030")) == "gift"
    assert detect(CHOICE_21.encode()) == "qti21"
    assert detect(b'\xef\xbb\xbf<?xml version="1.0"?><quiz/>') == "moodle"
    assert read("油锅起火？{=盖锅盖 ~倒水}".encode("utf-16"))[0] == "gift"


@pytest.mark.parametrize("data", [b"%PDF-1.7 ...", b"\x89PNG\r\n", "只是一段话。".encode(), b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600])
def test_a_file_of_no_known_format_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(Refused, match="可以导入|空的|密码"):
        read(data)
