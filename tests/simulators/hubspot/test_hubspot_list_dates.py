"""Lists of the simulated HubSpot whose filters are about dates and ranges (hubspot-api.md 10)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

LISTS = "/crm/v3/lists"
LONDON = {"zoneId": "Europe/London", "timezoneSource": "CUSTOM"}
NOON = datetime(2026, 7, 10, 12, tzinfo=UTC)


def day(year, month, day, **more):
    return {"timeType": "DATE", "year": year, "month": month, "day": day, **LONDON, **more}


def today(**offset):
    reference = {"referenceType": "TODAY"}
    return {"timeType": "INDEXED", "indexReference": reference, "offset": offset, **LONDON}


def now(**offset):
    return {**today(**offset), "indexReference": {"referenceType": "NOW"}}


def point(operator, at, **more):
    common = {"operationType": "TIME_POINT", "type": "TIME_POINT", "operator": operator}
    return {**common, "timePoint": at, "includeObjectsWithNoValueSet": False, **more}


def between(lower, upper, operator="IS_BETWEEN", **more):
    common = {"operationType": "TIME_RANGED", "type": "TIME_RANGED", "operator": operator}
    bounds = {"lowerBoundTimePoint": lower, "upperBoundTimePoint": upper}
    return {**common, **bounds, "includeObjectsWithNoValueSet": False, **more}


def numbers(lower, upper, operator="IS_BETWEEN"):
    bounds = {"lowerBound": lower, "upperBound": upper, "includeObjectsWithNoValueSet": False}
    return {"operationType": "NUMBER_RANGED", "operator": operator, **bounds}


@pytest.fixture
def make(api, simulator):
    """Return what makes a list by one filter; it answers with the response."""
    simulator.clock.shift += NOON - simulator.clock.now()

    def make(name, operation):
        one = {"filterType": "PROPERTY", "property": name, "operation": operation}
        group = {"filterBranchType": "AND", "filterBranches": [], "filters": [one]}
        branch = {"filterBranchType": "OR", "filterBranches": [group], "filters": []}
        sent = {"name": "x", "objectTypeId": "0-1", "processingType": "DYNAMIC"}
        return api("POST", f"{LISTS}/", {**sent, "filterBranch": branch})

    return make


def members(api, made):
    assert made.status == 200, made.body
    path = f"{LISTS}/{made.body['list']['listId']}/memberships"
    return {one["recordId"] for one in api("GET", path).body["results"]}


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (point("IS_AFTER", day(2026, 7, 1)), "bc"),
        (point("IS_BEFORE", day(2026, 7, 1, hour=0)), "a"),
        (point("IS_BEFORE", day(2026, 7, 9), includeObjectsWithNoValueSet=True), "abd"),
        (between(day(2026, 6, 1), day(2026, 7, 5, hour=23, minute=59)), "ab"),
        (between(day(2026, 6, 1), day(2026, 7, 5), "IS_NOT_BETWEEN"), "bc"),
        (between(today(days=-5), now()), "bc"),
        (between(today(weeks=-1), today(days=-1)), "b"),
        (point("IS_BEFORE", now(hours=-12, days=-1)), "ab"),
    ],
)
def test_a_list_holds_whose_moment_lies_where_the_filter_wants_it(api, make, operation, expected):
    moments = {
        "a": "2026-06-20T08:00:00Z",
        "b": "2026-07-04T23:30:00Z",  # the 5th in London
        "c": "2026-07-10T11:00:00Z",
    }
    ids = {
        name: api.contact(f"{name}@example.com", closedate=moments.get(name, "")) for name in "abcd"
    }
    assert members(api, make("closedate", operation)) == {ids[name] for name in expected}


@pytest.mark.parametrize(
    ("behaviour", "fits"), [("INCLUSIVE", True), ("EXCLUSIVE", False), (None, False)]
)
def test_the_moment_itself_belongs_to_what_comes_after_it_only_if_asked(api, make, behaviour, fits):
    ana = api.contact("a@example.com", closedate="2026-06-30T23:00:00Z")  # midnight in London
    more = {"endpointBehavior": behaviour} if behaviour else {}
    made = make("closedate", point("IS_AFTER", day(2026, 7, 1), **more))
    assert (ana in members(api, made)) is fits


@pytest.mark.parametrize(("end", "fits"), [("INCLUSIVE", True), ("EXCLUSIVE", False)])
def test_the_ends_of_a_range_belong_to_it_unless_it_says_otherwise(api, make, end, fits):
    ana = api.contact("a@example.com", closedate="2026-07-01T00:00:00Z")
    utc = {**day(2026, 7, 1), "zoneId": "UTC"}
    made = make("closedate", between(utc, utc, lowerBoundEndpointBehavior=end))
    assert (ana in members(api, made)) is fits


def test_time_alone_takes_records_off_a_list(api, make, simulator):
    ana = api.contact("a@example.com", closedate="2026-07-08T08:00:00Z")
    made = make("closedate", point("IS_AFTER", today(days=-3)))
    assert members(api, made) == {ana}
    simulator.clock.shift += timedelta(days=2)
    assert members(api, made) == set()


@pytest.mark.parametrize(("operator", "expected"), [("IS_BETWEEN", "15"), ("IS_NOT_BETWEEN", "9")])
def test_numbers_lie_in_a_range_or_not(api, make, operator, expected):
    ids = {n: api.contact(f"{n}@example.com", followercount=n) for n in "159"}
    made = make("followercount", numbers(1, 5, operator))
    assert members(api, made) == {ids[n] for n in expected}


@pytest.mark.parametrize(
    ("name", "operation"),
    [
        ("city", point("IS_AFTER", day(2026, 7, 1))),
        ("city", numbers(1, 2)),
        ("closedate", point("IS_NEAR", day(2026, 7, 1))),
        ("closedate", between(day(2026, 7, 1), day(2026, 7, 2), "IS_AFTER")),
        ("closedate", point("IS_AFTER", day(2026, 2, 30))),
        ("closedate", point("IS_AFTER", day(0, 1, 1))),
        ("closedate", point("IS_AFTER", day(2026, 7, 1, hour=24))),
        ("closedate", point("IS_AFTER", {**day(2026, 7, 1), "zoneId": "Europe/Nowhere"})),
        ("closedate", point("IS_AFTER", {**day(2026, 7, 1), "zoneId": "../x"})),
        ("closedate", point("IS_AFTER", {"timeType": "DATE", "zoneId": "UTC"})),
        ("closedate", point("IS_AFTER", today(days=10**9))),
        ("closedate", point("IS_AFTER", today(days="1"))),
        ("closedate", point("IS_AFTER", 7)),
    ],
)
def test_dates_and_ranges_that_make_no_sense_are_refused(make, name, operation):
    answered = make(name, operation)
    assert (answered.status, answered.body["category"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize(
    "operation",
    [
        point("IS_AFTER", {**day(2026, 7, 1), "timeType": "PROPERTY_REFERENCED"}),
        point("IS_AFTER", today(months=-1)),
        point("IS_AFTER", {**today(), "indexReference": {"referenceType": "WEEK"}}),
        point("IS_AFTER", day(2026, 7, 1), propertyParser="UPDATED_AT"),
    ],
)
def test_a_moment_that_is_not_simulated_says_so(make, operation):
    answered = make("closedate", operation)
    assert (answered.status, answered.body["category"]) == (501, "NOT_SIMULATED")
