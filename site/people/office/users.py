"""Wagtail's own user screens, for the superuser only: to make another one, or to set a password in need.

Everybody else, and everything that concerns work and roles, is done on the office's own screens.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.users import forms as wagtail_forms
from wagtail.users.views import users as wagtail_views

from people.audit.services import record
from people.models import User
from people.signals import rights_changed

_FIELDS = ["username", "email", "first_name", "is_superuser", "groups"]
_WIDGETS = {"groups": forms.CheckboxSelectMultiple}


class _Names(forms.Form):
    email = forms.EmailField(label=_("邮箱"), required=False, help_text=_("可以不填。"))
    first_name = forms.CharField(label=_("姓名"), max_length=60)


class CreationForm(_Names, wagtail_forms.UserCreationForm):
    last_name = None

    class Meta:
        model = User
        fields = _FIELDS
        widgets = _WIDGETS


class EditForm(_Names, wagtail_forms.UserEditForm):
    last_name = None

    class Meta:
        model = User
        fields = [*_FIELDS, "is_active"]
        widgets = _WIDGETS


class _Audited:
    """Writes the audit log as the office's own screens do: names of fields, no values."""

    form: Any
    request: Any
    audited_as = "people.edit"

    def save_instance(self) -> Any:
        saved = super().save_instance()  # type: ignore[misc]
        fields = [name for name in self.form.changed_data if not name.startswith("password")]
        record(self.audited_as, actor=self.request.user, target=saved, detail={"fields": fields})
        rights_changed.send(sender=User, user=saved)
        if "password1" in self.form.changed_data:
            record("password.reset", actor=self.request.user, target=saved)
        return saved


class IndexView(wagtail_views.IndexView):
    @cached_property
    def columns(self) -> list[Any]:
        return [column for column in super().columns if column.name != "bulk_actions"]

    def get_delete_url(self, instance: Any) -> None:
        return None


class DeleteView(wagtail_views.DeleteView):
    """Nobody is deleted here: an account is switched off, and a person is erased on the page about personal data."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        raise PermissionDenied


class CreateView(_Audited, wagtail_views.CreateView):
    audited_as = "people.create"


class EditView(_Audited, wagtail_views.EditView):
    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.can_delete = False


class UserViewSet(wagtail_views.UserViewSet):
    index_view_class = IndexView
    delete_view_class = DeleteView
    add_view_class = CreateView
    edit_view_class = EditView
    create_template_name = "people/office/user_create.html"
    edit_template_name = "people/office/user_edit.html"

    def get_form_class(self, for_update: bool = False) -> Any:
        return EditForm if for_update else CreationForm
