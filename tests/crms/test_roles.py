"""Who is attached to an opportunity, and how far it has come: memory and simulator alike.

Source: salesforce-api.md 4 (fields of a parent), 7 (OpportunityContactRole).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync_engine.core.allocation import Cause
from sync_engine.core.catalog import CATALOG
from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.values import Crm
from sync_engine.crms.base import Asked, Row
from sync_engine.crms.memory import MemoryCrm
from tests.simulated import CountingMeter, salesforce_client, token_of

AUTOMATION = CATALOG["contacts"].lifecycle
ROLE = "OpportunityContactRole"
DEAL = {"Name": "Engine", "StageName": "Prospecting", "CloseDate": "2026-12-31"}
FLAGS = {
    name: Field(name, name, FieldKind.YES_NO, "boolean", blank_is=False)
    for name in ("IsClosed", "IsWon")
}
TEXTS = {name: Field(name, name, FieldKind.TEXT, "string") for name in DEAL}


@pytest.fixture(params=["memory", "simulated"])
def client(request):
    if request.param == "memory":
        fields = {"Opportunity": {**TEXTS, **FLAGS}}
        return MemoryCrm(Crm.SALESFORCE, lambda: datetime.now(UTC), fields)
    control = request.getfixturevalue("salesforce_control")
    return salesforce_client(control.url, token_of(control))


def create(client, name, **values):
    (outcome,) = client.create(name, [Row(values)], "")
    assert outcome.created, outcome.problem
    return outcome.id


def attached(client):
    """Return a contact, an opportunity that it is attached to, and the role that says so."""
    contact = create(client, "Contact", LastName="Byron")
    deal = create(client, "Opportunity", **DEAL)
    return contact, deal, create(client, ROLE, ContactId=contact, OpportunityId=deal)


def test_a_role_tells_how_far_its_opportunity_has_come(client):
    contact, _, role = attached(client)
    other = create(client, "Contact", LastName="Nobody")
    found = client.find(ROLE, AUTOMATION.by, [contact, other], AUTOMATION.asked)
    ((id, (one,)),) = found.items()
    assert (id, one.id) == (contact, role)
    assert AUTOMATION.reached(one.values) == "open"
    assert one.values[AUTOMATION.by] == contact


def test_a_role_counts_as_changed_when_it_or_its_opportunity_did(client):
    _, deal, role = attached(client)
    now = datetime.now(UTC)
    an_hour_ago, later = now - timedelta(hours=1), now + timedelta(hours=1)
    for parent in ("", "Opportunity"):
        for since, seen in ((an_hour_ago, [role]), (later, [])):
            asked = Asked(ROLE, since, AUTOMATION.asked, parent)
            rows = client.changed([asked]).rows[ROLE]
            assert [row.id for row in rows] == seen


def test_an_opportunity_that_changes_brings_its_older_roles():
    clock = [datetime(2026, 3, 2, 9, 0, tzinfo=UTC)]
    memory = MemoryCrm(Crm.SALESFORCE, lambda: clock[0], {"Opportunity": {**TEXTS, **FLAGS}})
    _, deal, role = attached(memory)
    clock[0] += timedelta(hours=1)
    since = clock[0]
    memory.person_edits("Opportunity", deal, {"IsWon": True, "IsClosed": True})
    asked = Asked(ROLE, since, AUTOMATION.asked, "Opportunity")
    (row,) = memory.changed([asked]).rows[ROLE]
    assert row.id == role and AUTOMATION.reached(row.record.values) == "won"
    assert not memory.changed([Asked(ROLE, since, AUTOMATION.asked)]).rows[ROLE]


def test_contacts_leads_and_roles_are_asked_for_in_one_call(salesforce_control):
    meter = CountingMeter()
    client = salesforce_client(salesforce_control.url, token_of(salesforce_control), meter)
    since = datetime.now(UTC) - timedelta(hours=1)
    asked = [Asked("Contact", since), Asked("Lead", since)]
    client.changed([*asked, Asked(ROLE, since, AUTOMATION.asked, "Opportunity")])
    assert meter.calls[Cause.POLLING] == 1
