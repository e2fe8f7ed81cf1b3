"""A roster in the hands of an officer: upload, preview, apply, undo; and what each may not do."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from common.jobs import Job
from people.audit.models import AuditEntry
from people.models import Grant, Membership, Organisation, User
from people.rosters import services
from people.rosters.models import RosterData, RosterImport
from tests.factories.rosters import HEADER, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]
PRIMARY, MIDDLE = "示范县实验小学", "示范县第一中学"


@pytest.fixture(autouse=True)
def jobs_run_at_once(settings: Any) -> None:
    settings.JOBS_INLINE = True


def as_(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def send(client: Client, rows: Any, header: Any = HEADER, kind: str = "people", **more: Any) -> RosterImport:
    answer = client.post(reverse(f"rosters_{kind}"), {"file": upload(rows, header), **more})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return RosterImport.objects.latest("pk")


def press(client: Client, roster: RosterImport, what: str, **data: Any) -> RosterImport:
    answer = client.post(reverse(f"rosters_{roster.kind}_{what}", args=[roster.pk]), data)
    assert answer.status_code == 302
    return RosterImport.objects.get(pk=roster.pk)


def page(client: Client, roster: RosterImport) -> str:
    return client.get(reverse(f"rosters_{roster.kind}_show", args=[roster.pk])).content.decode()


def everything() -> dict[str, Any]:
    """All that an import of people can touch."""
    memberships = Membership.objects.values_list("user__username", "organisation__name", "posts", "since", "until")
    people = User.objects.values_list("username", "first_name", "last_name", "phone", "is_active")
    return {"memberships": sorted(map(repr, memberships)), "people": sorted(map(repr, people))}


ROWS = [
    ("s001", "张伟", PRIMARY, "班主任"),
    ("s002", "张伟", PRIMARY, "门卫"),
    ("s003", "𬱖娜", MIDDLE, "任课教师、年级主任"),
    ("laoshi", "劳老师", MIDDLE, ""),
    ("xuexiao", "许老师", PRIMARY, "德育主任"),
    ("anquan", "安主任", PRIMARY, ""),
]


def test_the_preview_says_what_would_happen_and_changes_nothing() -> None:
    before, client = everything(), as_("admin")
    roster = send(client, ROWS)
    assert roster.state == "ready"
    assert roster.counts == {
        "added": 3, "moved": 1, "changed": 1, "unchanged": 1, "rows": 6, "errors": 0, "warnings": 0,
    }  # fmt: skip
    text = page(client, roster)
    assert "离开 示范县实验小学" in text and "岗位：班主任 → 德育（政教）主任" in text and "𬱖娜" in text
    assert "有同名的 张伟" in text
    assert everything() == before


def test_apply_does_what_was_shown_and_tells_the_audit_log_without_names() -> None:
    client = as_("admin")
    roster = press(client, send(client, ROWS), "apply")
    assert roster.state == "applied", roster.problem
    new = User.objects.get(username="s003")
    assert (new.first_name, new.has_usable_password()) == ("𬱖娜", False)
    assert Membership.objects.get(user=new).posts == ("grade-head", "subject-teacher")
    moved = Membership.objects.filter(user__username="laoshi").order_by("pk")
    assert [(m.organisation.name, m.until is None) for m in moved] == [(PRIMARY, False), (MIDDLE, True)]
    entries = AuditEntry.objects.filter(target_type="user", detail__import=roster.pk)
    assert sorted(entries.values_list("action", flat=True)) == [
        "people.create", "people.create", "people.create", "people.edit", "people.move",
    ]  # fmt: skip
    assert not any("张伟" in str(entry.detail) for entry in AuditEntry.objects.all())
    assert AuditEntry.objects.get(action="rosters.apply").detail == {"added": 3, "moved": 1, "changed": 1}
    assert not RosterData.objects.filter(roster=roster, slot="rows").exists()


def test_a_second_click_does_nothing() -> None:
    client = as_("admin")
    roster = press(client, send(client, ROWS), "apply")
    after, jobs = everything(), Job.objects.count()
    press(client, roster, "apply")
    assert everything() == after and Job.objects.count() == jobs


def test_the_same_file_again_finds_nothing_to_do() -> None:
    client = as_("admin")
    press(client, send(client, ROWS), "apply")
    again = send(client, ROWS)
    assert again.counts["unchanged"] == 6
    assert "不需要导入" in page(client, again)


def test_undo_brings_everything_back_as_it_was() -> None:
    before, client = everything(), as_("admin")
    roster = press(client, send(client, ROWS), "apply", leavers="mark")
    assert everything() != before
    roster = press(client, roster, "undo")
    assert (roster.state, everything()) == ("undone", before)
    assert AuditEntry.objects.filter(action="rosters.revert").count() >= 5


def test_undo_is_refused_when_somebody_has_logged_in_and_says_who() -> None:
    client = as_("admin")
    roster = press(client, send(client, ROWS), "apply")
    User.objects.filter(username="s001").update(last_login=timezone.now())
    User.objects.filter(username="xuexiao").update(first_name="许安全")
    Membership.objects.filter(user__username="xuexiao").update(posts=("guard",))
    after = everything()
    roster = press(client, roster, "undo")
    assert roster.state == "applied" and everything() == after
    text = page(client, roster)
    assert "张伟（s001）已经登录过" in text and "许安全的任职改过" in text


def test_a_refused_undo_does_not_name_somebody_whose_data_were_erased() -> None:
    client = as_("admin")
    roster = press(client, send(client, ROWS), "apply")
    User.objects.filter(username="s003").update(username="erased-9", first_name="", erased_at=timezone.now())
    roster = press(client, roster, "undo")
    assert roster.state == "applied" and "已按本人要求删除" in roster.problem and "𬱖娜" not in roster.problem


def test_leavers_are_left_alone_unless_the_officer_says_so() -> None:
    client = as_("admin")
    rows = [("anquan", "安主任", PRIMARY, "")]
    first = press(client, send(client, rows), "apply")
    assert first.counts["left"] == 2
    assert Membership.objects.get(user__username="laoshi").until is None
    press(client, send(client, rows), "apply", leavers="mark")
    assert Membership.objects.get(user__username="laoshi").until == timezone.localdate()
    assert Membership.objects.get(user__username="anquan").until is None


def test_with_an_error_nothing_can_be_applied_and_the_list_says_what_to_do() -> None:
    client = as_("admin")
    roster = send(client, [*ROWS, ("110101199003074516", "李四", PRIMARY, "班主仁")])
    assert roster.counts["errors"] == 3  # an ID number, no staff number, an unknown post
    text = page(client, roster)
    assert "本站从不保存身份证号" in text and "110101199003074516" not in text
    assert "是不是“班主任" in text and "第 8 行 D 列（岗位）" in text
    assert press(client, roster, "apply").state == "ready"
    file = client.get(reverse("rosters_people_errors", args=[roster.pk]))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(file.streaming_content))).get_sheet_by_index(0).to_python()
    assert rows[0][-1] == "怎么改" and len(rows) == 4
    assert not User.objects.filter(username="s001").exists()


def test_the_upload_is_deleted_once_it_is_read() -> None:
    roster = send(as_("admin"), ROWS)
    assert not roster.upload.exists()


def test_a_file_that_is_none_is_told_at_once_and_leaves_no_trace() -> None:
    file = io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 2000)
    file.name = "旧名册.xls"
    answer = as_("admin").post(reverse("rosters_people"), {"file": file})
    assert answer.status_code == 422 and "另存为" in answer.content.decode()
    assert RosterImport.objects.count() == 0
    assert "还没有选文件" in as_("admin").post(reverse("rosters_people"), {}).content.decode()


def test_a_table_without_a_header_is_refused_with_a_way_out() -> None:
    client = as_("admin")
    roster = send(client, [(1, 2)], header=("甲", "乙"))
    assert roster.state == "refused" and "没有找到表头" in page(client, roster)


def test_when_the_list_changed_after_the_preview_it_is_shown_again_first() -> None:
    client = as_("admin")
    roster = send(client, ROWS)
    User.objects.create_user("s001", first_name="张伟")
    roster = press(client, roster, "apply")
    assert roster.state == "ready" and "重新比较" in page(client, roster)
    assert not User.objects.filter(username="s002").exists()
    assert press(client, roster, "apply").state == "applied"


def test_a_school_officer_imports_the_own_school_without_naming_it() -> None:
    client = as_("anquan")
    roster = press(client, send(client, [("s009", "钱七", "班主任")], header=("工号", "姓名", "岗位")), "apply")
    assert roster.state == "applied"
    assert Membership.objects.get(user__username="s009").organisation.name == PRIMARY


def test_a_school_officer_cannot_reach_another_school_or_its_people() -> None:
    stranger = User.objects.create_user("m001", first_name="孙八")
    Membership.objects.create(user=stranger, organisation=Organisation.objects.get(name=MIDDLE))
    client = as_("anquan")
    roster = send(client, [("s010", "周九", MIDDLE, ""), ("m001", "孙八", PRIMARY, "")])
    text = page(client, roster)
    assert roster.counts["errors"] == 2
    assert "没有找到单位“示范县第一中学”" in text and "登记在您负责范围以外的单位" in text


def test_a_school_officer_cannot_rename_somebody_who_answers_to_others_too() -> None:
    Grant.objects.create(
        user=User.objects.get(username="laoshi"), organisation=Organisation.objects.get(depth=1), role="observer"
    )
    roster = send(as_("anquan"), [("laoshi", "劳动", PRIMARY, "")])
    assert roster.counts["errors"] == 1


def test_imports_are_seen_by_those_above_and_not_by_those_beside() -> None:
    middle = Organisation.objects.get(name=MIDDLE)
    other = User.objects.create_user("anquan2")
    Grant.objects.create(user=other, organisation=middle, role="safety_officer")
    roster = send(as_("anquan"), [("s009", "钱七", PRIMARY, "")])
    show = reverse("rosters_people_show", args=[roster.pk])
    assert as_("admin").get(show).status_code == 200
    assert as_("anquan2").get(show).status_code == 404
    assert as_("anquan2").post(reverse("rosters_people_apply", args=[roster.pk])).status_code == 404
    assert "名册.xlsx" not in as_("anquan2").get(reverse("rosters_people")).content.decode()


def test_whoever_went_to_another_school_leaves_the_rosters_of_the_old_one_behind() -> None:
    officer = User.objects.get(username="anquan")
    roster = press(as_("anquan"), send(as_("anquan"), [("s009", "钱七", PRIMARY, "")]), "apply")
    Grant.objects.filter(user=officer).update(organisation=Organisation.objects.get(name=MIDDLE))
    assert as_("anquan").get(reverse("rosters_people_show", args=[roster.pk])).status_code == 404
    assert as_("anquan").post(reverse("rosters_people_undo", args=[roster.pk])).status_code == 404
    assert User.objects.filter(username="s009").exists()


def test_the_officer_of_two_schools_sees_the_own_imports() -> None:
    Grant.objects.create(
        user=User.objects.get(username="anquan"), organisation=Organisation.objects.get(name=MIDDLE), role="safety_officer"
    )
    roster = send(as_("anquan"), [("s009", "钱七", PRIMARY, "")])
    assert roster.scope == Organisation.objects.get(depth=1) and "钱七" in page(as_("anquan"), roster)


def test_undo_brings_nobody_back_to_work_whose_data_were_erased() -> None:
    client = as_("admin")
    roster = press(client, send(client, [("anquan", "安主任", PRIMARY, "")]), "apply", leavers="mark")
    User.objects.filter(username="laoshi").update(username="erased-9", first_name="", erased_at=timezone.now())
    roster = press(client, roster, "undo")
    assert roster.state == "applied" and "已按本人要求删除" in roster.problem
    assert not Membership.objects.filter(user__username="erased-9", until=None).exists()


def test_a_preview_tells_that_somebody_who_moves_keeps_the_role_at_the_old_place() -> None:
    roster = send(as_("admin"), [("anquan", "安主任", MIDDLE, "")])
    assert roster.counts["moved"] == 1
    assert "不会收回在原单位的角色" in page(as_("admin"), roster)


def test_a_number_that_differs_in_capitals_only_makes_no_second_account() -> None:
    User.objects.create_user("T001", first_name="孙八")
    roster = send(as_("anquan"), [("t001", "孙八", PRIMARY, ""), ("n1", "甲", PRIMARY, ""), ("N1", "乙", PRIMARY, "")])
    assert roster.counts["errors"] == 2
    assert "只有大小写不同" in page(as_("anquan"), roster)



def test_numbers_are_made_from_the_code_when_asked_for() -> None:
    Organisation.objects.filter(name=PRIMARY).update(code="3301001")
    client, header = as_("admin"), ("姓名", "单位")
    assert send(client, [("赵一", PRIMARY)], header).counts["errors"] == 1
    rows = [("赵一", PRIMARY), ("钱二", PRIMARY)]
    assert press(client, send(client, rows, header, make_numbers="on"), "apply").state == "applied"
    assert User.objects.get(first_name="钱二").username == "33010010002"
    assert send(client, rows, header, make_numbers="on").counts["unchanged"] == 2


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_takes_the_same_queries_for_one_and_for_many(count: int, django_assert_max_num_queries: Any) -> None:
    client = as_("admin")
    for _i in range(count):
        send(client, [("s001", "张伟", PRIMARY, "")])
    client.get(reverse("rosters_people"))
    with django_assert_max_num_queries(14):
        client.get(reverse("rosters_people"))


@pytest.mark.parametrize("count", [1, 60])
def test_a_comparison_takes_the_same_queries_for_one_and_for_many(
    count: int, django_assert_max_num_queries: Any
) -> None:
    from people.rosters.present import plan_of

    roster = send(as_("anquan"), [(f"s{i:03}", f"人{i}", PRIMARY, "班主任") for i in range(count)])
    user, kept = User.objects.get(username="anquan"), roster.get("rows")
    with django_assert_max_num_queries(8):
        plan_of(roster, kept, user)


def test_the_template_comes_back_as_an_empty_roster_with_lists() -> None:
    file = as_("anquan").get(reverse("rosters_people_template"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(file.streaming_content)))
    assert book.sheet_names[0] == "名册"
    assert book.get_sheet_by_name("名册").to_python()[0][:4] == ["工号", "姓名", "单位代码", "单位"]
    assert [row[1] for row in book.get_sheet_by_name("可选项").to_python()[1:2]] == [PRIMARY]


def test_a_preview_can_be_thrown_away_and_is_forgotten_after_a_week() -> None:
    client = as_("admin")
    press_away = send(client, ROWS)
    client.post(reverse("rosters_people_discard", args=[press_away.pk]))
    assert not RosterImport.objects.exists()
    old = send(client, ROWS)
    RosterImport.objects.filter(pk=old.pk).update(created_at=timezone.now() - timezone.timedelta(days=8))
    assert services.sweep(timezone.now()) == (1, 0)
    assert not RosterImport.objects.exists()


def test_a_job_that_died_can_be_started_again_and_does_its_work_once() -> None:
    client = as_("admin")
    roster = send(client, ROWS)
    job = Job.objects.create(kind="rosters.apply", state="failed", payload={"import": roster.pk, "address": ""})
    options = {"by": User.objects.get(username="admin").pk}
    RosterImport.objects.filter(pk=roster.pk).update(state="applying", job=job.pk, options=options)
    assert "再试一次" in page(client, roster)
    assert press(client, roster, "retry").state == "applied"
    after = everything()
    assert press(client, roster, "retry").state == "applied" and everything() == after


def test_an_import_whose_owner_is_gone_ends_in_words() -> None:
    client = as_("admin")
    roster = send(client, ROWS)
    RosterImport.objects.filter(pk=roster.pk).update(owner=None)
    roster = press(client, roster, "apply")
    assert roster.state == "refused" and "重新上传" in page(client, roster)
