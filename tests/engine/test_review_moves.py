"""Histories of merges, conversions, deletions and segments in which a record could be lost, doubled
or deleted. Source: sync.md 3, 5."""

from __future__ import annotations

import pytest

from sync_engine.core import error_types
from sync_engine.core.errors import CrmError, Problem
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.models import RecordLink, Segment, SyncRun
from tests.engine.conftest import World

LIVE = RecordLink.State.LIVE
ADA = {"email": "ada@example.org", "lastname": "Byron"}
NO = {crm: Problem(crm, error_types.VALIDATION_RULE, message="No.") for crm in Crm}


def salesforce_person(world: World, kind: str = "Contact", email: str = "ada@example.org") -> str:
    company = {"Company": "Babbage & Co"} if kind == "Lead" else {}
    return world.salesforce.person_creates(kind, {"LastName": "Byron", "Email": email, **company})


def polls(world: World, times: int = 3) -> None:
    for _ in range(times):
        world.poll()


# Records that have no partner yet


def refused_in_salesforce(world: World, **values: str) -> str:
    """Return the id of a HubSpot contact that Salesforce does not take."""
    id = world.hubspot.person_creates("contacts", {**ADA, **values})
    world.salesforce.refuse_next(NO[Crm.SALESFORCE])
    world.poll()
    return id


def refused_in_hubspot(world: World, **values: str) -> str:
    """Return the id of a Salesforce contact that HubSpot does not take."""
    id = salesforce_person(world, **values)
    world.hubspot.refuse_next(NO[Crm.HUBSPOT])
    world.poll()
    return id


@pytest.mark.parametrize("crm", list(Crm))
def test_a_lone_record_that_is_deleted_and_comes_back_gets_its_partner(world, crm):
    kind = "contacts" if crm is Crm.HUBSPOT else "Contact"
    id = (refused_in_salesforce if crm is Crm.HUBSPOT else refused_in_hubspot)(world)
    world.crms.of(crm).person_deletes(kind, id)
    world.clock.forward(days=1)
    polls(world)
    assert not world.errors.exists()
    world.crms.of(crm).person_restores(kind, id)

    polls(world)

    link = world.links.get()
    assert (link.state, link.record_id(crm)) == (LIVE, id)


def test_a_lone_record_that_is_deleted_leaves_nothing_to_decide(world):
    id = refused_in_hubspot(world)
    world.salesforce.person_deletes("Contact", id)
    world.clock.forward(days=1)
    polls(world)

    last = world.poll()

    assert not last.slices.exists()


def test_a_duplicate_that_is_merged_in_salesforce_as_proposed_leaves_no_error(world):
    world.linked()
    duplicate = salesforce_person(world)
    world.poll()
    assert world.errors.get().type == "already-linked"
    winner = world.links.get(state=LIVE).salesforce_id
    world.salesforce.person_merges("Contact", winner, duplicate)

    polls(world)

    assert not world.errors.exists()
    assert world.links.get().salesforce_id == winner


def test_two_lone_hubspot_contacts_that_are_merged_become_one_salesforce_contact(world):
    first = refused_in_salesforce(world)
    second = refused_in_salesforce(world, email="a.byron@example.org")
    survivor = world.hubspot.person_merges("contacts", first, second)
    for _ in range(4):
        world.clock.forward(days=1)
        world.poll()

    link = world.links.get()
    assert (link.hubspot_id, link.state) == (survivor, LIVE)
    assert len(world.salesforce.ids_of("Contact")) == 1
    assert not world.errors.exists()


def test_a_lone_hubspot_contact_that_is_merged_into_a_linked_one_leaves_no_error(world):
    linked, salesforce_id = world.linked()
    lone = refused_in_salesforce(world, email="a.byron@example.org")
    survivor = world.hubspot.person_merges("contacts", linked, lone)
    for _ in range(4):
        world.clock.forward(days=1)
        world.poll()

    link = world.links.get()
    assert (link.hubspot_id, link.salesforce_id) == (survivor, salesforce_id)
    assert not world.errors.exists()


def test_two_lone_salesforce_contacts_that_are_merged_become_one_hubspot_contact(world):
    winner = refused_in_hubspot(world)
    loser = refused_in_hubspot(world, email="a.byron@example.org")
    world.salesforce.person_merges("Contact", winner, loser)
    for _ in range(4):
        world.clock.forward(days=1)
        world.poll()

    link = world.links.get()
    assert (link.salesforce_id, link.state) == (winner, LIVE)
    assert len(world.hubspot.ids_of("contacts")) == 1
    assert not world.errors.exists()


# Merges on both sides


def test_a_merge_in_hubspot_first_and_in_salesforce_then_leaves_no_error(world):
    first, winner = world.linked(email="ada@example.org")
    second, loser = world.linked(email="a.byron@example.org")
    survivor = world.hubspot.person_merges("contacts", first, second)
    polls(world)
    assert world.errors.get().type == "merged-record"
    world.salesforce.person_merges("Contact", winner, loser)

    polls(world)

    link = world.links.get(state=LIVE)
    assert (link.hubspot_id, link.salesforce_id) == (survivor, winner)
    assert not world.errors.exists()


# Deletions


def test_a_contact_merged_with_another_is_not_deleted_with_its_former_partner(world):
    world.answer("salesforce_deleted", "delete")
    first, gone = world.linked(email="ada@example.org")
    second, stays = world.linked(email="a.byron@example.org")
    world.salesforce.person_deletes("Contact", gone)
    world.poll()
    survivor = world.hubspot.person_merges("contacts", first, second)

    polls(world)

    assert world.hubspot.ids_of("contacts") == [survivor]
    link = world.links.get(state=LIVE)
    assert (link.hubspot_id, link.salesforce_id) == (survivor, stays)


def test_a_contact_that_has_another_partner_by_now_is_not_deleted(world):
    world.answer("salesforce_deleted", "delete")
    hubspot_id, gone = world.linked()
    world.salesforce.person_deletes("Contact", gone)
    world.poll()
    other = world.salesforce.person_creates("Contact", {"LastName": "Byron"})
    RecordLink.objects.create(
        connection=world.connection,
        object_type="contacts",
        hubspot_id=hubspot_id,
        salesforce_id=other,
        salesforce_object="Contact",
        state=LIVE,
        since=world.clock(),
    )

    polls(world)

    assert world.hubspot.ids_of("contacts") == [hubspot_id]


def test_a_contact_deleted_for_privacy_while_its_deletion_was_open_is_forgotten(world):
    hubspot_id, salesforce_id = world.linked(jobtitle="Countess")
    world.salesforce.person_deletes("Contact", salesforce_id)
    world.poll()
    world.hubspot.person_erases("contacts", hubspot_id)

    polls(world)

    link = world.links.get()
    state = RecordLink.State.GONE_IN_HUBSPOT
    assert (link.state, link.agreed, link.delete_after) == (state, {}, None)


def test_a_merged_contact_that_is_deleted_for_privacy_is_forgotten_whole(world):
    first, salesforce_id = world.linked(email="ada@example.org", jobtitle="Countess")
    second, _ = world.linked(email="a.byron@example.org", jobtitle="Analyst")
    survivor = world.hubspot.person_merges("contacts", first, second)
    polls(world)
    for id in (first, second, survivor):
        world.hubspot.person_erases("contacts", id)
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": "Lady"})

    polls(world)

    assert [link.agreed for link in world.links] == [{}, {}]
    values = {
        field["new"]
        for change in world.changes
        for field in change.fields.values()
        if not field.get("erased")
    }
    assert values == set()


def test_a_lead_whose_contact_was_deleted_in_hubspot_makes_no_new_one_when_it_is_converted(world):
    lead = salesforce_person(world, "Lead")
    polls(world)
    (hubspot_id,) = world.hubspot.ids_of("contacts")
    world.hubspot.person_deletes("contacts", hubspot_id)
    world.salesforce.person_edits("Lead", lead, {"Title": "Countess"})
    polls(world)
    contact = salesforce_person(world)
    world.salesforce.person_converts(lead, contact)

    polls(world)

    assert world.hubspot.ids_of("contacts") == []


def test_a_contact_whose_partner_was_deleted_makes_no_new_one_when_it_is_merged(world):
    hubspot_id, salesforce_id = world.linked()
    world.salesforce.person_deletes("Contact", salesforce_id)
    polls(world)
    other = world.hubspot.person_creates("contacts", {"lastname": "Byron"})
    world.hubspot.person_merges("contacts", hubspot_id, other)

    polls(world)

    assert world.salesforce.ids_of("Contact") == []


def test_a_contact_that_comes_back_and_is_merged_finds_its_partner_taken(world):
    winner_partner, winner = world.linked(email="ada@example.org")
    gone, salesforce_id = world.linked(email="a.byron@example.org")
    world.hubspot.person_deletes("contacts", gone)
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": "Countess"})
    polls(world)
    world.salesforce.person_merges("Contact", salesforce_id, winner)
    polls(world)
    world.hubspot.person_restores("contacts", gone)
    other = world.hubspot.person_creates("contacts", {"lastname": "Byron"})
    survivor = world.hubspot.person_merges("contacts", gone, other)

    polls(world, 6)

    link = world.links.get(state=LIVE)
    assert (link.hubspot_id, link.salesforce_id) == (winner_partner, salesforce_id)
    assert {(error.hubspot_id, error.type) for error in world.errors} == {
        (survivor, "already-linked")
    }


# Segments

LIST = ("17", "Customers")


def choose(world: World, *, seen: str = "") -> None:
    Segment.objects.choose(
        world.connection.pk, "contacts", LIST, seen=seen, by="Grace", now=world.clock()
    )


def test_who_joins_after_its_partner_was_deleted_makes_no_new_one(world):
    hubspot_id, salesforce_id = world.linked()
    world.hubspot.lists.person_makes(*LIST, "1", hubspot_id)
    choose(world)
    world.poll()
    world.salesforce.person_deletes("Contact", salesforce_id)
    polls(world)
    world.hubspot.lists.person_takes_off("17", hubspot_id)
    world.clock.forward(minutes=15)
    world.poll()
    world.hubspot.lists.person_adds("17", hubspot_id)
    world.clock.forward(minutes=15)

    polls(world)

    assert world.salesforce.ids_of("Contact") == []


def test_who_joined_is_not_forgotten_where_the_worker_dies_before_it_is_looked_at(
    world, monkeypatch
):
    world.hubspot.lists.person_makes(*LIST, "1")
    choose(world)
    id = world.hubspot.person_creates("contacts", ADA)
    polls(world, 8)  # beyond what a look at changes reaches back
    world.hubspot.lists.person_adds("17", id)
    monkeypatch.setattr(SyncRun, "gathered", _dies)
    with pytest.raises(_Died):
        world.poll()
    monkeypatch.undo()

    polls(world)

    assert len(world.salesforce.ids_of("Contact")) == 1


class _Died(Exception):
    pass


def _dies(*_: object) -> None:
    raise _Died


def test_what_a_paused_run_has_in_hand_is_synced_where_its_segment_is_chosen_meanwhile(world):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.clock.forward(minutes=20)
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Countess"})
    world.salesforce.read = _is_down
    assert world.poll().state == SyncRun.State.PAUSED
    del world.salesforce.read
    world.hubspot.lists.person_makes(*LIST, hubspot_id)
    choose(world)

    for _ in range(4):
        world.clock.forward(minutes=10)
        world.poll()

    assert world.in_salesforce(salesforce_id)["Title"] == "Countess"


def _is_down(*_: object) -> None:
    raise CrmError(Problem(Crm.SALESFORCE, error_types.TEMPORARY, "DOWN"))


# Back and forth


def test_a_value_that_a_person_changes_to_and_fro_is_no_quarrel(world):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    for title in ("Countess", "Analyst") * 5:
        world.salesforce.person_edits("Contact", salesforce_id, {"Title": title})
        polls(world, 2)
        assert world.in_hubspot(hubspot_id)["jobtitle"] == title

    assert not world.errors.exists()


def test_a_deletion_that_hubspot_does_not_answer_is_carried_over_later(world):
    world.answer("salesforce_deleted", "delete")
    hubspot_id, salesforce_id = world.linked()
    world.salesforce.person_deletes("Contact", salesforce_id)
    world.poll()
    world.hubspot.archive = _is_down
    world.poll()
    del world.hubspot.archive

    polls(world)

    assert world.hubspot.ids_of("contacts") == []


def test_a_deletion_that_was_decided_too_long_ago_is_decided_anew(world):
    world.answer("salesforce_deleted", "delete")
    hubspot_id, salesforce_id = world.linked()
    world.salesforce.person_deletes("Contact", salesforce_id)
    world.poll()
    read = world.hubspot.read

    def slowly(*arguments):
        world.clock.forward(seconds=70)
        return read(*arguments)

    world.hubspot.read = slowly
    world.poll()
    del world.hubspot.read

    polls(world)

    assert world.hubspot.ids_of("contacts") == []


@pytest.mark.parametrize("deletes", ["nothing", "delete"])
def test_a_salesforce_contact_deleted_while_its_create_was_in_doubt_is_not_made_anew(
    world, deletes
):
    world.answer("salesforce_deleted", deletes)
    id = salesforce_person(world)
    world.hubspot.lose_next_answer()
    world.poll()
    world.salesforce.person_deletes("Contact", id)

    for _ in range(4):
        world.clock.forward(hours=6)
        polls(world)

    assert world.salesforce.ids_of("Contact") == []
    assert len(world.hubspot.ids_of("contacts")) == (deletes == "nothing")


def test_a_hubspot_contact_deleted_while_its_create_was_in_doubt_is_not_made_anew(world):
    id = world.hubspot.person_creates("contacts", ADA)
    world.salesforce.lose_next_answer()
    world.poll()
    world.hubspot.person_deletes("contacts", id)

    for _ in range(4):
        world.clock.forward(hours=6)
        polls(world)

    assert world.hubspot.ids_of("contacts") == []
    assert len(world.salesforce.ids_of("Contact")) == 1
