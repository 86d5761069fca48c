"""The measures of the house, so that nobody has to be the one who says it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCES = [
    path
    for folder in ("crmsync", "settings_ui", "sync_engine")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def _functions() -> Iterator[tuple[Path, ast.FunctionDef]]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def test_no_file_is_longer_than_300_lines():
    long = [path for path in SOURCES if len(path.read_text().splitlines()) > 300]
    assert SOURCES and not long


def test_no_function_is_longer_than_45_lines():
    long = [
        f"{path.name}:{node.name}"
        for path, node in _functions()
        if (node.end_lineno or 0) - node.lineno >= 45
    ]
    assert not long


def test_no_template_is_longer_than_60_lines():
    long = [path for path in TEMPLATES if len(path.read_text().splitlines()) > 60]
    assert TEMPLATES and not long


def test_the_engine_never_asks_which_object_type_it_has():
    """What one type needs is a field of its declaration : it is named there, not here."""
    engine = [path for path in SOURCES if path.is_relative_to(ROOT / "sync_engine" / "runs")]
    asked = [path for path in engine if re.search(r"slug (==|!=) ", path.read_text())]
    assert engine and not asked


def test_the_console_holds_little_script():
    scripts = list((ROOT / "static").glob("*.js"))
    assert scripts and sum(len(path.read_text().splitlines()) for path in scripts) < 60
