"""Questions in and out: one module a format, all between bytes and `domain.body.Item`s."""

from __future__ import annotations

from types import ModuleType

from quizzes.bank.exchange import aiken, docx, gift, xlsx

FORMATS: dict[str, ModuleType] = {"xlsx": xlsx, "docx": docx, "gift": gift, "aiken": aiken}
"""Every format by the name that an address and a row carry, in the order in which a person is offered them."""
