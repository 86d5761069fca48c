"""HubSpot's own ways, against its simulator: what is asked how often, and what goes wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from sync_engine.core.allocation import Cause
from sync_engine.core.errors import CrmError
from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.values import Crm
from sync_engine.crms import hubspot_fields, oauth
from sync_engine.crms.base import Asked, Row
from sync_engine.crms.hubspot_api import problem_of
from sync_engine.crms.hubspot_batch import outcomes
from tests.crms.test_oauth import app_at, grant
from tests.logins import VERIFIER
from tests.simulated import CountingMeter, hubspot_client, token_of

KEY = "crmsync_salesforce_id"


@pytest.fixture
def meter():
    return CountingMeter()


@pytest.fixture
def hubspot(hubspot_control, meter):
    client = hubspot_client(hubspot_control.url, token_of(hubspot_control), meter)
    client.ensure_key("contacts", KEY, "Salesforce record ID")
    return client


@pytest.fixture
def person_creates(hubspot_control):
    def create(**values):
        answer = hubspot_control.call("POST", "records/contacts", by="Ada", values=values)
        return answer["id"]

    return create


def an_hour_ago():
    return datetime.now(UTC) - timedelta(hours=1)


def test_its_calls_are_counted_as_the_vendor_counts_them(
    hubspot, hubspot_control, meter, person_creates
):
    hubspot_control.call("DELETE", "calls")
    meter.calls.clear()
    id = person_creates(email="ada@example.org")
    hubspot.identity()
    hubspot.changed([Asked("contacts", an_hour_ago())])
    hubspot.read("contacts", [id], ["email"])
    hubspot.edited_at("contacts", {id: ["email"]})
    hubspot.update("contacts", [Row({"city": "Turin"}, id=id)])
    assert meter.calls.total() == hubspot_control.cost() == 5
    assert meter.calls[Cause.WRITING] == 1


def test_records_are_read_by_the_hundred(hubspot, hubspot_control):
    hubspot_control.call("POST", "load", object="contacts", count=201, seed=1)
    rows = hubspot.changed([Asked("contacts", datetime(2000, 1, 1, tzinfo=UTC))]).rows["contacts"]
    assert len({row.id for row in rows}) == 201  # two pages of a search
    hubspot_control.call("DELETE", "calls")
    found = hubspot.read("contacts", [row.id for row in rows], ["email"])
    assert len(found) == 201
    assert hubspot_control.paths() == [("POST", "/crm/v3/objects/contacts/batch/read", 3)]


def test_an_e_mail_that_another_contact_bears_names_that_contact(hubspot, person_creates):
    owner = person_creates(email="ada@example.org")
    other = person_creates(email="grace@example.org")
    rows = [
        Row({"email": "ada@example.org"}, key="003000000000001AAA"),
        Row({"email": "edsger@example.org"}, key="003000000000002AAA"),
    ]
    refused, made = hubspot.create("contacts", rows, KEY)
    assert (refused.id, refused.problem.type.slug) == (owner, "email-already-in-use")
    assert made.created
    (refused,) = hubspot.update("contacts", [Row({"email": "ada@example.org"}, id=other)])
    assert (refused.id, refused.problem.type.slug) == (owner, "email-already-in-use")


def test_our_own_writes_are_no_edits(hubspot, hubspot_control, person_creates):
    id = person_creates(email="ada@example.org", city="London")
    before = hubspot.read("contacts", [id], [])[id].stamp
    app = app_at(Crm.HUBSPOT, hubspot_control.url)
    granted = oauth.exchange(app, code=grant(app, VERIFIER), verifier=VERIFIER)
    us = hubspot_client(hubspot_control.url, granted.access_token)
    us.update("contacts", [Row({"city": "Turin", "firstname": "Ada"}, id=id)])
    times = us.edited_at("contacts", {id: ["city", "firstname"]})[id]
    assert times == {"city": pytest.approx(before, abs=timedelta(seconds=2))}


def test_two_rows_of_one_record_are_written_as_one(hubspot, person_creates):
    id = person_creates(email="ada@example.org")
    rows = [Row({"city": "Turin", "zip": "1"}, id=id), Row({"city": "Rome"}, id=id)]
    outcomes = hubspot.update("contacts", rows)
    assert [(outcome.id, outcome.problem) for outcome in outcomes] == [(id, None), (id, None)]
    read = hubspot.read("contacts", [id], ["city", "zip"])
    assert read[id].values == {"city": "Rome", "zip": "1"}


@pytest.mark.parametrize("fault", [{"status": 502, "body": "<html>"}, {"drop": True}])
def test_a_write_without_a_clear_answer_is_in_doubt(
    hubspot, hubspot_control, person_creates, fault
):
    id = person_creates(email="ada@example.org")
    hubspot_control.call("POST", "faults", path="batch/update", times=1, moment="after", **fault)
    (outcome,) = hubspot.update("contacts", [Row({"city": "Turin"}, id=id)])
    assert outcome.in_doubt
    assert hubspot.read("contacts", [id], ["city"])[id].values == {"city": "Turin"}


def test_a_write_is_sent_once(hubspot, hubspot_control, person_creates):
    id = person_creates(email="ada@example.org")
    hubspot_control.call("DELETE", "calls")
    hubspot_control.call("POST", "faults", path="batch/update", status=503, body={})
    hubspot.update("contacts", [Row({"city": "Turin"}, id=id)])
    assert hubspot_control.paths() == [("POST", "/crm/v3/objects/contacts/batch/update", 1)]


def test_a_read_is_made_again_after_a_pause(hubspot, hubspot_control, person_creates):
    id = person_creates(email="ada@example.org")
    hubspot_control.call("POST", "faults", path="batch/read", times=1, status=503, body={})
    assert set(hubspot.read("contacts", [id], [])) == {id}


def test_a_redirect_is_not_followed(hubspot, hubspot_control):
    hubspot_control.call("DELETE", "calls")
    hubspot_control.call(
        "POST", "faults", path="details$", status=302, headers={"location": "/elsewhere"}
    )
    with pytest.raises(CrmError):
        hubspot.identity()
    assert hubspot_control.paths() == [("GET", "/account-info/v3/details", 1)]


def test_a_row_that_the_answer_lacks_is_in_doubt():
    answer = {"status": "COMPLETE", "results": [], "errors": []}
    (outcome,) = outcomes([Row({"city": "Turin"}, id="501")], answer, None, {})
    assert outcome.in_doubt


def test_an_answer_in_any_order_is_matched_to_its_rows():
    city = Field("city", "City", FieldKind.TEXT)
    answer = {
        "results": [
            {"id": "502", "properties": {"city": "Rome"}},
            {"id": "501", "properties": {"city": "Turin"}, "objectWriteTraceId": "0"},
        ],
        "errors": [
            {
                "status": "error",
                "category": "VALIDATION_ERROR",
                "message": "no",
                "context": {"ids": ["503"]},
            }
        ],
    }
    rows = [Row({"city": "x"}, id=id) for id in ("501", "502", "503")]
    found = outcomes(rows, answer, None, {"city": city})
    assert [outcome.held.get("city") for outcome in found] == ["Turin", "Rome", None]
    assert [outcome.problem is None for outcome in found] == [True, True, False]


def test_a_refusal_hidden_in_a_text_is_read():
    message = (
        'Property values were not valid: [{"isValid":false,"message":"…",'
        '"error":"PROPERTY_DOESNT_EXIST","name":"favourite_tea"}]'
    )
    problem = problem_of(400, {"category": "VALIDATION_ERROR", "message": message})
    assert (problem.type.slug, problem.code, problem.fields) == (
        "mapping-needs-attention",
        "PROPERTY_DOESNT_EXIST",
        ("favourite_tea",),
    )


def test_an_unknown_scope_stops_everything(hubspot_control):
    answer = hubspot_control.call("POST", "token", scopes=["oauth"])
    shut_out = hubspot_client(hubspot_control.url, answer["access_token"])
    with pytest.raises(CrmError) as refused:
        shut_out.read("contacts", ["501"], [])
    assert refused.value.problem.type.slug == "missing-scopes"


VALUES = [
    (FieldKind.TEXT, "Turin", "Turin"),
    (FieldKind.NUMBER, "12.50", Decimal("12.5")),
    (FieldKind.YES_NO, "true", True),
    (FieldKind.YES_NO, "False", False),
    (FieldKind.DATE, "2026-01-31", datetime(2026, 1, 31, tzinfo=UTC).date()),
    (FieldKind.MOMENT, "2026-01-31T08:00:00.123Z", datetime(2026, 1, 31, 8, 0, 0, 123000, UTC)),
    (FieldKind.MOMENT, "2026-01-31T08:00:00Z", datetime(2026, 1, 31, 8, tzinfo=UTC)),
    (FieldKind.MOMENT, "1769846400000", datetime(2026, 1, 31, 8, tzinfo=UTC)),
    (FieldKind.TEXT, "", None),
    (FieldKind.NUMBER, None, None),
    # What is not of its property's kind after all
    (FieldKind.NUMBER, "many", "many"),
    (FieldKind.NUMBER, "NaN", "NaN"),
    (FieldKind.YES_NO, "perhaps", "perhaps"),
    (FieldKind.DATE, "31.01.2026", "31.01.2026"),
    (FieldKind.MOMENT, "soon", "soon"),
    (FieldKind.MOMENT, "9" * 20, "9" * 20),
]


@pytest.mark.parametrize(("kind", "text", "value"), VALUES)
def test_a_property_text_is_read_as(kind, text, value):
    assert hubspot_fields.decoded(text, Field("x", "X", kind)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (Decimal("1E+3"), "1000"),
        (datetime(2026, 1, 31, 8, tzinfo=UTC), "2026-01-31T08:00:00.000Z"),
        (datetime(2026, 1, 31, tzinfo=UTC).date(), "2026-01-31"),
    ],
)
def test_a_value_is_written_as(value, text):
    assert hubspot_fields.encoded(value) == text


DEFINITIONS = [
    ("string", "text", FieldKind.TEXT),
    ("string", "phonenumber", FieldKind.PHONE),
    ("enumeration", "select", FieldKind.PICKLIST),
    ("enumeration", "checkbox", FieldKind.MULTI_PICKLIST),
    ("enumeration", "booleancheckbox", FieldKind.YES_NO),
    ("bool", "booleancheckbox", FieldKind.YES_NO),
    ("number", "number", FieldKind.NUMBER),
    ("date", "date", FieldKind.DATE),
    ("datetime", "date", FieldKind.MOMENT),
    ("number", "calculation_equation", FieldKind.NUMBER),
]


@pytest.mark.parametrize(("type_", "form", "kind"), DEFINITIONS)
def test_a_definition_is_a_field_of_kind(type_, form, kind):
    definition = {
        "name": "x",
        "label": "X",
        "type": type_,
        "fieldType": form,
        "options": [],
        "modificationMetadata": {"readOnlyValue": True},
    }
    field = hubspot_fields.fields_of([definition])["x"]
    assert (field.kind, field.writable) == (kind, False)


def test_options_come_in_the_portals_order_and_those_without_a_place_last():
    places = {"customer": 4, "other": -1, "lead": 1, "subscriber": 0}
    options = [{"value": value, "displayOrder": place} for value, place in places.items()]
    definition = {"name": "stage", "label": "Stage", "type": "enumeration", "fieldType": "radio"}
    found = hubspot_fields.fields_of([{**definition, "options": options}])["stage"]
    assert found.options == ("subscriber", "lead", "customer", "other")
