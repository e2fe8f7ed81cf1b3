"""What is kept of a live room: the room, its players and their answers. All of it is deleted after some days.

No name of a child is asked for; a player is a seat number or nickname that nobody but its owner sees.
The room's row is the referee between processes: whoever changes it must know its `rev`.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Room(models.Model):
    code = models.CharField(_("课堂号"), max_length=6, unique=True)
    mode = models.CharField(_("方式"), max_length=10)
    band = models.CharField(_("学段"), max_length=4)
    topic_slug = models.CharField(_("主题"), max_length=40)
    title = models.CharField(_("标题"), max_length=60)
    lesson_path = models.CharField(_("课程地址"), max_length=200, blank=True)
    quiet = models.BooleanField(_("安静模式"), default=False)
    max_players = models.PositiveIntegerField(_("人数上限"))
    host_key = models.CharField(max_length=64)
    """SHA-256 of the host's secret; the secret itself lives in the host's cookie only."""
    deck = models.JSONField()
    phase = models.CharField(_("阶段"), max_length=10)
    paused = models.BooleanField(_("暂停"), default=False)
    index = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=1)
    rev = models.PositiveIntegerField(default=1)
    left = models.JSONField(default=dict)
    tallies = models.JSONField(default=dict)
    joined = models.PositiveIntegerField(_("已加入人数"), default=0)
    created_at = models.DateTimeField(_("开课时间"))
    opened_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(_("最近操作"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    delete_after = models.DateTimeField(_("删除时间"), db_index=True)
    harvested_at = models.DateTimeField(_("计入题目统计的时间"), null=True)

    class Meta:
        verbose_name = _("课堂")
        verbose_name_plural = _("课堂")

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Player(models.Model):
    # The constraints below begin with the room: a second index would only slow the joins down.
    room = models.ForeignKey(Room, models.CASCADE, related_name="players", db_index=False)
    number = models.PositiveIntegerField(_("序号"))
    name = models.CharField(_("座位号或昵称"), max_length=12)
    seed = models.PositiveBigIntegerField()
    join_key = models.CharField(max_length=64)
    """SHA-256 of the device's join key: a join that is sent twice is one player."""
    joined_at = models.DateTimeField(_("加入时间"))

    class Meta:
        verbose_name = _("参与者")
        verbose_name_plural = _("参与者")
        constraints = [
            models.UniqueConstraint(fields=["room", "number"], name="live_player_number"),
            models.UniqueConstraint(fields=["room", "join_key"], name="live_player_join_key"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class Answer(models.Model):
    room = models.ForeignKey(Room, models.CASCADE, related_name="answers", db_index=False)
    index = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField()
    player = models.ForeignKey(Player, models.CASCADE, related_name="answers")
    chosen = models.CharField(_("选项"), max_length=50)
    """Option numbers of the room's deck, sorted, joined by commas: equal answers group as equal text."""
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("作答")
        verbose_name_plural = _("作答")
        constraints = [
            models.UniqueConstraint(
                fields=["room", "index", "round", "player"], name="live_answer_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}/{self.index}.{self.round}"
