"""Whatever is sent, the simulated Salesforce answers in Salesforce's way and never fails itself."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_engine.simulators.salesforce import SalesforceSimulator
from tests.simulators.fuzzing import count, headers, looks, raw_paths

ROOT = "/services/data/v66.0"
JSON = {"content-type": "application/json"}
ID = "0035j0000000001AAA"
PREFIXES = [ROOT, f"{ROOT}/sobjects", f"{ROOT}/composite", f"{ROOT}/tooling", "/services/oauth2"]
WORDS = [
    *("Contact", "contact", "Account", "User", "PermissionSet", "Nonsense", "describe", "updated"),
    *("deleted", "sobjects", "batch", "query", "queryAll", "limits", "Email", "Id", "CustomField"),
    *("jobs", "ingest", "batches", "results", "failedResults", "7505j0000000001AAA"),
    *("authorize", "token", "revoke", "userinfo", "x@y.example", ID, ID[:15], "0r8x-5", "²", "%F0"),
]
MEMBERS = [
    *(
        "records",
        "allOrNone",
        "attributes",
        "type",
        "id",
        "Id",
        "ids",
        "fields",
        "LastName",
        "Email",
    ),
    *("Birthdate", "MailingLatitude", "AccountId", "Account", "Owner", "DoNotCall", "Salutation"),
    *("WhoId", "WhatId", "CampaignId", "OpportunityId", "IsPrimary", "ActivityDateTime"),
    *("MailingState", "MailingCountry", "MailingCountryCode", "RecordTypeId", "OwnerId"),
    *("compositeRequest", "batchRequests", "method", "url", "referenceId", "body", "richInput"),
    *("FullName", "Metadata", "label", "length", "externalId", "ParentId", "Field", "SobjectType"),
]
VALUES = [
    *("Contact", "Account", "GET", "POST", "PATCH", "Text", "Number", "Contact.Key__c", "ref"),
    *("@{ref.id}", "@{ref[0].a}", f"{ROOT}/query?q=SELECT+Id+FROM+Contact", f"{ROOT}/limits"),
    *(f"{ROOT}/sobjects/Contact", "v66.0/limits", "x@y.example", ID, "2026-02-30", "2026-01-31"),
    *("2026-01-31T08:00:00Z", "0001-01-01T00:00:00+14:00", "1e400", "9" * 40, "é;ü", "\u0000", " "),
]
SOQL_WORDS = [
    *("SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "IN", "LIKE", "ORDER BY", "LIMIT", "OFFSET"),
    *("COUNT()", "(", ")", ",", "=", "!=", "<", ">=", "ALL ROWS", "DESC", "NULLS LAST", "null"),
    *("Id", "Email", "LastName", "Account.Name", "Owner.Email", "SystemModstamp", "Birthdate"),
    *(
        "MailingAddress",
        "Description",
        "MailingLatitude",
        "IsDeleted",
        "Contact",
        "Account",
        "true",
    ),
    *(
        "'a%_'",
        "'\\'",
        f"'{ID}'",
        "''",
        "2026-01-31",
        "2026-01-31T08:00:00Z",
        "9999-99-99",
        "TODAY",
    ),
    *("LAST_N_DAYS:7", "N_YEARS_AGO:99999", "NEXT_N_MONTHS:999999", "1", "-1.5e3", "'", '"', ":x"),
]
scalars = st.one_of(
    st.sampled_from(VALUES),
    st.text(max_size=5),
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, -1, 2**63, 1.5, 1e300]),
)
bodies = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=5),
    ),
    max_leaves=25,
)
paths = st.builds(
    lambda prefix, words: "/".join([prefix, *words]),
    st.sampled_from(PREFIXES),
    st.lists(st.sampled_from(WORDS), max_size=4),
)
queries = st.dictionaries(
    st.sampled_from([*("q", "fields", "ids", "start", "end", "allOrNone", "client_id", "token")]),
    st.one_of(st.sampled_from(VALUES), st.text(max_size=8)),
    max_size=3,
)
records = st.dictionaries(st.sampled_from(MEMBERS), scalars, max_size=6)


@pytest.fixture(autouse=True)
def counted(simulator):
    count(simulator)


def in_order(status: int) -> bool:
    return status < 500 or status == 501


@looks(800)
@given(
    st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]),
    paths,
    queries,
    st.one_of(bodies.map(lambda value: _json(value)), st.binary(max_size=20)),
    headers,
)
def test_any_call_is_answered(api, method, path, query, body, more):
    answered = api.send(method, f"{path}?{urlencode(query)}", body, more)
    assert in_order(answered.status), answered.body


@looks(300)
@given(st.sampled_from([*PREFIXES, "", "/id"]), raw_paths, st.text(max_size=20))
def test_any_path_and_query_is_answered(api, prefix, path, query):
    answered = api.send("GET", f"{prefix}/{path}?{quote(query, safe='=&%+')}")
    assert in_order(answered.status), answered.body


@looks(300)
@given(st.lists(st.sampled_from(SOQL_WORDS), max_size=14))
def test_any_statement_is_answered(api, words):
    api.contact(Email="a@b.example")
    for start in ("", "SELECT Id FROM Contact WHERE "):
        text = start + " ".join(words)
        answered = api("GET", f"query?q={quote(text)}")
        assert answered.status in (200, 400), (text, answered.body)


names = st.sampled_from(
    [
        "Id",
        "Email",
        "LastName",
        "Account.Name",
        "Owner.Email",
        "Account.Owner.Name",
        "SystemModstamp",
        "Birthdate",
        "IsDeleted",
        "MailingLatitude",
        "MailingAddress",
        "Description",
        "CreatedDate",
        "NoSuch__c",
    ]
)
literals = st.one_of(
    st.sampled_from(
        f"null true FALSE 1 -1.5e3 2026-01-31 2026-01-31T08:00:00Z 2026-01-31T08:00:00.5+14:00 "
        f"TODAY LAST_N_DAYS:7 THIS_FISCAL_YEAR 'a%_' '{ID}' '' 'a@b.example'".split()
    ),
    st.text(st.characters(codec="utf-8"), max_size=4).map(lambda text: f"'{text}'"),
)
conditions = st.recursive(
    st.one_of(
        st.tuples(
            names, st.sampled_from(["=", "!=", "<>", "<", "<=", ">", ">=", "LIKE"]), literals
        ),
        st.tuples(
            names,
            st.sampled_from(["IN", "NOT IN", "INCLUDES"]),
            st.lists(literals, min_size=1, max_size=3).map(lambda some: f"({', '.join(some)})"),
        ),
    ).map(" ".join),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda some: f"({' AND '.join(some)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda some: f"({' OR '.join(some)})"),
        inner.map(lambda one: f"(NOT {one})"),
    ),
    max_leaves=5,
)
ends = st.sampled_from(
    ["", "ORDER BY Email DESC NULLS LAST, Id", "ORDER BY Account.Name LIMIT 1", "LIMIT 0",
     "ORDER BY Id LIMIT 1 OFFSET 1", "OFFSET 2001", "ALL ROWS", "FOR UPDATE", "FOR VIEW",
     "GROUP BY Email", "ORDER BY Description", "ORDER BY MailingAddress"]
)  # fmt: skip


@looks(800)
@given(
    st.lists(names, min_size=1, max_size=4),
    conditions,
    ends,
    st.sampled_from(["query", "queryAll"]),
)
def test_any_statement_with_sense_is_answered(api, selected, where, end, resource):
    if not api.query("SELECT COUNT() FROM Contact")["totalSize"]:
        account = api("POST", "sobjects/Account", {"Name": "Acme"}).body["id"]
        api.contact(Email="a@b.example", Birthdate="1815-12-10", AccountId=account)
        api.contact()
    text = f"SELECT {', '.join(selected)} FROM Contact WHERE {where} {end}"
    answered = api("GET", f"{resource}?q={quote(text)}")
    assert answered.status in (200, 400), (text, answered.body)


@looks(400)
@given(
    st.lists(records, max_size=4),
    st.booleans(),
    st.sampled_from(["POST", "PATCH"]),
    st.sampled_from(["Contact", "Task", "Event", "CampaignMember", "OpportunityContactRole"]),
)
def test_any_records_are_answered_one_by_one(api, rows, all_or_none, method, name):
    known = [{**row, "attributes": {"type": name}} for row in rows]
    answered = api(method, "composite/sobjects", _body(known, all_or_none))
    assert in_order(answered.status), answered.body
    if answered.status == 200:
        assert len(answered.body) == len(rows)


parts = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["GET", "POST", "PATCH", "DELETE"]),
        "url": st.builds(lambda path, query: f"{path}?{urlencode(query)}", paths, queries),
        "referenceId": st.sampled_from(["ref", "a", "b", ""]),
    },
    optional={"body": bodies},
)


@looks(300)
@given(st.lists(parts, max_size=4, unique_by=lambda part: part["referenceId"]), st.booleans())
def test_any_composite_is_answered_part_by_part(api, asked, all_or_none):
    answered = api(
        "POST", "composite", _json({"compositeRequest": asked, "allOrNone": all_or_none})
    )
    assert in_order(answered.status), answered.body
    if answered.status == 200:
        parts = answered.body["compositeResponse"]
        assert len(parts) == len(asked)
        assert all(in_order(part["httpStatusCode"]) for part in parts)


@looks(200)
@given(records)
def test_a_person_may_type_anything(api, values):
    answered = api.send(
        "POST",
        "/__simulator__/records/Contact",
        _json({"by": "Ida Rhodes", "values": {"LastName": "Somers", **values}}),
        {"content-type": "application/json"},
    )
    assert answered.status in (200, 400), answered.body


ACTIONS = sorted(SalesforceSimulator().actions())
ASKED = [
    *("object", "where", "times", "seconds", "message", "fields", "matches", "blocks", "name"),
    *("entries", "owner", "default_owner", "read", "edit", "field", "id", "by", "winner", "losers"),
    *("on", "active", "api", "max", "used", "records"),
]


@looks(300)
@given(
    st.sampled_from(ACTIONS),
    st.dictionaries(
        st.sampled_from(ASKED),
        st.one_of(bodies, st.sampled_from(["Contact", "Lead", "Email", ID, "Id = 'x'"])),
        max_size=4,
    ),
    records,
)
def test_any_action_is_done_or_refused_with_words(api, name, asked, values):
    api.send("POST", "/__simulator__/reset", b"", JSON)
    answered = api.send("POST", f"/__simulator__/actions/{name}", _json(asked), JSON)
    assert answered.status in (200, 400), answered.body
    api.token = api.simulator.token({})["access_token"]
    answered = api("POST", "sobjects/Contact", _json({"LastName": "Somers", **values}))
    assert in_order(answered.status), answered.body


CELLS = ["", "#N/A", "Somers", "a@b.example", ID, "true", "2026-01-31", '"', "a,b", "\n", "1e9"]
HEADS = ["Id", "LastName", "Email", "DoNotCall", "Birthdate", "Account.Name", "Owner.Email", "X"]


@looks(300)
@given(
    st.sampled_from(["insert", "update", "upsert", "delete", "hardDelete"]),
    st.lists(st.sampled_from(HEADS), max_size=4),
    st.lists(st.lists(st.sampled_from(CELLS), max_size=4), max_size=4),
    st.binary(max_size=4),
)
def test_any_file_of_a_job_is_worked_off(api, operation, head, rows, more):
    api.simulator.actions()["bulk"]({"seconds": 0})
    asked = {"object": "Contact", "operation": operation, "externalIdFieldName": "Email"}
    job = f"jobs/ingest/{api('POST', 'jobs/ingest', asked).body['id']}"
    text = "\n".join(",".join(row) for row in [head, *rows])
    sent = api("PUT", f"{job}/batches", text.encode() + more, {"content-type": "text/csv"})
    assert sent.status in (201, 400)
    api("PATCH", job, {"state": "UploadComplete"})
    done = api("GET", job)
    assert done.body["state"] in ("JobComplete", "Failed"), done.body
    assert api("GET", f"{job}/failedResults").status == 200


def _body(rows, all_or_none):
    return _json({"records": rows, "allOrNone": all_or_none})


def _json(value) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:  # a number beyond 64 bits, or half a character
        return b"{}"
