"""How many records the simulated HubSpot lets one be associated with (hubspot-api.md 2.2, 8.1)."""

from __future__ import annotations

import pytest

from sync_engine.simulators.hubspot import HubSpotSimulator

LIMITS = "/crm/v4/associations/definitions/configurations"
PAIR = f"{LIMITS}/contacts/companies"
LABELS = "/crm/v4/associations/contacts/companies/labels"
UNLABELLED = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}
PRIMARY = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}


def limit(api, most, type_id=279, category="HUBSPOT_DEFINED", pair=PAIR, verb="create"):
    sent = {"typeId": type_id, "category": category, "maxToObjectIds": most}
    return api("POST", f"{pair}/batch/{verb}", {"inputs": [sent]})


def company(api, name="Engines"):
    return api("POST", "/crm/v3/objects/companies", {"properties": {"name": name}}).body["id"]


def linked(api, contact):
    path = f"/crm/v4/objects/contacts/{contact}/associations/companies"
    return [str(one["toObjectId"]) for one in api("GET", path).body["results"]]


@pytest.fixture
def full(api):
    """Return a contact that has the one company it may have, and another company."""
    ana, first, second = api.contact("ana@example.com"), company(api), company(api, "Looms")
    api("PUT", f"/crm/v4/objects/contacts/{ana}/associations/companies/{first}", [UNLABELLED])
    assert limit(api, 1).status == 201
    return ana, first, second


def refused(answered):
    return answered.status == 400 and "limit was reached" in answered.body["message"]


def test_one_company_too_many_is_refused_whichever_way_it_is_asked(api, full):
    ana, first, second = full
    path = f"/crm/v4/objects/contacts/{ana}/associations"
    back = f"/crm/v4/objects/companies/{second}/associations/default/contacts/{ana}"
    assert refused(api("PUT", f"{path}/companies/{second}", [UNLABELLED]))
    assert refused(api("PUT", f"{path}/companies/{second}", [PRIMARY]))
    assert refused(api("PUT", f"{path}/default/companies/{second}"))
    assert refused(api("PUT", back))
    assert linked(api, ana) == [first]


def test_what_is_associated_already_may_get_a_label(api, full):
    ana, first, _ = full
    path = f"/crm/v4/objects/contacts/{ana}/associations/companies/{first}"
    assert api("PUT", path, [PRIMARY]).status == 201


def test_a_batch_makes_what_fits_and_says_what_does_not(api, full):
    ana, _, second = full
    bo = api.contact("bo@example.com")
    sent = [{"from": {"id": one}, "to": {"id": second}, "types": [UNLABELLED]} for one in (ana, bo)]
    path = "/crm/v4/associations/contacts/companies/batch"
    answered = api("POST", f"{path}/create", {"inputs": sent})
    assert answered.status == 207
    assert [one["fromObjectId"] for one in answered.body["results"]] == [int(bo)]
    (error,) = answered.body["errors"]
    assert error["message"] == (
        f"The association limit was reached: contact {ana} can be associated with 1 companies "
        "at most."
    )


def test_a_batch_of_defaults_is_made_whole_or_not_at_all(api, full):
    ana, _, second = full
    bo = api.contact("bo@example.com")
    sent = [{"from": {"id": one}, "to": {"id": second}} for one in (bo, ana)]
    path = "/crm/v4/associations/contacts/companies/batch/associate/default"
    assert refused(api("POST", path, {"inputs": sent}))
    assert linked(api, bo) == []


def test_records_created_together_share_the_room_of_the_other_side(api):
    limit(api, 1, 280, pair=f"{LIMITS}/companies/contacts")
    to = [{"to": {"id": company(api)}, "types": [UNLABELLED]}]

    def person(email, **more):
        return {"properties": {"email": email}, "associations": to, **more}

    path = "/crm/v3/objects/contacts"
    both = [person(f"{n}@example.com", objectWriteTraceId=n) for n in "ab"]
    answered = api.batch("create", both)
    assert answered.status == 207
    assert [one["objectWriteTraceId"] for one in answered.body["results"]] == ["a"]
    assert answered.body["errors"][0]["context"]["objectWriteTraceId"] == ["b"]
    assert refused(api("POST", path, person("c@example.com")))
    assert refused(api.batch("create", [person("d@example.com")]))
    assert api("GET", path).body["results"][0]["properties"]["email"] == "a@example.com"
    assert len(api("GET", path).body["results"]) == 1


def test_a_label_has_a_limit_of_its_own_below_that_of_the_objects(api, full):
    ana, first, second = full
    sent = {"label": "Payer", "inverseLabel": "Paid by", "name": "payer"}
    label = api("POST", LABELS, sent).body["results"][0]["typeId"]
    assert limit(api, 2, label, "USER_DEFINED").status == 207
    assert limit(api, 5, verb="update").status == 200
    assert limit(api, 1, label, "USER_DEFINED").status == 201
    assert limit(api, 3, verb="update").status == 200
    spec = [{"associationCategory": "USER_DEFINED", "associationTypeId": label}]
    path = f"/crm/v4/objects/contacts/{ana}/associations/companies"
    assert api("PUT", f"{path}/{first}", spec).status == 201
    assert refused(api("PUT", f"{path}/{second}", spec))
    assert api("PUT", f"{path}/{second}", [UNLABELLED]).status == 201
    assert api("DELETE", f"{LABELS}/{label}").status == 204
    assert [one["typeId"] for one in api("GET", f"{LIMITS}/all").body["results"]] == [279]


def test_objects_cannot_be_limited_below_a_label(api):
    limit(api, 4, 1)
    assert limit(api, 3).body["errors"][0]["message"].endswith("4 at least, the limit of a label")
    assert limit(api, 4).status == 201


def test_a_new_primary_company_takes_the_place_of_the_old_whatever_its_limit(api):
    limit(api, 1, 1)
    ana, first, second = api.contact("ana@example.com"), company(api), company(api, "Looms")
    path = f"/crm/v4/objects/contacts/{ana}/associations/companies"
    assert [api("PUT", f"{path}/{one}", [PRIMARY]).status for one in (first, second)] == [201, 201]


@pytest.mark.parametrize(
    "wrong",
    [{"typeId": 4}, {"typeId": 7_000_000}, {"maxToObjectIds": 0}, {"maxToObjectIds": 60_000}],
)
def test_a_limit_that_makes_no_sense_is_an_error_of_its_input(api, wrong):
    sent = {"typeId": 279, "category": "HUBSPOT_DEFINED", "maxToObjectIds": 5, **wrong}
    answered = api("POST", f"{PAIR}/batch/create", {"inputs": [sent]})
    assert (answered.status, answered.body["results"]) == (207, [])


@pytest.mark.parametrize(("family", "status"), [("v4", 204), ("2026-03", 200)])
def test_limits_are_told_kept_over_a_restart_and_purged(simulator, api, full, family, status):
    ana, _, second = full
    again = HubSpotSimulator()
    again.restore(simulator.dump())
    assert again.account.associations.types.limits == {279: 1}
    path = f"/crm/associations/{family}/definitions/configurations/contacts/companies"
    told = {"category": "HUBSPOT_DEFINED", "typeId": 279, "label": None}
    assert api("GET", path).body["results"] == [{**told, "userEnforcedMaxToObjectIds": 1}]
    sent = {"inputs": [{"typeId": 279, "category": "HUBSPOT_DEFINED"}]}
    assert api("POST", f"{path}/batch/purge", sent).status == status
    assert api("GET", path).body["results"] == []
    link = f"/crm/v4/objects/contacts/{ana}/associations/companies/{second}"
    assert api("PUT", link, [UNLABELLED]).status == 201


def test_a_record_is_not_associated_with_itself(api):
    ana = api.contact("ana@example.com")
    path = f"/crm/v4/objects/contacts/{ana}/associations/default/contacts/{ana}"
    assert (
        api("PUT", path).body["message"] == f"Object {ana} cannot be associated to itself ({ana})"
    )


def test_the_official_client_sets_tells_and_purges_limits(client):
    schema = client.crm.associations.v4.schema.definition_configurations_api
    sent = {"inputs": [{"typeId": 279, "category": "HUBSPOT_DEFINED", "maxToObjectIds": 2}]}
    pair = ("contacts", "companies")
    made = schema.batch_create(*pair, sent)
    assert made.results[0].user_enforced_max_to_object_ids == 2
    schema.batch_update(*pair, {"inputs": [{**sent["inputs"][0], "maxToObjectIds": 3}]})
    assert [one.user_enforced_max_to_object_ids for one in schema.get_all().results] == [3]
    schema.batch_remove(*pair, {"inputs": [{"typeId": 279, "category": "HUBSPOT_DEFINED"}]})
    assert schema.get_all_between_two_object_types(*pair).results == []
