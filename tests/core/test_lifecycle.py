"""Lifecycle stages. Source: product.md 7.4 (quoted), hubspot-api.md 6.4, sync.md 2."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync_engine.core.catalog import CATALOG
from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.lifecycle import OPPORTUNITIES, Stages, furthest, is_forward
from sync_engine.core.manners import Manner
from sync_engine.core.plan import Agreed, MappedField, Pair, was_taken
from sync_engine.core.planning import plan_pair
from sync_engine.core.sync_rules import Reason, SyncRule
from sync_engine.core.values import Crm, Record

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=90)
ORDER = ("subscriber", "lead", "42", "opportunity", "customer", "evangelist")
STAGE = Field("lifecyclestage", "Stage", FieldKind.PICKLIST, options=ORDER, restricted=True)
AUTOMATION = CATALOG["contacts"].lifecycle
BY_OPPORTUNITIES = MappedField(
    hubspot=STAGE,
    salesforce=Field(OPPORTUNITIES, "Opportunities", FieldKind.TEXT, writable=False),
    rule=SyncRule.ALWAYS_SALESFORCE,
    since=LONG_AGO,
    manner=Manner.OPPORTUNITIES,
    exchange=Stages(AUTOMATION.stages),
)


def planned(mapping, here, there, agreed=None):
    name = mapping.salesforce.name
    hubspot = Record(Crm.HUBSPOT, "contacts", "501", {"lifecyclestage": here}, NOW, NOW)
    salesforce = Record(Crm.SALESFORCE, "Contact", "003", {name: there}, NOW, NOW)
    held = {"lifecyclestage": Agreed(*agreed, NOW - timedelta(days=1))} if agreed else {}
    return plan_pair(Pair(hubspot, salesforce, held, LONG_AGO), [mapping], {}, NOW)


def written(plan, crm=Crm.HUBSPOT):
    return [(one.new, one.decision.reason) for one in plan.to(crm).values()]


@pytest.mark.parametrize(
    ("here", "reached", "agreed", "stage"),
    [
        # "Open opportunity: HubSpot lifecycle stage Opportunity."
        ("lead", "open", None, ("opportunity", Reason.OPPORTUNITY_OPEN)),
        (None, "open", None, ("opportunity", Reason.OPPORTUNITY_OPEN)),
        ("42", "open", ("42", None), ("opportunity", Reason.OPPORTUNITY_OPEN)),
        # "Closed-won: Customer."
        ("lead", "won", None, ("customer", Reason.OPPORTUNITY_WON)),
        ("opportunity", "won", ("opportunity", "open"), ("customer", Reason.OPPORTUNITY_WON)),
        # "Never moves backwards."
        ("customer", "open", None, None),
        ("evangelist", "won", None, None),
        ("customer", "open", ("customer", "won"), None),
        # It is there already.
        ("opportunity", "open", None, None),
        # "Account-only opportunities or custom lookups have no effect."
        ("lead", None, None, None),
        ("lead", None, ("lead", "open"), None),
        # Somebody set it back in HubSpot: the same opportunity does not overrule that.
        ("lead", "open", ("opportunity", "open"), None),
        ("lead", "won", ("opportunity", "open"), ("customer", Reason.OPPORTUNITY_WON)),
    ],
)
def test_opportunities_move_the_stage_on(here, reached, agreed, stage):
    plan = planned(BY_OPPORTUNITIES, here, reached, agreed)
    assert written(plan) == ([stage] if stage else [])
    assert not plan.to(Crm.SALESFORCE) and not plan.refusals


@pytest.mark.parametrize(
    ("held", "taken"), [("opportunity", True), ("customer", True), ("lead", False), (None, False)]
)
def test_a_stage_that_was_moved_further_meanwhile_is_as_good_as_taken(held, taken):
    (change,) = planned(BY_OPPORTUNITIES, "lead", "open").to(Crm.HUBSPOT).values()
    assert was_taken(change, Crm.HUBSPOT, held) is taken


@pytest.mark.parametrize(
    ("roles", "reached"),
    [
        ([(False, False)], "open"),
        ([(True, True)], "won"),
        ([(True, False)], None),  # closed and lost
        ([(False, False), (True, True)], "won"),
        ([(True, False), (False, False)], "open"),
        ([], None),
    ],
)
def test_the_furthest_opportunity_of_a_contact_counts(roles, reached):
    rows = [
        {"Opportunity.IsClosed": is_closed, "Opportunity.IsWon": is_won}
        for is_closed, is_won in roles
    ]
    assert furthest(map(AUTOMATION.reached, rows)) == reached


@pytest.mark.parametrize(
    ("before", "after", "forward"),
    [
        ("subscriber", "lead", True),
        ("42", "opportunity", True),  # a stage of the portal's own
        ("opportunity", "42", False),
        ("customer", "customer", False),
        (None, "subscriber", True),
        ("subscriber", None, False),
        (None, None, False),
        ("no longer listed", "lead", True),
    ],
)
def test_a_stage_comes_after_another_in_the_portals_own_order(before, after, forward):
    assert is_forward(before, after, ORDER) is forward


MAPPED = MappedField(
    hubspot=STAGE,
    salesforce=Field("Stage__c", "Stage", FieldKind.PICKLIST, options=ORDER),
    rule=SyncRule.PREFER_SALESFORCE,
    since=LONG_AGO,
    manner=CATALOG["contacts"].manner_of("lifecyclestage"),
)


@pytest.mark.parametrize(
    ("here", "there", "stages"),
    [
        ("lead", "customer", ["customer"]),
        ("customer", "lead", []),
        ("lead", None, []),  # cleared in Salesforce: to nothing is backwards too
        ("customer", "Lead", []),  # Salesforce does not mind the case
    ],
)
def test_a_mapping_of_the_stage_never_moves_it_backwards(here, there, stages):
    plan = planned(MAPPED, here, there, (here, "subscriber"))
    assert [new for new, _ in written(plan)] == stages
    if not stages:
        assert plan.settled["lifecyclestage"].salesforce == there


def test_what_the_portal_does_not_list_is_refused_and_not_left():
    (refusal,) = planned(MAPPED, "lead", "no such stage", ("lead", "lead")).refusals
    assert refusal.slug == "picklist-value-not-allowed"


# "Lifecycle stage changes in HubSpot do not alter Salesforce", but where a field is mapped to it.
def test_a_mapping_brings_the_stage_to_salesforce_in_either_direction():
    plan = planned(MAPPED, "lead", None, ("customer", None))
    assert [new for new, _ in written(plan, Crm.SALESFORCE)] == ["lead"]
