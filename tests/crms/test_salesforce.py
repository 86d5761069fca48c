"""Salesforce's own ways, against its simulator: what is asked how often, and what goes wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import orjson
import pytest

from sync_engine.core.allocation import AllocationSpent, Cause
from sync_engine.core.errors import CrmError
from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.values import Crm, RecordRef
from sync_engine.crms import salesforce_fields
from sync_engine.crms.access import Access, Hosts
from sync_engine.crms.base import Asked, Row
from sync_engine.crms.salesforce import SalesforceClient
from sync_engine.crms.salesforce_api import first_problem
from tests.simulated import CountingMeter, OneToken, Shelf, salesforce_client, token_of

KEY = "HubSpot_24816357_Id__c"


@pytest.fixture
def meter():
    return CountingMeter()


@pytest.fixture
def salesforce(salesforce_control, meter):
    client = salesforce_client(salesforce_control.url, token_of(salesforce_control), meter)
    client.ensure_key("Contact", KEY, "HubSpot record ID")
    return client


@pytest.fixture
def person_creates(salesforce_control):
    def create(**values):
        values = {"LastName": "Lovelace", **values}
        answer = salesforce_control.call("POST", "records/Contact", by="Ada", values=values)
        return answer["id"]

    return create


def an_hour_ago():
    return datetime.now(UTC) - timedelta(hours=1)


def test_its_calls_are_counted_as_the_vendor_counts_them(
    salesforce, salesforce_control, meter, person_creates
):
    salesforce_control.call("DELETE", "calls")
    meter.calls.clear()
    id = person_creates(Email="ada@example.org")
    salesforce.identity()
    salesforce.daily_call_limit()
    salesforce.changed([Asked("Contact", an_hour_ago(), ("Email",))])
    salesforce.read("Contact", [id], ["Email"])
    salesforce.find("Contact", "Email", ["ada@example.org"], ["LastName"])
    salesforce.update("Contact", [Row({"MailingCity": "Turin"}, id=id)])
    salesforce.create("Contact", [Row({"LastName": "Hopper"}, key="501")], KEY)
    assert meter.calls.total() == salesforce_control.cost()
    assert meter.calls == {
        Cause.DESCRIBE: 2,
        Cause.POLLING: 1,
        Cause.READING: 2,
        Cause.WRITING: 2,
    }


def test_several_objects_are_polled_in_one_call(salesforce, meter):
    asked = [Asked(name, an_hour_ago(), ("Name",)) for name in ("Contact", "Account")]
    salesforce.changed(asked)
    meter.calls.clear()
    assert set(salesforce.changed(asked).rows) == {"Contact", "Account"}
    assert meter.calls == {Cause.POLLING: 1}


def test_what_does_not_fit_on_a_page_is_paged_to_its_end(salesforce, salesforce_control, meter):
    salesforce_control.call("POST", "load", object="Contact", count=2001, seed=1)
    salesforce.read("Contact", [], ["Email"])
    meter.calls.clear()
    asked = [Asked("Contact", datetime(2000, 1, 1, tzinfo=UTC), ("Email",))]
    rows = salesforce.changed(asked).rows["Contact"]
    assert len({row.id for row in rows}) == 2001
    assert meter.calls == {Cause.POLLING: 2}
    found = salesforce.read("Contact", [row.id for row in rows], ["Email"])
    assert len(found) == 2001
    assert meter.calls == {Cause.POLLING: 2, Cause.READING: 2}


def test_deleted_rows_come_with_the_changed(salesforce, salesforce_control, person_creates):
    id = person_creates()
    salesforce_control.call("DELETE", f"records/Contact/{id}", by="Ada")
    rows = salesforce.changed([Asked("Contact", an_hour_ago())]).rows["Contact"]
    assert [(row.id, row.is_deleted, row.became) for row in rows] == [(id, True, None)]


def test_an_address_with_a_quote_is_found(salesforce, person_creates):
    id = person_creates(Email="o'brien@example.org")
    (found,) = salesforce.find("Contact", "Email", ["O'Brien@example.org"], []).values()
    assert [record.id for record in found] == [id]


def test_a_token_that_is_refused_is_renewed_once(salesforce_control):
    url, good = salesforce_control.url, token_of(salesforce_control)
    tokens = OneToken(Access("gone", url), next=good)
    hosts = Hosts(Crm.SALESFORCE, loopback=True)
    client = SalesforceClient(tokens, hosts, CountingMeter(), Shelf())
    assert client.daily_call_limit() > 0
    assert tokens.renewed == 1


def test_a_token_that_stays_refused_signs_us_out(salesforce_control):
    tokens = OneToken(Access("gone", salesforce_control.url), next="gone too")
    hosts = Hosts(Crm.SALESFORCE, loopback=True)
    client = SalesforceClient(tokens, hosts, CountingMeter(), Shelf())
    with pytest.raises(CrmError) as refused:
        client.daily_call_limit()
    assert refused.value.problem.type.slug == "signed-out"
    assert tokens.renewed == 1


@pytest.mark.parametrize("fault", [{"status": 503, "body": "<html>"}, {"drop": True}])
def test_a_write_without_a_clear_answer_is_in_doubt(
    salesforce, salesforce_control, person_creates, fault
):
    id = person_creates()
    salesforce_control.call(
        "POST", "faults", path="composite/sobjects$", times=1, moment="after", **fault
    )
    (outcome,) = salesforce.update("Contact", [Row({"MailingCity": "Turin"}, id=id)])
    assert outcome.in_doubt
    read = salesforce.read("Contact", [id], ["MailingCity"])
    assert read[id].values == {"MailingCity": "Turin"}


def test_a_write_that_never_left_is_in_no_doubt():
    tokens = OneToken(Access("any", "http://127.0.0.1:1"))
    hosts = Hosts(Crm.SALESFORCE, loopback=True)
    client = SalesforceClient(tokens, hosts, CountingMeter(), Shelf())
    with pytest.raises(CrmError) as failed:
        client.update("Contact", [Row({"MailingCity": "Turin"}, id="003000000000001AAA")])
    assert not failed.value.in_doubt
    assert failed.value.problem.type.slug == "temporary"


def test_no_call_is_made_without_a_reservation(salesforce_control):
    class Spent:
        def reserve(self, crm, cause):
            raise AllocationSpent("0 of 0 calls are left.")

    token = token_of(salesforce_control)
    client = salesforce_client(salesforce_control.url, token, Spent())
    salesforce_control.call("DELETE", "calls")
    with pytest.raises(AllocationSpent):
        client.daily_call_limit()
    assert salesforce_control.paths() == []


def test_a_token_is_not_sent_to_a_strange_host(salesforce_control):
    tokens = OneToken(Access("any", salesforce_control.url))
    client = SalesforceClient(tokens, Hosts(Crm.SALESFORCE), CountingMeter(), Shelf())
    with pytest.raises(CrmError) as refused:
        client.daily_call_limit()
    assert refused.value.problem.type.slug == "strange-address"


def test_a_redirect_is_not_followed(salesforce, salesforce_control):
    salesforce_control.call("DELETE", "calls")
    salesforce_control.call(
        "POST", "faults", path="limits$", status=302, headers={"location": "/elsewhere"}
    )
    with pytest.raises(CrmError):
        salesforce.daily_call_limit()
    assert salesforce_control.paths() == [("GET", "/services/data/v66.0/limits", 1)]


def test_a_next_page_elsewhere_is_not_asked_for(salesforce, salesforce_control, person_creates):
    """The token goes to the org's own address only, whatever an answer names."""
    person_creates()
    page = {"records": [], "done": False, "nextRecordsUrl": "http://127.0.0.1:1/stolen"}
    answer = {"compositeResponse": [{"httpStatusCode": 200, "body": page}]}
    salesforce_control.call("DELETE", "calls")
    salesforce_control.call("POST", "faults", path="composite$", status=200, body=answer)
    with pytest.raises(CrmError):
        salesforce.changed([Asked("Contact", an_hour_ago())])
    assert all(
        path.startswith("/services/data/v66.0/") for _, path, _ in salesforce_control.paths()
    )


def test_one_value_that_cannot_be_parsed_holds_back_no_other(
    salesforce, salesforce_control, person_creates
):
    ids = [person_creates() for _ in range(4)]
    salesforce_control.call(
        "POST",
        "faults",
        path="composite/sobjects$",
        contains="not a city",
        status=400,
        body=[{"errorCode": "JSON_PARSER_ERROR", "message": "Cannot deserialize"}],
    )
    cities = ["Turin", "Rome", "not a city", "Genoa"]
    rows = [Row({"MailingCity": city}, id=id) for id, city in zip(ids, cities, strict=True)]
    outcomes = salesforce.update("Contact", rows)
    assert [outcome.problem is None for outcome in outcomes] == [True, True, False, True]
    assert outcomes[2].problem.type.slug == "invalid-format"


def test_a_field_that_was_hidden_meanwhile_is_absent(
    salesforce, salesforce_control, person_creates
):
    id = person_creates(Title="Countess")
    asked = [Asked("Contact", an_hour_ago(), ("LastName", "Title"))]
    (row,) = salesforce.changed(asked).rows["Contact"]
    assert row.record.values == {"LastName": "Lovelace", "Title": "Countess"}
    salesforce_control.call("POST", "actions/hide-field", object="Contact", field="Title")
    (row,) = salesforce.changed(asked).rows["Contact"]
    assert row.record.values == {"LastName": "Lovelace"}
    assert salesforce.read("Contact", [id], ["Title"])[id].values == {}
    assert "Title" not in salesforce.fields("Contact")


@pytest.mark.parametrize(
    ("action", "slug"),
    [
        ("validation-rule", "validation-rule"),
        ("failing-trigger", "custom-code"),
        ("lock-rows", "temporary"),
    ],
)
def test_what_the_org_itself_refuses_is_told_apart(
    salesforce, salesforce_control, person_creates, action, slug
):
    id = person_creates()
    where = "MailingCity = 'Rome'"
    salesforce_control.call("POST", f"actions/{action}", object="Contact", where=where)
    (refused,) = salesforce.update("Contact", [Row({"MailingCity": "Rome"}, id=id)])
    assert refused.problem.type.slug == slug


def test_every_field_of_a_refusal_is_named(salesforce):
    (refused,) = salesforce.create("Contact", [Row({"FirstName": "Ada"}, key="502")], KEY)
    assert refused.problem.type.slug == "required-field-missing"
    assert refused.problem.fields == ("LastName",)
    assert refused.problem.code == "REQUIRED_FIELD_MISSING"


def test_an_object_that_the_user_may_not_see_is_a_permission(salesforce):
    with pytest.raises(CrmError) as hidden:
        salesforce.fields("Nothing__c")
    assert hidden.value.problem.type.slug == "object-permission"


REFUSALS = [
    (400, [{"errorCode": "STRING_TOO_LONG", "message": "m", "fields": ["Title"]}], "text-too-long"),
    (400, {"error": "invalid_grant", "error_description": "expired"}, "signed-out"),
    (503, "<html>Down for maintenance</html>", "temporary"),
    (400, [], "other"),
    (404, [{"errorCode": "NOT_FOUND", "message": "m"}], "record-deleted"),
    (403, "Bad_OAuth_Token", "signed-out"),
    (300, ["/services/data/v66.0/sobjects/Contact/003"], "value-already-in-use"),
]


@pytest.mark.parametrize(("status", "body", "slug"), REFUSALS)
def test_a_refusal_is_read_in_every_shape(status, body, slug):
    assert first_problem(status, body).type.slug == slug


VALUES = [
    (FieldKind.TEXT, "Turin", "Turin"),
    (FieldKind.NUMBER, 3, Decimal(3)),
    (FieldKind.NUMBER, Decimal("0.10"), Decimal("0.1")),
    (FieldKind.YES_NO, False, False),
    (FieldKind.DATE, "2026-01-31", date(2026, 1, 31)),
    (FieldKind.MOMENT, "2026-01-31T08:00:00.000+0000", datetime(2026, 1, 31, 8, tzinfo=UTC)),
    (FieldKind.TEXT, None, None),
    (FieldKind.TEXT, "  ", None),
    # What is not of its field's kind after all
    (FieldKind.NUMBER, "many", "many"),
    (FieldKind.DATE, "12026-01-31", "12026-01-31"),
    (FieldKind.MOMENT, 7, "7"),
]


@pytest.mark.parametrize(("kind", "json", "value"), VALUES)
def test_a_json_value_is_read_as(kind, json, value):
    assert salesforce_fields.decoded(json, Field("x", "X", kind)) == value


@pytest.mark.parametrize(
    ("value", "json"),
    [
        (None, b"null"),
        ("", b"null"),
        (False, b"false"),
        (Decimal("12345678901234567.89"), b"12345678901234567.89"),
        (date(2026, 1, 31), b'"2026-01-31"'),
        (datetime(2026, 1, 31, 8, tzinfo=UTC), b'"2026-01-31T08:00:00.000+00:00"'),
    ],
)
def test_a_value_is_written_as(value, json):
    assert orjson.dumps(salesforce_fields.encoded(value)) == json


def test_a_describe_says_what_a_field_is():
    described = {
        "name": "X",
        "label": "X",
        "nillable": False,
        "createable": True,
        "updateable": True,
        "defaultedOnCreate": False,
        "picklistValues": [
            {"value": "Mr.", "active": True},
            {"value": "Sir", "active": False},
        ],
        "restrictedPicklist": True,
        "length": 40,
    }
    fields = salesforce_fields.fields_of(
        {
            "fields": [
                described | {"type": "picklist"},
                described | {"name": "Box", "type": "boolean", "length": 0},
                described | {"name": "Whole", "type": "address"},
                described
                | {"name": "Money", "type": "currency", "precision": 18, "scale": 2, "digits": 0},
                described
                | {"name": "People", "type": "int", "precision": 0, "scale": 0, "digits": 8},
                described | {"name": "Born", "type": "date", "precision": 0, "scale": 0},
            ]
        }
    )
    assert set(fields) == {"X", "Box", "Money", "People", "Born"}
    assert (fields["Money"].digits, fields["People"].digits) == (16, 8)
    assert fields["X"].digits is fields["Born"].digits is fields["X"].years is None
    assert fields["Born"].years == (1700, 4000)
    assert fields["X"].options == ("Mr.",)
    assert (fields["X"].restricted, fields["X"].max_length) == (True, 40)
    assert (fields["X"].is_required, fields["Box"].is_required) == (True, False)
    assert (fields["X"].blank_is, fields["Box"].blank_is) == (None, False)


def test_a_person_account_is_written_through_its_account(salesforce, salesforce_control):
    """Its contact is a shadow that nobody may write to."""
    record_type = salesforce_control.call("POST", "actions/person-accounts")["id"]
    account = salesforce_control.call(
        "POST",
        "records/Account",
        by="Ada",
        values={"LastName": "Byron", "RecordTypeId": record_type, "PersonEmail": "ada@example.org"},
    )
    salesforce.ensure_key("Contact", KEY, "HubSpot record ID")
    ((_, (shadow,)),) = salesforce.find("Contact", "Email", ["ada@example.org"], ["Title"]).items()
    assert shadow.stands_for == RecordRef("Account", account["id"])
    values = {"Title": "Countess", "MailingCity": "London", KEY: "501", "Phone": "1"}

    row = Row(values, id=shadow.id, instead=shadow.stands_for)
    bad = Row({"Email": "no address"}, id=shadow.id, instead=shadow.stands_for)
    (done,) = salesforce.update("Contact", [row])
    (refused,) = salesforce.update("Contact", [bad])

    assert (done.id, done.problem) == (shadow.id, None)
    assert salesforce.read("Contact", [shadow.id], [*values])[shadow.id].values == values
    assert refused.problem.fields == ("Email",)


def test_every_answer_tells_what_the_whole_org_has_used(salesforce, meter):
    salesforce.daily_call_limit()
    used, limit = meter.org
    assert 0 < used < limit
