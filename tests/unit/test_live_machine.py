"""Any sequence of commands and answers: what must hold however clumsy or hostile the people are."""

from __future__ import annotations

import json

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from quizzes.live.domain import answers as answer_rules
from quizzes.live.domain import commands as c
from quizzes.live.domain import rules
from quizzes.live.domain.errors import RoomError
from quizzes.live.domain.room import Mode, Phase
from quizzes.live.domain.view import host_view, player_view
from quizzes.live.texts import ERRORS
from tests.factories.live import DECK, NOON, room

BARE = ["start", "next", "back", "skip", "close", "reveal", "rethink", "pause", "resume", "end"]


class LiveRoom(RuleBasedStateMachine):
    """A shell in miniature: keeps the accepted answers and counts a round when the rules say so."""

    @initialize(mode=st.sampled_from(Mode), quiet=st.booleans())
    def open_room(self, mode: Mode, quiet: bool) -> None:
        self.room = room(mode, quiet=quiet)
        self.answers: dict[tuple[int, int], dict[int, frozenset[int]]] = {}
        self.counted: dict[tuple[int, int], tuple[int, ...]] = {}

    def obey(self, command: c.Command) -> None:
        before = self.room
        try:
            after, events = rules.apply(before, command, NOON)
        except RoomError as refused:
            assert refused.code in ERRORS
            return
        assert after.rev == before.rev + (after != before)
        for event in events:
            if isinstance(event, c.QuestionClosed) and after.mode is Mode.PHONES:
                given = self.answers.get((event.index, event.round), {}).values()
                tally = answer_rules.count(
                    after.deck[event.index], [(chosen, 1) for chosen in given]
                )
                after = rules.with_tally(after, event.index, event.round, tally)
                self.counted[event.index, event.round] = tally.counts
        assert before.tallies.keys() <= after.tallies.keys()
        self.room = after

    @rule(word=st.sampled_from(BARE))
    def host_says(self, word: str) -> None:
        self.obey(c.command(word))

    @rule(index=st.integers(0, 4))
    def host_opens(self, index: int) -> None:
        self.obey(c.Open(index))

    @rule(counts=st.lists(st.integers(-1, 1001), max_size=5))
    def host_counts_hands(self, counts: list[int]) -> None:
        self.obey(c.SetHands(tuple(counts)))

    @rule(
        player=st.integers(1, 3),
        index=st.integers(0, 3),
        round_=st.integers(1, 4),
        chosen=st.lists(st.integers(0, 4), max_size=3),
    )
    def player_answers(self, player: int, index: int, round_: int, chosen: list[int]) -> None:
        self.answer(player, index, round_, chosen)

    @rule(player=st.integers(1, 3), option=st.integers(0, 1))
    def player_answers_what_is_asked(self, player: int, option: int) -> None:
        self.answer(player, self.room.index, self.room.round, [option])

    def answer(self, player: int, index: int, round_: int, chosen: list[int]) -> None:
        try:
            picked = answer_rules.check_answer(self.room, index, round_, chosen)
        except RoomError as refused:
            assert refused.code in ERRORS
            return
        assert self.room.phase is Phase.OPEN
        assert not self.room.paused
        assert (index, round_) == (self.room.index, self.room.round)
        self.answers.setdefault((index, round_), {})[player] = picked

    @invariant()
    def nothing_is_told_before_the_reveal(self) -> None:
        for view in (player_view(self.room), host_view(self.room)):
            text = json.dumps(view, ensure_ascii=False)
            for number, slide in enumerate(DECK):
                on_wall = self.room.asking and number == self.room.index
                revealed = on_wall and self.room.phase is Phase.REVEALED
                ended = self.room.phase is Phase.ENDED
                if not revealed:
                    assert slide.source not in text
                    assert slide.explanation not in text or ended
                if not on_wall and not ended:
                    assert slide.stem not in text
            result = view["result"] or {"key": None, "rounds": []}
            assert result["key"] is None or self.room.phase is Phase.REVEALED
            if self.room.phase is Phase.OPEN:
                assert not result["rounds"]
            if self.room.quiet:
                assert result["key"] is None
                assert not result["rounds"]
                assert view.get("hands") is None

    @invariant()
    def every_finished_round_is_kept_as_it_was_counted(self) -> None:
        for place, counts in self.counted.items():
            assert self.room.tallies[place].counts == counts


LiveRoom.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestLiveRoom = LiveRoom.TestCase
