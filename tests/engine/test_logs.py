"""What is said in logs and messages: ids, never a value and never a token (sync.md 7)."""

from __future__ import annotations

import inspect
import logging
from datetime import timedelta

import pytest
from celery import Task
from django.utils import timezone

from sync_engine import tasks
from sync_engine.core.values import Crm
from sync_engine.models import Connection, Credential
from sync_engine.runs import connect
from sync_engine.runs.disconnect import KEPT, disconnect
from sync_engine.runs.erase import erase, find
from sync_engine.runs.forget import forget_old
from sync_engine.runs.poll import poll
from tests.logins import log_in

VALUES = {
    "email": "quetzalcoatl@example.org",
    "firstname": "Quetzalcoatl",
    "lastname": "Xochipilli",
    "city": "Tenochtitlan",
    "jobtitle": "Featherwright",
}
TOO_LONG = "Popocatepetl" * 20


@pytest.fixture
def connection(transactional_db, simulated) -> Connection:
    connection = log_in(Crm.SALESFORCE, log_in(Crm.HUBSPOT))
    connect.finish_setup(connection, timezone.now())
    return connection


def secrets() -> list[str]:
    held = [credential.tokens for credential in Credential.objects.all()]
    return [token for one in held for token in (one.access_token, one.refresh_token)]


def test_whatever_happens_no_value_and_no_token_is_logged(connection, simulated, caplog):
    caplog.set_level(logging.DEBUG)
    hidden = [*VALUES.values(), "Popocatepetl", "crmsync-demo-secret", *secrets()]
    hubspot, salesforce = simulated[Crm.HUBSPOT], simulated[Crm.SALESFORCE]
    body = {"status": "error", "message": f"{VALUES['email']} is not welcome", "category": "X"}

    hubspot.call("POST", "records/contacts", by="Ida", values=VALUES)
    poll(connection, connect.crms_of, timezone.now)
    values = {"email": "b@example.org", "lastname": "Xochipilli", "zip": TOO_LONG}
    hubspot.call("POST", "records/contacts", by="Ida", values=values)
    salesforce.call("POST", "actions/expire-sessions")
    poll(connection, connect.crms_of, timezone.now)
    connect.crms_of(connection).hubspot.identity()
    hidden += secrets()
    hubspot.call("POST", "faults", path="/search$", times=1, status=400, body=body)
    poll(connection, connect.crms_of, timezone.now)
    hubspot.call("POST", "faults", path="/search$", times=1, drop=True)
    poll(connection, connect.crms_of, timezone.now)
    erase(find(VALUES["email"]), timezone.now())
    disconnect(connection, keep=KEPT, by="Ida", now=timezone.now())
    forget_old(timezone.now() + timedelta(days=100))

    assert "stopped: HubSpot" in caplog.text and "Erased the values of links" in caplog.text
    assert not [one for one in hidden if one and one in caplog.text]


def test_a_message_to_a_worker_carries_ids_only():
    asked = [task for task in vars(tasks).values() if isinstance(task, Task)]
    taken = {
        (parameter.name, parameter.annotation)
        for task in asked
        for parameter in inspect.signature(task.run).parameters.values()
    }
    assert len(asked) >= 5
    assert all(name.endswith("_id") and kind == "int" for name, kind in taken)
