"""The people of the bank's tests, on the loaded site: 林编辑 writes, 沈审核 reviews, 安主任 writes at a school."""

from __future__ import annotations

import pytest
from django.test import Client

from people.models import User


def logged_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


@pytest.fixture
def editor() -> Client:
    return logged_in("bianji")


@pytest.fixture
def reviewer() -> Client:
    return logged_in("shenhe")


@pytest.fixture
def teacher() -> Client:
    return logged_in("laoshi")
