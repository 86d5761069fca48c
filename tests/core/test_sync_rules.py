"""The four sync rules, row by row as the admin's manual words them, and the law behind them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sync_engine.core.sync_rules import Decision, Side, SyncRule, Verdict, decide, later
from sync_engine.core.values import Crm

START = datetime(2026, 1, 1, tzinfo=UTC)
SYNCED = [rule for rule in SyncRule if rule is not SyncRule.DONT_SYNC]


def look(rule, hubspot, salesforce, was=None, hubspot_at=0, salesforce_at=0) -> str:
    """Decide about one field; `was` is the pair of agreed values, None if never settled."""
    decision = decide(
        SyncRule(rule),
        hubspot=Side(
            hubspot, was is None or hubspot != was[0], START + timedelta(hours=hubspot_at)
        ),
        salesforce=Side(
            salesforce, was is None or salesforce != was[1], START + timedelta(hours=salesforce_at)
        ),
        is_settled=was is not None,
    )
    return decision.verdict.value


@pytest.mark.parametrize(
    "rule, hubspot, salesforce, was, verdict",
    [
        # "HubSpot will only pass a value to Salesforce if there's currently no value in
        # Salesforce." (seed 004, Prefer Salesforce unless blank)
        ("prefer_salesforce", "Ada", None, None, "salesforce_takes"),
        ("prefer_salesforce", "Ada", "Grace", None, "hubspot_takes"),
        ("prefer_salesforce", "Ada", "Grace", ("Grace", "Grace"), "hubspot_takes"),
        ("prefer_salesforce", None, "Grace", ("Grace", "Grace"), "hubspot_takes"),
        # "If you delete the value in Salesforce, the value will also be deleted in HubSpot."
        ("prefer_salesforce", "Ada", None, ("Ada", "Ada"), "hubspot_takes"),
        ("always_salesforce", "Ada", None, ("Ada", "Ada"), "hubspot_takes"),
        # "HubSpot will never pass data to Salesforce, even if there's no value in Salesforce."
        ("always_salesforce", "Ada", None, None, "left"),
        ("always_salesforce", "Bob", None, ("Ada", None), "left"),
        ("always_salesforce", "Ada", "Grace", ("Grace", "Grace"), "hubspot_takes"),
        # "If the value is deleted in HubSpot, it'll also be deleted in Salesforce, and vice
        # versa." (Two-way)
        ("two_way", None, "Ada", ("Ada", "Ada"), "salesforce_takes"),
        ("two_way", "Ada", None, ("Ada", "Ada"), "hubspot_takes"),
        ("two_way", "Ada", "Grace", ("Grace", "Grace"), "salesforce_takes"),
        ("two_way", "Ada", "Grace", ("Ada", "Ada"), "hubspot_takes"),
        # A rule that was changed does not reach back: what differed before goes on differing.
        ("two_way", "Ada", None, ("Ada", None), "left"),
        ("prefer_salesforce", "Ada", None, ("Ada", None), "left"),
    ],
)
def test_a_rule_decides_as_the_manual_says(rule, hubspot, salesforce, was, verdict):
    assert look(rule, hubspot, salesforce, was) == verdict


@pytest.mark.parametrize(
    "rule, hubspot_at, salesforce_at, verdict",
    [
        ("two_way", 2, 1, "salesforce_takes"),
        ("two_way", 1, 2, "hubspot_takes"),
        ("two_way", 1, 1, "hubspot_takes"),  # a tie goes to Salesforce
        ("prefer_salesforce", 2, 1, "hubspot_takes"),
        ("always_salesforce", 2, 1, "hubspot_takes"),
    ],
)
def test_when_both_changed_to_a_value_time_decides_under_two_way_only(
    rule, hubspot_at, salesforce_at, verdict
):
    assert look(rule, "Bob", "Eve", ("Ada", "Ada"), hubspot_at, salesforce_at) == verdict


@pytest.mark.parametrize(
    "rule, hubspot_at, salesforce_at, verdict",
    [
        ("prefer_salesforce", 2, 1, "salesforce_takes"),
        ("prefer_salesforce", 1, 2, "hubspot_takes"),
        ("always_salesforce", 2, 1, "left"),
        ("always_salesforce", 1, 2, "hubspot_takes"),
        ("two_way", 2, 1, "salesforce_takes"),
        ("two_way", 1, 2, "hubspot_takes"),
    ],
)
def test_when_salesforce_was_cleared_and_hubspot_edited_the_order_tells(
    rule, hubspot_at, salesforce_at, verdict
):
    assert look(rule, "Bob", None, ("Ada", "Ada"), hubspot_at, salesforce_at) == verdict


def test_within_two_seconds_is_a_tie_and_salesforce_wins_ties():
    at = START + timedelta(seconds=2, milliseconds=900)
    assert later(hubspot=at, salesforce=START) is Crm.SALESFORCE
    assert later(hubspot=START + timedelta(seconds=3), salesforce=START) is Crm.HUBSPOT


class Field:
    """One field on both sides, synced as the engine does: equal values are settled first."""

    def __init__(self, rule, hubspot, salesforce, was):
        self.rule, self.was = rule, was
        self.values = {Crm.HUBSPOT: hubspot, Crm.SALESFORCE: salesforce}
        self.edited = {Crm.HUBSPOT: START, Crm.SALESFORCE: START}

    def edit(self, crm, value, hour):
        self.values[crm], self.edited[crm] = value, START + timedelta(hours=hour)

    def sync(self) -> Decision | None:
        hubspot, salesforce = self.values[Crm.HUBSPOT], self.values[Crm.SALESFORCE]
        decision = None
        if hubspot != salesforce:
            decision = decide(
                self.rule,
                hubspot=self.side(Crm.HUBSPOT, 0),
                salesforce=self.side(Crm.SALESFORCE, 1),
                is_settled=self.was is not None,
            )
            if decision.verdict is Verdict.HUBSPOT_TAKES:
                self.values[Crm.HUBSPOT] = salesforce
            elif decision.verdict is Verdict.SALESFORCE_TAKES:
                self.values[Crm.SALESFORCE] = hubspot
        self.was = (self.values[Crm.HUBSPOT], self.values[Crm.SALESFORCE])
        return decision

    def side(self, crm, place):
        changed = self.was is None or self.values[crm] != self.was[place]
        return Side(self.values[crm], changed, self.edited[crm])


VALUES = st.sampled_from([None, "Ada", "Bob", "Eve"])


@settings(max_examples=1000)
@given(st.sampled_from(SYNCED), VALUES, VALUES, VALUES, VALUES, st.booleans())
def test_one_look_gives_what_syncing_after_every_single_edit_would_have_given(
    rule, hubspot, salesforce, hubspot_edit, salesforce_edit, hubspot_first
):
    first = Field(rule, hubspot, salesforce, None)
    first.sync()
    start = (first.values[Crm.HUBSPOT], first.values[Crm.SALESFORCE])
    # An edit changes something, else nobody could see it.
    assume(hubspot_edit != start[0] and salesforce_edit != start[1])
    edits = [(Crm.HUBSPOT, hubspot_edit), (Crm.SALESFORCE, salesforce_edit)]
    if not hubspot_first:
        edits.reverse()

    often, once = Field(rule, *start, start), Field(rule, *start, start)
    for hour, (crm, value) in enumerate(edits, start=1):
        often.edit(crm, value, hour)
        often.sync()
        once.edit(crm, value, hour)
    once.sync()

    assert once.values == often.values


@given(st.sampled_from(SYNCED), VALUES, VALUES, VALUES, VALUES, st.booleans())
def test_once_settled_a_field_stays_settled(rule, hubspot, salesforce, h0, s0, is_settled):
    field = Field(rule, hubspot, salesforce, (h0, s0) if is_settled else None)
    field.sync()
    values = dict(field.values)

    again = field.sync()

    assert field.values == values
    assert again is None or again.verdict is Verdict.LEFT


@given(VALUES, VALUES, VALUES, VALUES, st.booleans())
def test_always_use_salesforce_never_writes_to_salesforce(hubspot, salesforce, h0, s0, is_settled):
    field = Field(SyncRule.ALWAYS_SALESFORCE, hubspot, salesforce, (h0, s0) if is_settled else None)
    field.sync()
    assert field.values[Crm.SALESFORCE] == salesforce
