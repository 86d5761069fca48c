"""The timetable, and a worker as a process."""

from __future__ import annotations

import datetime
import time

import pytest
from django.utils import timezone

from crmsync.celery import app
from sync_engine.models import Connection, SyncRun


def test_every_task_of_the_timetable_exists() -> None:
    app.loader.import_default_modules()
    asked = {entry["task"] for entry in app.conf.beat_schedule.values()}
    names = {"poll_connections", "tidy", "forget"}
    assert asked == {f"sync_engine.tasks.{name}" for name in names}
    assert asked <= set(app.tasks)


def test_a_message_is_done_when_its_task_is_and_leaves_no_result() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.accept_content == ["json"]
    assert not app.conf.result_backend


@pytest.mark.usefixtures("worker")
def test_a_worker_does_what_it_is_told() -> None:
    connection = Connection.objects.create(set_up_at=timezone.now())
    long_ago = timezone.now() - datetime.timedelta(days=1)
    run = SyncRun.objects.create(
        connection=connection, kind=SyncRun.Kind.POLL, began_at=long_ago, leased_until=long_ago
    )
    app.send_task("sync_engine.tasks.tidy")
    until = time.monotonic() + 20
    while run.state == SyncRun.State.RUNNING:
        assert time.monotonic() < until
        time.sleep(0.1)
        run.refresh_from_db()
    assert run.state == SyncRun.State.FAILED
