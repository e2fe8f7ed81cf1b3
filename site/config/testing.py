"""`manage.py test`: pytest from the project's root with the project's configuration, wherever it is called."""

from __future__ import annotations

import os
from collections.abc import Sequence


def run(root: str, args: Sequence[str]) -> int:
    """Run pytest with `args`; returns its exit code."""
    import pytest

    # pytest started from another folder would collect the world.
    os.chdir(root)
    return int(pytest.main(["-c", "pyproject.toml", "--rootdir", root, *args]))
