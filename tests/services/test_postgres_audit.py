"""The audit log once more on PostgreSQL: its guard, its JSON, and many who record at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT, environment

pytestmark = pytest.mark.services


def test_the_audit_log_keeps_its_promises(postgres, tmp_path):
    more = {"DATABASE_URL": postgres, "SHIWUFANG_TEST_DATA": str(tmp_path), "PYTEST_ADDOPTS": ""}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-q", "-p", "no:cacheprovider", "--durations=0", "--no-header",
         "tests/people/test_audit_log.py", "tests/people/test_audit_threads.py", "tests/people/test_privacy_sweep.py",
         "-k", "not two_processes and not installed_site"],
        cwd=ROOT, env={**environment(tmp_path), **more}, capture_output=True, text=True, timeout=400,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
