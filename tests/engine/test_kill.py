"""A worker that is killed at any step between reading and agreeing loses nothing and doubles
nothing: over the simulators, with a real worker process."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from sync_engine.core.values import Crm
from sync_engine.models import Connection, RecordLink, SyncRun
from sync_engine.runs import connect
from sync_engine.runs.poll import poll, work_on
from sync_engine.tasks import poll_connection
from tests.logins import log_in

# The worker is killed while the simulator holds back its answer to one call: of which CRM, method
# and path, after how many such calls, and whether the call is carried out.
STEPS = {
    "gather": (Crm.SALESFORCE, "POST", "/composite$", 0, True),
    "read": (Crm.HUBSPOT, "POST", "/contacts/batch/read$", 0, True),
    "pair": (Crm.SALESFORCE, "POST", "/composite$", 1, True),
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

    poll_connection.delay(connection.pk)
    for _ in range(600):
        if not simulated[crm].call("GET", "faults"):
            break
        time.sleep(0.05)
    else:
        pytest.fail("the worker never made that call")
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    _go_on(connection)

    (contact,) = simulated[Crm.SALESFORCE].call("GET", "records/Contact")
    (person,) = simulated[Crm.HUBSPOT].call("GET", "records/contacts")
    assert contact["values"]["Title"] == "Analyst"
    assert person["values"][connection.key_property] == contact["id"]
    assert RecordLink.objects.get().state == RecordLink.State.LIVE
    assert not SyncRun.objects.unfinished().exists()


def _go_on(connection: Connection) -> None:
    """What beat asks other workers for, once the dead one's lease is over; then one more poll."""

    def clock() -> datetime:
        return timezone.now() + LATER

    for run in SyncRun.objects.abandoned(clock()):
        run.fail_ungathered("Its worker fell silent.", clock())
    for run in SyncRun.objects.waiting_for_workers(clock()):
        work_on(run, connect.crms_of, clock)
    assert poll(connection, connect.crms_of, clock) is not None
