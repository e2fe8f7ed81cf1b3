"""Finding the unit that a row means, by code or by name, within what the importer may reach. Pure: no Django."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

from common.text import shared_characters
from people.rosters.cells import without_zeros, word

MOST_SUGGESTIONS = 200
"""A file full of unknown names must not search two thousand schools for each of them."""


class Place(NamedTuple):
    id: int
    name: str
    code: str
    above: str
    """The name of the unit above it, which tells two schools of one name apart."""
    closed: bool = False
    merged_into: str = ""


class Missing(NamedTuple):
    """Why no unit was found; `where` is the field to correct: code or unit."""

    where: str
    value: str
    message: str
    fix: str


class Places:
    """The units that hold staff, within the importer's reach."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.all = {place.id: place for place in places}
        self.by_code: dict[str, Place] = {}
        self.by_bare_code: dict[str, list[Place]] = {}
        self.by_name: dict[str, list[Place]] = {}
        for place in self.all.values():
            if place.code:
                self.by_code[place.code.upper()] = place
                self.by_bare_code.setdefault(without_zeros(place.code.upper()), []).append(place)
            self.by_name.setdefault(word(place.name), []).append(place)
        open_ones = [place for place in self.all.values() if not place.closed]
        self.only = open_ones[0] if len(open_ones) == 1 else None
        self.asked: dict[tuple[str, str, str], Place | Missing] = {}
        self.suggested = 0

    def find(self, code: str, name: str, sheet: str) -> Place | Missing:
        """The unit of a row. Without code and name: the sheet's name, then the importer's only unit."""
        key = (code, name, sheet if not code and not name else "")
        if key not in self.asked:
            self.asked[key] = self._find(code, name, sheet)
        return self.asked[key]

    def _find(self, code: str, name: str, sheet: str) -> Place | Missing:
        if code:
            found = self._coded(code)
            if isinstance(found, Place) and name and word(name) != word(found.name):
                if self.by_name.get(word(name)):
                    return Missing(
                        "unit",
                        name,
                        f"代码 {code} 是“{found.name}”，和单位名称对不上",
                        "请核对这一行的单位代码和单位名称，改成同一个单位；或只留一列。",
                    )
            return found if isinstance(found, Missing) else self._open(found, "code", code)
        if name:
            return self._named(name)
        if (same := self.by_name.get(word(sheet), [])) and len(same) == 1:
            return self._open(same[0], "unit", sheet)
        if self.only:
            return self.only
        return Missing("unit", "", "没有写是哪个单位的人", "请加一列“单位代码”或“单位”，写上学校的代码或名称。")

    def _coded(self, code: str) -> Place | Missing:
        found = self.by_code.get(code.upper())
        if found:
            return found
        bare = self.by_bare_code.get(without_zeros(code.upper()), [])
        if len(bare) == 1:  # Excel took the zeros at its front
            return bare[0]
        return Missing("code", code, f"没有代码是 {code} 的单位", "请核对单位代码；也可能它不在您负责的范围内。")

    def _named(self, name: str) -> Place | Missing:
        found = self.by_name.get(word(name), [])
        open_ones = [place for place in found if not place.closed]
        if len(open_ones) == 1:
            return open_ones[0]
        if len(open_ones) > 1:
            which = "；".join(f"{place.above or '（最上级）'} 下的代码是 {place.code or '（没有代码）'}" for place in open_ones[:3])
            return Missing("unit", name, f"有 {len(open_ones)} 个单位都叫“{name}”", f"请加一列“单位代码”来区分：{which}。")
        if found:
            return self._open(found[0], "unit", name)
        near = self._nearest(name)
        hint = f"是不是“{'”或“'.join(near)}”？" if near else ""
        return Missing("unit", name, f"没有找到单位“{name}”", f"{hint}请改成系统里的全称，或改用单位代码；也可能它不在您负责的范围内。")

    def _open(self, place: Place, where: str, value: str) -> Place | Missing:
        if not place.closed:
            return place
        if place.merged_into:
            return Missing(where, value, f"“{place.name}”已并入“{place.merged_into}”", f"请把单位改成“{place.merged_into}”。")
        return Missing(where, value, f"“{place.name}”已停用", "请改成这个人现在的单位；单位仍在使用的，请先在“单位”里恢复它。")

    def _nearest(self, name: str) -> list[str]:
        if self.suggested >= MOST_SUGGESTIONS:
            return []
        self.suggested += 1
        wanted = word(name)
        likely = sorted(self.by_name, key=lambda known: -shared_characters(known, wanted))[:40]
        return [self.by_name[key][0].name for key in get_close_matches(wanted, likely, n=2, cutoff=0.5)]
