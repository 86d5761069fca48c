"""Finding the partner of a record that has no link yet (sync.md 3.4, product.md 7.2)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sync_engine.core.values import Record


@dataclass(frozen=True, slots=True)
class Match:
    """partner: the record to link with, None if there is none. taken: every candidate is linked
    with another record already, so a new one would be a duplicate."""

    partner: Record | None = None
    taken: Record | None = None


def find_partner(
    by_key: Collection[Record], by_identity: Collection[Record], linked: Collection[str]
) -> Match:
    """Choose among candidates: who bears our key, else who was edited last among those with the
    same e-mail.

    linked  ids of records that have a link with somebody else. Links are sticky: such a record
            is never taken away from its partner
    """
    for candidates in (by_key, by_identity):
        free = [record for record in candidates if record.id not in linked]
        if free:
            return Match(partner=max(free, key=lambda record: (record.modified_at, record.id)))
    for record in (*by_key, *by_identity):
        return Match(taken=record)
    return Match()
