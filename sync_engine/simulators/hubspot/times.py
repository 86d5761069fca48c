"""Times as HubSpot keeps them: milliseconds since 1970 inside, ISO with milliseconds outside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = 253_402_300_799_999  # the end of the year 9999
_FIRST = -62_135_596_800_000  # the start of the year 1
_MILLISECOND = timedelta(milliseconds=1)


def milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def iso(moment: int) -> str:
    """Write 1767225600000 as 2026-01-01T00:00:00.000Z."""
    spelled = (_EPOCH + timedelta(milliseconds=moment)).isoformat(timespec="milliseconds")
    return spelled[:-6] + "Z"


def parse_moment(text: str) -> int | None:
    """Read milliseconds or an ISO date or time, UTC where it names no zone; None if neither."""
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) < 17:
        moment = int(text)
    else:
        try:
            parsed = datetime.fromisoformat(text)
        except ValueError:
            return None
        moment = milliseconds(parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC))
    return moment if _FIRST <= moment <= _LAST else None
