"""The audit log: who did what to whom and when. Append-only and hash-chained.

It names people by their number, never by name or phone, and says which fields changed rather than
what personal data they held: so a person can be erased without breaking the chain.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class AppendOnly(Exception):
    """Somebody tried to change or delete an entry of the audit log."""


class EntryQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **kwargs: Any) -> int:
        raise AppendOnly

    def delete(self) -> Any:
        raise AppendOnly


class AuditEntry(models.Model):
    number = models.PositiveBigIntegerField(_("序号"), unique=True)
    """1, 2, 3 … without gaps."""
    at = models.DateTimeField(_("时间"), db_index=True)
    actor_id = models.BigIntegerField(_("操作人"), null=True, db_index=True)
    """The user's number; null for the system itself."""
    action = models.CharField(_("操作"), max_length=40, db_index=True)
    target_type = models.CharField(_("对象类型"), max_length=30, blank=True)
    target_id = models.CharField(_("对象"), max_length=60, blank=True)
    organisation_id = models.BigIntegerField(_("单位"), null=True, db_index=True)
    detail = models.JSONField(_("说明"), default=dict)
    address = models.CharField(_("网络地址"), max_length=45, blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("操作记录")
        verbose_name_plural = _("操作记录")
        ordering = ["-number"]
        indexes = [models.Index(fields=["target_type", "target_id"], name="audit_target")]

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
            "at": self.at.isoformat(),
            "actor": self.actor_id,
            "action": self.action,
            "target": [self.target_type, self.target_id],
            "organisation": self.organisation_id,
            "detail": self.detail,
            "address": self.address,
        }


class AuditHead(models.Model):
    """One row: the end of the chain. Whoever appends locks it, so numbers and hashes follow each other."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)
