"""The live room as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LiveConfig(AppConfig):
    name = "quizzes.live"
    label = "live"
    verbose_name = _("课堂互动")

    def ready(self) -> None:
        from quizzes.bank import usage
        from quizzes.live.usage import rooms_that_ask

        usage.register("课堂互动（保留期内）", rooms_that_ask)
