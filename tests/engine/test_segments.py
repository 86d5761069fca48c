"""The inclusion segment. Source: product.md 6.1 (quoted), 24; sync.md 5."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sync_engine.core.sync_rules import SyncRule
from sync_engine.models import RecordLink, Segment, SettingChange

LIST = ("17", "Customers")


@pytest.fixture
def limited(world):
    """A world in which only a segment syncs; nobody is in it but who is put there."""
    world.hubspot.lists.person_makes(*LIST, "1")
    choose(world)
    world.poll()
    return world


def choose(world, chosen=LIST, *, seen=""):
    Segment.objects.choose(
        world.connection.pk, "contacts", chosen, seen=seen, by="Grace", now=world.clock()
    )


def go_on(world, *, seen=LIST[0]):
    Segment.objects.go_on(world.connection.pk, "contacts", seen=seen, by="Grace", now=world.clock())


def segment():
    return Segment.objects.get()


def test_a_record_outside_does_not_sync_to_salesforce(limited):
    limited.hubspot.person_creates("contacts", {"email": "ada@example.org", "lastname": "Byron"})

    limited.poll()

    assert limited.salesforce.ids_of("Contact") == []
    assert not limited.errors.exists()


def test_joining_acts_as_a_trigger(limited):
    id = limited.hubspot.person_creates(
        "contacts", {"email": "ada@example.org", "lastname": "Byron"}
    )
    limited.poll()
    limited.clock.forward(minutes=5)
    limited.hubspot.lists.person_adds("17", id)

    limited.poll()

    assert len(limited.salesforce.ids_of("Contact")) == 1


def test_who_joined_and_was_missed_is_found_when_all_are_read(limited):
    id = limited.hubspot.person_creates(
        "contacts", {"email": "ada@example.org", "lastname": "Byron"}
    )
    limited.hubspot.lists.person_adds("17", id)
    row = segment()
    row.cursor = "99"
    row.save()
    limited.poll()
    assert limited.salesforce.ids_of("Contact") == []

    limited.clock.forward(minutes=15)
    limited.poll()

    assert len(limited.salesforce.ids_of("Contact")) == 1


def test_leaving_stops_both_ways_and_the_link_resumes_when_it_comes_back(world):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.hubspot.lists.person_makes(*LIST, hubspot_id, "1")
    choose(world)
    world.poll()
    world.hubspot.lists.person_takes_off("17", hubspot_id)
    world.clock.forward(minutes=15)
    world.poll()

    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Countess", "city": "London"})
    world.salesforce.person_edits("Contact", salesforce_id, {"Phone": "1"})
    world.poll()
    assert world.in_salesforce(salesforce_id)["Title"] == "Analyst"
    assert world.in_hubspot(hubspot_id).get("phone") is None
    assert world.links.get().state == RecordLink.State.LIVE

    world.hubspot.lists.person_adds("17", hubspot_id)
    world.poll()
    assert world.in_salesforce(salesforce_id)["Title"] == "Countess"
    assert world.in_hubspot(hubspot_id)["phone"] == "1"


def test_what_was_cleared_outside_is_filled_when_it_comes_back_and_not_wiped(world):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.hubspot.lists.person_makes(*LIST, "1")
    choose(world)
    world.poll()
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": None})
    world.poll()
    world.hubspot.lists.person_adds("17", hubspot_id)

    world.poll()

    assert world.in_salesforce(salesforce_id)["Title"] == "Analyst"
    assert world.in_hubspot(hubspot_id)["jobtitle"] == "Analyst"


def test_choosing_a_segment_pushes_nobody(world):
    id = world.hubspot.person_creates("contacts", {"lastname": "Byron"})
    world.poll()
    world.hubspot.lists.person_makes(*LIST, id)
    choose(world)

    run = world.poll()

    assert run.read == 0


def test_a_new_salesforce_contact_creates_a_hubspot_contact_and_no_more(limited):
    """ "A new lead/contact still creates/links a HubSpot contact even if it fails the criteria;
    subsequent updates do not flow until it qualifies"."""
    salesforce_id = limited.salesforce.person_creates(
        "Contact", {"Email": "grace@example.org", "LastName": "Hopper"}
    )
    limited.poll()
    (hubspot_id,) = limited.hubspot.ids_of("contacts")

    limited.salesforce.person_edits("Contact", salesforce_id, {"Title": "Admiral"})
    limited.poll()

    assert limited.in_hubspot(hubspot_id).get("jobtitle") is None


def test_a_link_to_somebody_outside_is_made_and_carries_no_value(limited):
    hubspot_id = limited.hubspot.person_creates("contacts", {"email": "grace@example.org"})
    limited.salesforce.person_creates(
        "Contact", {"Email": "grace@example.org", "LastName": "Hopper"}
    )

    limited.poll()

    assert limited.links.get(state=RecordLink.State.LIVE).hubspot_id == hubspot_id
    assert limited.in_hubspot(hubspot_id).get("lastname") is None


def test_a_deletion_is_not_carried_over_to_somebody_outside(limited):
    limited.answer("salesforce_deleted", "delete")
    salesforce_id = limited.salesforce.person_creates(
        "Contact", {"Email": "grace@example.org", "LastName": "Hopper"}
    )
    limited.poll()
    limited.salesforce.person_deletes("Contact", salesforce_id)

    for _ in range(3):
        limited.poll()

    assert len(limited.hubspot.ids_of("contacts")) == 1
    assert limited.links.get().state == RecordLink.State.GONE_IN_SALESFORCE


def test_a_merge_of_somebody_outside_is_followed_all_the_same(limited):
    loser = limited.salesforce.person_creates(
        "Contact", {"Email": "grace@example.org", "LastName": "Hopper"}
    )
    limited.poll()
    limited.answer("salesforce_changed", "update")
    winner = limited.salesforce.person_creates("Contact", {"LastName": "Hopper"})
    limited.salesforce.person_merges("Contact", winner, loser)

    limited.poll()

    assert limited.links.get(state=RecordLink.State.LIVE).salesforce_id == winner


@pytest.mark.parametrize("trouble", ["deleted", "emptied", "shut"])
def test_a_segment_that_cannot_be_relied_on_stops_and_asks(limited, trouble):
    """It never means everyone, and it never means no one."""
    match trouble:
        case "deleted":
            limited.hubspot.lists.person_deletes("17")
        case "emptied":
            limited.hubspot.lists.person_takes_off("17", "1")
        case "shut":
            limited.hubspot.lists.is_shut = True
    limited.clock.forward(minutes=15)
    limited.poll()
    limited.salesforce.person_creates("Contact", {"Email": "g@example.org", "LastName": "Hopper"})

    run = limited.poll()

    assert "Customers" in segment().stopped_because
    assert (run.state, run.read) == ("done", 0)
    assert limited.hubspot.ids_of("contacts") == []
    assert not limited.connection.__class__.objects.get().suspended_because


def test_what_changed_while_it_was_stopped_is_caught_up(limited):
    limited.hubspot.lists.is_shut = True
    limited.clock.forward(minutes=15)
    limited.poll()
    limited.salesforce.person_creates("Contact", {"Email": "g@example.org", "LastName": "Hopper"})
    limited.poll()
    limited.clock.forward(hours=3)
    limited.hubspot.lists.is_shut = False

    limited.poll()

    assert segment().stopped_because == ""
    assert len(limited.hubspot.ids_of("contacts")) == 1


def test_an_empty_segment_goes_on_once_an_admin_has_said_so(limited):
    limited.hubspot.lists.person_takes_off("17", "1")
    limited.clock.forward(minutes=15)
    limited.poll()

    go_on(limited)
    limited.poll()

    assert segment().stopped_because == ""
    assert segment().read_at > limited.clock() - timedelta(minutes=1)


@pytest.mark.parametrize("chosen", [None, ("18", "Everybody else")])
def test_what_was_cleared_outside_is_filled_when_another_choice_lets_it_in(world, chosen):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.hubspot.lists.person_makes(*LIST, "1")
    world.hubspot.lists.person_makes("18", "Everybody else", hubspot_id)
    choose(world)
    world.poll()
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": None})
    world.poll()
    world.clock.forward(minutes=1)
    choose(world, chosen, seen=LIST[0])

    world.salesforce.person_edits("Contact", salesforce_id, {"Phone": "1"})
    world.poll()

    assert world.in_salesforce(salesforce_id)["Title"] == "Analyst"
    assert world.in_hubspot(hubspot_id)["jobtitle"] == "Analyst"


@pytest.mark.parametrize(("chosen", "seen"), [(None, ""), (("18", "Others"), ""), (None, "18")])
def test_who_chooses_without_having_seen_what_is_chosen_changes_nothing(limited, chosen, seen):
    with pytest.raises(Segment.ChangedMeanwhile):
        choose(limited, chosen, seen=seen)

    assert segment().list_id == LIST[0]
    assert SettingChange.objects.count() == 1


def test_only_an_empty_segment_may_go_on_with_nobody(limited):
    with pytest.raises(Segment.ChangedMeanwhile):
        go_on(limited)
    limited.hubspot.lists.person_deletes("17")
    limited.clock.forward(minutes=15)
    limited.poll()
    with pytest.raises(Segment.ChangedMeanwhile):
        go_on(limited)

    assert segment().stopped_because


def test_choosing_while_the_members_are_read_fails_no_run(limited, monkeypatch):
    salesforce_id = limited.salesforce.person_creates(
        "Contact", {"Email": "grace@example.org", "LastName": "Hopper"}
    )
    limited.poll()
    limited.salesforce.person_edits("Contact", salesforce_id, {"Title": "Admiral"})
    limited.clock.forward(minutes=15)
    members = limited.hubspot.lists.members

    def choose_meanwhile(list_id):
        choose(limited, None, seen=LIST[0])
        return members(list_id)

    monkeypatch.setattr(limited.hubspot.lists, "members", choose_meanwhile)
    run = limited.poll()
    assert (run.state, run.read) == ("done", 0)

    limited.poll()

    (hubspot_id,) = limited.hubspot.ids_of("contacts")
    assert limited.in_hubspot(hubspot_id)["jobtitle"] == "Admiral"


def test_what_a_run_has_in_hand_while_somebody_chooses_is_looked_at_again(world, monkeypatch):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.hubspot.lists.person_makes(*LIST, hubspot_id)
    choose(world)
    world.poll()
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Countess"})
    read = world.hubspot.read

    def choose_meanwhile(*asked):
        if Segment.objects.exists():
            choose(world, None, seen=LIST[0])
        return read(*asked)

    monkeypatch.setattr(world.hubspot, "read", choose_meanwhile)
    world.poll()
    world.poll()

    assert world.in_salesforce(salesforce_id)["Title"] == "Countess"
