"""The numbers of the API calls panel, and the chart drawn from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from settings_ui.health.chart import BASE, TOP, chart_of, step_for
from settings_ui.health.usage import Usage, forecast, hours_of
from sync_engine.models import Allocation

NOW = datetime(2026, 11, 18, 14, 32, 40, tzinfo=UTC)
UNTIL = NOW.replace(second=0)


def allocation(used: int, allocated: int = 5000) -> Allocation:
    return Allocation(used=used, allocated=allocated, limited_by_salesforce=115_000)


def test_calls_fall_into_the_hour_that_they_were_made_in():
    hours = hours_of(
        [
            (UNTIL - timedelta(hours=24), "polling", 1),
            (UNTIL - timedelta(minutes=61), "polling", 2),
            (UNTIL - timedelta(minutes=60), "polling", 4),
            (UNTIL, "writing", 8),  # the minute that is running
        ],
        UNTIL,
    )
    assert [hour.all for hour in hours] == [1] + [0] * 21 + [2, 12]
    assert hours[-1].calls == {"polling": 4, "writing": 8}
    assert hours[0].begins == UNTIL - timedelta(hours=24)
    assert hours[-1].ends == UNTIL


def test_at_this_pace_it_says_when_the_allocation_is_used_up():
    figure = forecast(allocation(3412), 417, UNTIL, NOW)
    assert (figure.title, figure.detail, figure.tone) == (
        "Used up at this pace",
        "in 3 h 48 min",
        "warn",
    )
    assert ">18:20<" in figure.value


def test_a_pace_that_24_hours_can_bear_goes_on_for_ever():
    figure = forecast(allocation(19, 40_000), 60, UNTIL, NOW)
    assert (figure.value, figure.detail) == ("never", "this pace takes 1,440 in 24 h")


def test_no_calls_use_nothing_up():
    assert forecast(allocation(3167), 0, UNTIL, NOW).detail == "no calls now"


def test_a_used_up_allocation_goes_on_when_the_oldest_call_leaves():
    figure = forecast(allocation(5000), 0, NOW - timedelta(hours=23), NOW)
    assert figure.title == "Goes on at about"
    assert ">15:32<" in figure.value


@pytest.mark.parametrize(
    ("used", "share"),
    [
        (0, "none of the allocation"),
        (19, "under 1% of the allocation"),
        (3412, "68% of the allocation"),
        (5001, "100% of the allocation"),
    ],
)
def test_it_says_what_share_is_used(used, share):
    usage = Usage(allocation(used), [], None, forecast(allocation(used), 0, None, NOW))
    assert usage.share == share


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (3, 1), (4, 2), (16, 10), (417, 150), (451, 200), (9000, 3000)]
)
def test_the_axis_has_round_numbers(most, step):
    assert step_for(most) == step


def test_a_bar_is_as_high_as_its_calls():
    hours = hours_of([(UNTIL, "polling", 60), (UNTIL, "resync", 390)], UNTIL)
    chart = chart_of(hours, 5000)

    assert chart.axis == [450, 300, 150, 0]
    (polling, resync) = chart.bars[-1].parts
    assert polling == ("polling", "136.0", "20.0")  # 60 of 450 on 150 pixels
    assert resync == ("resync", f"{TOP:.1f}", "129.0")  # a pixel of ground shows between the two
    assert chart.bars[0].parts == []
    assert chart.bars[-1].x == "96.38%"


def test_the_even_pace_is_drawn_where_the_chart_reaches_it():
    hours = hours_of([(UNTIL, "polling", 450)], UNTIL)
    assert chart_of(hours, 5000).pace_y == pytest.approx(BASE + 0.5 - 208 / 450 * 150, abs=0.1)
    assert chart_of(hours, 115_000).pace_y is None
