"""How many Salesforce API calls may be made, and for what (sync.md 6, product.md 19.1)."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

WINDOW = timedelta(hours=24)

# Of DailyApiRequests.Max, what a new connection is given.
DEFAULT_SHARE = 0.20

# Automatic retries stop here, so that an org full of errors cannot eat the allocation.
RETRIES_STOP_AT = 0.75

# Of the org's calls, all integrations together: above it, only single records are synced.
ORG_IS_FULL_AT = 0.95

# So long the org's own count is believed; then one call is made to learn it anew.
ORG_TOLD = timedelta(minutes=15)

# What polling always keeps for itself.
POLLING_KEEPS = 0.10


class Cause(StrEnum):
    """What a call is for; the colours of the chart on Sync Health."""

    POLLING = "polling"
    READING = "reading"
    WRITING = "writing"
    RESYNC = "resync"
    DESCRIBE = "describe"


class AllocationSpent(Exception):
    """No call is left for this kind of work. Not an error: the run pauses and goes on by itself."""


def ceiling(allocated: int, cause: Cause) -> int:
    """Return up to how many used calls a call of this cause may still be made.

    allocated  calls per rolling 24 hours
    Large resyncs may not use what polling keeps; everything else may use it all.
    """
    if cause is Cause.RESYNC:
        return int(allocated * (1 - POLLING_KEEPS))
    return allocated


def default_allocation(limited_by_salesforce: int) -> int:
    """Return what to allocate of the org's calls per 24 hours before an admin has chosen."""
    return int(limited_by_salesforce * DEFAULT_SHARE)
