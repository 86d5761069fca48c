"""Property definitions and property history of the simulated HubSpot (hubspot-api.md 6)."""

from __future__ import annotations

import pytest

CONTACTS = "/crm/v3/objects/contacts"


def test_a_property_definition_carries_what_a_connector_has_to_know(api):
    found = api("GET", "/crm/v3/properties/contacts/hs_email_optout").body
    assert found["type"] == "bool"
    assert found["modificationMetadata"]["readOnlyValue"]
    assert [one["value"] for one in found["options"]] == ["true", "false"]
    owner = api("GET", "/crm/properties/2026-03/contacts/hubspot_owner_id").body
    assert owner["referencedObjectType"] == "OWNER"
    assert owner["externalOptions"] and owner["options"] == []
    every = api("GET", "/crm/v3/properties/contacts").body["results"]
    assert len(every) > 90
    assert not next(one for one in every if one["name"] == "salutation")["options"]


def test_a_property_is_created_changed_and_archived(api):
    sent = {
        "name": "tea",
        "label": "Tea",
        "type": "enumeration",
        "fieldType": "select",
        "groupName": "contactinformation",
        "options": [{"label": "Green", "value": "green", "hidden": False}],
    }
    path = "/crm/v3/properties/contacts"
    created = api("POST", path, sent)
    assert created.status == 201
    assert not created.body["hubspotDefined"]
    assert api("POST", path, sent).status == 409
    ana = api.contact("ana@example.com", tea="green")

    options = [{"label": "Black", "value": "black", "hidden": True}]
    changed = api("PATCH", f"{path}/tea", {"options": options, "label": "Best tea"})
    assert [one["value"] for one in changed.body["options"]] == ["black"]
    assert changed.body["label"] == "Best tea"

    assert api("DELETE", f"{path}/tea").status == 204
    assert api("GET", f"{path}/tea").status == 404
    assert "tea" not in api.read(ana, "tea")
    archived = api("GET", path, archived="true").body["results"]
    assert [one["name"] for one in archived] == ["tea"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Tea"},
        {"name": None},
        {"type": "text"},
        {"fieldType": "number"},
        {"groupName": "teas"},
        {"options": [{"label": "a", "value": "a"}, {"label": "b", "value": "a"}]},
        {"options": {}},
    ],
)
def test_a_wrong_property_definition_is_refused(api, wrong):
    sent = {
        "name": "tea",
        "label": "Tea",
        "type": "enumeration",
        "fieldType": "select",
        "groupName": "contactinformation",
        **wrong,
    }
    assert api("POST", "/crm/v3/properties/contacts", sent).status == 400


def test_history_tells_who_wrote_what_when_newest_first(api, simulator):
    ana = api.contact("ana@example.com", city="Ghent")
    simulator.edit("contacts", ana, {"city": "Hull"}, "Ida Rhodes")
    answered = api("GET", f"{CONTACTS}/{ana}", propertiesWithHistory="city,fax")

    newest, oldest = answered.body["propertiesWithHistory"]["city"]
    assert (newest["value"], oldest["value"]) == ("Hull", "Ghent")
    assert (newest["sourceType"], newest["sourceId"]) == ("CRM_UI", "userId:9586501")
    assert newest["updatedByUserId"] == 9586501
    assert (oldest["sourceType"], oldest["sourceId"]) == ("INTEGRATION", "31415926")
    assert newest["timestamp"] == answered.body["updatedAt"]
    assert oldest["timestamp"] == answered.body["createdAt"]
    assert answered.body["propertiesWithHistory"]["fax"] == []


def test_history_keeps_twenty_values_and_none_that_changed_nothing(api):
    ana = api.contact("ana@example.com")
    for n in range(25):
        for _ in range(2):
            api("PATCH", f"{CONTACTS}/{ana}", {"properties": {"city": f"City {n}"}})
    inputs, asked = [{"id": ana}], ["city"]
    answered = api.batch("read", inputs, propertiesWithHistory=asked, properties=[])
    (found,) = answered.body["results"]
    values = [one["value"] for one in found["propertiesWithHistory"]["city"]]
    assert values == [f"City {n}" for n in range(24, 4, -1)]


def test_many_edits_of_one_property_do_not_push_out_the_history_of_another(api, simulator):
    ana = api.contact("ana@example.com", fax="1")
    api("PATCH", f"{CONTACTS}/{ana}", {"properties": {"fax": "2", "city": "City"}})
    for n in range(130):
        api("PATCH", f"{CONTACTS}/{ana}", {"properties": {"city": f"City {n}"}})
    api("PATCH", f"{CONTACTS}/{ana}", {"properties": {"fax": ""}})

    def history():
        found = api("GET", f"{CONTACTS}/{ana}", propertiesWithHistory="city,fax").body
        return {
            name: [one["value"] for one in versions]
            for name, versions in found["propertiesWithHistory"].items()
        }

    expected = {"city": [f"City {n}" for n in range(129, 109, -1)], "fax": ["", "2", "1"]}
    assert history() == expected
    simulator.restore(simulator.dump())
    assert history() == expected


def test_an_object_has_a_thousand_properties_of_ones_own_at_most(api):
    kind = {"type": "string", "fieldType": "text", "groupName": "contactinformation"}
    for start in range(0, 1000, 100):
        sent = [{**kind, "name": f"p{n}", "label": "x"} for n in range(start, start + 100)]
        path = "/crm/v3/properties/contacts/batch/create"
        assert api("POST", path, {"inputs": sent}).status == 201
    one_more = {**kind, "name": "one_more", "label": "x"}
    assert api("POST", "/crm/v3/properties/contacts", one_more).status == 400
    assert api("DELETE", "/crm/v3/properties/contacts/p0").status == 204
    assert api("POST", "/crm/v3/properties/contacts", one_more).status == 201


def test_the_type_of_a_property_changes_only_while_no_record_holds_it(api):
    kind = {"type": "string", "fieldType": "text", "groupName": "contactinformation"}
    api("POST", "/crm/v3/properties/contacts", {**kind, "name": "score", "label": "Score"})
    path = "/crm/v3/properties/contacts/score"
    number = {"type": "number", "fieldType": "number"}
    ana = api.contact("ana@example.com", score="high")
    api("DELETE", f"/crm/v3/objects/contacts/{ana}")
    assert api("PATCH", path, number).status == 400
    api("POST", "/crm/v3/objects/contacts/gdpr-delete", {"objectId": ana})
    assert api("PATCH", path, number).body["type"] == "number"


def test_what_a_merged_record_holds_came_from_the_merge(api):
    ana, bo = api.contact("ana@example.com"), api.contact("bo@example.com", city="Ghent")
    sent = {"primaryObjectId": ana, "objectIdToMerge": bo}
    merged = api("POST", "/crm/v3/objects/contacts/merge", sent).body["id"]
    path = f"/crm/v3/objects/contacts/{merged}"
    (version,) = api("GET", path, propertiesWithHistory="city").body["propertiesWithHistory"][
        "city"
    ]
    assert (version["value"], version["sourceType"]) == ("Ghent", "MERGE_OBJECTS")


def test_the_account_decides_on_the_options_of_some_of_hubspots_properties(api, simulator):
    path = "/crm/v3/properties/contacts/hs_lead_status"
    found = api("GET", path).body
    assert found["hubspotDefined"]
    assert not found["modificationMetadata"]["readOnlyOptions"]
    warm = {"label": "Warm", "value": "WARM", "displayOrder": 0, "hidden": False}
    assert api("PATCH", path, {"label": "Status"}).status == 400
    assert api("PATCH", path, {"options": [warm], "label": "Status"}).status == 400
    assert api("PATCH", path, {"options": [*found["options"], warm]}).status == 200
    simulator.restore(simulator.dump())
    assert api.contact("ana@example.com", hs_lead_status="WARM")
    fixed = "/crm/v3/properties/contacts/lifecyclestage"
    assert api("GET", fixed).body["modificationMetadata"]["readOnlyOptions"]
    assert api("PATCH", fixed, {"options": [warm]}).status == 400
