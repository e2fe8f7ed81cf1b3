"""Changing people by hand: each form is one service of `people.staff`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from people import staff, staff_rules
from people.access import Action, access_of, require
from people.access_rules import IMPLIED, ROLES, Role
from people.models import Grant, Membership, Organisation, User
from people.office.base import OfficeForm
from people.office.chooser import OrganisationField
from people.office.people import _post_choices, posts_words, shown_name
from people.office.words import role_words
from people.organisations import Refused


class Tidied(forms.CharField):
    """Text that a rule of `staff_rules` tidies or refuses with a sentence."""

    def __init__(self, rule: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rule = rule

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return self.rule(text)
        except ValueError as problem:
            raise forms.ValidationError(str(problem))


class PostsForm(forms.Form):
    """The posts held at a place, and since when."""

    posts = forms.MultipleChoiceField(
        label=_("岗位"), choices=_post_choices, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("可以选几个。岗位决定考哪些题，不决定能看什么。"),
    )
    since = forms.DateField(label=_("到岗日期"), required=False, widget=AdminDateInput, help_text=_("可以不填。"))


class PersonView(OfficeForm):
    header_icon = "user"

    @cached_property
    def person(self) -> User:
        return get_object_or_404(User, pk=self.kwargs["pk"])

    def crumbs(self) -> list[dict[str, Any]]:
        people = {"url": reverse("office:people"), "label": _("人员")}
        return [people, {"url": self.get_success_url(), "label": shown_name(self.person)}]

    def get_success_url(self) -> str:
        return reverse("office:person", args=[self.person.pk])


class AddForm(PostsForm):
    username = Tidied(staff_rules.clean_number, label=_("工号"), max_length=80, help_text=_("用来登录；不要填身份证号。"))
    name = Tidied(staff_rules.clean_name, label=_("姓名"), max_length=80)
    phone = Tidied(staff_rules.clean_phone, label=_("手机号"), max_length=30, required=False, help_text=_("可以不填。"))
    join = forms.BooleanField(
        label=_("这个人已在系统里，加到本单位任职"), required=False, widget=forms.HiddenInput
    )
    field_order = ["username", "name", "organisation", "posts", "since", "phone", "join"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = OrganisationField(user, Action.PEOPLE_EDIT, label=_("单位"))
        self.order_fields(self.field_order)
        self.present: User | None = None

    def clean(self) -> dict[str, Any]:
        """Somebody with this number may be here already: then the officer is asked, and told no more than the
        typed name confirms: a number alone must not reveal who works elsewhere."""
        found: dict[str, Any] = super().clean() or {}
        number, name = found.get("username"), found.get("name")
        present = User.objects.filter(username__iexact=number).first() if number else None
        if present is None or name is None:
            return found
        if str(present) != name:
            self.add_error("username", _("这个工号已有人使用，姓名与您填的不同。请核对工号和姓名。"))
        elif not found.get("join"):
            self.fields["join"].widget = forms.CheckboxInput()
            self.add_error("join", _("工号和姓名都相同的人已在系统里。如果是同一人在两处任职，请勾选这一项再保存。"))
        self.present = present
        return found


class Add(OfficeForm):
    """A new person by hand, or a further place of work for somebody who is here already."""

    page_title = _("新建人员")
    header_icon = "user"
    form_class = AddForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        """The place named in the address, or the only one there is to choose."""
        asked = self.request.GET.get("organisation", "")
        field = OrganisationField(self.request.user, Action.PEOPLE_EDIT)
        if asked.isdecimal():
            return {"organisation": field.queryset.filter(pk=asked).first()}
        most = list(field.queryset.filter(kind__has_staff=True)[:2])
        return {"organisation": most[0] if len(most) == 1 else None}

    def crumbs(self) -> list[dict[str, Any]]:
        return [{"url": reverse("office:people"), "label": _("人员")}]

    def notes(self) -> list[Any]:
        return [_now("新人没有密码，第一次登录要用一次性登录码。人多时请用名册导入。")]

    def act(self, form: Any) -> str:
        given = form.cleaned_data
        work = {"posts": given["posts"], "since": given["since"], "actor": self.request.user}
        if form.present:
            self.made = form.present
            staff.join(form.present, given["organisation"], **work)
            return _now("已加到“%(name)s”。") % {"name": given["organisation"].name}
        self.made = staff.create(
            given["username"], given["name"], given["organisation"], phone=given["phone"], **work
        )
        return _now("已新建“%(name)s”。") % {"name": self.made}

    def get_success_url(self) -> str:
        made = getattr(self, "made", None)
        return reverse("office:person", args=[made.pk]) if made else reverse("office:people")


class EditForm(forms.Form):
    name = Tidied(staff_rules.clean_name, label=_("姓名"), max_length=80)
    phone = Tidied(staff_rules.clean_phone, label=_("手机号"), max_length=30, required=False, help_text=_("可以不填。"))
    is_active = forms.BooleanField(
        label=_("账号可以登录"), required=False, help_text=_("去掉勾选，这个人就不能再登录；任职和记录都保留。")
    )


class Edit(PersonView):
    page_title = _("修改资料")
    form_class = EditForm

    def get_initial(self) -> dict[str, Any]:
        person = self.person
        return {"name": str(person), "phone": person.phone, "is_active": person.is_active}

    def act(self, form: Any) -> str:
        staff.edit(self.person, **form.cleaned_data, actor=self.request.user)
        return _now("已保存。")


class PlaceForm(PostsForm):
    field_order = ["organisation", "posts", "since"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = OrganisationField(user, Action.PEOPLE_EDIT, label=_("单位"))
        self.order_fields(self.field_order)


class Join(PersonView):
    page_title = _("加到另一单位任职")
    form_class = PlaceForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def notes(self) -> list[Any]:
        return [_now("一个人可以同时在几个单位任职；现有的任职不变。")]

    def act(self, form: Any) -> str:
        staff.join(self.person, **form.cleaned_data, actor=self.request.user)
        return _now("已保存。")


class MembershipView(PersonView):
    """What touches one membership; for whoever edits people at that place."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        found = Membership.objects.select_related("organisation", "user")
        self.membership = get_object_or_404(found, pk=kwargs["membership"], user_id=kwargs["pk"])
        require(request.user, Action.PEOPLE_EDIT, self.membership.organisation)
        return super().dispatch(request, *args, **kwargs)

    @property
    def place(self) -> Organisation:
        return self.membership.organisation


class Posts(MembershipView):
    form_class = PostsForm

    def get_page_title(self) -> str:
        return _now("在“%(name)s”的岗位") % {"name": self.place.name}

    def get_initial(self) -> dict[str, Any]:
        return {"posts": list(self.membership.posts), "since": self.membership.since}

    def act(self, form: Any) -> str:
        staff.set_posts(self.membership, **form.cleaned_data, actor=self.request.user)
        return _now("已保存。")


class LeaveForm(forms.Form):
    on = forms.DateField(label=_("离岗日期"), widget=AdminDateInput)

    def clean_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("离岗日期不能晚于今天。请到那一天再办。"))
        return day


class Leave(MembershipView):
    form_class = LeaveForm
    submit_label = _("离岗")
    serious = True

    def get_page_title(self) -> str:
        return _now("从“%(name)s”离岗") % {"name": self.place.name}

    def get_initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def notes(self) -> list[Any]:
        held = Grant.objects.filter(user=self.person, organisation__path__startswith=self.place.path)
        said = [_now("任职结束，记录保留。在别处的任职不变。")]
        names = "、".join(f"{_now(ROLES[Role(row.role)])}" for row in held)
        if names:
            said.append(_now("在这里（含下级）的角色同时收回：%(names)s。") % {"names": names})
        return said

    def act(self, form: Any) -> str:
        staff.leave(self.membership, on=form.cleaned_data["on"], actor=self.request.user)
        return _now("“%(person)s”已从“%(place)s”离岗。") % {"person": self.person, "place": self.place.name}


class TransferForm(LeaveForm):
    posts = forms.MultipleChoiceField(
        label=_("新岗位"), choices=_post_choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ["organisation", "on", "posts"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("调动日期")
        self.fields["organisation"] = OrganisationField(user, Action.PEOPLE_EDIT, label=_("调到"))
        self.order_fields(self.field_order)


class Transfer(MembershipView):
    form_class = TransferForm
    submit_label = _("调动")

    def get_page_title(self) -> str:
        return _now("从“%(name)s”调动") % {"name": self.place.name}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate(), "posts": list(self.membership.posts)}

    def notes(self) -> list[Any]:
        now = posts_words(self.membership.posts) or _now("没有岗位")
        return [
            _now("现在：%(place)s，%(posts)s。") % {"place": self.place.name, "posts": now},
            _now("这里的任职在那一天结束，新单位的从那一天开始；在这里的角色同时收回。"),
        ]

    def act(self, form: Any) -> str:
        given = form.cleaned_data
        staff.transfer(
            self.membership, given["organisation"], given["posts"], on=given["on"], actor=self.request.user
        )
        return _now("“%(person)s”已调到“%(place)s”。") % {"person": self.person, "place": given["organisation"].name}


class GrantForm(forms.Form):
    role = forms.ChoiceField(label=_("角色"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        access = access_of(user)
        places = access.places(Action.ROLES_GRANT)
        roles = [role for role in ROLES if role not in IMPLIED and any(access.may_grant(role, path) for path in places)]
        self.fields["role"].choices = [
            (role.value, "：".join(filter(None, (_now(ROLES[role]), role_words(role))))) for role in roles
        ]
        self.fields["organisation"] = OrganisationField(
            user, Action.ROLES_GRANT, label=_("在哪个单位"), help_text=_("角色在这个单位和它的所有下级单位有效。")
        )


class GiveRole(PersonView):
    page_title = _("授予角色")
    submit_label = _("授予")
    form_class = GrantForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def notes(self) -> list[Any]:
        return [_now("教职工和教师两个角色由任职和岗位得来，不用授予。")]

    def act(self, form: Any) -> str:
        role, place = Role(form.cleaned_data["role"]), form.cleaned_data["organisation"]
        if not access_of(self.request.user).may_grant(role, place.path):
            raise Refused(_now("您不能在“%(name)s”授予这个角色。请另选单位或角色。") % {"name": place.name})
        staff.grant(self.person, role, place, actor=self.request.user)
        return _now("已授予“%(role)s”。") % {"role": _now(ROLES[role])}


class TakeRole(PersonView):
    submit_label = _("收回")
    serious = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        found = Grant.objects.select_related("organisation", "user")
        self.given = get_object_or_404(found, pk=kwargs["grant"], user_id=kwargs["pk"])
        if not access_of(request.user).may_grant(Role(self.given.role), self.given.organisation.path):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return _now("收回角色“%(role)s”") % {"role": self.given.get_role_display()}

    def notes(self) -> list[Any]:
        place, words = self.given.organisation.name, role_words(Role(self.given.role))
        words = words or _now("担任这个角色")
        return [_now("“%(person)s”在“%(place)s”（含下级）不能再：%(words)s。") % {"person": self.person, "place": place, "words": words}]

    def act(self, form: Any) -> str:
        staff.take(self.given, actor=self.request.user)
        return _now("已收回。")
