"""Opting addresses out of all e-mail: memory and simulator alike. Source: hubspot-api.md 11, 13.3."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sync_engine.core.errors import CrmError
from sync_engine.core.permissions import CONSENT, CONSENT_IN_BATCHES
from sync_engine.core.values import Crm
from sync_engine.crms import hubspot_paths
from sync_engine.crms.memory import MemoryCrm
from tests.crms.stage import in_memory, nobody, simulated
from tests.simulated import CountingMeter, hubspot_client

OPTED_OUT = "hs_email_optout"
RECORDS = ["crm.objects.contacts.read", "crm.objects.contacts.write", "oauth"]


def client_with(control, scopes, meter=None):
    token = control.call("POST", "token", user="", scopes=scopes)["access_token"]
    return hubspot_client(control.url, str(token), meter)


@pytest.fixture(params=["memory", "batches", "one by one"])
def stage(request):
    if request.param == "memory":
        return in_memory(Crm.HUBSPOT)
    control = request.getfixturevalue("hubspot_control")
    batches = [CONSENT_IN_BATCHES] if request.param == "batches" else []
    return simulated(client_with(control, [*RECORDS, CONSENT, *batches]), control)


def is_out(stage, *ids):
    found = stage.client.read("contacts", ids, [OPTED_OUT])
    return [bool(found[id].values[OPTED_OUT]) for id in ids]


def unsubscribe(stage, *addresses):
    size = stage.client.consent.write_batch
    return [
        outcome
        for start in range(0, len(addresses), size)
        for outcome in stage.client.consent.unsubscribe(addresses[start : start + size])
    ]


def test_the_contacts_of_addresses_show_that_they_opted_out(stage):
    people = [nobody() for _ in range(3)]
    ids = [stage.create(person) for person in people]
    addresses = [str(person["email"]) for person in people[:2]]

    for _ in range(2):
        outcomes = unsubscribe(stage, *addresses)
        assert [one.id for one in outcomes] == addresses
        assert not any(one.problem or one.in_doubt for one in outcomes)

    assert is_out(stage, *ids) == [True, True, False]


def test_an_address_may_be_written_in_any_case(stage):
    person = nobody()
    id = stage.create(person)
    (outcome,) = unsubscribe(stage, str(person["email"]).upper())
    assert outcome.problem is None
    assert is_out(stage, id) == [True]


def test_who_gets_an_address_that_opted_out_has_opted_out(stage):
    person, other = nobody(), nobody()
    unsubscribe(stage, str(person["email"]), str(other["email"]))
    id, late = stage.create(person), stage.create(nobody())
    stage.edit(late, {"email": other["email"]})
    assert is_out(stage, id, late) == [True, True]


def test_the_property_itself_is_read_only(stage):
    assert not stage.client.fields("contacts")[OPTED_OUT].writable


def test_without_the_scope_nobody_is_opted_out(hubspot_control):
    memory = MemoryCrm(Crm.HUBSPOT, lambda: datetime.now(UTC))
    memory.rights.taken.add(CONSENT)
    for client in (memory, client_with(hubspot_control, RECORDS)):
        with pytest.raises(CrmError) as refused:
            client.consent.unsubscribe(["ada@example.org"])
        assert refused.value.problem.type.slug == "missing-scopes"


def test_a_batch_is_one_call_where_its_scope_is_granted(hubspot_control):
    meter = CountingMeter()
    client = client_with(hubspot_control, [CONSENT, CONSENT_IN_BATCHES], meter)
    assert client.consent.write_batch == 100
    client.consent.unsubscribe([f"n{n}@example.org" for n in range(100)])
    assert sum(meter.calls.values()) == 1


def test_both_families_of_paths_take_it(hubspot_control, monkeypatch):
    monkeypatch.setattr(hubspot_paths, "API_FAMILY", "2026-03")
    stage = simulated(client_with(hubspot_control, [*RECORDS, CONSENT]), hubspot_control)
    person = nobody()
    id = stage.create(person)
    stage.client.consent.unsubscribe([str(person["email"])])
    assert is_out(stage, id) == [True]


def test_an_answer_that_lacks_an_address_leaves_it_in_doubt(hubspot_control):
    client = client_with(hubspot_control, [CONSENT, CONSENT_IN_BATCHES])
    at = "2026-03-02T09:00:00.000Z"
    rows = [{"subscriberIdString": "B@example.org", "statuses": []}]
    answer = {"status": "COMPLETE", "results": rows, "startedAt": at, "completedAt": at}
    hubspot_control.call("POST", "faults", path="unsubscribe-all", status=200, body=answer)
    one, other = client.consent.unsubscribe(["a@example.org", "b@example.org"])
    assert (one.in_doubt, other.in_doubt) == (True, False)
