#!/usr/bin/env python
"""Start here: every task of crmsync from the command line."""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crmsync.settings")
    from django.core.management import execute_from_command_line
    from environ import Env

    from crmsync import embedded
    from crmsync.data_folder import ROOT, CannotRun, DataFolder

    Env.read_env(os.environ.get("CRMSYNC_ENV_FILE", ROOT / ".env"))
    try:
        embedded.complete(os.environ, DataFolder.named_by(os.environ))
    except CannotRun as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
