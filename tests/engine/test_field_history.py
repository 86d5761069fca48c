"""Whose time decides where both sides changed a field, with and without Salesforce's field history.
Source: sync.md 2, "Whose time"."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.crms.base import Row
from sync_engine.models import Connection, FieldMapping, RecordLink
from sync_engine.runs import connect
from sync_engine.runs.poll import poll
from tests.logins import log_in


@pytest.fixture
def pair(world):
    """A linked pair whose title is two-way."""
    world.rule("jobtitle", SyncRule.TWO_WAY)
    return world.linked(jobtitle="Analyst")


def edited_between(world, pair):
    """Salesforce's title is edited, then HubSpot's, then something else in Salesforce's record."""
    hubspot_id, salesforce_id = pair
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": "Countess"})
    world.clock.forward(minutes=5)
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Queen"})
    world.clock.forward(minutes=5)
    world.salesforce.person_edits("Contact", salesforce_id, {"MailingCity": "London"})


def titles(world, pair):
    hubspot_id, salesforce_id = pair
    return world.in_hubspot(hubspot_id)["jobtitle"], world.in_salesforce(salesforce_id)["Title"]


def test_with_field_history_the_field_that_was_edited_later_wins(world, pair):
    world.salesforce.history.tracked["Contact"] = ["Title"]
    edited_between(world, pair)
    world.poll()
    assert titles(world, pair) == ("Queen", "Queen")
    assert world.salesforce.calls["edited_at"] == 1


def test_without_it_the_record_that_was_changed_later_wins(world, pair):
    edited_between(world, pair)
    world.poll()
    assert titles(world, pair) == ("Countess", "Countess")
    assert not world.salesforce.calls["edited_at"]


def test_the_history_of_another_field_says_nothing(world, pair):
    world.salesforce.history.tracked["Contact"] = ["MailingCity"]
    edited_between(world, pair)
    world.poll()
    assert titles(world, pair) == ("Countess", "Countess")


def test_a_field_edited_later_in_salesforce_wins_by_its_history_too(world, pair):
    world.salesforce.history.tracked["Contact"] = ["Title"]
    hubspot_id, salesforce_id = pair
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Queen"})
    world.clock.forward(minutes=5)
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": "Countess"})
    world.poll()
    assert titles(world, pair) == ("Countess", "Countess")


def test_history_is_asked_only_where_time_decides(world, pair):
    world.salesforce.history.tracked["Contact"] = ["Title"]
    world.salesforce.person_edits("Contact", pair[1], {"Title": "Countess"})
    world.poll()
    assert titles(world, pair) == ("Countess", "Countess")
    assert not world.salesforce.calls["edited_at"]


def test_a_change_from_before_the_field_was_settled_is_not_the_edit_that_is_in_conflict(
    world, pair
):
    """Salesforce's title was edited and settled; then somebody stops tracking it, or shares our
    user, and edits it once more, later than HubSpot's."""
    hubspot_id, salesforce_id = pair
    world.salesforce.history.tracked["Contact"] = ["Title"]
    world.salesforce.person_edits("Contact", salesforce_id, {"Title": "Countess"})
    world.poll()
    world.clock.forward(minutes=5)
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Queen"})
    world.clock.forward(minutes=5)
    world.salesforce.update("Contact", [Row({"Title": "Duchess"}, id=salesforce_id)])

    world.poll()

    assert titles(world, pair) == ("Duchess", "Duchess")


def test_history_is_compared_by_our_clock(world, pair):
    """Salesforce's clock is twenty minutes ahead: its edit only looks like the later one."""
    ahead = timedelta(minutes=20)
    world.salesforce.history.tracked["Contact"] = ["Title"]
    world.salesforce.ahead = ahead
    world.salesforce._store._clock = lambda: world.clock() + ahead
    edited_between(world, pair)
    world.poll()
    assert titles(world, pair) == ("Queen", "Queen")


# The simulators' clocks are moved by less: else the edits would seem older than what was settled.
A_WHILE = timedelta(minutes=10)


def a_minute_later(simulated):
    for crm in Crm:
        simulated[crm].call("POST", "clock", shift_seconds=60)


@pytest.fixture
def connection(db, simulated) -> Connection:
    """Between two simulators, of which Salesforce's tracks the titles of contacts."""
    connection = log_in(Crm.SALESFORCE, log_in(Crm.HUBSPOT))
    connect.finish_setup(connection, timezone.now() - A_WHILE)
    FieldMapping.objects.filter(hubspot_field="jobtitle").update(sync_rule="two_way")
    simulated[Crm.SALESFORCE].call(
        "POST", "actions/track-history", object="Contact", fields=["Title"]
    )
    return connection


def sync(connection, ago=timedelta()):
    run = poll(connection, connect.crms_of, lambda: timezone.now() - ago)
    assert run is not None and run.state == "done", run


def test_over_the_simulators_the_field_that_was_edited_later_wins(simulated, connection):
    hubspot, salesforce = (simulated[crm] for crm in Crm)
    values = {"email": "ada@example.org", "lastname": "Byron", "jobtitle": "Analyst"}
    id = hubspot.call("POST", "records/contacts", by="Ida", values=values)["id"]
    for _ in range(2):
        sync(connection, ago=A_WHILE)
    contact = RecordLink.objects.get(hubspot_id=id).salesforce_id

    def person_edits(**values):
        a_minute_later(simulated)
        salesforce.call("PATCH", f"records/Contact/{contact}", by="Ada", values=values)

    person_edits(Title="Countess")
    a_minute_later(simulated)
    hubspot.call("PATCH", f"records/contacts/{id}", by="Ida", values={"jobtitle": "Queen"})
    person_edits(MailingCity="London")
    sync(connection)

    (found,) = salesforce.call("GET", "records/Contact?q=Byron")
    assert (found["values"]["Title"], found["values"]["MailingCity"]) == ("Queen", "London")
    (asked,) = hubspot.call("GET", "records/contacts?q=ada@example.org")
    assert asked["values"]["jobtitle"] == "Queen"
