"""Lookups to a record that is deleted: cleared, and brought back when the record is undeleted.
Lookups of records that go along with it stay as they are. Source: salesforce-api.md 3, 6.3."""

from __future__ import annotations

from sync_engine.simulators.salesforce.fields import Row
from sync_engine.simulators.salesforce.org import Org
from sync_engine.simulators.salesforce.reading import named_by

STAYS = ("MasterRecordId",)


def clear_lookups(org: Org, record_id: str) -> None:
    """Clear what names this record in live records, silently: no rule runs, no stamp moves."""
    cleared: list[list[str]] = []
    for child, lookup, row in named_by(org, record_id):
        if lookup not in STAYS and not row.get("IsDeleted"):
            org.store.put(org.store[child.name], {**row, lookup: None})
            cleared.append([row["Id"], lookup])
    if cleared:
        org.cleared[record_id] = cleared


def restore_lookups(org: Org, record_id: str) -> None:
    """Let what named this record name it again, but for what names another one by now."""
    for child_id, lookup in org.cleared.pop(record_id, ()):
        table = org.store.table_of(child_id)
        row: Row = (table.get(child_id) if table else None) or {}
        if table and row and row.get(lookup) is None:
            org.store.put(table, {**row, lookup: record_id})
