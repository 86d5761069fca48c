"""Field history, which an admin switches on by object and field.
Source: Salesforce's public object reference (ContactHistory, LeadHistory)."""

from __future__ import annotations

import orjson
import pytest

from sync_engine.simulators.base import Refused
from sync_engine.simulators.salesforce import SalesforceSimulator
from tests.simulators.salesforce.conftest import Api

CHANGES = "SELECT ContactId, Field, DataType, OldValue, NewValue FROM ContactHistory"


@pytest.fixture
def tracked(api, act):
    """The org tracks three fields of contacts. Returns the id of a contact."""
    act("track-history", object="Contact", fields=["Title", "Email", "HasOptedOutOfEmail"])
    return api.contact(Title="Analyst")


def changes(api, soql=CHANGES):
    rows = api.query(soql)["records"]
    return [(row["Field"], row["OldValue"], row["NewValue"]) for row in rows]


def edit(api, contact, **values):
    assert api("PATCH", f"sobjects/Contact/{contact}", values).status == 204


def described(api):
    return {row["name"] for row in api("GET", "sobjects").body["sobjects"]}


def test_there_is_none_until_an_admin_switches_it_on(api, act):
    contact = api.contact()
    (refusal,) = api.query(CHANGES)
    assert refusal["errorCode"] == "INVALID_TYPE"
    assert "sObject type 'ContactHistory' is not supported." in refusal["message"]
    assert api("GET", "sobjects/ContactHistory/describe").status == 404
    assert "ContactHistory" not in described(api)
    inner = "SELECT Id, (SELECT Field FROM Histories) FROM Contact"
    assert api.query(inner)[0]["errorCode"] == "INVALID_TYPE"

    act("track-history", object="Contact", fields=["Title"])

    assert "ContactHistory" in described(api) and "LeadHistory" not in described(api)
    edit(api, contact, Title="Countess")
    (row,) = api.query(inner)["records"]
    assert [one["Field"] for one in row["Histories"]["records"]] == ["Title"]
    act("track-history", object="Contact", fields=[])
    assert api.query(CHANGES)[0]["errorCode"] == "INVALID_TYPE"


def test_each_write_tells_every_tracked_field_that_it_changed(api, tracked):
    edit(api, tracked, Title="Countess", MailingCity="London", HasOptedOutOfEmail=True)
    edit(api, tracked, Title="Countess", Email="Ada@Example.org")
    edit(api, tracked, Title=None)

    assert changes(api) == [
        ("created", None, None),
        ("Title", "Analyst", "Countess"),
        ("HasOptedOutOfEmail", False, True),
        ("Email", None, "ada@example.org"),
        ("Title", "Countess", None),
    ]


def test_it_tells_who_wrote_and_when(api, simulator, tracked):
    edit(api, tracked, Title="Countess")
    simulator.edit("Contact", tracked, {"Title": "Queen"}, "Ada")

    soql = "SELECT CreatedById, CreatedDate FROM ContactHistory WHERE Field IN ('Title')"
    ours, theirs = api.query(f"{soql} AND ContactId IN ('{tracked}')")["records"]

    last = api.read(tracked, "LastModifiedDate", "LastModifiedById")
    assert ours["CreatedById"] == simulator.token({})["user_id"]
    assert theirs["CreatedById"] == last["LastModifiedById"] != ours["CreatedById"]
    assert theirs["CreatedDate"] == last["LastModifiedDate"]


def test_a_lookup_is_told_by_its_id_and_by_its_name(api, act):
    act("track-history", object="Contact", fields=["AccountId"])
    account = api("POST", "sobjects/Account", {"Name": "Elm Court"}).body["id"]
    edit(api, api.contact(), AccountId=account)
    rows = api.query(f"{CHANGES} WHERE Field = 'Account'")["records"]
    assert [(row["DataType"], row["OldValue"], row["NewValue"]) for row in rows] == [
        ("EntityId", None, account),
        ("Text", None, "Elm Court"),
    ]


def test_of_what_may_be_long_it_is_told_only_that_it_changed(api, act):
    act("track-history", object="Contact", fields=["Description"])
    edit(api, api.contact(Description="Short"), Description="Also short")
    assert changes(api)[1:] == [("Description", None, None)]


def test_a_write_that_is_refused_tells_nothing(api, act, tracked):
    act("validation-rule", object="Contact", where="Title = 'Pirate'")
    assert api("PATCH", f"sobjects/Contact/{tracked}", {"Title": "Pirate"}).status == 400
    assert changes(api) == [("created", None, None)]


def test_nobody_writes_it(api, tracked):
    edit(api, tracked, Title="Countess")
    row = api.query("SELECT Id FROM ContactHistory WHERE Field = 'Title'")["records"][0]["Id"]
    assert api("POST", "sobjects/ContactHistory", {"ContactId": tracked}).status == 400
    assert api("PATCH", f"sobjects/ContactHistory/{row}", {"Field": "Email"}).status == 400
    assert api("DELETE", f"sobjects/ContactHistory/{row}").status == 403
    fields = api("GET", "sobjects/ContactHistory/describe").body["fields"]
    assert {field["name"] for field in fields if not field["updateable"]} == {
        *("Id", "IsDeleted", "ContactId", "CreatedById", "CreatedDate", "Field", "DataType"),
        *("OldValue", "NewValue"),
    }


def test_values_are_no_conditions(api, tracked):
    (refusal,) = api.query(f"{CHANGES} WHERE NewValue = 'Countess'")
    assert refusal["errorCode"] == "INVALID_FIELD"


def test_who_sees_neither_the_field_nor_the_contact_sees_no_change_of_it(api, act, tracked):
    edit(api, tracked, Title="Countess", Email="ada@example.org")
    act("field-security", object="Contact", field="Title", read=False)
    assert [name for name, *_ in changes(api)] == ["created", "Email"]
    act("object-permissions", object="Contact", read=False)
    assert api.query(CHANGES)[0]["errorCode"] == "INVALID_TYPE"


def test_it_goes_to_the_bin_with_its_contact_and_comes_back(api, act, tracked):
    edit(api, tracked, Title="Countess")
    before = changes(api)
    assert api("DELETE", f"sobjects/Contact/{tracked}").status == 204
    assert changes(api) == []
    act("undelete", id=tracked)
    assert changes(api) == before


def test_the_history_of_a_contact_is_not_its_survivors(api, act, tracked):
    edit(api, tracked, Title="Countess")
    kept = api.contact()
    act("merge", object="Contact", winner=kept, losers=[tracked])
    assert {row["ContactId"] for row in api.query(CHANGES)["records"]} == {kept}
    assert changes(api) == [("created", None, None)]


def test_leads_have_a_history_of_their_own(api, act):
    act("track-history", object="Lead", fields=["Status", "Title"])
    values = {"LastName": "Lovelace", "Company": "Analytical"}
    lead = api("POST", "sobjects/Lead", values).body["id"]
    act("convert-lead", id=lead)
    rows = api.query("SELECT LeadId, Lead.LastName, Field FROM LeadHistory")["records"]
    assert [(row["LeadId"], row["Lead"]["LastName"], row["Field"]) for row in rows] == [
        (lead, "Lovelace", "created"),
        (lead, "Lovelace", "Status"),
    ]


def test_a_shadow_of_a_person_account_has_none(api, act, tracked):
    act("person-accounts")
    made = api("POST", "sobjects/Account", {"LastName": "Byron", "PersonTitle": "Countess"})
    account = made.body["id"]
    assert api("PATCH", f"sobjects/Account/{account}", {"PersonTitle": "Queen"}).status == 204
    assert {row["ContactId"] for row in api.query(CHANGES)["records"]} == {tracked}


def test_twenty_fields_of_an_object_are_tracked_at_most(simulator, act):
    fields = [column.name for column in simulator.columns("Contact") if column.writable]
    act("track-history", object="Contact", fields=fields[:20])
    for wrong in (fields[:21], ["LastModifiedDate"], ["Nonsense"]):
        with pytest.raises(Refused):
            act("track-history", object="Contact", fields=wrong)
    with pytest.raises(Refused):
        act("track-history", object="Account", fields=["Name"])


def test_it_is_kept_over_a_restart(api, simulator, tracked):
    edit(api, tracked, Title="Countess")
    before = changes(api)
    other = SalesforceSimulator()
    other.restore(orjson.loads(orjson.dumps(simulator.dump())))
    there = Api(other)
    assert changes(there) == before
    edit(there, tracked, Title="Queen")
    assert changes(there) == [*before, ("Title", "Countess", "Queen")]
