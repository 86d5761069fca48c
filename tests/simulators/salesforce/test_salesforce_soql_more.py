"""Aggregates, sub-queries, semi-joins, field sets and owners of several kinds.
Source: salesforce-api.md 4, 15."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

DEALS = [
    ("Big", "Prospecting", 900, "2026-12-31"),
    ("Small", "Prospecting", 100, "2026-11-30"),
    ("Won", "Closed Won", 500, "2026-10-31"),
    ("Vague", "Qualification", None, "2026-10-31"),
]


@pytest.fixture
def elm(api):
    """An account with two contacts and four deals; there is another with nothing. Returns its id."""
    account = made(api, "Account", Name="Elm Court")
    made(api, "Account", Name="Oak House")
    for name in ("Bauer", "Abara"):
        api.contact(LastName=name, AccountId=account)
    for name, stage, amount, day in DEALS:
        made(api, "Opportunity", Name=name, StageName=stage, Amount=amount, CloseDate=day,
             AccountId=account)  # fmt: skip
    return account


def made(api, name, **values):
    answered = api("POST", f"sobjects/{name}", values)
    assert answered.status == 201, answered.body
    return answered.body["id"]


def told(api, soql):
    """Return what each group tells."""
    body = api.query(soql)
    assert isinstance(body, dict), body
    assert body["totalSize"] == len(body["records"]) and body["done"]
    rows = body["records"]
    assert {row["attributes"]["type"] for row in rows} <= {"AggregateResult"}
    return [{k: v for k, v in row.items() if k != "attributes"} for row in rows]


@pytest.mark.parametrize(
    ("soql", "found"),
    [
        ("SELECT COUNT(Id) FROM Opportunity", [{"expr0": 4}]),
        ("SELECT COUNT(Id) x_sf_count FROM Opportunity", [{"x_sf_count": 4}]),
        ("SELECT COUNT(Amount) FROM Opportunity WHERE StageName = 'Qualification'",
         [{"expr0": 0}]),
        ("SELECT COUNT(Id), MAX(Amount), MIN(Amount), SUM(Amount) s, AVG(Amount) FROM Opportunity",
         [{"expr0": 4, "expr1": 900, "expr2": 100, "s": 1500, "expr3": 500}]),
        ("SELECT SUM(Amount), MAX(CloseDate) FROM Opportunity WHERE Amount < 0",
         [{"expr0": None, "expr1": None}]),
        ("SELECT MIN(CloseDate), MAX(Name) FROM Opportunity",
         [{"expr0": "2026-10-31", "expr1": "Won"}]),
        ("SELECT COUNT_DISTINCT(StageName) FROM Opportunity", [{"expr0": 3}]),
        ("SELECT StageName, COUNT(Id) n FROM Opportunity GROUP BY StageName ORDER BY StageName",
         [{"StageName": "Closed Won", "n": 1}, {"StageName": "Prospecting", "n": 2},
          {"StageName": "Qualification", "n": 1}]),
        ("SELECT StageName s FROM Opportunity GROUP BY StageName HAVING COUNT(Id) > 1",
         [{"s": "Prospecting"}]),
        ("SELECT StageName FROM Opportunity GROUP BY StageName "
         "HAVING SUM(Amount) >= 500 AND NOT StageName = 'Prospecting'",
         [{"StageName": "Closed Won"}]),
        ("SELECT StageName FROM Opportunity GROUP BY StageName "
         "ORDER BY SUM(Amount) DESC NULLS LAST LIMIT 1 OFFSET 1",
         [{"StageName": "Closed Won"}]),
        ("SELECT Account.Name, COUNT(Id) FROM Opportunity GROUP BY Account.Name",
         [{"Name": "Elm Court", "expr0": 4}]),
        ("SELECT o.StageName, COUNT(o.Id) FROM Opportunity AS o WHERE o.Amount > 600 "
         "GROUP BY o.StageName", [{"StageName": "Prospecting", "expr0": 1}]),
        ("SELECT StageName FROM Opportunity WHERE Amount < 0 GROUP BY StageName", []),
    ],
)  # fmt: skip
def test_groups_tell_what_they_hold(api, elm, soql, found):
    assert told(api, soql) == found


@pytest.mark.parametrize(
    ("soql", "said"),
    [
        ("SELECT Name, COUNT(Id) FROM Opportunity", "Field must be grouped or aggregated: Name"),
        ("SELECT Name FROM Opportunity GROUP BY StageName", "must be grouped or aggregated: Name"),
        ("SELECT Id FROM Opportunity HAVING COUNT(Id) > 1", "must be grouped or aggregated: Id"),
        ("SELECT COUNT(Id) FROM Opportunity LIMIT 1", "cannot also use HAVING or LIMIT"),
        ("SELECT COUNT(Id) FROM Opportunity HAVING COUNT(Id) > 1", "cannot also use HAVING"),
        ("SELECT COUNT(Id) a, MAX(Id) A FROM Opportunity", "duplicate alias: A"),
        ("SELECT SUM(Name) FROM Opportunity", "does not support aggregate operator SUM"),
        ("SELECT MAX(IsWon) FROM Opportunity", "does not support aggregate operator MAX"),
        ("SELECT MIN(Description) FROM Opportunity", "does not support aggregate operator MIN"),
        ("SELECT COUNT(Id) FROM Opportunity GROUP BY Amount", "can not be grouped"),
        ("SELECT COUNT() FROM Opportunity GROUP BY StageName", "COUNT() stands alone"),
        ("SELECT COUNT(), COUNT(Id) FROM Opportunity", "COUNT() stands alone"),
        ("SELECT MAX() FROM Opportunity", "unexpected token: ')'"),
        ("SELECT MAX(MIN(Amount)) FROM Opportunity", "does not support the function MIN"),
        ("SELECT FIELDS(ALL), COUNT(Id) FROM Opportunity LIMIT 9", "grouped fields and aggregates"),
        ("SELECT StageName FROM Opportunity GROUP BY ROLLUP(StageName)", "the function ROLLUP"),
        ("SELECT COUNT(Nonsense) FROM Opportunity", "No such column 'Nonsense'"),
        ("SELECT StageName FROM Opportunity GROUP BY StageName HAVING SUM(Amount) = 'x'",
         "must be of type double"),
    ],
)  # fmt: skip
def test_a_group_that_makes_no_sense_is_refused(api, elm, soql, said):
    (error,) = api.query(soql)
    assert said in error["message"]


def test_too_many_groups_are_refused(api, simulator):
    simulator.load({"object": "Contact", "count": 2001, "seed": 1})
    (error,) = api.query("SELECT Email FROM Contact GROUP BY Email")
    assert error["errorCode"] == "EXCEEDED_ID_LIMIT"
    assert len(told(api, "SELECT Email FROM Contact GROUP BY Email LIMIT 2000")) == 2000


def test_a_sub_query_brings_children(api, elm):
    rows = api.query(
        "SELECT Name, (SELECT LastName, Account.Name FROM Contacts ORDER BY LastName), "
        "(SELECT Id FROM Account.Opportunities WHERE Amount > 400 LIMIT 1) "
        "FROM Account ORDER BY Name"
    )["records"]
    contacts = rows[0]["Contacts"]
    assert (contacts["totalSize"], contacts["done"]) == (2, True)
    assert [one["LastName"] for one in contacts["records"]] == ["Abara", "Bauer"]
    assert contacts["records"][0]["Account"]["Name"] == "Elm Court"
    assert rows[0]["Opportunities"]["totalSize"] == 1
    assert (rows[1]["Contacts"], rows[1]["Opportunities"]) == (None, None)


def test_children_in_the_bin_show_to_queryall_only(api, elm):
    (bauer,) = api.query("SELECT Id FROM Contact WHERE LastName = 'Bauer'")["records"]
    api("DELETE", f"sobjects/Contact/{bauer['Id']}")
    soql = f"SELECT (SELECT LastName FROM Contacts) FROM Account WHERE Id = '{elm}'"
    for resource, count in (("query", 1), ("queryAll", 2)):
        (row,) = api.query(soql, resource)["records"]
        assert row["Contacts"]["totalSize"] == count


def test_every_child_relationship_that_describe_names_can_be_queried(api):
    seen = 0
    for name in ("Account", "Contact", "Lead", "Opportunity", "Case", "Campaign"):
        described = api("GET", f"sobjects/{name}/describe").body["childRelationships"]
        for child in described:
            relationship = child["relationshipName"]
            if relationship:
                seen += 1
                soql = f"SELECT Id, (SELECT Id FROM {relationship}) FROM {name}"
                assert api.query(soql)["totalSize"] == 0
    assert seen > 20


@pytest.mark.parametrize(
    ("soql", "said"),
    [
        ("SELECT (SELECT Id FROM Nonsense) FROM Account", "relationship 'Nonsense' in FROM part"),
        ("SELECT (SELECT Id FROM Contact) FROM Account", "relationship 'Contact' in FROM part"),
        ("SELECT (SELECT COUNT() FROM Contacts) FROM Account", "Aggregates are not allowed"),
        ("SELECT (SELECT COUNT(Id) FROM Contacts) FROM Account", "Aggregates are not allowed"),
        ("SELECT (SELECT (SELECT Id FROM Cases) FROM Contacts) FROM Account", "in a sub-query"),
        ("SELECT (SELECT Id FROM Contacts), (SELECT Id FROM Contacts) FROM Account", "duplicate"),
        ("SELECT (SELECT Nonsense FROM Contacts) FROM Account", "No such column 'Nonsense'"),
        ("SELECT (Id) FROM Account", "unexpected token: 'Id'"),
    ],
)
def test_a_sub_query_that_makes_no_sense_is_refused(api, soql, said):
    (error,) = api.query(soql)
    assert said in error["message"]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("Id IN (SELECT AccountId FROM Contact)", ["Elm Court"]),
        ("Id NOT IN (SELECT AccountId FROM Contact)", ["Oak House"]),
        ("Id IN (SELECT AccountId FROM Contact WHERE LastName = 'Nobody')", []),
        ("Id NOT IN (SELECT AccountId FROM Contact WHERE LastName = 'Nobody')",
         ["Elm Court", "Oak House"]),
        ("Id IN (SELECT AccountId FROM Contact) "
         "AND Id NOT IN (SELECT o.AccountId FROM Opportunity o WHERE o.Amount > 600)", []),
        ("(Name LIKE 'O%' OR Name LIKE 'E%') AND Id IN (SELECT AccountId FROM Opportunity)",
         ["Elm Court"]),
        ("OwnerId IN (SELECT Id FROM User WHERE IsActive = true)", ["Elm Court", "Oak House"]),
    ],
)  # fmt: skip
def test_a_semi_join_finds_what_it_says(api, elm, where, found):
    rows = api.query(f"SELECT Name FROM Account WHERE {where} ORDER BY Name")["records"]
    assert [row["Name"] for row in rows] == found


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("Id IN (SELECT LastName FROM Contact)", "can only query id fields"),
        ("Name IN (SELECT AccountId FROM Contact)", "only allowed on id fields"),
        ("Id IN (SELECT AccountId FROM Contact LIMIT 1)", "without ORDER BY and LIMIT"),
        ("Id IN (SELECT Id, AccountId FROM Contact)", "select one field"),
        ("Id IN (SELECT COUNT() FROM Contact)", "select one field"),
        ("Name = 'x' OR Id IN (SELECT AccountId FROM Contact)", "'OR' operator"),
        ("NOT Id IN (SELECT AccountId FROM Contact)", "'NOT' operator"),
        ("Id IN (SELECT AccountId FROM Contact WHERE Id IN (SELECT ContactId FROM Case))",
         "Nesting of semi join"),
        ("Id IN (SELECT AccountId FROM Contact) AND Id IN (SELECT AccountId FROM Case) "
         "AND Id IN (SELECT AccountId FROM Opportunity)", "Maximum 2 semi join"),
        ("Id IN (SELECT Id FROM Nonsense)", "sObject type 'Nonsense' is not supported"),
        ("Id IN (SELECT AccountId FROM Contact GROUP BY AccountId)", "not about groups"),
        ("Id IN (SELECT " + "Id FROM Account WHERE Id IN (SELECT " * 9 + "Id", "unexpected token"),
    ],
)  # fmt: skip
def test_a_semi_join_that_makes_no_sense_is_refused(api, where, said):
    (error,) = api.query(f"SELECT Name FROM Account WHERE {where}")
    assert said in error["message"]


def test_field_sets_stand_for_what_one_may_see(keyed):
    contact = keyed.contact()
    described = {f["name"] for f in keyed("GET", "sobjects/Contact/describe").body["fields"]}
    custom = {name for name in described if name.endswith("__c")}
    for which, names in (
        ("ALL", described),
        ("standard", described - custom),
        ("CUSTOM", custom),
    ):
        soql = f"SELECT FIELDS({which}) FROM Contact WHERE Id = '{contact}' LIMIT 200"
        (row,) = keyed.query(soql)["records"]
        assert set(row) - {"attributes"} == names
    assert keyed.query("SELECT FIELDS(STANDARD) FROM Contact")["totalSize"] == 1


def test_an_owner_may_be_a_queue_and_who_a_lead(api):
    (queue,) = api.query("SELECT Id FROM Group WHERE Type = 'Queue'")["records"]
    lead = made(api, "Lead", LastName="Lovelace", Company="Analytical", OwnerId=queue["Id"])
    made(api, "Lead", LastName="Byron", Company="Analytical")
    made(api, "Task", Subject="Call", WhoId=lead)
    case = made(api, "Case", Type="Other")
    made(api, "Task", Subject="Visit", WhatId=case)
    rows = api.query("SELECT Owner.Name, Owner.Type, Owner.Email FROM Lead ORDER BY Name")
    owners = [row["Owner"] for row in rows["records"]]
    assert [owner["Type"] for owner in owners] == ["User", "Queue"]
    assert owners[1]["Name"] == "Inbound leads"
    assert api.names("SELECT LastName FROM Lead WHERE Owner.Name LIKE 'Inbound%'") == ["Lovelace"]
    (task,) = api.query("SELECT Who.Name, Who.Type FROM Task WHERE Who.Type = 'Lead'")["records"]
    assert (task["Who"]["Name"], task["Who"]["Type"]) == ("Lovelace", "Lead")
    (visit,) = api.query("SELECT What.Type, What.Name FROM Task WHERE Subject = 'Visit'")["records"]
    assert visit["What"]["Type"] == "Case"
    assert visit["What"]["Name"] == api("GET", f"sobjects/Case/{case}").body["CaseNumber"]


def test_a_parent_whose_object_is_hidden_is_not_understood(api, act):
    act("object-permissions", object="Account", read=False)
    for soql in (
        "SELECT Account.Name FROM Contact",
        "SELECT Id FROM Contact ORDER BY Account.Name",
        "SELECT (SELECT Id FROM Contacts) FROM Account",
    ):
        (error,) = api.query(soql)
        assert error["errorCode"] in ("INVALID_FIELD", "INVALID_TYPE")


@pytest.mark.parametrize("literal", [
    *("YESTERDAY", "TODAY", "TOMORROW", "LAST_WEEK", "THIS_MONTH", "NEXT_QUARTER", "LAST_YEAR"),
    *("THIS_FISCAL_QUARTER", "NEXT_FISCAL_YEAR", "LAST_90_DAYS", "NEXT_90_DAYS"),
    *("LAST_N_DAYS:3", "NEXT_N_WEEKS:3", "LAST_N_MONTHS:3", "NEXT_N_QUARTERS:3", "LAST_N_YEARS:3"),
    *("LAST_N_FISCAL_QUARTERS:2", "NEXT_N_FISCAL_YEARS:2", "N_DAYS_AGO:3", "N_WEEKS_AGO:1"),
    *("N_MONTHS_AGO:1", "N_QUARTERS_AGO:1", "N_YEARS_AGO:1"),
])  # fmt: skip
def test_every_date_literal_is_read(api, literal):
    for operator in ("=", "!=", "<", "<=", ">", ">="):
        soql = f"SELECT COUNT() FROM Contact WHERE CreatedDate {operator} {literal}"
        assert api.query(soql)["totalSize"] == 0


def test_a_quarter_is_three_months(api, simulator):
    now = datetime(2026, 5, 20, tzinfo=UTC)
    simulator.clock.shift = now - datetime.now(UTC)
    api.contact()
    for literal, count in (
        ("THIS_QUARTER", 1),
        ("THIS_FISCAL_QUARTER", 1),
        ("LAST_N_QUARTERS:4", 0),
        ("N_QUARTERS_AGO:1", 0),
    ):
        soql = f"SELECT COUNT() FROM Contact WHERE CreatedDate = {literal}"
        assert api.query(soql)["totalSize"] == count
    simulator.clock.shift += timedelta(days=60)
    for literal, count in (("LAST_N_QUARTERS:1", 1), ("N_QUARTERS_AGO:1", 1), ("THIS_QUARTER", 0)):
        soql = f"SELECT COUNT() FROM Contact WHERE CreatedDate = {literal}"
        assert api.query(soql)["totalSize"] == count
