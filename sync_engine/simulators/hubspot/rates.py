"""How many calls an app may make. Source: hubspot-api.md 3.1 to 3.3."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from sync_engine.simulators.hubspot.errors import rate_limited


@dataclass
class Window:
    """A rolling window. limit: calls per `span` milliseconds; 0 lifts it."""

    policy: str
    span: int
    limit: int
    _made: deque[int] = field(default_factory=deque)

    def take(self, now: int, group: str) -> None:
        """Count one call; raises HubSpotError with status 429."""
        if not self.limit:
            return
        self._expire(now)
        if len(self._made) >= self.limit:
            raise rate_limited(self.policy, group)
        self._made.append(now)

    def remaining(self, now: int) -> int:
        self._expire(now)
        return max(self.limit - len(self._made), 0)

    def set_limit(self, limit: int) -> None:
        self.limit = limit
        self._made.clear()

    def _expire(self, now: int) -> None:
        while self._made and not 0 <= now - self._made[0] < self.span:
            self._made.popleft()


class Rates:
    """The windows of one app in one account. daily: calls per day, told in headers only."""

    def __init__(self) -> None:
        self.burst = Window("TEN_SECONDLY_ROLLING", 10_000, 190)
        self.search = Window("SECONDLY", 1_000, 5)
        self.associations = Window("TEN_SECONDLY_ROLLING", 10_000, 150)
        self.daily = 625_000
        self._day = 0
        self._today = 0

    def take(self, window: Window, now: int, group: str) -> None:
        window.take(now, group)
        day = now // 86_400_000
        self._today = self._today + 1 if day == self._day else 1
        self._day = day

    def set_limits(self, *, burst: int, search: int, associations: int) -> None:
        self.burst.set_limit(burst)
        self.search.set_limit(search)
        self.associations.set_limit(associations)

    def headers(self, now: int, *, daily: bool) -> dict[str, str]:
        """Return what every answer but a search's tells. OAuth apps are not told the daily part."""
        found: dict[str, str] = {}
        if self.burst.limit:
            found = {
                "X-HubSpot-RateLimit-Interval-Milliseconds": str(self.burst.span),
                "X-HubSpot-RateLimit-Max": str(self.burst.limit),
                "X-HubSpot-RateLimit-Remaining": str(self.burst.remaining(now)),
            }
        if daily:
            found["X-HubSpot-RateLimit-Daily"] = str(self.daily)
            found["X-HubSpot-RateLimit-Daily-Remaining"] = str(max(self.daily - self._today, 0))
        return found
