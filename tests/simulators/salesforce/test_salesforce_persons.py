"""Person accounts: an account that is a person, and the contact that is its shadow.
Source: salesforce-api.md 7, sync.md 5, and the recorded describe of an org that has them."""

from __future__ import annotations

import json

import pytest

from sync_engine.simulators.base import Refused
from tests.simulators.salesforce.test_salesforce_org import RECORDED, facts_of

ADA = {"FirstName": "Ada", "LastName": "Lovelace", "PersonEmail": "Ada@Example.example"}


@pytest.fixture
def person_type(act):
    """Person accounts are on. Returns the id of their record type."""
    return act("person-accounts")["id"]


@pytest.fixture
def ada(api, person_type):
    """A person account; returns its record."""
    return account(api, **ADA, RecordTypeId=person_type, PersonMailingCity="London")


def account(api, **values):
    answered = api("POST", "sobjects/Account", values)
    assert answered.status == 201, answered.body
    return read(api, "Account", answered.body["id"])


def read(api, name, record_id):
    return api("GET", f"sobjects/{name}/{record_id}").body


def code(answered):
    return answered.body[0]["errorCode"]


def described(api, name):
    return {
        field["name"]: field for field in api("GET", f"sobjects/{name}/describe").body["fields"]
    }


def test_nothing_of_them_shows_until_they_are_on(api, act):
    assert not {"IsPersonAccount", "PersonEmail", "LastName"} & described(api, "Account").keys()
    assert "No such column" in api.query("SELECT IsPersonAccount FROM Contact")[0]["message"]
    assert code(api("POST", "sobjects/Account", {"LastName": "Lovelace"})) == "INVALID_FIELD"
    act("person-accounts")
    assert {"IsPersonAccount", "PersonEmail", "LastName"} <= described(api, "Account").keys()
    assert "IsPersonAccount" in described(api, "Contact")
    assert described(api, "Lead")["Company"]["nillable"] is True
    with pytest.raises(Refused):
        act("person-accounts")


def test_a_field_of_a_person_is_what_a_recorded_one_is(api, person_type):
    if not RECORDED.exists():
        pytest.skip("the recorded describes are not beside this checkout")
    recorded = json.loads((RECORDED / "Account_PersonAccountsEnabled.json").read_text())["fields"]
    known = {field["name"]: facts_of(field) for field in recorded}
    ours = described(api, "Account")
    shared = {name: facts_of(field) for name, field in ours.items() if name in known}
    assert len([name for name in shared if name.startswith("Person")]) > 30
    for part in ("FirstName", "LastName"):  # which that org calls name fields too
        known[part]["nameField"] = False
    assert shared == {name: known[name] for name in shared}


def test_an_account_of_before_is_a_business(api, act):
    before = account(api, Name="Elm Court")
    act("person-accounts")
    assert read(api, "Account", before["Id"])["IsPersonAccount"] is False
    where = "SELECT Id FROM Account WHERE IsPersonAccount = false"
    assert [row["Id"] for row in api.query(where)["records"]] == [before["Id"]]


def test_a_person_has_a_shadow_that_shows_what_the_account_holds(api, ada):
    assert (ada["Name"], ada["IsPersonAccount"]) == ("Ada Lovelace", True)
    shadow = read(api, "Contact", ada["PersonContactId"])
    assert shadow["AccountId"] == ada["Id"]
    assert (shadow["IsPersonAccount"], shadow["Name"]) == (True, "Ada Lovelace")
    assert (shadow["Email"], shadow["MailingCity"]) == ("ada@example.example", "London")
    assert shadow["HasOptedOutOfEmail"] is False
    assert shadow["SystemModstamp"] == ada["SystemModstamp"]


def test_an_edit_of_the_account_shows_in_the_shadow(api, simulator, ada):
    simulator.actions()["late-commits"]({"seconds": 60})
    change = {"LastName": "King", "PersonTitle": "Countess", "PersonEmail": None, "Phone": "1"}
    path = f"sobjects/Account/{ada['Id']}"
    assert api("PATCH", path, change).status == 204
    assert read(api, "Contact", ada["PersonContactId"])["LastName"] == "Lovelace"
    simulator.actions()["commit"]({})
    shadow = read(api, "Contact", ada["PersonContactId"])
    assert (shadow["Name"], shadow["Title"], shadow["Email"]) == ("Ada King", "Countess", None)
    assert shadow["Phone"] == "1"
    assert api.query("SELECT Id FROM Contact WHERE Email = 'ada@example.example'")["records"] == []


def test_nobody_writes_to_the_shadow(api, ada):
    path = f"sobjects/Contact/{ada['PersonContactId']}"
    assert code(api("PATCH", path, {"Title": "x"})) == "INSUFFICIENT_ACCESS_OR_READONLY"
    assert code(api("DELETE", path)) == "INVALID_PERSON_ACCOUNT_OPERATION"
    row = {"attributes": {"type": "Contact"}, "id": ada["PersonContactId"], "Title": "x"}
    (item,) = api("PATCH", "composite/sobjects", {"records": [row]}).body
    assert item["errors"][0]["statusCode"] == "INSUFFICIENT_ACCESS_OR_READONLY"
    upserted = api("PATCH", "sobjects/Contact/Email/ada@example.example", {"Title": "x"})
    assert code(upserted) == "INSUFFICIENT_ACCESS_OR_READONLY"


def test_account_and_shadow_go_together_and_come_back_together(api, act, ada):
    assert api("DELETE", f"sobjects/Account/{ada['Id']}").status == 204
    assert api.query("SELECT COUNT() FROM Contact")["totalSize"] == 0
    with pytest.raises(Refused):
        act("undelete", id=ada["PersonContactId"])
    act("undelete", id=ada["Id"])
    assert read(api, "Contact", ada["PersonContactId"])["IsPersonAccount"] is True
    assert read(api, "Account", ada["Id"])["PersonContactId"] == ada["PersonContactId"]


@pytest.mark.parametrize(
    ("kind", "values", "refused"),
    [
        ("person", {"LastName": "Lovelace", "Name": "Ada Lovelace"}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ("person", {"FirstName": "Ada"}, "REQUIRED_FIELD_MISSING"),
        ("business", {"Name": "Elm", "PersonEmail": "a@b.example"}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ("business", {"Phone": "1"}, "REQUIRED_FIELD_MISSING"),
        ("person", {"LastName": "L", "IsPersonAccount": True}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
    ],
)  # fmt: skip
def test_each_kind_of_account_has_fields_of_its_own(api, person_type, kind, values, refused):
    more = {"RecordTypeId": person_type} if kind == "person" else {}
    assert code(api("POST", "sobjects/Account", values | more)) == refused


def test_a_last_name_alone_makes_a_person(api, person_type):
    made = account(api, LastName="Lovelace")
    assert (made["IsPersonAccount"], made["RecordTypeId"]) == (True, person_type)


def test_a_person_account_has_no_other_contacts_and_no_parent(api, ada):
    elm = account(api, Name="Elm Court")
    refused = "INVALID_PERSON_ACCOUNT_OPERATION"
    contact = {"LastName": "Byron", "AccountId": ada["Id"]}
    assert code(api("POST", "sobjects/Contact", contact)) == refused
    for one, parent in ((ada, elm), (elm, ada)):
        answered = api("PATCH", f"sobjects/Account/{one['Id']}", {"ParentId": parent["Id"]})
        assert code(answered) == refused


def test_an_account_becomes_a_person_with_its_one_contact_and_a_business_again(api, person_type):
    elm = account(api, Name="Elm Court", Phone="1")
    path = f"sobjects/Account/{elm['Id']}"
    assert code(api("PATCH", path, {"RecordTypeId": person_type})) == (
        "INVALID_PERSON_ACCOUNT_OPERATION"
    )
    contact = api.contact(AccountId=elm["Id"], Email="ada@b.example", Phone="2")
    both = {"RecordTypeId": person_type, "Site": "x"}
    assert code(api("PATCH", path, both)) == "INVALID_FIELD_FOR_INSERT_UPDATE"
    assert api("PATCH", path, {"RecordTypeId": person_type}).status == 204
    person = read(api, "Account", elm["Id"])
    assert (person["PersonContactId"], person["PersonEmail"]) == (contact, "ada@b.example")
    assert (person["Name"], person["Phone"]) == ("Lovelace", "1")
    assert read(api, "Contact", contact)["Phone"] == "1"
    assert api("PATCH", path, {"RecordTypeId": None}).status == 204
    business = read(api, "Account", elm["Id"])
    assert (business["IsPersonAccount"], business["PersonContactId"]) == (False, None)
    assert business["LastName"] is None
    assert api("PATCH", f"sobjects/Contact/{contact}", {"Title": "x"}).status == 204


def test_a_contacts_own_field_is_the_accounts_too(api, ada):
    api.key("Level__c", externalId=False)
    api.grant("Level__c")
    path = f"sobjects/Account/{ada['Id']}"
    assert api("PATCH", path, {"Level__pc": "7"}).status == 204
    assert read(api, "Contact", ada["PersonContactId"])["Level__c"] == "7"
    other = account(api, LastName="Other")
    again = api("PATCH", f"sobjects/Account/{other['Id']}", {"Level__pc": "7"})
    assert code(again) == "DUPLICATE_VALUE"


def test_a_lead_without_a_company_becomes_a_person(api, act, person_type):
    lead = api("POST", "sobjects/Lead", {
        "LastName": "Lovelace", "Email": "ada@b.example", "City": "London"}).body["id"]  # fmt: skip
    business = account(api, Name="Elm Court")
    with pytest.raises(Refused):
        act("convert-lead", id=lead, account=business["Id"])
    became = act("convert-lead", id=lead)
    person = read(api, "Account", became["ConvertedAccountId"])
    assert person["IsPersonAccount"] is True
    assert became["ConvertedContactId"] == person["PersonContactId"]
    assert (person["PersonEmail"], person["PersonMailingCity"]) == ("ada@b.example", "London")


def test_person_accounts_are_merged_among_themselves_with_their_contacts(api, act, ada):
    other, elm = account(api, LastName="Other"), account(api, Name="Elm Court")
    case = {"ContactId": other["PersonContactId"], "AccountId": other["Id"]}
    case_id = api("POST", "sobjects/Case", case).body["id"]
    with pytest.raises(Refused):
        act("merge", object="Account", winner=ada["Id"], losers=[elm["Id"]])
    with pytest.raises(Refused):
        act("merge", object="Contact", winner=ada["PersonContactId"],
            losers=[other["PersonContactId"]])  # fmt: skip
    act("merge", object="Account", winner=ada["Id"], losers=[other["Id"]])
    moved = read(api, "Case", case_id)
    assert (moved["ContactId"], moved["AccountId"]) == (ada["PersonContactId"], ada["Id"])
    soql = f"SELECT MasterRecordId FROM Contact WHERE Id = '{other['PersonContactId']}'"
    (shadow,) = api.query(soql, "queryAll")["records"]
    assert shadow["MasterRecordId"] == ada["PersonContactId"]
    assert api.query("SELECT COUNT() FROM Contact")["totalSize"] == 1


def test_addresses_of_persons_have_codes_too(api, act, person_type):
    act("state-and-country-picklists")
    made = account(api, LastName="Lovelace", PersonMailingCountry="Canada")
    assert made["PersonMailingCountryCode"] == "CA"
    assert read(api, "Contact", made["PersonContactId"])["MailingCountryCode"] == "CA"


def test_persons_survive_a_restart(api, simulator, ada):
    simulator.restore(json.loads(json.dumps(simulator.dump())))
    assert api("PATCH", f"sobjects/Account/{ada['Id']}", {"LastName": "King"}).status == 204
    simulator.restore(json.loads(json.dumps(simulator.dump())))
    assert simulator.get("Contact", ada["PersonContactId"])["LastName"] == "King"
