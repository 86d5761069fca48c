"""How many risky writes may go out in 24 hours before somebody has to look (sync.md 6)."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

WINDOW = timedelta(hours=24)


class BrakeKind(StrEnum):
    """A kind of write that is dangerous in numbers."""

    CREATE = "create"
    BLANK = "blank"
    OPT_OUT = "opt_out"
    DELETE = "delete"


# Whichever is more: so many, or this share of the links of the object type.
LIMITS = {
    BrakeKind.CREATE: (1000, 0.10),
    BrakeKind.BLANK: (200, 0.02),
    BrakeKind.OPT_OUT: (100, 0.01),
    BrakeKind.DELETE: (50, 0.01),
}


def most_in_a_day(kind: BrakeKind, links: int) -> int:
    """Return how many writes of this kind may go out in 24 hours. links: live ones of the type."""
    least, share = LIMITS[kind]
    return max(least, int(links * share))
