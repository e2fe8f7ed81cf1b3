"""`manage.py test`: pytest from the project's root with the project's configuration, wherever it is called."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Sequence

MARK = "SHIWUFANG_TEST_DATA"
OUTSIDE = ("DATABASE_URL", "REDIS_URL", "EMAIL_HOST")
KEPT = {"SHIWUFANG_NO_VENV", "SHIWUFANG_PICTURES"}  # what the tests themselves are told


def isolate() -> str:
    """Point the settings at a data folder of this run alone, before Django reads them; returns it."""
    if MARK in os.environ:
        return os.environ[MARK]
    ours = [name for name in os.environ if name.startswith("SHIWUFANG_") and name not in KEPT]
    for name in [*OUTSIDE, *ours]:
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
