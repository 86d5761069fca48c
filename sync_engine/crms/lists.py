"""HubSpot's lists, which it calls segments: who is on one now, and who has joined.

Source: hubspot-api.md 10; product.md 6.1. Every method raises CrmError.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RecordList:
    """A list of records of one object that HubSpot keeps up to date by itself (*active*)."""

    id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Joined:
    """ids: who joined, the earliest first. cursor: where to go on; "" is the beginning."""

    ids: Sequence[str]
    cursor: str


class Lists(Protocol):
    def active(self, object_name: str) -> Sequence[RecordList]:
        """Return the active lists of an object, by name: only these can limit what syncs."""
        ...

    def named(self, list_id: str) -> RecordList | None:
        """Return an active list; None where it was deleted, or is not active."""
        ...

    def members(self, list_id: str) -> Collection[str]:
        """Return the ids of everyone on a list. One call for 250."""
        ...

    def joined(self, list_id: str, cursor: str) -> Joined:
        """Return who joined since a cursor was given; may repeat some. One call for 250."""
        ...
