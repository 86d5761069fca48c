"""Batches of the simulated HubSpot (hubspot-api.md 4.3, 5.3, 5.5)."""

from __future__ import annotations

import pytest


def traced(**properties):
    """Return inputs with a trace id each, which is the key's own."""
    return [{"objectWriteTraceId": name, "properties": sent} for name, sent in properties.items()]


def by_trace(results):
    return {one["objectWriteTraceId"]: one for one in results}


def test_a_read_answers_what_is_there_and_names_all_that_is_not_in_one_error(api):
    ana = api.contact("ana@example.com")
    answered = api.batch("read", [{"id": ana}, {"id": "1"}, {"id": "x"}], properties=["email"])

    assert answered.status == 207
    assert [one["id"] for one in answered.body["results"]] == [ana]
    assert answered.body["numErrors"] == 1
    (error,) = answered.body["errors"]
    assert error["category"] == "OBJECT_NOT_FOUND"
    assert error["context"] == {"ids": ["1", "x"]}
    assert error["message"].startswith("Could not get some CONTACT objects")


def test_a_read_by_email_finds_primary_and_secondary_addresses_in_any_case(api):
    ana = api.contact("ana@example.com", hs_additional_emails="Lopez@Example.com;al@example.com")
    inputs = [{"id": "ANA@example.com"}, {"id": "lopez@EXAMPLE.com"}, {"id": "bo@example.com"}]
    answered = api.batch("read", inputs, idProperty="email", properties=["email"])

    assert [one["id"] for one in answered.body["results"]] == [ana]
    assert answered.body["errors"][0]["context"]["ids"] == ["bo@example.com"]


def test_results_are_not_in_the_order_of_the_inputs(api):
    ids = [api.contact(f"p{n}@example.com") for n in range(40)]
    found = [one["id"] for one in api.batch("read", [{"id": one} for one in ids]).body["results"]]
    assert found != ids
    assert sorted(found) == ids


@pytest.mark.parametrize("verb", ["read", "create", "update", "upsert", "archive"])
def test_more_than_a_hundred_inputs_are_refused(api, verb):
    answered = api.batch(verb, [{"id": str(n), "properties": {}} for n in range(101)])
    assert answered.status == 400
    assert "100" in answered.body["message"]


def test_more_than_fifty_inputs_with_history_are_refused(api):
    inputs = [{"id": str(n)} for n in range(51)]
    answered = api.batch("read", inputs, propertiesWithHistory=["email"])
    assert answered.status == 400
    assert answered.body["message"] == (
        "The maximum number of inputs supported in a batch request for property histories is 50. "
        "Please reduce the number of items and try again"
    )


def test_the_same_id_twice_refuses_the_batch_even_with_trace_ids(api):
    ana = api.contact("ana@example.com")
    inputs = [{"id": ana, "objectWriteTraceId": n, "properties": {"city": n}} for n in "12"]
    answered = api.batch("update", inputs)
    assert answered.status == 400
    assert answered.body["context"] == {"ids": [ana]}
    assert answered.body["message"] == (
        f"Duplicate IDs found in batch input: [{ana}]. IDs must be unique"
    )


def test_with_trace_ids_the_good_are_created_and_each_bad_one_is_named(api):
    ana = api.contact("ana@example.com")
    answered = api.batch(
        "create",
        traced(
            good={"email": "bo@example.com"},
            taken={"email": "ANA@example.com"},
            twice={"email": "bo@example.com"},
            bad={"email": "cy@example.com", "hs_email_optout": "true"},
        ),
    )
    assert answered.status == 207
    created = by_trace(answered.body["results"])
    assert list(created) == ["good"]
    errors = {one["context"]["objectWriteTraceId"][0]: one for one in answered.body["errors"]}
    assert errors["taken"]["category"] == "CONFLICT"
    assert errors["taken"]["message"] == f"Contact already exists. Existing ID: {ana}"
    assert errors["taken"]["context"]["existingId"] == [ana]
    assert errors["twice"]["context"]["existingId"] == [created["good"]["id"]]
    assert errors["bad"]["errors"][0]["code"] == "READ_ONLY_VALUE"


def test_without_trace_ids_one_bad_input_refuses_all(api):
    api.contact("ana@example.com")
    inputs = [{"properties": {"email": f"{name}@example.com"}} for name in ("bo", "ana", "cy")]
    answered = api.batch("create", inputs)

    assert answered.status == 409
    assert answered.body["message"] == "Contact already exists"
    assert len(api("GET", "/crm/v3/objects/contacts").body["results"]) == 1


def test_one_input_without_a_trace_id_makes_it_all_or_nothing(api):
    inputs = traced(good={"email": "bo@example.com"}, bad={"email": "no"})
    del inputs[0]["objectWriteTraceId"]
    assert api.batch("create", inputs).status == 400
    assert api("GET", "/crm/v3/objects/contacts").body["results"] == []


def test_a_single_create_of_a_taken_address_names_who_has_it(api):
    ana = api.contact("ana@example.com")
    sent = {"properties": {"email": "ana@example.com"}}
    answered = api("POST", "/crm/v3/objects/contacts", sent)
    assert answered.status == 409
    assert answered.body["category"] == "CONFLICT"
    assert answered.body["message"] == f"Contact already exists. Existing ID: {ana}"


def test_a_secondary_address_or_a_unique_value_that_is_taken_tells_its_owner(api):
    api.unique_property("sf_id")
    ana = api.contact("ana@example.com", hs_additional_emails="al@example.com", sf_id="003A")
    bo = api.contact("bo@example.com")

    secondary = api("POST", "/crm/v3/objects/contacts", {"properties": {"email": "al@example.com"}})
    unique = api("PATCH", f"/crm/v3/objects/contacts/{bo}", {"properties": {"sf_id": "003A"}})
    assert (secondary.status, unique.status) == (400, 400)
    assert secondary.body["message"].endswith(f". {ana} already has that value.")
    assert unique.body["message"] == (
        "Cannot set PropertyValueCoordinates{portalId=24816357, "
        "objectTypeId=ObjectTypeId{legacyObjectType=CONTACT}, propertyName=sf_id, value=003A} "
        f"on {bo}. {ana} already has that value."
    )


def test_an_upsert_creates_and_updates_by_a_unique_property_and_says_which(api):
    api.unique_property("sf_id")
    ana = api.contact("ana@example.com", sf_id="003A")
    inputs = [
        {
            "id": key,
            "idProperty": "sf_id",
            "objectWriteTraceId": key,
            "properties": {"firstname": key},
        }
        for key in ("003A", "003B")
    ]
    answered = api.batch("upsert", inputs)

    assert answered.status == 200
    found = by_trace(answered.body["results"])
    assert {key: one["new"] for key, one in found.items()} == {"003A": False, "003B": True}
    assert found["003A"]["id"] == ana
    assert found["003B"]["properties"]["sf_id"] == "003B"
    again = by_trace(api.batch("upsert", inputs).body["results"])
    assert again["003B"]["id"] == found["003B"]["id"]
    assert not again["003B"]["new"]


def test_an_upsert_by_email_finds_secondary_addresses(api):
    ana = api.contact("ana@example.com", hs_additional_emails="al@example.com")
    inputs = [{"id": "AL@example.com", "idProperty": "email", "properties": {"city": "Ghent"}}]
    (found,) = api.batch("upsert", inputs).body["results"]
    assert (found["id"], found["new"]) == (ana, False)
    assert api.read(ana, "email", "city")["email"] == "ana@example.com"


def test_an_upsert_by_a_property_that_is_not_unique_is_refused(api):
    inputs = [{"id": "x", "idProperty": "city", "properties": {"firstname": "x"}}]
    answered = api.batch("upsert", inputs)
    assert answered.status == 400
    assert answered.body["message"] == (
        "Unable to perform update/upsert by non-unique 0-1 property city"
    )


def test_an_update_of_nobody_is_an_error_of_its_input(api):
    ana = api.contact("ana@example.com")
    inputs = [
        {"id": one, "objectWriteTraceId": one, "properties": {"city": "Hull"}} for one in (ana, "7")
    ]
    answered = api.batch("update", inputs)
    assert answered.status == 207
    assert answered.body["results"][0]["properties"]["city"] == "Hull"
    assert answered.body["errors"][0]["context"] == {"ids": ["7"], "objectWriteTraceId": ["7"]}


def test_an_archived_record_frees_its_address_and_is_read_only_when_asked_for(api):
    ana, bo = api.contact("ana@example.com"), api.contact("bo@example.com")
    assert api.batch("archive", [{"id": ana}, {"id": "7"}]).status == 204
    assert api("DELETE", f"/crm/v3/objects/contacts/{ana}").status == 204

    assert api("GET", f"/crm/v3/objects/contacts/{ana}").status == 404
    archived = api("GET", "/crm/v3/objects/contacts", archived="True").body["results"]
    assert [one["id"] for one in archived] == [ana]
    assert archived[0]["archived"] and archived[0]["archivedAt"]
    assert [one["id"] for one in api("GET", "/crm/v3/objects/contacts").body["results"]] == [bo]
    assert api.contact("ana@example.com") != ana


def test_merging_gives_a_new_id_that_the_old_ones_lead_to(api):
    ana = api.contact("ana@example.com", city="Ghent")
    bo = api.contact("bo@example.com", city="Hull", phone="12")
    sent = {"primaryObjectId": ana, "objectIdToMerge": bo}
    merged = api("POST", "/crm/v3/objects/contacts/merge", sent).body

    assert merged["id"] not in (ana, bo)
    assert merged["properties"]["hs_merged_object_ids"] == f"{ana};{bo}"
    assert merged["properties"]["hs_additional_emails"] == "bo@example.com"
    assert (merged["properties"]["city"], merged["properties"]["phone"]) == ("Ghent", "12")
    assert api("GET", f"/crm/v3/objects/contacts/{bo}").body["id"] == merged["id"]
    changed = api("PATCH", f"/crm/v3/objects/contacts/{ana}", {"properties": {"city": "Bath"}})
    assert changed.body["id"] == merged["id"]
    silent = api.batch("update", [{"id": bo, "properties": {"city": "Lost"}}])
    assert (silent.status, silent.body["results"]) == (200, [])
    assert api.read(merged["id"], "city")["city"] == "Bath"
