"""What holds every exchange against HubSpot's contract does find what breaks it."""

from __future__ import annotations

import orjson
import pytest

from tests.simulators.hubspot.contract import hubspot_contract

RECORD = {
    "id": "501",
    "properties": {"email": None},
    "createdAt": "2026-01-02T03:04:05.678Z",
    "updatedAt": "2026-01-02T03:04:05.678Z",
    "archived": False,
}
CONTACT = "/crm/v3/objects/contacts/501"


def answered(body, method="GET", path=CONTACT, status=200):
    return hubspot_contract().answer_faults(method, path, status, orjson.dumps(body))


def asked(method, target, body):
    return hubspot_contract().request_faults(method, target, orjson.dumps(body))


@pytest.mark.parametrize(
    "path",
    [
        CONTACT,
        "/crm/objects/2026-03/0-1/501/",
        "/crm/v3/objects/deal/501",
        "/crm/v3/objects/tickets/501",
        "/crm/v3/objects/2-123/501",
    ],
)
def test_a_record_is_checked_in_both_families_and_of_every_type(path):
    assert not answered(RECORD, path=path)
    assert answered({**RECORD, "id": 501}, path=path)
    assert answered({**RECORD, "createdAt": "yesterday"}, path=path)
    assert answered({name: value for name, value in RECORD.items() if name != "id"}, path=path)


def test_a_value_that_is_no_text_is_found():
    assert answered({**RECORD, "properties": {"score": 5}})


def test_a_status_that_hubspot_does_not_give_is_found():
    assert answered(RECORD, status=202)


def test_a_call_that_hubspot_does_not_have_is_found():
    assert answered(RECORD, path="/crm/v3/objects/contacts/501/teapot")


def test_an_error_without_a_message_is_found():
    assert not answered({"message": "resource not found"}, status=404)
    assert answered({"error": "resource not found"}, status=404)


def test_a_body_where_there_is_none_is_found():
    assert answered({}, "DELETE", status=204)
    assert not hubspot_contract().answer_faults("DELETE", CONTACT, 204, b"")


def test_a_request_with_an_unknown_query_or_operator_or_a_missing_member_is_found():
    search = "/crm/v3/objects/contacts/search?"
    wanted = {"propertyName": "email", "operator": "EQ", "value": "ana@example.com"}
    assert not asked("POST", search, {"filterGroups": [{"filters": [wanted]}]})
    assert asked("POST", search, {"filterGroups": [{"filters": [{**wanted, "operator": "LIKE"}]}]})
    assert asked("POST", "/crm/v3/objects/contacts/batch/update?", {"inputs": [{"id": "501"}]})
    assert asked("GET", f"{CONTACT}?property=email", None)


def test_the_dated_family_archives_associations_with_200():
    path = "/crm/associations/{}/contacts/companies/batch/archive"
    assert not answered({}, "POST", path.format("2026-03"), 200)
    assert not hubspot_contract().answer_faults("POST", path.format("v4"), 204, b"")
