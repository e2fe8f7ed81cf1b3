"""What may stand where in the organisation tree. Pure: no Django.

Each check returns None when all is well, or a sentence for the officer: what is wrong and what to do.
Paths are treebeard's: an organisation stands below another when its path begins with the other's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """What the rules need to know of an organisation. `rank`: of its kind; smaller stands higher."""

    name: str
    path: str
    rank: int
    is_open: bool = True


def at_or_below(path: str, place: str) -> bool:
    return path.startswith(place)


def standing(child_name: str, child_rank: int, parent: Place) -> str | None:
    """Whether something of this rank may stand directly below `parent`."""
    if not parent.is_open:
        return f"“{parent.name}”已停用，下面不能再放单位。请先恢复它，或另选上级。"
    if child_rank <= parent.rank:
        return f"“{child_name}”的类型不能放在“{parent.name}”下面：上级单位的层级要更高。请另选上级或类型。"
    return None


def moving(what: Place, parent: Place) -> str | None:
    if at_or_below(parent.path, what.path):
        return f"“{what.name}”不能移到自己或自己的下级单位下面。请另选上级。"
    return standing(what.name, what.rank, parent)


def merging(what: Place, into: Place, child_ranks: Iterable[int]) -> str | None:
    """`child_ranks`: of everything open directly below `what`; it will stand below `into`."""
    if at_or_below(into.path, what.path):
        return f"“{what.name}”不能并入自己或自己的下级单位。请另选单位。"
    if not what.is_open:
        return f"“{what.name}”已停用，不能再合并。"
    if not into.is_open:
        return f"“{into.name}”已停用，不能并入。请先恢复它，或另选单位。"
    if what.rank < into.rank:
        return f"“{what.name}”的层级比“{into.name}”高，不能并入。请反过来合并。"
    if any(rank <= into.rank for rank in child_ranks):
        return f"“{what.name}”下面的单位不能放到“{into.name}”下面。请先把它们调整到别处。"
    return None


def rekinding(name: str, rank: int, parent: Place | None, child_ranks: Iterable[int]) -> str | None:
    """Whether an organisation may take a kind of this rank where it stands."""
    if parent is not None and rank <= parent.rank:
        return f"这个类型不能放在“{parent.name}”下面。请另选类型。"
    if any(child <= rank for child in child_ranks):
        return f"“{name}”下面已有同级或更高一级的单位，不能改成这个类型。请另选类型。"
    return None


def free_name(name: str, taken: Iterable[str], origin: str, most: int = 80) -> str:
    """`name` itself, or with its origin added where the new place already has one of that name."""
    names = set(taken)
    if name not in names:
        return name
    for number in range(1, len(names) + 2):
        tail = f"（原{origin[:40]}{number if number > 1 else ''}）"
        tried = name[: most - len(tail)] + tail
        if tried not in names:
            return tried
    raise AssertionError("one of more numbers than names is free")
