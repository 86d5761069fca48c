"""What can be wrong with a HubSpot account on demand (hubspot-api.md 3.5, 4.3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sync_engine.simulators.base import Refused

CONTACTS = "/crm/v3/objects/contacts"
BAD = [{"properties": {"email": value}} for value in ("no", "nor this", "no")]


def wait(simulator, seconds):
    simulator.clock.shift += timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", CONTACTS, {"properties": {"email": "bo@example.com"}}),
        ("POST", f"{CONTACTS}/batch/create", {"inputs": []}),
        ("POST", "/crm/objects/2026-03/0-1/batch/archive", {"inputs": []}),
    ],
)
def test_writes_to_locked_records_are_refused_for_a_while(simulator, api, method, path, body):
    simulator.actions()["lock"]({"object": "contacts", "seconds": 5})
    assert api(method, path, body).status == 423
    assert api("GET", CONTACTS).status == 200
    assert api("POST", path.replace("contacts", "deals").replace("0-1", "0-3")).status == 400
    wait(simulator, 6)
    assert api(method, path, body).status in (201, 204)


def test_an_account_that_is_migrated_says_how_long_to_wait(simulator, api):
    simulator.actions()["migrate"]({"seconds": 7200})
    wait(simulator, 3600)
    answered = api("GET", CONTACTS)
    assert answered.status == 477
    assert 3500 < int(answered.headers["Retry-After"]) <= 3600
    wait(simulator, 3600)
    assert api("GET", CONTACTS).status == 200


def test_an_upsert_can_lose_inputs_without_a_word(simulator, api):
    api.unique_property("sf_id")
    simulator.actions()["lose-upserts"]({"times": 2})
    inputs = [
        {
            "id": key,
            "idProperty": "sf_id",
            "properties": {"firstname": key},
            "objectWriteTraceId": key,
        }
        for key in "abc"
    ]
    answered = api.batch("upsert", inputs)
    assert answered.status == 200
    assert [one["objectWriteTraceId"] for one in answered.body["results"]] == ["c"]
    assert len(api.batch("upsert", inputs).body["results"]) == 3


def test_a_refused_batch_lists_the_errors_of_all_inputs_each_once(api):
    answered = api.batch("create", BAD)
    assert answered.status == 400
    assert [one["message"] for one in answered.body["errors"]] == [
        "Email address no is invalid",
        "Email address nor this is invalid",
    ]


def test_a_refused_batch_can_list_less_than_all_errors(simulator, api):
    simulator.actions()["truncate-errors"]({"most": 1})
    assert len(api.batch("create", BAD).body["errors"]) == 1
    simulator.actions()["truncate-errors"]({})
    assert len(api.batch("create", BAD).body["errors"]) == 2


def test_admins_can_want_more_of_every_record_than_hubspot_does(simulator, api):
    ana = api.contact("ana@example.com")
    simulator.actions()["require"]({"object": "contacts", "properties": ["phone", "city"]})
    simulator.restore(simulator.dump())
    refused = api("POST", CONTACTS, {"properties": {"email": "bo@example.com", "city": "Hull"}})
    assert (refused.status, refused.body["category"]) == (400, "VALIDATION_ERROR")
    assert refused.body["context"] == {"properties": ["phone"]}
    full = {"email": "bo@example.com", "city": "Hull", "phone": "1"}
    traced = [
        {"properties": full, "objectWriteTraceId": "0"},
        {"properties": {"email": "cy@example.com"}, "objectWriteTraceId": "1"},
    ]
    answered = api.batch("create", traced)
    assert answered.status == 207
    assert [one["objectWriteTraceId"] for one in answered.body["results"]] == ["0"]
    assert api("PATCH", f"{CONTACTS}/{ana}", {"properties": {"city": ""}}).status == 400
    assert api("PATCH", f"{CONTACTS}/{ana}", {"properties": {"firstname": "Ana"}}).status == 200
    simulator.actions()["require"]({"object": "contacts", "properties": []})
    assert api.contact("cy@example.com")


@pytest.mark.parametrize("names", [["nothing"], "phone", [[]], None])
def test_what_admins_want_are_properties(simulator, names):
    with pytest.raises(Refused):
        simulator.actions()["require"]({"object": "contacts", "properties": names})
