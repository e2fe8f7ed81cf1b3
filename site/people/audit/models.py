"""The audit log: who did what to whom and when. Append-only and hash-chained.

It names people by their number, never by name or phone, and says which fields changed rather than
what personal data they held: so a person can be erased without breaking the chain.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AppendOnly(Exception):
    """Somebody tried to change or delete an entry of the audit log."""


class EntryQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **kwargs: Any) -> int:
        raise AppendOnly

    def delete(self) -> Any:
        raise AppendOnly

    def forget_addresses(self) -> int:
        """Blank the network addresses, which the chain does not cover; returns how many there were."""
        return super().update(address="")


class AuditEntry(models.Model):
    number = models.PositiveBigIntegerField(_("序号"), unique=True)
    """1, 2, 3 … without gaps."""
    at = models.DateTimeField(_("时间"), db_index=True)
    actor_id = models.BigIntegerField(_("操作人"), null=True)
    """The user's number; null for the system itself."""
    action = models.CharField(_("操作"), max_length=40)
    target_type = models.CharField(_("对象类型"), max_length=30, blank=True)
    target_id = models.CharField(_("对象"), max_length=60, blank=True)
    organisation_id = models.BigIntegerField(_("单位"), null=True)
    detail = models.JSONField(_("说明"), default=dict)
    address = models.CharField(_("网络地址"), max_length=45, blank=True)
    """Personal data with a time of its own: outside the hash, so that it can be blanked when that is over."""
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("操作记录")
        verbose_name_plural = _("操作记录")
        ordering = ["-number"]
        # Each filter of the screen pages by number: the index gives the page without sorting.
        indexes = [
            models.Index(fields=["actor_id", "number"], name="audit_actor"),
            models.Index(fields=["action", "number"], name="audit_action"),
            models.Index(fields=["organisation_id", "number"], name="audit_organisation"),
            models.Index(fields=["target_type", "target_id", "number"], name="audit_target"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise AppendOnly

    def content(self) -> dict[str, Any]:
        """What the hash covers, as plain JSON values."""
        return {
            "number": self.number,
            "at": self.at.astimezone(dt.UTC).isoformat(),
            "actor": self.actor_id,
            "action": self.action,
            "target": [self.target_type, self.target_id],
            "organisation": self.organisation_id,
            "detail": self.detail,
        }


class AuditHead(models.Model):
    """One row: the end of the chain. Whoever appends locks it, so numbers and hashes follow each other."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)


class AuditCheck(models.Model):
    """That the chain was walked, how far, and what was found. `hash` is an anchor for the next walk."""

    at = models.DateTimeField(_("核对时间"), default=timezone.now)
    number = models.PositiveBigIntegerField(_("核对到"))
    hash = models.CharField(max_length=64)
    whole = models.BooleanField(_("从第 1 条开始"), default=True)
    fault = models.CharField(_("问题"), max_length=10, blank=True)
    fault_number = models.PositiveBigIntegerField(_("出错的序号"), null=True)

    class Meta:
        verbose_name = _("记录核对")
        verbose_name_plural = _("记录核对")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"1–{self.number} {self.fault or 'ok'}"
