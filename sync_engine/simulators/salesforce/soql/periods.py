"""SOQL's date literals: TODAY, LAST_N_DAYS:7, THIS_MONTH. Days and weeks are UTC's here; a week
begins on Sunday, and the fiscal year in January."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

MOST = 36_500
PERIODS = frozenset(
    {"today", "yesterday", "tomorrow", "last_90_days", "next_90_days"}
    | {
        f"{when}_{unit}"
        for when in ("last", "this", "next")
        for unit in ("week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year")
    }
)
COUNTED_PERIODS = frozenset(
    spelling.format(unit)
    for unit in (
        *("days", "weeks", "months", "quarters", "years", "fiscal_quarters", "fiscal_years"),
    )
    for spelling in ("last_n_{}", "next_n_{}", "n_{}_ago")
)


def is_period(word: str) -> bool:
    """Is this a date literal? word: in lower case."""
    name, _, count = word.partition(":")
    return name in COUNTED_PERIODS if count else name in PERIODS


def period(literal: str, now: datetime) -> tuple[datetime, datetime]:
    """Return the first moment of the period and the first one after it."""
    name, _, count = literal.partition(":")
    today = now.astimezone(UTC).date()
    first, last = _days(name, min(int(count or 0), MOST), today)
    return _midnight(first), _midnight(last)


def _days(name: str, count: int, today: date) -> tuple[date, date]:
    one = timedelta(days=1)
    match name:
        case "today":
            return today, today + one
        case "yesterday":
            return today - one, today
        case "tomorrow":
            return today + one, today + 2 * one
        case "last_90_days":
            return today - 90 * one, today + one
        case "next_90_days":
            return today + one, today + 91 * one
    if name.startswith("n_") and name.endswith("_ago"):
        unit = name[2:-4]
        return _unit(unit, -count, today), _unit(unit, 1 - count, today)
    when, _, unit = name.partition("_")
    if unit.startswith("n_"):
        return _counted(when, unit[2:], count, today)
    shift = {"last": -1, "this": 0, "next": 1}[when]
    return _unit(unit, shift, today), _unit(unit, shift + 1, today)


def _counted(when: str, unit: str, count: int, today: date) -> tuple[date, date]:
    """LAST_N_DAYS holds today too; of weeks, months and years it holds whole ones before now."""
    if when == "last":
        end = 1 if unit == "days" else 0
        return _unit(unit, -count, today), _unit(unit, end, today)
    return _unit(unit, 1, today), _unit(unit, 1 + count, today)


def _unit(unit: str, shift: int, today: date) -> date:
    """Return the first day of the day, week, month ... that lies `shift` away from today's."""
    match unit.removeprefix("fiscal_").rstrip("s"):
        case "day":
            return today + timedelta(days=shift)
        case "week":
            sunday = today - timedelta(days=today.isoweekday() % 7)
            return sunday + timedelta(weeks=shift)
        case "month":
            return _month(today, shift)
        case "quarter":
            return _month(today.replace(month=(today.month - 1) // 3 * 3 + 1), 3 * shift)
    return _month(today.replace(month=1), 12 * shift)


def _month(today: date, shift: int) -> date:
    years, month = divmod(today.year * 12 + today.month - 1 + shift, 12)
    return date(min(max(years, 1), 9999), month + 1, 1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
