"""Calls that are right but for one member: HubSpot's own refusal, or its answer, and no failure."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from itertools import product
from typing import Any

import orjson
import pytest

pytestmark = pytest.mark.usefixtures("sends_nonsense")
CONTACTS = "/crm/v3/objects/contacts"
PAIR = "/crm/v4/associations/contacts/companies"
LIMITS = "/crm/v4/associations/definitions/configurations/contacts/companies/batch"
LISTS = "/crm/v3/lists"
OPERATION = ("filterBranches", 0, "filters", 0, "operation")
STATUSES = "/communication-preferences/v4/statuses"
UNLABELLED = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}]
VALUES = {
    "email": "bo@example.com",
    "hs_additional_emails": "cy@example.com",
    "followercount": "3",
    "closedate": "2026-01-01T00:00:00Z",
    "lifecyclestage": "lead",
    "hubspot_owner_id": "41629771",
}
STAGE = {"label": "Open", "displayOrder": 0, "metadata": {"probability": "0.4"}, "stageId": "s"}
DAY = {"timeType": "DATE", "year": 2026, "month": 7, "day": 1, "hour": 3, "zoneId": "UTC"}
AGO = {
    "timeType": "INDEXED",
    "indexReference": {"referenceType": "TODAY"},
    "offset": {"days": -3},
    "zoneId": "UTC",
}


def filters(name: str, **operation: Any) -> dict[str, Any]:
    one = {"filterType": "PROPERTY", "property": name, "operation": operation}
    group = {"filterBranchType": "AND", "filterBranches": [], "filters": [one]}
    return {"filterBranchType": "OR", "filterBranches": [group], "filters": []}


def calls(ana: str, di: str, company: str) -> list[tuple[str, str, Any]]:
    """Return calls that are right: method, path, body."""
    to = [{"to": {"id": company}, "types": UNLABELLED}]
    pair = {"from": {"id": ana}, "to": {"id": company}, "types": UNLABELLED}
    traced = {"properties": VALUES, "objectWriteTraceId": "0"}
    keyed = {**traced, "id": "ana@example.com", "idProperty": "email"}
    both = ["email", "city"]
    asked = {"properties": both, "propertiesWithHistory": ["city"], "idProperty": "email"}
    search = {
        "filterGroups": [
            {
                "filters": [
                    {
                        "propertyName": "followercount",
                        "operator": "BETWEEN",
                        "value": "1",
                        "highValue": "5",
                    },
                    {"propertyName": "city", "operator": "IN", "values": ["ghent"]},
                ]
            }
        ],
        "sorts": [{"propertyName": "closedate", "direction": "DESCENDING"}],
        "properties": both,
        "limit": 5,
        "after": "0",
        "query": "ana",
    }
    definition = {
        "name": "score",
        "label": "Score",
        "type": "enumeration",
        "fieldType": "select",
        "groupName": "contactinformation",
        "options": [{"label": "High", "value": "high", "displayOrder": 0, "hidden": False}],
        "hasUniqueValue": False,
    }
    state = {"channel": "EMAIL", "statusState": "SUBSCRIBED", "subscriptionId": 71001}
    new_list = {"name": "x", "objectTypeId": "0-1", "processingType": "DYNAMIC"}
    return [
        ("POST", CONTACTS, {"properties": VALUES, "associations": to}),
        ("PATCH", f"{CONTACTS}/{ana}", {"properties": VALUES}),
        ("POST", f"{CONTACTS}/merge", {"primaryObjectId": ana, "objectIdToMerge": di}),
        ("POST", f"{CONTACTS}/gdpr-delete", {"objectId": "no@example.com", "idProperty": "email"}),
        ("POST", f"{CONTACTS}/batch/read", {"inputs": [{"id": "ana@example.com"}], **asked}),
        ("POST", f"{CONTACTS}/batch/create", {"inputs": [{**traced, "associations": to}]}),
        ("POST", f"{CONTACTS}/batch/update", {"inputs": [{**traced, "id": ana}]}),
        ("POST", f"{CONTACTS}/batch/upsert", {"inputs": [keyed]}),
        ("POST", f"{CONTACTS}/batch/archive", {"inputs": [{"id": "1"}]}),
        ("POST", f"{CONTACTS}/search", search),
        ("PUT", f"/crm/v4/objects/contacts/{ana}/associations/companies/{company}", UNLABELLED),
        ("POST", f"{PAIR}/batch/read", {"inputs": [{"id": ana, "after": "0"}]}),
        ("POST", f"{PAIR}/batch/create", {"inputs": [pair]}),
        ("POST", f"{PAIR}/batch/labels/archive", {"inputs": [pair]}),
        ("POST", f"{PAIR}/batch/archive", {"inputs": [{**pair, "to": [{"id": company}]}]}),
        ("POST", f"{PAIR}/labels", {"label": "Payer", "name": "payer", "inverseLabel": "Paid by"}),
        ("POST", f"{LIMITS}/create", {"inputs": [{**limit(279), "maxToObjectIds": 9}]}),
        ("POST", f"{LIMITS}/purge", {"inputs": [limit(279)]}),
        ("POST", "/crm/v3/properties/contacts", definition),
        ("POST", "/crm/v3/properties/contacts/batch/create", {"inputs": [definition]}),
        ("POST", "/crm/v3/pipelines/deals", {"label": "x", "displayOrder": 1, "stages": [STAGE]}),
        ("PATCH", "/crm/v3/pipelines/deals/default/stages/contractsent", STAGE),
        ("POST", f"{STATUSES}/ana@example.com", state),
        ("POST", f"{STATUSES}/batch/read", {"inputs": ["ana@example.com"]}),
        ("PUT", f"{LISTS}/1/memberships/add", [ana]),
        *(
            ("POST", LISTS, {**new_list, "filterBranch": branch})
            for branch in (
                filters("city", operationType="STRING", operator="IS_EQUAL_TO", value="Ghent"),
                filters("followercount", operationType="NUMBER", operator="IS_LESS_THAN", value=9),
                filters(
                    "closedate", operationType="TIME_POINT", operator="IS_AFTER", timePoint=DAY
                ),
                filters(
                    "closedate",
                    operationType="TIME_RANGED",
                    operator="IS_BETWEEN",
                    lowerBoundTimePoint=AGO,
                    upperBoundTimePoint=DAY,
                ),
            )
        ),
    ]


def limit(type_id: int) -> dict[str, Any]:
    return {"typeId": type_id, "category": "HUBSPOT_DEFINED"}


def places(body: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Return where a member stands, of all there are in a body, the body itself too."""
    yield place
    if isinstance(body, dict | list):
        for key, value in body.items() if isinstance(body, dict) else enumerate(body):
            yield from places(value, (*place, key))


def with_member(body: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    found = at = deepcopy(body)
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    return found


NONSENSE = [
    *(None, True, 0, -1, 2**63, 1.5, 1e308),
    *("", "x", "\x00", "é😀", "²", "1_0", "NaN", "9" * 30, "x" * 66_000, ";;lead", "0000-00-00"),
    *("9999-12-31T23:59:59-14:00", "253402300800000", "0-5", "notes", "hs_object_id"),
    *([], {}, [[]], [None], {"id": None}, {"x": {"x": {}}}),
]


@pytest.fixture
def right(api):
    """Return calls that are right, to an account that has something of everything."""
    values = {"city": "Ghent", "followercount": "3", "closedate": "2026-07-02"}
    ana, di = api.contact("ana@example.com", **values), api.contact("di@example.com")
    made = api("POST", "/crm/v3/objects/companies", {"properties": {"name": "Engines"}})
    company = made.body["id"]
    link = f"/crm/v4/objects/contacts/{ana}/associations/default/companies/{company}"
    assert api("PUT", link).status == 200
    by_hand = {"name": "by hand", "objectTypeId": "0-1", "processingType": "MANUAL"}
    assert api("POST", LISTS, by_hand).status == 200
    return calls(ana, di, company)


@pytest.fixture
def as_it_was(simulator, right):
    """Return what sets the account back to what the calls are right for."""
    saved = orjson.dumps(simulator.dump())

    def set_back():
        simulator.restore(orjson.loads(saved))
        simulator.actions()["rate-limits"]({})

    return set_back


def test_the_calls_are_right_as_they_are(api, right, as_it_was):
    for method, path, body in right:
        as_it_was()
        answered = api(method, path, body)
        assert answered.status in (200, 201, 204), (path, answered.body)


def test_one_member_that_is_nonsense_is_answered_in_hubspots_way(api, right, as_it_was):
    for method, path, body in right:
        as_it_was()
        for place, value in product(places(body), NONSENSE):
            answered = api(method, path, with_member(body, place, value))
            said = (method, path, place, str(value)[:80], answered.body)
            assert answered.status < 500 or answered.status == 501, said
            if answered.status >= 400:
                assert answered.body["status"] == "error", said
                assert answered.body["message"], said


@pytest.mark.parametrize("name", ["city", "followercount", "closedate", "hs_buying_role"])
def test_a_list_whose_filter_is_nonsense_is_refused_or_can_be_looked_at(api, right, name):
    lists = [body for _, path, body in right if path == LISTS]
    for body, value in product(lists, NONSENSE):
        for place in places(body["filterBranch"]["filterBranches"][0]["filters"][0]["operation"]):
            sent = with_member(body, ("filterBranch", *OPERATION, *place), value)
            sent = with_member(sent, ("filterBranch", *OPERATION[:-1], "property"), name)
            made = api("POST", LISTS, sent)
            assert made.status in (200, 400, 501), sent
            if made.status == 200:
                path = f"{LISTS}/{made.body['list']['listId']}"
                assert api("GET", f"{path}/memberships").status == 200, sent
                assert api("DELETE", path).status == 204


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe{\x00}\x00",
        b'{"inputs": "\xff"}',
        b"[" * 3000 + b"]" * 3000,
        b'{"a":' * 900 + b"1" + b"}" * 900,
        orjson.dumps({"inputs": []}).decode().encode("utf-16"),
        b'{"inputs": NaN}',
        b'{"inputs": [1e999]}',
    ],
)
def test_a_body_that_no_parser_reads_is_refused(api, body):
    answered = api("POST", f"{CONTACTS}/batch/create", body)
    assert answered.status == 400
    assert answered.body["message"].startswith("Invalid input JSON")


@pytest.mark.parametrize(
    "token", ["\x00", "x" * 9_000, "é", "pat-eu1-", "Bearer", " ", "null", "a b"]
)
def test_a_token_that_makes_no_sense_is_refused(api, token):
    api.token = token
    assert api("GET", CONTACTS).status == 401
