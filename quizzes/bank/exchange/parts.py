"""Cases in formats that know none: a description, and after it questions tagged as its parts. Pure."""

from __future__ import annotations

from dataclasses import replace

from quizzes.bank.domain.body import Item
from quizzes.bank.exchange.base import Notes


class Assembly:
    """Puts parts into the case before them; everything else goes straight to the notes."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._case: tuple[str, Item] | None = None

    def add(self, where: str, item: Item, *, part: bool) -> None:
        if part and self._case is not None and item.body.kind != "case":
            place, case = self._case
            body = replace(case.body, parts=(*case.body.parts, item.body))
            self._case = (place, replace(case, body=body, files={**case.files, **item.files}))
            return
        if part:
            self._notes.problem(where, "这道小题前面没有它的材料", "请把材料放在小题前面，或把小题改成独立的题", note=True)
        self.finish()
        if item.body.kind == "case":
            self._case = (where, item)
        else:
            self._notes.add(where, item)

    def finish(self) -> None:
        if self._case is not None:
            self._notes.add(*self._case)
            self._case = None
