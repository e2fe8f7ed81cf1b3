"""Pictures of the whole site, each with words for what it shows; and jobs that outlive a request."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Image


class Picture(AbstractImage):
    """An image whose description (the alt text) is required by the upload form."""

    licence = models.CharField(
        _("来源与许可"), max_length=120, blank=True, help_text=_("例如：自绘；或拍摄者姓名与授权方式")
    )
    admin_form_fields = (*Image.admin_form_fields, "licence")

    class Meta(AbstractImage.Meta):
        verbose_name = _("图片")
        verbose_name_plural = _("图片")


class Rendition(AbstractRendition):
    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class Job(models.Model):
    """Work that outlives a request; `common.jobs` starts it, runs it and tells how far it is."""

    class State(models.TextChoices):
        QUEUED = "queued", _("等待开始")
        RUNNING = "running", _("正在进行")
        DONE = "done", _("已完成")
        FAILED = "failed", _("没有完成")

    kind = models.CharField(_("任务"), max_length=40)
    """A name of `settings.JOBS`."""
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.QUEUED, db_index=True)
    owner_id = models.BigIntegerField(_("发起人"), null=True)
    """A user's number; this room stands below that of the people and holds no foreign key to it."""
    payload = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    message = models.CharField(_("说明"), max_length=500, blank=True)
    """Why it failed, in words for the owner."""
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("后台任务")
        verbose_name_plural = _("后台任务")

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.state}"
