"""Who may own a record, and whom Salesforce's rules choose: memory and simulators alike.

Source: hubspot-api.md 11, salesforce-api.md 0.1 and 7.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sync_engine.core.allocation import Cause
from sync_engine.core.owners import Owner
from sync_engine.core.values import Crm
from sync_engine.crms import hubspot_owners
from sync_engine.crms.base import Row
from sync_engine.crms.memory import MemoryCrm
from sync_engine.crms.memory_owners import OWNED
from tests.simulated import CountingMeter, hubspot_client, salesforce_client, token_of

KEY = "HubSpot_24816357_Id__c"
ADA = {"LastName": "Byron", "Company": "Babbage & Co", "Email": "ada@example.org"}


@pytest.fixture
def meter():
    return CountingMeter()


@pytest.fixture
def hubspot(hubspot_control, meter):
    return hubspot_client(hubspot_control.url, token_of(hubspot_control), meter)


@pytest.fixture
def simulated(salesforce_control, meter):
    return salesforce_client(salesforce_control.url, token_of(salesforce_control), meter)


def named(owners, name):
    return next(owner for owner in owners if owner.name == name)


def test_hubspot_names_its_owners_and_the_archived_ones(hubspot):
    owners = hubspot.owners()
    joseph = Owner("41629869", "Joseph Clement", "joseph@babbage.example", is_active=False)
    assert named(owners, "Joseph Clement") == joseph
    assert all(owner.is_active for owner in owners if owner != joseph)


def test_owners_of_hubspot_come_page_by_page(hubspot, meter, monkeypatch):
    everybody = len(hubspot.owners())
    monkeypatch.setattr(hubspot_owners, "_OWNERS_A_PAGE", 2)
    meter.calls.clear()
    assert len(hubspot_owners.owners(hubspot._api)) == everybody
    assert meter.calls == {Cause.DESCRIBE: -(-(everybody - 1) // 2) + 1}


def test_salesforce_names_users_and_queues_in_one_call(simulated, meter):
    user = named(simulated.owners(), "crmsync Integration User")
    assert user.is_active and user.email == "crmsync@babbage.example"
    assert meter.calls == {Cause.DESCRIBE: 1}
    queue = named(simulated.owners(), "Inbound leads")
    assert queue.is_queue and queue.id.startswith("00G")


def test_owners_are_asked_for_once_in_a_quarter_of_an_hour(hubspot, simulated, meter):
    before = hubspot.owners(), simulated.owners()
    meter.calls.clear()
    assert (hubspot.owners(), simulated.owners()) == before
    assert not meter.calls


@pytest.fixture(params=["memory", "simulated"])
def salesforce(request):
    """A Salesforce with an assignment rule; and whom the rule chooses."""
    if request.param == "memory":
        client = MemoryCrm(Crm.SALESFORCE, lambda: datetime.now(UTC), OWNED)
        client.staff.hired.append(Owner("00G000000000001AAA", "Inbound leads", is_queue=True))
        client.staff.assigned_to = "00G000000000001AAA"
    else:
        client = request.getfixturevalue("simulated")
        request.getfixturevalue("salesforce_control").call(
            "POST", "actions/assignment-rule", object="Lead", default_owner="Inbound leads"
        )
    client.ensure_key("Lead", KEY, "HubSpot record ID")
    return client


def owner_of(client, id):
    value = client.read("Lead", [id], ["OwnerId"])[id].values["OwnerId"]
    return next(owner for owner in client.owners() if owner.id == value)


def test_a_new_record_without_an_owner_is_the_integration_user_s(salesforce):
    (made,) = salesforce.create("Lead", [Row(ADA, key="501")], KEY)
    assert owner_of(salesforce, made.id).name.endswith("Integration User")


def test_assignment_rules_run_where_they_are_asked_for_and_nowhere_else(salesforce):
    (made,) = salesforce.create_assigned("Lead", [Row(ADA, key="501")], KEY)
    assert made.created
    assert owner_of(salesforce, made.id).name == "Inbound leads"

    user = next(owner for owner in salesforce.owners() if not owner.is_queue)
    salesforce.update("Lead", [Row({"OwnerId": user.id}, id=made.id)])
    salesforce.update("Lead", [Row({"FirstName": "Ada"}, id=made.id)])
    (again,) = salesforce.create("Lead", [Row({"FirstName": "Augusta"}, key="501")], KEY)
    assert (again.id, again.created) == (made.id, False)
    assert owner_of(salesforce, made.id) == user


def test_a_lead_of_a_known_owner_is_that_owner_s(salesforce):
    user = next(owner for owner in salesforce.owners() if not owner.is_queue)
    (made,) = salesforce.create("Lead", [Row({**ADA, "OwnerId": user.id}, key="501")], KEY)
    assert owner_of(salesforce, made.id) == user
