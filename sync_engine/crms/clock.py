"""A CRM's own clock, as the `Date` of its answers shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# `Date` has whole seconds and was written before the answer arrived: less than this is no error.
_EXACT = timedelta(seconds=2)


@dataclass
class CrmClock:
    """
    answered  the `Date` of the last answer, aware UTC
    ahead     how far the clock is ahead of ours, negative where it is behind
    """

    answered: datetime = datetime(1999, 1, 1, tzinfo=UTC)
    ahead: timedelta = timedelta()

    def learn(self, date: str | None) -> None:
        """Read the `Date` header of an answer that has just arrived."""
        if date is None:
            return
        self.answered = parsedate_to_datetime(date)
        ahead = self.answered - datetime.now(UTC)
        self.ahead = ahead if abs(ahead) > _EXACT else timedelta()
