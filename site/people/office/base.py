"""What the office's screens share: a page with a form that either saves or says why not, and small helpers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from people.organisations import Refused


class OfficeForm(WagtailAdminTemplateMixin, FormView):
    """A form in Wagtail's look. `act` does the thing and returns the sentence that says so; `Refused` is
    shown above the form, with everything that was typed still there."""

    template_name = "people/office/form.html"
    form_class: Any = forms.Form
    submit_label: Any = _("保存")
    serious = False
    """Whether the button is red: what it does cannot simply be taken back."""

    def act(self, form: Any) -> str:
        raise NotImplementedError

    def crumbs(self) -> list[dict[str, Any]]:
        return []

    def notes(self) -> list[Any]:
        """Sentences above the form: what will happen."""
        return []

    def back_url(self) -> str:
        return self.get_success_url()

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            said = self.act(form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, said)
        return HttpResponseRedirect(self.get_success_url())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, *self.crumbs(), {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["media"] = context["form"].media
        context["notes"] = self.notes()
        context["submit_label"] = self.submit_label
        context["serious"] = self.serious
        context["back_url"] = self.back_url()
        return context


def address(name: str, *args: Any) -> str:
    """The address of a screen of another room, or nothing where that room is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
