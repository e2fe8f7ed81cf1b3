"""Import and export as an officer meets them: preview, choices, all or nothing, undo, what is lost, the audit log."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from people.audit.models import AuditEntry
from people.models import User
from quizzes.bank import imports
from quizzes.bank.domain.body import Body, Item, Labels, Option
from quizzes.bank.domain.states import Step
from quizzes.bank.exchange import FORMATS, read, samples, xlsx
from quizzes.bank.models import Question, QuestionImport
from quizzes.bank.services import labels_of, next_code, take
from tests.factories.exchange import PICTURES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]
LABELS = Labels("防火灾", ("P2",))


def choice(stem: str, code: str = "", labels: Labels = LABELS, right: int = 0) -> Item:
    options = tuple(Option(text, i == right) for i, text in enumerate(("盖上锅盖", "往锅里倒水")))
    return Item(Body("single", stem, options, explanation="隔绝空气。", source="V73"), labels, code)


@pytest.fixture
def kaowu(client: Client) -> Client:
    client.force_login(User.objects.get(username="kaowu"))
    return client


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(User.objects.get(username="admin"))
    return client


def upload(client: Client, items: list[Item] | bytes, token: uuid.UUID | None = None, name: str = "题.xlsx") -> Any:
    data = items if isinstance(items, bytes) else xlsx.write(items)
    sent = {"token": token or uuid.uuid4(), "file": SimpleUploadedFile(name, data)}
    return client.post(reverse("bank_import"), sent)


def uploaded(client: Client, items: list[Item] | bytes) -> str:
    answer = upload(client, items)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.url)


def decide(client: Client, url: str, **choices: Any) -> str:
    answer = client.post(url, {"apply": "1", "short_marks": "10", **choices}, follow=True)
    return str(answer.content.decode())


STEMS = ("炸鱼时锅里冒火苗先做什么", "微波炉里的抹布着火了如何处理", "露营帐篷外的炭盆怎样熄灭")


def test_a_file_is_previewed_with_its_keys_and_nothing_is_in_the_bank_yet(kaowu: Client) -> None:
    before = Question.objects.count()
    page = kaowu.get(uploaded(kaowu, [choice(stem) for stem in STEMS])).content.decode()
    assert STEMS[0] in page and "盖上锅盖" in page and "正确" in page and "防火灾" in page
    assert "导入 3 道题" in page
    assert Question.objects.count() == before


def test_applied_questions_are_drafts_and_the_log_says_so(kaowu: Client) -> None:
    page = decide(kaowu, uploaded(kaowu, [choice(stem) for stem in STEMS]))
    assert "导入 3 道新题" in page
    made = Question.objects.filter(stem__in=STEMS)
    assert {(q.state, q.live, q.topic_slug, q.bands) for q in made} == {("draft", False, "fire", ("P2",))}
    entry = AuditEntry.objects.filter(action="bank.import").first()
    assert entry is not None and entry.detail == {"format": "xlsx", "count": 3, "created": 3, "revised": 0, "skipped": 0}
    assert entry.actor_id == User.objects.get(username="kaowu").pk


def test_applying_twice_and_uploading_twice_does_it_once(kaowu: Client) -> None:
    token = uuid.uuid4()
    first, second = (upload(kaowu, [choice(STEMS[0])], token) for _ in range(2))
    assert first.url == second.url and QuestionImport.objects.count() == 1
    decide(kaowu, first.url)
    decide(kaowu, first.url)
    assert Question.objects.filter(stem=STEMS[0]).count() == 1


def test_two_decisions_at_once_bring_the_questions_in_once(kaowu: Client) -> None:
    uploaded(kaowu, [choice(STEMS[0])])
    one, other = QuestionImport.objects.get(), QuestionImport.objects.get()
    made = [imports.apply(row, imports.Choices(), actor=None).result["created"] for row in (one, other)]
    assert made[0] == made[1] and Question.objects.filter(stem=STEMS[0]).count() == 1


def test_nothing_comes_in_while_something_is_wrong_unless_it_is_left_out_knowingly(kaowu: Client) -> None:
    wrong = Item(Body("multiple", STEMS[1], choice("x").body.options, source="V1"), LABELS)
    url = uploaded(kaowu, [choice(STEMS[0]), wrong])
    assert "还有 1 处要改" in decide(kaowu, url)
    assert not Question.objects.filter(stem__in=STEMS).exists()
    decide(kaowu, url, skip_faulty="on")
    assert list(Question.objects.filter(stem__in=STEMS).values_list("stem", flat=True)) == [STEMS[0]]


def test_labels_that_the_file_lacks_are_filled_in_by_choice(kaowu: Client) -> None:
    aiken = f"{STEMS[0]}\nA. 甲\nB. 乙\nANSWER: A\n".encode()
    url = uploaded(kaowu, aiken)
    page = kaowu.get(url).content.decode()
    assert "请选主题" in page and "请至少选一个适用对象" in page
    decide(kaowu, url, topic="fire", bands=["T", "J"], posts=["guard"], difficulty="3", tag="期末")
    labels = labels_of(Question.objects.get(stem=STEMS[0]))
    assert labels == Labels("fire", ("J", "T"), ("guard",), 3, ("期末",))


def test_choices_can_be_tried_without_deciding(kaowu: Client) -> None:
    url = uploaded(kaowu, f"{STEMS[0]}\nA. 甲\nB. 乙\nANSWER: A\n".encode())
    page = kaowu.post(url, {"try": "1", "topic": "fire", "bands": ["J"]}, follow=True).content.decode()
    assert "请选主题" not in page
    assert not Question.objects.filter(stem=STEMS[0]).exists()


def test_a_known_code_is_left_alone_or_becomes_a_new_version_or_a_new_question(kaowu: Client) -> None:
    decide(kaowu, uploaded(kaowu, [choice(STEMS[0], "q909")]))
    question = Question.objects.get(code="q909")
    changed = [choice(STEMS[0], "q909", right=1)]
    assert "没有可以导入的题目" in decide(kaowu, uploaded(kaowu, changed))
    decide(kaowu, uploaded(kaowu, changed), known="new")
    assert Question.objects.filter(stem=STEMS[0]).count() == 2
    decide(kaowu, uploaded(kaowu, changed), known="revise")
    question.refresh_from_db()
    assert [v.number for v in question.versions.all()] == [1, 2] and question.latest_version.body.right == {1}


def test_a_question_almost_like_one_of_the_bank_is_told_and_can_be_skipped(kaowu: Client) -> None:
    decide(kaowu, uploaded(kaowu, [choice(STEMS[0])]))
    url = uploaded(kaowu, [choice(STEMS[0] + "？"), choice(STEMS[1])])
    assert "相似" in kaowu.get(url).content.decode()
    decide(kaowu, url, skip_twins="on")
    assert Question.objects.filter(stem__startswith=STEMS[0]).count() == 1


def test_an_import_is_undone_while_its_questions_are_untouched(kaowu: Client) -> None:
    url = uploaded(kaowu, [choice(stem) for stem in STEMS])
    decide(kaowu, url)
    page = kaowu.post(f"{url}undo/", follow=True).content.decode()
    assert "已撤销" in page and not Question.objects.filter(stem__in=STEMS).exists()
    assert AuditEntry.objects.filter(action="bank.import_undo").count() == 1


@pytest.mark.parametrize("touch", ["submit", "edit"])
def test_an_import_that_somebody_worked_on_is_not_undone(kaowu: Client, touch: str) -> None:
    url = uploaded(kaowu, [choice(stem) for stem in STEMS])
    decide(kaowu, url)
    question = Question.objects.get(stem=STEMS[1])
    if touch == "submit":
        take(question, Step.SUBMIT)
    else:
        Question.objects.filter(pk=question.pk).update(updated_at=timezone.now() + dt.timedelta(minutes=5))
    page = kaowu.post(f"{url}undo/", follow=True).content.decode()
    assert question.code in page and Question.objects.filter(stem__in=STEMS).count() == 3


def test_another_persons_upload_does_not_exist(kaowu: Client, site_content: None) -> None:
    url = uploaded(kaowu, [choice(STEMS[0])])
    kaowu.force_login(User.objects.get(username="shenhe"))
    assert kaowu.get(url).status_code == 404
    assert kaowu.post(f"{url}undo/").status_code == 404


def test_a_file_that_cannot_be_read_is_told_and_kept_nowhere(kaowu: Client) -> None:
    answer = upload(kaowu, "只是一段话。".encode(), name="话.txt")
    assert answer.status_code == 422 and "认不出这是哪种题库文件" in answer.content.decode()
    assert QuestionImport.objects.count() == 0


def test_problems_name_the_place_and_the_fix(kaowu: Client) -> None:
    data = xlsx.book({}, {"题": [["题型", "题干", "A", "B", "答案"], ["连环画", "y", "a", "b", "A"]]})
    page = kaowu.get(uploaded(kaowu, data)).content.decode()
    assert "工作表“题”第 2 行 A 列（题型）" in page and "不认识的题型“连环画”" in page


def test_pictures_of_a_package_are_written_anew_and_shown(kaowu: Client) -> None:
    name = sorted(PICTURES)[0]
    item = choice(STEMS[0])
    body = replace(item.body, picture=replace(_picture(name), alt="一口锅"))
    data = FORMATS["qti30"].write([replace(item, body=body, files={name: PICTURES[name]})])
    url = uploaded(kaowu, data)
    assert 'alt="一口锅"' in kaowu.get(url).content.decode()
    decide(kaowu, url)
    kept = Question.objects.get(stem=STEMS[0]).latest_version.body.picture
    assert kept is not None and kept.alt == "一口锅" and kept.name != name


def _picture(name: str) -> Any:
    from quizzes.bank.domain.body import Picture

    return Picture(name, "")


def test_the_preview_costs_the_same_for_one_question_and_for_many(kaowu: Client) -> None:
    def queries(items: list[Item]) -> int:
        url = uploaded(kaowu, items)
        kaowu.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert kaowu.get(url).status_code == 200
        return len(asked)

    assert queries([choice(STEMS[0], "q001")]) == queries([choice(f"{stem}{i}", f"q00{i}") for i, stem in enumerate(STEMS, 1)])


def test_the_list_of_imports_costs_the_same_for_one_and_for_many(kaowu: Client) -> None:
    def queries() -> int:
        kaowu.get(reverse("bank_import"))
        with CaptureQueriesContext(connection) as asked:
            kaowu.get(reverse("bank_import"))
        return len(asked)

    uploaded(kaowu, [choice(STEMS[0])])
    one = queries()
    for stem in STEMS:
        uploaded(kaowu, [choice(stem)])
    assert queries() == one


def test_uploads_that_nobody_decided_upon_are_swept(kaowu: Client) -> None:
    waiting, applied = uploaded(kaowu, [choice(STEMS[0])]), uploaded(kaowu, [choice(STEMS[1])])
    decide(kaowu, applied)
    assert imports.sweep() == 0
    assert imports.sweep(timezone.now() + dt.timedelta(days=imports.WAITING_DAYS + 1)) == 1
    assert kaowu.get(waiting).status_code == 404
    assert QuestionImport.objects.get().content == {}, "what was applied is in the bank; the file is forgotten"


def test_an_import_of_last_month_is_not_undone(kaowu: Client) -> None:
    url = uploaded(kaowu, [choice(STEMS[0])])
    decide(kaowu, url)
    long_ago = timezone.now() - dt.timedelta(days=imports.UNDO_DAYS + 1)
    QuestionImport.objects.update(applied_at=long_ago)
    assert "超过 30 天" in kaowu.post(f"{url}undo/", follow=True).content.decode()
    assert Question.objects.filter(stem=STEMS[0]).exists()


def test_three_hundred_questions_come_in_by_a_few_dozen_queries(kaowu: Client, django_assert_max_num_queries: Any) -> None:
    items = [choice(f"第{i}种锅具起火时的第一步") for i in range(300)]
    url = uploaded(kaowu, items)
    with django_assert_max_num_queries(60):
        imports.apply(QuestionImport.objects.get(), imports.Choices(), actor=None)
    assert "300" in kaowu.get(url).content.decode()


# --- templates and export -----------------------------------------------------------------------
@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_the_examples_of_a_template_would_come_in_as_they_stand(kaowu: Client, form: str) -> None:
    answer = kaowu.get(reverse("bank_template", args=[form]))
    assert answer.status_code == 200 and f".{form}" in answer.headers["Content-Disposition"]
    name, reading = read(answer.content)
    assert name == form and reading.problems == ()
    wanted = samples.EXAMPLES if form == "docx" else ()
    assert [item.body for item in reading.items] == [item.body for item in wanted]


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_an_export_says_what_it_loses_and_gives_the_rest(admin: Client, form: str) -> None:
    page = admin.get(reverse("bank_export"), {"topic": "fire", "state": "live", "format": form}).content.decode()
    assert ("整题不导出" in page) == (form == "aiken")
    answer = admin.post(reverse("bank_export"), {"topic": "fire", "state": "live", "format": form})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    codes = {item.code for item in read(answer.content)[1].items} - {""}
    assert codes <= set(Question.objects.filter(topic_slug="fire").values_list("code", flat=True))
    entry = AuditEntry.objects.filter(action="bank.export").first()
    assert entry is not None and entry.detail["format"] == form and entry.detail["chosen"] == {"topic": "fire", "state": "live"}


def test_what_was_exported_comes_back_as_the_same_questions(admin: Client) -> None:
    answer = admin.post(reverse("bank_export"), {"topic": "drowning", "state": "live", "format": "xlsx"})
    plan = imports.plan(QuestionImport.objects.get(pk=uploaded(admin, answer.content).rstrip("/").rpartition("/")[2]))
    assert plan.stopping == 0 and plan.count("same") == len(plan.lines) > 20


def test_an_export_of_nothing_says_so_and_gives_no_file(admin: Client) -> None:
    wanted = {"topic": "fire", "kind": "case", "tag": "", "state": "retired", "format": "xlsx"}
    assert "没有符合的题目" in admin.get(reverse("bank_export"), wanted).content.decode()
    assert admin.post(reverse("bank_export"), wanted).status_code == 422


def test_a_school_may_import_but_not_export(client: Client) -> None:
    client.force_login(User.objects.get(username="anquan"))
    assert client.get(reverse("bank_import")).status_code == 200
    assert client.get(reverse("bank_export")).status_code == 403


# --- codes that meet each other -----------------------------------------------------------------
def test_the_same_code_twice_in_a_file_is_told_and_nothing_falls_over(kaowu: Client) -> None:
    url = uploaded(kaowu, [choice(STEMS[0], "q777"), choice(STEMS[1], "q777"), choice(STEMS[2])])
    page = decide(kaowu, url)
    assert "q777" in page and "编号" in page
    assert not Question.objects.filter(stem__in=STEMS).exists()
    decide(kaowu, url, skip_faulty="on")
    assert {q.stem for q in Question.objects.filter(stem__in=STEMS)} == {STEMS[0], STEMS[2]}


def test_a_new_question_never_gets_a_code_that_the_file_brings_along(kaowu: Client) -> None:
    free = next_code()
    decide(kaowu, uploaded(kaowu, [choice(STEMS[0]), choice(STEMS[1], free)]))
    assert Question.objects.get(stem=STEMS[1]).code == free
    assert Question.objects.filter(stem=STEMS[0]).exists()


def test_a_code_at_the_end_of_the_range_does_not_stop_new_questions(kaowu: Client) -> None:
    decide(kaowu, uploaded(kaowu, [choice(STEMS[0], "q299999")]))
    decide(kaowu, uploaded(kaowu, [choice(STEMS[1])]))
    decide(kaowu, uploaded(kaowu, [choice(STEMS[2])]))
    assert Question.objects.filter(stem__in=STEMS).count() == 3


def test_a_code_that_somebody_takes_in_the_same_moment_is_told_and_nothing_is_brought_in(
    kaowu: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = uploaded(kaowu, [choice(STEMS[0])])
    monkeypatch.setattr("quizzes.bank.services.free_codes", lambda many, without=(): iter(["q001"] * many))
    assert "请再点一次" in decide(kaowu, url)
    monkeypatch.undo()
    decide(kaowu, url)
    assert Question.objects.filter(stem=STEMS[0]).count() == 1
