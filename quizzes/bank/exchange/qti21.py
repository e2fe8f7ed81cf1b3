"""QTI 2.1 packages: a zip with imsmanifest.xml, an XML file for each question, and pictures. Pure: no Django."""

from __future__ import annotations

from quizzes.bank.domain.body import Item
from quizzes.bank.exchange.base import EVERYTHING, writable
from quizzes.bank.exchange.qti import read
from quizzes.bank.exchange.qti_write import V21, package

__all__ = ["CAN", "ENDING", "NAME", "read", "write"]

NAME, ENDING = "QTI 2.1 题包", "zip"
CAN = EVERYTHING - {"gaps"}


def write(items: list[Item]) -> bytes:
    return package(writable(items, CAN), V21)
