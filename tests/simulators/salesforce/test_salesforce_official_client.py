"""simple-salesforce, over HTTP, to a simulator in a process of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from simple_salesforce.exceptions import (
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
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
