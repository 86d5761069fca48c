"""Lifecycle stages, which never go backwards, and what a contact's opportunities make of them.

Source: product.md 7.4, hubspot-api.md 6.4, sync.md 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sync_engine.core.exchange import NoCounterpart
from sync_engine.core.sync_rules import Decision, Reason, Side, SyncRule, Verdict
from sync_engine.core.values import Crm, Value

# How far the opportunities of a contact have come; None where none is open or won.
OPEN, WON = "open", "won"

# The field in which a Salesforce record bears that. It is nowhere in Salesforce: it is looked up.
OPPORTUNITIES = "(opportunities)"


@dataclass(frozen=True, slots=True)
class Automation:
    """Opportunities move a lifecycle stage on, where an admin wants it.

    policy, answer  who chose this answer wants it
    hubspot_field   what HubSpot calls the lifecycle stage
    stages          {OPEN, WON: the stage that it becomes}
    attached        the Salesforce object whose records opportunities are attached to
    role, by        the object that attaches them, and its field that names such a record
    parent          what leads from there to the opportunity
    """

    policy: str
    answer: str
    hubspot_field: str
    stages: Mapping[str, str]
    attached: str
    role: str
    by: str
    parent: str

    @property
    def asked(self) -> tuple[str, ...]:
        """Name the fields of a role that tell how far its opportunity has come."""
        return (self.by, f"{self.parent}.IsClosed", f"{self.parent}.IsWon")

    def reached(self, values: Mapping[str, Value]) -> str | None:
        """Return what one role says; closed and lost says nothing."""
        if values.get(f"{self.parent}.IsWon") is True:
            return WON
        return OPEN if values.get(f"{self.parent}.IsClosed") is False else None


def furthest(reached: Iterable[str | None]) -> str | None:
    """Return how far the opportunities of one contact have come together."""
    found = set(reached)
    return WON if WON in found else OPEN if OPEN in found else None


class Stages:
    """An Exchange: which lifecycle stage an open or a won opportunity makes of a contact."""

    def __init__(self, stages: Mapping[str, str]) -> None:
        self._stages = stages

    def carried(self, value: Value, target: Crm) -> Value:
        """Raises NoCounterpart for Salesforce: no stage opens or closes an opportunity."""
        if target is Crm.SALESFORCE:
            raise NoCounterpart
        return None if value is None else self._stages[str(value)]


def is_forward(before: Value, after: Value, order: Sequence[str]) -> bool:
    """Tell whether a stage comes after another in the portal's own order. A stage that the portal
    does not list is HubSpot's to judge."""
    if after is None or before is None:
        return after is not None
    if before not in order or after not in order:
        return True
    return order.index(str(after)) > order.index(str(before))


def decide_by_opportunities(
    rule: SyncRule, *, hubspot: Side, salesforce: Side, is_settled: bool
) -> Decision:
    """Decide whether an opportunity that was attached, or whose stage changed, moves the lifecycle
    stage on. Who moved it in HubSpot meanwhile is not overruled by the same opportunity."""
    if salesforce.value is None:
        return Decision(Verdict.LEFT, Reason.NO_OPPORTUNITY)
    if is_settled and not salesforce.changed:
        return Decision(Verdict.LEFT, Reason.LEFT_BEFORE)
    is_won = salesforce.value == WON
    reason = Reason.OPPORTUNITY_WON if is_won else Reason.OPPORTUNITY_OPEN
    return Decision(Verdict.HUBSPOT_TAKES, reason)
