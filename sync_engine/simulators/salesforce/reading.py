"""What a session sees: fields, live records, the records that bear a key."""

from __future__ import annotations

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


def existing(org: Org, sobject: SObject, record_id: str) -> Row:
    """Return the record; raises Refusal where it is deleted or was never there."""
    row = org.store[sobject.name].get(record_id)
    if row is None:
        raise Refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", ())
    if row.get("IsDeleted"):
        raise deleted()
    return row


def find(org: Org, sobject: SObject, field: Field, value: Any) -> list[str]:
    """Return ids of live records whose key field holds this value; raises Refusal."""
    wanted = stored(field, value)
    if wanted is None:
        raise Refusal("MISSING_ARGUMENT", f"{field.name} not specified", ())
    table = org.store[sobject.name]
    found = (wanted,) if field.type == "id" else table.find(field.name, wanted)
    rows = ((record_id, table.get(record_id)) for record_id in found)
    return [record_id for record_id, row in rows if row and not row.get("IsDeleted")]
