"""Whether a link that HubSpot's own Salesforce integration left may be taken over.

It wrote the Salesforce id into a property of the HubSpot record (product.md 7.2). The id alone
proves little: the record may be gone, and who it names may by now be somebody else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sync_engine.core.values import Crm, Record


class Verdict(StrEnum):
    ADOPTED = "adopted"
    LINKED = "linked"
    GONE = "gone"
    TWICE = "twice"
    SOMEBODY_ELSE = "somebody_else"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Verdict.ADOPTED: "Link taken over",
    Verdict.LINKED: "One of the two is linked already",
    Verdict.GONE: "The Salesforce record does not exist any more, or we may not see it",
    Verdict.TWICE: "Another HubSpot record names the same Salesforce record",
    Verdict.SOMEBODY_ELSE: "The e-mail addresses differ, and one of them is somebody else’s",
}


@dataclass(frozen=True, slots=True)
class Left:
    """A link as it was left.

    salesforce  the record that is named, followed through merges and conversions; None if unseen
    bearers     {CRM: ids of its records that bear the other half's e-mail address}
    """

    hubspot: Record
    salesforce: Record | None
    bearers: Mapping[Crm, Collection[str]]


def verdict(left: Left, linked: Collection[str], identity: Mapping[Crm, str]) -> Verdict:
    """Decide about one link.

    linked  ids of both CRMs' records that have a link
    Different addresses are no proof against it: one of the two may have been edited since. They
    are where one of the addresses is borne by a third record: then two links are possible.
    """
    here, there = left.hubspot, left.salesforce
    if there is None:
        return Verdict.GONE
    if here.id in linked or there.id in linked:
        return Verdict.LINKED
    if here.id in left.bearers[Crm.HUBSPOT] or same_address(here, there, identity):
        return Verdict.ADOPTED
    others = {*left.bearers[Crm.HUBSPOT]} | {*left.bearers[Crm.SALESFORCE]} - {there.id}
    return Verdict.SOMEBODY_ELSE if others else Verdict.ADOPTED


def same_address(here: Record, there: Record, identity: Mapping[Crm, str]) -> bool:
    one, other = (address(record, identity) for record in (here, there))
    return bool(one) and one == other


def address(record: Record, identity: Mapping[Crm, str]) -> str:
    name = identity.get(record.crm, "")
    return str(record.values.get(name) or "").strip().lower()
