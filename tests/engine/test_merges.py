"""Merges on either side: the link follows, a partner is never lost, nothing is deleted.
Source: sync.md 3.4, 5; product.md 7.5."""

from __future__ import annotations

from sync_engine.core.sync_rules import SyncRule
from sync_engine.models import RecordLink

LIVE = RecordLink.State.LIVE


def two(world) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return two linked pairs."""
    return world.linked(email="ada@example.org"), world.linked(email="a.byron@example.org")


def test_the_link_follows_a_salesforce_merge_to_the_survivor(world):
    hubspot_id, loser = world.linked(jobtitle="Analyst")
    world.answer("salesforce_changed", "update")
    winner = world.salesforce.person_creates("Contact", {"LastName": "Byron"})
    world.salesforce.person_merges("Contact", winner, loser)

    world.poll()
    world.poll()

    link = world.links.get()
    assert (link.hubspot_id, link.salesforce_id, link.state) == (hubspot_id, winner, LIVE)
    assert world.in_salesforce(winner)["Title"] == "Analyst"
    assert world.in_hubspot(hubspot_id)[world.connection.key_property] == winner


def test_a_chain_of_merges_leads_to_its_end(world):
    hubspot_id, first = world.linked()
    world.answer("salesforce_changed", "update")
    second, third = (
        world.salesforce.person_creates("Contact", {"LastName": "Byron"}) for _ in range(2)
    )
    world.salesforce.person_merges("Contact", second, first)
    world.clock.forward(seconds=2)
    world.salesforce.person_merges("Contact", third, second)

    world.poll()
    world.poll()

    assert world.links.get(state=LIVE).salesforce_id == third


def test_a_salesforce_merge_of_two_linked_records_proposes_the_merge_in_hubspot(world):
    (first_hubspot, winner), (second_hubspot, loser) = two(world)
    world.salesforce.person_merges("Contact", winner, loser)

    world.poll()
    world.poll()

    assert world.links.get(hubspot_id=first_hubspot).salesforce_id == winner
    assert world.links.get(hubspot_id=second_hubspot).state == RecordLink.State.MERGED_AWAY
    error = world.errors.get()
    assert (error.type, error.record_name) == ("merged-record", "a.byron@example.org")
    assert "Merge the two in HubSpot" in error.message
    assert len(world.hubspot.ids_of("contacts")) == 2  # neither is touched


def test_the_proposed_merge_once_done_leaves_one_link_and_no_error(world):
    (first_hubspot, winner), (second_hubspot, loser) = two(world)
    world.salesforce.person_merges("Contact", winner, loser)
    world.poll()
    survivor = world.hubspot.person_merges("contacts", first_hubspot, second_hubspot)

    world.poll()
    world.poll()

    link = world.links.get(state=LIVE)
    assert (link.hubspot_id, link.salesforce_id) == (survivor, winner)
    assert not world.errors.exists()


def test_the_link_follows_a_hubspot_merge_to_the_new_id(world):
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    other = world.hubspot.person_creates("contacts", {"lastname": "Byron", "city": "London"})
    survivor = world.hubspot.person_merges("contacts", hubspot_id, other)

    world.poll()
    world.poll()

    link = world.links.get()
    assert (link.hubspot_id, link.salesforce_id, link.state) == (survivor, salesforce_id, LIVE)
    assert world.in_salesforce(salesforce_id)[world.connection.key_field] == survivor
    assert len(world.salesforce.ids_of("Contact")) == 1
    assert not world.errors.exists()


def test_a_hubspot_merge_of_two_linked_records_keeps_the_winners_partner(world):
    (first_hubspot, first), (second_hubspot, second) = two(world)
    survivor = world.hubspot.person_merges("contacts", second_hubspot, first_hubspot)

    world.poll()
    world.poll()

    assert world.links.get(state=LIVE).salesforce_id == second
    assert world.links.get(state=LIVE).hubspot_id == survivor
    assert world.links.get(salesforce_id=first).state == RecordLink.State.MERGED_AWAY
    assert world.errors.get().type == "merged-record"
    assert sorted(world.salesforce.ids_of("Contact")) == sorted([first, second])


def test_a_hubspot_merge_seen_by_an_edit_in_salesforce_loses_nothing(world):
    """The survivor is not in the search index yet; a read by the old id is answered by it."""
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    other = world.hubspot.person_creates("contacts", {"lastname": "Byron"})
    survivor = world.hubspot.person_merges("contacts", hubspot_id, other)
    hidden = world.hubspot._store.rows["contacts"][survivor]
    hidden.at = hidden.at.replace(year=2000)
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": "Countess"})

    world.poll()
    world.poll()

    assert world.links.get().hubspot_id == survivor
    assert world.in_hubspot(survivor)["jobtitle"] == "Countess"


def test_a_merge_wipes_nothing(world):
    """Two-way, and the survivor's fields are blank: the baseline is stale, so they are filled."""
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, loser = world.linked(jobtitle="Analyst")
    world.answer("salesforce_changed", "update")
    winner = world.salesforce.person_creates("Contact", {"LastName": "Byron"})
    world.salesforce.person_merges("Contact", winner, loser)
    world.salesforce.person_edits("Contact", winner, {"Title": None})

    world.poll()
    world.poll()

    assert world.in_hubspot(hubspot_id)["jobtitle"] == "Analyst"


def test_a_salesforce_contact_is_found_by_a_second_address_of_a_merged_contact(world):
    one = world.hubspot.person_creates("contacts", {"email": "ada@example.org", "lastname": "X"})
    two = world.hubspot.person_creates("contacts", {"email": "a.byron@example.org"})
    survivor = world.hubspot.person_merges("contacts", one, two)
    id = world.salesforce.person_creates(
        "Contact", {"Email": "A.Byron@example.org", "LastName": "Byron"}
    )

    world.poll()
    world.poll()

    assert world.links.get(state=LIVE).salesforce_id in world.salesforce.ids_of("Contact")
    assert world.hubspot.ids_of("contacts") == [survivor]
    assert world.salesforce.ids_of("Contact") == [id]
