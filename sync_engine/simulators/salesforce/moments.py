"""Times as Salesforce spells them. Stored as that text, so that they sort as they are."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:?\d\d)", re.IGNORECASE
)


def spell(moment: datetime) -> str:
    """Spell an aware time: whole seconds, UTC. 2026-01-31T08:00:00.000+0000"""
    return moment.astimezone(UTC).isoformat(timespec="seconds")[:19] + ".000+0000"


def read(text: str) -> datetime:
    """Read a time with an offset; raises ValueError. Fractions of a second are cut off."""
    match = MOMENT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    day, time, offset = match.groups()
    try:
        return datetime.fromisoformat(f"{day}T{time}{offset.upper()}").astimezone(UTC)
    except OverflowError as error:  # the year 1 or 9999 in another time zone
        raise ValueError(text) from error


def read_day(text: str) -> str:
    """Read a date; raises ValueError. A time after it is cut off."""
    day = date.fromisoformat(text[:10])
    if len(text) > 10:
        read(text)
    return day.isoformat()
