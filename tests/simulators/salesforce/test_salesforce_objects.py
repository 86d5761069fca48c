"""Campaigns, contact roles, activities, and leads that become something else.
Source: salesforce-api.md 6.4, 7."""

from __future__ import annotations

import json

import pytest

from sync_engine.simulators.base import Refused
from tests.simulators.salesforce.test_salesforce_org import RECORDED, facts_of

DEAL = {"Name": "Deal", "StageName": "Prospecting", "CloseDate": "2026-12-31"}
LEAD = {"LastName": "Lovelace", "FirstName": "Ada", "Company": "Analytical"}


@pytest.fixture
def made(api):
    """A function: create a record, return its id."""

    def made(name, **values):
        answered = api("POST", f"sobjects/{name}", values)
        assert answered.status == 201, answered.body
        return answered.body["id"]

    return made


def read(api, name, record_id):
    return api("GET", f"sobjects/{name}/{record_id}").body


def refused(api, name, **values):
    return api("POST", f"sobjects/{name}", values).body[0]["errorCode"]


@pytest.mark.parametrize("name", ["OpportunityContactRole", "Event"])
def test_a_field_is_what_a_recorded_one_is(api, name):
    if not RECORDED.exists():
        pytest.skip("the recorded describes are not beside this checkout")
    recorded = json.loads((RECORDED / f"{name}.json").read_text())["fields"]
    known = {field["name"]: facts_of(field) for field in recorded}
    ours = api("GET", f"sobjects/{name}/describe").body["fields"]
    differing = [f["name"] for f in ours if f["name"] in known and facts_of(f) != known[f["name"]]]
    polymorphic = {"Event": ["WhatId", "OwnerId"]}  # that org has more objects
    assert differing == polymorphic.get(name, [])


def test_stages_and_statuses_are_records(api):
    stages = api.query("SELECT ApiName, IsWon FROM OpportunityStage WHERE IsClosed = true")
    assert [(s["ApiName"], s["IsWon"]) for s in stages["records"]] == [
        ("Closed Won", True),
        ("Closed Lost", False),
    ]
    statuses = api.query("SELECT ApiName FROM LeadStatus WHERE IsConverted = true")["records"]
    assert [status["ApiName"] for status in statuses] == ["Closed - Converted"]
    assert refused(api, "LeadStatus", ApiName="x") == "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"


def test_statuses_of_tasks_and_cases_and_the_objects_of_a_queue_are_records(api):
    for name, closed in (("TaskStatus", "Completed"), ("CaseStatus", "Closed")):
        rows = api.query(f"SELECT MasterLabel FROM {name} WHERE IsClosed = true")["records"]
        assert [row["MasterLabel"] for row in rows] == [closed]
    rows = api.query("SELECT SobjectType FROM QueueSobject WHERE Queue.Name = 'Inbound leads'")
    assert {row["SobjectType"] for row in rows["records"]} == {"Lead", "Case", "Task"}


def test_a_campaign_has_statuses_of_its_own(api, made):
    campaign, other = made("Campaign", Name="Spring"), made("Campaign", Name="Autumn")
    made("CampaignMemberStatus", CampaignId=campaign, Label="Came", HasResponded=True,
         IsDefault=True)  # fmt: skip
    assert refused(api, "CampaignMemberStatus", CampaignId=campaign, Label="Came") == (
        "DUPLICATE_VALUE"
    )
    soql = f"SELECT Label, IsDefault FROM CampaignMemberStatus WHERE CampaignId = '{campaign}'"
    listed = api.query(f"{soql} ORDER BY Id")["records"]
    assert [(row["Label"], row["IsDefault"]) for row in listed] == [
        ("Sent", False),
        ("Responded", False),
        ("Came", True),
    ]
    contact = api.contact()
    member = read(
        api, "CampaignMember", made("CampaignMember", CampaignId=campaign, ContactId=contact)
    )
    assert (member["Status"], member["HasResponded"]) == ("Came", True)
    member = read(
        api, "CampaignMember", made("CampaignMember", CampaignId=other, ContactId=contact)
    )
    assert (member["Status"], member["HasResponded"]) == ("Sent", False)
    api("DELETE", f"sobjects/Campaign/{campaign}")
    assert api.query("SELECT COUNT() FROM CampaignMemberStatus")["totalSize"] == 2


def test_one_contact_role_of_a_deal_is_primary(api, made):
    deal, other = made("Opportunity", **DEAL), made("Opportunity", **DEAL)
    contact = api.contact()
    first, elsewhere, second = (
        made("OpportunityContactRole", OpportunityId=one, ContactId=contact, IsPrimary=True)
        for one in (deal, other, deal)
    )
    primary = [
        read(api, "OpportunityContactRole", one)["IsPrimary"] for one in (first, elsewhere, second)
    ]
    assert primary == [False, True, True]
    api("DELETE", f"sobjects/Opportunity/{deal}")
    assert api.query("SELECT COUNT() FROM OpportunityContactRole")["totalSize"] == 1


def test_a_member_is_in_a_campaign_once(api, made):
    campaign, contact = made("Campaign", Name="Spring"), api.contact()
    member = made("CampaignMember", CampaignId=campaign, ContactId=contact)
    again = api("POST", "sobjects/CampaignMember", {"CampaignId": campaign, "ContactId": contact})
    assert (again.body[0]["errorCode"], again.body[0]["message"]) == (
        "DUPLICATE_VALUE",
        "Already a campaign member.",
    )
    moved = api("PATCH", f"sobjects/CampaignMember/{member}", {"ContactId": contact})
    assert moved.body[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    api("PATCH", f"sobjects/CampaignMember/{member}", {"Status": "Responded"})
    assert read(api, "CampaignMember", member)["HasResponded"] is True
    api("DELETE", f"sobjects/CampaignMember/{member}")
    made("CampaignMember", CampaignId=campaign, ContactId=contact)


def test_a_member_is_one_lead_or_one_contact(api, made):
    campaign = made("Campaign", Name="Spring")
    both = {"LeadId": made("Lead", **LEAD), "ContactId": api.contact()}
    for named in ({}, both):
        code = refused(api, "CampaignMember", CampaignId=campaign, **named)
        assert code == "FIELD_INTEGRITY_EXCEPTION"


def test_a_task_is_closed_by_its_status(api, made):
    task = made("Task", Subject="Call Ada", WhoId=api.contact())
    shown = read(api, "Task", task)
    assert (shown["Status"], shown["Priority"], shown["IsClosed"]) == (
        "Not Started",
        "Normal",
        False,
    )
    api("PATCH", f"sobjects/Task/{task}", {"Status": "Completed"})
    shown = read(api, "Task", task)
    assert shown["IsClosed"] and shown["CompletedDateTime"]
    api("PATCH", f"sobjects/Task/{task}", {"Status": "Deferred"})
    assert read(api, "Task", task)["CompletedDateTime"] is None


def test_what_is_done_with_a_lead_is_about_nothing_else(api, made):
    lead, account = made("Lead", **LEAD), made("Account", Name="Elm Court")
    assert refused(api, "Task", WhoId=lead, WhatId=account) == "FIELD_INTEGRITY_EXCEPTION"
    assert refused(api, "Task", WhatId=lead) == "MALFORMED_ID"
    made("Task", WhoId=lead)
    api("DELETE", f"sobjects/Lead/{lead}")
    assert api.query("SELECT COUNT() FROM Task")["totalSize"] == 0


def test_an_event_has_a_time_and_a_length(api, made):
    start = "2026-01-31T08:00:00.000+0000"
    assert refused(api, "Event", ActivityDateTime=start) == "REQUIRED_FIELD_MISSING"
    assert refused(api, "Event", DurationInMinutes=30) == "REQUIRED_FIELD_MISSING"
    event = made("Event", ActivityDateTime=start, DurationInMinutes=30)
    assert read(api, "Event", event)["StartDateTime"] == start


def test_a_lead_becomes_an_account_a_contact_and_a_deal(api, made, act):
    campaign = made("Campaign", Name="Spring")
    lead = made("Lead", **LEAD, Email="ada@example.example", City="London", Industry="Energy")
    task = made("Task", WhoId=lead)
    member = made("CampaignMember", CampaignId=campaign, LeadId=lead)
    became = act("convert-lead", id=lead, opportunity="Engine")
    shown = read(api, "Lead", lead)
    assert (shown["IsConverted"], shown["Status"]) == (True, "Closed - Converted")
    assert {name: shown[name] for name in became} == became
    account = read(api, "Account", became["ConvertedAccountId"])
    assert (account["Name"], account["Industry"]) == ("Analytical", "Energy")
    contact = read(api, "Contact", became["ConvertedContactId"])
    assert (contact["Email"], contact["MailingCity"]) == ("ada@example.example", "London")
    assert contact["AccountId"] == account["Id"]
    soql = "SELECT Opportunity.Name, IsPrimary FROM OpportunityContactRole"
    (role,) = api.query(soql)["records"]
    assert (role["Opportunity"]["Name"], role["IsPrimary"]) == ("Engine", True)
    assert read(api, "Task", task)["WhoId"] == contact["Id"]
    row = read(api, "CampaignMember", member)
    assert (row["LeadId"], row["ContactId"]) == (lead, contact["Id"])


def test_a_lead_may_become_a_contact_that_is_there(api, made, act):
    lead, contact = made("Lead", **LEAD), api.contact()
    account = made("Account", Name="Elm Court")
    became = act("convert-lead", id=lead, account=account, contact=contact)
    assert (became["ConvertedAccountId"], became["ConvertedContactId"]) == (account, contact)
    assert became["ConvertedOpportunityId"] is None
    assert api.query("SELECT COUNT() FROM Contact")["totalSize"] == 1


def test_a_converted_lead_is_not_edited_without_the_permission(api, made, act):
    lead = made("Lead", **LEAD)
    act("convert-lead", id=lead)
    path = f"sobjects/Lead/{lead}"
    answered = api("PATCH", path, {"Title": "Countess"})
    assert answered.body[0]["errorCode"] == "CANNOT_UPDATE_CONVERTED_LEAD"
    with pytest.raises(Refused, match="converted lead"):
        act("convert-lead", id=lead)
    act("system-permission", name="PermissionsAllowViewEditConvertedLeads")
    assert api("PATCH", path, {"Title": "Countess"}).status == 204


@pytest.mark.parametrize("asked", [{"status": "Working - Contacted"}, {"account": "nonsense"}])
def test_a_conversion_that_makes_no_sense_is_refused_whole(api, made, act, asked):
    lead = made("Lead", **LEAD)
    with pytest.raises(Refused):
        act("convert-lead", id=lead, **asked)
    assert api.query("SELECT COUNT() FROM Account")["totalSize"] == 0
    with pytest.raises(Refused):
        act("system-permission", name="Nonsense")
