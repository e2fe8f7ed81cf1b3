"""Log-in and account for everybody: /account/…"""

from __future__ import annotations

from django.urls import path

from people.accounts import oidc
from people.accounts.views import account, entry, factor

app_name = "accounts"
urlpatterns = [
    path("", account.home, name="home"),
    path("login/", entry.login, name="login"),
    path("first/", entry.first, name="first"),
    path("first/password/", entry.first_password, name="first_password"),
    path("verify/", entry.verify, name="verify"),
    path("logout/", entry.leave, name="logout"),
    path("password/", account.password, name="password"),
    path("sessions/end/", account.end_session, name="end_session"),
    path("second-factor/", factor.setup, name="second_factor"),
    path("second-factor/backups/", factor.backups, name="backups"),
    path("second-factor/off/", factor.off, name="second_factor_off"),
    path("oidc/start/", oidc.start, name="oidc_start"),
    path("oidc/callback/", oidc.callback, name="oidc_callback"),
]
