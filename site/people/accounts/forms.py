"""The forms of log-in and account. Messages say what to do next, and never whether a staff number exists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from people.accounts import codes
from people.models import User

_NUMBER = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "maxlength": 60}


def stored(typed: str) -> str:
    """A typed staff number as it stands in the database; as typed when there is none, or several."""
    number = codes.read_number(typed)
    found = list(User.objects.filter(username__in=codes.spellings(number)).values_list("username", flat=True))
    return found[0] if len(found) == 1 else number


class ProofForm(forms.Form):
    """Staff number and one secret; `user` after a right one."""

    username = forms.CharField(
        label=_("工号"), max_length=60, widget=forms.TextInput(_NUMBER), error_messages={"required": _("请填工号。")}
    )
    wrong: Any = ""
    secret = ""
    credential = ""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        number, secret = said.get("username"), said.get(self.secret)
        if number and secret:
            self.user = authenticate(self.request, username=stored(number), **{self.credential: secret})
            if self.user is None:
                raise forms.ValidationError(self.wrong)
        return said


class LoginForm(ProofForm):
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": _("请填密码。")},
    )
    keep = forms.BooleanField(label=_("在这台设备上保持登录（公用电脑不要勾）"), required=False)
    secret, credential = "password", "password"
    wrong = _("工号或密码不对。请核对后再试；第一次登录或忘了密码，请用登录码。")


class FirstCodeForm(ProofForm):
    code = forms.CharField(
        label=_("登录码"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("条子上的八位，大小写都行，中间的横线可以不输。"),
        error_messages={"required": _("请填登录码。")},
    )
    secret, credential = "code", "first_password"
    wrong = _("工号或登录码不对，或者登录码已经用过、过期。请核对；还不行，请本校安全员重新发一个。")


class NewPasswordForm(forms.Form):
    """A new password twice."""

    password = forms.CharField(
        label=_("新密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("至少 10 位，不能全是数字，不要用姓名、工号。可以是一句只有自己知道的话。"),
        error_messages={"required": _("请填新密码。")},
    )
    again = forms.CharField(
        label=_("再输一遍新密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        error_messages={"required": _("请把新密码再输一遍。")},
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("password") and said.get("again") and said["password"] != said["again"]:
            self.add_error("again", _("两遍不一样，请再输一遍。"))
        return said


class ChangePasswordForm(NewPasswordForm):
    """The same for whoever is logged in: the present one is asked first."""

    old = forms.CharField(
        label=_("现在的密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": _("请填现在的密码。")},
    )
    field_order = ["old", "password", "again"]

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise forms.ValidationError(_("现在的密码不对。忘了的话，请本校安全员发登录码。"))
        return old


class TokenForm(forms.Form):
    """Six digits from the app, or a backup code."""

    token = forms.CharField(
        label=_("验证码"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("请填验证码。")},
    )

    def clean_token(self) -> str:
        return codes.read(self.cleaned_data["token"])
