"""Refusals, lost answers, spent calls, two workers: nothing is lost, doubled or looping."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from sync_engine.core import error_types
from sync_engine.core.allocation import AllocationSpent
from sync_engine.core.brakes import LIMITS, BrakeKind
from sync_engine.core.errors import CrmError, Problem
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.models import Brake, Connection, RecordChange, RecordLink, SyncRun, SyncSlice
from sync_engine.models.sync_run import LEASE

REFUSED = Problem(
    Crm.SALESFORCE, error_types.VALIDATION_RULE, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "No titles"
)
DOWN = Problem(Crm.SALESFORCE, error_types.TEMPORARY, "SERVER_UNAVAILABLE")
SIGNED_OUT = Problem(Crm.SALESFORCE, error_types.SIGNED_OUT, "invalid_grant")


def people(crm, count):
    email, last, name = (
        ("email", "lastname", "contacts")
        if crm.crm is Crm.HUBSPOT
        else ("Email", "LastName", "Contact")
    )
    return [
        crm.person_creates(name, {email: f"p{n}@example.org", last: f"P{n}"}) for n in range(count)
    ]


def test_a_refused_record_is_noted_in_the_crms_own_words_and_does_not_stop_the_others(world):
    people(world.hubspot, 3)
    world.salesforce.refuse_next(REFUSED)

    run = world.poll()

    error = world.errors.get()
    assert (error.type, error.message) == ("validation-rule", "No titles")
    assert (run.created_in_salesforce, run.refused) == (2, 1)


def test_an_error_closes_by_itself_when_the_record_syncs(world):
    people(world.hubspot, 1)
    world.salesforce.refuse_next(REFUSED)
    world.poll()

    world.clock.forward(days=1, minutes=1)
    world.poll()

    assert world.errors.count() == 0
    assert len(world.salesforce.ids_of("Contact")) == 1


def test_a_refused_record_is_not_tried_again_every_minute(world):
    people(world.hubspot, 1)
    world.salesforce.refuse_next(REFUSED)
    world.poll()
    calls = world.salesforce.calls["create"]

    world.poll()
    world.poll()

    assert world.salesforce.calls["create"] == calls


def test_a_value_that_does_not_fit_is_an_error_of_its_field_only(world):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    world.rule("phone", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked()
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "x" * 200, "phone": "12"})

    world.poll()

    assert world.in_salesforce(salesforce_id)["Phone"] == "12"
    assert world.errors.get().type == "text-too-long"


@pytest.mark.parametrize("lost", ["lose_next_answer", "lose_next_write"])
def test_a_create_whose_answer_is_lost_makes_one_record(world, lost):
    people(world.hubspot, 1)
    getattr(world.salesforce, lost)()

    world.poll()
    assert RecordChange.objects.get(kind="create").state == RecordChange.State.IN_DOUBT
    world.poll()
    world.poll()

    assert len(world.salesforce.ids_of("Contact")) == 1
    assert world.links.get().state == RecordLink.State.LIVE


@pytest.mark.parametrize("lost", ["lose_next_answer", "lose_next_write"])
def test_an_update_whose_answer_is_lost_arrives(world, lost):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Countess"})
    getattr(world.salesforce, lost)()

    world.poll()
    world.poll()

    assert world.in_salesforce(salesforce_id)["Title"] == "Countess"
    assert world.in_hubspot(hubspot_id)["jobtitle"] == "Countess"


def test_when_the_calls_are_used_up_the_run_pauses_and_goes_on_later(world):
    people(world.hubspot, 2)

    class Spent:
        left = 1

        def reserve(self, crm, cause):
            if crm is Crm.SALESFORCE:
                if not self.left:
                    raise AllocationSpent("1 of 1 allocated Salesforce API calls are used.")
                self.left -= 1

    meter = world.salesforce._meter = Spent()

    run = world.poll()
    assert run.state == SyncRun.State.PAUSED
    assert world.salesforce.ids_of("Contact") == []
    meter.left = 100
    again = world.poll()

    assert (again.pk, again.state) == (run.pk, SyncRun.State.DONE)
    assert len(world.salesforce.ids_of("Contact")) == 2


def test_a_crm_that_is_down_loses_nothing(world):
    people(world.hubspot, 1)
    world.salesforce.fail_next(DOWN)

    assert world.poll().state == SyncRun.State.FAILED
    world.poll()

    assert len(world.salesforce.ids_of("Contact")) == 1


def test_a_login_that_ended_suspends_the_connection_and_says_why(world):
    people(world.hubspot, 1)
    world.salesforce.fail_next(SIGNED_OUT)

    world.poll()

    suspended = Connection.objects.get()
    assert "Salesforce" in suspended.suspended_because
    assert not suspended.is_syncing


def test_two_polls_of_one_connection_are_not_open_at_once(world):
    assert SyncRun.objects.begin_poll(world.connection.pk, world.clock()) is not None
    assert world.poll() is None


def test_a_record_that_another_worker_holds_is_looked_at_again_later(world):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.links.update(claim=uuid.uuid4(), claimed_until=world.clock() + timedelta(minutes=9))
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Countess"})

    world.poll()
    assert world.in_salesforce(salesforce_id)["Title"] == "Analyst"
    assert world.links.get().look_again
    world.links.update(claim=None)
    world.poll()

    assert world.in_salesforce(salesforce_id)["Title"] == "Countess"


def test_the_slice_of_a_worker_that_died_is_taken_over(world, monkeypatch):
    people(world.hubspot, 2)

    def die(*args):
        raise SystemExit

    monkeypatch.setattr(world.salesforce, "create", die)
    with pytest.raises(SystemExit):
        world.poll()
    monkeypatch.undo()
    # As kill -9 leaves it: nothing was given back, the lease just runs out.
    SyncSlice.objects.update(leased_until=world.clock() + LEASE)
    world.clock.forward(seconds=30)

    world.tidy()

    assert len(world.salesforce.ids_of("Contact")) == 2
    assert SyncRun.objects.get().state == SyncRun.State.DONE


def test_a_slice_that_fails_again_and_again_is_noted_record_by_record(world, monkeypatch):
    people(world.hubspot, 2)

    def break_down(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(world.salesforce, "create", break_down)
    with pytest.raises(ZeroDivisionError):
        world.poll()
    for _ in range(4):
        with pytest.raises(ZeroDivisionError):
            world.tidy()
    world.tidy()

    assert SyncRun.objects.get().state == SyncRun.State.DONE
    assert {error.type for error in world.errors} == {"unexpected"}
    monkeypatch.undo()
    world.clock.forward(minutes=5)
    world.poll()
    assert len(world.salesforce.ids_of("Contact")) == 2


def test_a_duplicate_is_shown_and_does_not_take_the_partner_away(world):
    hubspot_id, salesforce_id = world.linked()
    world.salesforce.person_creates("Contact", {"Email": "ada@example.org", "LastName": "Twin"})

    world.poll()

    assert world.errors.get().type == "already-linked"
    assert world.links.get(hubspot_id=hubspot_id).salesforce_id == salesforce_id
    assert len(world.hubspot.ids_of("contacts")) == 1


def test_a_deleted_salesforce_record_is_not_made_again(world):
    hubspot_id, salesforce_id = world.linked()
    world.salesforce.person_deletes("Contact", salesforce_id)
    world.poll()
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Countess"})

    world.poll()

    assert world.salesforce.ids_of("Contact") == []
    assert world.links.get().state == RecordLink.State.GONE_IN_SALESFORCE


def test_a_contact_made_again_after_a_delete_is_followed(world):
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.salesforce.person_deletes("Contact", salesforce_id)
    again = world.salesforce.person_creates(
        "Contact", {"Email": "ada@example.org", "LastName": "Byron"}
    )

    world.poll()

    assert world.links.get(state=RecordLink.State.LIVE).salesforce_id == again
    assert world.in_salesforce(again)["Title"] == "Analyst"
    assert world.in_hubspot(hubspot_id)["jobtitle"] == "Analyst"


def test_a_merge_in_salesforce_moves_the_link_to_the_survivor(world):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, loser = world.linked(jobtitle="Analyst")
    winner = world.salesforce.person_creates("Contact", {"Email": "x@example.org", "LastName": "X"})
    world.salesforce.person_merges("Contact", winner, loser)

    world.poll()
    world.poll()
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Countess"})
    world.poll()

    assert world.links.get(hubspot_id=hubspot_id).salesforce_id == winner
    assert world.in_salesforce(winner)["Title"] == "Countess"


def test_more_creates_than_usual_stop_until_somebody_has_looked(world, monkeypatch):
    monkeypatch.setitem(LIMITS, BrakeKind.CREATE, (2, 0.0))
    people(world.hubspot, 3)

    world.poll()
    stopped = Brake.objects.stopped(world.connection.pk).get()
    assert world.salesforce.ids_of("Contact") == []
    assert (stopped.held_back, len(stopped.examples)) == (3, 3)

    stopped.go_on(world.clock())
    world.poll()

    assert len(world.salesforce.ids_of("Contact")) == 3
    assert world.errors.count() == 0


def test_a_mapping_whose_property_is_gone_stops_alone_and_clears_nothing(world):
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    del world.hubspot._store.fields["contacts"]["jobtitle"]
    world.salesforce.person_edits("Contact", salesforce_id, {"Phone": "12"})

    world.poll()

    assert world.in_hubspot(hubspot_id)["phone"] == "12"
    assert world.in_salesforce(salesforce_id)["Title"] == "Analyst"


def test_a_crm_error_never_crosses_the_run(world):
    people(world.hubspot, 1)
    world.salesforce.fail_next(DOWN)
    try:
        world.poll()
    except CrmError:
        pytest.fail("a run says what stopped it; it does not raise it")


@pytest.mark.parametrize("in_hubspot_already", [True, False])
def test_of_two_new_contacts_with_one_email_one_is_linked_and_the_other_shown(
    world, in_hubspot_already
):
    if in_hubspot_already:
        world.hubspot.person_creates("contacts", {"email": "twin@example.org"})
    for last_name in ("One", "Two"):
        world.clock.forward(seconds=1)
        world.salesforce.person_creates(
            "Contact", {"Email": "twin@example.org", "LastName": last_name}
        )

    world.poll()
    world.poll()

    assert len(world.hubspot.ids_of("contacts")) == 1
    assert world.links.filter(state=RecordLink.State.LIVE).count() == 1
    assert world.errors.get().category == "duplicates"


def test_a_field_that_is_refused_does_not_hold_back_the_others(world):
    """HubSpot refuses the whole row: another contact bears the address."""
    world.hubspot.person_creates("contacts", {"email": "grace@example.org"})
    hubspot_id, salesforce_id = world.linked()
    edit = {"Email": "grace@example.org", "Title": "Countess"}
    world.salesforce.person_edits("Contact", salesforce_id, edit)

    world.poll()

    assert world.in_hubspot(hubspot_id)["jobtitle"] == "Countess"
    assert world.in_hubspot(hubspot_id)["email"] == "ada@example.org"
    error = world.errors.get(hubspot_id=hubspot_id)
    assert error.type == "email-already-in-use"
    assert error.fields == [{"crm": "hubspot", "name": "email", "value": "grace@example.org"}]
