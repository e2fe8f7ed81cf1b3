"""Production settings, as a deployment sets them."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_django_s_own_deployment_check_finds_nothing(tmp_path):
    environment = {
        **os.environ,
        "SHIWUFANG_NO_VENV": "1",
        "SHIWUFANG_DATA": str(tmp_path),
        "SHIWUFANG_HTTPS": "1",
        "SHIWUFANG_PUBLIC_URL": "https://anquan.example.cn",
        "SHIWUFANG_HOSTS": "anquan.example.cn",
    }
    command = [sys.executable, str(ROOT / "manage.py"), "check", "--deploy", "--fail-level", "WARNING"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path):
    from config.secret import secret_key

    path = tmp_path / "secret.key"
    first = secret_key(path)
    assert len(first) > 50 and secret_key(path) == first
    assert path.stat().st_mode & 0o777 == 0o600
