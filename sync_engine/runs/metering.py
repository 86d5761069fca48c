"""Counting every call of a connection; Salesforce's are taken from its allocation first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from sync_engine.core.allocation import Cause
from sync_engine.core.values import Crm
from sync_engine.models import Allocation, ApiCalls, SyncRun


class ConnectionMeter:
    """The meter of one connection's calls (crms.metered.Meter).

    run    adds the calls to that run's counters
    cause  what all calls are for, whatever the client says: a resync reads and writes too
    """

    def __init__(
        self,
        connection_id: int,
        run: SyncRun | None = None,
        cause: Cause | None = None,
        clock: Callable[[], datetime] = timezone.now,
    ) -> None:
        self._connection_id, self._run, self._cause, self._clock = connection_id, run, cause, clock
        self._org_used = -1

    def reserve(self, crm: Crm, cause: Cause) -> None:
        cause = self._cause or cause
        if crm is Crm.SALESFORCE:
            Allocation.objects.reserve(self._connection_id, cause, self._clock())
        else:
            ApiCalls.objects.tally(self._connection_id, crm, cause, self._clock())
        if self._run is not None:
            self._run.add(**{f"{crm.value}_calls": 1})

    def org_used(self, used: int, limit: int) -> None:
        """Write it down where it moved by a thousandth: it comes with every answer."""
        if abs(used - self._org_used) * 1000 >= limit:
            self._org_used = used
            Allocation.objects.learn(self._connection_id, used, limit, self._clock())


class Uncounted:
    """A login: there is no allocation yet to take from."""

    def reserve(self, crm: Crm, cause: Cause) -> None:
        return

    def org_used(self, used: int, limit: int) -> None:
        return
