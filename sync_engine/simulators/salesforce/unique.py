"""Values that no two records may share. Source: salesforce-api.md 7, 9.2."""

from __future__ import annotations

from typing import Any

from sync_engine.simulators.salesforce import ids
from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.fields import Row, SObject
from sync_engine.simulators.salesforce.org import Org
from sync_engine.simulators.salesforce.reading import find


def check_unique(org: Org, sobject: SObject, row: Row, before: Row) -> None:
    for field in sobject.fields.values():
        value = row.get(field.name)
        if not field.unique or value is None or value == before.get(field.name):
            continue
        org.late.refuse_taken(org.store[sobject.name], field.name, value)
        for other in find(org, sobject, field, value):
            if other != row["Id"]:
                raise Refusal(
                    "DUPLICATE_VALUE",
                    f"duplicate value found: {field.name} duplicates value on record with id: "
                    f"{other[:15]}",
                    (),
                )
    if sobject.together:
        _check_together(org, sobject, row)


def _check_together(org: Org, sobject: SObject, row: Row) -> None:
    table = org.store[sobject.name]
    wanted = [row.get(name) for name in sobject.together]
    first = sobject.together[0]
    candidates = table.find(first, row[first]) if table.is_indexed(first) else table
    for record_id in candidates:
        other = table.get(record_id) or {}
        if other.get("IsDeleted") or record_id == row["Id"]:
            continue
        if [other.get(name) for name in sobject.together] == wanted:
            if sobject.already:
                raise Refusal("DUPLICATE_VALUE", sobject.already, ())
            named = "; ".join(
                f"{sobject.fields[name].label.removesuffix(' ID')}: {_short(row[name])}"
                for name in sobject.together
            )
            raise Refusal(
                "DUPLICATE_VALUE", f"Duplicate {sobject.name}.  {named}", sobject.together
            )


def _short(value: Any) -> str:
    """Return an id with 15 characters, anything else as it is."""
    return value[:15] if isinstance(value, str) and ids.full(value) == value else str(value)
