"""`manage.py bank_stats`: what the bank holds, by status, topic, audience, band, post, type and key position."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from people.posts import post_names
from quizzes.bank.domain.body import KINDS
from quizzes.bank.domain.inventory import inventory
from quizzes.bank.models import Question
from quizzes.bank.services import published_items
from quizzes.bank.shapes import BANDS


class Command(BaseCommand):
    help = "题库里有多少题：按状态、主题、对象、学段、岗位、题型和答案位置。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        states = Counter(Question.objects.values_list("state", flat=True))
        found = {"by_state": dict(sorted(states.items())), "published": inventory(published_items())}
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        told = found["published"]
        self.stdout.write(_("已发布 %(n)s 题，其中待核 %(check)s 题。") % {"n": told["total"], "check": told["to_check"]})
        self._table(_("主题"), {slug: counts["all"] for slug, counts in told["by_topic"].items()}, {})
        self._table(_("对象"), told["by_band"], BANDS)
        self._table(_("岗位"), told["by_post"], post_names())
        self._table(_("题型"), told["by_type"], KINDS)
        self._table(_("单选题答案位置"), told["single_key_position"], {})
        self._table(_("判断题"), told["judge"], {"true": _("对"), "false": _("错")})

    def _table(self, title: str, counts: dict[str, int], names: dict[str, str]) -> None:
        row = "　".join(f"{names.get(name, name)} {count}" for name, count in counts.items())
        self.stdout.write(f"{title}：{row}")
