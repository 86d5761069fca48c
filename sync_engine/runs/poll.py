"""One poll of a connection: gather what changed, then carry out its slices (sync.md 3)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager

from sync_engine.core.allocation import AllocationSpent
from sync_engine.core.errors import CrmError, Remedy
from sync_engine.crms.base import Crms
from sync_engine.models import Connection, SyncRun, SyncSlice
from sync_engine.runs.gather import Fresh, gather
from sync_engine.runs.heartbeat import beating
from sync_engine.runs.job import Clock, Job
from sync_engine.runs.prepare import jobs_of
from sync_engine.runs.slice import MOST_TRIES, abandon, carry_out

logger = logging.getLogger(__name__)

Doors = Callable[[Connection, SyncRun], Crms]  # opens both CRMs for a run


def poll(
    connection: Connection, doors: Doors, clock: Clock, only: Collection[str] = ()
) -> SyncRun | None:
    """Sync what changed since the last poll, or go on with a poll that was paused.

    Returns the run, or None if another worker has one open. only: slugs of object types.
    """
    run = SyncRun.objects.paused_of(connection.pk) or SyncRun.objects.begin_poll(
        connection.pk, clock()
    )
    if run is None:
        return None
    run.go_on()
    with _ending(run, clock):
        # What a paused run has gathered already is carried out, whatever is asked for now.
        wanted = only if run.gathered_at is None else ()
        jobs = jobs_of(connection, run, doors(connection, run), clock, wanted)
        fresh = _gather(run, jobs, clock) if jobs and run.gathered_at is None else {}
        _work(run, jobs, fresh, clock)
    run.refresh_from_db()
    return run


def work_on(run: SyncRun, doors: Doors, clock: Clock) -> None:
    """Help with a run whose slices wait; any number of workers may."""
    with _ending(run, clock):
        jobs = jobs_of(run.connection, run, doors(run.connection, run), clock)
        _work(run, jobs, {}, clock)


def _gather(run: SyncRun, jobs: Sequence[Job], clock: Clock) -> Fresh:
    with beating(lambda: run.renew(clock())):
        return gather(jobs)


def _work(run: SyncRun, jobs: Sequence[Job], fresh: Fresh, clock: Clock) -> None:
    by_type = {job.object_type.slug: job for job in jobs}
    while _is_syncing(run) and (slice_ := SyncSlice.objects.claim_one(run.pk, clock())):
        job = by_type.get(slice_.object_type)
        if job is None:  # the object type was switched off meanwhile
            slice_.finish(clock())
        elif slice_.tries > MOST_TRIES:
            abandon(job, slice_)
        else:
            carry_out(job, slice_, fresh)
        fresh = {}  # by the next slice it would be too old


def _is_syncing(run: SyncRun) -> bool:
    """Look before every slice: an admin may have switched it off, a login may have ended."""
    return Connection.objects.syncing().filter(pk=run.connection_id).exists()


@contextmanager
def _ending(run: SyncRun, clock: Clock) -> Iterator[None]:
    """End a run when its slices are done; pause it where nothing more can be done now.

    What was gathered is never given up: its slices wait for the next beat.
    """
    try:
        yield
    except AllocationSpent as spent:
        run.pause(f"{spent} It goes on by itself when there are calls again.")
    except CrmError as error:
        _stop(run, error, clock)
    except Exception:
        run.fail_ungathered("crmsync itself failed; the worker’s log says how.", clock())
        raise
    else:
        if run.finish(clock()):
            logger.info("Run %s of connection %s is done.", run.pk, run.connection_id)


def _stop(run: SyncRun, error: CrmError, clock: Clock) -> None:
    problem = error.problem
    logger.warning("Run %s stopped: %s", run.pk, error)
    if problem.type.remedy is Remedy.STOP:
        said = f" In its words: {problem.message}" if problem.message else ""
        what = f"{problem.crm.label}: {problem.type.title}. {problem.type.meaning}"
        run.connection.suspend(what + said)
    run.fail_ungathered(str(error), clock())
    run.pause(f"{error}. It is tried again by itself.")
