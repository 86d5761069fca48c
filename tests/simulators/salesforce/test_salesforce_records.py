"""What an org refuses and what it stores. Source: salesforce-api.md 5, 7, 10."""

from __future__ import annotations

import pytest

from sync_engine.simulators.http import Request
from tests.simulators.salesforce.conftest import KEY

CONTACT = {"attributes": {"type": "Contact"}}
UNKNOWN = "0035j00000zzzzzAAA"


def codes(items):
    return [item["errors"][0]["statusCode"] if item["errors"] else "" for item in items]


@pytest.mark.parametrize(
    ("field", "sent", "held"),
    [
        ("FirstName", "  Ada ", "Ada"),
        ("FirstName", "   ", None),
        ("FirstName", "", None),
        ("Email", " Ada@EXAMPLE.example", "ada@example.example"),
        ("Salutation", "dr.", "Dr."),
        ("LeadSource", "Word of mouth", "Word of mouth"),
        ("Description", "one\r\ntwo", "one\r\ntwo"),
        ("MailingLatitude", 1.00000000000000049, 1.0),
        ("MailingLatitude", "12.5", 12.5),
        ("DoNotCall", "TRUE", True),
        ("DoNotCall", None, False),
        ("Birthdate", "2000-02-29", "2000-02-29"),
        ("EmailBouncedDate", "2026-01-31T08:00:00.987+01:00", "2026-01-31T07:00:00.000+0000"),
    ],
)
def test_a_value_is_stored_as_salesforce_stores_it(api, field, sent, held):
    assert api.read(api.contact(**{field: sent}), field) == {field: held}


@pytest.mark.parametrize(
    ("values", "code", "fields"),
    [
        ({"FirstName": "Ada"}, "REQUIRED_FIELD_MISSING", ["LastName"]),
        ({"LastName": " "}, "REQUIRED_FIELD_MISSING", ["LastName"]),
        ({"LastName": "x" * 81}, "STRING_TOO_LONG", ["LastName"]),
        ({"Email": "ada"}, "INVALID_EMAIL_ADDRESS", ["Email"]),
        ({"Email": "a..b@example.example"}, "INVALID_EMAIL_ADDRESS", ["Email"]),
        ({"Salutation": "Sir"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", ["Salutation"]),
        ({"MailingLatitude": 1e30}, "NUMBER_OUTSIDE_VALID_RANGE", ["MailingLatitude"]),
        ({"Birthdate": "2026-02-30"}, "JSON_PARSER_ERROR", None),
        ({"DoNotCall": "perhaps"}, "JSON_PARSER_ERROR", None),
        ({"FirstName": 5}, "JSON_PARSER_ERROR", None),
        ({"AccountId": "nonsense"}, "MALFORMED_ID", ["AccountId"]),
        ({"AccountId": UNKNOWN}, "MALFORMED_ID", ["AccountId"]),
        ({"AccountId": "0015j00000zzzzz"}, "INVALID_CROSS_REFERENCE_KEY", ["AccountId"]),
        ({"Foo": 1}, "INVALID_FIELD", None),
        ({"MasterRecordId": None}, "INVALID_FIELD_FOR_INSERT_UPDATE", ["MasterRecordId"]),
        ({"Name": "Ada"}, "INVALID_FIELD_FOR_INSERT_UPDATE", ["Name"]),
    ],
)
def test_a_record_that_breaks_a_rule_is_refused(api, values, code, fields):
    answered = api("POST", "sobjects/Contact", {"LastName": "Lovelace", **values}
                   if values != {"FirstName": "Ada"} else values)  # fmt: skip
    assert answered.status == 400
    assert answered.body[0]["errorCode"] == code
    assert answered.body[0].get("fields") == fields


def test_an_update_changes_what_is_named_and_its_stamps(api, simulator):
    ada = api.contact(FirstName="Ada", Title="Countess")
    before = api.read(ada, "SystemModstamp", "CreatedDate")
    simulator.clock.shift += simulator.clock.shift.resolution * 5_000_000  # 5 s
    assert api("PATCH", f"sobjects/Contact/{ada}", {"Title": None}).status == 204
    after = api.read(ada, "Title", "Name", "SystemModstamp", "CreatedDate", "LastModifiedDate")
    assert (after["Title"], after["Name"]) == (None, "Ada Lovelace")
    assert after["CreatedDate"] == before["CreatedDate"]
    assert after["SystemModstamp"] == after["LastModifiedDate"] > before["SystemModstamp"]
    assert after["SystemModstamp"].endswith(".000+0000")


def test_what_is_required_cannot_be_emptied(api):
    answered = api("PATCH", f"sobjects/Contact/{api.contact()}", {"LastName": ""})
    assert answered.body[0]["errorCode"] == "REQUIRED_FIELD_MISSING"


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_what_is_not_there_is_not_found_and_what_was_deleted_says_so(api, method):
    gone = api.contact()
    api("DELETE", f"sobjects/Contact/{gone}")
    deleted = api(method, f"sobjects/Contact/{gone}", {})
    assert (deleted.status, deleted.body[0]["errorCode"]) == (404, "ENTITY_IS_DELETED")
    unknown = api(method, f"sobjects/Contact/{UNKNOWN}", {})
    assert (unknown.status, unknown.body[0]["errorCode"]) == (404, "NOT_FOUND")


def test_upsert_creates_then_updates_then_finds_several(keyed):
    created = keyed("PATCH", f"sobjects/Contact/{KEY}/7", {"LastName": "Lovelace"})
    assert (created.status, created.body["created"]) == (201, True)
    updated = keyed("PATCH", f"sobjects/Contact/{KEY}/7", {"Title": "Countess"})
    assert (updated.status, updated.body["created"]) == (200, False)
    assert updated.body["id"] == created.body["id"]
    assert updated.headers["location"].endswith(created.body["id"])
    for _ in range(2):
        keyed.contact(Email="twice@example.example")
    several = keyed("PATCH", "sobjects/Contact/Email/twice@example.example", {"Title": "x"})
    assert (several.status, len(several.body)) == (300, 2)


def test_upsert_by_a_field_that_is_no_key_is_not_found(api):
    answered = api("PATCH", "sobjects/Contact/Title/7", {"LastName": "Lovelace"})
    assert answered.status == 404
    assert answered.body[0]["message"].endswith("does not exist or is not accessible: Title")


def test_a_unique_value_cannot_be_had_twice(keyed):
    first = keyed.contact(**{KEY: "7"})
    answered = keyed("POST", "sobjects/Contact", {"LastName": "Other", KEY: "7"})
    assert answered.body[0]["errorCode"] == "DUPLICATE_VALUE"
    assert answered.body[0]["message"].endswith(f"record with id: {first[:15]}")
    keyed("DELETE", f"sobjects/Contact/{first}")
    assert keyed.contact(**{KEY: "7"}) != first


def test_a_parent_is_found_by_its_key(api):
    answered = api("POST", "sobjects/Contact", {"LastName": "A", "Owner": {"Email": "x"}})
    assert answered.body[0]["errorCode"] == "INVALID_FIELD"
    manager = api.contact(Email="boss@example.example")
    ada = api.contact(ReportsTo={"Email": "BOSS@example.example"})
    assert api.read(ada, "ReportsToId") == {"ReportsToId": manager}


def test_a_collection_answers_each_record_in_its_place(api):
    rows = [
        {**CONTACT, "LastName": "Abara"},
        {**CONTACT},
        {"attributes": {"type": "Account"}, "Name": "Elm Court"},
        {**CONTACT, "LastName": "Bauer", "Foo": 1},
        {"LastName": "Nobody"},
    ]
    items = api("POST", "composite/sobjects", {"records": rows}).body
    assert codes(items) == ["", "REQUIRED_FIELD_MISSING", "", "INVALID_FIELD", "INVALID_TYPE"]
    assert "id" not in items[1]
    assert api.names("SELECT LastName FROM Contact") == ["Abara"]


def test_all_or_none_rolls_back_what_was_good(api):
    rows = [{**CONTACT, "LastName": "Abara"}, {**CONTACT}]
    items = api("POST", "composite/sobjects", {"records": rows, "allOrNone": True}).body
    assert codes(items) == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "REQUIRED_FIELD_MISSING"]
    assert api.query("SELECT COUNT() FROM Contact")["totalSize"] == 0


def test_what_was_rolled_back_is_not_in_the_audit(api, simulator):
    rows = [{**CONTACT, "LastName": "Abara"}, {**CONTACT}]
    api("POST", "composite/sobjects", {"records": rows, "allOrNone": True})
    assert simulator.audit() == []
    api("POST", "composite/sobjects", {"records": rows})
    assert [entry["values"] for entry in simulator.audit()] == [{"LastName": "Abara"}]


def test_an_update_of_many_refuses_what_it_cannot_place(api):
    ada, gone = api.contact(), api.contact()
    api("DELETE", f"sobjects/Contact/{gone}")
    rows = [{"id": ada}, {"id": gone}, {"id": UNKNOWN}, {"id": "x"}, {}]
    rows = [{**CONTACT, "Title": "Poet", **row} for row in rows]
    items = api("PATCH", "composite/sobjects", {"records": rows}).body
    assert codes(items) == [
        "",
        "ENTITY_IS_DELETED",
        "INVALID_CROSS_REFERENCE_KEY",
        "MALFORMED_ID",
        "MISSING_ARGUMENT",
    ]


def test_an_upsert_of_many_says_of_each_whether_it_was_created(keyed):
    keyed.contact(**{KEY: "1"})
    rows = [{**CONTACT, "LastName": f"L{key}", KEY: key} for key in ("1", "2", "3", "3")]
    items = keyed("PATCH", f"composite/sobjects/Contact/{KEY}", {"records": rows}).body
    assert [item["created"] for item in items] == [False, True, False, False]
    assert codes(items) == ["", "", "DUPLICATE_VALUE", "DUPLICATE_VALUE"]


@pytest.mark.parametrize(
    ("records", "code"),
    [
        ([], "REQUIRED_FIELD_MISSING"),
        ([{**CONTACT, "LastName": "x"}] * 201, "EXCEEDED_ID_LIMIT"),
        ("x", "JSON_PARSER_ERROR"),
        ([1], "JSON_PARSER_ERROR"),
    ],
)
def test_a_collection_of_the_wrong_size_or_kind_is_refused_whole(api, records, code):
    answered = api("POST", "composite/sobjects", {"records": records})
    assert (answered.status, answered.body[0]["errorCode"]) == (400, code)


def test_a_retrieve_leaves_a_gap_where_there_is_no_record(api):
    ada, gone = api.contact(), api.contact()
    api("DELETE", f"sobjects/Contact/{gone}")
    body = {"ids": [ada[:15], UNKNOWN, gone, "x"], "fields": ["LastName"]}
    shown = api("POST", "composite/sobjects/Contact", body).body
    assert shown[0]["LastName"] == "Lovelace"
    assert shown[1:] == [None, None, None]
    refused = api("POST", "composite/sobjects/Contact", {"ids": [ada], "fields": ["Foo"]})
    assert (refused.status, refused.body[0]["errorCode"]) == (400, "INVALID_FIELD")


def test_a_composite_uses_earlier_answers_and_counts_once(api, simulator):
    before = simulator._org.usage.used()
    parts = [
        ("POST", "sobjects/Account", "account", {"Name": "Elm Court"}),
        ("POST", "sobjects/Contact", "ada", {"LastName": "A", "AccountId": "@{account.id}"}),
        ("GET", "sobjects/Contact/@{ada.id}?fields=AccountId", "read", None),
        ("PATCH", "sobjects/Contact/@{nobody.id}", "lost", {"Title": "x"}),
    ]
    asked = [
        {"method": m, "url": f"/services/data/v66.0/{u}", "referenceId": r, "body": b}
        for m, u, r, b in parts
    ]
    done = api("POST", "composite", {"compositeRequest": asked}).body["compositeResponse"]
    assert [part["httpStatusCode"] for part in done] == [201, 201, 200, 400]
    assert done[2]["body"]["AccountId"] == done[0]["body"]["id"]
    assert done[3]["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert simulator._org.usage.used() == before + 1


def test_a_composite_of_all_or_none_undoes_the_rest(api):
    asked = [
        {"method": "POST", "url": "/services/data/v66.0/sobjects/Contact", "referenceId": name,
         "body": body}
        for name, body in (("good", {"LastName": "A"}), ("bad", {}))
    ]  # fmt: skip
    done = api("POST", "composite", {"compositeRequest": asked, "allOrNone": True}).body
    bodies = [part["body"][0]["errorCode"] for part in done["compositeResponse"]]
    assert bodies == ["PROCESSING_HALTED", "REQUIRED_FIELD_MISSING"]
    assert api.query("SELECT COUNT() FROM Contact")["totalSize"] == 0


def test_six_queries_in_a_composite_are_one_too_many(api):
    url = "/services/data/v66.0/query?q=SELECT+Id+FROM+Contact"
    asked = [{"method": "GET", "url": url, "referenceId": f"q{n}"} for n in range(6)]
    assert api("POST", "composite", {"compositeRequest": asked[:5]}).status == 200
    assert api("POST", "composite", {"compositeRequest": asked}).status == 400


def test_an_account_takes_its_contacts_along(api):
    account = api("POST", "sobjects/Account", {"Name": "Elm Court"}).body["id"]
    api.contact(LastName="Inside", AccountId=account)
    api.contact(LastName="Outside")
    api("DELETE", f"sobjects/Account/{account}")
    assert api.names("SELECT LastName FROM Contact") == ["Outside"]


def test_what_an_account_took_along_comes_back_with_it(api, act, simulator):
    account = api("POST", "sobjects/Account", {"Name": "Elm Court"}).body["id"]
    ada = api.contact(LastName="Inside", AccountId=account)
    gone = api.contact(LastName="Gone before", AccountId=account)
    api("DELETE", f"sobjects/Contact/{gone}")
    act("object-permissions", object="Contact", delete=False)
    assert api("DELETE", f"sobjects/Account/{account}").status == 204
    assert api.names("SELECT LastName FROM Contact") == []
    act("undelete", id=account)
    assert api.names("SELECT LastName FROM Contact") == ["Inside"]
    api("DELETE", f"sobjects/Account/{account}")
    act("purge", id=account)
    assert ada not in simulator._org.store["Contact"]
    assert gone in simulator._org.store["Contact"]


@pytest.mark.parametrize("lookup", ["AccountId", "ContactId"])
def test_what_a_case_needs_cannot_be_deleted(api, lookup):
    account = api("POST", "sobjects/Account", {"Name": "Elm Court"}).body["id"]
    ids = {"AccountId": account, "ContactId": api.contact()}
    case = api("POST", "sobjects/Case", {lookup: ids[lookup]}).body["id"]
    path = f"sobjects/{lookup.removesuffix('Id')}/{ids[lookup]}"
    refused = api("DELETE", path)
    assert (refused.status, refused.body[0]["errorCode"]) == (400, "DELETE_FAILED")
    assert "associated with the following cases.: 0000" in refused.body[0]["message"]
    api("DELETE", f"sobjects/Case/{case}")
    assert api("DELETE", path).status == 204


def test_an_account_with_a_deal_that_is_won_cannot_be_deleted(api):
    account = api("POST", "sobjects/Account", {"Name": "Elm Court"}).body["id"]
    values = {"Name": "Deal", "StageName": "Prospecting", "CloseDate": "2026-12-31"}
    deal = api("POST", "sobjects/Opportunity", {**values, "AccountId": account}).body["id"]
    api("PATCH", f"sobjects/Opportunity/{deal}", {"StageName": "Closed Won"})
    assert api("DELETE", f"sobjects/Account/{account}").status == 400
    api("PATCH", f"sobjects/Opportunity/{deal}", {"StageName": "Prospecting"})
    assert api("DELETE", f"sobjects/Account/{account}").status == 204


def test_a_deal_follows_its_stage(api):
    values = {"Name": "Deal", "StageName": "Prospecting", "CloseDate": "2026-12-31"}
    deal = api("POST", "sobjects/Opportunity", values).body["id"]
    api("PATCH", f"sobjects/Opportunity/{deal}", {"StageName": "Closed Won"})
    body = api("GET", f"sobjects/Opportunity/{deal}").body
    assert (body["Probability"], body["IsClosed"], body["IsWon"]) == (100.0, True, True)


def test_a_record_that_is_known_is_not_sent_again(api):
    ada = api.contact()
    path = f"sobjects/Contact/{ada}"
    first = api("GET", path)
    for known in (
        {"if-none-match": first.headers["etag"]},
        {"if-modified-since": first.headers["last-modified"]},
    ):
        again = api("GET", path, headers=known)
        assert (again.status, again.body) == (304, "")
    api("PATCH", path, {"Title": "Countess"})
    again = api("GET", path, headers={"if-none-match": first.headers["etag"]})
    assert again.body["Title"] == "Countess"


def test_a_record_may_be_made_below_the_name_of_its_id(api):
    made = api("POST", "sobjects/Contact/Id", {"LastName": "Lovelace"})
    assert made.status == 201
    rows = [{"attributes": {"type": "Contact"}, "LastName": "Byron"}]
    (item,) = api("PATCH", "composite/sobjects/Contact/Id", {"records": rows}).body
    assert (item["success"], item["created"]) == (True, True)
    rows = [{"attributes": {"type": "Contact"}, "Id": item["id"], "LastName": "King"}]
    (item,) = api("PATCH", "composite/sobjects/Contact/Id", {"records": rows}).body
    assert (item["success"], item["created"]) == (True, False)


@pytest.mark.parametrize("wrong", [{"a": 1}, ["x"], 7, "x", True])
def test_an_id_that_is_none_is_refused_row_by_row(api, wrong):
    rows = [{"attributes": {"type": "Contact"}, "id": wrong, "Title": "x"}]
    (item,) = api("PATCH", "composite/sobjects", {"records": rows}).body
    assert item["errors"][0]["statusCode"] == "MALFORMED_ID"


def test_a_part_of_a_composite_may_have_headers_of_its_own(api):
    ada = api.contact()
    path = f"/services/data/v66.0/sobjects/Contact/{ada}"
    known = {"If-None-Match": api("GET", path).headers["etag"]}
    part = {"method": "GET", "url": path, "referenceId": "ada", "httpHeaders": known}
    plain = {"method": "GET", "url": path, "referenceId": "again", "httpHeaders": "x"}
    answered = api("POST", "composite", {"compositeRequest": [part, plain]}).body
    assert [one["httpStatusCode"] for one in answered["compositeResponse"]] == [304, 200]


def test_an_answer_is_indented_where_that_is_asked_for(api):
    def lines(**headers: str) -> int:
        sent = {"authorization": f"Bearer {api.token}", **headers}
        path = "/services/data/v66.0/limits"
        return len(
            api.simulator.answer(Request("GET", path, path, "", sent, b"")).body.splitlines()
        )

    assert lines() == 1
    assert lines(**{"x-prettyprint": "1"}) > 10


def test_an_owner_is_never_blank_and_a_default_does_not_stand_in_for_a_null(api):
    ada = api.contact()
    for answered in (
        api("POST", "sobjects/Contact", {"LastName": "A", "OwnerId": None}),
        api("PATCH", f"sobjects/Contact/{ada}", {"OwnerId": ""}),
    ):
        assert answered.body[0]["errorCode"] == "INVALID_CROSS_REFERENCE_KEY"
        assert answered.body[0]["fields"] == ["OwnerId"]
    refused = api("POST", "sobjects/Lead", {"LastName": "A", "Company": "B", "Status": None})
    assert refused.body[0]["message"] == "Required fields are missing: [Status]"
    assert api("POST", "sobjects/Contact", {"LastName": "A", "DoNotCall": None}).status == 201
