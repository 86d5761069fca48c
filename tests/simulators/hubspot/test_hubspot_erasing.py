"""What is gone for good, and tasks, in the simulated HubSpot (hubspot-api.md 5.3, 5.6, 6.3, 9)."""

from __future__ import annotations

from datetime import timedelta

import pytest

CONTACTS = "/crm/v3/objects/contacts"
TASKS = "/crm/v3/objects/tasks"


@pytest.mark.parametrize("how", ["by id", "by address", "archived"])
def test_a_gdpr_delete_leaves_nothing_of_a_contact(api, how):
    ana = api.contact("ana@example.com", city="Ghent")
    if how == "archived":
        api("DELETE", f"{CONTACTS}/{ana}")
    by_address = {"objectId": "ANA@example.com", "idProperty": "email"}
    sent = by_address if how == "by address" else {"objectId": ana}
    assert api("POST", f"{CONTACTS}/gdpr-delete", sent).status == 204
    for archived in ("true", "false"):
        assert api("GET", f"{CONTACTS}/{ana}", archived=archived).status == 404
    found = {"propertyName": "city", "operator": "EQ", "value": "Ghent"}
    assert api.search(found).body["total"] == 0
    assert api.contact("ana@example.com") != ana


def test_a_gdpr_delete_takes_associations_and_memberships_along(api):
    ana = api.contact("ana@example.com")
    company = api("POST", "/crm/v3/objects/companies", {"properties": {"name": "Engines"}})
    company_id = company.body["id"]
    link = f"/crm/v4/objects/contacts/{ana}/associations/default/companies/{company_id}"
    assert api("PUT", link).status == 200
    sent = {"name": "x", "objectTypeId": "0-1", "processingType": "MANUAL"}
    members = f"/crm/v3/lists/{api('POST', '/crm/v3/lists/', sent).body['list']['listId']}"
    api("PUT", f"{members}/memberships/add", [ana])

    assert api("POST", f"{CONTACTS}/gdpr-delete", {"objectId": ana}).status == 204
    back = f"/crm/v4/objects/companies/{company_id}/associations/contacts"
    assert api("GET", back).body["results"] == []
    assert api("GET", f"{members}/memberships").body["results"] == []


def test_a_gdpr_delete_of_an_unknown_address_is_accepted_and_only_contacts_have_it(api):
    unknown = {"objectId": "nobody@example.com", "idProperty": "email"}
    assert api("POST", "/crm/objects/2026-03/0-1/gdpr-delete", unknown).status == 204
    assert api("POST", f"{CONTACTS}/gdpr-delete", {"objectId": "1"}).status == 404
    assert api("POST", f"{CONTACTS}/gdpr-delete", {}).status == 400
    assert api("POST", "/crm/v3/objects/companies/gdpr-delete", unknown).status == 404


def test_an_unknown_address_that_is_erased_is_blocked_for_good(simulator, api):
    unknown = {"objectId": "Nobody@example.com", "idProperty": "email"}
    assert api("POST", f"{CONTACTS}/gdpr-delete", unknown).status == 204
    ana = api.contact("ana@example.com")
    simulator.restore(simulator.dump())
    values = {"email": "nobody@EXAMPLE.com"}
    upsert = [{"id": "nobody@example.com", "idProperty": "email", "properties": {}}]
    for answered in (
        api("POST", CONTACTS, {"properties": values}),
        api("PATCH", f"{CONTACTS}/{ana}", {"properties": values}),
        api(
            "PATCH",
            f"{CONTACTS}/{ana}",
            {"properties": {"hs_additional_emails": "nobody@example.com"}},
        ),
        api.batch("upsert", upsert),
    ):
        assert answered.status == 400
        assert answered.body["errors"][0]["code"] == "BLOCKED_EMAIL"
    assert api.contact("somebody@example.com")


@pytest.mark.parametrize("address", ["nobody", "", "a@b"])
def test_what_is_no_address_is_not_blocked(api, address):
    sent = {"objectId": address, "idProperty": "email"}
    assert api("POST", f"{CONTACTS}/gdpr-delete", sent).status == 400


def test_the_recycle_bin_keeps_records_for_90_days_also_over_a_restart(simulator, api):
    ana, bo = api.contact("ana@example.com"), api.contact("bo@example.com")
    api("DELETE", f"{CONTACTS}/{bo}")
    simulator.clock.shift += timedelta(days=60)
    api("DELETE", f"{CONTACTS}/{ana}")
    simulator.restore(simulator.dump())

    def archived():
        return [one["id"] for one in api("GET", CONTACTS, archived="true").body["results"]]

    assert archived() == [ana, bo]
    simulator.clock.shift += timedelta(days=31)
    assert archived() == [ana]
    with pytest.raises(KeyError):
        simulator.actions()["restore"]({"object": "contacts", "id": bo})
    simulator.clock.shift += timedelta(days=60)
    assert archived() == []


def test_a_task_is_kept_with_its_due_date_and_hangs_on_a_record(api):
    ana = api.contact("ana@example.com")
    assert api("POST", TASKS, {"properties": {"hs_task_subject": "Call"}}).status == 400
    values = {
        "hs_task_subject": "Call",
        "hs_timestamp": "2026-12-01T09:00:00Z",
        "hs_task_status": "NOT_STARTED",
        "hs_task_priority": "HIGH",
        "hubspot_owner_id": "41629771",
    }
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 204}]
    sent = {"properties": values, "associations": [{"to": {"id": ana}, "types": types}]}
    task = api("POST", TASKS, sent).body
    assert task["properties"]["hs_timestamp"] == "2026-12-01T09:00:00.000Z"
    assert task["properties"]["hs_createdate"] == task["createdAt"]
    assert "createdate" not in task["properties"]
    page = api("GET", f"/crm/v4/objects/contacts/{ana}/associations/tasks").body["results"]
    assert [str(one["toObjectId"]) for one in page] == [task["id"]]
    bad = {"properties": {"hs_task_status": "DONE"}}
    assert api("PATCH", f"/crm/objects/2026-03/0-27/{task['id']}", bad).status == 400


def test_tasks_have_no_scope_of_their_own(simulator, api):
    scopes = ["crm.objects.contacts.read", "crm.objects.contacts.write"]
    api.token = simulator.token({"scopes": scopes})["access_token"]
    values = {"hs_timestamp": "2026-12-01T09:00:00Z"}
    assert api("POST", TASKS, {"properties": values}).status == 201
    api.token = simulator.token({"scopes": ["tickets"]})["access_token"]
    assert api("GET", TASKS).status == 403


def test_other_kinds_than_contacts_keep_45_values_of_a_property(api):
    path = "/crm/v3/objects/companies"
    company = api("POST", path, {"properties": {"name": "Engines"}}).body["id"]
    for n in range(50):
        api("PATCH", f"{path}/{company}", {"properties": {"city": f"City {n}"}})
    found = api("GET", f"{path}/{company}", propertiesWithHistory="city").body
    assert len(found["propertiesWithHistory"]["city"]) == 45


def test_what_is_in_the_bin_is_associated_with_nothing_until_it_is_back(api):
    ana = api.contact("ana@example.com")
    company = api("POST", "/crm/v3/objects/companies", {"properties": {"name": "Engines"}})
    path = f"/crm/v4/objects/companies/{company.body['id']}/associations"
    assert api("PUT", f"{path}/default/contacts/{ana}").status == 200
    api("DELETE", f"/crm/v3/objects/contacts/{ana}")
    assert api("GET", f"{path}/contacts").body["results"] == []
    api.simulator.actions()["restore"]({"object": "contacts", "id": ana})
    (found,) = api("GET", f"{path}/contacts").body["results"]
    assert str(found["toObjectId"]) == ana
