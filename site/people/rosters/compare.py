"""What a roster would change: its rows against the people and units that are there. Pure: no Django.

`compare` returns a `Plan`: one `Change` a person (and one more for a post that is no longer listed), in an
order that depends on nothing but its input, so that its `fingerprint` tells whether what is about to be applied
is what was shown. An empty cell changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from people.rosters.cells import without_zeros
from people.rosters.places import Missing, Places
from people.rosters.plan import Change, Edit, Held, Opening, Options, Person, Plan, Value
from people.rosters.post_words import PostWords
from people.rosters.reading import PersonRow, Problem, SheetInfo


class _Wanted(NamedTuple):
    """A row whose unit and posts are understood."""

    row: PersonRow
    place: int
    posts: tuple[str, ...]


def compare(
    rows: Sequence[PersonRow],
    sheets: Sequence[SheetInfo],
    places: Places,
    words: PostWords,
    people: Iterable[Person],
    options: Options = Options(),  # noqa: B008 - frozen
    problems: Iterable[Problem] = (),
) -> Plan:
    """The plan for `rows`. `people`: everybody whose number may stand in them, and all staff of their units."""
    plan = Plan()
    for problem in problems:
        plan.tell(problem)
    known = {person.number: person for person in people}
    comparer = _Comparer(plan, sheets, places, words, known)
    wanted = comparer.understand(rows)
    wanted = comparer.number(wanted, options.make_numbers)
    for number, mine in comparer.by_person(wanted):
        comparer.person(number, mine)
    comparer.leavers({each.row.number for each in wanted})
    plan.changes.sort(key=lambda change: change.row)
    plan.counts.update(change.group for change in plan.changes)
    return plan


@dataclass
class _Comparer:
    plan: Plan
    sheets: Sequence[SheetInfo]
    places: Places
    words: PostWords
    known: Mapping[str, Person]
    spelled: dict[str, str] = field(default_factory=dict)
    """Numbers without capitals: a second account whose number differs in nothing else is no new person."""

    def __post_init__(self) -> None:
        self.spelled.update({number.casefold(): number for number in self.known})

    def tell(self, row: PersonRow, where: str, value: str, message: str, fix: str, grave: bool = True) -> None:
        info = self.sheets[row.sheet]
        self.plan.tell(Problem(info.name, row.row, info.columns.get(where, ""), value, message, fix, grave))

    # --- rows ------------------------------------------------------------------------------
    def understand(self, rows: Sequence[PersonRow]) -> list[_Wanted]:
        """Find each row's unit and posts."""
        wanted = []
        for row in rows:
            posts, unknown = self.words.find(row.posts) if row.posts else ((), ())
            for text in unknown:
                near = self.words.nearest(text)
                hint = f"是不是“{'”“'.join(near)}”？" if near else ""
                self.tell(row, "posts", text, f"不认识岗位“{text}”", f"{hint}请改成岗位表里的名称（模板里可以下拉选择），或留空。")
            found = self.places.find(row.code, row.unit, self.sheets[row.sheet].name)
            if isinstance(found, Missing):
                self.tell(row, found.where, found.value, found.message, found.fix)
                continue
            self.plan.places.add(found.id)
            wanted.append(_Wanted(row, found.id, posts))
        return wanted

    def number(self, wanted: list[_Wanted], make: bool) -> list[_Wanted]:
        """Give every row its staff number, or say that it has none."""
        done: list[_Wanted] = []
        taken = {each.row.number for each in wanted} | set(self.known)
        there: dict[tuple[int, str], list[Person]] = {}
        bare: dict[str, list[Person]] = {}
        for person in self.known.values():
            for held in person.held:
                there.setdefault((held.place, person.name), []).append(person)
            if person.number.startswith("0"):
                bare.setdefault(without_zeros(person.number), []).append(person)
        next_free: dict[int, int] = {}
        for each in wanted:
            row = each.row
            if row.number:
                lost = bare.get(row.number, []) if row.typed and row.number not in self.known else []
                if len(lost) == 1 and lost[0].name == row.name:
                    self.tell(
                        row,
                        "number",
                        row.number,
                        f"Excel 去掉了工号前面的 0，已按 {lost[0].number} 认人",
                        "不用改；想让 0 显示出来，请把这一列的格式设为“文本”再填。",
                        grave=False,
                    )
                    row = row._replace(number=lost[0].number)
                done.append(each._replace(row=row))
                continue
            place = self.places.all[each.place]
            if not make:
                self.tell(
                    row, "number", "", "没有工号", "请补上工号；学校没有编工号的，可以在上传时勾选“按单位代码自动编工号”。"
                )
                continue
            same = [person for person in there.get((each.place, row.name), []) if person.reachable]
            if len(same) == 1:
                done.append(each._replace(row=row._replace(number=same[0].number)))
            elif same:
                self.tell(row, "number", "", f"“{place.name}”已有 {len(same)} 位{row.name}，分不清是谁", "请在这一行填上工号。")
            elif not place.code:
                self.tell(row, "number", "", f"“{place.name}”没有单位代码，不能自动编工号", "请先给单位填上代码，或在这一行填上工号。")
            else:
                free = next_free.get(each.place, 1)
                while (made := f"{place.code}{free:04d}") in taken:
                    free += 1
                next_free[each.place] = free + 1
                taken.add(made)
                done.append(each._replace(row=row._replace(number=made)))
        return done

    def by_person(self, wanted: list[_Wanted]) -> Iterable[tuple[str, list[_Wanted]]]:
        """The rows of each person; a number under two names is told and left out."""
        mine: dict[str, list[_Wanted]] = {}
        for each in wanted:
            mine.setdefault(each.row.number, []).append(each)
        namesakes: Counter[tuple[int, str]] = Counter()
        for number, rows in mine.items():
            first = rows[0].row
            if others := [each.row for each in rows if each.row.name != first.name]:
                for row in others:
                    self.tell(
                        row,
                        "number",
                        number,
                        f"工号重复：{self.where(first)}的{first.name}也是 {number}",
                        "两个人不能用同一个工号，请改正其中一个；如果是同一个人，请把姓名写成一样。",
                    )
                continue
            namesakes.update({(each.place, first.name) for each in rows})
            yield number, rows
        twins = [(place, name) for (place, name), count in namesakes.items() if count > 1]
        if twins:
            shown = "；".join(f"“{self.places.all[place].name}”有同名的 {name}" for place, name in twins[:5])
            more = f"等 {len(twins)} 处" if len(twins) > 5 else ""
            self.plan.notes.append(f"{shown}{more}：工号不同，按不同的人处理。")

    def where(self, row: PersonRow) -> str:
        return f"工作表“{self.sheets[row.sheet].name}”第 {row.row} 行"

    # --- people ----------------------------------------------------------------------------
    def person(self, number: str, rows: list[_Wanted]) -> None:
        first = rows[0].row
        wanted = self.merged(rows)
        phone = next((each.row.phone for each in rows if each.row.phone), "")
        at = (first.sheet, first.row)
        person = self.known.get(number)
        if person is None:
            there = self.spelled.setdefault(number.casefold(), number)
            if there != number:
                self.tell(first, "number", number, f"工号和 {there} 只有大小写不同", f"同一个人请写成 {there}；另一个人请换一个工号。")
                return
            self.plan.changes.append(Change("added", number, first.name, at, phone=phone, opens=tuple(wanted.values())))
            return
        if not person.reachable or person.erased:
            self.refuse(first, person)
            return
        fields = self.own_fields(first, phone, person)
        held = {each.place: each for each in person.held}
        opens = tuple(opening for place, opening in wanted.items() if place not in held)
        edits = tuple(filter(None, (self.edit(held[place], opening) for place, opening in wanted.items() if place in held)))
        stays = any(place in held for place in wanted)
        # Listed only where this person was not: moved. Places out of reach are not ours to close.
        closes = () if stays or not opens else tuple(each for each in person.held if each.place in self.places.all)
        group = "unchanged"
        if opens:
            group = "moved" if closes else "second"
        elif fields or edits:
            group = "changed"
        self.plan.changes.append(
            Change(group, number, first.name or person.name, at, person.id, "", tuple(fields), opens, edits, closes)
        )
        # Still at one unit of the file, no longer listed at another.
        gone = tuple(each for each in person.held if each.place in self.plan.places and each.place not in wanted)
        if stays and gone:
            self.plan.changes.append(Change("left", number, person.name, at, person.id, closes=gone))

    def own_fields(self, row: PersonRow, phone: str, person: Person) -> list[tuple[str, Value, Value]]:
        """What changes of name and phone. Somebody who also works out of reach keeps them."""
        fields: list[tuple[str, Value, Value]] = []
        if row.name and row.name != person.name:
            strange = bool(person.name) and not set(row.name) & set(person.name)
            if not person.whole:
                self.tell(
                    row,
                    "name",
                    row.name,
                    f"工号 {row.number} 登记的姓名是{person.name}，这位老师也在您负责范围以外任职，这里不能改姓名",
                    "请核对工号；是同一个人的，请按登记的姓名填写，要改名请找教育局。",
                )
                return fields
            if strange:
                self.tell(
                    row,
                    "name",
                    row.name,
                    f"工号 {row.number} 原来是{person.name}，姓名完全不同",
                    "改了名就不用管；如果是另一个人，请给新人用新的工号。",
                    grave=False,
                )
            fields.append(("name", person.name, row.name))
        if phone and phone != person.phone:
            if person.whole:
                fields.append(("phone", person.phone, phone))
            else:
                fix = "不用改；要改请找教育局。"
                self.tell(row, "phone", phone, "这位老师也在您负责范围以外任职，手机号没有改", fix, grave=False)
        return fields

    def merged(self, rows: list[_Wanted]) -> dict[int, Opening]:
        """The wanted membership at each unit; two rows at one unit are one membership with both posts."""
        wanted: dict[int, Opening] = {}
        for each in rows:
            before = wanted.get(each.place)
            if before is None:
                wanted[each.place] = Opening(each.place, each.posts, each.row.since)
                continue
            posts = tuple(slug for slug in self.words.names if slug in {*before.posts, *each.posts})
            wanted[each.place] = Opening(each.place, posts, before.since or each.row.since)
            self.tell(
                each.row,
                "number",
                each.row.number,
                f"和{self.where(rows[0].row)}是同一个人、同一个单位，已合成一条",
                "岗位不同的已合在一起，不用改；多余的行可以删去。",
                grave=False,
            )
        return wanted

    def edit(self, held: Held, wanted: Opening) -> Edit | None:
        fields: list[tuple[str, Value, Value]] = []
        if wanted.posts and set(wanted.posts) != set(held.posts):
            fields.append(("posts", held.posts, wanted.posts))
        if wanted.since and wanted.since != held.since:
            fields.append(("since", held.since, wanted.since))
        return Edit(held.id, tuple(fields)) if fields else None

    def refuse(self, row: PersonRow, person: Person) -> None:
        if person.erased:
            self.tell(
                row,
                "number",
                row.number,
                "这个工号的个人信息已按本人要求删除",
                "请给新人用另一个工号。",
            )
            return
        self.tell(
            row,
            "number",
            row.number,
            "这个工号登记在您负责范围以外的单位",
            "请核对工号；调入的老师请由教育局导入或在“人员”里办理调动。",
        )

    def leavers(self, listed: set[str]) -> None:
        """Those at a unit of the file whom no row names. Whether they are marked is chosen when it is applied."""
        for number in sorted(self.known):
            person = self.known[number]
            gone = tuple(held for held in person.held if held.place in self.plan.places)
            if number in listed or not gone or not person.reachable:
                continue
            self.plan.changes.append(Change("left", number, person.name, (-1, 0), person.id, closes=gone))
