"""Organisations, the people who work in them, and the roles they were given. Pupils are not users."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from people.access_rules import ROLES, Role
from people.fields import PostsField

__all__ = ["Grant", "Membership", "Organisation", "OrganisationEvent", "OrganisationKind", "Role", "User", "within"]


def within(paths: Iterable[str], field: str = "path") -> Q:
    """At or below one of these tree paths; nothing for no path, everything for "".

    A range and not a prefix: SQLite's LIKE reads every row where a range reads the index.
    """
    wanted = Q(pk__in=())
    for path in paths:
        if not path:
            return Q()
        wanted |= Q(**{f"{field}__range": (path, path + "Z" * Organisation.steplen)})
    return wanted


class OrganisationKind(models.Model):
    """A kind of organisation. Data, because a county may know 教育集团 or 教学点; the five below always exist."""

    BUREAU, DISTRICT, SCHOOL, GRADE, CLASS = "bureau", "district", "school", "grade", "class"

    slug = models.SlugField(_("英文短名"), max_length=20, primary_key=True)
    name = models.CharField(_("名称"), max_length=20, unique=True)
    rank = models.PositiveSmallIntegerField(_("层级"), help_text=_("数字小的在上面；上级的数字要小于下级。"))
    has_staff = models.BooleanField(_("有教职工"), default=True)

    class Meta:
        verbose_name = _("单位类型")
        verbose_name_plural = _("单位类型")
        ordering = ["rank", "slug"]

    def __str__(self) -> str:
        return self.name


class OrganisationQuerySet(MP_NodeQuerySet):
    def under(self, *paths: str) -> OrganisationQuerySet:
        """What stands at or below any of these tree paths; nothing for no path."""
        return self.filter(within(paths))

    def open(self) -> OrganisationQuerySet:
        return self.filter(closed_on=None)


class OrganisationManager(MP_NodeManager.from_queryset(OrganisationQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> OrganisationQuerySet:
        return OrganisationQuerySet(self.model, using=self._db).order_by("path")


class Organisation(MP_Node):
    """A bureau, a school district, a school, a grade, a class. Closed ones stay: their history needs them."""

    class Stage(models.TextChoices):
        KINDERGARTEN = "kindergarten", _("幼儿园")
        PRIMARY = "primary", _("小学")
        JUNIOR = "junior", _("初中")
        NINE_YEAR = "nine-year", _("九年一贯制学校")
        SENIOR = "senior", _("高中")
        COMPLETE = "complete", _("完全中学")
        VOCATIONAL = "vocational", _("中等职业学校")
        SPECIAL = "special", _("特殊教育学校")
        OTHER = "other", _("其他")

    name = models.CharField(_("名称"), max_length=80, db_index=True)
    kind = models.ForeignKey(
        OrganisationKind, on_delete=models.PROTECT, related_name="organisations", verbose_name=_("类型"), db_column="kind"
    )
    code = models.CharField(
        _("单位代码"),
        max_length=30,
        unique=True,
        null=True,
        blank=True,
        help_text=_("学校标识码或本局自编的代码，导入名册靠它认单位；没有可以不填。"),
    )
    stage = models.CharField(_("办学类型"), max_length=20, choices=Stage.choices, blank=True)
    closed_on = models.DateField(_("停用日期"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_from", verbose_name=_("并入")
    )

    objects = OrganisationManager()

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        indexes = [models.Index(fields=["kind", "closed_on"], name="organisation_kind_open")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    @property
    def path_above(self) -> str:
        """The parent's tree path; the own one at the top. Who edits there may move, merge or close it."""
        return self.path[: -self.steplen] or self.path


class OrganisationEvent(models.Model):
    """What happened to an organisation: the history that outlives a move, a merger or a closing."""

    class Event(models.TextChoices):
        CREATED = "created", _("新建")
        RENAMED = "renamed", _("更名")
        MOVED = "moved", _("调整隶属")
        MERGED = "merged", _("并入")
        RECEIVED = "received", _("接收并入")
        CLOSED = "closed", _("停用")
        REOPENED = "reopened", _("恢复")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="events")
    event = models.CharField(_("变更"), max_length=10, choices=Event.choices)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    detail = models.JSONField(_("说明"), default=dict, blank=True)
    """Names and ids of organisations, as they were: {"from": …, "to": …}."""
    actor = models.ForeignKey("people.User", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("单位变更")
        verbose_name_plural = _("单位变更")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_event_display()}"


class User(AbstractUser):
    """A member of staff. The field set stays small: no ID number, and a phone number only by choice.

    `username` is the staff number for whoever came by a roster. Chinese names have no spare place for a
    family name: the whole name stands in `first_name`, and `last_name` is kept for Wagtail's forms only.
    """

    username = models.CharField(
        _("工号（登录名）"),
        max_length=60,
        unique=True,
        validators=[AbstractUser.username_validator],
        error_messages={"unique": _("这个工号已有人使用。")},
    )
    first_name = models.CharField(_("姓名"), max_length=60, blank=True, db_index=True)
    phone = models.CharField(_("手机号"), max_length=20, blank=True, help_text=_("可以不填。"))
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    erased_at = models.DateTimeField(_("个人信息删除时间"), null=True, blank=True, editable=False)

    class Meta(AbstractUser.Meta):
        verbose_name = _("用户")
        verbose_name_plural = _("用户")

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_full_name(self) -> str:
        return f"{self.last_name}{self.first_name}"


class Membership(models.Model):
    """That a person works in an organisation, with the posts held there. One may work in several at once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("人员"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("单位")
    )
    posts = PostsField(_("岗位"), blank=True, default="")
    since = models.DateField(_("到岗日期"), null=True, blank=True)
    until = models.DateField(_("离岗日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=Q(until=None), name="one_open_membership_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"


class Grant(models.Model):
    """A role that a person was given at an organisation; it holds there and below."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants", verbose_name=_("人员"))
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="grants", verbose_name=_("单位"))
    role = models.CharField(_("角色"), max_length=20, choices=[(role.value, _(name)) for role, name in ROLES.items()])
    granted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    granted_at = models.DateTimeField(_("授予时间"), default=timezone.now)

    class Meta:
        verbose_name = _("授权")
        verbose_name_plural = _("授权")
        constraints = [models.UniqueConstraint(fields=["user", "organisation", "role"], name="one_grant_a_role")]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.get_role_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        _changed(self.user)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        gone = super().delete(*args, **kwargs)
        _changed(self.user)
        return gone


def _changed(user: User) -> None:
    from people.signals import rights_changed

    rights_changed.send(sender=User, user=user)
