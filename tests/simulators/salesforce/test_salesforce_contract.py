"""What holds every exchange against Salesforce's contract does find what breaks it."""

from __future__ import annotations

import orjson
import pytest

from tests.simulators.salesforce.contract import answer_faults

DATA = "/services/data/v66.0"
JSON = {"content-type": "application/json", "sforce-limit-info": "api-usage=5/100000"}
ADA = "0035j0000000001AAA"
STAMP = "2026-01-31T08:00:00.000+0000"
ROW = {
    "attributes": {"type": "Contact", "url": f"{DATA}/sobjects/Contact/{ADA}"},
    "Id": ADA,
    "SystemModstamp": STAMP,
    "IsDeleted": False,
    "Account": {"attributes": {"type": "Account"}, "Name": "Acme"},
}
PAGE = {"totalSize": 1, "done": True, "records": [ROW]}
GONE = [{"message": "entity is deleted", "errorCode": "ENTITY_IS_DELETED", "fields": []}]


def faults(body, path="/query", method="GET", status=200, headers=JSON, sent=b""):
    told = b"" if body is None else orjson.dumps(body)
    return answer_faults(method, DATA + path, status, headers, told, sent)


@pytest.mark.parametrize(
    "broken",
    [
        {"Id": ADA[:15]},
        {"SystemModstamp": "2026-01-31T08:00:00Z"},
        {"SystemModstamp": 1767225600000},
        {"IsDeleted": "false"},
        {"attributes": {}},
        {"Account": ["Acme"]},
    ],
)
def test_a_record_that_salesforce_would_not_show_is_found(broken):
    assert not faults(PAGE)
    assert faults({**PAGE, "records": [{**ROW, **broken}]})


def test_a_page_says_where_the_next_is_exactly_if_there_is_one():
    assert faults({**PAGE, "done": False})
    assert faults({**PAGE, "nextRecordsUrl": f"{DATA}/query/0r8x-2000"})
    assert not faults({**PAGE, "done": False, "nextRecordsUrl": f"{DATA}/query/0r8x-2000"})


def test_an_answer_without_the_use_of_the_allocation_is_found():
    assert faults(PAGE, headers={"content-type": "application/json"})


def test_a_status_or_a_call_that_salesforce_does_not_know_is_found():
    assert faults(PAGE, status=202)
    assert faults({}, "/sobjects/Contact/a/b/c")
    assert faults(ROW, f"/sobjects/Contact/{ADA}", "PATCH", 204)
    assert not faults(None, f"/sobjects/Contact/{ADA}", "PATCH", 204)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (GONE[0], 404),
        ([], 404),
        ([{"message": "entity is deleted"}], 404),
        ([{**GONE[0], "statusCode": "ENTITY_IS_DELETED"}], 404),
        (GONE, 403),
        ([{"message": "Session expired", "errorCode": "INVALID_SESSION_ID"}], 400),
    ],
)
def test_an_error_of_another_form_or_with_another_status_is_found(body, status):
    assert not faults(GONE, status=404)
    assert faults(body, status=status)


def test_an_item_that_failed_has_no_id_and_one_that_did_not_has_no_error():
    refused = {"statusCode": "MALFORMED_ID", "message": "malformed id 1", "fields": []}
    done, failed = (
        {"id": ADA, "success": True, "errors": []},
        {"success": False, "errors": [refused]},
    )
    at = ("/composite/sobjects", "POST")
    assert not faults([done, failed], *at)
    assert faults([{**failed, "id": ADA}], *at)
    assert faults([{**done, "errors": [refused]}], *at)
    assert faults([{**failed, "errors": [{**refused, "errorCode": "MALFORMED_ID"}]}], *at)
    assert faults([done], "/composite/sobjects/Contact/Key__c", "PATCH")


def test_the_parts_of_a_composite_and_a_batch_are_calls_of_their_own():
    part = {"method": "GET", "url": f"{DATA}/query?q=x", "referenceId": "a"}
    sent = orjson.dumps({"compositeRequest": [part]})
    answer = {"httpHeaders": {}, "httpStatusCode": 200, "referenceId": "a"}
    for body, is_right in ((PAGE, True), (GONE, False)):
        told = {"compositeResponse": [{**answer, "body": body}]}
        assert (not faults(told, "/composite", "POST", sent=sent)) is is_right
    sent = orjson.dumps({"batchRequests": [{"method": "GET", "url": "v66.0/query?q=x"}]})
    for body, is_right in ((PAGE, True), (GONE, False)):
        told = {"hasErrors": False, "results": [{"statusCode": 200, "result": body}]}
        assert (not faults(told, "/composite/batch", "POST", sent=sent)) is is_right


def test_a_refused_login_is_an_object_not_a_list():
    refused = {"error": "invalid_grant", "error_description": "inactive user"}
    told = ("POST", "/services/oauth2/token", 400, JSON)
    assert not answer_faults(*told, orjson.dumps(refused))
    assert answer_faults(*told, orjson.dumps([refused]))
