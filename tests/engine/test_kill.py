"""A worker that is killed at any step between reading and agreeing loses nothing and doubles
nothing: over the simulators, with a real worker process."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db.models import Count
from django.utils import timezone

from sync_engine.core.values import Crm
from sync_engine.models import (
    Allocation,
    Connection,
    ObjectSettings,
    RecordChange,
    RecordLink,
    SyncRun,
    Watermark,
)
from sync_engine.models.sync_run import SLICE_SIZE
from sync_engine.runs import connect
from sync_engine.runs.poll import poll, work_on
from sync_engine.tasks import poll_connection, work_on_run
from tests.logins import log_in
from tests.simulated import Control

# The worker is killed while the simulator holds back its answer to one call: of which CRM, method
# and path, after how many such calls, and whether the call is carried out. The first composite call
# asks for the owners.
STEPS = {
    "gather": (Crm.SALESFORCE, "POST", "/composite$", 1, True),
    "read": (Crm.HUBSPOT, "POST", "/contacts/batch/read$", 0, True),
    "pair": (Crm.SALESFORCE, "POST", "/composite$", 2, True),
    "write, not arrived": (Crm.SALESFORCE, "PATCH", "/sobjects/Contact", 0, False),
    "write, carried out": (Crm.SALESFORCE, "PATCH", "/sobjects/Contact", 0, True),
    "the new record's key": (Crm.HUBSPOT, "POST", "/contacts/batch/update$", 0, True),
}
HELD_BACK = 20  # seconds
LATER = timedelta(seconds=30)  # the dead worker's lease is over


@pytest.fixture
def connection(transactional_db, simulated) -> Connection:
    connection = log_in(Crm.SALESFORCE, log_in(Crm.HUBSPOT))
    connect.finish_setup(connection, timezone.now())
    return connection


@pytest.mark.parametrize("step", STEPS)
def test_a_worker_killed_with_minus_nine_loses_and_doubles_nothing(
    step, simulated, connection, worker: subprocess.Popen[bytes]
):
    values = {"email": "ada@example.org", "lastname": "Byron", "jobtitle": "Analyst"}
    simulated[Crm.HUBSPOT].call("POST", "records/contacts", by="Ida Rhodes", values=values)
    crm, method, path, skip, is_carried_out = STEPS[step]
    fault = {"method": method, "path": path, "skip": skip, "times": 1, "delay": HELD_BACK}
    if not is_carried_out:
        fault |= {"status": 500, "moment": "before"}
    simulated[crm].call("POST", "faults", **fault)

    _poll_and_kill(connection, worker, simulated[crm])
    _go_on(connection)

    (contact,) = simulated[Crm.SALESFORCE].call("GET", "records/Contact")
    (person,) = simulated[Crm.HUBSPOT].call("GET", "records/contacts")
    assert contact["values"]["Title"] == "Analyst"
    assert person["values"][connection.key_property] == contact["id"]
    assert RecordLink.objects.get().state == RecordLink.State.LIVE
    assert not SyncRun.objects.unfinished().exists()


@pytest.mark.parametrize("is_carried_out", [True, False])
def test_a_worker_killed_while_it_deletes_deletes_no_more_and_no_less(
    is_carried_out, simulated, connection, worker: subprocess.Popen[bytes]
):
    settings = ObjectSettings.objects.get(connection=connection, object_type="contacts")
    settings.answers = {"salesforce_deleted": "delete"}
    settings.save()
    for name in ("ada", "bob"):
        values = {"email": f"{name}@example.org", "lastname": name}
        simulated[Crm.HUBSPOT].call("POST", "records/contacts", by="Ida Rhodes", values=values)
    _go_on(connection)
    gone = RecordLink.objects.order_by("pk")[0]
    simulated[Crm.SALESFORCE].call("DELETE", f"records/Contact/{gone.salesforce_id}", by="Ada")
    _go_on(connection)
    RecordLink.objects.to_delete(timezone.now() + 2 * LATER).update(delete_after=timezone.now())
    fault = {"method": "POST", "path": "/batch/archive$", "times": 1, "delay": HELD_BACK}
    if not is_carried_out:
        fault |= {"status": 500, "moment": "before"}
    simulated[Crm.HUBSPOT].call("POST", "faults", **fault)

    _poll_and_kill(connection, worker, simulated[Crm.HUBSPOT])
    _go_on(connection)

    (left,) = simulated[Crm.HUBSPOT].call("GET", "records/contacts")
    assert left["id"] != gone.hubspot_id
    gone.refresh_from_db()
    assert gone.state == RecordLink.State.GONE
    assert not RecordChange.objects.unsettled().exists()


@pytest.mark.parametrize("is_carried_out", [True, False])
def test_a_worker_killed_right_after_it_created_who_opted_out_leaves_nobody_subscribed(
    is_carried_out, simulated, connection, worker: subprocess.Popen[bytes]
):
    values = {"LastName": "Byron", "Email": "ada@example.org", "HasOptedOutOfEmail": True}
    simulated[Crm.SALESFORCE].call("POST", "records/Contact", by="Ada", values=values)
    fault = {"method": "POST", "path": "/unsubscribe-all", "times": 1, "delay": HELD_BACK}
    if not is_carried_out:
        fault |= {"status": 500, "moment": "before"}
    simulated[Crm.HUBSPOT].call("POST", "faults", **fault)

    _poll_and_kill(connection, worker, simulated[Crm.HUBSPOT])
    _go_on(connection)

    (person,) = simulated[Crm.HUBSPOT].call("GET", "records/contacts")
    assert person["values"]["hs_email_optout"] == "true"
    assert RecordLink.objects.get().agreed_values["hs_email_optout"].hubspot == "true"
    _go_on(connection)
    assert not RecordChange.objects.unsettled().exists()


def test_two_workers_on_one_run_write_each_record_once(
    simulated, connection, worker: subprocess.Popen[bytes]
):
    """4,100 pairs are three slices; both processes of the worker take them."""
    Allocation.objects.update(allocated=50_000)
    count = 2 * SLICE_SIZE + 100
    for crm, name in ((Crm.SALESFORCE, "Contact"), (Crm.HUBSPOT, "contacts")):
        simulated[crm].call("POST", "load", object=name, count=count, seed=7)
    long_ago = timezone.now() - timedelta(days=10_000)
    Watermark.objects.update(read_until=long_ago)
    ObjectSettings.objects.update(since=long_ago)
    poll_connection.delay(connection.pk)
    _wait_for(lambda: SyncRun.objects.filter(gathered_at__isnull=False).exists())
    work_on_run.delay(SyncRun.objects.get().pk)
    _wait_for(lambda: not SyncRun.objects.unfinished().exists())
    for _ in range(2):
        _go_on(connection)

    assert RecordLink.objects.filter(state=RecordLink.State.LIVE).count() == count
    written = RecordChange.objects.filter(state=RecordChange.State.DONE).exclude(fields={})
    assert set(written.values("crm", "record_id").annotate(n=Count("pk")).values_list("n")) == {
        (1,)
    }
    # Nothing was created: all had a partner to find.
    assert not written.filter(kind=RecordChange.Kind.CREATE).exists()


def _poll_and_kill(connection: Connection, worker: subprocess.Popen[bytes], crm: Control) -> None:
    """Let the worker poll, and kill it while the one call with a fault is held back."""
    poll_connection.delay(connection.pk)
    _wait_for(lambda: not crm.call("GET", "faults"))
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def _wait_for(is_so: Callable[[], bool]) -> None:
    for _ in range(1200):
        if is_so():
            return
        time.sleep(0.05)
    pytest.fail("what was waited for did not come within a minute")


def _go_on(connection: Connection) -> None:
    """What beat asks other workers for, once the dead one's lease is over; then one more poll."""

    def clock() -> datetime:
        return timezone.now() + LATER

    for run in SyncRun.objects.abandoned(clock()):
        run.fail_ungathered("Its worker fell silent.", clock())
    for run in SyncRun.objects.waiting_for_workers(clock()):
        work_on(run, connect.crms_of, clock)
    assert poll(connection, connect.crms_of, clock) is not None
