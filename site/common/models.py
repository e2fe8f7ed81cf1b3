"""Pictures of the whole site; each says in words what it shows."""

from __future__ import annotations

from django.db import models
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
