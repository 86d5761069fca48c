"""So many risky writes in 24 hours, and then somebody has to look (sync.md 6)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection as database

from sync_engine.core.brakes import BrakeKind
from sync_engine.core.values import Crm
from sync_engine.models import Brake, Connection

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(hours=24)
SECOND = timedelta(seconds=1)


def brake_on(crm=Crm.HUBSPOT, kind=BrakeKind.BLANK, now=NOW):
    connection, _ = Connection.objects.get_or_create(hubspot_account_id="1")
    return Brake.objects.of(connection.pk, "contacts", crm, kind, now)


@pytest.mark.django_db(transaction=True)
def test_several_workers_together_never_reserve_more_than_the_most():
    brake, start = brake_on(), Barrier(3)

    def work(_):
        try:
            start.wait(timeout=10)
            return sum(brake.reserve(1, most=7, now=NOW) for _ in range(5))
        finally:
            database.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(work, range(3))) == 7


@pytest.mark.django_db
def test_a_reservation_that_is_refused_reserves_nothing():
    brake = brake_on()
    assert brake.reserve(6, most=10, now=NOW)
    assert not brake.reserve(5, most=10, now=NOW)
    assert brake.reserve(4, most=10, now=NOW)


@pytest.mark.django_db
def test_what_was_reserved_counts_for_24_hours():
    brake = brake_on()
    assert brake.reserve(10, most=10, now=NOW)
    assert not brake.reserve(1, most=10, now=NOW + DAY)
    assert brake.reserve(1, most=10, now=NOW + DAY + SECOND)


@pytest.mark.django_db
def test_each_direction_and_kind_has_a_brake_of_its_own():
    brakes = [brake_on(crm, kind) for crm in Crm for kind in BrakeKind]
    assert all(brake.reserve(10, most=10, now=NOW) for brake in brakes)
    assert brake_on() in brakes and Brake.objects.count() == len(brakes)


@pytest.mark.django_db
def test_a_brake_stays_on_says_since_when_and_adds_up_until_somebody_lets_go():
    brake = brake_on()
    brake.stop(3, ["Ada", "Bob", "Eve"], NOW)
    brake.stop(12, [f"P{n}" for n in range(12)], NOW + SECOND)

    assert not brake.reserve(1, most=10, now=NOW + 2 * DAY)
    stopped = Brake.objects.stopped(brake.connection_id).get()
    assert (stopped.stopped_at, stopped.held_back) == (NOW, 15)
    assert stopped.examples == ["Ada", "Bob", "Eve"]


@pytest.mark.django_db
def test_ten_examples_are_enough():
    brake = brake_on()
    brake.stop(12, [f"P{n}" for n in range(12)], NOW)
    assert Brake.objects.get().examples == [f"P{n}" for n in range(10)]


@pytest.mark.django_db
def test_once_let_go_it_counts_anew():
    brake = brake_on()
    brake.reserve(10, most=10, now=NOW)
    brake.stop(3, ["Ada"], NOW)

    brake.go_on(NOW + SECOND)

    assert not Brake.objects.stopped(brake.connection_id).exists()
    assert brake.reserve(10, most=10, now=NOW + SECOND)
    brake.refresh_from_db()
    assert (brake.held_back, brake.examples) == (0, [])
