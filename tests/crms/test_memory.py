"""What only the CRM in memory can show: faults on demand, and what each CRM does on its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync_engine.core import error_types as types
from sync_engine.core.errors import CrmError, Problem
from sync_engine.core.values import Crm, RecordRef
from sync_engine.crms.base import Asked, Row
from sync_engine.crms.memory import MemoryCrm

START = datetime(2026, 1, 1, 9, 30, 15, 123_456, tzinfo=UTC)
ADA = {"FirstName": "Ada", "LastName": "Lovelace", "Email": "ada@example.org"}


class Clock:
    now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def salesforce(clock):
    return MemoryCrm(Crm.SALESFORCE, clock)


@pytest.fixture
def hubspot(clock):
    return MemoryCrm(Crm.HUBSPOT, clock)


def test_a_refused_row_holds_back_no_other(salesforce):
    one, two = (salesforce.person_creates("Contact", ADA) for _ in range(2))
    salesforce.refuse_next(Problem(Crm.SALESFORCE, types.VALIDATION_RULE))
    rows = [Row({"FirstName": "A."}, id=one), Row({"FirstName": "A."}, id=two)]
    refused, done = salesforce.update("Contact", rows)
    assert (refused.problem.type, done.problem) == (types.VALIDATION_RULE, None)
    assert salesforce.values_of("Contact", one)["FirstName"] == "Ada"
    assert salesforce.values_of("Contact", two)["FirstName"] == "A."


def test_a_lost_write_and_a_lost_answer_look_the_same_and_are_not(salesforce):
    id = salesforce.person_creates("Contact", ADA)
    salesforce.lose_next_write()
    (outcome,) = salesforce.update("Contact", [Row({"FirstName": "Augusta"}, id=id)])
    assert outcome.in_doubt
    assert salesforce.values_of("Contact", id)["FirstName"] == "Ada"
    salesforce.lose_next_answer()
    (outcome,) = salesforce.update("Contact", [Row({"FirstName": "Augusta"}, id=id)])
    assert outcome.in_doubt
    assert salesforce.values_of("Contact", id)["FirstName"] == "Augusta"


def test_a_failed_call_carries_nothing_out(hubspot):
    id = hubspot.person_creates("contacts", {"firstname": "Ada"})
    hubspot.fail_next(Problem(Crm.HUBSPOT, types.RATE_LIMIT))
    with pytest.raises(CrmError) as failed:
        hubspot.update("contacts", [Row({"firstname": "Augusta"}, id=id)])
    assert failed.value.problem.type is types.RATE_LIMIT
    assert hubspot.values_of("contacts", id) == {"firstname": "Ada"}


def test_salesforce_times_are_whole_seconds(salesforce):
    salesforce.person_creates("Contact", ADA)
    (row,) = salesforce.changed([Asked("Contact", START - timedelta(hours=1))]).rows["Contact"]
    assert row.stamp == START.replace(microsecond=0)


def test_hubspot_times_strictly_increase_though_the_clock_stands_still(hubspot):
    for name in ("Ada", "Grace", "Edsger"):
        hubspot.person_creates("contacts", {"firstname": name})
    rows = hubspot.changed([Asked("contacts", START - timedelta(hours=1))]).rows["contacts"]
    assert len({row.stamp for row in rows}) == 3
    assert {row.record for row in rows} == {None}


def test_a_checkbox_of_salesforce_is_never_blank(salesforce):
    id = salesforce.person_creates("Contact", ADA)
    read = salesforce.read("Contact", [id], ["HasOptedOutOfEmail"])
    assert read[id].values == {"HasOptedOutOfEmail": False}


def test_our_own_writes_are_no_edits(hubspot, clock):
    id = hubspot.person_creates("contacts", {"firstname": "Ada", "city": "London"})
    clock.now += timedelta(minutes=1)
    hubspot.update("contacts", [Row({"firstname": "Augusta"}, id=id)])
    clock.now += timedelta(minutes=1)
    hubspot.person_edits("contacts", id, {"city": "Turin"})
    at = hubspot.edited_at("contacts", {id: ["firstname", "city"]})[id]
    assert at["firstname"] < START + timedelta(seconds=1)
    assert at["city"] > START + timedelta(minutes=1, seconds=59)


def test_a_merged_record_points_to_its_survivor(salesforce):
    one, two = (salesforce.person_creates("Contact", ADA) for _ in range(2))
    assert salesforce.person_merges("Contact", one, two) == one
    rows = salesforce.changed([Asked("Contact", START - timedelta(hours=1))]).rows["Contact"]
    flags = {row.id: (row.is_deleted, row.became) for row in rows}
    assert flags == {one: (False, None), two: (True, RecordRef("Contact", one))}


def test_a_merge_in_hubspot_makes_a_new_record(hubspot):
    one = hubspot.person_creates("contacts", {"firstname": "Ada"})
    two = hubspot.person_creates("contacts", {"firstname": "A.", "city": "London"})
    survivor = hubspot.person_merges("contacts", one, two)
    assert hubspot.ids_of("contacts") == [survivor]
    assert hubspot.values_of("contacts", survivor) == {"firstname": "Ada", "city": "London"}


def test_an_object_nobody_declared_takes_any_text(hubspot):
    id = hubspot.person_creates("looms", {"pattern": "jacquard"})
    assert hubspot.fields("looms")["pattern"].name == "pattern"
    assert hubspot.read("looms", [id], ["pattern"])[id].values == {"pattern": "jacquard"}


def test_calls_are_counted_by_method(hubspot):
    hubspot.find("contacts", "email", ["ada@example.org"], [])
    hubspot.find("contacts", "email", ["grace@example.org"], [])
    hubspot.person_creates("contacts", {"firstname": "Ada"})
    assert hubspot.calls == {"find": 2}
