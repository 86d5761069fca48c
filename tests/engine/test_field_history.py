"""Whose time decides where both sides changed a field, with and without Salesforce's field history.
Source: sync.md 2, "Whose time"."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sync_engine.core.sync_rules import SyncRule
from sync_engine.crms.base import Row


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
