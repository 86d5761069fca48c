"""Finding the partner of a record that has no link yet (sync.md 3.4, product.md 7.2)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sync_engine.core.values import Record


@dataclass(frozen=True, slots=True)
class Match:
    """partner: the record to link with, None if there is none. taken: every candidate is linked
    with another record already, so a new one would be a duplicate."""

    partner: Record | None = None
    taken: Record | None = None


def find_partner(
    by_key: Collection[Record],
    by_identity: Collection[Record],
    linked: Collection[str],
    objects: Sequence[str],
) -> Match:
    """Choose among candidates: who bears our key, else who bears the same e-mail; of these a
    contact before a lead, then who was edited last (product.md 26).

    linked   ids of records that have a link with somebody else. Links are sticky: such a record
             is never taken away from its partner
    objects  the candidates' objects, in the order in which partners are looked for
    """

    def rank(record: Record) -> tuple[int, datetime, str]:
        return -objects.index(record.object_name), record.modified_at, record.id

    for candidates in (by_key, by_identity):
        free = [record for record in candidates if record.id not in linked]
        if free:
            return Match(partner=max(free, key=rank))
    for record in (*by_key, *by_identity):
        return Match(taken=record)
    return Match()
