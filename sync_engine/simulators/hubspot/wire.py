"""A record as HubSpot's answers spell it. Source: hubspot-api.md 5.2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sync_engine.simulators.hubspot.row import Row
from sync_engine.simulators.hubspot.table import Table
from sync_engine.simulators.hubspot.times import iso
from sync_engine.simulators.hubspot.users import PORTAL_ID


def held(table: Table, row: Row) -> dict[str, str]:
    """Return every property a row holds, those HubSpot itself fills included."""
    values = row.values()
    values["hs_object_id"] = str(row.id)
    created, modified = iso(row.created), iso(row.modified)
    values["hs_createdate"] = created
    values.setdefault(table.kind.created, created)
    values["hs_lastmodifieddate"] = values[table.kind.modified] = modified
    return values


@dataclass(frozen=True, slots=True)
class Shape:
    """What each record of one answer holds. with_url: single reads tell where the page is."""

    table: Table
    wanted: tuple[str, ...]
    with_history: tuple[str, ...] = ()

    def record(self, row: Row) -> dict[str, Any]:
        values = held(self.table, row)
        found: dict[str, Any] = {
            "id": values["hs_object_id"],
            "properties": {name: values.get(name) for name in self.wanted},
            "createdAt": values["hs_createdate"],
            "updatedAt": values[self.table.kind.modified],
            "archived": bool(row.archived),
        }
        if row.archived:
            found["archivedAt"] = iso(row.archived)
        if self.with_history:
            found["propertiesWithHistory"] = {
                name: [one.as_json() for one in self.table.versions(row, name)]
                for name in self.with_history
            }
        return found

    def record_with_page(self, row: Row) -> dict[str, Any]:
        """Add where a person sees the record, as single calls do."""
        where = f"https://app.hubspot.com/contacts/{PORTAL_ID}/record/{self.table.kind.type_id}"
        return {**self.record(row), "url": f"{where}/{row.id}"}


def asked(table: Table, names: Sequence[str], history: Sequence[str] = ()) -> Shape:
    """Return the shape of an answer to a read that asked for `names`."""
    properties = table.properties
    wanted = properties.wanted([*names, *history])
    return Shape(table, wanted, tuple(name for name in history if name in properties.live))


def written(table: Table, row: Row, names: Sequence[str] = ()) -> Shape:
    """Return the shape of an answer to a write: all a new record holds, or what was sent."""
    return Shape(table, table.properties.wanted(names or tuple(row.values())))
