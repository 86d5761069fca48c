"""Two records that hold one value each, and what is planned for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sync_engine.core.plan import Agreed, MappedField, Pair
from sync_engine.core.planning import plan_pair
from sync_engine.core.spelling import remembered
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm, Record
from tests.core.held import TEXT

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOW = BEGINNING + 10 * HOUR
SYNCED = [rule for rule in SyncRule if rule is not SyncRule.DONT_SYNC]
HUBSPOT, SALESFORCE = Crm.HUBSPOT, Crm.SALESFORCE


def mapped(rule=SyncRule.TWO_WAY, here=TEXT, there=TEXT, since=BEGINNING):
    """A mapping of the property `f` and the field `F`."""
    return MappedField(here, replace(there, name="F"), SyncRule(rule), since)


def record(crm, values, hour=0):
    at = BEGINNING + hour * HOUR
    return Record(crm, "Contact", "1", values, modified_at=at, stamp=NOW)


def pair_of(hubspot, salesforce, was=None, at=1, later=None):
    """Two records that hold one value each. was: the two that were agreed on, at that hour;
    later: who was edited last."""
    agreed = {"f": Agreed(*map(remembered, was), BEGINNING + at * HOUR)} if was else {}
    return Pair(
        record(HUBSPOT, {"f": hubspot}, 3 if later is HUBSPOT else 2),
        record(SALESFORCE, {"F": salesforce}, 3 if later is SALESFORCE else 2),
        agreed,
        since=BEGINNING,
    )


def plan_of(pair, *mappings):
    return plan_pair(pair, mappings, {}, NOW)


def written(plan):
    """Return {CRM: {field: new value}} without the CRMs that nothing is written to."""
    return {
        crm: {name: change.new for name, change in plan.to(crm).items()}
        for crm in Crm
        if plan.to(crm)
    }
