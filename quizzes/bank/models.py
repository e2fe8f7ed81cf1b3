"""Questions, their immutable versions and pictures. Other rooms never touch these: they ask `quizzes.bank.services`.

A question is an identity with labels (topic, bands, posts, difficulty, tags); what it asks and what is
right stands in its versions. Every change of content is a new version; a version is never changed, so
whoever was asked something can be shown years later exactly what.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.search import index

from common.text import search_tokens
from people.fields import PostsField
from quizzes.bank import shapes
from quizzes.bank.domain.body import CHOICE_KINDS, DIFFICULTIES, KINDS, Body, from_json, needs_check, pictures, words
from quizzes.bank.domain.states import STATES, State
from quizzes.bank.fields import BandsField


class Question(index.Indexed, models.Model):
    """One question of the bank through all its versions."""

    code = models.CharField(
        _("编号"),
        max_length=8,
        unique=True,
        validators=[RegexValidator(r"^q\d{3,7}$", _("编号写成 q 加数字，例如 q201。"))],
        help_text=_("课件、试卷和答题记录靠编号找到题目，定了就不要再改。"),
    )
    topic_slug = models.SlugField(_("主题"), max_length=30, db_index=True)
    bands = BandsField(_("适用对象"), help_text=_("勾选能看懂、用得上这道题的人。"))
    posts = PostsField(_("岗位"), blank=True, default="", help_text=_("只对教职工：哪些岗位要会。"))
    difficulty = models.PositiveSmallIntegerField(_("难度"), choices=list(DIFFICULTIES.items()), default=2)
    tags = TaggableManager(verbose_name=_("标签"), blank=True)

    state = models.CharField(
        _("状态"), max_length=10, choices=[(state.value, _(name)) for state, name in STATES.items()], default="draft"
    )
    live = models.BooleanField(_("正在使用"), default=False, editable=False)
    """Whether `live_version` is set: a column, because the search index filters by it."""
    live_version = models.ForeignKey(
        "QuestionVersion", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    latest_version = models.ForeignKey(
        "QuestionVersion", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    # Copies of the newest version, for lists, filters and the look for duplicates.
    kind = models.CharField(
        _("题型"), max_length=10, choices=[(kind, _(name)) for kind, name in KINDS.items()], editable=False
    )
    stem = models.TextField(_("题干"), editable=False)
    to_check = models.BooleanField(_("待核"), default=False, editable=False)
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("修改时间"), auto_now=True)

    search_fields = [
        index.SearchField("search_tokens"),
        index.AutocompleteField("search_tokens"),
        index.FilterField("id"),
        index.FilterField("kind"),
        index.FilterField("topic_slug"),
        index.FilterField("live"),
        index.FilterField("state"),
        index.FilterField("difficulty"),
        index.FilterField("to_check"),
        index.FilterField("bands"),
        index.FilterField("posts"),
    ]

    class Meta:
        verbose_name = _("题目")
        verbose_name_plural = _("题目")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.stem}"

    @property
    def body(self) -> Body:
        """What is put to people: the published version, or the newest one of a question never published."""
        version = self.live_version or self.latest_version
        assert version is not None
        return version.body

    @property
    def shown(self) -> Body | None:
        """What a lesson page shows of an embedded question: the version in use, if a page can show it at all."""
        body = self.live_version.body if self.live_version else None
        return body if body and body.kind in CHOICE_KINDS and not pictures(body) else None

    def search_tokens(self) -> str:
        """Everything a teacher may look for, cut into the pieces that Chinese search compares."""
        version = self.latest_version
        return search_tokens(f"{self.code} {words(version.body)}" if version else self.code)

    def bands_label(self) -> str:
        return "、".join(_now(shapes.BANDS[band]) for band in self.bands)

    def state_label(self) -> str:
        if self.live and self.state != State.PUBLISHED:
            return _now("已发布，另有%(state)s") % {"state": self.get_state_display()}
        return str(self.get_state_display())


class Frozen(Exception):
    """Somebody tried to change or delete a version."""


class QuestionVersion(models.Model):
    """What a question said at one time. Written once."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("版本"))
    content = models.JSONField(_("内容"))
    """`domain.body.to_json`."""
    content_hash = models.CharField(max_length=64, db_index=True)
    note = models.CharField(_("修改说明"), max_length=200, blank=True)
    author = models.ForeignKey("people.User", on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = _("题目版本")
        verbose_name_plural = _("题目版本")
        ordering = ["question", "number"]
        constraints = [models.UniqueConstraint(fields=["question", "number"], name="one_version_a_number")]

    def __str__(self) -> str:
        return f"{self.question_id} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise Frozen
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise Frozen

    @cached_property
    def body(self) -> Body:
        return from_json(self.content)

    @property
    def to_check(self) -> bool:
        return needs_check(self.body)


class QuestionPicture(models.Model):
    """A picture of questions, named by its content: SHA-256 and ending. Kept in `media/bank/`."""

    name = models.CharField(primary_key=True, max_length=72)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("题目图片")
        verbose_name_plural = _("题目图片")

    def __str__(self) -> str:
        return self.name


class ItemTally(models.Model):
    """How a version was answered, as sums and counts: nothing about a person. See `domain.statistics.Tally`."""

    class Source(models.TextChoices):
        LIVE = "live", _("课堂互动")
        EXAM = "exam", _("考试")
        PRACTICE = "practice", _("练习")

    version = models.ForeignKey(QuestionVersion, on_delete=models.CASCADE, related_name="tallies")
    source = models.CharField(_("来自"), max_length=10, choices=Source.choices)
    content = models.JSONField()
    count = models.PositiveIntegerField(_("作答数"), default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("作答统计")
        verbose_name_plural = _("作答统计")
        constraints = [models.UniqueConstraint(fields=["version", "source"], name="one_tally_a_source")]

    def __str__(self) -> str:
        return f"{self.version} {self.source} {self.count}"


class QuestionImport(models.Model):
    """A file of questions between its upload and its undoing; `quizzes.bank.imports` does all with it.

    What the file held is kept until it is applied, or until `imports.sweep` deletes an upload nobody decided upon.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("等待确认")
        APPLIED = "applied", _("已导入")
        UNDONE = "undone", _("已撤销")

    token = models.UUIDField(primary_key=True)
    """Made by the upload form: a form that is sent twice uploads once."""
    owner = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+", verbose_name=_("导入人"))
    file_name = models.CharField(_("文件"), max_length=200)
    format = models.CharField(_("格式"), max_length=10)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    content = models.JSONField(default=dict)
    """`{"items": [{"place", "code", "labels", "body", "twin"?}], "problems": [Problem]}`."""
    choices = models.JSONField(default=dict)
    """`imports.Choices`."""
    result = models.JSONField(default=dict)
    """`{"created": [primary keys], "revised": [primary keys]}`."""
    created_at = models.DateTimeField(_("上传时间"), default=timezone.now)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("题目导入")
        verbose_name_plural = _("题目导入")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name
