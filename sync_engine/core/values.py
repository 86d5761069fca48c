"""What crosses every border of the engine: a CRM, a value, a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Crm(StrEnum):
    HUBSPOT = "hubspot"
    SALESFORCE = "salesforce"

    @property
    def label(self) -> str:
        return "HubSpot" if self is Crm.HUBSPOT else "Salesforce"

    @property
    def other(self) -> Crm:
        return Crm.SALESFORCE if self is Crm.HUBSPOT else Crm.HUBSPOT


# A blank is always None: clients turn "" and text of spaces into None on the way in.
# Options of a multi-select are one text, joined with ";" in the CRM's own order.
Value = str | int | Decimal | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class RecordRef:
    """A record of a CRM, by its object's name and its id."""

    object_name: str
    id: str


@dataclass(frozen=True, slots=True)
class Record:
    """One row of one CRM, as it was at one moment.

    values       {field name as this CRM spells it: Value}. A field that was asked for and
                 does not exist for this record or this user is absent, which is not blank
                 (sync.md 1)
    modified_at  when somebody last edited the row, aware UTC (Salesforce: LastModifiedDate)
    stamp        what moves with every change of the row, automated ones included, aware UTC
                 (Salesforce: SystemModstamp); what watermarks and links remember
    became       the record in which it lives on: the contact that a lead was converted to
    absorbed     ids of the records that were merged into it (HubSpot: hs_merged_object_ids)
    stands_for   the record that is written in its stead: the person account of a contact
    """

    crm: Crm
    object_name: str
    id: str
    values: Mapping[str, Value]
    modified_at: datetime
    stamp: datetime
    became: RecordRef | None = None
    absorbed: tuple[str, ...] = ()
    stands_for: RecordRef | None = None


def blank_to_none(value: Value) -> Value:
    """Return None for null, empty or only spaces; everything else as it is (sync.md 1)."""
    if isinstance(value, str) and not value.strip():
        return None
    return value
