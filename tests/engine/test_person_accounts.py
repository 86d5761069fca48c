"""Person accounts, over the simulators. Source: product.md 7.6; sync.md 5."""

from __future__ import annotations

import pytest
from django.utils import timezone

from sync_engine.core.values import Crm
from sync_engine.models import Connection, FieldMapping, ObjectSettings, RecordLink
from sync_engine.runs import connect
from sync_engine.runs.poll import poll
from tests.logins import log_in


@pytest.fixture
def record_type(simulated) -> str:
    return simulated[Crm.SALESFORCE].call("POST", "actions/person-accounts")["id"]


@pytest.fixture
def connection(db, simulated, record_type) -> Connection:
    connection = log_in(Crm.SALESFORCE, log_in(Crm.HUBSPOT))
    connect.finish_setup(connection, timezone.now())
    return connection


def sync(connection) -> None:
    run = poll(connection, connect.crms_of, timezone.now)
    assert run is not None and run.state == "done", run


def person(simulated, record_type) -> str:
    values = {"LastName": "Byron", "RecordTypeId": record_type, "PersonEmail": "ada@example.org"}
    return simulated[Crm.SALESFORCE].call("POST", "records/Account", by="Ada", values=values)["id"]


def test_a_person_account_is_one_hubspot_contact_and_both_follow(
    simulated, connection, record_type
):
    FieldMapping.objects.filter(hubspot_field="jobtitle").update(sync_rule="two_way")
    account = person(simulated, record_type)
    sync(connection)
    (contact,) = simulated[Crm.HUBSPOT].call("GET", "records/contacts")
    assert contact["values"]["email"] == "ada@example.org"
    simulated[Crm.HUBSPOT].call(
        "PATCH", f"records/contacts/{contact['id']}", by="Ida", values={"jobtitle": "Countess"}
    )

    sync(connection)

    (found,) = simulated[Crm.SALESFORCE].call("GET", "records/Account?q=Byron")
    assert (found["id"], found["values"]["PersonTitle"]) == (account, "Countess")
    link = RecordLink.objects.get()
    assert link.salesforce_object == "Contact" and link.salesforce_id.startswith("003")
    (shadow,) = simulated[Crm.SALESFORCE].call("GET", "records/Contact?q=Byron")
    assert shadow["values"][connection.key_field] == contact["id"]


def test_a_lead_that_we_make_keeps_its_company_empty(simulated, connection):
    """Else it could never be converted to a person."""
    settings = ObjectSettings.objects.get(connection=connection, object_type="contacts")
    settings.answers = {"hubspot_changed": "create_lead"}
    settings.save()
    values = {"email": "ada@example.org", "lastname": "Byron", "company": "Babbage & Co"}
    simulated[Crm.HUBSPOT].call("POST", "records/contacts", by="Ida", values=values)

    sync(connection)
    sync(connection)

    (lead,) = simulated[Crm.SALESFORCE].call("GET", "records/Lead?q=Byron")
    assert lead["values"].get("Company") is None
