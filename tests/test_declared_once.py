"""Declaring an object type is all it takes: the architecture's acceptance test."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from sync_engine.core.catalog import CATALOG, Choice, ObjectType, Policy, StandardMapping
from sync_engine.core.values import Crm
from tests.engine.conftest import World, texts

INVOICES = ObjectType(
    slug="invoices",
    label="Invoices",
    hubspot="invoices",
    salesforce=("Invoice__c",),
    summary="HubSpot invoices sync with Salesforce invoices.",
    identity={Crm.HUBSPOT: "number", Crm.SALESFORCE: "Number__c"},
    always_on=True,
    policies=(
        Policy(
            name="paid",
            section="Paying",
            question="In HubSpot, when an invoice is paid",
            source=Crm.SALESFORCE,
            choices=(Choice("nothing", "Do nothing"), Choice("close", "Close it")),
            default="nothing",
        ),
    ),
    standard_mappings=(
        StandardMapping("number", {"Invoice__c": "Number__c"}),
        StandardMapping("due", {"Invoice__c": "Due__c"}),
    ),
)


@pytest.fixture
def world(db, monkeypatch) -> World:
    monkeypatch.setitem(CATALOG, "invoices", INVOICES)
    return World({"invoices": texts("number", "due"), "Invoice__c": texts("Number__c", "Due__c")})


def test_its_records_sync(world):
    world.hubspot.person_creates("invoices", {"number": "7", "due": "2026-02-01"})

    world.poll()

    (id,) = world.salesforce.ids_of("Invoice__c")
    assert world.salesforce.values_of("Invoice__c", id)["Due__c"] == "2026-02-01"


def test_its_tab_its_questions_and_its_mappings_are_there(world, client):
    client.force_login(User.objects.create_user("grace", is_staff=True))

    tab = client.get(f"/{world.connection.pk}/invoices/")
    mappings = client.get(f"/{world.connection.pk}/invoices/mappings/")

    assert "In HubSpot, when an invoice is paid" in tab.text
    assert "Due__c" in mappings.text
    assert "Invoices" in client.get(f"/{world.connection.pk}/health/").text
