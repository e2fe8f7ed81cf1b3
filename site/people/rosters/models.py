"""An import of a roster: from the upload over its preview to what undoes it."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Organisation, User


class RosterImport(models.Model):
    class Kind(models.TextChoices):
        PEOPLE = "people", _("人员名册")
        UNITS = "organisations", _("单位")

    class State(models.TextChoices):
        READING = "reading", _("正在读取")
        REFUSED = "refused", _("读不了")
        READY = "ready", _("等待确认")
        APPLYING = "applying", _("正在导入")
        APPLIED = "applied", _("已导入")
        UNDOING = "undoing", _("正在撤销")
        UNDONE = "undone", _("已撤销")

    BUSY = (State.READING, State.APPLYING, State.UNDOING)

    kind = models.CharField(_("内容"), max_length=20, choices=Kind.choices)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.READING)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("导入人"))
    scope = models.ForeignKey(Organisation, on_delete=models.SET_NULL, null=True, related_name="+")
    """Above all that the owner might import; whoever imports there sees this import too. Null: the whole site."""
    file_name = models.CharField(_("文件"), max_length=200)
    options = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    """Group of the plan → how many; also "rows", "errors", "warnings"."""
    fingerprint = models.CharField(max_length=64, blank=True)
    problem = models.TextField(_("说明"), blank=True)
    job = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(_("上传时间"), default=timezone.now)
    applied_at = models.DateTimeField(_("导入时间"), null=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True)

    class Meta:
        verbose_name = _("名册导入")
        verbose_name_plural = _("名册导入")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def said_state(self) -> str:
        """The state for a reader: a preview with errors does not wait for a confirmation."""
        wrong = self.state == self.State.READY and self.counts.get("errors")
        return _("要改正") if wrong else self.get_state_display()

    @property
    def upload(self) -> Path:
        """Where the file lies until it is read; then it is deleted, for it may hold what we never keep."""
        folder = Path(settings.DATA) / "rosters"
        folder.mkdir(exist_ok=True, mode=0o700)
        return folder / str(self.pk)

    def put(self, slot: str, value: Any) -> None:
        data = zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 3)
        RosterData.objects.update_or_create(roster=self, slot=slot, defaults={"data": data})

    def get(self, slot: str) -> Any:
        """What was put there; None when it is gone."""
        data = RosterData.objects.filter(roster=self, slot=slot).values_list("data", flat=True).first()
        return None if data is None else json.loads(zlib.decompress(bytes(data)))

    def forget(self, *slots: str) -> None:
        RosterData.objects.filter(roster=self, slot__in=slots).delete()


class RosterData(models.Model):
    """The large parts of an import as packed JSON, each for as long as it is needed.

    `rows`: the clean rows, until applied. `view`: the preview. `undo`: what was before.
    """

    roster = models.ForeignKey(RosterImport, on_delete=models.CASCADE, related_name="data")
    slot = models.CharField(max_length=10)
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["roster", "slot"], name="one_data_a_slot")]

    def __str__(self) -> str:
        return f"{self.roster_id} {self.slot}"
