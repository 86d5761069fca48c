"""How many API calls the org has spent in the last 24 hours, and how many it may.
Source: salesforce-api.md 2."""

from __future__ import annotations

from sync_engine.simulators.base import Clock

DAILY_CALLS = 100_000
HOURS = 24


class Usage:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_hour: dict[int, int] = {}
        self.daily_calls = DAILY_CALLS

    def used(self) -> int:
        oldest = self._hour() - HOURS
        return sum(calls for hour, calls in self._by_hour.items() if hour > oldest)

    def is_exceeded(self) -> bool:
        return self.used() >= self.daily_calls

    def count(self, calls: int) -> None:
        hour = self._hour()
        if hour not in self._by_hour:
            self._by_hour = {h: n for h, n in self._by_hour.items() if h > hour - HOURS}
        self._by_hour[hour] = self._by_hour.get(hour, 0) + calls

    def header(self) -> str:
        """Spell `Sforce-Limit-Info`."""
        return f"api-usage={self.used()}/{self.daily_calls}"

    def set_used(self, calls: int) -> None:
        self._by_hour = {self._hour(): calls}

    def dump(self) -> dict[str, int]:
        return {str(hour): calls for hour, calls in self._by_hour.items()}

    def restore(self, by_hour: dict[str, int]) -> None:
        self._by_hour = {int(hour): calls for hour, calls in by_hour.items()}

    def _hour(self) -> int:
        return int(self._clock.now().timestamp()) // 3600
