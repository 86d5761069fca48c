"""Field history: a record for each change of a field that an admin has tracked.

What changes without a save (a merge, a person account's shadow) leaves none. Source: Salesforce's
public object reference and its help on field history tracking.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sync_engine.simulators.salesforce.fields import IDS, LONGEST_FILTERABLE, Field, Row, SObject
from sync_engine.simulators.salesforce.org import Org

MOST_TRACKED = 20
KINDS = {
    "string": "Text", "textarea": "MultiLineText", "email": "Email", "phone": "Phone", "url": "Url",
    "picklist": "DynamicEnum", "multipicklist": "MultiEnum", "boolean": "Boolean",
    "double": "Double", "currency": "Currency", "percent": "Percent", "int": "Double",
    "date": "DateOnly", "datetime": "DateTime",
}  # fmt: skip

Told = tuple[str, str | None, Any, Any]  # Field, DataType, OldValue, NewValue


def can_be_tracked(field: Field) -> bool:
    return field.updateable and field.type in (*KINDS, "reference")


def note_changes(org: Org, sobject: SObject, row: Row, before: Row) -> None:
    """Write down what a save changed in tracked fields. before: {} for a new record, whose first
    values are not told."""
    names = org.tracked.get(sobject.name, ())
    if not names:
        return
    changed = [sobject.fields[name] for name in names if _differs(row, before, name)]
    told = [one for field in changed for one in _told(org, field, row, before)]
    history = org.sobjects[f"{sobject.name}History"]
    for name, kind, old, new in told if before else [("created", None, None, None)]:
        entry = {
            "Id": org.new_id(history.prefix),
            "IsDeleted": False,
            f"{sobject.name}Id": row["Id"],
            "CreatedById": row["LastModifiedById"],
            "CreatedDate": row["LastModifiedDate"],
            "SystemModstamp": row["LastModifiedDate"],
            "Field": name,
            "DataType": kind,
            "OldValue": old,
            "NewValue": new,
        }
        org.store.put(org.store[history.name], entry)


def _differs(row: Row, before: Row, name: str) -> bool:
    """Did the value change? A checkbox without a value is an empty one."""
    return (row.get(name) or None) != (before.get(name) or None)


def _told(org: Org, field: Field, row: Row, before: Row) -> Iterator[Told]:
    """Yield what is told of one change: of a lookup the ids and the names; of what may be long
    only that it changed."""
    old, new = before.get(field.name), row.get(field.name)
    if field.type in IDS:
        name = field.name.removesuffix("Id")
        yield name, "EntityId", old, new
        yield name, "Text", _name_of(org, old), _name_of(org, new)
    elif field.type == "multipicklist" or field.length > LONGEST_FILTERABLE:
        yield field.name, KINDS[field.type], None, None
    else:
        yield field.name, KINDS[field.type], old, new


def _name_of(org: Org, record_id: str | None) -> Any:
    table = org.store.table_of(record_id) if record_id else None
    named = table.get(record_id) if table and record_id else None
    return named.get(table.sobject.name_field) if table and named else None
