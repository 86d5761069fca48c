"""The benchmark's lines, at a size that says nothing about speed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.bench.figure import Figure


def bench(*arguments):
    command = [sys.executable, "-m", "tests.bench", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_it_prints_a_line_of_json_for_each_figure_asked_for_and_nothing_else():
    asked = {
        "simulator_records_written_per_second",
        "simulator_poll_ms_1m",
        "simulator_memory_gb_1m",
    }
    done = bench("--scale", "0.0002", *asked)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {line["figure"] for line in lines} == asked
    for line in lines:
        assert list(line)[:5] == ["figure", "value", "unit", "goal", "floor"]
        assert line["value"] > 0


def test_a_figure_that_does_not_exist_is_refused_with_those_that_do():
    done = bench("nonsense")
    assert done.returncode == 2
    assert "simulator_requests_per_second" in done.stderr


@pytest.mark.parametrize(
    ("value", "goal", "floor", "good"),
    [(90, 100, 80, True), (79, 100, 80, False), (110, 100, 120, True), (121, 100, 120, False)],
)
def test_a_figure_fails_only_beyond_its_floor(value, goal, floor, good):
    assert Figure("any", value, "ms", goal, floor).is_good_enough is good
