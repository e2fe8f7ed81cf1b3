"""The life of a question: which step leads where, and who may take it."""

from __future__ import annotations

import pytest

from quizzes.bank.domain.states import MOVES, State, Step, WrongStep, after, steps


def test_a_question_goes_from_draft_over_review_to_publication_and_out_of_use() -> None:
    state = State.DRAFT
    for step in (Step.SUBMIT, Step.PUBLISH, Step.RETIRE, Step.RESTORE):
        state = after(state, step)
    assert state is State.DRAFT


def test_a_new_version_of_a_published_question_is_a_draft_again() -> None:
    assert after(State.PUBLISHED, Step.EDIT) is State.DRAFT


def test_a_returned_question_is_a_draft() -> None:
    assert after(State.REVIEW, Step.RETURN) is State.DRAFT


def test_a_step_that_does_not_lead_on_is_refused_in_words() -> None:
    with pytest.raises(WrongStep, match="题目现在是“已停用”，不能“发布”；请刷新页面"):
        after(State.RETIRED, Step.PUBLISH)


@pytest.mark.parametrize(
    ("state", "editor", "reviewer"),
    [
        (State.DRAFT, ("edit", "submit"), ("edit", "submit", "publish", "retire")),
        (State.REVIEW, ("edit",), ("edit", "return", "publish", "retire")),
        (State.PUBLISHED, ("edit",), ("edit", "retire")),
        (State.RETIRED, (), ("restore",)),
    ],
)
def test_an_editor_writes_and_submits_and_a_reviewer_decides(
    state: State, editor: tuple[str, ...], reviewer: tuple[str, ...]
) -> None:
    assert steps(state, reviewer=False) == editor
    assert steps(state, reviewer=True) == reviewer


def test_every_step_that_is_offered_can_be_taken() -> None:
    for state in State:
        for step in steps(state, reviewer=True):
            assert after(state, step) is MOVES[step].to
