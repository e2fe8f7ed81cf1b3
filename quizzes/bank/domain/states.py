"""The life of a question: draft → review → published → retired. Pure.

Versions never change; what changes is which of them rooms and papers use. A published question whose
editor writes a new version stays in use with its old version until the new one is published.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The state of a question's newest version; `RETIRED` of the whole question."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    RETIRED = "retired"


STATES: dict[State, str] = {
    State.DRAFT: "草稿",
    State.REVIEW: "待审核",
    State.PUBLISHED: "已发布",
    State.RETIRED: "已停用",
}


class Step(StrEnum):
    EDIT = "edit"
    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"
    RETIRE = "retire"
    RESTORE = "restore"


@dataclass(frozen=True)
class Move:
    name: str
    origins: frozenset[State]
    to: State
    reviewer: bool
    """Whether it takes the right to review."""


MOVES: dict[Step, Move] = {
    Step.EDIT: Move("保存新版本", frozenset(State) - {State.RETIRED}, State.DRAFT, False),
    Step.SUBMIT: Move("提交审核", frozenset({State.DRAFT}), State.REVIEW, False),
    Step.RETURN: Move("退回修改", frozenset({State.REVIEW}), State.DRAFT, True),
    Step.PUBLISH: Move("发布", frozenset({State.DRAFT, State.REVIEW}), State.PUBLISHED, True),
    Step.RETIRE: Move("停用", frozenset({State.DRAFT, State.REVIEW, State.PUBLISHED}), State.RETIRED, True),
    Step.RESTORE: Move("恢复为草稿", frozenset({State.RETIRED}), State.DRAFT, True),
}


class WrongStep(Exception):
    """The step does not lead on from this state. `str()` says why, for a person."""


def after(state: State, step: Step) -> State:
    """The state after a step. Raises `WrongStep`."""
    move = MOVES[step]
    if state not in move.origins:
        raise WrongStep(f"题目现在是“{STATES[state]}”，不能“{move.name}”；请刷新页面看看是否有人先改过了")
    return move.to


def steps(state: State, *, reviewer: bool) -> tuple[Step, ...]:
    """What may be done next, in the order of the table."""
    return tuple(step for step, move in MOVES.items() if state in move.origins and (reviewer or not move.reviewer))
