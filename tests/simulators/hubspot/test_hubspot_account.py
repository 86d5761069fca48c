"""Paths, associations, owners, screens and state of the simulated HubSpot."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest

from sync_engine.simulators.base import Refused
from sync_engine.simulators.hubspot import HubSpotSimulator

CONTACTS = "/crm/v3/objects/contacts"


@pytest.mark.parametrize(
    "path",
    [
        "/crm/v3/objects/contacts",
        "/crm/v3/objects/contacts/",
        "/crm/v3/objects/contact",
        "/crm/v3/objects/0-1",
        "/crm/objects/2026-03/contacts",
        "/crm/objects/2026-03/0-1/",
    ],
)
def test_both_families_of_paths_and_every_name_of_a_kind_lead_to_the_records(api, path):
    ana = api.contact("ana@example.com")
    assert [one["id"] for one in api("GET", path).body["results"]] == [ana]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/crm/v3/lists/folders", 501),
        ("POST", "/crm/v3/imports/", 501),
        ("GET", "/crm/v4/objects/contacts", 501),
        ("GET", "/crm/2026-03/objects/contacts", 501),
        ("GET", "/crm/objects/v3/contacts", 501),
        ("GET", "/marketing/v3/emails", 501),
        ("GET", "/favicon.ico", 404),
        ("GET", "/crm/v3/objects/engines", 400),
        ("GET", "/crm/v3/objects/contacts/12345", 404),
        ("GET", "/crm/v3/objects/contacts/ada", 404),
        ("GET", "/crm/v3/objects/contacts/" + "1" * 20_000, 414),
    ],
)
def test_a_call_that_is_not_answered_says_so_and_bears_a_correlation_id(api, method, path, status):
    answered = api(method, path)
    assert answered.status == status
    assert answered.body["correlationId"] == answered.headers["X-HubSpot-Correlation-Id"]
    if status == 501:
        assert f"{method} {path}" in answered.body["message"]


@pytest.mark.parametrize(
    "kind", ["notes", "call", "0-7", "line_items", "leads", "2-123", "p24816357_car"]
)
def test_a_kind_that_hubspot_has_and_this_account_has_not_says_so(api, kind):
    answered = api("GET", f"/crm/v3/objects/{kind}")
    assert (answered.status, answered.body["category"]) == (501, "NOT_SIMULATED")
    assert kind in answered.body["message"]


def test_a_batch_read_of_associations_goes_on_where_the_last_page_ended(api):
    ana = api.contact("ana@example.com")
    path = "/crm/v3/objects/companies/batch/create"
    sent = [{"properties": {"name": f"Engine {n}"}} for n in range(100)]
    ids = [
        one["id"] for _ in range(6) for one in api("POST", path, {"inputs": sent}).body["results"]
    ]
    pairs = [{"from": {"id": ana}, "to": {"id": one}} for one in ids]
    pair = "/crm/v4/associations/contacts/companies/batch"
    assert api("POST", f"{pair}/associate/default", {"inputs": pairs}).status == 200
    (first,) = api("POST", f"{pair}/read", {"inputs": [{"id": ana}]}).body["results"]
    after = first["paging"]["next"]["after"]
    (rest,) = api("POST", f"{pair}/read", {"inputs": [{"id": ana, "after": after}]}).body["results"]
    assert (len(first["to"]), len(rest["to"]), "paging" in rest) == (500, 100, False)
    found = {str(one["toObjectId"]) for one in [*first["to"], *rest["to"]]}
    assert found == set(ids)


def test_the_refusals_of_a_wrong_id_and_a_wrong_kind_are_hubspots(api):
    assert api("GET", f"{CONTACTS}/ada").body["message"] == (
        "Object not found.  objectId are usually numeric."
    )
    assert api("GET", f"{CONTACTS}/ada").body["context"] == {"id": ["ada"]}
    assert api("GET", f"{CONTACTS}/7").body["message"] == "resource not found"
    assert api("GET", "/crm/v3/objects/engines").body["message"] == (
        "Unable to infer object type from: engines"
    )


def test_a_list_is_paged_by_the_id_of_the_next_record(api):
    ids = [api.contact(f"p{n}@example.com") for n in range(5)]
    first = api("GET", CONTACTS, limit=2, properties="email,city")
    assert first.body["paging"]["next"]["after"] == ids[2]
    assert "properties=email%2Ccity" in first.body["paging"]["next"]["link"]
    last = api("GET", CONTACTS, limit=3, after=ids[2])
    assert [one["id"] for one in last.body["results"]] == ids[2:]
    assert "paging" not in last.body


@pytest.mark.parametrize(
    "query", [{"limit": 101}, {"limit": "x"}, {"limit": 51, "propertiesWithHistory": "email"}]
)
def test_a_page_too_long_is_refused(api, query):
    assert api("GET", CONTACTS, **query).status == 400


def test_a_primary_company_brings_the_unlabelled_association_and_demotes_the_one_before(api):
    first, second = (
        api("POST", "/crm/v3/objects/companies", {"properties": {"name": name}}).body["id"]
        for name in ("Engines", "Looms")
    )
    primary = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}]
    sent = {
        "properties": {"email": "ana@example.com"},
        "associations": [{"to": {"id": first}, "types": primary}],
    }
    ana = api("POST", CONTACTS, sent).body["id"]
    path = f"/crm/v4/objects/contacts/{ana}/associations/companies"
    assert api("PUT", f"{path}/{second}", primary).status == 201

    def labels():
        return {
            one["toObjectId"]: [type_["label"] for type_ in one["associationTypes"]]
            for one in api("GET", path).body["results"]
        }

    assert labels() == {int(first): [None], int(second): ["Primary", None]}
    back = api("GET", f"/crm/objects/2026-03/companies/{second}/associations/contacts").body
    assert [one["toObjectId"] for one in back["results"]] == [int(ana)]
    assert api("DELETE", f"{path}/{second}").status == 204
    assert labels() == {int(first): [None]}


def test_nothing_associated_is_an_error_of_the_batch_read(api):
    deal = api(
        "POST",
        "/crm/v3/objects/deals",
        {"properties": {"dealname": "Engine", "dealstage": "contractsent"}},
    ).body["id"]
    path = "/crm/v4/associations/deals/companies/batch/read"
    answered = api("POST", path, {"inputs": [{"id": deal}]})
    assert answered.status == 207
    (error,) = answered.body["errors"]
    assert error["subCategory"] == "crm.associations.NO_ASSOCIATIONS_FOUND"
    assert error["message"] == f"No company is associated with deal {deal}."


def test_owners_include_one_who_left(api):
    at_work = api("GET", "/crm/v3/owners/", limit=2).body
    assert [one["firstName"] for one in at_work["results"]] == ["Ida", "Charles"]
    after = at_work["paging"]["next"]["after"]
    rest = api("GET", "/crm/owners/2026-03", after=after).body
    assert len(rest["results"]) == 4
    assert "paging" not in rest
    (left,) = api("GET", "/crm/v3/owners/", archived="True").body["results"]
    assert left["userId"] is None
    assert left["userIdIncludingInactive"]


def test_pipelines_have_texts_as_metadata(api):
    (pipeline,) = api("GET", "/crm/v3/pipelines/deals").body["results"]
    won = next(one for one in pipeline["stages"] if one["id"] == "closedwon")
    assert won["metadata"] == {"isClosed": "true", "probability": "1.0"}


def test_account_details_name_the_account_and_its_time_zone(api):
    for path in ("/account-info/v3/details", "/account-info/2026-03/details"):
        found = api("GET", path).body
        assert found["portalId"] == 24816357
        assert found["timeZone"] == "Europe/London"


def test_a_person_creates_edits_and_deletes_on_the_page_and_the_audit_tells(api, simulator):
    ana = simulator.create("contacts", {"email": "ana@example.com"}, "Ida Rhodes")
    simulator.edit("contacts", ana, {"city": "Ghent"}, "Mary Somers")
    assert simulator.get("contacts", ana)["city"] == "Ghent"
    assert [found[0] for found in simulator.search("contacts", "ghent", 10)] == [ana]
    simulator.delete("contacts", ana, "Ida Rhodes")
    with pytest.raises(KeyError):
        simulator.get("contacts", ana)
    told = [(one["by"], one["what"], one["values"]) for one in simulator.audit()]
    assert told == [
        ("Ida Rhodes", "create", {"email": "ana@example.com"}),
        ("Mary Somers", "update", {"city": "Ghent"}),
        ("Ida Rhodes", "archive", {}),
    ]


def test_the_page_refuses_what_the_api_refuses_in_plain_words(simulator):
    ana = simulator.create("contacts", {"email": "ana@example.com"}, "")
    with pytest.raises(Refused, match="^Email address x is invalid$"):
        simulator.edit("contacts", ana, {"email": "x"}, "")
    with pytest.raises(Refused, match="Contact already exists"):
        simulator.create("contacts", {"email": "ana@example.com"}, "")


def test_an_archived_record_is_restored_under_its_id_unless_its_address_is_taken(api, simulator):
    act = simulator.actions()
    ana = api.contact("ana@example.com")
    act["archive"]({"id": ana})
    act["restore"]({"id": ana})
    assert api.read(ana, "email")["email"] == "ana@example.com"
    act["archive"]({"id": ana})
    api.contact("ana@example.com")
    with pytest.raises(Refused, match="belongs to"):
        act["restore"]({"id": ana})


def test_the_state_survives_a_restart_whole(api, simulator):
    simulator.seed_demo()
    api.unique_property("sf_id")
    ana = api.contact("ana@example.com", sf_id="003A", city="Ghent")
    api("PATCH", f"{CONTACTS}/{ana}", {"properties": {"city": "Hull"}})
    bo, cy = api.contact("bo@example.com"), api.contact("cy@example.com")
    simulator.actions()["merge"]({"primary": bo, "other": cy})
    api("DELETE", f"{CONTACTS}/{api.contact('di@example.com')}")
    saved = orjson.dumps(simulator.dump())

    again = HubSpotSimulator()
    again.restore(orjson.loads(saved))
    assert orjson.dumps(again.dump()) == saved
    before = api("GET", f"{CONTACTS}/{ana}", propertiesWithHistory="city").body
    api.simulator = again
    assert api("GET", f"{CONTACTS}/{ana}", propertiesWithHistory="city").body == before
    assert api("GET", f"{CONTACTS}/{cy}").status == 200
    assert api.search({"propertyName": "sf_id", "operator": "EQ", "value": "003A"}).body["total"]
    sent = {"properties": {"email": "ana@example.com"}}
    assert api("POST", CONTACTS, sent).status == 409


def test_the_demo_account_has_people_their_companies_and_owners(api, simulator):
    simulator.seed_demo()
    found = api("GET", CONTACTS, limit=100, associations="companies", properties="company")
    assert all(one["associations"]["companies"]["results"] for one in found.body["results"])
    assert len({one["createdAt"] for one in found.body["results"]}) == 100
    assert api.search(limit=1).body["total"] == 190


def test_the_demo_account_has_active_segments_one_of_them_empty(api, simulator):
    simulator.seed_demo()
    simulator.clock.shift += timedelta(seconds=10)
    asked = {"processingTypes": ["DYNAMIC"], "additionalProperties": ["hs_list_size"]}
    found = api("POST", "/crm/v3/lists/search", asked).body["lists"]
    sizes = {one["name"]: int(one["additionalProperties"]["hs_list_size"]) for one in found}
    assert sizes["Customers and prospects"] > sizes["Customers"] > sizes["Evangelists"] == 0
