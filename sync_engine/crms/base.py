"""The one door through which the engine speaks to a CRM.

Words
  object_name  the CRM's own name of a kind of record: "contacts", "Lead"
  fields       names as this CRM spells them; only these come back. In Salesforce "Opportunity.IsWon"
               is a field of the record that a lookup leads to
  values       {field name: Value}; a blank is None, never ""; an absent field is left out
  id           the CRM's record id, as text; Salesforce ids have 18 characters

Every method may cost API calls, reserves each before it is made (AllocationSpent), and may
raise CrmError. Every time given or returned is aware UTC and by the CRM's own clock.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sync_engine.core.checks import Granted
from sync_engine.core.errors import Problem
from sync_engine.core.fields import Field
from sync_engine.core.owners import Owner
from sync_engine.core.values import Crm, Record, RecordRef, Value
from sync_engine.crms.lists import Lists


@dataclass(frozen=True, slots=True)
class Asked:
    """What `changed` should look for: rows of one object modified at or after `since`.

    parent  the record that a lookup leads to: rows whose parent was modified count too (Salesforce)
    """

    object_name: str
    since: datetime
    fields: tuple[str, ...] = ()
    parent: str = ""


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """One row that was modified.

    stamp        as Record.stamp
    record       its values, None where the CRM's change list is only an index (HubSpot's search)
    is_deleted   in the recycle bin
    became       the record in which it lives on, where it was merged away or converted
    """

    id: str
    stamp: datetime
    record: Record | None = None
    is_deleted: bool = False
    became: RecordRef | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a record that a read did not return.

    is_deleted  in the recycle bin, from where a person may bring it back
    became      the record in which it lives on, where it was merged away or converted
    """

    is_deleted: bool = False
    became: RecordRef | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """rows by object name, oldest first; `until`: every change visible before it is among them."""

    rows: Mapping[str, Sequence[ChangedRow]]
    until: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One record to write.

    id       the record to update; None when it is to be created
    values   fields not named keep what they hold; None clears
    key      of a create: our unique key's value, which makes sending it twice harmless
    instead  the record that is written in its stead (Record.stands_for)
    """

    values: Mapping[str, Value]
    id: str | None = None
    key: str | None = None
    instead: RecordRef | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one Row.

    id        the record that was written, or that already bears the key
    created   False after a create means: the key was there already, nothing is agreed yet
    held      what the CRM says it holds now; {} where its answer does not say
    problem   why it was refused, None if it was not
    in_doubt  nobody knows whether it was written: only reading can tell
    """

    id: str | None
    created: bool = False
    held: Mapping[str, Value] = field(default_factory=dict)
    problem: Problem | None = None
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class AccountIdentity:
    """Who answers: shown in the console and compared at every login (sync.md 7).

    id         HubSpot account id ("24816001"), or Salesforce org id with 18 characters
    host       where its API is reached, without scheme
    edition    "Enterprise Edition"; "" where the CRM does not say
    user_name  the connected user (Salesforce: the integration user)
    time_zone  IANA name
    """

    id: str
    name: str
    host: str
    edition: str = ""
    user_id: str = ""
    user_name: str = ""
    time_zone: str = "UTC"
    is_sandbox: bool = False


class CrmClient(Protocol):
    """write_batch: how many rows one call of `create` or `update` carries at most. The engine
    hands over no more at a time, so that it knows after each call what came of it."""

    crm: Crm
    write_batch: int

    @property
    def ahead(self) -> timedelta:
        """How far the CRM's clock is ahead of ours, as its last answer showed."""
        ...

    def identity(self) -> AccountIdentity: ...

    def granted(self, object_names: Collection[str]) -> Granted:
        """Return what the connected user may do: in general, and with these objects' records."""
        ...

    def fields(self, object_name: str) -> Mapping[str, Field]:
        """Return every field the connected user may see, by name, as it was at most a quarter of
        an hour ago: asking costs a call."""
        ...

    def owners(self) -> Sequence[Owner]:
        """Return who may own a record, as it was at most a quarter of an hour ago: HubSpot's
        owners, Salesforce's users and queues; those too who may own nothing any more."""
        ...

    def ensure_key(self, object_name: str, name: str, label: str) -> None:
        """Create the unique text field that holds our key, unless it is there (sync.md 4)."""
        ...

    def changed(self, asked: Sequence[Asked]) -> Changes:
        """Return what changed in several objects. May repeat rows that were seen before."""
        ...

    def read(
        self, object_name: str, ids: Collection[str], fields: Collection[str]
    ) -> Mapping[str, Record]:
        """Read records from the primary store, by id. An id that is missing in the answer is
        unseen: never blank, never deleted (sync.md 1). A record that was merged away may be
        answered with its survivor, whose id is another."""
        ...

    def fates(self, object_name: str, ids: Collection[str]) -> Mapping[str, Fate]:
        """Return what became of records that a read did not return. One that is missing here too
        is not known to the CRM any more, or not shown to us."""
        ...

    def find(
        self, object_name: str, by: str, values: Collection[str], fields: Collection[str]
    ) -> Mapping[str, Sequence[Record]]:
        """Return {value: the records that bear it in field `by`}: our key, or the e-mail, in any
        case and also as a second address. Several records may bear one value; a value that
        nobody bears is left out."""
        ...

    def holders(self, object_name: str, name: str, after: str) -> Sequence[str]:
        """Return the ids of the next records that hold a value in a field, in an order of the
        CRM's own: as many as a call gives, none at the end.

        after  the last id that was returned before; "" at the beginning
        """
        ...

    def forebears(self, object_name: str, ids: Collection[str]) -> Mapping[str, Sequence[str]]:
        """Return {id: ids of the records that live on in it}: merged into it, or leads that were
        converted to it. Salesforce only: a HubSpot record names its own (Record.absorbed)."""
        ...

    def edited_at(
        self, object_name: str, fields_by_id: Mapping[str, Collection[str]]
    ) -> Mapping[str, Mapping[str, datetime]]:
        """Return when somebody else than us last edited these fields: {id: {field: time}}.

        A field that is missing has no time of its own: its record's modified_at counts.
        """
        ...

    def create(self, object_name: str, rows: Sequence[Row], key_field: str) -> Sequence[Outcome]:
        """Create records by upsert on `key_field`; outcomes in the order of `rows`.

        Where `key_field` is "" the rows bear no key, and sending one twice makes two records.
        A call that fails as a whole: where the CRM may have carried it out, every row is in
        doubt; where the rows are to blame, every row is refused; else (signed out, no calls
        left, busy) CrmError is raised and nothing was written. Never sends one row twice by
        itself. A HubSpot row whose e-mail another record bears is refused with the type
        "email-already-in-use", and the id of that record.
        """
        ...

    def update(self, object_name: str, rows: Sequence[Row]) -> Sequence[Outcome]:
        """Write `rows`, each to its id; outcomes in the order of `rows`. One bad row never
        holds back the others. A call that fails as a whole: as in `create`."""
        ...


class Consent(Protocol):
    """Who may be written to, by e-mail address (hubspot-api.md 11).

    write_batch: how many addresses one call carries at most.
    """

    @property
    def write_batch(self) -> int: ...

    def unsubscribe(self, addresses: Sequence[str]) -> Sequence[Outcome]:
        """Opt addresses out of all e-mail; the contacts that bear them show it. Once more changes
        nothing. Outcomes in the order of `addresses`, which are their ids. A call that fails as a
        whole: as in `CrmClient.create`."""
        ...


class HubspotDoor(CrmClient, Protocol):
    """What only HubSpot is asked for: Salesforce's fields are its admin's to make."""

    @property
    def lists(self) -> Lists: ...

    @property
    def consent(self) -> Consent: ...

    def create_property(self, object_name: str, field: Field) -> None:
        """Create a property that can hold what `field` describes, in the group “Salesforce
        Information”, unless it is there (product.md 4.6)."""
        ...

    def add_options(self, object_name: str, name: str, values: Collection[str]) -> None:
        """Give a dropdown the options that it lacks. HubSpot replaces all options of a property at
        once, so only one may do this at a time."""
        ...

    def archive(self, object_name: str, ids: Sequence[str]) -> Sequence[Outcome]:
        """Move records to the recycle bin, `write_batch` at most; one that is there already stays
        there. Outcomes in the order of `ids`. A call that fails as a whole: as in `create`.
        Nothing is ever deleted in Salesforce."""
        ...


class SalesforceDoor(CrmClient, Protocol):
    """What only Salesforce is asked for."""

    def create_assigned(
        self, object_name: str, rows: Sequence[Row], key_field: str
    ) -> Sequence[Outcome]:
        """Create leads as `create` does, and let Salesforce's assignment rules choose who owns
        them. Only for what was looked for by our key and not found: the rules would give a record
        that is there another owner. No other call of this door runs them."""
        ...


@dataclass(frozen=True, slots=True)
class Crms:
    """Both doors of one connection."""

    hubspot: HubspotDoor
    salesforce: SalesforceDoor

    def of(self, crm: Crm) -> CrmClient:
        return self.hubspot if crm is Crm.HUBSPOT else self.salesforce
