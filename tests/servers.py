"""A pytest plugin: real PostgreSQL and Redis for the session, where the environment names none.

It is loaded before Django's settings are (see addopts in pyproject.toml), for they name both.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from crmsync import embedded
from crmsync.data_folder import DataFolder

FOLDER = pytest.StashKey[DataFolder]()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    # A run that is told to stop ends its servers too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = DataFolder(Path(tempfile.mkdtemp(prefix="crmsync-tests-")).resolve())
    early_config.stash[FOLDER] = folder
    os.environ["CRMSYNC_ENV_FILE"] = os.devnull
    os.environ.setdefault("SIMULATORS", "1")
    folder.lend_settings(os.environ)
    embedded.complete(os.environ, folder)
    return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    if folder := config.stash.get(FOLDER, None):
        embedded.stop(folder)
        shutil.rmtree(folder.path)
