"""The subset of SOQL, and Salesforce's words for what it does not understand.
Source: salesforce-api.md 4, 15."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sync_engine.simulators.salesforce.soql import ast
from sync_engine.simulators.salesforce.soql.parse import parse

PEOPLE = [
    {"LastName": "Abara", "FirstName": "Ada", "Email": "ada@a.example", "MailingLatitude": 3.5},
    {"LastName": "Bauer", "FirstName": "Ben_1", "Birthdate": "2000-02-29", "DoNotCall": True},
    {"LastName": "chen", "Email": "CHEN@a.example", "Title": "50% owner", "MailingLatitude": -1},
]


@pytest.fixture
def people(api):
    for person in PEOPLE:
        api.contact(**person)
    return api


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("LastName = 'ABARA'", ["Abara"]),
        ("LastName != 'abara'", ["Bauer", "chen"]),
        ("Email != 'ada@a.example'", ["Bauer", "chen"]),
        ("Email = null", ["Bauer"]),
        ("Email = ''", ["Bauer"]),
        ("Email IN ('ADA@A.example', 'chen@a.example')", ["Abara", "chen"]),
        ("Email NOT IN ('ada@a.example')", ["Bauer", "chen"]),
        ("LastName LIKE '%A%'", ["Abara", "Bauer"]),
        ("LastName LIKE '_hen'", ["chen"]),
        (r"FirstName LIKE 'Ben\_%'", ["Bauer"]),
        (r"Title LIKE '%\%%'", ["chen"]),
        ("MailingLatitude > 0", ["Abara"]),
        ("MailingLatitude <= -1.0", ["chen"]),
        ("DoNotCall = TRUE", ["Bauer"]),
        ("NOT DoNotCall = true", ["Abara", "chen"]),
        ("Birthdate < 2000-03-01", ["Bauer"]),
        ("Birthdate >= 2000-03-01", []),
        ("CreatedDate = TODAY", ["Abara", "Bauer", "chen"]),
        ("CreatedDate < LAST_N_DAYS:7", []),
        ("SystemModstamp >= 2020-01-01T00:00:00+01:00", ["Abara", "Bauer", "chen"]),
        ("LastName = 'chen' OR (LastName > 'a' AND LastName < 'b')", ["Abara", "chen"]),
        ("(Email = null OR Email LIKE 'ada%') AND DoNotCall = false", ["Abara"]),
        ("NOT (LastName LIKE 'a%' OR LastName LIKE 'b%')", ["chen"]),
        ("Contact.LastName = 'chen'", ["chen"]),
        ("Owner.Email = 'crmsync@babbage.example'", ["Abara", "Bauer", "chen"]),
        ("Account.Name = 'Nobody'", []),
        ("AccountId = null", ["Abara", "Bauer", "chen"]),
    ],
)
def test_a_condition_finds_what_it_says(people, where, found):
    assert people.names(f"SELECT LastName FROM Contact WHERE {where} ORDER BY LastName") == found


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("LastName", ["Abara", "Bauer", "chen"]),
        ("LastName DESC", ["chen", "Bauer", "Abara"]),
        ("Email", ["Bauer", "Abara", "chen"]),
        ("Email NULLS LAST", ["Abara", "chen", "Bauer"]),
        ("Email DESC NULLS LAST", ["chen", "Abara", "Bauer"]),
        ("DoNotCall, LastName DESC", ["chen", "Abara", "Bauer"]),
        ("LastName LIMIT 1", ["Abara"]),
        ("LastName LIMIT 1 OFFSET 1", ["Bauer"]),
        ("SystemModstamp, Id LIMIT 2", ["Abara", "Bauer"]),
    ],
)
def test_records_come_in_the_order_asked_for(people, order, found):
    assert people.names(f"select LastName from contact order by {order}") == found


@pytest.mark.parametrize(
    ("soql", "code", "said"),
    [
        ("SELECT Foo FROM Contact", "INVALID_FIELD", "No such column 'Foo' on entity 'Contact'"),
        ("SELECT Id FROM Contcat", "INVALID_TYPE", "sObject type 'Contcat' is not supported"),
        ("SELECT X.Id FROM Contact", "INVALID_FIELD", "Didn't understand relationship 'X'"),
        ("SELECT Id FROM", "MALFORMED_QUERY", "unexpected token: '<EOF>'"),
        (
            "SELECT FROM Contact",
            "MALFORMED_QUERY",
            "ERROR at Row:1:Column:8\nunexpected token: 'FROM'",
        ),
        ("SELECT Id, FROM Contact", "MALFORMED_QUERY", "unexpected token: 'FROM'"),
        ("SELECT * FROM Contact", "MALFORMED_QUERY", "no viable alternative at character '*'"),
        ('SELECT Id FROM Contact WHERE LastName = "x"', "MALFORMED_QUERY", "at character '\"'"),
        ("SELECT Id FROM Contact WHERE LastName = 'x", "MALFORMED_QUERY", "mismatched character"),
        ("SELECT Id FROM Contact WHERE LastName = :x", "MALFORMED_QUERY", "Bind variables"),
        (
            "SELECT Id FROM Contact WHERE Title = 'a' AND Title = 'b' OR Title = 'c'",
            "MALFORMED_QUERY",
            "unexpected token: 'OR'",
        ),
        ("SELECT Id FROM Contact LIMIT x", "MALFORMED_QUERY", "unexpected token: 'x'"),
        ("SELECT Id FROM Contact THIS IS", "MALFORMED_QUERY", "unexpected token: 'IS'"),
        ("SELECT Id, Id FROM Contact", "MALFORMED_QUERY", "duplicate field selected: Id"),
        ("SELECT Id FROM Contact WHERE Title = 5", "INVALID_FIELD", "should be enclosed in quotes"),
        (
            "SELECT Id FROM Contact WHERE SystemModstamp > '2020-01-01T00:00:00Z'",
            "INVALID_FIELD",
            "must be of type dateTime and should not be enclosed in quotes",
        ),
        ("SELECT Id FROM Contact WHERE Id = 'x'", "INVALID_QUERY_FILTER_OPERATOR", "invalid ID"),
        ("SELECT Id FROM Contact WHERE Description = 'x'", "INVALID_FIELD", "can not be filtered"),
        (
            "SELECT Id FROM Contact WHERE DoNotCall > true",
            "INVALID_QUERY_FILTER_OPERATOR",
            "boolean",
        ),
        ("SELECT toLabel(Title) FROM Contact", "MALFORMED_QUERY", "support the function toLabel"),
        ("SELECT Id t FROM Contact", "MALFORMED_QUERY", "only aggregate expressions use"),
        ("SELECT Id FROM Contact c, c.Account a", "MALFORMED_QUERY", "more than one object"),
        ("SELECT Id FROM Contact USING SCOPE mine", "MALFORMED_QUERY", "does not support USING"),
        ("SELECT Id FROM Contact WITH SECURITY_ENFORCED", "MALFORMED_QUERY", "support WITH"),
        ("SELECT Id FROM Contact FOR VIEW", "MALFORMED_QUERY", "does not support FOR"),
        (
            "SELECT TYPEOF Who WHEN Lead THEN Company END FROM Task",
            "MALFORMED_QUERY",
            "does not support TYPEOF",
        ),
        (
            "SELECT Id FROM Opportunity WHERE Amount > USD500",
            "MALFORMED_QUERY",
            "amounts with a currency",
        ),
        (
            "SELECT Id FROM Contact WHERE CALENDAR_YEAR(CreatedDate) = 2026",
            "MALFORMED_QUERY",
            "support the function CALENDAR_YEAR",
        ),
        ("SELECT Id FROM Contact WHERE COUNT(Id) > 1", "MALFORMED_QUERY", "token: 'count'"),
        ("SELECT Id FROM Contact ORDER BY MAX(Id)", "MALFORMED_QUERY", "token: 'max'"),
        ("SELECT FIELDS(ALL) FROM Contact", "MALFORMED_QUERY", "LIMIT of at most 200"),
        ("SELECT FIELDS(CUSTOM) FROM Contact LIMIT 201", "MALFORMED_QUERY", "at most 200"),
        ("SELECT FIELDS(Nonsense) FROM Contact", "MALFORMED_QUERY", "token: 'Nonsense'"),
        ("SELECT FIELDS(STANDARD), Id FROM Contact", "MALFORMED_QUERY", "duplicate field"),
        ("SELECT Owner.Department FROM Lead", "INVALID_FIELD", "entity 'Name'"),
        (f"SELECT Id FROM Contact WHERE Title = '{'x' * 4001}'", "MALFORMED_QUERY", "at most 4000"),
        ("SELECT Id FROM Order", "INVALID_TYPE", "sObject type 'Order' is not supported"),
        ("", "MALFORMED_QUERY", "A query string has to be specified"),
    ],
)
def test_what_it_does_not_understand_it_refuses_in_salesforces_words(api, soql, code, said):
    (error,) = api.query(soql)
    assert error["errorCode"] == code
    assert said in error["message"]


def test_an_error_points_at_its_place(api):
    (error,) = api.query("SELECT Id,\n  Foo FROM Contact")
    shown, pointer = error["message"].split("\n")[1:3]
    assert shown[pointer.index("^") :].startswith("Foo")
    assert "Row:2:Column:3" in error["message"]


def test_and_binds_no_tighter_than_its_parentheses():
    where = parse("SELECT Id FROM Contact WHERE (A = 1 OR B = 2) AND NOT C = 3").where
    assert isinstance(where, ast.All)
    assert isinstance(where.conditions[0], ast.AnyOf)
    assert isinstance(where.conditions[1], ast.Not)


def test_a_condition_nested_without_end_is_refused_not_followed(api):
    nested = "(" * 5000 + "Id = null" + ")" * 5000
    (error,) = api.query(f"SELECT Id FROM Contact WHERE {nested}")
    assert error["errorCode"] in ("QUERY_TOO_COMPLICATED", "URI_TOO_LONG")


def test_count_answers_a_number_and_no_records(people):
    assert people.query("SELECT COUNT() FROM Contact") == {
        "totalSize": 3,
        "done": True,
        "records": [],
    }


def test_a_blank_parent_is_null_and_a_known_one_is_nested(api):
    account = api("POST", "sobjects/Account", {"Name": "Elm Court"}).body["id"]
    api.contact(LastName="A", AccountId=account)
    api.contact(LastName="B")
    rows = api.query("SELECT LastName, account.name FROM Contact ORDER BY LastName")["records"]
    assert rows[0]["Account"]["Name"] == "Elm Court"
    assert rows[0]["Account"]["attributes"]["type"] == "Account"
    assert rows[1]["Account"] is None
    assert list(rows[0]) == ["attributes", "LastName", "Account"]


def test_a_long_answer_comes_in_pages_that_each_cost_a_call(api, simulator):
    simulator.load({"object": "Contact", "count": 450, "seed": 1})
    simulator.actions()["page-size"]({"records": 200})
    page = api.query("SELECT Id FROM Contact ORDER BY Id")
    ids, sizes = [], []
    while True:
        ids += [row["Id"] for row in page["records"]]
        sizes.append(len(page["records"]))
        assert page["totalSize"] == 450
        if page["done"]:
            break
        page = api("GET", page["nextRecordsUrl"]).body
    assert sizes == [200, 200, 50]
    assert len(set(ids)) == 450


def test_an_unknown_cursor_is_refused(api):
    answered = api("GET", "query/0r85j000000001-2000")
    assert answered.status == 400
    assert answered.body[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_a_cursor_is_its_users_for_two_days(api, simulator):
    simulator.load({"object": "Contact", "count": 250, "seed": 1})
    simulator.actions()["page-size"]({"records": 200})
    more = api.query("SELECT Id FROM Contact")["nextRecordsUrl"]
    ours, hers = api.token, simulator.token({"user": "Ida Rhodes"})["access_token"]
    api.token = hers
    assert api("GET", more).body[0]["errorCode"] == "INVALID_QUERY_LOCATOR"
    api.token = ours
    simulator.clock.shift += timedelta(hours=47)
    assert len(api("GET", more).body["records"]) == 50
    simulator.clock.shift += timedelta(hours=2)
    assert api("GET", more).body[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_all_pages_of_a_keyset_walk_meet_every_record_once(api, simulator):
    simulator.load({"object": "Contact", "count": 90, "seed": 1})
    for number in range(30):
        api.contact(LastName=f"Same second {number}")
    found: list[str] = []
    where = ""
    while True:
        soql = f"SELECT Id, SystemModstamp FROM Contact {where} ORDER BY SystemModstamp, Id LIMIT 7"
        rows = api.query(soql)["records"]
        if not rows:
            break
        found += [row["Id"] for row in rows]
        stamp = rows[-1]["SystemModstamp"]
        where = (
            f"WHERE SystemModstamp > {stamp} OR (SystemModstamp = {stamp} AND Id > '{found[-1]}')"
        )
    assert len(found) == len(set(found)) == 120


def test_query_hides_what_queryall_shows(api):
    gone = api.contact(LastName="Gone")
    api("DELETE", f"sobjects/Contact/{gone}")
    soql = "SELECT LastName FROM Contact"
    assert api.names(soql) == []
    assert api.names(soql, "queryAll") == ["Gone"]
    assert api.names(f"{soql} ALL ROWS") == ["Gone"]
    assert api.names(f"{soql} WHERE Id = '{gone[:15]}'", "queryAll") == ["Gone"]
