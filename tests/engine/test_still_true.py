"""An error is shown while it is true, and no longer."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from sync_engine.core import error_types
from sync_engine.core.errors import Problem
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.crms.base import Row
from sync_engine.models import FieldMapping
from tests.engine.test_trouble import REFUSED, people

NO = Problem(Crm.HUBSPOT, error_types.OTHER, "NO", "No")


@pytest.fixture
def refused(world):
    """A pair whose new Salesforce value HubSpot did not take, by its ids."""
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.hubspot.refuse_next(NO)
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": "Countess"})
    world.poll()
    return hubspot_id, salesforce_id


def test_a_change_that_has_nothing_to_do_with_it_does_not_close_an_error(world, refused):
    hubspot_id, _ = refused
    world.hubspot.person_edits("contacts", hubspot_id, {"website": "example.org"})
    world.poll()
    assert world.errors.get().type == "other"

    world.clock.forward(days=1)
    world.poll()

    assert world.in_hubspot(hubspot_id)["jobtitle"] == "Countess"
    assert world.errors.count() == 0


def test_an_error_is_over_when_the_value_is_taken_back(world, refused):
    _, salesforce_id = refused
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": "Analyst"})

    world.clock.forward(days=1)
    world.poll()

    assert world.errors.count() == 0


def test_an_error_is_over_when_its_record_is_deleted(world, refused):
    _, salesforce_id = refused
    world.salesforce.person_deletes("Contact", salesforce_id)
    world.poll()
    world.clock.forward(days=1)

    world.poll()

    assert world.errors.count() == 0
    assert world.poll().read == 0


def test_who_lost_a_pair_to_another_worker_closes_no_error_of_it(world, monkeypatch):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, _ = world.linked(jobtitle="Analyst")
    world.salesforce.refuse_next(REFUSED)
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Countess"})
    world.poll()
    world.clock.forward(days=1)
    update = world.salesforce.update

    def lose_it(*args):
        world.links.update(claim=uuid.uuid4())
        return update(*args)

    monkeypatch.setattr(world.salesforce, "update", lose_it)
    world.poll()

    assert world.errors.get().type == "validation-rule"


def test_nobody_is_created_without_the_address_that_was_refused(world):
    world.hubspot.person_creates(
        "contacts", {"email": f"{'a' * 80}@example.org", "lastname": "Byron"}
    )

    world.poll()
    world.poll()

    assert world.salesforce.ids_of("Contact") == []
    assert world.errors.get().type == "text-too-long"


def test_nobody_is_created_without_an_address_whatever_the_rule(world):
    FieldMapping.objects.filter(hubspot_field="email").update(sync_rule="always_salesforce")
    people(world.hubspot, 1)

    world.poll()

    assert world.salesforce.ids_of("Contact") == []


def test_a_value_that_hubspot_changes_is_not_written_again_and_again(world, monkeypatch):
    world.rule("city", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(city="London")
    as_stored = world.hubspot._store._as_stored

    def its_own_way(object_name, name, value):
        return "PARIS (FR)" if value == "Paris" else as_stored(object_name, name, value)

    monkeypatch.setattr(world.hubspot._store, "_as_stored", its_own_way)
    world.salesforce.person_edits("Contact", salesforce_id, {"MailingCity": "Paris"})
    world.poll()
    written = world.hubspot.calls["update"]

    for _ in range(3):
        world.clock.forward(days=1)
        world.poll()
    assert world.hubspot.calls["update"] == written
    assert world.in_salesforce(salesforce_id)["MailingCity"] == "Paris"
    assert world.errors.get().type == "value-not-taken"

    world.salesforce.person_edits("Contact", salesforce_id, {"MailingCity": "Rome"})
    world.poll()
    assert world.in_hubspot(hubspot_id)["city"] == "Rome"
    assert world.errors.count() == 0


def test_a_field_that_somebody_sets_back_each_time_is_left_alone_for_a_day(world):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst", city="London")
    for _ in range(3):
        world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Countess"})
        world.poll()
        world.salesforce.person_edits("Contact", salesforce_id, {"Title": "Analyst"})
        world.poll()
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Countess", "phone": "1"})

    world.poll()

    assert world.in_salesforce(salesforce_id)["Title"] == "Analyst"
    assert world.in_salesforce(salesforce_id)["Phone"] == "1"
    error = world.errors.get()
    assert error.type == "written-back-and-forth"
    assert "wrote “Countess” to Title in Salesforce 3 times" in error.message

    world.clock.forward(days=1, minutes=1)
    world.poll()
    assert world.in_salesforce(salesforce_id)["Title"] == "Countess"
    assert not world.errors.exists()


def test_a_write_that_never_gets_an_answer_is_shown_until_it_does(world):
    people(world.hubspot, 1)
    world.salesforce.lose_next_write()
    world.poll()
    assert world.errors.get().type == "temporary"

    world.poll()

    assert world.errors.count() == 0


def test_one_value_that_does_not_fit_is_one_error_and_nobody_is_created(world):
    world.hubspot.person_creates("contacts", {"email": "a@example.org", "lastname": "x" * 100})

    world.poll()

    assert world.errors.get().type == "text-too-long"
    assert world.salesforce.ids_of("Contact") == []


def test_two_fields_with_one_kind_of_trouble_are_named_in_one_error(world):
    _, salesforce_id = world.linked()
    hubspot_id = world.links.get().hubspot_id
    world.hubspot.person_edits("contacts", hubspot_id, {"fax": "1" * 41, "city": "1" * 41})

    world.poll()

    error = world.errors.get(type="text-too-long")
    assert {field["name"] for field in error.fields} == {"Fax", "MailingCity"}
    assert len(error.message.splitlines()) == 2


def test_a_crm_that_does_not_answer_is_asked_less_and_less_often(world):
    people(world.hubspot, 1)
    for _ in range(30):
        if world.changes.exclude(state="withdrawn").count() == world.salesforce.calls["create"]:
            world.salesforce.lose_next_write()
        world.poll()

    assert world.salesforce.calls["create"] <= 5  # after 1, 2, 4, 8 and 16 minutes
    assert world.errors.get().type == "temporary"


def test_a_conflict_is_decided_by_our_clock_not_by_the_crms(world):
    """Salesforce's clock is ten minutes ahead: its edit only looks like the later one."""
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    ahead = timedelta(minutes=10)
    world.salesforce.ahead = ahead
    world.salesforce._store._clock = lambda: world.clock() + ahead
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": "Countess"})
    world.clock.forward(minutes=2)
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Queen"})

    world.poll()

    assert world.in_salesforce(salesforce_id)["Title"] == "Queen"


def test_a_write_of_ours_is_not_the_time_of_an_edit(world):
    """HubSpot refuses Salesforce's title for a while; a write of ours moves the contact's time;
    then a person edits HubSpot, later than Salesforce's title and earlier than our write."""
    world.rule("jobtitle", SyncRule.TWO_WAY)
    world.rule("city", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": "Countess"})
    world.hubspot.refuse_next(Problem(Crm.HUBSPOT, error_types.VALIDATION_RULE, "NO"))
    world.poll()
    world.clock.forward(minutes=1)
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Queen"})
    world.clock.forward(minutes=5)
    world.salesforce.update("Contact", [Row({"MailingCity": "London"}, id=salesforce_id)])

    world.poll()

    assert world.in_salesforce(salesforce_id)["Title"] == "Queen"


def test_the_explanation_says_which_times_decided(world):
    """HubSpot knows when the field was edited, Salesforce only when the record was."""
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": "Countess"})
    world.clock.forward(minutes=2)
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Queen"})

    world.poll()

    hubspot, salesforce = world.changes.last().fields["Title"]["times"]
    assert (hubspot["crm"], hubspot["of"]) == ("hubspot", "field")
    assert (salesforce["crm"], salesforce["of"]) == ("salesforce", "record")
    assert hubspot["at"] > salesforce["at"]


def test_a_value_that_was_not_taken_stays_an_error_through_a_merge(world, monkeypatch):
    """The baseline is stale then, and both still hold what they held."""
    world.rule("city", SyncRule.TWO_WAY)
    _, loser = world.linked(city="London")
    world.answer("salesforce_changed", "update")
    as_stored = world.hubspot._store._as_stored

    def its_own_way(object_name, name, value):
        return "PARIS (FR)" if value == "Paris" else as_stored(object_name, name, value)

    monkeypatch.setattr(world.hubspot._store, "_as_stored", its_own_way)
    world.salesforce.person_edits("Contact", loser, {"MailingCity": "Paris"})
    world.poll()
    winner = world.salesforce.person_creates("Contact", {"LastName": "Byron"})
    world.salesforce.person_merges("Contact", winner, loser)

    world.poll()
    world.poll()

    assert world.links.get(state="live").salesforce_id == winner
    assert world.errors.get().type == "value-not-taken"
