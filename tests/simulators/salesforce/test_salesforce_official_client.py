"""simple-salesforce, over HTTP, to a simulator in a process of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from simple_salesforce.exceptions import (
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceRefusedRequest,
    SalesforceResourceNotFound,
)

CONTACT = {"attributes": {"type": "Contact"}}


def create(client, **values):
    sent = {"LastName": "Lovelace", **values}
    return client.restful("sobjects/Contact", method="POST", json=sent)["id"]


def test_it_creates_reads_updates_and_deletes(client):
    ada = create(client, Email="Ada@example.example")
    path = f"sobjects/Contact/{ada}"
    assert client.restful(path)["Email"] == "ada@example.example"
    client.restful(path, method="PATCH", json={"Title": "Countess"})
    assert client.restful(path, params={"fields": "Title"})["Title"] == "Countess"
    client.restful(path, method="DELETE")
    with pytest.raises(SalesforceResourceNotFound):
        client.restful(path)


def test_it_queries_pages_and_counts(client, salesforce_control):
    salesforce_control.call("POST", "load", object="Contact", count=2500, seed=1)
    first = client.query("SELECT Id FROM Contact")
    assert (first["totalSize"], len(first["records"]), first["done"]) == (2500, 2000, False)
    rest = client.restful(first["nextRecordsUrl"].removeprefix("/services/data/v66.0/"))
    assert len(rest["records"]) == 500
    assert client.query("SELECT COUNT() FROM Contact")["totalSize"] == 2500
    assert client.api_usage["api-usage"].total == 100_000


def test_it_writes_and_reads_collections(client):
    rows = [{**CONTACT, "LastName": f"L{n}"} for n in range(200)]
    made = client.restful("composite/sobjects", method="POST", json={"records": rows})
    assert all(item["success"] for item in made)
    wanted = {"ids": [item["id"] for item in made], "fields": ["LastName"]}
    read = client.restful("composite/sobjects/Contact", method="POST", json=wanted)
    assert [row["LastName"] for row in read] == [row["LastName"] for row in rows]
    gone = client.restful(
        "composite/sobjects", method="DELETE", params={"ids": ",".join(wanted["ids"][:2])}
    )
    assert [item["success"] for item in gone] == [True, True]


def test_it_describes(client):
    names = [sobject["name"] for sobject in client.describe()["sobjects"]]
    assert {"Account", "Contact", "Lead", "Opportunity", "Case", "User"} <= set(names)
    assert client.restful("sobjects/Contact/describe")["keyPrefix"] == "003"
    assert client.limits()["DailyApiRequests"]["Max"] == 100_000


def test_it_asks_what_changed(client):
    ada = create(client)
    now = datetime.now(UTC)
    window = {
        "start": (now - timedelta(minutes=5)).isoformat(),
        "end": (now + timedelta(minutes=2)).isoformat(),
    }
    assert client.restful("sobjects/Contact/updated/", params=window)["ids"] == [ada]


def test_refusals_become_its_exceptions(client, salesforce_control):
    with pytest.raises(SalesforceMalformedRequest) as refused:
        client.restful("sobjects/Contact", method="POST", json={})
    assert refused.value.content[0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    with pytest.raises(SalesforceMalformedRequest):
        client.query("SELECT Nonsense FROM Contact")
    salesforce_control.call("POST", "actions/daily-calls", max=1, used=1)
    with pytest.raises(SalesforceRefusedRequest):
        client.limits()
    salesforce_control.call("POST", "actions/expire-sessions")
    with pytest.raises(SalesforceExpiredSession):
        client.limits()


def test_its_typed_calls_do_what_they_say(client, salesforce_control):
    contacts = client.Contact
    made = contacts.create({"LastName": "Lovelace", "Email": "ada@a.example"})
    assert (made["success"], made["errors"]) == (True, [])
    ada = made["id"]
    assert contacts.update(ada, {"Title": "Countess"}) == 204
    assert contacts.get(ada)["Title"] == "Countess"
    assert contacts.upsert("Email/bo@a.example", {"LastName": "Bauer"}) == 201
    assert contacts.upsert("Email/bo@a.example", {"Title": "Engineer"}) == 200
    bo = contacts.get_by_custom_id("Email", "bo@a.example")["Id"]
    assert contacts.metadata()["objectDescribe"]["name"] == "Contact"
    assert "Email" in {field["name"] for field in contacts.describe()["fields"]}
    assert contacts.delete(bo) == 204
    salesforce_control.call("POST", "clock", shift_seconds=120)
    now = datetime.now(UTC)
    window = (now - timedelta(minutes=5), now + timedelta(minutes=4))
    assert ada in contacts.updated(*window)["ids"]
    assert [row["id"] for row in contacts.deleted(*window)["deletedRecords"]] == [bo]


def test_one_address_of_two_people_is_an_error_of_its_own(client):
    for name in ("Lovelace", "Byron"):
        create(client, LastName=name, Email="ada@a.example")
    with pytest.raises(SalesforceMoreThanOneRecord) as refused:
        client.Contact.upsert("Email/ada@a.example", {"Title": "Countess"})
    assert len(refused.value.content) == 2


def test_it_reads_every_page_deleted_rows_too(client, salesforce_control):
    salesforce_control.call("POST", "load", object="Contact", count=2100, seed=1)
    one = client.query("SELECT Id FROM Contact LIMIT 1")["records"][0]["Id"]
    client.restful(f"sobjects/Contact/{one}", method="DELETE")
    rows = client.query_all("SELECT Id FROM Contact", include_deleted=True)
    assert (rows["totalSize"], len(rows["records"]), rows["done"]) == (2100, 2100, True)
    live = list(client.query_all_iter("SELECT Id, Name FROM Contact ORDER BY Id"))
    assert len(live) == 2099


def test_one_call_carries_many_that_name_each_other(client):
    account = {
        "method": "POST",
        "url": "/services/data/v66.0/sobjects/Account",
        "referenceId": "account",
        "body": {"Name": "Analytical Engines"},
    }
    contact = {
        "method": "POST",
        "url": "/services/data/v66.0/sobjects/Contact",
        "referenceId": "contact",
        "body": {"LastName": "Lovelace", "AccountId": "@{account.id}"},
    }
    asked = {
        "method": "GET",
        "url": "/services/data/v66.0/query?q=SELECT+Account.Name+FROM+Contact",
        "referenceId": "asked",
    }
    sent = {"allOrNone": True, "compositeRequest": [account, contact, asked]}
    parts = client.restful("composite", method="POST", json=sent)["compositeResponse"]
    assert [part["httpStatusCode"] for part in parts] == [201, 201, 200]
    (row,) = parts[2]["body"]["records"]
    assert row["Account"]["Name"] == "Analytical Engines"


def test_its_jobs_insert_update_upsert_and_delete(client, salesforce_control):
    salesforce_control.call("POST", "actions/bulk", seconds=0)
    jobs = client.bulk2.Contact
    people = [{"LastName": f"L{n}", "Email": f"l{n}@a.example"} for n in range(3)]
    assert jobs.insert(records=people, wait=0.05)[0]["numberRecordsFailed"] == 0
    rows = client.query("SELECT Id, LastName FROM Contact ORDER BY LastName")["records"]
    ids = [row["Id"] for row in rows]
    jobs.update(records=[{"Id": ids[0], "Title": "Countess"}], wait=0.05)
    again = [{"Email": "l1@a.example", "LastName": "L1", "Title": "Engineer"}]
    jobs.upsert(records=again, external_id_field="Email", wait=0.05)
    (done,) = jobs.delete(records=[{"Id": ids[2]}, {"Id": "003000000000009AAA"}], wait=0.05)
    assert (done["numberRecordsProcessed"], done["numberRecordsFailed"]) == (2, 1)
    assert jobs.get_unprocessed_records(done["job_id"]).split() == ['"Id"']
    text = "".join(jobs.query("SELECT LastName, Title FROM Contact ORDER BY LastName", wait=0.05))
    assert text.split() == ['"LastName","Title"', '"L0","Countess"', '"L1","Engineer"']
    every = "".join(jobs.query_all("SELECT LastName FROM Contact", wait=0.05))
    assert every.split() == ['"LastName"', '"L0"', '"L1"', '"L2"']
