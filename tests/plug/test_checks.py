"""What crmsync refuses to start with."""

from __future__ import annotations

import base64
import os
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet

from crmsync.data_folder import ROOT

GOOD = Fernet.generate_key().decode()
SAMPLE = base64.urlsafe_b64encode(b"sample-" * 4 + b"samp").decode()


def start(*command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a deployment would, with these settings on top of good ones."""
    environment = os.environ | {"SIMULATORS": "0", "CREDENTIAL_KEYS": GOOD} | settings
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_good_keys_pass() -> None:
    assert start("manage.py", "check").returncode == 0


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set."),
        ({"CREDENTIAL_KEYS": ""}, "CREDENTIAL_KEYS is not set."),
        ({"CREDENTIAL_KEYS": "change-me"}, "CREDENTIAL_KEYS holds something that is not a key."),
        ({"CREDENTIAL_KEYS": f"{GOOD},x"}, "CREDENTIAL_KEYS holds something that is not a key."),
        ({"CREDENTIAL_KEYS": SAMPLE}, "CREDENTIAL_KEYS holds a sample, not a key of your own."),
    ],
)
def test_a_missing_or_sample_key_is_refused_with_a_way_to_make_one(
    settings: dict[str, str], problem: str
) -> None:
    said = start("manage.py", "check", **settings)
    assert said.returncode == 1
    assert problem in said.stderr
    assert "Make one with: python3 -c" in said.stderr
    assert "Traceback" not in said.stderr


def test_the_console_does_not_start_without_keys() -> None:
    said = start("-m", "gunicorn", "crmsync.wsgi", "--check-config", CREDENTIAL_KEYS="")
    assert said.returncode != 0
    assert "CREDENTIAL_KEYS is not set." in said.stderr


def test_a_worker_does_not_start_without_keys() -> None:
    said = start("-m", "celery", "-A", "crmsync", "worker", "--pool", "solo", CREDENTIAL_KEYS="")
    assert said.returncode != 0
    assert "CREDENTIAL_KEYS is not set." in said.stderr


def test_a_deployment_with_simulators_is_refused() -> None:
    said = start("manage.py", "check", "--deploy", SIMULATORS="1")
    assert said.returncode == 1
    assert "SIMULATORS is on" in said.stderr
