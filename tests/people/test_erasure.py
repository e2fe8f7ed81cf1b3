"""Erasing a person: asked for, taken back, carried out; and taking the own data along."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from home.demo import logins
from people.audit.models import AuditEntry
from people.audit.services import record
from people.audit.verify import verify
from people.models import Grant, Membership, Organisation, User
from people.privacy import erasure
from people.privacy.models import Deletion, Erasure
from quizzes.bank.models import QuestionVersion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
LATER = dt.timedelta(days=8)


def person(name) -> User:
    return User.objects.get(username=name)


def browser_of(name):
    client = Client(HTTP_HOST="localhost")
    client.force_login(person(name) if isinstance(name, str) else name, backend=BACKEND)
    return client


def secret(name):
    return next(password for username, password, _role in logins() if username == name)


def ask(name, **given):
    return browser_of(name).post(reverse("privacy:erase"), given, follow=True)


def files(answer) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        return {name: pack.read(name).decode() for name in pack.namelist()}


# --- asking -------------------------------------------------------------------------------------
def test_a_teacher_asks_with_the_password_and_has_seven_days():
    page = ask("laoshi", password=secret("laoshi"), sure="1").content.decode()
    request = Erasure.objects.get(user=person("laoshi"))
    assert request.due_at - request.asked_at == dt.timedelta(days=7)
    day = timezone.localtime(request.due_at)
    assert f"{day.year}年{day.month}月{day.day}日 删除" in page
    assert AuditEntry.objects.first().action == "privacy.ask"


def test_asking_twice_is_one_request():
    for _time in range(2):
        ask("laoshi", password=secret("laoshi"), sure="1")
    assert Erasure.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "said"), [({"password": "wrong", "sure": "1"}, "密码不对"), ({"password": ""}, "请先勾选"), ({"sure": "1"}, "密码不对")]
)
def test_without_password_or_consent_nothing_is_asked(given, said):
    answer = ask("laoshi", **given)
    assert (answer.status_code, Erasure.objects.count()) == (400, 0)
    assert said in answer.content.decode()


def test_wrong_passwords_count_towards_the_lock():
    client = browser_of("laoshi")
    for _time in range(8):
        answer = client.post(reverse("privacy:erase"), {"password": "wrong", "sure": "1"})
    assert answer.status_code == 429
    assert client.post(reverse("privacy:erase"), {"password": secret("laoshi"), "sure": "1"}).status_code == 429
    assert Erasure.objects.count() == 0


def test_whoever_has_no_password_here_logs_in_anew_first():
    teacher = person("laoshi")
    teacher.set_unusable_password()
    teacher.save()
    User.objects.filter(pk=teacher.pk).update(last_login=timezone.now() - dt.timedelta(hours=1))
    client = browser_of("laoshi")  # logging in by force notes the time
    User.objects.filter(pk=teacher.pk).update(last_login=timezone.now() - dt.timedelta(hours=1))
    assert "重新登录" in client.post(reverse("privacy:erase"), {"sure": "1"}).content.decode()
    User.objects.filter(pk=teacher.pk).update(last_login=timezone.now())
    client.post(reverse("privacy:erase"), {"sure": "1"})
    assert Erasure.objects.filter(user=teacher).exists()


def test_the_request_can_be_taken_back_and_asked_again():
    ask("laoshi", password=secret("laoshi"), sure="1")
    browser_of("laoshi").post(reverse("privacy:withdraw"))
    call_command("privacy_sweep", stdout=io.StringIO())
    assert erasure.open_request(person("laoshi")) is None
    assert erasure.carry_out_due(timezone.now() + LATER) == 0
    ask("laoshi", password=secret("laoshi"), sure="1")
    assert erasure.open_request(person("laoshi")) is not None


def test_the_last_admin_of_a_bureau_hands_over_first():
    answer = ask("admin", password=secret("admin"), sure="1")
    assert "只有这一位管理员" in answer.content.decode()
    assert Erasure.objects.count() == 0
    second = User.objects.create_superuser("second")
    Grant.objects.create(user=second, organisation=Organisation.objects.get(depth=1), role="admin")
    ask("admin", password=secret("admin"), sure="1")
    assert Erasure.objects.count() == 1


def test_an_erasure_waits_while_its_person_has_become_the_last_admin():
    school = Organisation.objects.filter(kind_id="school").first()
    teacher = person("laoshi")
    erasure.ask(teacher, teacher)
    Grant.objects.create(user=teacher, organisation=school, role="admin")
    assert erasure.carry_out_due(timezone.now() + LATER) == 0
    Grant.objects.create(user=person("anquan"), organisation=school, role="admin")
    assert erasure.carry_out_due(timezone.now() + LATER) == 1


# --- carrying out -------------------------------------------------------------------------------
@pytest.fixture
def erased():
    """A safety officer with everything that the site can keep of somebody, erased."""
    officer = person("anquan")
    User.objects.filter(pk=officer.pk).update(phone="13800000000", email="an@example.cn", last_name="安")
    officer.refresh_from_db()
    client = browser_of("anquan")
    client.get(reverse("accounts:home"))
    AccessAttempt.objects.create(username="anquan", ip_address="10.0.0.9", user_agent="x", failures_since_start=1)
    record("people.edit", actor=officer, target=person("laoshi"), address="10.0.0.9", detail={"fields": ["phone"]})
    ModelLogEntry.objects.log_action(officer, "wagtail.edit", user=person("admin"))
    version = QuestionVersion.objects.first()
    QuestionVersion.objects.filter(pk=version.pk).update(author=officer)
    request = erasure.ask(officer, officer)
    assert erasure.carry_out_due(request.due_at) == 1
    officer.refresh_from_db()
    return officer


def test_nothing_in_the_database_names_an_erased_person(erased):
    connection.ensure_connection()
    dump = "\n".join(connection.connection.iterdump())
    assert [word for word in ("安主任", "anquan", "13800000000", "an@example.cn", "10.0.0.9") if word in dump] == []


def test_an_erased_account_is_empty_and_closed(erased):
    assert (erased.first_name, erased.last_name, erased.phone, erased.email) == ("", "", "", "")
    assert (erased.username, erased.is_active, erased.has_usable_password()) == (f"erased-{erased.pk}", False, False)
    assert erased.erased_at is not None and erased.last_login is None
    assert not erased.groups.exists() and not Grant.objects.filter(user=erased).exists()
    assert not Session.objects.filter(signed_in__user=erased).exists()
    membership = Membership.objects.get(user=erased)
    assert membership.until is not None and list(membership.posts) == []


def test_an_open_browser_of_an_erased_person_is_logged_out():
    officer = person("anquan")
    client = browser_of("anquan")
    assert client.get(reverse("accounts:home")).status_code == 200
    erasure.carry_out_due(erasure.ask(officer, officer).due_at)
    assert client.get(reverse("accounts:home")).status_code == 302


def test_what_must_stay_stays_with_a_number_and_the_chain_is_whole(erased):
    assert QuestionVersion.objects.filter(author=erased).count() == 1
    assert set(AuditEntry.objects.filter(target_type="user", target_id=str(erased.pk)).values_list("action", flat=True)) >= {
        "privacy.ask", "roles.take", "privacy.erase",
    }
    assert verify().fault == ""


def test_the_deletion_log_counts_and_names_nobody(erased):
    counts = {line.model: line.count for line in Deletion.objects.filter(cause="erasure")}
    assert counts["people.user"] == 1 and counts["axes.accessattempt"] == 1 and counts["sessions.session"] >= 1
    assert {field.name for field in Deletion._meta.get_fields()} == {"id", "at", "holding", "model", "cause", "count", "oldest"}


def test_carrying_out_twice_changes_nothing(erased):
    lines, entries = Deletion.objects.count(), AuditEntry.objects.count()
    assert erasure.carry_out_due(timezone.now() + LATER) == 0
    assert not erasure.erase(Erasure.objects.get(user=erased), timezone.now())
    assert (Deletion.objects.count(), AuditEntry.objects.count()) == (lines, entries)


def test_one_erasure_that_fails_does_not_stop_the_next(monkeypatch):
    for name in ("laoshi", "xuexiao"):
        erasure.ask(person(name), person(name))
    real = erasure.erase

    def once_broken(request, now):
        if request.user.username == "laoshi":
            raise RuntimeError
        return real(request, now)

    monkeypatch.setattr(erasure, "erase", once_broken)
    assert erasure.carry_out_due(timezone.now() + LATER) == 1
    assert person("laoshi").erased_at is None


# --- an officer on request ----------------------------------------------------------------------
def test_an_officer_registers_and_takes_back_on_request():
    teacher = person("laoshi")
    client = browser_of("admin")
    address = reverse("privacy_act", args=[teacher.pk])
    assert "请先勾选" in client.post(address, {"wish": "erase"}, follow=True).content.decode()
    client.post(address, {"wish": "erase", "sure": "1"})
    assert Erasure.objects.get(user=teacher).asked_by == person("admin").pk
    assert "劳老师" in client.get(reverse("privacy_office")).content.decode()
    client.post(address, {"wish": "withdraw"})
    assert erasure.open_request(teacher) is None


def test_an_officer_does_not_erase_somebody_who_belongs_to_another_bureau_too():
    here = Organisation.objects.get(depth=1)
    there = Organisation.add_root(name="邻县教育局", kind_id="bureau")
    officer, shared = User.objects.create_user("officer"), User.objects.create_user("shared", first_name="两头跑")
    Grant.objects.create(user=officer, organisation=here, role="admin")
    for place in (here, there):
        Membership.objects.create(user=shared, organisation=place)
    client = browser_of(officer)
    assert "请由上级教育局办理" in client.get(reverse("privacy_person", args=[shared.pk])).content.decode()
    for wish in ("erase", "export"):
        assert client.post(reverse("privacy_act", args=[shared.pk]), {"wish": wish, "sure": "1"}).status_code in {302, 403}
    assert Erasure.objects.count() == 0 and AuditEntry.objects.first().action != "privacy.export"


def test_an_officer_finds_people_by_name_and_by_number():
    client = browser_of("admin")
    link = reverse("privacy_person", args=[person("laoshi").pk])
    for asked in ("劳老师", "laoshi", "劳"):
        assert link in client.get(reverse("privacy_office"), {"q": asked}).content.decode()
    assert "没有找到" in client.get(reverse("privacy_office"), {"q": "无此人"}).content.decode()


def test_the_officer_s_page_needs_the_same_queries_for_one_and_for_many():
    client = browser_of("admin")

    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("privacy_office"), {"q": "老师"})
        return len(seen)

    User.objects.filter(username="xuexiao").update(first_name="许某")
    erasure.ask(person("laoshi"), person("laoshi"))
    Deletion.objects.create(holding="jobs", model="common.job", cause="due", count=1)
    queries()
    one = queries()
    for number in range(4):
        someone = User.objects.create_user(f"n{number}", first_name="某老师")
        erasure.ask(someone, someone)
        Deletion.objects.create(holding="jobs", model="common.job", cause="due", count=1)
    assert queries() == one


# --- taking along -------------------------------------------------------------------------------
def test_the_export_holds_the_person_s_data_to_read_and_for_machines():
    User.objects.filter(username="anquan").update(phone="13800000000")
    record("people.edit", actor=person("admin"), target=person("anquan"), detail={"fields": ["phone"]}, address="10.0.0.1")
    client = browser_of("anquan")
    pack = files(client.post(reverse("privacy:export")))
    page, data = pack["我的数据.html"], json.loads(pack["data.json"])
    for words in ("安主任", "13800000000", "示范县实验小学", "学校安全员", "修改安主任（anquan）的资料，改了：手机号"):
        assert words in page
    assert "10.0.0.1" not in page  # the address of another person
    kinds = {part["kind"] for part in data["data"]}
    assert kinds >= {"account", "work", "roles", "sessions", "audit"} and "rooms" not in kinds
    assert (data["person"], AuditEntry.objects.first().action) == (person("anquan").pk, "privacy.export")


def test_the_export_holds_nobody_else_s_data():
    pack = files(browser_of("laoshi").post(reverse("privacy:export")))
    assert "许老师" not in pack["我的数据.html"] and "xuexiao" not in pack["data.json"]


def test_reading_the_page_exports_nothing():
    before = AuditEntry.objects.count()
    assert browser_of("laoshi").get(reverse("privacy:export")).status_code == 200
    assert AuditEntry.objects.count() == before


def test_a_name_that_is_code_stays_text_in_the_export():
    User.objects.filter(username="laoshi").update(first_name="<script>x</script>")
    assert "<script>" not in files(browser_of("laoshi").post(reverse("privacy:export")))["我的数据.html"]


# --- the audit pack -----------------------------------------------------------------------------
@override_settings(PRIVACY_CONTACT="安全科")
def test_the_audit_pack_holds_map_timers_log_counts_and_chain_and_no_names(erased):
    pack = files(browser_of("admin").post(reverse("privacy_pack")))
    facts = json.loads(pack["设置与核对.json"])
    assert facts["操作记录"]["结果"] == "连续，没有被改动"
    assert facts["保留天数"]["rooms"] == 7 and facts["条数"]["people.user"] == User.objects.count()
    assert facts["删除申请"] == {"申请": 1, "撤回": 0, "完成": 1}
    rows = list(csv.reader(io.StringIO(pack["删除记录.csv"].lstrip("\ufeff"))))
    assert ["account", "people.user", "本人申请", "1"] in [row[1:5] for row in rows]
    assert "登录码" in pack["数据清单.html"]
    together = "".join(pack.values())
    assert [user.first_name for user in User.objects.exclude(first_name="") if user.first_name in together] == []
    assert AuditEntry.objects.first().action == "audit.pack"


def test_the_number_in_the_pack_is_an_anchor_for_the_next_check():
    facts = json.loads(files(browser_of("admin").post(reverse("privacy_pack")))["设置与核对.json"])
    call_command("audit_verify", "--anchor", facts["操作记录"]["校验值"], stdout=io.StringIO())
