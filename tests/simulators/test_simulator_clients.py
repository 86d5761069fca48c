"""The clients in JavaScript are run by `make clients`; what names them is checked here."""

from __future__ import annotations

import json
from pathlib import Path

HERE = Path(__file__).parent / "clients"


def test_their_lock_names_no_host():
    """Where packages come from is the machine's affair."""
    lock = (HERE / "package-lock.json").read_text()
    assert "://" not in lock
    assert json.loads(lock)["packages"][""]["dependencies"] == _asked()


def test_every_client_has_tests_of_its_own():
    named = " ".join(path.read_text() for path in HERE.glob("*.test.js"))
    assert all(f"from '{name}'" in named for name in _asked())


def _asked():
    return json.loads((HERE / "package.json").read_text())["dependencies"]
