"""Requests for erasure, and the log of what was deleted. Neither names anybody."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import User


class Erasure(models.Model):
    """That a person's data shall be erased after some days; until then it can be taken back."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="erasures")
    asked_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    asked_by = models.BigIntegerField(_("办理人"), null=True)
    """The number of whoever asked: the person, or an officer on the person's request."""
    due_at = models.DateTimeField(_("执行时间"), db_index=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)
    done_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("删除申请")
        verbose_name_plural = _("删除申请")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(withdrawn_at=None, done_at=None), name="one_open_erasure_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.user_id} {self.due_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.withdrawn_at is None and self.done_at is None


class Deletion(models.Model):
    """That rows of one kind were deleted in one run: how many and how old, never whose."""

    class Cause(models.TextChoices):
        DUE = "due", _("到期")
        ERASURE = "erasure", _("本人申请")
        AT_ONCE = "at-once", _("要求立即删除")

    at = models.DateTimeField(_("时间"), default=timezone.now, db_index=True)
    holding = models.CharField(_("数据"), max_length=30)
    model = models.CharField(_("数据表"), max_length=60)
    cause = models.CharField(_("原因"), max_length=10, choices=Cause.choices)
    count = models.PositiveIntegerField(_("条数"))
    oldest = models.DateTimeField(_("其中最早的"), null=True)

    class Meta:
        verbose_name = _("删除记录")
        verbose_name_plural = _("删除记录")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.model} {self.count}"
