"""Who of one CRM is who of the other, and who owns a record. Source: product.md 14."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sync_engine.core.convert import CannotConvert
from sync_engine.core.error_types import ERROR_TYPES
from sync_engine.core.errors import Remedy
from sync_engine.core.exchange import NoCounterpart, Rejected
from sync_engine.core.manners import Manner
from sync_engine.core.owners import Owner, Owners, decide_owner
from sync_engine.core.sync_rules import Reason, Side, SyncRule
from sync_engine.core.values import Crm
from tests.core.held import REFERENCE
from tests.core.pairs import mapped, pair_of, plan_of, written

ADA, GRACE, IDA, QUEUE = "005A0000006Vm9rIAC", "005A0000006Vm9sIAC", "005A0000006Vm9tIAC", "00G1"
OWNERS = Owners(
    hubspot=[
        Owner("1", "Ada Byron", "Ada@babbage.example"),
        Owner("2", "Grace Hopper", "grace@babbage.example"),
        Owner("3", "Ida Rhodes", "ida@babbage.example"),
        Owner("4", "Joan Clarke", "joan@babbage.example"),
        Owner("5", "Joseph Clement", "joseph@babbage.example", is_active=False),
        Owner("6", "Inbound leads", is_queue=True),
        Owner("7", "Joan Clarke", "joan@bletchley.example"),
        Owner("8", "Nobody"),
    ],
    salesforce=[
        Owner("005B", "Ada Byron", "ada@babbage.example"),
        Owner(ADA, "ADA  Byron", "ada@babbage.example"),
        Owner(GRACE, "Grace Murray Hopper", "grace@babbage.example"),
        Owner(IDA, "Ida Rhodes", "ida@babbage.example", is_active=False),
        Owner("005J", "Joan Clarke", "joan.clarke@babbage.example"),
        Owner("005C", "Joseph Clement", "joseph@babbage.example"),
        Owner("005N", "Nobody"),
        Owner(QUEUE, "inbound leads", is_queue=True),
        Owner("00G2", "Grace", "grace@babbage.example", is_queue=True),
        Owner("00G3", "Nobody’s", is_queue=True),
    ],
)


@pytest.mark.parametrize(
    ("user", "owner"),
    [
        (ADA, "1"),
        ("005A0000006Vm9r", "1"),  # an id of 15 characters
        (GRACE, "2"),  # "any Salesforce owner can sync": the name does not matter
        (IDA, "3"),  # nor whether the user is active
        (QUEUE, "6"),
        ("00G2", "2"),
        (None, None),
    ],
)
def test_any_salesforce_owner_passes_to_hubspot_by_e_mail(user, owner):
    assert OWNERS.carried(user, Crm.HUBSPOT) == owner


@pytest.mark.parametrize("user", ["005J", "005C", "005N", "00G3"])
def test_whom_hubspot_does_not_know_or_has_archived_is_no_error(user):
    with pytest.raises(NoCounterpart):
        OWNERS.carried(user, Crm.HUBSPOT)


# "Only owners whose name and e-mail match an active Salesforce user."
@pytest.mark.parametrize(
    ("owner", "user"),
    [("1", ADA), ("5", "005C"), (None, None)],  # of two users with one address, the eldest
)
def test_an_active_user_of_the_same_name_and_e_mail_passes_to_salesforce(owner, user):
    assert OWNERS.carried(owner, Crm.SALESFORCE) == user


@pytest.mark.parametrize(
    ("owner", "slug", "said"),
    [
        (
            "2",
            "owner-mismatch",
            "The name differs: grace@babbage.example is Grace Hopper in HubSpot and Grace Murray "
            "Hopper in Salesforce.",
        ),
        (
            "7",
            "owner-mismatch",
            "The e-mail address differs: Joan Clarke has joan@bletchley.example in HubSpot and "
            "joan.clarke@babbage.example in Salesforce.",
        ),
        (
            "8",
            "owner-mismatch",
            "The e-mail address differs: Nobody has none in HubSpot and none in Salesforce.",
        ),
        (
            "3",
            "inactive-owner",
            "Ida Rhodes (ida@babbage.example) is not an active user who may own records in "
            "Salesforce.",
        ),
        ("6", "owner-mismatch", "Salesforce has no user like the queue Inbound leads."),
    ],
)
def test_who_is_rejected_is_told_which_of_the_two_differs(owner, slug, said):
    with pytest.raises(Rejected) as raised:
        OWNERS.carried(owner, Crm.SALESFORCE)
    assert (raised.value.slug, str(raised.value)) == (slug, said)
    assert ERROR_TYPES[slug].remedy is Remedy.HOLD


@pytest.mark.parametrize("target", Crm)
def test_an_owner_who_is_on_no_list_yet_is_neither_rejected_nor_left(target):
    with pytest.raises(CannotConvert) as raised:
        OWNERS.carried("99", target)
    assert type(raised.value) is CannotConvert
    assert ERROR_TYPES[raised.value.slug].remedy is Remedy.RETRY


LONG_AGO, LATER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)


def side(value, *, changed=False, at=LONG_AGO):
    return Side(value, changed, at)


# The five cases, and what becomes of them: (HubSpot, Salesforce, ever settled, who takes it).
CASES = {
    "new Salesforce record": (side("1", changed=True), side(None), False, "salesforce_takes"),
    "new Salesforce record, made at the second try": (
        side("1"), side(None), True, "salesforce_takes",
    ),
    "existing Salesforce record, first sync": (
        side("1", changed=True, at=LATER), side(ADA, changed=True), False, "hubspot_takes",
    ),
    "later change in HubSpot": (side("1", changed=True), side(ADA), True, "salesforce_takes"),
    "later change in Salesforce": (side("1"), side(ADA, changed=True), True, "hubspot_takes"),
    "later changes, HubSpot's most recent": (
        side("1", changed=True, at=LATER), side(ADA, changed=True), True, "salesforce_takes",
    ),
    "later changes, Salesforce's most recent": (
        side("1", changed=True), side(ADA, changed=True, at=LATER), True, "hubspot_takes",
    ),
    "HubSpot record unassigned": (side(None, changed=True), side(ADA), True, "hubspot_takes"),
    "empty HubSpot owner, never filled": (side(None), side(ADA), True, "hubspot_takes"),
    "left to differ": (side("1"), side(ADA), True, "left"),
}  # fmt: skip


@pytest.mark.parametrize("rule", SyncRule)
@pytest.mark.parametrize("case", CASES)
def test_an_owner_is_two_way_whatever_the_rule_shows(case, rule):
    hubspot, salesforce, is_settled, verdict = CASES[case]
    decision = decide_owner(rule, hubspot=hubspot, salesforce=salesforce, is_settled=is_settled)
    assert decision.verdict == verdict


OWNER = replace(
    mapped("prefer_salesforce", REFERENCE, REFERENCE), manner=Manner.OWNER, exchange=OWNERS
)


def test_ids_that_stand_for_one_person_are_equal_and_each_side_keeps_its_own():
    for hubspot, salesforce in [("1", ADA), ("2", GRACE), ("3", IDA), ("6", QUEUE)]:
        plan = plan_of(pair_of(hubspot, salesforce), OWNER)
        assert not written(plan)
        agreed = plan.settled["f"]
        assert (agreed.hubspot, agreed.salesforce) == (hubspot, salesforce)


def test_who_is_rejected_is_replaced_by_salesforce_s_owner_with_the_reason():
    plan = plan_of(pair_of("2", ADA, was=("1", ADA)), OWNER)
    assert written(plan) == {Crm.HUBSPOT: {"f": "1"}}
    assert plan.to(Crm.HUBSPOT)["f"].decision.reason is Reason.REJECTED
    assert [(one.target, one.slug) for one in plan.refusals] == [(Crm.SALESFORCE, "owner-mismatch")]


def test_who_is_rejected_stays_where_hubspot_does_not_know_salesforce_s_owner_either():
    plan = plan_of(pair_of("2", "00G3", was=("1", "00G3")), OWNER)
    assert not written(plan)
    assert [one.slug for one in plan.refusals] == ["owner-mismatch"]
    assert not plan.settled


def test_who_is_too_new_is_waited_for():
    plan = plan_of(pair_of("99", ADA, was=("1", ADA)), OWNER)
    assert not written(plan)
    assert [one.slug for one in plan.refusals] == ["owner-not-known"]
