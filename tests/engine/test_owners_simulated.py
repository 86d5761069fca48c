"""Owners over the simulators: assignment rules choose for new leads that nobody owns, and touch
nothing else. Source: product.md 14, salesforce-api.md 0.1."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from sync_engine.core.values import Crm
from sync_engine.models import Connection, ObjectSettings, SyncError
from sync_engine.runs import connect
from sync_engine.runs.poll import poll
from tests.logins import log_in

CHARLES, MARY, LEFT = "41629772", "41629773", "41629869"  # the last one left the company
BY = "Ida Rhodes"


@pytest.fixture
def connection(db, simulated) -> Connection:
    """A connection that creates leads, to an org that gives new leads to a queue."""
    connection = log_in(Crm.SALESFORCE, log_in(Crm.HUBSPOT))
    connect.finish_setup(connection, timezone.now())
    settings = ObjectSettings.objects.get(connection=connection, object_type="contacts")
    settings.answers["hubspot_changed"] = "create_lead"
    settings.save()
    simulated[Crm.SALESFORCE].call(
        "POST", "actions/assignment-rule", object="Lead", default_owner="Inbound leads"
    )
    return connection


def poll_minutes_later(connection, minutes) -> None:
    assert poll(connection, connect.crms_of, lambda: timezone.now() + timedelta(minutes=minutes))


def rows(simulated, crm, object_name):
    return simulated[crm].call("GET", f"records/{object_name}")


def leads(simulated, connection) -> dict[str, str]:
    """Return {last name: owner's name} as Salesforce's own screens show them."""
    named = {owner.id: owner.name for owner in connect.crms_of(connection).salesforce.owners()}
    found = [row["values"] for row in rows(simulated, Crm.SALESFORCE, "Lead")]
    return {values["LastName"]: named[values["OwnerId"]] for values in found}


def edit(simulated, last_name, **values) -> None:
    found = rows(simulated, Crm.HUBSPOT, "contacts")
    (id,) = [row["id"] for row in found if row["values"]["lastname"] == last_name]
    simulated[Crm.HUBSPOT].call("PATCH", f"records/contacts/{id}", by=BY, values=values)


def test_assignment_rules_run_only_for_new_leads_without_a_matching_owner(simulated, connection):
    for name, owner in {"Byron": CHARLES, "Clement": LEFT, "Somerville": ""}.items():
        values = {"email": f"{name}@example.org", "lastname": name, "company": "Royal Society"}
        owned = values | {"hubspot_owner_id": owner}
        simulated[Crm.HUBSPOT].call("POST", "records/contacts", by=BY, values=owned)

    for minutes in (0, 1):
        poll_minutes_later(connection, minutes)
    queue = "Inbound leads"
    made = {"Byron": "Charles Ashworth", "Clement": queue, "Somerville": queue}
    assert leads(simulated, connection) == made

    edit(simulated, "Byron", jobtitle="Analyst")
    edit(simulated, "Clement", hubspot_owner_id=MARY)
    poll_minutes_later(connection, 2)
    edit(simulated, "Clement", jobtitle="Fellow")
    poll_minutes_later(connection, 3)

    assert leads(simulated, connection) == made | {"Clement": "Mary Somers"}
    assert not SyncError.objects.current(connection.pk)
