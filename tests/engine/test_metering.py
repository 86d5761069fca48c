"""Every call of a connection is counted, and Salesforce's come out of its allocation."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sync_engine.core.allocation import AllocationSpent, Cause
from sync_engine.core.values import Crm
from sync_engine.models import Allocation, ApiCalls, Connection, SyncRun
from sync_engine.runs.metering import ConnectionMeter

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection():
    connection = Connection.objects.create(hubspot_account_id="24816357")
    Allocation.objects.create(
        connection=connection, allocated=2, limited_by_salesforce=10, counted_from=NOW
    )
    return connection


def tallies():
    rows = ApiCalls.objects.order_by("crm", "cause").values_list("crm", "cause", "calls")
    return list(rows)


def test_a_salesforce_call_is_taken_from_the_allocation(connection):
    meter = ConnectionMeter(connection.pk, clock=lambda: NOW)
    meter.reserve(Crm.SALESFORCE, Cause.POLLING)
    meter.reserve(Crm.SALESFORCE, Cause.WRITING)
    assert Allocation.objects.get().used == 2
    with pytest.raises(AllocationSpent):
        meter.reserve(Crm.SALESFORCE, Cause.READING)
    assert tallies() == [("salesforce", "polling", 1), ("salesforce", "writing", 1)]


def test_a_hubspot_call_is_counted_and_never_refused(connection):
    meter = ConnectionMeter(connection.pk, clock=lambda: NOW)
    for _ in range(5):
        meter.reserve(Crm.HUBSPOT, Cause.READING)
    assert tallies() == [("hubspot", "reading", 5)]
    assert Allocation.objects.get().used == 0


def test_a_run_knows_its_own_calls(connection):
    run = SyncRun.objects.begin_poll(connection.pk, NOW)
    meter = ConnectionMeter(connection.pk, run, clock=lambda: NOW)
    meter.reserve(Crm.HUBSPOT, Cause.READING)
    meter.reserve(Crm.SALESFORCE, Cause.POLLING)
    meter.reserve(Crm.SALESFORCE, Cause.WRITING)
    with pytest.raises(AllocationSpent):
        meter.reserve(Crm.SALESFORCE, Cause.WRITING)
    run.refresh_from_db()
    assert (run.hubspot_calls, run.salesforce_calls) == (1, 2)


def test_what_a_resync_does_counts_as_resync(connection):
    meter = ConnectionMeter(connection.pk, cause=Cause.RESYNC, clock=lambda: NOW)
    meter.reserve(Crm.SALESFORCE, Cause.WRITING)
    assert tallies() == [("salesforce", "resync", 1)]
