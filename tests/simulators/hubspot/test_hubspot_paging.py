"""Paging through what a search has found, while records change. Source: hubspot-api.md 7."""

from __future__ import annotations

from random import Random

import pytest

PAGE = 4
BY_ID = [{"propertyName": "hs_object_id", "direction": "ASCENDING"}]
CITIES = ("Ghent", "Hull", "")
WHAT_PEOPLE_DO = (
    *("edit", "edit", "edit", "create", "create", "create"),
    *("archive", "restore", "merge", "erase"),
)


def where(name, operator, value):
    return {"propertyName": name, "operator": operator, "value": value}


SEARCHES = {
    "a window": ([where("lastmodifieddate", "GTE", "2020-01-01")], BY_ID),
    "by a value": ([where("city", "EQ", "hull")], BY_ID),
    "by a blank": ([where("city", "HAS_PROPERTY", "")], ["-lastname"]),
    "in an order": ([where("lastmodifieddate", "GTE", "2020-01-01")], ["city"]),
    "backwards": ([where("lastmodifieddate", "GTE", "2020-01-01")], ["-city"]),
    "latest first": ([where("lastmodifieddate", "GTE", "2020-01-01")], ["-lastmodifieddate"]),
    "of a walk": (
        [where("lastmodifieddate", "GTE", "2020-01-01"), where("hs_object_id", "GT", "138017600009")],
        BY_ID,
    ),
}  # fmt: skip


@pytest.fixture
def table(api, simulator):
    for number in range(20):
        api.contact(f"p{number}@example.com", lastname=f"L{number}", city=CITIES[number % 3])
    return simulator.account.tables["contacts"]


def page(api, name, after="0"):
    filters, sorts = SEARCHES[name]
    answered = api.search(*filters, sorts=sorts, limit=PAGE, after=after, properties=["city"])
    assert answered.status == 200
    return answered.body


def change(api, simulator, random, number):
    """Do one of the things that people do to a record."""
    table = simulator.account.tables["contacts"]
    one = str(random.choice(list(table.rows)))
    path = f"/crm/v3/objects/contacts/{one}"
    match random.choice(WHAT_PEOPLE_DO):
        case "edit":
            api("PATCH", path, {"properties": {"city": random.choice(CITIES)}})
        case "create":
            api.contact(f"q{number}@example.com", city=random.choice(CITIES))
        case "archive":
            api("DELETE", path)
        case "restore" if table.bin:
            simulator.actions()["restore"]({"id": str(random.choice(list(table.bin)))})
        case "merge":
            other = random.choice([at for at in table.rows if str(at) != one])
            simulator.actions()["merge"]({"primary": one, "other": str(other)})
        case "erase":
            api("POST", "/crm/v3/objects/contacts/gdpr-delete", {"objectId": one})


@pytest.mark.parametrize("lag", [0, 3])
def test_a_page_shows_what_a_search_made_anew_would_show(api, simulator, table, lag):
    random = Random(lag)
    for number in range(120):
        change(api, simulator, random, number)
        simulator.actions()["index-lag"]({"seconds": random.choice([0, lag])})
        for name in random.sample(list(SEARCHES), 4):  # as many as are kept
            after = str(random.choice([0, PAGE]))
            shown = page(api, name, after)
            kept, table.index.kept = table.index.kept, {}
            assert shown == page(api, name, after), name
            table.index.kept = kept
    assert len(table.rows) > PAGE


def test_who_pages_by_id_lets_the_window_be_looked_through_once(api, table):
    last, seen = "0", []
    while last:
        filters = [*SEARCHES["a window"][0], where("hs_object_id", "GT", last)]
        rows = api.search(*filters, sorts=BY_ID, limit=PAGE).body["results"]
        last = rows[-1]["id"] if rows else ""
        seen += [row["id"] for row in rows]
        assert len(table.index.kept) == 1
    assert seen == [str(at) for at in table.rows]


def test_only_the_last_few_searches_are_kept(api, table):
    for number in range(10):
        api.search(where("lastmodifieddate", "GTE", f"20{10 + number}-01-01"), limit=PAGE)
    assert len(table.index.kept) == 4
