"""Search of the simulated HubSpot (hubspot-api.md 7)."""

from __future__ import annotations

from datetime import timedelta

import pytest


def where(name, operator, *values, **more):
    sent = {"propertyName": name, "operator": operator, **more}
    return {**sent, **({"value": values[0]} if values else {})}


def emails(answered):
    assert answered.status == 200, answered.body
    return [one["properties"]["email"].partition("@")[0] for one in answered.body["results"]]


@pytest.fixture
def people(api):
    rows = {
        "ana": {"firstname": "Ana", "city": "Ghent", "numemployees": "1-5"},
        "bo": {"firstname": "Bo", "city": "hull", "followercount": "10"},
        "cy": {"firstname": "Cy", "followercount": "9", "closedate": "2026-03-01"},
    }
    return {name: api.contact(f"{name}@example.com", **values) for name, values in rows.items()}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (where("city", "EQ", "GHENT"), ["ana"]),
        (where("city", "NEQ", "ghent"), ["bo", "cy"]),
        (where("city", "IN", values=["ghent", "hull"]), ["ana", "bo"]),
        (where("city", "IN", values=["Ghent"]), []),
        (where("city", "NOT_IN", values=["ghent"]), ["bo", "cy"]),
        (where("city", "HAS_PROPERTY"), ["ana", "bo"]),
        (where("city", "NOT_HAS_PROPERTY"), ["cy"]),
        (where("city", "GT", "h"), ["bo"]),
        (where("email", "EQ", "BO@example.com"), ["bo"]),
        (where("email", "IN", values=["ana@example.com", "cy@example.com"]), ["ana", "cy"]),
        (where("email", "CONTAINS_TOKEN", "*@example.com"), ["ana", "bo", "cy"]),
        (where("email", "CONTAINS_TOKEN", "b*"), ["bo"]),
        (where("email", "CONTAINS_TOKEN", "b"), []),
        (where("email", "NOT_CONTAINS_TOKEN", "bo"), ["ana", "cy"]),
        (where("numemployees", "EQ", "1-5"), ["ana"]),
        (where("followercount", "GT", "9"), ["bo"]),
        (where("followercount", "LTE", "9"), ["cy"]),
        (where("followercount", "BETWEEN", "9", highValue="10"), ["bo", "cy"]),
        (where("closedate", "GTE", "1772323200000"), ["cy"]),
        (where("closedate", "LT", "2026-03-01T00:00:00Z"), []),
        (where("createdate", "GT", "2020-01-01"), ["ana", "bo", "cy"]),
    ],
)
def test_a_filter_finds_what_hubspot_would(api, people, asked, found):
    assert emails(api.search(asked)) == found


def test_filters_of_a_group_all_hold_and_groups_are_alternatives(api, people):
    body = {
        "filterGroups": [
            {"filters": [where("firstname", "EQ", "ana"), where("city", "EQ", "hull")]},
            {"filters": [where("firstname", "EQ", "cy")]},
        ]
    }
    assert emails(api("POST", "/crm/v3/objects/contacts/search", body)) == ["cy"]


def test_words_begin_words_of_the_searchable_properties(api, people):
    assert emails(api.search(query="AN")) == ["ana"]
    assert emails(api.search(query="an hull")) == []
    assert emails(api.search(query="ghent")) == []


@pytest.mark.parametrize(
    ("sorts", "found"),
    [
        ([], ["ana", "bo", "cy"]),
        ([{"propertyName": "firstname", "direction": "DESCENDING"}], ["cy", "bo", "ana"]),
        (["-firstname"], ["cy", "bo", "ana"]),
        ([{"propertyName": "followercount", "direction": "ASCENDING"}], ["cy", "bo", "ana"]),
    ],
)
def test_one_sort_orders_the_results_with_blanks_last(api, people, sorts, found):
    assert emails(api.search(sorts=sorts)) == found


def test_search_is_behind_by_the_lag_and_shows_old_values_until_then(api, simulator):
    ana = api.contact("ana@example.com", city="Ghent")
    simulator.actions()["index-lag"]({})
    api("PATCH", f"/crm/v3/objects/contacts/{ana}", {"properties": {"city": "Hull"}})
    api.contact("bo@example.com")

    stale = api.search(properties=["email", "city"])
    assert [one["properties"]["city"] for one in stale.body["results"]] == ["Ghent"]
    assert api.search(where("email", "EQ", "bo@example.com")).body["total"] == 0
    simulator.clock.shift += timedelta(seconds=4)
    fresh = api.search(properties=["email", "city"])
    assert [one["properties"]["city"] for one in fresh.body["results"]] == ["Hull", None]


def test_an_archived_record_is_never_found(api, people):
    api("DELETE", f"/crm/v3/objects/contacts/{people['bo']}")
    assert emails(api.search()) == ["ana", "cy"]


def test_offsets_page_through_all_and_the_last_page_has_no_next(api):
    for n in range(5):
        api.contact(f"p{n}@example.com")
    first = api.search(limit=3)
    assert first.body["paging"] == {"next": {"after": "3"}}
    last = api.search(limit=3, after="3")
    assert emails(first) + emails(last) == ["p0", "p1", "p2", "p3", "p4"]
    assert "paging" not in last.body


def test_a_window_is_read_whole_by_id_although_it_holds_more_than_ten_thousand(api, simulator):
    simulator.load({"count": 10_450})
    now = simulator.account.now()
    seen, last = [], "0"
    while True:
        body = {
            "filterGroups": [
                {
                    "filters": [
                        where("lastmodifieddate", "BETWEEN", "0", highValue=str(now)),
                        where("hs_object_id", "GT", last),
                    ]
                }
            ],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": ["email"],
            "limit": 200,
        }
        page = api("POST", "/crm/objects/2026-03/contacts/search", body).body["results"]
        if not page:
            break
        seen += [one["id"] for one in page]
        last = seen[-1]
    assert len(set(seen)) == len(seen) == 10_450


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"after": "9990", "limit": 11},
        {"after": "x"},
        {"sorts": ["firstname", "lastname"]},
        {"sorts": ["nothing"]},
        {"filterGroups": [{"filters": [where("nothing", "EQ", "1")]}]},
        {"filterGroups": [{"filters": [where("city", "LIKE", "1")]}]},
        {"filterGroups": [{"filters": [where("city", "EQ")]}]},
        {"filterGroups": [{"filters": [where("city", "IN", values=[])]}]},
        {"filterGroups": [{"filters": [where("city", "BETWEEN", "1")]}]},
        {"filterGroups": [{"filters": [where("followercount", "GT", "many")]}]},
        {"filterGroups": [{"filters": [where("city", "EQ", "1")]}] * 6},
        {"filterGroups": [{"filters": [where("city", "EQ", "1")] * 7}]},
        {"filterGroups": [{"filters": [where("city", "EQ", "1")] * 5}] * 4},
        {"query": "x" * 3000},
        {"filterGroups": {}},
        [],
    ],
)
def test_a_search_beyond_the_limits_is_refused(api, body):
    answered = api("POST", "/crm/v3/objects/contacts/search", body)
    assert (answered.status, answered.body["category"]) == (400, "VALIDATION_ERROR")


def test_the_tenth_thousandth_result_can_be_reached_and_no_other(api, simulator):
    simulator.load({"count": 10_001})
    answered = api.search(after="9990", limit=10)
    assert answered.body["total"] == 10_001
    assert len(answered.body["results"]) == 10
    assert "paging" not in answered.body


def test_five_searches_a_second_are_answered_and_the_sixth_is_not(api, simulator):
    simulator.actions()["rate-limits"]({"search": 5})
    answers = [api.search() for _ in range(6)]
    assert [one.status for one in answers] == [200] * 5 + [429]
    assert answers[-1].body["errorType"] == "RATE_LIMIT"
    assert answers[-1].body["policyName"] == "SECONDLY"
    assert not any("RateLimit-Max" in name for one in answers for name in one.headers)
    simulator.clock.shift += timedelta(seconds=2)
    assert api.search().status == 200


def test_records_are_found_by_what_they_are_associated_with(api):
    company = api("POST", "/crm/v3/objects/companies", {"properties": {"name": "Engines"}}).body
    ana = api.contact("ana@example.com")
    api.contact("bo@example.com")
    path = f"/crm/v4/objects/contacts/{ana}/associations/default/companies/{company['id']}"
    assert api("PUT", path).status == 200
    assert emails(api.search(where("associations.company", "EQ", company["id"]))) == ["ana"]
