"""The posts (岗位) that staff hold: data in `content/posts.yaml`, read once. Pure: no Django.

A post says what somebody does; it gives no rights. Exams choose their candidates and questions by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from common.contentfile import Flag, Items, Record, Text, read

FILE = Path(__file__).parent / "content" / "posts.yaml"
_SHAPE = Record(
    {
        "posts": Items(
            Record({"slug": Text(30), "name": Text(20), "group": Text(20), "teaches": Flag()}),
            1,
            80,
        )
    }
)


@dataclass(frozen=True)
class Post:
    slug: str
    name: str
    group: str
    teaches: bool = False


@cache
def posts() -> dict[str, Post]:
    """Every post by its slug, in the order of the file. Raises `ContentErrors` for a broken file."""
    return {entry["slug"]: Post(**entry) for entry in read(FILE, _SHAPE)["posts"]}


def post_names() -> dict[str, str]:
    """Slug → name."""
    return {slug: post.name for slug, post in posts().items()}
