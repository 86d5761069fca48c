"""Making a plan of a pair: what each mapped field needs, or why it cannot have it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sync_engine.core.convert import CannotConvert, equal, is_remembered, same
from sync_engine.core.exchange import NoCounterpart, Rejected
from sync_engine.core.lifecycle import is_forward
from sync_engine.core.manners import DECIDE, Manner
from sync_engine.core.plan import (
    NO_IDENTITY,
    Agreed,
    FieldChange,
    MappedField,
    Pair,
    Plan,
    Refusal,
    is_blank,
    is_by_consent,
)
from sync_engine.core.spelling import remembered
from sync_engine.core.sync_rules import Decision, Reason, Side, SyncRule, Verdict
from sync_engine.core.values import Crm, Value

# Remembered of a record that is to be made without an owner: Salesforce is yet to choose one. Who
# is assigned in HubSpot meanwhile is a later change, and not overruled as on a first sync.
UNCHOSEN = ""


def plan_pair(
    pair: Pair, mapped: Iterable[MappedField], identity: Mapping[Crm, str], now: datetime
) -> Plan:
    """Plan the writes that make a pair agree on every mapped field that both sides have.

    identity  {CRM: field}; blank on either side, the pair waits: it is never cleared by us
    """
    if any(is_blank(pair.of(crm), name) for crm, name in identity.items()):
        return Plan(waits_for=NO_IDENTITY)

    draft = _Draft(pair, now)
    for mapping in mapped:
        if mapping.rule is not SyncRule.DONT_SYNC and _present(pair, mapping):
            draft.add(mapping)
    return Plan(draft.writes, draft.settled, tuple(draft.refusals), frozenset(draft.by_time))


@dataclass(slots=True)
class _Draft:
    """A plan in the making, field by field."""

    pair: Pair
    now: datetime
    writes: dict[Crm, dict[str, FieldChange]] = field(
        default_factory=lambda: {crm: {} for crm in Crm}
    )
    settled: dict[str, Agreed] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    by_time: set[str] = field(default_factory=set)

    def add(self, mapping: MappedField) -> None:
        decision = _decide(self.pair, mapping)
        if decision is None or decision.verdict is Verdict.LEFT:
            self.settle(mapping)
            return
        if decision.by_time:
            self.by_time.add(mapping.hubspot.name)
        try:
            self.write(mapping, decision)
        except NoCounterpart:
            self.settle(mapping)
        except Rejected as error:
            self.return_to(mapping, _taker(decision), error)
        except CannotConvert as error:
            self.refuse(mapping, _taker(decision), error)

    def settle(self, mapping: MappedField) -> None:
        if not _is_news(self.pair, mapping):
            return
        here, there = map(remembered, _values(self.pair, mapping))
        if mapping.manner is Manner.OWNER and there is None:
            there = UNCHOSEN
        before = self.pair.agreed.get(mapping.hubspot.name)
        is_same = before is not None and (before.hubspot, before.salesforce) == (here, there)
        kept_by = before.kept_by if before is not None and is_same else None
        self.settled[mapping.hubspot.name] = Agreed(here, there, self.now, kept_by)

    def write(self, mapping: MappedField, decision: Decision) -> None:
        target = _taker(decision)
        carried, old = _value(self.pair, mapping, target.other), _value(self.pair, mapping, target)
        new = _written(mapping, carried, target)
        self.writes[target][mapping.of(target).name] = FieldChange(
            mapping, old, new, carried, decision
        )

    def refuse(self, mapping: MappedField, target: Crm, error: CannotConvert) -> None:
        value = _value(self.pair, mapping, target.other)
        self.refusals.append(Refusal(mapping, target, error.slug, str(error), value))

    def return_to(self, mapping: MappedField, target: Crm, error: Rejected) -> None:
        """Bring back what `target` holds. Where its record is yet to be made it holds nothing, and
        chooses for itself: that is no error, and looked at once it is there."""
        if _value(self.pair, mapping, target) is None:
            self.settle(mapping)
            return
        self.refuse(mapping, target, error)
        with suppress(NoCounterpart, CannotConvert):
            self.write(mapping, Decision(_TAKES[target.other], Reason.REJECTED))


def _decide(pair: Pair, mapping: MappedField) -> Decision | None:
    """Return the decision about one field; None where both sides are equal already."""
    here, there = _values(pair, mapping)
    if _is_equal(mapping, here, there):
        return None
    agreed = pair.agreed.get(mapping.hubspot.name)
    is_stale = agreed is not None and _is_stale(agreed, pair, mapping)
    some_blank = any(map(mapping.manner.says_nothing, (here, there)))
    decision = DECIDE[mapping.manner](
        mapping.rule,
        hubspot=_side(pair, Crm.HUBSPOT, mapping, agreed),
        salesforce=_side(pair, Crm.SALESFORCE, mapping, agreed),
        # A stale baseline tells who changed a value, but not who deleted one (sync.md 2).
        is_settled=agreed is not None and not (is_stale and some_blank),
    )
    if decision.verdict is Verdict.HUBSPOT_TAKES and _is_backwards(mapping, here, there):
        return Decision(Verdict.LEFT, Reason.NEVER_BACKWARDS)
    return decision


def _is_backwards(mapping: MappedField, here: Value, there: Value) -> bool:
    """Tell whether HubSpot would ignore a value, and answer as if it took it (hubspot-api.md 6.4)."""
    if not mapping.manner.is_forward_only:
        return False
    try:
        stage = mapping.carried(there, Crm.HUBSPOT)
    except CannotConvert:  # said when it is to be written
        return False
    return not is_forward(here, stage, mapping.hubspot.options)


def _is_equal(mapping: MappedField, here: Value, there: Value) -> bool:
    if mapping.exchange is None:
        return equal(here, there, in_hubspot=mapping.hubspot, in_salesforce=mapping.salesforce)
    return _gives(mapping, here, Crm.SALESFORCE, there) or _gives(mapping, there, Crm.HUBSPOT, here)


def _gives(mapping: MappedField, value: Value, target: Crm, found: Value) -> bool:
    try:
        return same(mapping.carried(value, target), found, mapping.of(target))
    except (CannotConvert, NoCounterpart):
        return False


def _is_stale(agreed: Agreed, pair: Pair, mapping: MappedField) -> bool:
    return agreed.at < max(mapping.since, pair.since)


def _is_news(pair: Pair, mapping: MappedField) -> bool:
    """Tell whether a settled field has to be remembered anew. Two blanks need no remembering:
    they decide as a field that was never settled, but for owners (UNCHOSEN)."""
    here, there = _values(pair, mapping)
    agreed = pair.agreed.get(mapping.hubspot.name)
    if agreed is None:
        return here is not None or there is not None or mapping.manner is Manner.OWNER
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
        edited_at=pair.edited_at.get((crm, name), record.modified_at)
        - pair.ahead.get(crm, timedelta()),
        is_exact=(crm, name) in pair.edited_at,
    )


_TAKES = {Crm.HUBSPOT: Verdict.HUBSPOT_TAKES, Crm.SALESFORCE: Verdict.SALESFORCE_TAKES}


def _taker(decision: Decision) -> Crm:
    return Crm.HUBSPOT if decision.verdict is Verdict.HUBSPOT_TAKES else Crm.SALESFORCE


def _written(mapping: MappedField, value: Value, target: Crm) -> Value:
    """Return what the target will hold; raises what `MappedField.carried` does."""
    field = mapping.of(target)
    if not field.writable and not is_by_consent(mapping, target):
        raise CannotConvert(
            "field-permission", f"{field.label} cannot be written by the connected user."
        )
    return mapping.carried(value, target)


def _present(pair: Pair, mapping: MappedField) -> bool:
    return (
        mapping.hubspot.name in pair.hubspot.values
        and mapping.salesforce.name in pair.salesforce.values
    )


def _value(pair: Pair, mapping: MappedField, crm: Crm) -> Value:
    return pair.of(crm).values[mapping.of(crm).name]


def _values(pair: Pair, mapping: MappedField) -> tuple[Value, Value]:
    return _value(pair, mapping, Crm.HUBSPOT), _value(pair, mapping, Crm.SALESFORCE)
