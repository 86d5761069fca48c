"""Who opted out of all e-mail. Source: product.md 15 (quoted), sync.md 2."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync_engine.core.catalog import CATALOG
from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.manners import Manner
from sync_engine.core.plan import Agreed, MappedField, Pair
from sync_engine.core.planning import plan_pair
from sync_engine.core.sync_rules import Reason, SyncRule
from sync_engine.core.values import Crm, Record

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=90)
MAPPING = MappedField(
    hubspot=Field("hs_email_optout", "Opted out", FieldKind.YES_NO, writable=False),
    salesforce=Field("HasOptedOutOfEmail", "Email Opt Out", FieldKind.YES_NO, blank_is=False),
    rule=SyncRule.TWO_WAY,
    since=LONG_AGO,
    manner=Manner.OPT_OUT,
)
IN_HUBSPOT, IN_SALESFORCE = {Crm.HUBSPOT: True}, {Crm.SALESFORCE: True}
NOTHING: dict[Crm, bool] = {}


def planned(here, there, agreed, *, since=LONG_AGO):
    hubspot = Record(Crm.HUBSPOT, "contacts", "501", {"hs_email_optout": here}, NOW, NOW)
    salesforce = Record(Crm.SALESFORCE, "Contact", "003", {"HasOptedOutOfEmail": there}, NOW, NOW)
    held = {"hs_email_optout": Agreed(*agreed, NOW - timedelta(days=1))} if agreed else {}
    return plan_pair(Pair(hubspot, salesforce, held, since), [MAPPING], {}, NOW)


def writes(plan):
    return {crm: one.new for crm in Crm for one in plan.to(crm).values()}


@pytest.mark.parametrize("blank", [None, False])
@pytest.mark.parametrize(
    ("here", "there", "agreed", "written"),
    [
        # "HubSpot contact unsubscribes from all e-mail: Email Opt Out ticked in Salesforce."
        (True, False, ("false", "false"), IN_SALESFORCE),
        (True, False, (None, "false"), IN_SALESFORCE),
        # "Email Opt Out ticked on lead/contact: HubSpot Unsubscribed from all email set."
        (None, True, ("false", "false"), IN_HUBSPOT),
        (None, True, (None, "false"), IN_HUBSPOT),
        # "Email Opt Out cleared in Salesforce: no re-subscribe in HubSpot (contact must act)."
        (True, False, ("true", "true"), NOTHING),
        # And the other way round.
        (None, True, ("true", "true"), NOTHING),
        # "Nothing passes until first sync": never settled, set on either side sets the other.
        (True, False, None, IN_SALESFORCE),
        (None, True, None, IN_HUBSPOT),
        # One side was left to differ, and neither changed since.
        (True, False, ("true", "false"), NOTHING),
        (None, True, ("false", "true"), NOTHING),
        # One side was left to differ, and then they changed places: who is set now became set.
        (True, False, ("false", "true"), IN_SALESFORCE),
        (None, True, ("true", "false"), IN_HUBSPOT),
        (True, True, None, NOTHING),
        (None, False, None, NOTHING),
    ],
)
def test_only_becoming_set_passes(blank, here, there, agreed, written):
    assert writes(planned(blank if here is None else here, there, agreed)) == written


def test_a_difference_that_is_left_is_settled():
    plan = planned(True, False, ("true", "true"))
    assert plan.settled["hs_email_optout"] == Agreed("true", "false", NOW)
    assert not plan.refusals


@pytest.mark.parametrize(
    ("here", "there", "written"), [(True, False, IN_SALESFORCE), (None, True, IN_HUBSPOT)]
)
def test_a_clearing_that_nobody_saw_clears_nothing(here, there, written):
    """After a merge, or outside of the segment: who is set counts as on a first sync."""
    assert writes(planned(here, there, ("true", "true"), since=NOW)) == written


def test_who_opted_out_where_says_why():
    (change,) = planned(True, False, None).to(Crm.SALESFORCE).values()
    assert change.decision.reason is Reason.OPTED_OUT_IN_HUBSPOT
    (change,) = planned(None, True, None).to(Crm.HUBSPOT).values()
    assert change.decision.reason is Reason.OPTED_OUT_IN_SALESFORCE


# "Mapping is automatic, cannot be edited, set to Don’t sync, or deleted (CAN-SPAM)."
def test_the_mapping_is_locked():
    contacts = CATALOG["contacts"]
    found = {one.hubspot: one for one in contacts.standard_mappings}["hs_email_optout"]
    assert found.locked
    assert SyncRule.DONT_SYNC not in contacts.rules_of("hs_email_optout")
