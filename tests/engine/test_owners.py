"""Owners of contacts and leads. Source: product.md 14, its cases; sync.md 2."""

from __future__ import annotations

import pytest

from sync_engine.core.owners import Owner
from sync_engine.crms.memory_owners import OWNED
from sync_engine.models import FieldMapping
from tests.engine.conftest import World

ADA, GRACE, US = "005A0000006Vm9rIAC", "005A0000006Vm9sIAC", "005000000000001AAA"
IDA, QUEUE = "005A0000006Vm9tIAC", "00G0000006Vm9rAAAA"
IDA_RENAMED = Owner("3", "Ida Rhodes-Smith", "ida@babbage.example")


@pytest.fixture
def world(db) -> World:
    """Ada (1) and Grace (2) are users of both CRMs; Ida (3) bears another name in Salesforce."""
    world = World(OWNED)
    world.hubspot.staff.hired += [
        Owner("1", "Ada Byron", "ada@babbage.example"),
        Owner("2", "Grace Hopper", "grace@babbage.example"),
        IDA_RENAMED,
    ]
    world.salesforce.staff.hired += [
        Owner(ADA, "Ada Byron", "ada@babbage.example"),
        Owner(GRACE, "Grace Hopper", "grace@babbage.example"),
        Owner(IDA, "Ida Rhodes", "ida@babbage.example"),
        Owner(QUEUE, "Inbound leads", is_queue=True),
    ]
    world.salesforce.staff.assigned_to = QUEUE
    return world


def in_hubspot(world, owner=None) -> str:
    values = {"email": "mary@example.org", "lastname": "Somerville", "company": "Royal Society"}
    return world.hubspot.person_creates("contacts", values | {"hubspot_owner_id": owner})


def in_salesforce(world, owner, object_name="Contact") -> str:
    values = {"Email": "mary@example.org", "LastName": "Somerville", "OwnerId": owner}
    if object_name == "Lead":
        values["Company"] = "Royal Society"
    return world.salesforce.person_creates(object_name, values)


def owners(world) -> tuple:
    """Return the HubSpot owner and the Salesforce owner of the only pair."""
    link = world.links.get()
    here = world.hubspot.values_of("contacts", link.hubspot_id)
    there = world.salesforce.values_of(link.salesforce_object, link.salesforce_id)
    return here.get("hubspot_owner_id"), there["OwnerId"]


def settle(world) -> tuple:
    """Poll until nothing is written any more."""
    for _ in range(4):
        writes = dict(world.hubspot.calls), dict(world.salesforce.calls)
        world.poll()
    for crm, before in zip((world.hubspot, world.salesforce), writes, strict=True):
        for verb in ("create", "create_assigned", "update"):
            assert crm.calls[verb] == before.get(verb, 0)
    return owners(world)


# "New SF record, HubSpot owner matches: that owner." "No match: lead assignment rules" for leads,
# the integration user for contacts; then HubSpot is told where it can be.
@pytest.mark.parametrize(
    ("policy", "owner", "made", "settled"),
    [
        ("create_or_update", "1", ADA, ("1", ADA)),
        ("create_or_update", "3", US, ("3", US)),
        ("create_or_update", None, US, (None, US)),
        ("create_lead", "1", ADA, ("1", ADA)),
        ("create_lead", "3", QUEUE, ("3", QUEUE)),
        ("create_lead", None, QUEUE, (None, QUEUE)),
    ],
)
def test_a_new_salesforce_record_gets_its_owner(world, policy, owner, made, settled):
    world.answer("hubspot_changed", policy)
    in_hubspot(world, owner)

    world.poll()

    assert owners(world) == (owner, made)
    assert settle(world) == settled
    assert not world.errors


def test_hubspot_returns_to_the_owner_whom_salesforce_chose(world):
    world.answer("hubspot_changed", "create_lead")
    world.salesforce.staff.assigned_to = GRACE
    in_hubspot(world, "3")

    assert settle(world) == ("2", GRACE)


def test_assignment_rules_run_only_where_a_lead_has_no_matching_owner(world):
    world.answer("hubspot_changed", "create_lead")
    for name, owner in {"ada": "1", "ida": "3", "nobody": None, "grace": "2"}.items():
        values = {"email": f"{name}@example.org", "lastname": name, "company": "Royal Society"}
        world.hubspot.person_creates("contacts", values | {"hubspot_owner_id": owner})

    world.poll()

    assert (world.salesforce.calls["create"], world.salesforce.calls["create_assigned"]) == (1, 1)
    held = [world.salesforce.values_of("Lead", id) for id in world.salesforce.ids_of("Lead")]
    assert {one["LastName"]: one["OwnerId"] for one in held} == {
        "ada": ADA, "grace": GRACE, "ida": QUEUE, "nobody": QUEUE,
    }  # fmt: skip


def test_a_lead_whose_create_is_in_doubt_is_looked_for_before_the_rules_run_again(world):
    world.answer("hubspot_changed", "create_lead")
    in_hubspot(world, "3")
    world.salesforce.lose_next_answer()
    world.poll()
    (id,) = world.salesforce.ids_of("Lead")
    world.salesforce.person_edits("Lead", id, {"OwnerId": GRACE})

    world.clock.forward(minutes=20)
    assert settle(world) == ("2", GRACE)
    assert world.salesforce.calls["create_assigned"] == 1


# "Links to existing SF record with active owner: existing owner kept on first sync."
@pytest.mark.parametrize("object_name", ["Contact", "Lead"])
def test_the_owner_of_an_existing_salesforce_record_is_kept(world, object_name):
    in_salesforce(world, GRACE, object_name)
    world.clock.forward(minutes=30)
    in_hubspot(world, "1")  # later, and yet

    assert settle(world) == ("2", GRACE)
    assert not world.errors


def linked(world, owner="1"):
    id = in_hubspot(world, owner)
    settle(world)
    return id, world.links.get().salesforce_id


# "Later changes: most recent wins both ways."
def test_the_most_recent_change_wins(world):
    here, there = linked(world)

    world.hubspot.person_edits("contacts", here, {"hubspot_owner_id": "2"})
    assert settle(world) == ("2", GRACE)

    world.salesforce.person_edits("Contact", there, {"OwnerId": ADA})
    assert settle(world) == ("1", ADA)

    world.salesforce.person_edits("Contact", there, {"OwnerId": IDA})
    world.clock.forward(minutes=1)
    world.hubspot.person_edits("contacts", here, {"hubspot_owner_id": "2"})
    assert settle(world) == ("2", GRACE)
    assert not world.errors


def test_who_assigns_a_record_that_was_made_just_now_is_not_overruled(world):
    id = in_hubspot(world)
    world.poll()
    world.clock.forward(seconds=20)
    world.hubspot.person_edits("contacts", id, {"hubspot_owner_id": "1"})

    assert settle(world) == ("1", ADA)


def test_any_owner_passes_to_hubspot_by_e_mail(world):
    _, there = linked(world)
    world.salesforce.person_edits("Contact", there, {"OwnerId": IDA})
    assert settle(world) == ("3", IDA)


# "Already-synced contact, empty HubSpot owner: filled from Salesforce."
def test_an_empty_hubspot_owner_is_filled_from_salesforce(world):
    here, _ = linked(world)
    world.hubspot.person_edits("contacts", here, {"hubspot_owner_id": None})
    assert settle(world) == ("1", ADA)


# "A non-matching owner is rejected and OwnerId reverts to the last Salesforce value."
def test_an_owner_who_does_not_match_is_rejected_and_hubspot_returns(world):
    here, _ = linked(world)
    world.hubspot.person_edits("contacts", here, {"hubspot_owner_id": "3", "jobtitle": "Analyst"})

    assert settle(world) == ("1", ADA)

    error = world.errors.get()
    assert (error.type, error.crm, error.fields[0]["name"]) == (
        "owner-mismatch", "salesforce", "OwnerId",
    )  # fmt: skip
    assert error.message.startswith("The name differs: ida@babbage.example")
    assert world.salesforce.values_of("Contact", world.links.get().salesforce_id)["Title"]
    world.clock.forward(days=2)
    world.poll()
    assert not world.errors


def test_a_queue_that_hubspot_does_not_know_leaves_its_owner_as_it_is(world):
    in_salesforce(world, QUEUE, "Lead")
    assert settle(world) == (None, QUEUE)

    world.salesforce.person_edits("Lead", world.links.get().salesforce_id, {"OwnerId": ADA})
    assert settle(world) == ("1", ADA)
    world.salesforce.person_edits("Lead", world.links.get().salesforce_id, {"OwnerId": QUEUE})
    assert settle(world) == ("1", QUEUE)
    assert not world.errors


def test_a_queue_s_owner_in_hubspot_takes_its_leads(world):
    world.hubspot.staff.hired.append(Owner("9", "Inbound leads", is_queue=True))
    in_salesforce(world, QUEUE, "Lead")
    assert settle(world) == ("9", QUEUE)


def test_an_owner_who_is_too_new_to_be_known_waits_and_nothing_is_overwritten(world):
    here, _ = linked(world)
    world.hubspot.person_edits("contacts", here, {"hubspot_owner_id": "7"})
    world.poll()
    assert owners(world) == ("7", ADA)
    assert world.errors.get().type == "owner-not-known"

    world.hubspot.staff.hired.append(Owner("7", "Joan Clarke", "joan@babbage.example"))
    world.salesforce.staff.hired.append(
        Owner("005J00000000001AAA", "Joan Clarke", "joan@babbage.example")
    )
    world.clock.forward(minutes=15)
    assert settle(world) == ("7", "005J00000000001AAA")
    assert not world.errors


def test_without_the_right_to_see_owners_only_the_owner_does_not_sync(world):
    world.hubspot.rights.taken.add("crm.objects.owners.read")
    in_hubspot(world, "1")

    assert settle(world) == ("1", US)
    mapping = FieldMapping.objects.get(hubspot_field="hubspot_owner_id")
    assert "grant Owners" in mapping.suspended_because

    world.hubspot.rights.taken.clear()
    world.hubspot.person_edits("contacts", world.links.get().hubspot_id, {"jobtitle": "Analyst"})
    assert settle(world) == ("1", US)  # Salesforce's is kept, and HubSpot does not know ours
