"""Leads: created, found, converted. Source: product.md 7.2, 7.3; sync.md 3.4, 5."""

from __future__ import annotations

from sync_engine.core.values import Crm
from sync_engine.models import RecordChange, RecordLink

ADA = {"email": "ada@example.org", "lastname": "Byron", "company": "Babbage & Co"}


def lead(world, **values) -> str:
    known = {"Email": "ada@example.org", "LastName": "Byron", "Company": "Babbage & Co"}
    return world.salesforce.person_creates("Lead", known | values)


def contact(world, **values) -> str:
    known = {"Email": "ada@example.org", "LastName": "Byron"}
    return world.salesforce.person_creates("Contact", known | values)


def test_a_new_hubspot_contact_becomes_a_lead_where_the_admin_wants_leads(world):
    world.answer("hubspot_changed", "create_lead")
    id = world.hubspot.person_creates("contacts", ADA)

    world.poll()

    (lead_id,) = world.salesforce.ids_of("Lead")
    assert world.salesforce.values_of("Lead", lead_id)["Company"] == "Babbage & Co"
    assert world.salesforce.ids_of("Contact") == []
    link = world.links.get()
    assert (link.hubspot_id, link.salesforce_id, link.salesforce_object) == (id, lead_id, "Lead")


def test_a_new_lead_becomes_a_hubspot_contact(world):
    id = lead(world)

    world.poll()

    (hubspot_id,) = world.hubspot.ids_of("contacts")
    assert world.in_hubspot(hubspot_id)["company"] == "Babbage & Co"
    assert world.salesforce.values_of("Lead", id)[world.connection.key_field] == hubspot_id


def test_a_contact_is_found_before_a_lead(world):
    lead(world, LastName="Lead")
    contact(world, LastName="Contact")
    world.clock.forward(minutes=5)
    world.hubspot.person_creates("contacts", {"email": "ada@example.org"})

    world.poll()

    assert world.links.filter(state="live").get().salesforce_object == "Contact"


def test_a_lead_is_found_where_no_contact_bears_the_address(world):
    lead_id = lead(world)
    world.answer("hubspot_changed", "create_or_update")
    world.hubspot.person_creates("contacts", {"email": "ADA@example.org"})

    world.poll()

    assert world.salesforce.ids_of("Contact") == []
    assert world.links.get().salesforce_id == lead_id


def test_the_link_follows_a_lead_to_the_contact_it_is_converted_to(world):
    lead_id = lead(world, Title="Analyst")
    world.poll()
    world.poll()
    hubspot_id = world.links.get().hubspot_id
    contact_id = contact(world, Title="Analyst")
    world.salesforce.person_converts(lead_id, contact_id)

    world.poll()
    world.poll()

    link = world.links.get()
    assert (link.hubspot_id, link.salesforce_id) == (hubspot_id, contact_id)
    assert (link.salesforce_object, link.state) == ("Contact", RecordLink.State.LIVE)
    assert world.in_salesforce(contact_id)[world.connection.key_field] == hubspot_id
    assert world.in_hubspot(hubspot_id)[world.connection.key_property] == contact_id
    assert len(world.hubspot.ids_of("contacts")) == 1
    assert not world.errors.exists()


def test_values_cleared_by_a_conversion_are_filled_and_not_wiped(world):
    """The baseline is stale: a blank contact field is no deletion."""
    lead_id = lead(world, Title="Analyst")
    world.poll()
    hubspot_id = world.links.get().hubspot_id
    contact_id = contact(world)
    world.salesforce.person_converts(lead_id, contact_id)

    world.poll()
    world.poll()

    assert world.in_hubspot(hubspot_id)["jobtitle"] == "Analyst"
    assert world.in_salesforce(contact_id)["Title"] == "Analyst"


def test_company_stops_syncing_with_the_conversion(world):
    lead_id = lead(world)
    world.poll()
    hubspot_id = world.links.get().hubspot_id
    world.salesforce.person_converts(lead_id, contact(world))
    world.poll()
    world.poll()

    world.hubspot.person_edits("contacts", hubspot_id, {"company": "Elsewhere"})
    run = world.poll()

    assert run.written_to_salesforce == 0
    assert world.in_hubspot(hubspot_id)["company"] == "Elsewhere"


def test_a_lead_converted_between_two_reads_of_a_poll_is_no_duplicate(world):
    """The contact is news before the poll has seen the conversion: its forebears tell."""
    lead_id = lead(world)
    world.poll()
    world.poll()
    hubspot_id = world.links.get().hubspot_id
    contact_id = contact(world)
    world.salesforce.person_converts(lead_id, contact_id)
    stored = world.salesforce._store.rows["Lead"][lead_id]
    stored.at = stored.at.replace(year=2000)  # the row is not among what changed

    world.poll()
    world.poll()

    assert world.links.get().salesforce_id == contact_id
    assert world.links.get().hubspot_id == hubspot_id
    assert not world.errors.exists()


def test_a_converted_lead_is_not_taken_for_a_partner(world):
    lead_id, contact_id = lead(world), contact(world, Email="ada@new.example.org")
    world.salesforce.person_converts(lead_id, contact_id)
    world.answer("salesforce_changed", "update")
    world.poll()
    id = world.hubspot.person_creates("contacts", {"email": "ada@example.org"})

    world.poll()

    link = world.links.get(hubspot_id=id)
    assert (link.salesforce_id, link.salesforce_object) == (contact_id, "Contact")


def test_of_two_leads_with_one_address_one_is_linked_and_the_other_shown(world):
    lead(world, LastName="One")
    lead(world, LastName="Two")

    world.poll()
    world.poll()

    assert len(world.hubspot.ids_of("contacts")) == 1
    assert world.links.filter(state="live").count() == 1
    assert world.errors.get().type == "already-linked"


def test_a_create_in_doubt_is_sent_to_the_same_object_whatever_the_answer_is_now(world):
    world.answer("hubspot_changed", "create_lead")
    world.hubspot.person_creates("contacts", ADA)
    world.salesforce.lose_next_write()
    world.poll()
    world.answer("hubspot_changed", "create_or_update")

    world.poll()

    assert world.salesforce.ids_of("Contact") == []
    assert len(world.salesforce.ids_of("Lead")) == 1


def test_a_create_whose_answer_was_lost_makes_no_second_lead(world):
    world.answer("hubspot_changed", "create_lead")
    world.hubspot.person_creates("contacts", ADA)
    world.salesforce.lose_next_answer()
    world.poll()

    world.poll()
    world.poll()

    assert len(world.salesforce.ids_of("Lead")) == 1
    assert world.links.get().state == RecordLink.State.LIVE
    assert not RecordChange.objects.unsettled().exists()


def test_where_hubspot_is_left_alone_no_value_flows_to_it(world):
    lead_id = lead(world)
    world.poll()
    world.poll()
    hubspot_id = world.links.get().hubspot_id
    world.answer("salesforce_changed", "nothing")

    world.salesforce.person_edits("Lead", lead_id, {"Title": "Countess"})
    lead(world, Email="grace@example.org")
    world.poll()

    assert world.in_hubspot(hubspot_id).get("jobtitle") is None
    assert len(world.hubspot.ids_of("contacts")) == 1
    assert world.crms.of(Crm.HUBSPOT).calls["create"] == 1
