"""The recycle bin keeps what was deleted for 15 days. Source: salesforce-api.md 6.3."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sync_engine.simulators.salesforce import moments
from sync_engine.simulators.salesforce.fields import Row
from sync_engine.simulators.salesforce.org import Org

KEPT = timedelta(days=15)


def note_deleted(org: Org, row: Row) -> None:
    """Remember when a record went to the bin, once the transaction is done."""
    entry = (row["SystemModstamp"], row["Id"])
    org.store.after_commit(lambda: org.bin.append(entry))


def refill(org: Org, records: Mapping[str, list[Row]]) -> None:
    """Remember what is in the bin of an org that is restored."""
    rows = (row for name in org.sobjects for row in records.get(name, ()) if row.get("IsDeleted"))
    org.bin.extend(sorted((row["SystemModstamp"], row["Id"]) for row in rows))


def empty_old(org: Org) -> None:
    """Forget what has been in the bin for too long."""
    if not org.bin:
        return
    oldest = moments.spell(org.clock.now() - KEPT)
    while org.bin and org.bin[0][0] < oldest:
        _, record_id = org.bin.popleft()
        row: dict[str, Any] = org.store.get(record_id) or {}
        if row.get("SystemModstamp", oldest) < oldest:
            empty(org, record_id)


def empty(org: Org, record_id: str) -> None:
    """Forget a deleted record, and what went to the bin with it."""
    for child_id in org.taken_along.pop(record_id, ()):
        empty(org, child_id)
    org.cleared.pop(record_id, None)
    table = org.store.table_of(record_id)
    if table and (table.get(record_id) or {}).get("IsDeleted"):
        org.store.remove(table, record_id)
