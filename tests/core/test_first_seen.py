"""When a value that could not be settled was edited. Source: sync.md 2, "Whose time"."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.first_seen import edited_at, since_settled, unsettled
from sync_engine.core.plan import Agreed, MappedField
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm, Record

THEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = THEN + timedelta(hours=1)
TITLE = MappedField(
    Field("jobtitle", "Job title", FieldKind.TEXT),
    Field("Title", "Title", FieldKind.TEXT),
    SyncRule.TWO_WAY,
    since=THEN,
)
AGREED = {"jobtitle": Agreed("Analyst", "Analyst", THEN)}


def holding(title, at=THEN):
    return Record(Crm.SALESFORCE, "Contact", "003A", {"Title": title}, at, at)


def test_what_is_agreed_is_not_remembered():
    assert unsettled({}, holding("Analyst"), AGREED, [TITLE]) == {}
    assert unsettled({}, holding(None), {}, [TITLE]) == {}


def test_a_value_keeps_the_time_of_the_first_read_that_showed_it():
    seen = unsettled({}, holding("Countess"), AGREED, [TITLE])
    seen = unsettled(seen, holding("Countess", LATER), AGREED, [TITLE])
    assert edited_at(seen, holding("Countess", LATER)) == {(Crm.SALESFORCE, "Title"): THEN}


def test_another_value_has_a_time_of_its_own():
    seen = unsettled({}, holding("Countess"), AGREED, [TITLE])
    assert edited_at(seen, holding("Queen", LATER)) == {}
    seen = unsettled(seen, holding("Queen", LATER), AGREED, [TITLE])
    assert edited_at(seen, holding("Queen", LATER)) == {(Crm.SALESFORCE, "Title"): LATER}


def test_a_cleared_value_is_remembered_too():
    seen = unsettled({}, holding(None), AGREED, [TITLE])
    assert edited_at(seen, holding(None, LATER)) == {(Crm.SALESFORCE, "Title"): THEN}


def test_what_became_settled_is_forgotten():
    seen = unsettled({}, holding("Countess"), AGREED, [TITLE])
    assert unsettled(seen, holding("Analyst", LATER), AGREED, [TITLE]) == {}


def told(at, agreed, since=THEN, ahead=timedelta()):
    return since_settled({"Title": at}, agreed, [TITLE], since, ahead)


def test_history_from_before_a_field_was_settled_tells_nothing_of_its_conflict():
    agreed = {"jobtitle": Agreed("Analyst", "Analyst", LATER)}
    assert told(LATER, agreed) == {(Crm.SALESFORCE, "Title"): LATER}
    assert told(THEN, agreed) == {}
    assert told(LATER, agreed, ahead=timedelta(minutes=30)) == {}


def test_history_tells_the_time_of_what_was_never_settled_with_this_record():
    agreed = {"jobtitle": Agreed("Analyst", "Analyst", LATER)}
    assert told(THEN, {}) == {(Crm.SALESFORCE, "Title"): THEN}
    assert told(THEN, agreed, since=LATER + timedelta(hours=1)) == told(THEN, {})
