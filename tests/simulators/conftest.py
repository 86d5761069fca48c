"""The fuzz tests say how much they sent."""

from __future__ import annotations

import pytest

from tests.simulators.fuzzing import SENT


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for title, calls in sorted(SENT.items()):
        terminalreporter.write_line(f"Fuzz: the {title} simulator answered {calls:,} calls.")
