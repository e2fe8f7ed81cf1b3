"""Rosters by Excel: read, compare, apply, undo; of people and of organisations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RostersConfig(AppConfig):
    name = "people.rosters"
    label = "rosters"
    verbose_name = _("名册导入")
    default_auto_field = "django.db.models.BigAutoField"
