"""What a pair of records needs so that they agree. Plain data: making a plan changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sync_engine.core.convert import same, stored_as
from sync_engine.core.exchange import Exchange
from sync_engine.core.fields import Field
from sync_engine.core.lifecycle import is_forward
from sync_engine.core.manners import Manner
from sync_engine.core.spelling import remembered
from sync_engine.core.sync_rules import Decision, SyncRule
from sync_engine.core.values import Crm, Record, Value


@dataclass(frozen=True, slots=True)
class MappedField:
    """A field mapping, stripped to what a decision needs.

    since     a baseline settled before this is stale (sync.md 2), aware UTC
    setting   the SettingChange that set the rule, for the explanation; None if nobody changed it
    manner    how it is decided
    exchange  says a value in the other CRM's words; None where both use the same
    """

    hubspot: Field
    salesforce: Field
    rule: SyncRule
    since: datetime
    setting: int | None = None
    manner: Manner = Manner.PLAIN
    exchange: Exchange | None = None

    def of(self, crm: Crm) -> Field:
        return self.hubspot if crm is Crm.HUBSPOT else self.salesforce

    def carried(self, value: Value, target: Crm) -> Value:
        """Return what the target would hold. Raises NoCounterpart, Rejected, CannotConvert."""
        if self.exchange is not None:
            value = self.exchange.carried(value, target)
        return stored_as(value, self.of(target))


@dataclass(frozen=True, slots=True)
class Agreed:
    """What each CRM held in a field when it was last settled, as `remembered` writes it, and
    when that was (aware UTC).

    kept_by  the CRM that kept its own value when it was sent the other's: the two differ, and
             nothing is sent again until a side changes (sync.md 1)
    """

    hubspot: str | None
    salesforce: str | None
    at: datetime
    kept_by: Crm | None = None

    def of(self, crm: Crm) -> str | None:
        return self.hubspot if crm is Crm.HUBSPOT else self.salesforce


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field to be written. old: what the target holds; new: what it will hold; carried: what
    the other CRM holds, which `new` was made of."""

    mapping: MappedField
    old: Value
    new: Value
    carried: Value
    decision: Decision


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value that the other CRM's field cannot hold. The other fields of the record sync on."""

    mapping: MappedField
    target: Crm
    slug: str
    message: str
    value: Value


@dataclass(frozen=True, slots=True)
class Plan:
    """
    writes      {CRM: {its field: FieldChange}}; empty when there is nothing to write
    settled     {HubSpot property: Agreed} without any write: equal, or left by the rule
    refusals    what could not be carried
    by_time     {HubSpot property} decided by the time of edits
    waits_for   why nothing of this pair may sync now, a sentence; "" if it may
    """

    writes: Mapping[Crm, Mapping[str, FieldChange]] = field(default_factory=dict)
    settled: Mapping[str, Agreed] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    by_time: frozenset[str] = frozenset()
    waits_for: str = ""

    def to(self, crm: Crm) -> Mapping[str, FieldChange]:
        return self.writes.get(crm, {})

    def writing(self, crm: Crm, changes: Mapping[str, FieldChange]) -> Plan:
        """Return the same plan with other writes to one CRM."""
        return replace(self, writes={**self.writes, crm: changes})


NO_IDENTITY = "A record without an e-mail address does not sync until it has one."


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records in hand.

    agreed     {HubSpot property: Agreed}; a field that is missing was never settled
    since      baselines settled before this are stale for every field, aware UTC
    edited_at  {(CRM, its field): time of the last edit} where that is known better than by record
    ahead      {CRM: how far its clock is ahead of ours}: edits are compared by our clock
    """

    hubspot: Record
    salesforce: Record
    agreed: Mapping[str, Agreed]
    since: datetime
    edited_at: Mapping[tuple[Crm, str], datetime] = field(default_factory=dict)
    ahead: Mapping[Crm, timedelta] = field(default_factory=dict)

    def of(self, crm: Crm) -> Record:
        return self.hubspot if crm is Crm.HUBSPOT else self.salesforce


def is_blank(record: Record, name: str) -> bool:
    """Tell whether a record is known to hold nothing in a field; absent is not blank."""
    return name in record.values and record.values[name] is None


def is_by_consent(mapping: MappedField, target: Crm) -> bool:
    """Tell whether a value is written through HubSpot’s subscription preferences: the property
    that shows an opt-out is read-only."""
    is_opt_out = mapping.manner is Manner.OPT_OUT and target is Crm.HUBSPOT
    return is_opt_out and not mapping.hubspot.writable


def after_write(change: FieldChange, target: Crm, held: Value, now: datetime) -> Agreed:
    """Return what is agreed once `target` took a change. held: what it says it holds now."""
    carried, taken = remembered(change.carried), remembered(held)
    return Agreed(taken, carried, now) if target is Crm.HUBSPOT else Agreed(carried, taken, now)


def after_ignored(change: FieldChange, target: Crm, held: Value, now: datetime) -> Agreed:
    """Return what is agreed once `target` kept a value of its own: that the two differ."""
    return replace(after_write(change, target, held, now), kept_by=target)


def was_taken(change: FieldChange, target: Crm, held: Value) -> bool:
    """Tell whether the CRM holds what we wrote: HubSpot ignores some writes with 2xx. A stage that
    was moved further meanwhile is as good."""
    field = change.mapping.of(target)
    if same(change.new, held, field):
        return True
    is_further = change.mapping.manner.is_forward_only and is_forward(
        change.new, held, field.options
    )
    return is_further and target is Crm.HUBSPOT
