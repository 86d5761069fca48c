"""Deletions: nothing is ever deleted in Salesforce; in HubSpot only where the admin wants it, a
poll later, within the brake. Source: sync.md 5; product.md 7.1, 7.5, 24."""

from __future__ import annotations

import pytest

from sync_engine.core.brakes import LIMITS, BrakeKind
from sync_engine.core.error_types import VALIDATION_RULE
from sync_engine.core.errors import Problem
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.models import Brake, RecordChange, RecordLink

State = RecordLink.State
ADA = {"Email": "ada@example.org", "LastName": "Byron", "Company": "Babbage & Co"}


@pytest.fixture
def deleting(world):
    world.answer("salesforce_deleted", "delete")
    return world


def test_a_deleted_salesforce_contact_leaves_the_hubspot_contact_by_default(world):
    hubspot_id, salesforce_id = world.linked()
    world.salesforce.person_deletes("Contact", salesforce_id)

    for _ in range(3):
        world.poll()

    assert world.hubspot.ids_of("contacts") == [hubspot_id]
    assert world.links.get().state == State.GONE_IN_SALESFORCE
    assert world.salesforce.ids_of("Contact") == []


def test_an_edit_of_what_was_left_makes_no_second_salesforce_record(world):
    hubspot_id, salesforce_id = world.linked()
    world.salesforce.person_deletes("Contact", salesforce_id)
    world.poll()
    world.hubspot.person_edits("contacts", hubspot_id, {"city": "London"})

    world.poll()

    assert world.salesforce.ids_of("Contact") == []


def test_the_hubspot_contact_is_deleted_one_poll_later(deleting):
    _, salesforce_id = deleting.linked()
    deleting.salesforce.person_deletes("Contact", salesforce_id)

    deleting.poll()
    assert len(deleting.hubspot.ids_of("contacts")) == 1
    run = deleting.poll()

    assert deleting.hubspot.ids_of("contacts") == []
    assert (run.deleted_in_hubspot, deleting.links.get().state) == (1, State.GONE)
    change = deleting.changes.last()
    assert (change.kind, change.state) == (RecordChange.Kind.DELETE, RecordChange.State.DONE)


def test_a_contact_that_came_back_in_between_is_not_deleted(deleting):
    hubspot_id, salesforce_id = deleting.linked()
    deleting.salesforce.person_deletes("Contact", salesforce_id)
    deleting.poll()
    deleting.salesforce.person_restores("Contact", salesforce_id)

    for _ in range(3):
        deleting.poll()

    assert deleting.hubspot.ids_of("contacts") == [hubspot_id]
    assert deleting.links.get().state == State.LIVE


def test_a_lead_deleted_and_another_made_with_the_same_address_is_followed(deleting):
    """The first of the two stories: the contact keeps its history and follows the new lead."""
    lead = deleting.salesforce.person_creates("Lead", ADA)
    deleting.poll()
    deleting.poll()
    (hubspot_id,) = deleting.hubspot.ids_of("contacts")
    before = deleting.changes.count()
    deleting.salesforce.person_deletes("Lead", lead)
    heir = deleting.salesforce.person_creates("Lead", {**ADA, "Title": "Countess"})

    for _ in range(4):
        deleting.poll()

    link = deleting.links.get()
    assert (link.hubspot_id, link.salesforce_id, link.state) == (hubspot_id, heir, State.LIVE)
    assert deleting.in_hubspot(hubspot_id)["jobtitle"] == "Countess"
    assert link.changes.count() > before
    assert not deleting.errors.exists()


def test_the_link_moves_to_another_lead_that_bore_the_address_all_along(deleting):
    first = deleting.salesforce.person_creates("Lead", ADA)
    deleting.poll()
    second = deleting.salesforce.person_creates("Lead", ADA)
    deleting.poll()
    deleting.poll()
    assert deleting.errors.get().type == "already-linked"
    deleting.salesforce.person_deletes("Lead", first)

    for _ in range(3):
        deleting.poll()

    assert len(deleting.hubspot.ids_of("contacts")) == 1
    assert deleting.links.get(state=State.LIVE).salesforce_id == second
    assert not deleting.errors.exists()


def test_a_merge_is_no_deletion(deleting):
    hubspot_id, loser = deleting.linked()
    winner = deleting.salesforce.person_creates("Contact", {"LastName": "Byron"})
    deleting.salesforce.person_merges("Contact", winner, loser)

    for _ in range(3):
        deleting.poll()

    assert deleting.hubspot.ids_of("contacts") == [hubspot_id]


def test_more_deletions_than_a_day_has_stop_and_ask(deleting, monkeypatch):
    monkeypatch.setitem(LIMITS, BrakeKind.DELETE, (1, 0.0))
    pairs = [deleting.linked(email=f"{name}@example.org") for name in ("ada", "bob")]
    for _, salesforce_id in pairs:
        deleting.salesforce.person_deletes("Contact", salesforce_id)
    deleting.poll()

    deleting.poll()

    assert len(deleting.hubspot.ids_of("contacts")) == 2
    brake = Brake.objects.stopped(deleting.connection.pk).get()
    assert (brake.kind, brake.held_back) == ("delete", 2)
    assert sorted(brake.examples) == ["ada@example.org", "bob@example.org"]
    assert {error.type for error in deleting.errors} == {"held-by-brake"}

    brake.go_on(deleting.clock())
    deleting.poll()

    assert deleting.hubspot.ids_of("contacts") == []
    assert not deleting.errors.exists()


def test_a_deletion_that_hubspot_refuses_is_an_error_and_tried_again(deleting):
    _, salesforce_id = deleting.linked()
    deleting.salesforce.person_deletes("Contact", salesforce_id)
    deleting.poll()
    deleting.hubspot.refuse_next(Problem(Crm.HUBSPOT, VALIDATION_RULE, "NO"))
    deleting.poll()
    assert deleting.errors.get().type == "validation-rule"

    deleting.poll()
    assert len(deleting.hubspot.ids_of("contacts")) == 1
    deleting.clock.forward(hours=1)
    deleting.poll()

    assert deleting.hubspot.ids_of("contacts") == []
    assert not deleting.errors.exists()


def test_a_deletion_whose_answer_was_lost_is_settled(deleting):
    _, salesforce_id = deleting.linked()
    deleting.salesforce.person_deletes("Contact", salesforce_id)
    deleting.poll()
    deleting.hubspot.lose_next_answer()
    deleting.poll()

    deleting.clock.forward(hours=1)
    deleting.poll()
    deleting.poll()

    assert deleting.links.get().state == State.GONE
    assert not RecordChange.objects.unsettled().exists()
    assert not deleting.errors.exists()


def test_a_salesforce_contact_that_comes_back_after_both_went_gets_a_new_partner(deleting):
    old, salesforce_id = deleting.linked(jobtitle="Analyst")
    deleting.salesforce.person_deletes("Contact", salesforce_id)
    deleting.poll()
    deleting.poll()
    deleting.salesforce.person_restores("Contact", salesforce_id)

    deleting.poll()
    deleting.poll()

    (hubspot_id,) = deleting.hubspot.ids_of("contacts")
    assert hubspot_id != old
    assert deleting.in_hubspot(hubspot_id)["jobtitle"] == "Analyst"
    assert deleting.in_salesforce(salesforce_id)["Title"] == "Analyst"


def test_a_deleted_hubspot_contact_deletes_nothing_in_salesforce(deleting):
    hubspot_id, salesforce_id = deleting.linked()
    deleting.hubspot.person_deletes("contacts", hubspot_id)
    deleting.salesforce.person_edits("Contact", salesforce_id, {"Title": "Countess"})

    for _ in range(3):
        deleting.poll()

    assert deleting.salesforce.ids_of("Contact") == [salesforce_id]
    assert deleting.hubspot.ids_of("contacts") == []
    assert deleting.links.get().state == State.GONE_IN_HUBSPOT
    assert not deleting.errors.exists()


def test_a_hubspot_contact_that_comes_back_is_linked_as_before_and_nothing_is_wiped(world):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.hubspot.person_deletes("contacts", hubspot_id)
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": None, "Phone": "1"})
    world.poll()
    world.hubspot.person_restores("contacts", hubspot_id)

    world.poll()
    world.poll()

    assert world.links.get().state == State.LIVE
    # The baseline is stale: nobody knows who cleared it, so the side with a value fills the other.
    assert world.in_salesforce(salesforce_id)["Title"] == "Analyst"
    assert world.in_hubspot(hubspot_id)["phone"] == "1"


def test_a_contact_deleted_for_privacy_is_forgotten_here_too(world):
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.hubspot.person_erases("contacts", hubspot_id)
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": "Countess"})

    world.poll()
    world.poll()

    link = world.links.get()
    assert (link.state, link.agreed) == (State.GONE_IN_HUBSPOT, {})
    assert "Analyst" not in str([change.fields for change in world.changes])
    assert world.hubspot.ids_of("contacts") == []
    assert not world.errors.exists()


def test_a_new_hubspot_contact_takes_over_what_a_deleted_one_left(world):
    old, salesforce_id = world.linked()
    world.hubspot.person_deletes("contacts", old)
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": "Countess"})
    world.poll()
    new = world.hubspot.person_creates("contacts", {"email": "ada@example.org"})

    world.poll()
    world.poll()

    link = world.links.get()
    assert (link.hubspot_id, link.salesforce_id, link.state) == (new, salesforce_id, State.LIVE)
    assert world.in_salesforce(salesforce_id)[world.connection.key_field] == new


def test_what_was_left_is_not_read_again_at_every_poll(world):
    hubspot_id, salesforce_id = world.linked()
    world.salesforce.person_deletes("Contact", salesforce_id)
    world.hubspot.person_edits("contacts", hubspot_id, {"city": "London"})
    world.poll()

    run = world.poll()

    assert run.read <= 1  # the deletion is decided, once
    assert world.poll().read == 0
