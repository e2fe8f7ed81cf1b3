"""Creating, editing, moving, merging, closing and reopening an organisation; each says first what will happen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from people import organisations as tree
from people.access import Action
from people.models import Organisation, OrganisationKind
from people.office.base import OfficeForm
from people.office.chooser import OrganisationField
from people.office.organisations import crumbs
from people.office.trails import with_trails
from people.office.words import kinds_words


class DetailsForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Organisation
        fields = ["name", "kind", "stage", "code"]
        widgets = {"kind": forms.Select, "stage": forms.Select}

    def clean_code(self) -> str | None:
        return tree.clean_code(self.cleaned_data["code"])

    def _post_clean(self) -> None:
        """The service sets and checks the fields; its sentences say what to do."""


class OrganisationForm(OfficeForm):
    header_icon = "site"

    @cached_property
    def organisation(self) -> Organisation:
        found = get_object_or_404(Organisation.objects.select_related("kind"), pk=self.kwargs["pk"])
        return with_trails([found], self.request.user)[0]

    @cached_property
    def numbers(self) -> tree.Effect:
        return tree.effect(self.organisation)

    def crumbs(self) -> list[dict[str, Any]]:
        here = {"url": self.back_url(), "label": self.organisation.name}
        return [*crumbs(self.organisation.trail), here]

    def get_success_url(self) -> str:
        return reverse("office:organisation", args=[self.organisation.pk])


class Add(OrganisationForm):
    """A new organisation below another."""

    page_title = _("新建下级单位")
    form_class = DetailsForm

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["kind"].queryset = OrganisationKind.objects.filter(rank__gt=self.organisation.kind.rank)
        return form

    def act(self, form: Any) -> str:
        made = tree.create(**form.cleaned_data, parent=self.organisation, actor=self.request.user)
        self.made = made
        return _now("已新建“%(name)s”。") % {"name": made.name}

    def get_success_url(self) -> str:
        made = getattr(self, "made", None)
        return reverse("office:organisation", args=[made.pk if made else self.organisation.pk])

    def back_url(self) -> str:
        return reverse("office:organisation", args=[self.organisation.pk])


class AddTop(OfficeForm):
    """A new organisation with nothing above it: the bureau itself. Only for whoever may do everything."""

    page_title = _("新建单位")
    header_icon = "site"
    form_class = DetailsForm

    def crumbs(self) -> list[dict[str, Any]]:
        return crumbs([])

    def act(self, form: Any) -> str:
        made = tree.create(**form.cleaned_data, actor=self.request.user)
        return _now("已新建“%(name)s”。") % {"name": made.name}

    def get_success_url(self) -> str:
        return reverse("office:organisations")


class Edit(OrganisationForm):
    page_title = _("修改单位")
    form_class = DetailsForm

    def get_form_kwargs(self) -> dict[str, Any]:
        # A copy: the form must not write its input into the organisation that the page shows.
        return {**super().get_form_kwargs(), "instance": Organisation.objects.get(pk=self.organisation.pk)}

    def act(self, form: Any) -> str:
        tree.edit(self.organisation, **form.cleaned_data, actor=self.request.user)
        return _now("已保存。")


class Restructure(OrganisationForm):
    """What changes the tree."""

    serious = True

    def get_page_title(self) -> str:
        return f"{self.page_title}：{self.organisation.name}"

    def below_note(self) -> Any:
        return kinds_words(self.numbers.below)


class TargetForm(forms.Form):
    label: Any = ""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"] = OrganisationField(user, Action.ORGANISATIONS_EDIT, label=self.label)


class MoveForm(TargetForm):
    label = _("新的上级单位")


class MergeForm(TargetForm):
    label = _("并入哪个单位")
    sure = forms.BooleanField(label=_("我已核对，确定合并"))
    field_order = ["target", "sure"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)


class WithTarget(Restructure):
    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}


class Move(WithTarget):
    page_title = _("调整隶属")
    form_class = MoveForm
    submit_label = _("调整")
    serious = False

    def notes(self) -> list[Any]:
        node = self.organisation
        above = node.trail[-1].name if node.trail else _now("没有上级")
        said = [_now("“%(name)s”现在隶属“%(above)s”。") % {"name": node.name, "above": above}]
        below = self.below_note()
        if below:
            said.append(_now("下面的单位（%(below)s）会一起过去。") % {"below": below})
        said.append(_now("在岗的 %(n)d 人任职不变。") % {"n": self.numbers.people})
        said.append(_now("原上级单位的管理人员从此看不到这里，新上级单位的可以。"))
        return said

    def act(self, form: Any) -> str:
        target = form.cleaned_data["target"]
        tree.move(self.organisation, target, actor=self.request.user)
        return _now("已调整到“%(name)s”下面。") % {"name": target.name}


class Merge(WithTarget):
    page_title = _("并入另一单位")
    form_class = MergeForm
    submit_label = _("合并")

    def notes(self) -> list[Any]:
        said = [
            _now("“%(name)s”会停用，名称和历史保留，以后能查到它并入了哪里。") % {"name": self.organisation.name},
            _now("在这里任职的 %(n)d 人转到新单位：这里的任职记为今天结束，新单位的从今天开始，岗位不变。")
            % {"n": self.numbers.people_here},
        ]
        if self.numbers.children:
            said.append(
                _now("下面的单位（%(below)s）改为隶属新单位；重名的，后面加注“（原%(name)s）”。")
                % {"below": self.below_note(), "name": self.organisation.name}
            )
        if self.numbers.grants_here:
            said.append(_now("在这里授予的 %(n)d 个角色转到新单位。") % {"n": self.numbers.grants_here})
        said.append(_now("合并不能撤销。"))
        return said

    def act(self, form: Any) -> str:
        target = form.cleaned_data["target"]
        tree.merge(self.organisation, target, actor=self.request.user)
        return _now("“%(name)s”已并入“%(into)s”。") % {"name": self.organisation.name, "into": target.name}


class SureForm(forms.Form):
    sure = forms.BooleanField(label=_("我已核对，确定停用"))


class Close(Restructure):
    page_title = _("停用单位")
    form_class = SureForm
    submit_label = _("停用")

    def notes(self) -> list[Any]:
        if self.numbers.staffed_below:
            return [
                _now("下面还有 %(n)d 个有教职工的单位在用，现在不能停用。请先把它们调整到别处，或逐个停用。")
                % {"n": self.numbers.staffed_below}
            ]
        said = [_now("“%(name)s”停用后不再出现在选择单位的地方，记录都保留。") % {"name": self.organisation.name}]
        if self.numbers.below:
            said.append(_now("下面的单位（%(below)s）一起停用。") % {"below": self.below_note()})
        if self.numbers.people:
            said.append(_now("%(n)d 人在这里的任职从今天起结束；在别处的任职不变。") % {"n": self.numbers.people})
        if self.numbers.grants:
            said.append(_now("在这里授予的 %(n)d 个角色不再有效。") % {"n": self.numbers.grants})
        said.append(_now("以后可以恢复；恢复后角色重新有效，任职要重新登记。"))
        return said

    def act(self, form: Any) -> str:
        tree.close(self.organisation, end_memberships=True, actor=self.request.user)
        return _now("“%(name)s”已停用。") % {"name": self.organisation.name}


class Reopen(Restructure):
    page_title = _("恢复单位")
    submit_label = _("恢复")
    serious = False

    def notes(self) -> list[Any]:
        return [
            _now("“%(name)s”和当时一起停用的年级、班级会恢复使用。") % {"name": self.organisation.name},
            _now("停用时结束的任职不会自动恢复，请重新登记或导入名册。"),
        ]

    def act(self, form: Any) -> str:
        tree.reopen(self.organisation, actor=self.request.user)
        return _now("“%(name)s”已恢复。") % {"name": self.organisation.name}
