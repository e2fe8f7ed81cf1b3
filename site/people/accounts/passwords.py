"""Django's length rule in words that say what to do: its own are not translated in this release."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return _("密码太短，至少要 %(length)d 位。可以用一句话，汉字也算。") % {"length": self.min_length}

    def get_help_text(self) -> str:
        return _("至少 %(length)d 位。") % {"length": self.min_length}
