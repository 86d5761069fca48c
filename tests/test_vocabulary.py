"""The words of GLOSSARY.md are the words of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SAY_INSTEAD = {
    r"\bentit(y|ies)\b": "record, or object type",
    r"\bbinding": "record link",
    r"inclusion.list": "inclusion segment",
    r"\bquota\b": "allocation",
    r"\b(utils|helpers|managers?|services?)\.py\b": "a module named for what it holds",
}
# They speak their CRM's own words.
OF_THE_CRMS = ("simulators", "classify.py")


@pytest.mark.parametrize("pattern", SAY_INSTEAD)
def test_we_say_one_word_for_one_thing(pattern):
    sources = [
        path
        for folder in ("crmsync", "settings_ui", "sync_engine", "templates")
        for path in (ROOT / folder).rglob("*.*")
        if path.suffix in (".py", ".html") and not set(OF_THE_CRMS) & set(path.parts)
    ]
    said = [p for p in sources if re.search(pattern, f"{p.name}\n{p.read_text()}", re.I)]
    assert sources and not said, f"say {SAY_INSTEAD[pattern]!r} instead"
