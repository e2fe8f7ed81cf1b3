"""First codes, the issues they were printed in, and who is signed in where."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Organisation


class CodeIssue(models.Model):
    """One printing of slips. `key` is the hash of the form's token, so that a doubled click finds its first."""

    key = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = _("登录码批次")
        verbose_name_plural = _("登录码批次")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class FirstCode(models.Model):
    """A one-time code with which a person sets the own password. The code itself is never stored."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="first_codes")
    digest = models.CharField(max_length=64)
    issue = models.ForeignKey(CodeIssue, on_delete=models.CASCADE, related_name="codes")
    expires_at = models.DateTimeField(_("失效时间"))
    used_at = models.DateTimeField(_("使用时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    """Set when a newer code took its place."""

    class Meta:
        verbose_name = _("登录码")
        verbose_name_plural = _("登录码")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(used_at=None, ended_at=None), name="one_open_code_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.expires_at:%Y-%m-%d}"


class SignedIn(models.Model):
    """One signed-in device. It lives and dies with its session: logging out, expiry and ending cascade."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, primary_key=True, related_name="signed_in")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="signed_in")
    since = models.DateTimeField(_("登录时间"), default=timezone.now)
    seen_at = models.DateTimeField(_("最近使用"), default=timezone.now)
    """Not more than five minutes behind."""
    address = models.CharField(_("网络地址"), max_length=45, blank=True)
    agent = models.CharField(_("设备"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("已登录设备")
        verbose_name_plural = _("已登录设备")
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.seen_at:%Y-%m-%d %H:%M}"
