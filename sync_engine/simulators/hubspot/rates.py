"""How many calls an app may make, and an account in a day. Source: hubspot-api.md 3.1 to 3.3."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sync_engine.simulators.hubspot.errors import rate_limited
from sync_engine.simulators.hubspot.times import milliseconds
from sync_engine.simulators.hubspot.tokens import Grant
from sync_engine.simulators.hubspot.users import TIME_ZONE

MOST_ADD_ONS = 2
SEARCHES = 5  # a second, whatever the account pays for
MARKETPLACE_BURST = 110  # for each account that installed the app


@dataclass(frozen=True, slots=True)
class Allowed:
    """burst, associations: calls in ten seconds. daily: calls of all apps in a day."""

    burst: int
    associations: int
    daily: int


TIERS = {
    "free": Allowed(100, 100, 250_000),
    "starter": Allowed(100, 100, 250_000),
    "professional": Allowed(190, 150, 625_000),
    "enterprise": Allowed(190, 150, 1_000_000),
}
_WITH_ADD_ON = Allowed(250, 200, 1_000_000)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an account pays for. add_ons: how many "API Limit Increase" there are.

    marketplace: the app that logs in is listed, and so is bound to no day; else it was
    distributed privately and has the limits of a service key.
    """

    tier: str = "professional"
    add_ons: int = 0
    marketplace: bool = False

    @property
    def allowed(self) -> Allowed:
        found = TIERS[self.tier]
        if not self.add_ons:
            return found
        return replace(_WITH_ADD_ON, daily=found.daily + self.add_ons * _WITH_ADD_ON.daily)


@dataclass
class Window:
    """A rolling window. limit: calls per `span` milliseconds; 0 lifts it."""

    policy: str
    span: int
    limit: int
    _made: deque[int] = field(default_factory=deque)
    _lately: deque[int] = field(default_factory=deque)  # within a second

    def take(self, now: int, group: str) -> None:
        """Count one call; raises HubSpotError with status 429."""
        if not self.limit:
            return
        _expire(self._made, now, self.span)
        if len(self._made) >= self.limit:
            raise rate_limited(self.policy, group)
        self._made.append(now)
        _expire(self._lately, now, 1_000)
        self._lately.append(now)

    def remaining(self, now: int) -> int:
        _expire(self._made, now, self.span)
        return max(self.limit - len(self._made), 0)

    def remaining_in_second(self, now: int) -> int:
        """Return what is left of a tenth of the limit: told still, and enforced no more."""
        _expire(self._lately, now, 1_000)
        return max(self.limit // 10 - len(self._lately), 0)


def _expire(made: deque[int], now: int, span: int) -> None:
    while made and not 0 <= now - made[0] < span:
        made.popleft()


@dataclass
class Day:
    """Calls since midnight where the account is. limit: 0 lifts it."""

    limit: int
    used: int = 0
    resets_at: int = 0
    _began: int = 0

    def check(self, now: int, group: str) -> None:
        """Raise HubSpotError with status 429 where the day's calls are made."""
        self.turn(now)
        if self.limit and self.used >= self.limit:
            raise rate_limited("DAILY", group)

    def turn(self, now: int) -> None:
        """Begin to count anew after midnight, or when the clock was set back before the last."""
        if self._began <= now < self.resets_at:
            return
        local = datetime.fromtimestamp(now / 1000, UTC).astimezone(ZoneInfo(TIME_ZONE))
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        self.used = 0
        self._began = milliseconds(midnight)
        self.resets_at = milliseconds(midnight + timedelta(days=1))


class Rates:
    """The windows of one account: each app has a burst of its own, the day is everybody's."""

    def __init__(self) -> None:
        self.set_plan(Plan())

    def set_plan(self, plan: Plan) -> None:
        """Begin to count anew, by what `plan` allows."""
        self.plan = plan
        allowed = plan.allowed
        listed = MARKETPLACE_BURST if plan.marketplace else allowed.burst
        self.burst_of_key = Window("TEN_SECONDLY_ROLLING", 10_000, allowed.burst)
        self.burst_of_app = Window("TEN_SECONDLY_ROLLING", 10_000, listed)
        self.search = Window("SECONDLY", 1_000, SEARCHES)
        self.associations = Window("TEN_SECONDLY_ROLLING", 10_000, allowed.associations)
        self.day = Day(allowed.daily)

    def set_limits(self, *, burst: int, search: int, associations: int, daily: int | None) -> None:
        """Begin to count anew, by numbers of one's own; daily: None for the plan's."""
        self.set_plan(self.plan)
        self.burst_of_key.limit = self.burst_of_app.limit = burst
        self.search.limit, self.associations.limit = search, associations
        if daily is not None:
            self.day.limit = daily

    def burst_of(self, grant: Grant) -> Window:
        return self.burst_of_key if grant.is_service_key else self.burst_of_app

    def take(self, window: Window, now: int, grant: Grant) -> None:
        """Count one call; raises HubSpotError with status 429. A refused call counts nowhere."""
        has_days = grant.is_service_key or not self.plan.marketplace
        if has_days:
            self.day.check(now, grant.group)
        window.take(now, grant.group)
        self.day.used += has_days

    def headers(self, now: int, grant: Grant) -> dict[str, str]:
        """Return what every answer but a search's tells. OAuth apps are not told of the day."""
        found: dict[str, str] = {}
        burst = self.burst_of(grant)
        if burst.limit:
            found = {
                "X-HubSpot-RateLimit-Interval-Milliseconds": str(burst.span),
                "X-HubSpot-RateLimit-Max": str(burst.limit),
                "X-HubSpot-RateLimit-Remaining": str(burst.remaining(now)),
                "X-HubSpot-RateLimit-Secondly": str(burst.limit // 10),
                "X-HubSpot-RateLimit-Secondly-Remaining": str(burst.remaining_in_second(now)),
            }
        if grant.is_service_key and self.day.limit:
            self.day.turn(now)
            left = max(self.day.limit - self.day.used, 0)
            found["X-HubSpot-RateLimit-Daily"] = str(self.day.limit)
            found["X-HubSpot-RateLimit-Daily-Remaining"] = str(left)
        return found

    def dump(self) -> dict[str, Any]:
        return asdict(self.plan)

    def restore(self, state: Mapping[str, Any]) -> None:
        self.set_plan(Plan(**state))
