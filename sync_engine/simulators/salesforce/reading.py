"""What a session sees: fields, live records, the records that bear a key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sync_engine.simulators.salesforce.errors import Refusal, deleted
from sync_engine.simulators.salesforce.fields import Field, Row, SObject
from sync_engine.simulators.salesforce.org import Org, Session
from sync_engine.simulators.salesforce.values import stored


def visible_fields(org: Org, session: Session, sobject: SObject) -> dict[str, Field]:
    """Return the fields this session may see, by name in lower case."""
    if session.sees_all:
        return org.access.everything(sobject.name)
    return org.access.fields(sobject.name, session.user_id)


def may_see(org: Org, session: Session, sobject: SObject, row: Row) -> bool:
    """Is the record in this session's sight? A private contact is its owner's alone; a history is
    for those who see its record, and its field."""
    if sobject.history_of and not session.sees_all:
        return _may_see_change(org, session, org.sobjects[sobject.history_of], row)
    if session.sees_all or not org.hides_private_contacts or sobject.name != "Contact":
        return True
    return bool(row.get("AccountId")) or row["OwnerId"] == session.user_id


def _may_see_change(org: Org, session: Session, sobject: SObject, change: Row) -> bool:
    row = org.store[sobject.name].get(change[f"{sobject.name}Id"]) or {}
    name, visible = change["Field"].lower(), visible_fields(org, session, sobject)
    is_shown = name == "created" or name in visible or f"{name}id" in visible
    return is_shown and may_see(org, session, sobject, row)


def existing(org: Org, session: Session, sobject: SObject, record_id: str) -> Row:
    """Return the record; raises Refusal where it is deleted, out of sight or was never there."""
    row = org.store[sobject.name].get(record_id)
    if row is None or not may_see(org, session, sobject, row):
        raise Refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", ())
    if row.get("IsDeleted"):
        raise deleted()
    return row


def seen(org: Org, session: Session, sobject: SObject, key: tuple[Field, Any]) -> list[str]:
    """Return ids of live records in sight whose key field holds this value; raises Refusal."""
    table = org.store[sobject.name]
    found = find(org, sobject, *key)
    return [one for one in found if may_see(org, session, sobject, table.get(one) or {})]


def children(org: Org, child_name: str, lookup: str, parent_id: str) -> list[Row]:
    """Return the live records of an object that name this parent."""
    table = org.store[child_name]
    rows = (table.get(one) or {} for one in table.find(lookup, parent_id))
    return [row for row in rows if row.get(lookup) == parent_id and not row.get("IsDeleted")]


def named_by(org: Org, record_id: str) -> Iterator[tuple[SObject, str, Row]]:
    """Yield (object, lookup field, record) of all that name this record, deleted ones too."""
    parent = org.store.table_of(record_id)
    for child in org.sobjects.values() if parent else ():
        table = org.store[child.name]
        for field in child.lookups():
            if (
                parent
                and parent.sobject.name in field.reference_to
                and table.is_indexed(field.name)
            ):
                for one in table.find(field.name, record_id):
                    row = table.get(one) or {}
                    if row.get(field.name) == record_id:
                        yield child, field.name, row


def find(org: Org, sobject: SObject, field: Field, value: Any) -> list[str]:
    """Return ids of live records whose key field holds this value; raises Refusal."""
    wanted = stored(field, value)
    if wanted is None:
        raise Refusal("MISSING_ARGUMENT", f"{field.name} not specified", ())
    table = org.store[sobject.name]
    found = (wanted,) if field.type == "id" else table.find(field.name, wanted)
    rows = ((record_id, table.get(record_id)) for record_id in found)
    return [record_id for record_id, row in rows if row and not row.get("IsDeleted")]
