"""What a run does for one object type, and the pairs it has in hand."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sync_engine.core.catalog import Choice, ObjectType
from sync_engine.core.errors import Problem
from sync_engine.core.plan import Agreed, FieldChange, MappedField, Plan
from sync_engine.core.values import Crm, Record
from sync_engine.crms.base import Crms
from sync_engine.models import Connection, RecordLink, Segment, SyncRun

Clock = Callable[[], datetime]  # aware UTC


@dataclass(frozen=True, slots=True)
class Job:
    """Everything a run needs to know of one object type, read once.

    answers  {policy: choice in effect}
    since    when the object type was switched on: older baselines are stale
    mapped   {Salesforce object: its mapped fields}
    segment  who syncs at all; None where everybody does
    """

    connection: Connection
    run: SyncRun
    object_type: ObjectType
    answers: Mapping[str, str]
    since: datetime
    mapped: Mapping[str, tuple[MappedField, ...]]
    crms: Crms
    clock: Clock
    segment: Segment | None = None

    def objects(self, crm: Crm) -> tuple[str, ...]:
        """Name this CRM's objects of the type, in the order in which partners are looked for."""
        if crm is Crm.HUBSPOT:
            return (self.object_type.hubspot,)
        return self.object_type.salesforce

    def object_of(self, crm: Crm, link: RecordLink) -> str:
        """Name the object of a link's record."""
        return self.object_type.hubspot if crm is Crm.HUBSPOT else link.salesforce_object

    def choice(self, policy: str) -> Choice | None:
        """Return the answer in effect; None where the object type does not ask that."""
        asked = self.object_type.policy(policy)
        return asked.choice(self.answers[policy]) if asked else None

    def creates(self, crm: Crm) -> str:
        """Name the object that is created in a CRM for a record without a partner; "" where the
        admin wants none."""
        choice = self.choice(f"{crm.other}_changed")
        return choice.creates if choice else self.objects(crm)[0]

    def updates(self, crm: Crm) -> bool:
        """Tell whether values may flow into a CRM."""
        choice = self.choice(f"{crm.other}_changed")
        return choice.updates if choice else True

    @property
    def deletes_in_hubspot(self) -> bool:
        """Whether a HubSpot record goes with its Salesforce record. Never the other way round."""
        choice = self.choice("salesforce_deleted")
        return choice.deletes if choice else False

    def key(self, crm: Crm) -> str:
        """Name the field in which this CRM keeps the other's record id (sync.md 4)."""
        if crm is Crm.HUBSPOT:
            return self.connection.key_property
        return self.connection.key_field

    def fields(self, crm: Crm, object_name: str) -> tuple[str, ...]:
        """Name what is read of an object: its mapped fields, the identity, our key."""
        names = {self.key(crm)}
        if crm in self.object_type.identity:
            names.add(self.object_type.identity[crm])
        for salesforce_object, mapped in self.mapped.items():
            if crm is Crm.HUBSPOT or salesforce_object == object_name:
                names.update(mapping.of(crm).name for mapping in mapped)
        return tuple(sorted(names))


@dataclass(slots=True)
class Work:
    """One claimed link, and what a slice finds out about it.

    token     of the claim
    creating  the CRM in which its missing partner will be created
    created   the CRM in which it was created now
    found     the id of a partner that turned out to be there already
    blamed    {(CRM, its field): what was not sent once more, for the CRM refused the row for it}
    in_doubt  nobody knows whether a write of it was carried out
    counts    what was done, as the run's counters are named
    opted_out  it was opted out in HubSpot, by a write of its own
    agreed    what the link will remember
    problems  what keeps some of its data back
    is_glimpse  one half was read, and shows nothing new: what keeps the pair back may still do so
    skipped   why nothing is done about it, a sentence; "" while something may be
    """

    token: uuid.UUID
    link: RecordLink
    records: dict[Crm, Record] = field(default_factory=dict)
    agreed: dict[str, Agreed] = field(default_factory=dict)
    plan: Plan = field(default_factory=Plan)
    creating: Crm | None = None
    problems: list[Problem] = field(default_factory=list)
    skipped: str = ""
    is_glimpse: bool = False
    look_again: bool = False
    in_doubt: bool = False
    opted_out: bool = False
    blamed: dict[tuple[Crm, str], FieldChange] = field(default_factory=dict)
    created: Crm | None = None
    found: str | None = None
    counts: list[str] = field(default_factory=list)

    def misses(self, crm: Crm) -> bool:
        """Tell whether a read did not return a record that the link names."""
        return self.link.record_id(crm) is not None and crm not in self.records

    @property
    def is_pair(self) -> bool:
        return len(self.records) == 2

    @property
    def alone_in(self) -> Crm | None:
        """The CRM in which its only record is; None for a pair, or where none was seen."""
        return next(iter(self.records)) if len(self.records) == 1 else None
