"""The posts of a person or a question as one column."""

from __future__ import annotations

from typing import Any

from common.fields import NamesField
from people.posts import post_names


class PostsField(NamesField):
    """A set of post slugs, kept in a char column in the order of the post list."""

    known = post_names()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 800)
        super().__init__(*args, **kwargs)
