"""The engine's rooms are listed at their doors, so that a newcomer finds them by name."""

from __future__ import annotations

from pathlib import Path

import sync_engine.runs


def test_the_table_of_contents_of_runs_names_every_file():
    files = {path.stem for path in Path(sync_engine.runs.__path__[0]).glob("*.py")} - {"__init__"}
    listed = set((sync_engine.runs.__doc__ or "").replace(",", " ").replace(":", " ").split())
    assert files - {word.strip("()") for word in listed} == set()
