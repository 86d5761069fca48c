"""Histories that a simpler design gets wrong, one by one. Source: sync.md, and the reviews that
found them."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sync_engine.core import error_types
from sync_engine.core.errors import Problem
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.models import Allocation, ObjectSettings, RecordLink, SyncRun
from tests.engine.conftest import World
from tests.engine.test_trouble import people


def test_a_write_that_lands_late_does_not_undo_what_a_person_did_meanwhile(world, monkeypatch):
    """The second of the two stories: a Salesforce write times out, a person edits HubSpot, the
    write lands late: the person's edit stands."""
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Countess"})
    world.salesforce.lose_next_write()
    world.poll()
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Queen"})
    # The first write lands now, by the integration user: it is ours and no edit.
    world.clock.forward(seconds=30)
    stored = world.salesforce._store
    stored.write("Contact", stored.get("Contact", salesforce_id), {"Title": "Countess"})

    world.poll()
    world.poll()

    assert world.in_hubspot(hubspot_id)["jobtitle"] == "Queen"
    assert world.in_salesforce(salesforce_id)["Title"] == "Queen"


def test_a_write_that_lands_after_the_person_s_edit_was_synced_does_not_undo_it(world):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Countess"})
    world.salesforce.lose_next_write()
    world.poll()
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Queen"})
    world.poll()
    assert world.in_salesforce(salesforce_id)["Title"] == "Queen"
    world.clock.forward(seconds=30)
    stored = world.salesforce._store
    stored.write("Contact", stored.get("Contact", salesforce_id), {"Title": "Countess"})

    world.poll()
    world.poll()

    assert world.in_hubspot(hubspot_id)["jobtitle"] == "Queen"
    assert world.in_salesforce(salesforce_id)["Title"] == "Queen"


def test_an_address_that_hubspot_writes_in_lower_case_is_the_same_address(world):
    world.salesforce.person_creates("Contact", {"Email": "Ada@Example.ORG", "LastName": "Byron"})
    world.poll()
    world.poll()

    run = world.poll()

    (hubspot_id,) = world.hubspot.ids_of("contacts")
    assert world.in_hubspot(hubspot_id)["email"] == "ada@example.org"
    assert (run.written_to_hubspot, run.written_to_salesforce) == (0, 0)
    (salesforce_id,) = world.salesforce.ids_of("Contact")
    assert world.in_salesforce(salesforce_id)["Email"] == "ada@example.org"


def test_two_hubspot_accounts_on_one_org_keep_apart(world):
    """Each has its own key; by default the second makes no contacts of what the first brought."""
    other = World(account="55555", beside=world)
    settings = ObjectSettings.objects.get(connection=other.connection, object_type="contacts")
    assert settings.answers == {"salesforce_changed": "update"}
    first = world.hubspot.person_creates("contacts", {"email": "a@example.org", "lastname": "A"})
    second = other.hubspot.person_creates("contacts", {"email": "a@example.org", "lastname": "A"})
    other.hubspot.person_creates("contacts", {"email": "b@example.org", "lastname": "B"})

    for _ in range(3):
        world.poll()
        other.poll()

    contacts = {
        world.in_salesforce(id)["Email"]: world.in_salesforce(id)
        for id in world.salesforce.ids_of("Contact")
    }
    assert len(world.salesforce.ids_of("Contact")) == 2
    assert contacts["a@example.org"][world.connection.key_field] == first
    assert contacts["a@example.org"][other.connection.key_field] == second
    # The first account takes over what the second made; the second takes over nothing.
    assert len(world.hubspot.ids_of("contacts")) == 2
    assert len(other.hubspot.ids_of("contacts")) == 2


def test_two_hubspot_accounts_on_one_org_come_to_rest(world):
    other = World(account="55555", beside=world)
    for one in (world, other):
        one.rule("jobtitle", SyncRule.TWO_WAY)
    world.hubspot.person_creates("contacts", {"email": "a@example.org", "lastname": "A"})
    id = other.hubspot.person_creates("contacts", {"email": "a@example.org", "lastname": "A"})
    for _ in range(3):
        world.poll()
        other.poll()
    other.hubspot.person_edits("contacts", id, {"jobtitle": "Countess"})
    for _ in range(4):
        other.poll()
        world.poll()

    assert world.in_hubspot(world.hubspot.ids_of("contacts")[0])["jobtitle"] == "Countess"
    for one in (world, other):
        run = one.poll()
        assert (run.written_to_hubspot, run.written_to_salesforce) == (0, 0)


def test_a_paused_run_that_resumes_hours_later_writes_nothing_it_read_then(world):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Countess"})
    world.clock.forward(minutes=1)
    Allocation.objects.update(allocated=0)
    run = SyncRun.objects.begin_poll(world.connection.pk, world.clock())
    run.gathered(world.clock())
    run.cut("contacts", [(Crm.HUBSPOT, "contacts", hubspot_id)])
    run.pause("No calls left.")
    world.clock.forward(hours=5)
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Queen"})
    world.salesforce.person_edits("Contact", salesforce_id, {"Phone": "1"})
    Allocation.objects.update(allocated=1000)

    world.poll()

    assert world.in_salesforce(salesforce_id)["Title"] == "Queen"
    assert world.in_hubspot(hubspot_id)["phone"] == "1"
    assert "Countess" not in str([change.fields for change in world.changes])


def test_two_runs_never_decide_about_one_pair_at_once(world):
    """A poll meets a pair that another run holds: it leaves it, and it is looked at again."""
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    other = uuid.uuid4()
    world.links.claim(other, world.clock())
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Countess"})

    world.poll()
    assert world.in_salesforce(salesforce_id)["Title"] == "Analyst"
    assert world.links.get().look_again
    RecordLink.objects.all().release(other)
    world.poll()

    assert world.in_salesforce(salesforce_id)["Title"] == "Countess"


def test_a_slice_that_a_crm_cannot_read_does_not_hold_up_all_others(world, monkeypatch):
    """HubSpot answers 500 whenever one poisoned record is among those that are asked for."""
    bad, *good = people(world.hubspot, 3)
    read = world.hubspot.read

    def poisoned(object_name, ids, fields):
        if bad in ids:
            world.hubspot.fail_next(Problem(Crm.HUBSPOT, error_types.TEMPORARY, "INTERNAL"))
        return read(object_name, ids, fields)

    monkeypatch.setattr(world.hubspot, "read", poisoned)
    for _ in range(30):
        world.poll()
        world.clock.forward(minutes=1)

    assert len(world.salesforce.ids_of("Contact")) == len(good)
    assert world.errors.get().hubspot_id == bad


def test_an_outage_of_an_hour_costs_nobody_anything(world, monkeypatch):
    people(world.hubspot, 3)
    called = world.hubspot._called

    def down(method, cause):
        world.hubspot.fail_next(Problem(Crm.HUBSPOT, error_types.TEMPORARY, "INTERNAL"))
        called(method, cause)

    monkeypatch.setattr(world.hubspot, "_called", down)
    for _ in range(60):
        world.poll()
    monkeypatch.undo()

    world.poll()
    world.poll()

    assert len(world.salesforce.ids_of("Contact")) == 3
    assert not world.errors.exists()
    assert world.clock.now > world.connection.set_up_at + timedelta(hours=1)


def test_how_long_an_edit_may_be_raced_is_measured(world, monkeypatch):
    """No API offers a conditional batch write: the window is kept short, and shown (sync.md 8)."""
    people(world.hubspot, 1)
    find = world.salesforce.find

    def slowly(*arguments):
        world.clock.forward(seconds=7)
        return find(*arguments)

    monkeypatch.setattr(world.salesforce, "find", slowly)
    world.poll()

    assert timedelta(seconds=7) <= SyncRun.objects.get().raced_for < timedelta(seconds=60)
