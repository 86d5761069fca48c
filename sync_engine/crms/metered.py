"""Every call is reserved before it is made (sync.md 6)."""

from __future__ import annotations

from typing import Protocol

from sync_engine.core.allocation import Cause
from sync_engine.core.values import Crm


class Meter(Protocol):
    def reserve(self, crm: Crm, cause: Cause) -> None:
        """Count one call that is about to be made; raises AllocationSpent if none is left."""
        ...

    def org_used(self, used: int, limit: int) -> None:
        """Learn how many calls all integrations of the Salesforce org have used in 24 hours, and
        how many it has: every answer says so."""
        ...
