"""The accounts room as an app of its own."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "people.accounts"
    label = "accounts"
    verbose_name = _("登录与账号")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from people.accounts.sessions import end_if_closed, remember
        from people.signals import rights_changed

        user_logged_in.connect(remember, dispatch_uid="accounts.remember")
        rights_changed.connect(end_if_closed, dispatch_uid="accounts.end_if_closed")
