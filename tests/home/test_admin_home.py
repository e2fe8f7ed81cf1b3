"""The CMS's first page leads each role to what it may do, and to nothing else."""

from __future__ import annotations

import pytest
from django.test import Client

from people.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_content")]


@pytest.mark.parametrize(
    ("who", "seen", "unseen"),
    [
        ("anquan", ("名册导入", "登录码", "题库"), ("待审核的题目", "题目统计")),
        ("shenhe", ("题库", "待审核的题目", "题目统计"), ("名册导入", "登录码", "操作记录")),
        ("bianji", ("题库", "题目统计"), ("名册导入", "待审核的题目")),
    ],
)
def test_an_officer_finds_the_own_work_one_tap_away(who: str, seen: tuple[str, ...], unseen: tuple[str, ...]) -> None:
    client = Client()
    client.force_login(User.objects.get(username=who), backend="django.contrib.auth.backends.ModelBackend")
    text = client.get("/cms/").content.decode()
    doors = text[text.index('class="doors"') : text.index("</section>", text.index('class="doors"'))]
    assert all(f">{name}</a>" in doors for name in seen)
    assert not any(f">{name}</a>" in doors for name in unseen)
