"""The database never lets more calls through than were allocated (sync.md 6, product.md 19.1)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection as database

from sync_engine.core.allocation import AllocationSpent, Cause
from sync_engine.core.values import Crm
from sync_engine.models import Allocation, ApiCalls, Connection, SettingChange
from sync_engine.runs.metering import ConnectionMeter

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(hours=24)
MINUTE = timedelta(minutes=1)


def allocate(calls, account="1"):
    connection = Connection.objects.create(hubspot_account_id=account)
    return Allocation.objects.create(
        connection=connection, allocated=calls, limited_by_salesforce=5000, counted_from=START
    )


def spend(allocation, cause=Cause.POLLING, at=START, times=1):
    """Reserve calls; return how many were granted."""
    for granted in range(times):
        try:
            Allocation.objects.reserve(allocation.connection_id, cause, at)
        except AllocationSpent:
            return granted
    return times


def tallies(allocation):
    rows = ApiCalls.objects.filter(connection=allocation.connection).order_by("minute", "cause")
    return list(rows.values_list("crm", "cause", "minute", "calls"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("used_yesterday", [0, 25])
def test_several_workers_together_never_go_past_the_allocation(used_yesterday):
    allocation = allocate(25)
    spend(allocation, times=used_yesterday)
    now = START + DAY + MINUTE
    workers, start = 4, Barrier(4)

    def work(_):
        try:
            start.wait(timeout=10)
            return spend(allocation, at=now, times=10)
        finally:
            database.close()

    with ThreadPoolExecutor(workers) as pool:
        granted = sum(pool.map(work, range(workers)))

    allocation.refresh_from_db()
    assert granted == allocation.used == 25
    assert tallies(allocation)[-1] == ("salesforce", "polling", now, 25)


@pytest.mark.django_db
def test_a_refused_call_counts_nothing_and_says_how_many_are_used():
    allocation = allocate(1000)
    Allocation.objects.update(used=1000)
    with pytest.raises(AllocationSpent, match="1,000 of 1,000 allocated Salesforce API calls"):
        Allocation.objects.reserve(allocation.connection_id, Cause.READING, START)
    allocation.refresh_from_db()
    assert allocation.used == 1000 and tallies(allocation) == []


@pytest.mark.django_db
def test_a_resync_leaves_the_last_tenth_to_polling():
    allocation = allocate(20)
    assert spend(allocation, Cause.RESYNC, times=30) == 18
    assert spend(allocation, Cause.POLLING, times=30) == 2


@pytest.mark.django_db
def test_one_connection_spends_nothing_of_another():
    one, other = allocate(1, "1"), allocate(1, "2")
    assert spend(one, times=2) == 1
    assert spend(other, times=2) == 1


@pytest.mark.django_db
def test_a_minute_is_free_again_once_it_left_the_24_hours():
    allocation = allocate(3)
    spend(allocation, at=START + timedelta(seconds=59), times=2)
    spend(allocation, at=START + MINUTE)

    assert spend(allocation, at=START + DAY + timedelta(seconds=59)) == 0
    assert spend(allocation, at=START + DAY + MINUTE, times=3) == 2
    assert spend(allocation, at=START + DAY + 2 * MINUTE, times=3) == 1
    assert spend(allocation, at=START + 3 * DAY, times=9) == 3


@pytest.mark.django_db
def test_calls_to_hubspot_do_not_give_salesforce_calls_back():
    allocation = allocate(1)
    ApiCalls.objects.tally(allocation.connection_id, Crm.HUBSPOT, Cause.POLLING, START)
    spend(allocation, at=START + MINUTE)
    assert spend(allocation, at=START + DAY + MINUTE) == 0


@pytest.mark.django_db
def test_the_chart_tallies_every_minute_by_cause():
    allocation = allocate(10)
    later = START + timedelta(minutes=3, seconds=20)
    spend(allocation, Cause.READING, later)
    spend(allocation, Cause.WRITING, later, times=2)
    spend(allocation, Cause.WRITING, START)
    assert tallies(allocation) == [
        ("salesforce", "writing", START, 1),
        ("salesforce", "reading", START + 3 * MINUTE, 1),
        ("salesforce", "writing", START + 3 * MINUTE, 2),
    ]


@pytest.mark.parametrize(
    "used, left, has_room", [(0, 8, True), (5, 3, True), (6, 2, False), (9, 0, False)]
)
def test_automatic_retries_stop_at_three_quarters(used, left, has_room):
    allocation = Allocation(allocated=8, used=used)
    assert (allocation.left, allocation.has_room_for_retries) == (left, has_room)


@pytest.mark.django_db
@pytest.mark.parametrize("calls", [0, 5001])
def test_no_more_can_be_allocated_than_salesforce_allows(calls):
    allocation = allocate(10)
    with pytest.raises(Allocation.NotAllowed, match="Enter a number from 1 to 5,000"):
        allocation.allocate(calls, by="Grace", now=START)
    allocation.refresh_from_db()
    assert allocation.allocated == 10 and not SettingChange.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("calls", [1, 5000])
def test_a_changed_allocation_is_kept_with_who_and_when(calls):
    allocation = allocate(10)
    allocation.allocate(calls, by="Grace", now=START)
    allocation.allocate(calls, by="Alan", now=START)  # nothing changes any more
    allocation.refresh_from_db()
    assert allocation.allocated == calls
    change = SettingChange.objects.get()
    assert (change.by, change.at, change.before, change.after) == (
        "Grace",
        START,
        "10",
        f"{calls:,}",
    )


@pytest.mark.django_db
def test_the_calls_of_the_minute_in_which_it_was_granted_leave_the_24_hours_too():
    at = START + timedelta(seconds=40)
    connection = Connection.objects.create(hubspot_account_id="1")
    Allocation.objects.grant(connection.pk, 15, at)  # a fifth of it: three calls
    allocation = Allocation.objects.get()
    spend(allocation, at=at, times=3)

    assert spend(allocation, at=START + DAY + MINUTE, times=9) == 3


@pytest.mark.django_db
def test_the_last_calls_of_the_whole_org_are_left_to_others():
    """ "Above 95 % of the org's own use only single records run" (sync.md 6)."""
    connection_id = allocate(1000).connection_id
    meter = ConnectionMeter(connection_id, clock=lambda: START)
    meter.org_used(4744, 5000)
    meter.reserve(Crm.SALESFORCE, Cause.POLLING)
    meter.org_used(4755, 5000)
    with pytest.raises(AllocationSpent, match="4,755 of its 5,000"):
        meter.reserve(Crm.SALESFORCE, Cause.POLLING)

    later = ConnectionMeter(connection_id, clock=lambda: START + 15 * MINUTE)
    later.reserve(Crm.SALESFORCE, Cause.POLLING)  # one call, to learn it anew


@pytest.mark.django_db
def test_connections_on_one_org_may_together_not_exceed_its_limit():
    allocation = allocate(1000)
    org = {"salesforce_org_id": "00D000000000001AAA", "set_up_at": START}
    Connection.objects.filter(pk=allocation.connection_id).update(**org)
    other = Connection.objects.create(hubspot_account_id="55555", **org)
    Allocation.objects.grant(other.pk, 5000, START)
    with pytest.raises(Allocation.NotAllowed, match="Enter a number up to 4,000"):
        allocation.allocate(4001, by="Grace", now=START)
    allocation.allocate(4000, by="Grace", now=START)
