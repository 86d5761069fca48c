"""History is kept for so many days and no longer (sync.md 7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync_engine.core.allocation import Cause
from sync_engine.core.brakes import BrakeKind
from sync_engine.core.values import Crm
from sync_engine.models import (
    ApiCalls,
    Brake,
    BrakeTally,
    Connection,
    RecordChange,
    RecordLink,
    SyncError,
    SyncRun,
    SyncSlice,
)
from sync_engine.models.in_batches import delete_in_batches
from sync_engine.runs.forget import forget_old

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=91)
LATELY = NOW - timedelta(days=89)
State = RecordChange.State


@pytest.fixture
def link() -> RecordLink:
    connection = Connection.objects.create(hubspot_account_id="1")
    return RecordLink.objects.create(
        connection=connection, object_type="contacts", hubspot_id="501", since=NOW
    )


def change(link: RecordLink, state: State, planned_at: datetime = LONG_AGO) -> RecordChange:
    return RecordChange.objects.create(link=link, crm="hubspot", state=state, planned_at=planned_at)


def error(link: RecordLink, closed_at: datetime | None) -> SyncError:
    return SyncError.objects.create(
        connection=link.connection,
        object_type="contacts",
        crm="hubspot",
        record_key=f"hubspot:{SyncError.objects.count()}",
        type="other",
        first_seen=LONG_AGO,
        last_seen=LONG_AGO,
        closed_at=closed_at,
    )


@pytest.mark.parametrize("state", [State.DONE, State.REFUSED, State.WITHDRAWN])
def test_a_change_whose_end_is_known_goes_after_ninety_days(link, state):
    change(link, state)
    kept = change(link, state, LATELY)

    forget_old(NOW)

    assert list(RecordChange.objects.all()) == [kept]


@pytest.mark.parametrize("state", [State.PLANNED, State.SENT, State.IN_DOUBT])
def test_a_change_whose_end_is_not_known_stays_however_old_it_is(link, state):
    kept = change(link, state)
    forget_old(NOW)
    assert RecordChange.objects.get() == kept


def test_an_error_goes_ninety_days_after_it_was_over(link):
    error(link, closed_at=LONG_AGO)
    kept = [error(link, closed_at=None), error(link, closed_at=LATELY)]

    forget_old(NOW)

    assert set(SyncError.objects.all()) == set(kept)


def test_runs_and_tallies_go_as_well_and_an_unfinished_run_stays(link):
    connection = link.connection
    for ended_at in (LONG_AGO, LATELY):
        SyncRun.objects.create(
            connection=connection,
            kind="poll",
            state="done",
            began_at=LONG_AGO,
            ended_at=ended_at,
            leased_until=LONG_AGO,
        )
    begun = SyncRun.objects.begin_poll(connection.pk, LONG_AGO)
    begun.cut("contacts", [(Crm.HUBSPOT, "contacts", "501")])
    brake = Brake.objects.of(connection.pk, "contacts", Crm.HUBSPOT, BrakeKind.BLANK, LONG_AGO)
    for at in (LONG_AGO, LATELY):
        ApiCalls.objects.tally(connection.pk, Crm.HUBSPOT, Cause.POLLING, at)
        BrakeTally.objects.create(brake=brake, at=at, count=1)
    doubt = change(link, State.IN_DOUBT)
    RecordChange.objects.update(run=SyncRun.objects.filter(ended_at=LONG_AGO).get())

    forget_old(NOW)

    ends = SyncRun.objects.order_by("pk").values_list("ended_at", flat=True)
    assert list(ends) == [LATELY, None]
    assert SyncSlice.objects.get().run == begun
    assert ApiCalls.objects.get().minute == LATELY
    assert BrakeTally.objects.get().at == LATELY
    doubt.refresh_from_db()
    assert doubt.run is None


def test_how_long_is_for_whoever_runs_it_to_say(link, settings):
    settings.HISTORY_DAYS = 30
    change(link, State.DONE, LATELY)
    forget_old(NOW)
    assert not RecordChange.objects.exists()


@pytest.mark.parametrize("rows", [0, 3, 4, 5])
def test_many_rows_go_in_batches_and_none_that_was_not_asked_for(link, rows):
    kept = change(link, State.IN_DOUBT)
    for _ in range(rows):
        change(link, State.DONE)

    deleted = delete_in_batches(RecordChange.objects.over_before(NOW), size=2)

    assert deleted == rows
    assert RecordChange.objects.get() == kept
