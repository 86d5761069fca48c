"""The chart of API calls, as numbers for the attributes of an SVG: style is never written inline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from settings_ui.health.usage import Hour
from sync_engine.core.allocation import Cause

TOP, BASE = 6, 156  # y of the highest and of the lowest line, in pixels
GAP = 1.0  # between two causes of one bar
LEAST = 0.8  # the height of what is there at all


@dataclass(frozen=True, slots=True)
class Bar:
    x: str
    title: str
    parts: list[tuple[str, str, str]]  # (cause, y, height), from the ground upwards


@dataclass(frozen=True, slots=True)
class Chart:
    bars: list[Bar]
    axis: list[int]  # four numbers, the highest first
    title: str
    pace: int  # calls per hour that the allocation allows
    pace_y: float | None  # None: it lies above the chart

    @property
    def pace_label_y(self) -> float | None:
        return self.pace_y and self.pace_y - 6.5


def chart_of(hours: Sequence[Hour], allocated: int) -> Chart:
    calls = [hour.all for hour in hours]
    step = step_for(max(calls))
    top, pace = step * 3, allocated // 24
    return Chart(
        bars=[_bar(n, hour, top) for n, hour in enumerate(hours)],
        axis=[top, step * 2, step, 0],
        title=(
            "Salesforce API calls per hour, last 24 hours, by cause. "
            f"Between {min(calls):,} and {max(calls):,} an hour. "
            f"The allocation allows {pace:,} an hour at an even pace."
        ),
        pace=pace,
        pace_y=round(BASE + 0.5 - _height(pace, top), 1) if pace <= top else None,
    )


def step_for(most: int) -> int:
    """Return the distance of the axis's numbers: a round one, three of which reach `most`."""
    return next(step for step in _round_numbers() if step * 3 >= most)


def _round_numbers() -> Iterator[int]:
    yield from (1, 2, 3, 4, 5)
    power = 10
    while True:
        yield from (power, power * 3 // 2, power * 2, power * 5 // 2, power * 3, power * 4)
        yield from (power * 5, power * 15 // 2)
        power *= 10


def _height(calls: int, top: int) -> float:
    return calls / top * (BASE - TOP)


def _bar(n: int, hour: Hour, top: int) -> Bar:
    parts: list[tuple[str, str, str]] = []
    y = float(BASE)
    for cause in Cause:
        if not hour.calls[cause]:
            continue
        height = _height(hour.calls[cause], top)
        y -= height
        drawn = max(height - (GAP if parts else 0), LEAST)
        parts.append((cause.value, f"{y:.1f}", f"{drawn:.1f}"))
    return Bar(
        x=f"{0.55 + n * 100 / 24:.2f}%",
        title=f"{hour.begins:%H:%M} to {hour.ends:%H:%M}: {hour.all:,} calls",
        parts=parts,
    )
