"""Clients of strangers, in JavaScript, drive the simulators: `make clients`.

Not part of `make test`: they need Node 18 or newer, npm and its registry, which not every machine
has. They are installed anew for each run, as package-lock.json says, and run no script of theirs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    """A folder with the clients and their tests."""
    for program in ("node", "npm"):
        assert shutil.which(program), f"{program} is missing: install Node 18 or newer"
    folder = tmp_path_factory.mktemp("clients")
    for path in (*HERE.glob("*.json"), *HERE.glob("*.js")):
        shutil.copy(path, folder)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(["npm", "ci", *quiet], cwd=folder, check=True, timeout=300)
    return folder


@pytest.mark.parametrize(
    ("name", "crm"), [("jsforce", "salesforce"), ("hubspot", "hubspot")], ids=["jsforce", "hubspot"]
)
def test_a_client_in_javascript_finds_nothing_strange(installed, name, crm, request):
    control = request.getfixturevalue(f"{crm}_control")
    ran = subprocess.run(
        ["node", "--test", "--test-reporter=spec", f"{name}.test.js"],
        cwd=installed,
        env=os.environ | {"SIMULATOR_URL": control.url, "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
