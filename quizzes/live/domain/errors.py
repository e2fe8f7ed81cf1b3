"""The one exception of the live room's rules: a code that clients and texts can look up."""

from __future__ import annotations


class RoomError(Exception):
    """A command or an answer that the rules refuse. `code` is a key of `quizzes.live.texts.ERRORS`."""

    def __init__(self, code: str, retry: float | None = None) -> None:
        self.code = code
        self.retry = retry
        super().__init__(code)
