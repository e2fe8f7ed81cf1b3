"""The upload form of pictures: no picture without words for those who cannot see it."""

from django.utils.translation import gettext_lazy as _
from wagtail.images.forms import BaseImageForm


class PictureForm(BaseImageForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["description"]
        field.required = True
        field.label = _("替代文字")
        field.help_text = _("用一句话说清图里有什么、要记住什么；看不见图的人听到的就是这句话。")
        field.error_messages["required"] = _("请写替代文字：一句话说清图里有什么。")
