#!/usr/bin/env python3
"""The one entry point. On a bare machine it first builds .venv (standard library only).

    python3 manage.py start     set up, load content, serve, print the URLs and a QR
    python3 manage.py test      install the test tools on first use and run the tests

This file must parse on any Python 3, so that an old one gets a sentence and not a SyntaxError.
"""

import os
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))

if sys.version_info < (3, 11):
    sys.exit(
        "十五防需要 Python 3.11 或更高版本，这台机器上运行的是 %d.%d。\n"
        "请安装 Python 3.11 后再运行:python3.11 manage.py %s"
        % (sys.version_info[0], sys.version_info[1], " ".join(sys.argv[1:]))
    )

# `site` is our folder, not a package: the standard library owns that name.
sys.path.insert(0, os.path.join(ROOT, "site"))
sys.path.insert(0, ROOT)


def main():
    from config.bootstrap import prepare

    prepare(ROOT, sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["test"]:
        from config.testing import run

        sys.exit(run(ROOT, sys.argv[2:]))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
