"""The question bank as a Django app; its label is short because every table name carries it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BankConfig(AppConfig):
    name = "quizzes.bank"
    label = "bank"
    verbose_name = _("题库")
    default_auto_field = "django.db.models.BigAutoField"
