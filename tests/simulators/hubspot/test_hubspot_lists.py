"""Lists of the simulated HubSpot (hubspot-api.md 10)."""

from __future__ import annotations

from datetime import timedelta

import pytest

LISTS = "/crm/v3/lists"


def branch(*groups):
    """Return any of `groups`, each all of its (property, operation type, operator, value)."""
    return {
        "filterBranchType": "OR",
        "filterBranchOperator": "OR",
        "filters": [],
        "filterBranches": [
            {
                "filterBranchType": "AND",
                "filterBranchOperator": "AND",
                "filterBranches": [],
                "filters": [one_filter(*one) for one in group],
            }
            for group in groups
        ],
    }


def one_filter(name, kind, operator, value=None):
    found = {"operationType": kind, "operator": operator, "includeObjectsWithNoValueSet": False}
    if value is not None:
        found["values" if isinstance(value, list) else "value"] = value
    return {"filterType": "PROPERTY", "property": name, "operation": found}


IN_GHENT = branch([("city", "MULTISTRING", "IS_EQUAL_TO", ["Ghent"])])


@pytest.fixture
def make(api):
    def make(processing, filters=None, name=None):
        sent = {"name": name or processing, "objectTypeId": "0-1", "processingType": processing}
        if filters is not None:
            sent["filterBranch"] = filters
        answered = api("POST", f"{LISTS}/", sent)
        assert answered.status == 200, answered.body
        return f"{LISTS}/{answered.body['list']['listId']}"

    return make


@pytest.fixture
def on(api):
    def on(path, order="", **query):
        found = api("GET", f"{path}/memberships{order}", **query).body["results"]
        return [one["recordId"] for one in found]

    return on


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (IN_GHENT, "ab"),
        (branch([("city", "STRING", "IS_EQUAL_TO", "ghent")]), "ab"),
        (branch([("city", "STRING", "IS_NOT_EQUAL_TO", "Ghent")]), "c"),
        (branch([("city", "ALL_PROPERTY", "IS_KNOWN")]), "abc"),
        (branch([("city", "ALL_PROPERTY", "IS_UNKNOWN")]), "d"),
        (branch([("lifecyclestage", "ENUMERATION", "IS_ANY_OF", ["lead", "customer"])]), "ac"),
        (branch([("lifecyclestage", "ENUMERATION", "IS_NONE_OF", ["lead"])]), "c"),
        (branch([("followercount", "NUMBER", "IS_GREATER_THAN", 5)]), "b"),
        (branch([("email", "MULTISTRING", "STARTS_WITH", ["c@", "D@"])]), "cd"),
        (
            branch(
                [
                    ("city", "MULTISTRING", "IS_EQUAL_TO", ["Ghent"]),
                    ("lifecyclestage", "ALL_PROPERTY", "IS_UNKNOWN"),
                ],
                [("city", "MULTISTRING", "IS_EQUAL_TO", ["Hull"])],
            ),
            "bc",
        ),
    ],
)
def test_a_list_by_filters_holds_who_fits(api, make, on, filters, expected):
    ids = {
        "a": api.contact("a@example.com", city="Ghent", lifecyclestage="lead"),
        "b": api.contact("b@example.com", city="GHENT", followercount="10"),
        "c": api.contact("c@example.com", city="Hull", lifecyclestage="customer"),
        "d": api.contact("d@example.com"),
    }
    assert on(make("DYNAMIC", filters)) == [ids[name] for name in expected]


def test_a_list_follows_changes_archiving_restoring_and_merging(simulator, api, make, on):
    ana, bo = api.contact("ana@example.com"), api.contact("bo@example.com", city="Ghent")
    path = make("DYNAMIC", IN_GHENT)
    assert on(path) == [bo]
    api("PATCH", f"/crm/v3/objects/contacts/{ana}", {"properties": {"city": "Ghent"}})
    api("PATCH", f"/crm/v3/objects/contacts/{bo}", {"properties": {"city": ""}})
    assert on(path) == [ana]
    api("DELETE", f"/crm/v3/objects/contacts/{ana}")
    assert on(path) == []
    simulator.actions()["restore"]({"object": "contacts", "id": ana})
    assert on(path) == [ana]
    merged = {"primaryObjectId": bo, "objectIdToMerge": ana}
    survivor = api("POST", "/crm/v3/objects/contacts/merge", merged).body["id"]
    assert on(path) == [survivor]


def test_a_list_is_recalculated_late_and_says_so(simulator, api, make, on):
    simulator.actions()["list-lag"]({"seconds": 60})
    ana, bo = api.contact("ana@example.com", city="Ghent"), api.contact("bo@example.com")
    path = make("DYNAMIC", IN_GHENT)
    found = api("GET", path).body["list"]
    assert (found["processingStatus"], found["size"]) == ("PROCESSING", 0)
    simulator.clock.shift += timedelta(seconds=61)
    found = api("GET", path).body["list"]
    assert (found["processingStatus"], found["size"]) == ("COMPLETE", 1)

    api("PATCH", f"/crm/v3/objects/contacts/{bo}", {"properties": {"city": "Ghent"}})
    assert on(path) == [ana]
    simulator.clock.shift += timedelta(seconds=61)
    assert on(path) == [ana, bo]


def test_a_snapshot_is_taken_once_and_then_changed_by_hand(api, make, on):
    ana = api.contact("ana@example.com", city="Ghent")
    path = make("SNAPSHOT", IN_GHENT)
    assert on(path) == [ana]
    bo = api.contact("bo@example.com", city="Ghent")
    assert on(path) == [ana]
    assert api("PUT", f"{path}/memberships/add", [bo]).status == 200
    assert on(path) == [ana, bo]


def test_records_are_put_on_and_taken_off_by_hand_in_hubspots_spelling(api, make, on):
    ana, bo = api.contact("ana@example.com"), api.contact("bo@example.com")
    path = make("MANUAL")
    added = api("PUT", f"{path}/memberships/add", [ana, "999001"]).body
    assert added == {
        "recordsIdsAdded": [ana],
        "recordIdsRemoved": [],
        "recordIdsMissing": ["999001"],
    }
    both = {"recordIdsToAdd": [ana, bo], "recordIdsToRemove": [ana]}
    changed = api("PUT", f"{path}/memberships/add-and-remove", both).body
    assert (changed["recordsIdsAdded"], changed["recordIdsRemoved"]) == ([bo], [ana])
    other = make("MANUAL", name="Other")
    assert api("PUT", f"{other}/memberships/add-from/{path.split('/')[-1]}").status == 204
    assert api("PUT", f"{path}/memberships/remove", [bo]).body["recordIdsRemoved"] == [bo]
    assert (on(path), on(other)) == ([], [bo])
    assert api("DELETE", f"{other}/memberships").status == 204
    assert on(other) == []


def test_memberships_of_a_list_by_filters_are_not_changed_by_hand(api, make):
    path = make("DYNAMIC", IN_GHENT)
    for call in ("add", "remove"):
        assert api("PUT", f"{path}/memberships/{call}", []).status == 400


def test_memberships_are_paged_by_id_and_by_joining_forwards_and_back(simulator, api, make, on):
    path = make("MANUAL")
    ids = [api.contact(f"p{n}@example.com") for n in range(5)]
    for one in reversed(ids):
        simulator.clock.shift += timedelta(seconds=1)
        api("PUT", f"{path}/memberships/add", [one])

    first = api("GET", f"{path}/memberships", limit=2).body
    assert ([one["recordId"] for one in first["results"]], first["total"]) == (ids[:2], 5)
    after = first["paging"]["next"]["after"]
    assert on(path, limit=2, after=after) == ids[2:4]
    last = api("GET", f"{path}/memberships", after=after).body
    assert "paging" not in last
    assert on(path, limit=1, before=after) == ids[:1]
    assert on(path, "/join-order") == ids[::-1]
    joined = api("GET", f"{path}/memberships/join-order", limit=2).body["paging"]["next"]["after"]
    assert on(path, "/join-order", after=joined) == ids[:3][::-1]
    assert api("GET", f"{path}/memberships", limit=251).status == 400
    assert api("GET", f"{path}/memberships", after="nonsense").status == 400


def test_the_lists_of_a_record_are_told(api, make):
    ana = api.contact("ana@example.com", city="Ghent")
    dynamic, manual = make("DYNAMIC", IN_GHENT), make("MANUAL")
    path = f"{LISTS}/records/0-1/{ana}/memberships"
    assert [one["listId"] for one in api("GET", path).body["results"]] == [dynamic.split("/")[-1]]
    api("PUT", f"{manual}/memberships/add", [ana])
    assert api("GET", path).body["total"] == 2


def test_lists_are_searched_and_found_by_id_and_by_name(api, make):
    paths = [make("MANUAL", name=name) for name in ("Partners", "Past partners", "Press")]
    make("DYNAMIC", IN_GHENT, name="Ghent")
    found = api("POST", f"{LISTS}/search", {"query": "partner", "count": 1}).body
    assert [one["name"] for one in found["lists"]] == ["Partners"]
    assert (found["total"], found["hasMore"], found["offset"]) == (2, True, 1)
    asked = {"processingTypes": ["DYNAMIC"], "additionalProperties": ["hs_list_size"]}
    (dynamic,) = api("POST", f"{LISTS}/search", asked).body["lists"]
    assert (dynamic["name"], dynamic["additionalProperties"]) == ("Ghent", {"hs_list_size": "0"})
    ids = [path.split("/")[-1] for path in paths]
    several = api("GET", f"{LISTS}/", listIds=ids[:2]).body["lists"]
    assert [one["listId"] for one in several] == ids[:2]
    named = api("GET", f"{LISTS}/object-type-id/0-1/name/press").body["list"]
    assert named["listId"] == ids[2]
    assert api("GET", f"{LISTS}/object-type-id/0-1/name/nobody").status == 404


def test_a_list_is_renamed_deleted_and_restored_within_90_days(simulator, api, make):
    path = make("MANUAL", name="Partners")
    renamed = api("PUT", f"{path}/update-list-name", listName="Friends").body["updatedList"]
    assert (renamed["name"], renamed["listVersion"]) == ("Friends", 2)
    assert api("DELETE", path).status == 204
    assert api("GET", path).body["subCategory"] == "ListError.LIST_NOT_FOUND"
    assert api("PUT", f"{path}/restore").status == 204
    assert api("GET", path).status == 200
    api("DELETE", path)
    simulator.clock.shift += timedelta(days=91)
    assert api("PUT", f"{path}/restore").status == 404


def test_filters_are_changed_and_shown_only_on_request(api, make, on):
    bo = api.contact("bo@example.com", city="Hull")
    path = make("DYNAMIC", IN_GHENT)
    in_hull = branch([("city", "MULTISTRING", "IS_EQUAL_TO", ["Hull"])])
    changed = api("PUT", f"{path}/update-list-filters", {"filterBranch": in_hull})
    assert changed.status == 200
    assert on(path) == [bo]
    assert "filterBranch" not in api("GET", path).body["list"]
    assert api("GET", path, includeFilters="True").body["list"]["filterBranch"] == in_hull


@pytest.mark.parametrize(
    "filters",
    [
        None,
        {},
        branch(),
        branch([]),
        branch([("nothing", "STRING", "IS_EQUAL_TO", "x")]),
        branch([("city", "STRING", "IS_LIKE", "x")]),
        branch([("city", "NUMBER", "IS_EQUAL_TO", "x")]),
        branch([("city", "STRING", "IS_EQUAL_TO")]),
        {"filterBranchType": "AND", "filters": [one_filter("city", "ALL_PROPERTY", "IS_KNOWN")]},
    ],
)
def test_filters_that_make_no_sense_are_refused(api, filters):
    sent = {"name": "x", "objectTypeId": "0-1", "processingType": "DYNAMIC"}
    answered = api("POST", f"{LISTS}/", {**sent, "filterBranch": filters})
    assert answered.status == 400
    assert api("POST", f"{LISTS}/search", {}).body["lists"] == []


def test_a_filter_that_is_not_simulated_says_so(api):
    filters = branch([("city", "ROLLING_DATE_RANGE", "IS_LESS_THAN_X_DAYS_AGO", "3")])
    sent = {"name": "x", "objectTypeId": "0-1", "processingType": "DYNAMIC"}
    answered = api("POST", f"{LISTS}/", {**sent, "filterBranch": filters})
    assert (answered.status, answered.body["category"]) == (501, "NOT_SIMULATED")


def test_a_name_is_taken_once_per_object_type(api, make):
    make("MANUAL", name="Partners")
    taken = {"name": "partners", "objectTypeId": "0-1", "processingType": "MANUAL"}
    assert api("POST", f"{LISTS}/", taken).status == 400
    assert api("POST", f"{LISTS}/", {**taken, "objectTypeId": "0-2"}).status == 200


def test_lists_survive_a_restart_and_want_their_scopes(simulator, api, make, on):
    ana = api.contact("ana@example.com", city="Ghent")
    path = make("DYNAMIC", IN_GHENT)
    assert on(path) == [ana]
    simulator.restore(simulator.dump())
    assert on(path) == [ana]
    api.token = simulator.token({"scopes": ["oauth"]})["access_token"]
    answered = api("GET", path)
    assert answered.status == 403
    wanted = answered.body["errors"][0]["context"]["requiredGranularScopes"]
    assert wanted == ["crm.lists.read"]
