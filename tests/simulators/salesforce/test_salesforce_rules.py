"""What an admin sets up: duplicate rules, assignment rules, permissions, editions.
Source: salesforce-api.md 0.1, 0.8, 0.16, 3, 8, 9.1, 10.2."""

from __future__ import annotations

import json

import pytest

from sync_engine.simulators.base import Refused

CONTACT = {"attributes": {"type": "Contact"}}
ALLOW = {"sforce-duplicate-rule-header": "includeRecordDetails=true; allowSave=TRUE"}
LEAD = {"LastName": "Lovelace", "Company": "Analytical"}


@pytest.fixture
def twice(api, act):
    """Two contacts may not have one address. Returns the contact that has it."""
    act("duplicate-rule", object="Contact", fields=["Email"], message="Déjà vu.")
    return api.contact(Email="ada@example.example")


def again(api, **headers):
    return api("POST", "sobjects/Contact",
               {"LastName": "Other", "Email": "ADA@example.example"}, headers)  # fmt: skip


def owner(api, object_name, record_id):
    return api("GET", f"sobjects/{object_name}/{record_id}").body["OwnerId"]


def test_a_duplicate_is_refused_with_its_like_under_the_misspelt_key(api, twice):
    answered = again(api)
    (error,) = answered.body
    assert (answered.status, error["errorCode"]) == (400, "DUPLICATES_DETECTED")
    assert error["message"] == error["duplicateResut"]["errorMessage"] == "Déjà vu."
    assert error["duplicateResut"]["allowSave"] is False
    (match,) = error["duplicateResut"]["matchResults"]
    assert [one["record"]["Id"] for one in match["matchRecords"]] == [twice]


def test_a_collection_does_not_say_what_is_duplicated(api, twice):
    rows = [{**CONTACT, "LastName": "Other", "Email": "ada@example.example"}]
    (item,) = api("POST", "composite/sobjects", {"records": rows}).body
    error = {"statusCode": "DUPLICATES_DETECTED", "message": "Déjà vu.", "fields": []}
    assert item == {"success": False, "errors": [error]}


def test_the_header_helps_where_a_rule_alerts_and_not_where_it_blocks(api, act, twice):
    assert again(api, **ALLOW).status == 400
    act("clear-rules")
    act("duplicate-rule", object="Contact", fields=["Email"], blocks=False)
    assert again(api).body[0]["duplicateResut"]["allowSave"] is True
    assert again(api, **ALLOW).status == 201
    rules = api.query("SELECT SobjectType, IsActive FROM DuplicateRule")["records"]
    assert [(rule["SobjectType"], rule["IsActive"]) for rule in rules] == [("Contact", True)]


def test_a_caller_who_asks_sees_the_fields_of_every_like_record(api, act, twice):
    api.contact(LastName="Second")
    second = api.query("SELECT Id FROM Contact WHERE LastName = 'Second'")["records"][0]["Id"]
    act("clear-rules")
    api("PATCH", f"sobjects/Contact/{second}", {"Email": "ada@example.example"})
    act("duplicate-rule", object="Contact", fields=["Email"], blocks=False)
    shown = {"sforce-duplicate-rule-header": "includeRecordDetails=true"}
    (result,) = again(api, **shown).body[0]["duplicateResut"]["matchResults"]
    assert (result["size"], result["errors"]) == (2, [])
    found = [match["record"] for match in result["matchRecords"]]
    assert [record["Id"] for record in found] == [twice, second]
    assert found[0] == api("GET", f"sobjects/Contact/{twice}").body
    (plain,) = again(api).body[0]["duplicateResut"]["matchResults"]
    assert {tuple(match["record"]) for match in plain["matchRecords"]} == {("attributes", "Id")}


def test_a_caller_may_be_compared_with_what_is_in_sight_only(api, act, simulator, twice):
    act("private-contacts")
    api.token = simulator.token({"user": "Ida Rhodes"})["access_token"]
    assert again(api).status == 400
    sight = {"sforce-duplicate-rule-header": "runAsCurrentUser=true"}
    assert again(api, **sight).status == 201


def test_an_edit_is_refused_only_where_it_makes_a_duplicate(api, twice):
    other = api.contact(LastName="Other")
    assert api("PATCH", f"sobjects/Contact/{twice}", {"Title": "Countess"}).status == 204
    same = {"Email": "ada@example.example"}
    assert api("PATCH", f"sobjects/Contact/{other}", same).status == 400
    api("DELETE", f"sobjects/Contact/{twice}")
    assert api("PATCH", f"sobjects/Contact/{other}", same).status == 204


def test_a_rule_may_look_for_another_object(api, act):
    act("duplicate-rule", object="Lead", matches="Contact", fields=["LastName", "FirstName"])
    ada = api.contact(FirstName="Ada")
    assert api("POST", "sobjects/Lead", LEAD).status == 201
    (error,) = api("POST", "sobjects/Lead", {**LEAD, "FirstName": "ada"}).body
    (match,) = error["duplicateResut"]["matchResults"]
    assert (match["entityType"], match["matchRecords"][0]["record"]["Id"]) == ("Contact", ada)


def test_assignment_rules_run_unless_the_header_says_no(api, act, simulator):
    entry = {"where": "Company = 'Analytical'", "owner": "Ida Rhodes"}
    rule = act("assignment-rule", object="Lead", entries=[entry], default_owner="Inbound leads")
    ours = simulator.token({})["user_id"]

    def made(company, **headers):
        answered = api("POST", "sobjects/Lead", {"LastName": "A", "Company": company}, headers)
        return answered.body["id"], owner(api, "Lead", answered.body["id"])

    ada, ida = made("Analytical")
    _, queue = made("Other")
    assert (ida[:3], queue[:3]) == ("005", "00G")
    assert made("Analytical", **{"sforce-auto-assign": "false"})[1] == ours
    assert made("Analytical", **{"sforce-auto-assign": rule["id"][:15]})[1] == ida
    api("PATCH", f"sobjects/Lead/{ada}", {"OwnerId": ours})
    assert owner(api, "Lead", ada) == ida
    api("PATCH", f"sobjects/Lead/{ada}", {"OwnerId": ours}, {"sforce-auto-assign": "FALSE"})
    assert owner(api, "Lead", ada) == ours


def test_a_person_and_other_objects_are_not_assigned(api, act, simulator):
    act("assignment-rule", object="Case", default_owner="Inbound leads")
    case = simulator.create("Case", {"Subject": "x"}, "Ida Rhodes")
    assert owner(api, "Case", case).startswith("005")
    assert owner(api, "Contact", api.contact()).startswith("005")
    case = api("POST", "sobjects/Case", {"Subject": "x"}).body["id"]
    assert owner(api, "Case", case).startswith("00G")


@pytest.mark.parametrize("changed", [{"UserType": "AutomatedProcess"}, {"IsActive": False}])
def test_an_owner_is_an_active_person_or_a_queue(api, simulator, changed):
    table = simulator._org.store["User"]
    user = next(iter(table))
    table.put({**table.get(user), **changed})
    answered = api("POST", "sobjects/Contact", {"LastName": "A", "OwnerId": user})
    code = answered.body[0]["errorCode"]
    assert code in ("INACTIVE_OWNER_OR_USER", "OP_WITH_INVALID_USER_TYPE_EXCEPTION")
    assert "owner of contact" in answered.body[0]["message"]


@pytest.mark.parametrize(
    ("denied", "method", "path", "status", "code"),
    [
        ("create", "POST", "", 400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"),
        ("edit", "PATCH", "/{id}", 400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"),
        ("delete", "DELETE", "/{id}", 403, "INSUFFICIENT_ACCESS_OR_READONLY"),
        ("read", "GET", "/{id}", 404, "NOT_FOUND"),
        ("read", "GET", "/describe", 404, "NOT_FOUND"),
        ("read", "POST", "", 404, "NOT_FOUND"),
    ],
)
def test_what_an_object_permission_lacks_is_refused(api, act, denied, method, path, status, code):
    ada = api.contact()
    act("object-permissions", object="Contact", **{denied: False})
    path = f"sobjects/Contact{path.format(id=ada)}"
    answered = api(method, path, None if method in ("GET", "DELETE") else {"LastName": "A"})
    assert (answered.status, answered.body[0]["errorCode"]) == (status, code)


def test_describe_says_what_may_be_done(api, act):
    act("object-permissions", object="Contact", create=False, delete=False)
    body = api("GET", "sobjects/Contact/describe").body
    flags = [body[name] for name in ("createable", "updateable", "deletable")]
    assert flags == [False, True, False]
    (title,) = [field for field in body["fields"] if field["name"] == "Title"]
    assert (title["createable"], title["updateable"]) == (False, True)


def test_a_hidden_object_is_absent_and_people_still_see_it(api, act, simulator):
    ada = api.contact()
    act("object-permissions", object="Contact", read=False)
    assert api.query("SELECT Id FROM Contact")[0]["errorCode"] == "INVALID_TYPE"
    listed = {one["name"] for one in api("GET", "sobjects").body["sobjects"]}
    assert "Contact" not in listed
    rows = [{**CONTACT, "LastName": "A"}]
    (item,) = api("POST", "composite/sobjects", {"records": rows}).body
    assert item["errors"][0]["statusCode"] == "INVALID_TYPE"
    assert simulator.get("Contact", ada)["LastName"] == "Lovelace"


def test_a_standard_field_may_be_made_read_only(api, act):
    act("field-security", object="Contact", field="Title", edit=False)
    answered = api("POST", "sobjects/Contact", {"LastName": "A", "Title": "x"})
    assert answered.body[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    act("field-security", object="Contact", field="Title")
    api.contact(Title="x")


def test_what_is_set_for_one_user_counts_for_that_user_alone(api, act, simulator):
    ida = {"user": "Ida Rhodes"}
    act("object-permissions", object="Lead", read=False)
    act("object-permissions", object="Lead", **ida)
    act("object-permissions", object="Account", create=False, **ida)
    act("field-security", object="Contact", field="Title", read=False, **ida)
    big = act("record-type", object="Case", name="Big", users=["Ida Rhodes"])["id"]
    contact = api.contact(Title="Countess")
    lead = ("POST", "sobjects/Lead", LEAD)
    account = ("POST", "sobjects/Account", {"Name": "Elm"})
    case = ("POST", "sobjects/Case", {"RecordTypeId": big})
    ours = [api(*call).status for call in (lead, account, case)]
    assert "Title" in api("GET", f"sobjects/Contact/{contact}").body
    api.token = simulator.token(ida)["access_token"]
    hers = [api(*call).status for call in (lead, account, case)]
    assert "Title" not in api("GET", f"sobjects/Contact/{contact}").body
    assert (ours, hers) == ([404, 201, 400], [201, 400, 201])
    described = api("GET", "sobjects/Case/describe").body["recordTypeInfos"]
    assert [kind["available"] for kind in described] == [True, True]


def test_permissions_survive_a_restart(api, act, simulator):
    act("object-permissions", object="Lead", create=False)
    act("field-security", object="Contact", field="Title", edit=False)
    simulator.restore(json.loads(json.dumps(simulator.dump())))
    assert api("POST", "sobjects/Lead", LEAD).status == 400
    refused = api("POST", "sobjects/Contact", {"LastName": "A", "Title": "x"})
    assert refused.body[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"name": "Enterprise Edition"}, 200),
        ({"name": "Professional Edition"}, 200),
        ({"name": "Professional Edition", "api": False}, 403),
        ({"name": "Group Edition"}, 403),
    ],
)
def test_an_edition_without_an_api_refuses_every_call(api, act, asked, status):
    act("edition", **asked)
    answered = api("GET", "limits")
    assert answered.status == status
    if status == 403:
        assert answered.body[0]["errorCode"] == "API_DISABLED_FOR_ORG"
    else:
        (org,) = api.query("SELECT OrganizationType FROM Organization")["records"]
        assert org["OrganizationType"] == asked["name"]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("duplicate-rule", {"object": "Contact"}),
        ("duplicate-rule", {"object": "Contact", "fields": ["Company"]}),
        ("duplicate-rule", {"object": "Contact", "fields": ["Email"], "blocks": "no"}),
        ("assignment-rule", {"object": "Contact"}),
        ("assignment-rule", {"object": "Lead", "entries": [{"owner": "Nobody"}]}),
        ("assignment-rule", {"object": "Lead", "entries": ["x"]}),
        ("object-permissions", {"object": "Nonsense"}),
        ("field-security", {"object": "Contact", "field": "Nonsense"}),
        ("field-security", {"object": "Contact", "field": "Title", "user": "Nobody"}),
        ("record-type", {"object": "Case", "name": "Big", "users": ["Nobody"]}),
        ("edition", {"name": "Home"}),
        ("refuse", {"object": "Contact", "code": "locked"}),
        ("flow", {"object": "Contact", "set": {"Nonsense": 1}}),
        ("flow", {"object": "Contact", "set": {"Birthdate": "x"}}),
        ("flow", {"object": "Contact"}),
        ("flow", {"object": "Contact", "set": {"MailingAddress": "x"}}),
        ("picklist", {"object": "Contact", "field": "Title", "options": ["x"]}),
        ("picklist", {"object": "Contact", "field": "Salutation"}),
    ],
)
def test_a_set_up_that_makes_no_sense_is_refused(act, name, asked):
    with pytest.raises(Refused):
        act(name, **asked)


def test_any_code_may_refuse_and_every_third_row_only(api, act):
    act("refuse", object="Contact", where="Title = 'x'", code="ENTITY_IS_LOCKED",
        message="This record is locked.", every=3)  # fmt: skip
    rows = [{**CONTACT, "LastName": str(number), "Title": "x"} for number in range(6)]
    items = api("POST", "composite/sobjects", {"records": rows}).body
    assert [item["success"] for item in items] == [True, True, False] * 2
    assert items[2]["errors"][0]["statusCode"] == "ENTITY_IS_LOCKED"
    act("clear-rules")
    api.contact(Title="x")


def test_a_flow_changes_what_is_saved_in_the_callers_name(api, act, simulator):
    act("flow", object="Contact", where="Title = 'Countess'", set={"Department": "Nobility"})
    ada = api.contact(Title="Countess", Department="Engines")
    ours = simulator.token({})["user_id"]
    held = api.read(ada, "Department", "LastModifiedById")
    assert held == {"Department": "Nobility", "LastModifiedById": ours}
    assert api.read(api.contact(), "Department") == {"Department": None}


def test_a_value_that_a_picklist_has_no_more_is_refused_and_stays_where_it_is(api, act, simulator):
    ada = api.contact(Salutation="Mrs.")
    act("picklist", object="Contact", field="Salutation", options=["Ms."])
    simulator.restore(json.loads(json.dumps(simulator.dump())))
    described = api("GET", "sobjects/Contact/describe").body["fields"]
    (field,) = [field for field in described if field["name"] == "Salutation"]
    assert [option["value"] for option in field["picklistValues"]] == ["Ms."]
    refused = api("POST", "sobjects/Contact", {"LastName": "A", "Salutation": "Mrs."})
    assert refused.body[0]["errorCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"
    assert api.read(ada, "Salutation") == {"Salutation": "Mrs."}
