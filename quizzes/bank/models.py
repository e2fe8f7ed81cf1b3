"""Questions and their options. Other rooms never touch these: they ask `quizzes.bank.services`.

A question that is changed here changes nothing that was asked already: whoever puts a question
keeps the `QuestionCard` it was given.
"""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import (
    DraftStateMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search import index

from common.text import search_tokens
from quizzes.bank import shapes
from quizzes.bank.fields import BandsField


class QuestionForm(WagtailAdminModelForm):
    """Checks the options together: a formset's rows do not know the question's kind."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        formset = self.formsets.get("options")
        kind = data.get("kind")
        if formset is None or kind is None or not formset.is_valid():
            return data
        rows = [form for form in formset.ordered_forms if form.cleaned_data.get("text")]
        # A draft is checked too: a workflow may publish it later without this form.
        for problem in shapes.option_problems(
            kind,
            [form.cleaned_data["text"] for form in rows],
            [form.cleaned_data["right"] for form in rows],
            all_right=True,
        ):
            self.add_error(None, problem)
        return data


class Question(
    WorkflowMixin,
    DraftStateMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    ClusterableModel,
):
    """One question of the bank, with two to four ordered options."""

    code = models.CharField(
        _("编号"),
        max_length=8,
        unique=True,
        validators=[RegexValidator(r"^q\d{3,6}$", _("编号写成 q 加数字，例如 q201。"))],
        help_text=_("写成 q 加数字，例如 q201。课件和答题记录靠编号找到题目，定了就不要再改。"),
    )
    topic_slug = models.SlugField(
        _("主题"),
        max_length=30,
        help_text=_("主题的英文短名，与课程页一致，例如 drowning。"),
    )
    kind = models.CharField(
        _("题型"), max_length=10, choices=[(kind, _(name)) for kind, name in shapes.KINDS.items()]
    )
    stem = models.CharField(
        _("题干"),
        max_length=shapes.STEM_LENGTH,
        help_text=_("最多 80 字。后排要看得清，一句话问一件事。"),
    )
    explanation = models.CharField(
        _("解析"),
        max_length=shapes.EXPLANATION_LENGTH,
        help_text=_("最多 120 字。先说该怎么做，再说为什么。"),
    )
    source_mark = models.CharField(
        _("来源标记"),
        max_length=16,
        help_text=_("与课程来源表一致，例如 V61；常识写 G，发布前请核对。"),
    )
    bands = BandsField(_("适用对象"), help_text=_("勾选能看懂、用得上这道题的人。"))
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("修改时间"), auto_now=True)

    # Named here so that deleting a question also deletes its drafts and reviews.
    _revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="question",
        for_concrete_model=False,
    )
    _workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="question",
        for_concrete_model=False,
    )

    base_form_class = QuestionForm
    panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("code"), FieldPanel("topic_slug"), FieldPanel("kind")]),
                FieldPanel("bands"),
            ],
            heading=_("归类"),
        ),
        FieldPanel("stem"),
        InlinePanel(
            "options",
            heading=_("选项"),
            label=_("选项"),
            min_num=shapes.LEAST_OPTIONS,
            max_num=shapes.MOST_OPTIONS,
            help_text=_("2 到 4 个，按显示的顺序排列。判断题写“对”“错”，“对”在前。"),
        ),
        FieldPanel("explanation"),
        FieldPanel("source_mark"),
    ]
    search_fields = [
        index.SearchField("search_tokens"),
        index.AutocompleteField("search_tokens"),
        index.FilterField("kind"),
        index.FilterField("topic_slug"),
        index.FilterField("live"),
    ]

    class Meta:
        verbose_name = _("题目")
        verbose_name_plural = _("题目")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.stem}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        # The index is first written before the options are: write it again with them.
        index.insert_or_update_object(self)

    @property
    def revisions(self) -> Any:
        return self._revisions

    @property
    def workflow_states(self) -> Any:
        return self._workflow_states

    def search_tokens(self) -> str:
        """Everything a teacher may look for, cut into the pieces that Chinese search compares."""
        options = [option.text for option in self.options.all()]
        return search_tokens(" ".join([self.code, self.stem, *options, self.explanation]))

    def bands_label(self) -> str:
        return "、".join(_now(shapes.BANDS[band]) for band in self.bands)

    def state_label(self) -> str:
        if not self.live:
            return _now("草稿")
        return _now("已发布，另有草稿") if self.has_unpublished_changes else _now("已发布")

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "bank/question_preview.html"


class QuestionOption(Orderable):
    """One option. Its letter is its position when it is shown, so it has none here."""

    question = ParentalKey(Question, on_delete=models.CASCADE, related_name="options")
    text = models.CharField(
        _("文字"),
        max_length=shapes.OPTION_LENGTH,
        help_text=_("最多 40 字，24 字以内后排看得最清。"),
    )
    right = models.BooleanField(_("正确"), default=False)
    misconception = models.CharField(
        _("误区"),
        max_length=shapes.MISCONCEPTION_LENGTH,
        blank=True,
        help_text=_("选了它的人多半是怎么想的？最多 24 字；正确选项不用写。"),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("选项")
        verbose_name_plural = _("选项")

    def __str__(self) -> str:
        return self.text
