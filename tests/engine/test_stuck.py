"""Nothing waits for ever: a run ends, a slice is taken, a doubt is settled, a brake lets go."""

from __future__ import annotations

import pytest

from sync_engine.core.allocation import AllocationSpent
from sync_engine.core.brakes import LIMITS, BrakeKind
from sync_engine.core.errors import CrmError
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.models import Brake, Connection, RecordChange, SyncRun, sync_run
from sync_engine.runs import plan as plan_step
from sync_engine.runs.poll import poll
from tests.engine.test_trouble import DOWN, people


class Calls:
    """A meter that lets so many calls to Salesforce pass."""

    def __init__(self, left):
        self.left = left

    def reserve(self, crm, cause):
        if not self.left:
            raise AllocationSpent("All allocated Salesforce API calls are used.")
        self.left -= 1


def down(*args):
    raise CrmError(DOWN)


@pytest.mark.parametrize("people_there", [0, 1])
def test_a_run_ends_though_its_worker_died_after_the_last_slice(world, monkeypatch, people_there):
    people(world.hubspot, people_there)

    def die(*args):
        raise SystemExit

    monkeypatch.setattr(SyncRun, "finish", die)
    with pytest.raises(SystemExit):
        world.poll()
    monkeypatch.undo()

    world.tidy()

    assert SyncRun.objects.get().state == SyncRun.State.DONE
    assert world.poll() is not None


def test_a_slice_that_waits_for_calls_is_not_given_up(world):
    people(world.hubspot, 2)
    calls = world.salesforce._meter = Calls(2)

    for _ in range(6):
        assert world.poll().state == SyncRun.State.PAUSED
    assert world.errors.count() == 0
    calls.left = 100
    world.poll()

    assert len(world.salesforce.ids_of("Contact")) == 2


def test_a_record_on_which_we_fail_holds_back_no_other(world, monkeypatch):
    real = plan_step.plan_record

    def fail_on_one(pair, *rest):
        if pair.hubspot.values["jobtitle"] == "Poison":
            raise ZeroDivisionError
        return real(pair, *rest)

    monkeypatch.setattr(plan_step, "plan_record", fail_on_one)
    people(world.hubspot, 5)
    world.hubspot.person_creates(
        "contacts", {"email": "eve@example.org", "lastname": "E", "jobtitle": "Poison"}
    )
    with pytest.raises(ZeroDivisionError):
        world.poll()
    while SyncRun.objects.unfinished().exists():
        try:
            world.tidy()
        except ZeroDivisionError:
            continue

    assert len(world.salesforce.ids_of("Contact")) == 5
    assert world.errors.get().type == "unexpected"


def test_a_paused_run_goes_on_with_all_it_has_gathered_whatever_is_asked_for(world, monkeypatch):
    people(world.hubspot, 1)
    monkeypatch.setattr(world.salesforce, "find", down)
    assert world.poll().state == SyncRun.State.PAUSED
    monkeypatch.undo()

    poll(world.connection, lambda connection, run: world.crms, world.clock, only=["companies"])

    assert len(world.salesforce.ids_of("Contact")) == 1


def test_a_connection_that_is_switched_off_begins_no_further_slice(world, monkeypatch):
    monkeypatch.setattr(sync_run, "SLICE_SIZE", 1)
    people(world.hubspot, 3)
    create = world.salesforce.create

    def switch_off(*args):
        Connection.objects.update(is_on=False)
        return create(*args)

    monkeypatch.setattr(world.salesforce, "create", switch_off)
    world.poll()
    assert len(world.salesforce.ids_of("Contact")) == 1
    monkeypatch.undo()
    Connection.objects.update(is_on=True)

    world.tidy()

    assert len(world.salesforce.ids_of("Contact")) == 3
    assert SyncRun.objects.get().state == SyncRun.State.DONE


def test_who_lost_a_slice_to_another_worker_sends_nothing(world, monkeypatch):
    people(world.hubspot, 2)
    find = world.salesforce.find

    def fall_silent(*args):
        monkeypatch.undo()
        world.clock.forward(seconds=40)
        world.tidy()
        return find(*args)

    monkeypatch.setattr(world.salesforce, "find", fall_silent)
    world.poll()

    assert len(world.salesforce.ids_of("Contact")) == 2
    assert world.salesforce.calls["create"] == 1
    assert not world.links.exclude(claim=None).exists()


def test_a_doubt_about_a_new_record_is_settled_once_it_is_found(world):
    people(world.hubspot, 1)
    world.salesforce.lose_next_answer()
    world.poll()

    world.poll()

    assert RecordChange.objects.get(kind="create").state == RecordChange.State.DONE


def test_a_doubt_about_a_value_that_was_taken_back_is_settled(world):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    id, _ = world.linked(jobtitle="Analyst")
    world.hubspot.person_edits("contacts", id, {"jobtitle": "Countess"})
    world.salesforce.lose_next_write()
    world.poll()
    world.hubspot.person_edits("contacts", id, {"jobtitle": "Analyst"})
    world.clock.forward(minutes=16)

    world.poll()

    assert not RecordChange.objects.unsettled().exists()
    assert world.poll().read == 0


@pytest.mark.parametrize("source", list(Crm))
def test_what_was_cleared_while_its_create_was_in_doubt_stays_cleared(world, source):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    object_name, email, last_name, title = (
        ("contacts", "email", "lastname", "jobtitle")
        if source is Crm.HUBSPOT
        else ("Contact", "Email", "LastName", "Title")
    )
    crm = world.crms.of(source)
    id = crm.person_creates(
        object_name, {email: "ada@example.org", last_name: "Byron", title: "Analyst"}
    )
    world.crms.of(source.other).lose_next_answer()
    world.poll()
    crm.person_edits(object_name, id, {title: None})

    world.poll()

    (hubspot_id,), (salesforce_id,) = (
        world.hubspot.ids_of("contacts"),
        world.salesforce.ids_of("Contact"),
    )
    assert world.in_hubspot(hubspot_id).get("jobtitle") is None
    assert world.in_salesforce(salesforce_id)["Title"] is None
    assert RecordChange.objects.get(kind="create").state == RecordChange.State.DONE


def test_an_edit_in_the_very_second_of_the_last_look_is_seen(world):
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.clock.forward(minutes=5)
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": "Countess"})
    poll(world.connection, lambda connection, run: world.crms, world.clock)
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": "Programmer"})

    world.poll()

    assert world.in_hubspot(hubspot_id)["jobtitle"] == "Programmer"


def test_the_key_of_a_new_record_is_written_though_the_run_was_interrupted(world, monkeypatch):
    id = world.salesforce.person_creates("Contact", {"Email": "a@example.org", "LastName": "A"})
    monkeypatch.setattr(world.salesforce, "update", down)
    world.poll()
    monkeypatch.undo()

    world.poll()

    (hubspot_id,) = world.hubspot.ids_of("contacts")
    assert world.in_salesforce(id)[world.connection.key_field] == hubspot_id


def test_a_record_that_comes_back_from_the_recycle_bin_syncs_again(world):
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.salesforce.person_deletes("Contact", salesforce_id)
    world.poll()
    world.clock.forward(minutes=5)
    world.salesforce.person_restores("Contact", salesforce_id)
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": "Countess"})

    world.poll()

    assert world.in_hubspot(hubspot_id)["jobtitle"] == "Countess"


def test_what_an_admin_has_looked_at_goes_out_however_much_it_is(world, monkeypatch):
    monkeypatch.setitem(LIMITS, BrakeKind.CREATE, (2, 0.0))
    people(world.hubspot, 5)
    world.poll()

    Brake.objects.stopped(world.connection.pk).get().go_on(world.clock())
    world.poll()

    assert len(world.salesforce.ids_of("Contact")) == 5
    assert not Brake.objects.stopped(world.connection.pk).exists()


def test_a_write_that_did_not_go_out_does_not_count_for_the_brake(world, monkeypatch):
    monkeypatch.setitem(LIMITS, BrakeKind.CREATE, (3, 0.0))
    people(world.hubspot, 3)
    monkeypatch.setattr(world.salesforce, "create", down)
    world.poll()
    world.poll()
    monkeypatch.undo()
    monkeypatch.setitem(LIMITS, BrakeKind.CREATE, (3, 0.0))

    world.poll()

    assert len(world.salesforce.ids_of("Contact")) == 3


def test_a_plan_that_has_grown_old_is_not_written_but_made_again(world, monkeypatch):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Countess"})
    read = world.salesforce.read

    def take_long(*args):
        monkeypatch.undo()
        records = read(*args)
        world.clock.forward(minutes=2)
        world.salesforce.person_edits("Contact", salesforce_id, {"Title": "Programmer"})
        return records

    monkeypatch.setattr(world.salesforce, "read", take_long)
    world.poll()

    assert world.in_salesforce(salesforce_id)["Title"] == "Programmer"
    assert world.in_hubspot(hubspot_id)["jobtitle"] == "Programmer"
