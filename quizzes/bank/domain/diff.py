"""What changed between two versions of a question, field by field, in words a person reads. Pure.

Options, items and pairs are first laid side by side by what they say, so that an option put in between
does not make all the others look changed. `Change.key` marks what changes who is right: publishing such
a version corrects the key, and whoever was marked by the old one may have to be marked anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from quizzes.bank.domain.body import CHOICE_KINDS, KINDS, LETTERS, MARKINGS, Body, Option, Pair, Picture

ALIKE = 0.5
"""From this likeness on, 0 to 1, two texts are one text reworded rather than two texts."""
Piece = tuple[str, str]
"""(`same`, `del` or `ins`, a stretch of text)."""


@dataclass(frozen=True)
class Change:
    """One field that changed; `old` or `new` is empty when it was added or removed."""

    label: str
    old: str
    new: str
    key: bool = False

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Old and new in one text, with what left and what came marked."""
        return marked(self.old, self.new)

    def __str__(self) -> str:
        if not self.old:
            return f"{self.label}：新增“{self.new}”"
        if not self.new:
            return f"{self.label}：删去“{self.old}”"
        return f"{self.label}：“{self.old}” 改为 “{self.new}”"


def changes(old: Body, new: Body, where: str = "") -> list[Change]:
    """Every change from `old` to `new`, the key first. Equal bodies have none."""
    found = [Change(where + change.label, change.old, change.new, change.key) for change in _changes(old, new)]
    for i in range(max(len(old.parts), len(new.parts))):
        part = f"{where}第 {i + 1} 小题 "
        if i >= len(new.parts):
            found.append(Change(part.strip(), _short(old.parts[i]), "", key=True))
        elif i >= len(old.parts):
            found.append(Change(part.strip(), "", _short(new.parts[i]), key=True))
        else:
            found += changes(old.parts[i], new.parts[i], part)
    return sorted(found, key=lambda change: not change.key)


def key_changes(old: Body, new: Body) -> list[Change]:
    """The changes that change who is right, or how many marks an answer earns."""
    return [change for change in changes(old, new) if change.key]


def marked(old: str, new: str) -> tuple[Piece, ...]:
    """The characters that left and came. Texts with little in common are shown one after the other."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.3:
        return tuple(piece for piece in (("del", old), ("ins", new)) if piece[1])
    pieces: list[Piece] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(("same", old[a:b]))
            continue
        if b > a:
            pieces.append(("del", old[a:b]))
        if d > c:
            pieces.append(("ins", new[c:d]))
    return tuple(pieces)


def _changes(old: Body, new: Body) -> Iterator[Change]:
    if old.kind != new.kind:
        yield Change("题型", KINDS.get(old.kind, old.kind), KINDS.get(new.kind, new.kind), key=True)
    if old.marking != new.marking:
        yield Change("计分办法", MARKINGS.get(old.marking, ""), MARKINGS.get(new.marking, ""), key=True)
    yield from _text("题干", old.stem, new.stem)
    yield from _picture("题干的图片", old.picture, new.picture)
    yield from _options(old, new)
    yield from _blanks(old, new)
    yield from _items(old, new)
    yield from _pairs(old, new)
    yield from _text("参考答案", old.answer, new.answer)
    yield from _text("得分点", _rubric(old), _rubric(new))
    yield from _text("解析", old.explanation, new.explanation)
    yield from _text("来源", old.source, new.source)


def _text(label: str, old: str, new: str, *, key: bool = False) -> Iterator[Change]:
    if old != new:
        yield Change(label, old, new, key)


def _picture(label: str, old: Picture | None, new: Picture | None) -> Iterator[Change]:
    if (old.name if old else "") != (new.name if new else ""):
        yield Change(label, _described(old), _described(new))
    elif old and new:
        yield from _text(f"{label}说明", old.alt, new.alt)


def _described(picture: Picture | None) -> str:
    return f"{picture.alt or '没有说明'}（{picture.name[:8]}）" if picture else ""


# --- options ------------------------------------------------------------------------------------
def _options(old: Body, new: Body) -> Iterator[Change]:
    pairs = aligned([_shown(o) for o in old.options], [_shown(o) for o in new.options])
    before = frozenset(i for i, _j in pairs if i is not None and old.options[i].right)
    after = frozenset(i for i, j in pairs if i is not None and j is not None and new.options[j].right)
    fresh = any(i is None and j is not None and new.options[j].right for i, j in pairs)
    if {old.kind, new.kind} & CHOICE_KINDS and (before != after or fresh):
        yield Change("正确答案", _key(old), _key(new), key=True)
    for i, j in pairs:
        if i is None and j is not None:
            yield Change(f"选项 {_letter(j)}", "", new.options[j].text or "图片")
        elif j is None and i is not None:
            yield Change(f"选项 {_letter(i)}", old.options[i].text or "图片", "")
        elif i is not None and j is not None:
            yield from _option(_letter(j), old.options[i], new.options[j])
    order = [(i, j) for i, j in pairs if i is not None and j is not None]
    if order != sorted(order, key=lambda pair: pair[1]) or _crossed(order):
        by_new = sorted(order, key=lambda pair: pair[1])
        kept = sorted(i for i, _j in by_new)
        yield from _text("选项次序", _letters(kept), _letters([i for i, _j in by_new]))


def _option(letter: str, old: Option, new: Option) -> Iterator[Change]:
    yield from _text(f"选项 {letter}", old.text, new.text)
    yield from _text(f"选项 {letter} 的误区", old.misconception, new.misconception)
    yield from _picture(f"选项 {letter} 的图片", old.picture, new.picture)


def _shown(option: Option) -> str:
    return option.text + (option.picture.name if option.picture else "")


def _key(body: Body) -> str:
    texts = [f"{_letter(i)}（{option.text or '图片'}）" for i, option in enumerate(body.options) if option.right]
    return "、".join(texts) or "没有"


def _crossed(order: Sequence[tuple[int, int]]) -> bool:
    by_new = [i for i, _j in sorted(order, key=lambda pair: pair[1])]
    return by_new != sorted(by_new)


def _letter(i: int) -> str:
    return LETTERS[i] if i < len(LETTERS) else str(i + 1)


def _letters(places: Sequence[int]) -> str:
    return "、".join(_letter(i) for i in places)


# --- blanks, items, pairs -----------------------------------------------------------------------
def _blanks(old: Body, new: Body) -> Iterator[Change]:
    for i in range(max(len(old.blanks), len(new.blanks))):
        before = old.blanks[i] if i < len(old.blanks) else ()
        after = new.blanks[i] if i < len(new.blanks) else ()
        if before != after:
            same = set(before) == set(after)
            yield Change(f"第 {i + 1} 空的答案", " / ".join(before), " / ".join(after), key=not same)


def _items(old: Body, new: Body) -> Iterator[Change]:
    if old.items == new.items:
        return
    pairs = aligned(old.items, new.items)
    if any(i != j for i, j in pairs):
        yield Change("正确次序", " → ".join(old.items), " → ".join(new.items), key=True)
    else:
        for i, (before, after) in enumerate(zip(old.items, new.items, strict=True)):
            yield from _text(f"第 {i + 1} 项", before, after)


def _pairs(old: Body, new: Body) -> Iterator[Change]:
    for i, j in aligned([_side(pair) for pair in old.pairs], [_side(pair) for pair in new.pairs]):
        before = old.pairs[i] if i is not None else None
        after = new.pairs[j] if j is not None else None
        if before == after:
            continue
        reworded = before and after and before.left == after.left and _reworded(before.right, after.right, old, new)
        same_right = before and after and before.right == after.right and before.left and after.left
        yield Change("配对", _tied(before), _tied(after), key=not (reworded or same_right))


def _reworded(before: str, after: str, old: Body, new: Body) -> bool:
    """Whether a right is the same one in other words; a right that stood elsewhere, or stands there now, is another one."""
    return after not in old.rights and before not in new.rights and likeness(before, after) >= ALIKE


def _side(pair: Pair) -> str:
    return pair.left or pair.right


def _tied(pair: Pair | None) -> str:
    if pair is None:
        return ""
    return f"{pair.left} — {pair.right}" if pair.left else f"多余的选择 {pair.right}"


def _rubric(body: Body) -> str:
    return "；".join(f"{line.text}（{line.marks} 分）" for line in body.rubric)


def _short(body: Body) -> str:
    return body.stem if len(body.stem) <= 30 else f"{body.stem[:30]}…"


# --- laying side by side ------------------------------------------------------------------------
def aligned(old: Sequence[str], new: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Which of the old texts became which of the new ones; None stands for a removed or an added one.

    Equal texts belong together, then the most alike, then those in the same place.
    """
    left, right = list(range(len(old))), list(range(len(new)))
    pairs: list[tuple[int | None, int | None]] = []

    def join(i: int, j: int) -> None:
        pairs.append((i, j))
        left.remove(i)
        right.remove(j)

    for i in list(left):
        twin = next((j for j in right if old[i] == new[j]), None)
        if twin is not None:
            join(i, twin)
    alike = sorted(
        ((likeness(old[i], new[j]), i, j) for i in left for j in right), key=lambda each: (-each[0], abs(each[1] - each[2]))
    )
    for score, i, j in alike:
        if score >= ALIKE and i in left and j in right:
            join(i, j)
    for i in list(left):
        if i in right:
            join(i, i)
    pairs += [(i, None) for i in left] + [(None, j) for j in right]
    return sorted(pairs, key=lambda pair: (pair[1] if pair[1] is not None else pair[0] or 0, pair[1] is None))


def likeness(a: str, b: str) -> float:
    """How alike two texts are, 0 to 1."""
    return SequenceMatcher(None, a, b, autojunk=False).ratio()
