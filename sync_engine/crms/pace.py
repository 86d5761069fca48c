"""Keeping below HubSpot's rate limits, together with every other worker (hubspot-api.md 3.1).

A rolling window per account, kept in Redis by its own clock: what may be lost if Redis is.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from redis import Redis

from sync_engine.core import error_types as types
from sync_engine.core.errors import CrmError, Problem
from sync_engine.core.values import Crm

# Seconds. Whoever waits longer gives up: others want the worker too.
_LONGEST_WAIT = 20.0

# Returns 0 and counts the call, or the milliseconds until one may be made.
_TAKE = """
local now = redis.call('TIME')
local at = now[1] * 1000 + math.floor(now[2] / 1000)
local window, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', at - window)
if redis.call('ZCARD', KEYS[1]) < limit then
  redis.call('ZADD', KEYS[1], at, now[1] .. '.' .. now[2] .. '.' .. redis.call('INCR', KEYS[2]))
  redis.call('PEXPIRE', KEYS[1], window)
  redis.call('PEXPIRE', KEYS[2], window)
  return 0
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return math.max(1, tonumber(oldest[2]) + window - at)
"""


@dataclass(frozen=True, slots=True)
class Window:
    """calls: how many may be made in any stretch of so many milliseconds."""

    name: str
    milliseconds: int
    calls: int


# HubSpot allows five searches a second, and says nothing about them in its answers.
SEARCH = Window("search", 1000, 4)

# 90 % of what the smallest account may do, until an answer says how much this one may.
BURST = Window("burst", 10_000, 90)


def burst_of(allowed: int) -> Window:
    """Return the window for an account that may make `allowed` calls in ten seconds."""
    return Window(BURST.name, BURST.milliseconds, max(1, allowed * 9 // 10))


class Pace:
    def __init__(self, redis: Redis, account: str) -> None:
        self._take: Any = redis.register_script(_TAKE)
        self._account = account

    def wait(self, window: Window) -> None:
        """Return when one more call may be made; raises CrmError after 20 s of waiting."""
        key = f"pace:{self._account}:{window.name}"
        give_up = time.monotonic() + _LONGEST_WAIT
        while pause := self._take([key, f"{key}:n"], [window.milliseconds, window.calls]):
            if time.monotonic() + pause / 1000 > give_up:
                raise CrmError(Problem(Crm.HUBSPOT, types.RATE_LIMIT))
            time.sleep(pause / 1000)
