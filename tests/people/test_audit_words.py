"""Every action that some code records has words for its reader."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from people.audit.words import ACTIONS, FAULTS, GROUPS, actions_of, sentence
from quizzes.bank.domain.states import Step
from tests.conftest import ROOT

CALLS = {"record", "record_many", "Entry"}


def sources() -> Iterator[Path]:
    for room in ("site", "lessons", "quizzes", "campaigns"):
        yield from (path for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts)


def recorded() -> Iterator[tuple[str, str]]:
    """(action, where) of every literal first argument; an f-string gives its beginning and a star."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first, where = node.args[0], f"{path.relative_to(ROOT)}:{node.lineno}"
            if name not in CALLS:
                continue
            choices = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
            for choice in choices:
                if isinstance(choice, ast.Constant) and isinstance(choice.value, str):
                    yield choice.value, where
                elif isinstance(choice, ast.JoinedStr):
                    start = choice.values[0]
                    assert isinstance(start, ast.Constant), f"{where}: an action begins with its group"
                    yield f"{start.value}*", where


def test_every_recorded_action_has_words():
    found = list(recorded())
    assert {action for action, _where in found} >= {"bank.create", "bank.*"}
    known = set(ACTIONS)
    assert [
        f"{action} at {where}"
        for action, where in found
        if (not any(one.startswith(action[:-1]) for one in known) if action.endswith("*") else action not in known)
    ] == []


def test_every_step_of_a_question_has_words():
    assert [step for step in Step if f"bank.{step}" not in ACTIONS] == []


def test_every_action_belongs_to_one_group():
    owners = {action: [group for group in GROUPS if action in actions_of(group)] for action in ACTIONS}
    assert {action: groups for action, groups in owners.items() if len(groups) != 1} == {}


def test_a_sentence_leaves_out_what_the_detail_does_not_know():
    assert sentence("people.move", "张伟（1001）", {"from": "一小", "to": "二小"}) == "调动张伟（1001），从 一小到 二小"
    assert sentence("people.move", "张伟（1001）", {}) == "调动张伟（1001）"
    assert sentence("people.edit", "张伟", {"fields": ["phone", "posts"]}) == "修改张伟的资料，改了：手机号、岗位"
    assert sentence("roles.grant", "张伟", {"role": "exam_officer"}) == "授予张伟角色：考务员"
    assert sentence("bank.publish", "", {"code": "q201", "version": 2}) == "发布题目 q201，第 2 版"


def test_an_action_without_words_is_shown_as_it_is_called():
    assert sentence("kites.fly", "张伟", {"a": {"b": 1}}) == "kites.fly 张伟"


def test_every_fault_of_the_chain_has_words():
    assert set(FAULTS) == {"missing", "changed", "replaced", "inserted", "head", "anchor"}
