"""`manage.py test`: pytest from the project's root with the project's configuration, wherever it is called."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Sequence

MARK = "SHIWUFANG_TEST_DATA"
OUTSIDE = ("DATABASE_URL", "REDIS_URL", "EMAIL_HOST", "SHIWUFANG_HOSTS", "SHIWUFANG_HTTPS", "SHIWUFANG_PUBLIC_URL")


def isolate() -> str:
    """Point the settings at a data folder of this run alone, before Django reads them; returns it."""
    if MARK in os.environ:
        return os.environ[MARK]
    for name in [*OUTSIDE, "SHIWUFANG_TRUST_PROXY", "SHIWUFANG_DEBUG", "SHIWUFANG_SECRET_KEY"]:
        os.environ.pop(name, None)
    folder = tempfile.mkdtemp(prefix="shiwufang-test-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ[MARK] = os.environ["SHIWUFANG_DATA"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    return folder


def run(root: str, args: Sequence[str]) -> int:
    """Run pytest with `args`; returns its exit code."""
    isolate()
    import pytest

    # pytest started from another folder would collect the world.
    os.chdir(root)
    return int(pytest.main(["-c", "pyproject.toml", "--rootdir", root, *args]))
