"""What a pair of records needs so that they agree. Plain data: making a plan changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sync_engine.core.convert import (
    CannotConvert,
    equal,
    is_remembered,
    remembered,
    same,
    stored_as,
)
from sync_engine.core.fields import Field
from sync_engine.core.sync_rules import Decision, Side, SyncRule, Verdict, decide
from sync_engine.core.values import Crm, Record, Value


@dataclass(frozen=True, slots=True)
class MappedField:
    """A field mapping, stripped to what a decision needs.

    since    a baseline settled before this is stale (sync.md 2), aware UTC
    setting  the SettingChange that set the rule, for the explanation; None if nobody changed it
    """

    hubspot: Field
    salesforce: Field
    rule: SyncRule
    since: datetime
    setting: int | None = None

    def of(self, crm: Crm) -> Field:
        return self.hubspot if crm is Crm.HUBSPOT else self.salesforce


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
    edited_at  {(CRM, its field): time of the last edit} where the CRM knows it better than by
               record
    """

    hubspot: Record
    salesforce: Record
    agreed: Mapping[str, Agreed]
    since: datetime
    edited_at: Mapping[tuple[Crm, str], datetime] = field(default_factory=dict)

    def of(self, crm: Crm) -> Record:
        return self.hubspot if crm is Crm.HUBSPOT else self.salesforce


def plan_pair(
    pair: Pair, mapped: Iterable[MappedField], identity: Mapping[Crm, str], now: datetime
) -> Plan:
    """Plan the writes that make a pair agree on every mapped field that both sides have.

    identity  {CRM: field}; blank on either side, the pair waits: it is never cleared by us
    """
    if any(is_blank(pair.of(crm), name) for crm, name in identity.items()):
        return Plan(waits_for=NO_IDENTITY)

    writes: dict[Crm, dict[str, FieldChange]] = {Crm.HUBSPOT: {}, Crm.SALESFORCE: {}}
    settled: dict[str, Agreed] = {}
    refusals: list[Refusal] = []
    by_time: set[str] = set()

    for mapping in mapped:
        if mapping.rule is SyncRule.DONT_SYNC or not _present(pair, mapping):
            continue
        here, there = _values(pair, mapping)
        decision = _decide(pair, mapping)
        if decision is None or decision.verdict is Verdict.LEFT:
            if not _is_news(pair, mapping):
                continue
            settled[mapping.hubspot.name] = Agreed(remembered(here), remembered(there), now)
            continue
        if decision.by_time:
            by_time.add(mapping.hubspot.name)
        target = _taker(decision)
        carried, old = (there, here) if target is Crm.HUBSPOT else (here, there)
        try:
            new = _written(carried, mapping.of(target))
        except CannotConvert as error:
            refusals.append(Refusal(mapping, target, error.slug, str(error), carried))
        else:
            writes[target][mapping.of(target).name] = FieldChange(
                mapping, old, new, carried, decision
            )

    return Plan(writes, settled, tuple(refusals), frozenset(by_time))


def is_blank(record: Record, name: str) -> bool:
    """Tell whether a record is known to hold nothing in a field; absent is not blank."""
    return name in record.values and record.values[name] is None


def after_write(change: FieldChange, target: Crm, held: Value, now: datetime) -> Agreed:
    """Return what is agreed once `target` took a change. held: what it says it holds now."""
    carried, taken = remembered(change.carried), remembered(held)
    return Agreed(taken, carried, now) if target is Crm.HUBSPOT else Agreed(carried, taken, now)


def after_ignored(change: FieldChange, target: Crm, held: Value, now: datetime) -> Agreed:
    """Return what is agreed once `target` kept a value of its own: that the two differ."""
    return replace(after_write(change, target, held, now), kept_by=target)


def was_taken(change: FieldChange, target: Crm, held: Value) -> bool:
    """Tell whether the CRM holds what we wrote: HubSpot ignores some writes with 2xx."""
    return same(change.new, held, change.mapping.of(target))


def _decide(pair: Pair, mapping: MappedField) -> Decision | None:
    """Return the decision about one field; None where both sides are equal already."""
    here, there = _values(pair, mapping)
    if equal(here, there, in_hubspot=mapping.hubspot, in_salesforce=mapping.salesforce):
        return None
    agreed = pair.agreed.get(mapping.hubspot.name)
    is_stale = agreed is not None and _is_stale(agreed, pair, mapping)
    some_blank = here is None or there is None
    return decide(
        mapping.rule,
        hubspot=_side(pair, Crm.HUBSPOT, mapping, agreed),
        salesforce=_side(pair, Crm.SALESFORCE, mapping, agreed),
        # A stale baseline tells who changed a value, but not who deleted one (sync.md 2).
        is_settled=agreed is not None and not (is_stale and some_blank),
    )


def _is_stale(agreed: Agreed, pair: Pair, mapping: MappedField) -> bool:
    return agreed.at < max(mapping.since, pair.since)


def _is_news(pair: Pair, mapping: MappedField) -> bool:
    """Tell whether a settled field has to be remembered anew. Two blanks need no remembering:
    they decide as a field that was never settled."""
    here, there = _values(pair, mapping)
    agreed = pair.agreed.get(mapping.hubspot.name)
    if agreed is None:
        return here is not None or there is not None
    return (
        _is_stale(agreed, pair, mapping)
        or remembered(here) != agreed.hubspot
        or remembered(there) != agreed.salesforce
    )


def _side(pair: Pair, crm: Crm, mapping: MappedField, agreed: Agreed | None) -> Side:
    record, name = pair.of(crm), mapping.of(crm).name
    value = record.values[name]
    return Side(
        value=value,
        changed=agreed is None or not is_remembered(value, agreed.of(crm), mapping.of(crm)),
        edited_at=pair.edited_at.get((crm, name), record.modified_at),
    )


def _taker(decision: Decision) -> Crm:
    return Crm.HUBSPOT if decision.verdict is Verdict.HUBSPOT_TAKES else Crm.SALESFORCE


def _written(value: Value, target: Field) -> Value:
    """Return what the target will hold; raises CannotConvert."""
    if not target.writable:
        raise CannotConvert(
            "field-permission", f"{target.label} cannot be written by the connected user."
        )
    return stored_as(value, target)


def _present(pair: Pair, mapping: MappedField) -> bool:
    return (
        mapping.hubspot.name in pair.hubspot.values
        and mapping.salesforce.name in pair.salesforce.values
    )


def _values(pair: Pair, mapping: MappedField) -> tuple[Value, Value]:
    return pair.hubspot.values[mapping.hubspot.name], pair.salesforce.values[
        mapping.salesforce.name
    ]
