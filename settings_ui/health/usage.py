"""Salesforce API calls of the last 24 hours, in the numbers that the panel and its chart show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings

from settings_ui.words import clock, span
from sync_engine.core.allocation import RETRIES_STOP_AT, WINDOW, Cause
from sync_engine.core.values import Crm
from sync_engine.models import Allocation, ApiCalls

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Hour:
    begins: datetime
    ends: datetime
    calls: Counter[str] = field(default_factory=Counter)

    @property
    def all(self) -> int:
        return self.calls.total()

    @property
    def by_cause(self) -> list[int]:
        return [self.calls[cause] for cause in Cause]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What becomes of the allocation at this pace, as one figure of the panel."""

    title: str
    value: str
    detail: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """hours is empty until the first has passed; drawn_from says when that will be."""

    allocation: Allocation
    hours: list[Hour]
    drawn_from: datetime | None
    forecast: Forecast

    @property
    def percent(self) -> int:
        return min(100, self.allocation.used * 100 // self.allocation.allocated)

    @property
    def share(self) -> str:
        if not self.allocation.used:
            return "none of the allocation"
        return f"{self.percent or 'under 1'}% of the allocation"

    @property
    def retries_stop_percent(self) -> int:
        return int(RETRIES_STOP_AT * 100)

    @property
    def retries_stop_at(self) -> int:
        return int(self.allocation.allocated * RETRIES_STOP_AT)

    @property
    def tone(self) -> str:
        return "" if self.percent < self.retries_stop_percent else "warn"

    @property
    def not_allocated(self) -> int:
        return self.allocation.limited_by_salesforce - self.allocation.allocated

    @property
    def all_causes(self) -> list[str]:
        return [cause.value for cause in Cause]

    @property
    def causes(self) -> list[tuple[str, int]]:
        """Return every cause that has made calls, with its number."""
        calls = sum((hour.calls for hour in self.hours), Counter())
        return [(cause.value, calls[cause]) for cause in Cause if calls[cause]]


def usage_of(allocation: Allocation, now: datetime) -> Usage:
    """Read the tallies of 24 hours: one query."""
    until = now.replace(second=0, microsecond=0)
    rows = list(
        ApiCalls.objects.filter(
            connection_id=allocation.connection_id,
            crm=Crm.SALESFORCE.value,
            minute__gte=until - WINDOW,
        )
        .order_by("minute")
        .values_list("minute", "cause", "calls")
    )
    first = rows[0][0] if rows else None
    is_drawn = first is not None and first <= now - HOUR
    hours = hours_of(rows, until)
    rate = hours[-1].all if is_drawn else 3600 // settings.POLL_SECONDS
    return Usage(
        allocation=allocation,
        hours=hours if is_drawn else [],
        drawn_from=first + HOUR if first else None,
        forecast=forecast(allocation, rate, first, now),
    )


def hours_of(rows: Iterable[tuple[datetime, str, int]], until: datetime) -> list[Hour]:
    """Return 24 hours, the oldest first; the last one takes the minute that is running."""
    begins = until - WINDOW
    hours = [Hour(begins + n * HOUR, begins + (n + 1) * HOUR) for n in range(24)]
    for minute, cause, calls in rows:
        hours[min(23, (minute - begins) // HOUR)].calls[cause] += calls
    return hours


def forecast(allocation: Allocation, rate: int, first: datetime | None, now: datetime) -> Forecast:
    """Say when the allocation is used up. rate: calls per hour; first: the oldest call's minute."""
    if not allocation.left:
        goes_on = max(first + WINDOW, now + MINUTE) if first else now + MINUTE
        return Forecast(
            "Goes on at about", clock(goes_on, now), "as old calls leave the 24 h", "warn"
        )
    title = "Used up at this pace"
    if not rate:
        return Forecast(title, "never", "no calls now")
    if rate * 24 <= allocation.allocated:
        return Forecast(title, "never", f"this pace takes {rate * 24:,} in 24 h")
    left = timedelta(minutes=allocation.left * 60 // rate)
    return Forecast(title, clock(now + left, now), f"in {span(left)}", "warn")
