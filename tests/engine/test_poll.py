"""One poll, from the watermark to the records written."""

from __future__ import annotations

from sync_engine.core.sync_rules import SyncRule
from sync_engine.models import RecordChange, RecordLink, SyncRun


def test_a_new_hubspot_contact_appears_in_salesforce(world):
    id = world.hubspot.person_creates(
        "contacts", {"email": "ada@example.org", "lastname": "Byron", "jobtitle": "Analyst"}
    )

    run = world.poll()

    (salesforce_id,) = world.salesforce.ids_of("Contact")
    contact = world.in_salesforce(salesforce_id)
    assert (contact["Email"], contact["Title"]) == ("ada@example.org", "Analyst")
    assert contact[world.connection.key_field] == id
    assert world.in_hubspot(id)[world.connection.key_property] == salesforce_id
    assert (run.state, run.created_in_salesforce) == (SyncRun.State.DONE, 1)


def test_a_new_salesforce_contact_appears_in_hubspot(world):
    id = world.salesforce.person_creates(
        "Contact", {"Email": "grace@example.org", "LastName": "Hopper", "Title": "Admiral"}
    )

    world.poll()

    (hubspot_id,) = world.hubspot.ids_of("contacts")
    contact = world.in_hubspot(hubspot_id)
    assert (contact["email"], contact["jobtitle"]) == ("grace@example.org", "Admiral")
    assert world.in_salesforce(id)[world.connection.key_field] == hubspot_id


def test_records_with_one_email_are_linked_and_none_is_created(world):
    hubspot_id = world.hubspot.person_creates("contacts", {"email": "Ada@Example.org"})
    world.salesforce.person_creates("Contact", {"Email": "ada@example.org", "LastName": "Byron"})

    world.poll()

    assert len(world.salesforce.ids_of("Contact")) == len(world.hubspot.ids_of("contacts")) == 1
    assert world.in_hubspot(hubspot_id)["lastname"] == "Byron"
    assert world.links.get().state == RecordLink.State.LIVE


def test_an_edit_follows_in_the_other_crm_under_its_rule(world):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst", phone="1")
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Countess", "phone": "2"})

    world.poll()

    assert world.in_salesforce(salesforce_id)["Title"] == "Countess"
    # Prefer Salesforce unless blank: Salesforce has a phone, so it comes back.
    assert world.in_salesforce(salesforce_id)["Phone"] == "1"
    assert world.in_hubspot(hubspot_id)["phone"] == "1"


def test_a_second_poll_writes_nothing(world):
    world.linked(jobtitle="Analyst")
    world.poll()

    run = world.poll()

    assert run.written_to_hubspot == run.written_to_salesforce == 0
    assert world.hubspot.calls["update"] == 1  # the key of the new record, at the beginning


def test_an_idle_poll_costs_one_salesforce_call_and_reads_no_record(world):
    world.linked()
    for _ in range(12):
        world.poll()
    world.salesforce.calls.clear()
    world.hubspot.calls.clear()

    run = world.poll()

    assert dict(world.salesforce.calls) == {"changed": 1}
    assert dict(world.hubspot.calls) == {"changed": 1}
    assert run.read == 0


def test_what_lay_there_before_setup_is_not_brought_over(world):
    world.clock.forward(hours=-2)
    world.hubspot.person_creates("contacts", {"email": "old@example.org", "lastname": "Old"})
    world.clock.forward(hours=2)

    world.poll()

    assert world.salesforce.ids_of("Contact") == []


def test_a_record_without_an_email_address_waits_until_it_has_one(world):
    id = world.hubspot.person_creates("contacts", {"lastname": "Nobody"})
    world.poll()
    assert world.salesforce.ids_of("Contact") == []

    world.hubspot.person_edits("contacts", id, {"email": "somebody@example.org"})
    world.poll()

    assert len(world.salesforce.ids_of("Contact")) == 1


def test_an_email_that_is_removed_on_one_side_is_not_removed_on_the_other(world):
    hubspot_id, salesforce_id = world.linked()
    world.salesforce.person_edits("Contact", salesforce_id, {"Email": None, "Title": "Analyst"})

    world.poll()

    assert world.in_hubspot(hubspot_id)["email"] == "ada@example.org"
    assert world.in_hubspot(hubspot_id).get("jobtitle") is None


def test_every_write_says_what_changed_by_which_rule_and_why(world):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, _ = world.linked(jobtitle="Analyst")
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Countess"})

    world.poll()

    change = RecordChange.objects.filter(crm="salesforce").latest("pk")
    assert change.state == RecordChange.State.DONE
    assert change.fields["Title"] == {
        "old": "Analyst",
        "new": "Countess",
        "from": "Countess",
        "property": "jobtitle",
        "rule": "two_way",
        "reason": "HubSpot changed, Salesforce did not",
        "setting": change.fields["Title"]["setting"],
    }
    assert change.fields["Title"]["setting"] is not None


def test_salesforce_contacts_create_nothing_where_the_admin_chose_so(world):
    world.answer("salesforce_changed", "update")
    world.salesforce.person_creates("Contact", {"Email": "a@example.org", "LastName": "A"})

    run = world.poll()

    assert world.hubspot.ids_of("contacts") == []
    assert run.skipped == 1


def test_nothing_flows_to_hubspot_where_the_admin_chose_do_nothing(world):
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.answer("salesforce_changed", "nothing")
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": "Countess"})

    world.poll()

    assert world.in_hubspot(hubspot_id)["jobtitle"] == "Analyst"
