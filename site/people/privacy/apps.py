"""The privacy kit as an app of its own: what is kept of whom, for how long, and what was deleted."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "people.privacy"
    label = "privacy"
    verbose_name = _("个人信息")
    default_auto_field = "django.db.models.BigAutoField"
