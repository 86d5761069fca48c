"""Who sees which field, what a call costs, what a test can do to an org.
Source: salesforce-api.md 0.16, 0.17, 2, 3, 6, 9."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from sync_engine.simulators.base import Refused
from sync_engine.simulators.salesforce import SalesforceSimulator
from tests.simulators.salesforce.conftest import KEY, Api

RECORDED = Path(__file__).resolve().parents[4] / "shared/contracts/salesforce/describe"

FACTS = (
    *("type", "precision", "scale", "nillable", "createable", "updateable", "referenceTo"),
    *("relationshipName", "soapType", "filterable", "sortable", "idLookup", "nameField"),
    *("defaultedOnCreate", "externalId", "unique", "digits", "namePointing"),
)


def field_names(api, name="Contact"):
    return {field["name"] for field in api("GET", f"sobjects/{name}/describe").body["fields"]}


def test_a_new_field_is_nobodys_until_it_is_granted(api):
    api.key()
    assert KEY not in field_names(api)
    assert "No such column" in api.query(f"SELECT {KEY} FROM Contact")[0]["message"]
    refused = api("POST", "sobjects/Contact", {"LastName": "A", KEY: "7"})
    assert refused.body[0]["errorCode"] == "INVALID_FIELD"
    api.grant()
    assert KEY in field_names(api)
    api.contact(**{KEY: "7"})


def test_a_field_that_may_only_be_read_says_so(api):
    api.key()
    api.grant(edit=False)
    refused = api("POST", "sobjects/Contact", {"LastName": "A", KEY: "7"})
    assert refused.body[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"


def test_a_field_can_be_made_once(api):
    api.key()
    sent = {"FullName": f"Contact.{KEY}", "Metadata": {"type": "Text", "label": "K", "length": 9}}
    answered = api("POST", "tooling/sobjects/CustomField", sent)
    assert answered.body[0]["errorCode"] == "DUPLICATE_DEVELOPER_NAME"
    soql = "SELECT DeveloperName FROM CustomField WHERE TableEnumOrId = 'Contact'"
    found = api("GET", f"tooling/query?q={soql.replace(' ', '+')}").body["records"]
    assert [row["DeveloperName"] for row in found] == [KEY.removesuffix("__c")]


@pytest.mark.parametrize(
    "metadata",
    [{"length": 256}, {"length": 0}, {"type": "Nonsense"}, {"label": ""}, {"type": "Checkbox"}],
)
def test_a_field_of_impossible_metadata_is_refused(api, metadata):
    text = {"type": "Text", "label": "Key", "length": 32, "externalId": True}
    sent = {"FullName": "Contact.Key__c", "Metadata": text | metadata}
    assert api("POST", "tooling/sobjects/CustomField", sent).status == 400


def test_a_second_assignment_of_a_permission_set_is_refused(keyed, simulator):
    row = keyed.query(
        "SELECT PermissionSetId, AssigneeId FROM PermissionSetAssignment "
        "WHERE PermissionSet.IsOwnedByProfile = false"
    )
    (known,) = row["records"]
    again = {name: known[name] for name in ("PermissionSetId", "AssigneeId")}
    answered = keyed("POST", "sobjects/PermissionSetAssignment", again)
    assert answered.body[0]["errorCode"] == "DUPLICATE_VALUE"
    assert answered.body[0]["message"].startswith("Duplicate PermissionSetAssignment.  Assignee: ")


def test_a_describe_that_is_known_is_not_sent_again(api):
    first = api("GET", "sobjects/Contact/describe")
    since = {"if-modified-since": first.headers["last-modified"]}
    assert api("GET", "sobjects/Contact/describe", headers=since).status == 304
    api.key()
    api.grant()
    assert api("GET", "sobjects/Contact/describe", headers=since).status == 200


@pytest.mark.parametrize("name", ["Contact", "Lead"])
def test_a_describe_has_the_keys_of_a_recorded_one(api, name):
    if not RECORDED.exists():
        pytest.skip("the recorded describes are not beside this checkout")
    recorded = json.loads((RECORDED / f"{name}.json").read_text())
    ours = api("GET", f"sobjects/{name}/describe").body
    assert ours.keys() == recorded.keys()
    keys = {frozenset(field) for field in recorded["fields"]}
    assert {frozenset(field) for field in ours["fields"]} == keys
    assert ours["recordTypeInfos"][0].keys() == recorded["recordTypeInfos"][0].keys()
    assert ours["childRelationships"][0].keys() == recorded["childRelationships"][0].keys()


@pytest.mark.parametrize("name", ["Contact", "Lead", "Account", "Opportunity", "Case"])
def test_a_field_is_what_a_recorded_one_is(api, name):
    if not RECORDED.exists():
        pytest.skip("the recorded describes are not beside this checkout")
    recorded = json.loads((RECORDED / f"{name}.json").read_text())["fields"]
    known = {field["name"]: facts_of(field) for field in recorded}
    ours = api("GET", f"sobjects/{name}/describe").body["fields"]
    shared = {field["name"]: facts_of(field) for field in ours if field["name"] in known}
    assert len(shared) > 20
    assert shared == {field: known[field] for field in shared}


def facts_of(field):
    """Return what a client relies on. Picklists were recorded at several lengths."""
    facts = {fact: field[fact] for fact in FACTS}
    return facts | ({} if field["type"] == "picklist" else {"length": field["length"]})


def test_every_call_says_what_is_spent_and_a_batch_costs_each_part(api):
    assert api("GET", "limits").headers["sforce-limit-info"] == "api-usage=1/100000"
    parts = [{"method": "GET", "url": "v66.0/limits"}, {"method": "GET", "url": "v66.0/nonsense"}]
    answered = api("POST", "composite/batch", {"batchRequests": parts})
    assert [part["statusCode"] for part in answered.body["results"]] == [200, 501]
    assert answered.headers["sforce-limit-info"] == "api-usage=3/100000"
    assert "sforce-limit-info" not in api("GET", "/services/data").headers


def test_records_are_counted_and_objects_without_any_are_left_out(api):
    api.contact()
    answered = api("GET", "limits/recordCount?sObjects=Account,contact,Nonsense")
    assert answered.body == {"sObjects": [{"count": 1, "name": "Contact"}]}


def test_who_has_spent_all_calls_is_refused_for_a_day(api, simulator):
    simulator.actions()["daily-calls"]({"max": 5, "used": 5})
    answered = api("GET", "limits")
    assert (answered.status, answered.body[0]["errorCode"]) == (403, "REQUEST_LIMIT_EXCEEDED")
    simulator.clock.shift += timedelta(hours=25)
    assert api("GET", "limits").body["DailyApiRequests"] == {"Max": 5, "Remaining": 4}


def test_updated_and_deleted_name_what_changed_in_a_window(api, simulator):
    gone, kept = api.contact(LastName="Gone"), api.contact(LastName="Kept")
    api("DELETE", f"sobjects/Contact/{gone}")
    now = simulator.clock.now()
    start, end = ((now + timedelta(minutes=m)).strftime("%Y-%m-%dT%H:%M:%SZ") for m in (-5, 2))
    window = f"start={start}&end={end}"
    assert api("GET", f"sobjects/Contact/updated/?{window}").body["ids"] == [kept]
    deleted = api("GET", f"sobjects/Contact/deleted?{window}").body
    assert [row["id"] for row in deleted["deletedRecords"]] == [gone]
    refused = api("GET", f"sobjects/Contact/updated?start={start}&end={start}")
    assert refused.body[0]["errorCode"] == "INVALID_REPLICATION_DATE"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("POST", "composite/graph", 501, "NOT_SIMULATED"),
        ("POST", "composite/tree/Contact", 501, "NOT_SIMULATED"),
        ("GET", "search?q=FIND", 501, "NOT_SIMULATED"),
        ("GET", "ui-api/object-info/Contact", 501, "NOT_SIMULATED"),
        ("GET", "sobjects/Contact/listviews", 501, "NOT_SIMULATED"),
        ("GET", "sobjects/Contact/describe/layouts", 501, "NOT_SIMULATED"),
        ("GET", "sobjects/Contact/0035j0000000001AAA/Account", 501, "NOT_SIMULATED"),
        ("GET", "query?explain=SELECT+Id+FROM+Contact", 501, "NOT_SIMULATED"),
        ("GET", "sobjects/TaskRelation/describe", 404, "NOT_FOUND"),
        ("GET", "query?q=SELECT+Id+FROM+TaskRelation", 400, "INVALID_TYPE"),
        ("GET", "/services/data/v20.0/limits", 410, "UNSUPPORTED_API_VERSION"),
        ("GET", "/services/data/v99.0/limits", 404, "NOT_FOUND"),
        ("GET", "sobjects/Nonsense/describe", 404, "NOT_FOUND"),
        ("PUT", "sobjects/Contact", 405, "METHOD_NOT_ALLOWED"),
        ("POST", "limits", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/services/Soap/u/66.0", 501, "NOT_SIMULATED"),
    ],
)
def test_what_is_not_there_says_what_was_asked(api, method, path, status, code):
    answered = api(method, path)
    assert (answered.status, answered.body[0]["errorCode"]) == (status, code)
    if status == 501:
        assert path.split("?")[0].split("/")[-1] in answered.body[0]["message"]


def test_a_rule_of_the_admin_refuses_in_its_own_words(api, simulator):
    rule = {"object": "Contact", "where": "Title = 'Pirate'", "message": "No pirates.",
            "fields": ["Title"]}  # fmt: skip
    simulator.actions()["validation-rule"](rule)
    answered = api("POST", "sobjects/Contact", {"LastName": "Read", "Title": "pirate"})
    assert answered.body == [
        {
            "message": "No pirates.",
            "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            "fields": ["Title"],
        }
    ]
    api.contact(Title="Sailor")


def test_a_trigger_fails_and_a_lock_passes(api, simulator):
    ada = api.contact()
    simulator.actions()["failing-trigger"]({"object": "Contact", "times": 1})
    refused = api("PATCH", f"sobjects/Contact/{ada}", {"Title": "x"})
    assert refused.body[0]["errorCode"] == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
    simulator.actions()["lock-rows"]({"object": "Contact", "where": f"Id = '{ada}'", "times": 1})
    refused = api("PATCH", f"sobjects/Contact/{ada}", {"Title": "x"})
    assert refused.body[0]["errorCode"] == "UNABLE_TO_LOCK_ROW"
    assert api("PATCH", f"sobjects/Contact/{ada}", {"Title": "x"}).status == 204


def test_a_hidden_field_is_absent_everywhere(api, simulator):
    ada = api.contact(Title="Countess")
    simulator.actions()["hide-field"]({"object": "Contact", "field": "Title"})
    assert "Title" not in field_names(api)
    assert "Title" not in api("GET", f"sobjects/Contact/{ada}").body
    assert simulator.get("Contact", ada)["Title"] == "Countess"


def test_merged_records_point_at_their_winner(api, simulator):
    winner, loser = api.contact(LastName="Winner"), api.contact(LastName="Loser")
    child = api.contact(LastName="Child", ReportsToId=loser)
    simulator.actions()["merge"]({"object": "Contact", "winner": winner, "losers": [loser]})
    soql = f"SELECT IsDeleted, MasterRecordId FROM Contact WHERE Id = '{loser}'"
    (row,) = api.query(soql, "queryAll")["records"]
    assert (row["IsDeleted"], row["MasterRecordId"]) == (True, winner)
    assert api.read(child, "ReportsToId") == {"ReportsToId": winner}


def test_what_is_in_the_bin_can_come_back_and_what_is_purged_cannot(api, simulator):
    ada = api.contact()
    api("DELETE", f"sobjects/Contact/{ada}")
    simulator.actions()["undelete"]({"id": ada})
    assert api("GET", f"sobjects/Contact/{ada}").status == 200
    api("DELETE", f"sobjects/Contact/{ada}")
    simulator.actions()["purge"]({"id": ada})
    with pytest.raises(Refused):
        simulator.actions()["undelete"]({"id": ada})


def test_nobody_can_be_made_owner_after_leaving(api, simulator):
    (someone,) = api.query("SELECT Id FROM User WHERE FirstName = 'Joan'")["records"]
    simulator.actions()["user"]({"id": someone["Id"], "active": False})
    answered = api("POST", "sobjects/Contact", {"LastName": "A", "OwnerId": someone["Id"]})
    assert answered.body[0]["errorCode"] == "INACTIVE_OWNER_OR_USER"


def test_a_persons_edit_is_told_from_ours(api, simulator):
    ada = api.contact()
    simulator.edit("Contact", ada, {"Title": "Countess"}, "Ida Rhodes")
    edits = [(entry["by"], entry["what"], entry["values"]) for entry in simulator.audit()]
    ours = simulator.token({})["user_id"]
    assert edits == [
        (ours, "create", {"LastName": "Lovelace"}),
        ("Ida Rhodes", "update", {"Title": "Countess"}),
    ]
    assert api.read(ada, "LastModifiedById")["LastModifiedById"] != ours


def test_an_org_survives_its_dump(keyed, simulator):
    ada = keyed.contact(**{KEY: "7"}, Email="ada@example.example")
    simulator.clock.shift = timedelta(hours=1)
    other = SalesforceSimulator()
    other.restore(orjson.loads(orjson.dumps(simulator.dump())))
    again = Api(other)
    again.token = keyed.token
    soql = f"SELECT Id FROM Contact WHERE {KEY} = '7' AND Email = 'ADA@example.example'"
    assert [row["Id"] for row in again.query(soql)["records"]] == [ada]
    assert again.contact() != ada
    assert other.clock.shift == timedelta(hours=1)
    assert orjson.dumps(other.dump()["sessions"]["refresh"]) == b"{}"
