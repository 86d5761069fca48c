"""The four sync rules, and what each decides about one field.

Source: seed 004, "Select a sync rule"; the table of sync.md 2, row by row. The law behind the
table is a property test: with at most one edit per side between two looks, the outcome is what
syncing after every single edit would have given.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sync_engine.core.values import Crm, Value


class SyncRule(StrEnum):
    PREFER_SALESFORCE = "prefer_salesforce"
    ALWAYS_SALESFORCE = "always_salesforce"
    TWO_WAY = "two_way"
    DONT_SYNC = "dont_sync"

    @property
    def label(self) -> str:
        return _WORDS[self][0]

    @property
    def consequence(self) -> str:
        """One sentence on what the rule does, shown beside it."""
        return _WORDS[self][1]


_WORDS = {
    SyncRule.PREFER_SALESFORCE: (
        "Prefer Salesforce unless blank",
        "Salesforce wins. HubSpot’s value passes only while Salesforce has none",
    ),
    SyncRule.ALWAYS_SALESFORCE: (
        "Always use Salesforce",
        "HubSpot never writes to Salesforce, not even into a blank field",
    ),
    SyncRule.TWO_WAY: (
        "Two-way",
        "The latest change wins, and clearing clears the other side",
    ),
    SyncRule.DONT_SYNC: (
        "Don’t sync",
        "Nothing passes. Use this instead of deleting a standard mapping",
    ),
}


class Verdict(StrEnum):
    HUBSPOT_TAKES = "hubspot_takes"  # HubSpot takes Salesforce's value, a blank too
    SALESFORCE_TAKES = "salesforce_takes"
    LEFT = "left"  # they differ and the rule lets them: settled too


class Reason(StrEnum):
    """Why a field got its verdict, as the admin reads it."""

    ONLY_SALESFORCE_HAS_ONE = "First sync of this field, and only Salesforce has a value"
    ONLY_HUBSPOT_HAS_ONE = "First sync of this field, and only HubSpot has a value"
    FIRST_BY_RULE = "First sync of this field, both have a value, and the rule prefers Salesforce"
    FIRST_BY_TIME = "First sync of this field, both have a value, and the later edit wins"
    SALESFORCE_CHANGED = "Salesforce changed, HubSpot did not"
    HUBSPOT_CHANGED = "HubSpot changed, Salesforce did not"
    COMES_BACK = "HubSpot changed, and the rule brings Salesforce’s value back"
    INTO_A_BLANK = "HubSpot got a value, and Salesforce is blank"
    BOTH_BY_RULE = "Both changed, and the rule prefers Salesforce"
    BOTH_BY_TIME = "Both changed, and the later edit wins"
    NEVER_TO_SALESFORCE = "The rule never writes to Salesforce"
    LEFT_BEFORE = "They differed before, and neither changed"
    FIRST_OWNER = "First sync of the owner, and Salesforce’s is kept"
    OWNERLESS = "HubSpot has no owner, and in Salesforce every record has one"
    REJECTED = "Salesforce does not take HubSpot’s value, so its own comes back"
    OPTED_OUT_IN_HUBSPOT = "Opted out of all e-mail in HubSpot"
    OPTED_OUT_IN_SALESFORCE = "Opted out of all e-mail in Salesforce"
    OPPORTUNITY_OPEN = "An opportunity of this contact is open"
    OPPORTUNITY_WON = "An opportunity of this contact was won"
    NO_OPPORTUNITY = "No opportunity of this contact is open or won"
    NEVER_BACKWARDS = "HubSpot’s lifecycle stage never moves backwards"
    OPTED_IN_AGAIN = "One side opted in again, and an opt-out is only taken back by hand"


@dataclass(frozen=True, slots=True)
class Side:
    """What one CRM holds in a mapped field.

    changed    it differs from what this CRM held when the field was last settled
    edited_at  when it was last edited, aware UTC; decides true conflicts only
    is_exact   whether that is the field's own time, not its record's
    """

    value: Value
    changed: bool
    edited_at: datetime
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class EditTime:
    """When a CRM's value was edited, by our clock. is_exact: as Side.is_exact."""

    crm: Crm
    at: datetime
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """times: the two edits that were compared, for the explanation; () where time did not decide"""

    verdict: Verdict
    reason: Reason
    times: tuple[EditTime, ...] = field(default=(), compare=False)

    @property
    def by_time(self) -> bool:
        """Whether times decided, so that better times could decide otherwise."""
        return self.reason in (Reason.FIRST_BY_TIME, Reason.BOTH_BY_TIME)


# "Whole seconds; within 2 s is a tie, and Salesforce wins ties" (sync.md 2).
TIE = timedelta(seconds=2)


def later(*, hubspot: datetime, salesforce: datetime) -> Crm:
    """Return the CRM that was edited later."""
    hubspot, salesforce = hubspot.replace(microsecond=0), salesforce.replace(microsecond=0)
    return Crm.HUBSPOT if hubspot - salesforce > TIE else Crm.SALESFORCE


def decide(rule: SyncRule, *, hubspot: Side, salesforce: Side, is_settled: bool) -> Decision:
    """Decide about one field whose two values differ. Equal values never come here, and neither
    does a field that is not synced.

    is_settled  the two sides were settled before, and that baseline is not stale
    """
    if not is_settled:
        return _first_time(rule, hubspot, salesforce)
    match hubspot.changed, salesforce.changed:
        case False, False:
            return Decision(Verdict.LEFT, Reason.LEFT_BEFORE)
        case False, True:
            return Decision(Verdict.HUBSPOT_TAKES, Reason.SALESFORCE_CHANGED)
        case True, False:
            return _only_hubspot_changed(rule, salesforce)
        case _:
            return _both_changed(rule, hubspot, salesforce)


def _first_time(rule: SyncRule, hubspot: Side, salesforce: Side) -> Decision:
    if hubspot.value is None:
        return Decision(Verdict.HUBSPOT_TAKES, Reason.ONLY_SALESFORCE_HAS_ONE)
    if salesforce.value is None:
        if rule is SyncRule.ALWAYS_SALESFORCE:
            return Decision(Verdict.LEFT, Reason.NEVER_TO_SALESFORCE)
        return Decision(Verdict.SALESFORCE_TAKES, Reason.ONLY_HUBSPOT_HAS_ONE)
    if rule is SyncRule.TWO_WAY:
        return _the_later(hubspot, salesforce, Reason.FIRST_BY_TIME)
    return Decision(Verdict.HUBSPOT_TAKES, Reason.FIRST_BY_RULE)


def _only_hubspot_changed(rule: SyncRule, salesforce: Side) -> Decision:
    if rule is SyncRule.TWO_WAY:
        return Decision(Verdict.SALESFORCE_TAKES, Reason.HUBSPOT_CHANGED)
    if salesforce.value is not None:
        return Decision(Verdict.HUBSPOT_TAKES, Reason.COMES_BACK)
    if rule is SyncRule.ALWAYS_SALESFORCE:
        return Decision(Verdict.LEFT, Reason.NEVER_TO_SALESFORCE)
    return Decision(Verdict.SALESFORCE_TAKES, Reason.INTO_A_BLANK)


def _both_changed(rule: SyncRule, hubspot: Side, salesforce: Side) -> Decision:
    if rule is SyncRule.TWO_WAY:
        return _the_later(hubspot, salesforce, Reason.BOTH_BY_TIME)
    if salesforce.value is not None:
        return Decision(Verdict.HUBSPOT_TAKES, Reason.BOTH_BY_RULE)
    # Salesforce was cleared and HubSpot edited: had HubSpot come later, it would have found
    # Salesforce blank; had it come first, it would have been overruled and then cleared.
    decision = _the_later(hubspot, salesforce, Reason.BOTH_BY_TIME)
    if decision.verdict is Verdict.SALESFORCE_TAKES and rule is SyncRule.ALWAYS_SALESFORCE:
        return replace(decision, verdict=Verdict.LEFT)
    return decision


def _the_later(hubspot: Side, salesforce: Side, reason: Reason) -> Decision:
    times = tuple(
        EditTime(crm, side.edited_at, side.is_exact)
        for crm, side in zip(Crm, (hubspot, salesforce), strict=True)
    )
    if later(hubspot=hubspot.edited_at, salesforce=salesforce.edited_at) is Crm.HUBSPOT:
        return Decision(Verdict.SALESFORCE_TAKES, reason, times)
    return Decision(Verdict.HUBSPOT_TAKES, reason, times)
