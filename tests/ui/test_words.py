"""How numbers, times and spans are written (console language)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from settings_ui.words import ago, at_clock, at_moment, clock, counted, every, moment, number, span

NOW = datetime(2026, 11, 18, 14, 32, 40, tzinfo=UTC)
EARLIER = datetime(2026, 11, 18, 14, 31, 52, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 3, 9, 5, 1, tzinfo=UTC)
LAST_YEAR = datetime(2025, 11, 3, 9, 5, 1, tzinfo=UTC)


def read(html: str) -> str:
    return re.sub("<[^>]+>", "", html)


@pytest.mark.parametrize(
    ("write", "at", "text"),
    [
        (moment, EARLIER, "14:31:52"),
        (moment, NOVEMBER, "3 November"),
        (moment, LAST_YEAR, "3 November 2025"),
        (clock, EARLIER, "14:31"),
        (clock, NOVEMBER, "09:05 on 3 November"),
        (at_moment, EARLIER, "at 14:31:52"),
        (at_moment, NOVEMBER, "on 3 November"),
        (at_clock, EARLIER, "at 14:31"),
        (at_clock, NOVEMBER, "on 3 November"),
    ],
)
def test_a_time_is_the_clock_s_today_and_the_day_before(write, at, text):
    assert read(write(at, NOW)) == text
    assert f'<time datetime="{at.isoformat()}">' in write(at, NOW)


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=1.4), "1.4 s"),
        (timedelta(seconds=31.2), "31 s"),
        (timedelta(minutes=1, seconds=42), "1 min 42 s"),
        (timedelta(minutes=6), "6 min"),
        (timedelta(hours=3, minutes=48), "3 h 48 min"),
        (timedelta(hours=30), "30 h"),
    ],
)
def test_a_span_has_two_units_at_most(length, text):
    assert span(length) == text


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=-2), "0 s ago"),  # a worker's clock may be ahead of ours
        (timedelta(seconds=12), "12 s ago"),
        (timedelta(minutes=6, seconds=50), "6 min ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(days=3), "3 days ago"),
    ],
)
def test_looking_back_one_unit_is_enough(length, text):
    assert ago(NOW - length, NOW) == text


def test_numbers_have_commas_and_their_noun():
    assert number(214_380) == "214,380"
    assert counted(1, "error") == "1 error"
    assert counted(1204, "error") == "1,204 errors"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(60, "every minute"), (300, "every 5 minutes"), (20, "every 20 seconds")],
)
def test_it_says_how_often(seconds, text):
    assert every(seconds) == text
