"""Who works in a CRM in memory, and whom Salesforce makes the owner of what it is not told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.owners import Owner
from sync_engine.core.values import Crm, Value
from sync_engine.crms.base import Row
from sync_engine.crms.memory_fields import FIELDS
from sync_engine.crms.memory_granted import IDENTITIES

_OWNER = {
    Crm.HUBSPOT: Field("hubspot_owner_id", "Contact owner", FieldKind.REFERENCE, "select"),
    Crm.SALESFORCE: Field("OwnerId", "Owner ID", FieldKind.REFERENCE, "reference", max_length=18),
}

# The fields of CRMs whose records have owners, by object: most tests need not mind who they are.
OWNED = {
    object_name: {**fields, _OWNER[crm].name: _OWNER[crm]}
    for crm in Crm
    for object_name, fields in FIELDS[crm].items()
}


@dataclass
class MemoryOwners:
    """
    hired        who may own records; in Salesforce the integration user from the first
    assigned_to  the id of the owner whom Salesforce's assignment rules choose; "" without rules
    """

    crm: Crm
    hired: list[Owner] = field(default_factory=list)
    assigned_to: str = ""

    def __post_init__(self) -> None:
        if self.crm is Crm.SALESFORCE:
            us = IDENTITIES[self.crm]
            self.hired.append(Owner(us.user_id, "Integration User", us.user_name))

    @property
    def of_new_records(self) -> Mapping[str, Value]:
        """A new Salesforce record is owned by who makes it, unless it is given an owner."""
        return {} if self.crm is Crm.HUBSPOT else {"OwnerId": IDENTITIES[self.crm].user_id}

    def assigned(self, row: Row) -> Row:
        """Return a row as the assignment rules leave it, a new record's or not."""
        if not self.assigned_to:
            return row
        return replace(row, values={**row.values, "OwnerId": self.assigned_to})
