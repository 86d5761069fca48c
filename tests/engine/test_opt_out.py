"""Who opted out of all e-mail, over the engine. Source: product.md 15, sync.md 2 and 6."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection as database
from django.utils import timezone

from sync_engine.core import error_types
from sync_engine.core.brakes import LIMITS, BrakeKind
from sync_engine.core.checks import Grade
from sync_engine.core.errors import Problem
from sync_engine.core.permissions import CONSENT
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.models import Brake, FieldMapping, RecordChange, Segment
from sync_engine.runs import connect
from sync_engine.runs.checks import ask, outcome
from sync_engine.runs.poll import poll
from tests.engine.conftest import World
from tests.logins import log_in
from tests.simulated import hubspot_client, token_of

ADA = "ada@example.org"
OUT = RecordChange.Kind.OPT_OUT


def opted_out(world, here, there):
    """Return whether a pair is opted out in HubSpot, and in Salesforce."""
    hubspot, salesforce = world.in_hubspot(here), world.in_salesforce(there)
    return bool(hubspot.get("hs_email_optout")), bool(salesforce.get("HasOptedOutOfEmail"))


def tick(world, there, is_out=True):
    world.salesforce.person_edits("Contact", there, {"HasOptedOutOfEmail": is_out})


def in_salesforce(world, email=ADA, **values):
    given = {"Email": email, "LastName": "Byron", "HasOptedOutOfEmail": True, **values}
    return world.salesforce.person_creates("Contact", given)


def writes(world):
    return sum(
        crm.calls[verb]
        for crm in (world.hubspot, world.salesforce)
        for verb in ("create", "update", "unsubscribe")
    )


def test_an_opt_out_in_hubspot_ticks_salesforces_checkbox(world):
    here, there = world.linked()
    world.hubspot.consent.person_opts_out(ADA)

    world.poll()

    assert opted_out(world, here, there) == (True, True)
    assert not world.hubspot.consent.seen
    before = writes(world)
    world.poll()
    assert writes(world) == before


def test_a_ticked_checkbox_unsubscribes_in_hubspot(world):
    here, there = world.linked()
    tick(world, there)

    run = world.poll()

    assert opted_out(world, here, there) == (True, True)
    assert (run.updated_in_hubspot, run.refused) == (1, 0)
    change = world.changes.get(kind=OUT)
    assert (change.crm, change.state, change.record_id) == ("hubspot", "done", here)
    assert change.fields["hs_email_optout"]["reason"] == "Opted out of all e-mail in Salesforce"
    before = writes(world)
    world.poll()
    assert writes(world) == before and not world.errors


@pytest.mark.parametrize("crm", Crm)
def test_a_side_that_opts_in_again_leaves_the_other_and_is_not_opted_out_again(world, crm):
    here, there = world.linked()
    tick(world, there)
    world.poll()
    if crm is Crm.HUBSPOT:
        world.hubspot.consent.person_opts_in(ADA)
    else:
        tick(world, there, is_out=False)
    differ = (crm is not Crm.HUBSPOT, crm is Crm.HUBSPOT)

    for _ in range(2):
        world.poll()
        assert opted_out(world, here, there) == differ
    world.hubspot.person_edits("contacts", here, {"jobtitle": "Countess"})
    world.poll()

    assert opted_out(world, here, there) == differ
    assert not world.errors
    agreed = world.links.get().agreed_values["hs_email_optout"]
    assert (agreed.hubspot == "true", agreed.salesforce == "true") == differ


def test_who_opts_out_anew_after_opting_in_opts_out_on_the_other_side(world):
    here, there = world.linked()
    tick(world, there)
    world.poll()
    for is_out in (False, True):
        world.hubspot.consent.person_opts_in(ADA)
        tick(world, there, is_out)
        world.poll()
    assert opted_out(world, here, there) == (True, True)


def test_both_that_opt_out_at_once_need_no_write(world):
    here, there = world.linked()
    before = writes(world)
    tick(world, there)
    world.hubspot.consent.person_opts_out(ADA)

    world.poll()

    assert opted_out(world, here, there) == (True, True)
    assert writes(world) == before


def test_a_first_sync_opts_out_whoever_opted_out_on_either_side(world):
    bob = "bob@example.org"
    for email in (ADA, bob):
        world.hubspot.person_creates("contacts", {"email": email, "lastname": "Byron"})
    world.hubspot.consent.person_opts_out(bob)
    in_salesforce(world)
    in_salesforce(world, bob, HasOptedOutOfEmail=False)

    world.poll()
    world.poll()

    pairs = list(world.links.values_list("hubspot_id", "salesforce_id"))
    assert [opted_out(world, *pair) for pair in pairs] == [(True, True)] * 2


def test_a_new_contact_is_unsubscribed_right_after_its_creation(world):
    there = in_salesforce(world)
    world.hubspot.calls.clear()

    run = world.poll()

    link = world.links.get()
    assert opted_out(world, link.hubspot_id, there) == (True, True)
    assert (run.created_in_hubspot, run.refused) == (1, 0)
    assert [c.kind for c in world.changes.filter(crm="hubspot")] == ["create", "opt_out"]
    assert "hs_email_optout" not in world.changes.get(kind="create").fields
    assert link.agreed_values["hs_email_optout"].hubspot == "true"


def test_a_new_salesforce_contact_of_who_opted_out_has_its_checkbox_ticked(world):
    world.hubspot.person_creates("contacts", {"email": ADA, "lastname": "Byron"})
    world.hubspot.consent.person_opts_out(ADA)

    world.poll()

    there = world.links.get().salesforce_id
    assert world.in_salesforce(there)["HasOptedOutOfEmail"] is True
    assert world.salesforce.calls["create"] == 1


def test_a_lead_that_opted_out_is_unsubscribed_too(world):
    lead = {"Email": ADA, "LastName": "Byron", "Company": "Babbage", "HasOptedOutOfEmail": True}
    world.salesforce.person_creates("Lead", lead)
    world.poll()
    assert world.in_hubspot(world.links.get().hubspot_id)["hs_email_optout"] is True


def test_do_nothing_lets_no_value_pass_but_the_opt_out(world):
    here, there = world.linked()
    world.answer("salesforce_changed", "nothing")
    world.salesforce.person_edits(
        "Contact", there, {"Title": "Countess", "HasOptedOutOfEmail": True}
    )

    world.poll()

    assert opted_out(world, here, there) == (True, True)
    assert world.in_hubspot(here).get("jobtitle") is None


def test_nothing_passes_outside_of_the_segment(world):
    here, there = world.linked()
    world.hubspot.lists.person_makes("17", "Customers", "1")
    Segment.objects.choose(
        world.connection.pk, "contacts", ("17", "Customers"), seen="", by="Grace", now=world.clock()
    )
    world.poll()
    tick(world, there)
    world.poll()
    assert opted_out(world, here, there) == (False, True)

    world.hubspot.lists.person_adds("17", here)
    world.poll()
    assert opted_out(world, here, there) == (True, True)


def test_an_address_that_changes_with_the_opt_out_is_unsubscribed_with_the_old_one(world):
    here, there = world.linked()
    new = "ada.lovelace@example.org"
    world.salesforce.person_edits("Contact", there, {"Email": new, "HasOptedOutOfEmail": True})

    world.poll()
    world.poll()

    assert world.hubspot.consent.seen == [[ADA, new]]
    assert opted_out(world, here, there) == (True, True)


@pytest.mark.parametrize("crm", Crm)
def test_too_many_opt_outs_stop_and_other_writes_go_on(world, crm, monkeypatch):
    monkeypatch.setitem(LIMITS, BrakeKind.OPT_OUT, (1, 0.0))
    emails = [f"n{n}@example.org" for n in range(2)]
    for email in emails:
        world.hubspot.person_creates("contacts", {"email": email, "lastname": "Byron"})
    world.poll()
    pairs = list(world.links.values_list("hubspot_id", "salesforce_id"))
    for email, (here, there) in zip(emails, pairs, strict=True):
        if crm is Crm.HUBSPOT:
            tick(world, there)
            world.salesforce.person_edits("Contact", there, {"Title": "Countess"})
        else:
            world.hubspot.consent.person_opts_out(email)
            world.hubspot.person_edits("contacts", here, {"jobtitle": "Countess"})

    world.poll()

    brake = Brake.objects.stopped(world.connection.pk).get()
    assert (brake.kind, brake.crm, brake.held_back) == ("opt_out", crm.value, 2)
    assert brake.examples == emails
    assert all(opted_out(world, *pair) != (True, True) for pair in pairs)
    assert all(world.in_hubspot(here)["jobtitle"] == "Countess" for here, _ in pairs)
    assert all(world.in_salesforce(there)["Title"] == "Countess" for _, there in pairs)

    brake.go_on(world.clock())
    world.poll()
    assert all(opted_out(world, *pair) == (True, True) for pair in pairs)
    assert not world.errors


def test_whoever_may_not_be_unsubscribed_by_a_brake_is_not_created_either(world, monkeypatch):
    monkeypatch.setitem(LIMITS, BrakeKind.OPT_OUT, (0, 0.0))
    in_salesforce(world)
    in_salesforce(world, "bob@example.org", HasOptedOutOfEmail=False)

    world.poll()

    (made,) = world.hubspot.ids_of("contacts")
    assert world.in_hubspot(made)["email"] == "bob@example.org"
    Brake.objects.stopped(world.connection.pk).get().go_on(world.clock())
    world.poll()
    assert len(world.hubspot.ids_of("contacts")) == 2
    assert not world.errors


def scope_check(world):
    title = "Subscription preferences"
    return next(check.grade for check in outcome(world.connection) if check.title == title)


def asked(world):
    ask(world.connection, world.crms, world.clock())


def test_without_its_scope_a_setup_check_fails_and_no_record_is_to_blame(world):
    here, there = world.linked()
    asked(world)
    assert scope_check(world) is Grade.PASSED
    world.hubspot.rights.taken.add(CONSENT)
    world.salesforce.person_edits(
        "Contact", there, {"Title": "Countess", "HasOptedOutOfEmail": True}
    )

    world.poll()

    assert scope_check(world) is Grade.WARNS
    assert not world.errors
    assert world.in_hubspot(here)["jobtitle"] == "Countess"
    assert opted_out(world, here, there) == (False, True)

    world.hubspot.rights.taken.clear()
    asked(world)
    world.poll()
    assert opted_out(world, here, there) == (True, True)


def test_once_its_scope_is_granted_all_are_taken_up_and_not_only_the_first(world):
    world.hubspot.consent.write_batch = 1
    for n in range(3):
        in_salesforce(world, f"n{n}@example.org", HasOptedOutOfEmail=False)
    world.poll()
    pairs = list(world.links.values_list("hubspot_id", "salesforce_id"))
    world.hubspot.rights.taken.add(CONSENT)
    for _, there in pairs:
        tick(world, there)
    world.poll()
    assert not world.errors

    world.hubspot.rights.taken.clear()
    asked(world)
    world.poll()
    assert [opted_out(world, *pair) for pair in pairs] == [(True, True)] * 3


def test_without_its_scope_nobody_is_created_who_opted_out(world):
    world.hubspot.rights.taken.add(CONSENT)
    asked(world)
    there = in_salesforce(world)
    world.poll()
    assert world.hubspot.ids_of("contacts") == [] and not world.errors

    world.hubspot.rights.taken.clear()
    asked(world)
    world.poll()
    assert opted_out(world, world.links.get().hubspot_id, there) == (True, True)


@pytest.mark.parametrize("loss", ["lose_next_write", "lose_next_answer"])
def test_an_opt_out_in_doubt_is_settled_by_reading(world, loss):
    here, there = world.linked()
    tick(world, there)
    getattr(world.hubspot, loss)()
    world.poll()
    assert world.changes.get(kind=OUT).state == "in_doubt"

    world.clock.forward(minutes=20)
    world.poll()
    world.poll()

    assert opted_out(world, here, there) == (True, True)
    assert not world.errors
    assert not RecordChange.objects.unsettled()


def test_an_opt_out_that_was_refused_is_tried_again(world):
    here, there = world.linked()
    tick(world, there)
    world.hubspot.refuse_next(Problem(Crm.HUBSPOT, error_types.TEMPORARY, message="busy"))
    world.poll()
    assert opted_out(world, here, there) == (False, True)
    assert world.errors.get().crm == "hubspot"

    world.clock.forward(minutes=5)
    world.poll()
    assert opted_out(world, here, there) == (True, True)
    assert not world.errors


def test_a_new_contact_is_unsubscribed_by_the_next_try_where_hubspot_fails_after_its_creation(
    world,
):
    there = in_salesforce(world)
    world.hubspot.consent.is_down = True
    world.poll()
    (here,) = world.hubspot.ids_of("contacts")
    assert opted_out(world, here, there) == (False, True)

    world.hubspot.consent.is_down = False
    world.poll()
    assert opted_out(world, here, there) == (True, True)


def test_an_opt_out_passes_beside_a_field_that_is_refused(world):
    """Another contact bears the address: the opt-out and the other fields pass all the same."""
    world.hubspot.person_creates("contacts", {"email": "grace@example.org"})
    here, there = world.linked()
    edit = {"Email": "grace@example.org", "Title": "Countess", "HasOptedOutOfEmail": True}
    world.salesforce.person_edits("Contact", there, edit)

    world.poll()

    assert opted_out(world, here, there) == (True, True)
    assert world.in_hubspot(here)["jobtitle"] == "Countess"
    assert world.errors.get(hubspot_id=here).type == "email-already-in-use"


def test_its_rule_cannot_be_changed(world):
    with pytest.raises(FieldMapping.NotAllowed):
        world.rule("hs_email_optout", SyncRule.DONT_SYNC)


@pytest.mark.django_db(transaction=True)
def test_two_workers_opt_everybody_out_once():
    world = World()
    emails = [f"n{n}@example.org" for n in range(6)]
    for email in emails:
        in_salesforce(world, email)
    world.clock.forward(minutes=1)

    def poll(_):
        try:
            world.poll()
            world.tidy()
        finally:
            database.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(poll, range(2)))
    world.poll()

    assert sorted(sum(world.hubspot.consent.seen, [])) == emails
    assert len(world.hubspot.ids_of("contacts")) == 6
    assert all(world.in_hubspot(id)["hs_email_optout"] for id in world.hubspot.ids_of("contacts"))


@pytest.mark.django_db
def test_opt_outs_pass_both_ways_over_the_simulators(simulated):
    hubspot, salesforce = simulated[Crm.HUBSPOT], simulated[Crm.SALESFORCE]
    connection = log_in(Crm.SALESFORCE, log_in(Crm.HUBSPOT))
    connect.finish_setup(connection, timezone.now())
    contacts = hubspot_client(hubspot.url, token_of(hubspot))
    for name in ("bob", "eve"):
        values = {"email": f"{name}@example.org", "lastname": name}
        hubspot.call("POST", "records/contacts", by="Ada", values=values)
    contacts.consent.unsubscribe(["bob@example.org"])
    values = {"LastName": "Byron", "Email": ADA, "HasOptedOutOfEmail": True}
    salesforce.call("POST", "records/Contact", by="Ada", values=values)

    poll(connection, connect.crms_of, timezone.now)

    emails = [ADA, "bob@example.org", "eve@example.org"]
    held = salesforce.call("GET", "records/Contact")
    ticked = {one["values"]["Email"]: one["values"]["HasOptedOutOfEmail"] for one in held}
    assert ticked == dict(zip(emails, [True, True, False], strict=True))
    found = contacts.find("contacts", "email", emails, ["hs_email_optout"])
    shown = [bool(found[email][0].values["hs_email_optout"]) for email in emails]
    assert shown == [True, True, False]
    run = poll(connection, connect.crms_of, timezone.now)
    assert run.written_to_hubspot == run.written_to_salesforce == 0
