"""What became of the fields that an admin has tracked, a record for each change. Nobody writes these.

Source: Salesforce's public object reference (ContactHistory, LeadHistory).
"""

from __future__ import annotations

from typing import Any

from sync_engine.simulators.salesforce.fields import (
    READ_ONLY,
    Field,
    SObject,
    flag,
    lookup,
    moment,
    pick,
    record_id,
)

# One prefix is shared by all histories in Salesforce; here a prefix names one object.
PREFIXES = {"Contact": "017", "Lead": "018"}


def contact_history() -> SObject:
    return _history_of("Contact")


def lead_history() -> SObject:
    return _history_of("Lead")


def _history_of(parent: str) -> SObject:
    told: dict[str, Any] = {"nillable": False, "defaulted": True, **READ_ONLY}
    fields = [
        record_id(f"{parent} History"),
        flag("IsDeleted", "Deleted", **READ_ONLY),
        lookup(f"{parent}Id", f"{parent} ID", parent, **told),
        lookup("CreatedById", "Created By ID", "User", **told),
        moment("CreatedDate", "Created Date", **told),
        pick("Field", "Changed Field", (), restricted=True, **told),
        pick("DataType", "Datatype", (), length=40, restricted=True, **READ_ONLY),
        Field("OldValue", "Old Value", "anyType", length=255, **READ_ONLY),
        Field("NewValue", "New Value", "anyType", length=255, **READ_ONLY),
    ]
    return SObject(
        name=f"{parent}History",
        label=f"{parent} History",
        plural=f"{parent} History",
        prefix=PREFIXES[parent],
        fields={field.name: field for field in fields},
        createable=False,
        updateable=False,
        deletable=False,
        name_field="Id",
        reached="",
        history_of=parent,
    )
