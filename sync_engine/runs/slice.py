"""One slice, step by step: claim, read, pair, plan, brake, write, agree (sync.md 3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sync_engine.core import error_types
from sync_engine.core.allocation import AllocationSpent
from sync_engine.core.errors import CrmError, Problem, Remedy
from sync_engine.core.values import Crm
from sync_engine.models import RecordChange, SyncSlice
from sync_engine.runs.agree import agree
from sync_engine.runs.brake import brake, give_back
from sync_engine.runs.claim import claim, claim_tombstones, let_go
from sync_engine.runs.deletes import brake_deletions, close_deletions, decide_deletions
from sync_engine.runs.doubt import settle_doubt
from sync_engine.runs.freeze import freeze
from sync_engine.runs.gather import Fresh
from sync_engine.runs.heartbeat import beating
from sync_engine.runs.job import Job, Work
from sync_engine.runs.note import note
from sync_engine.runs.options import add_options
from sync_engine.runs.pair import pair
from sync_engine.runs.plan import plan
from sync_engine.runs.read import YOUNG, read_changed, read_partners
from sync_engine.runs.segment import leave_outsiders
from sync_engine.runs.write import LeaseLost, send, write

# A slice that fails so often for a reason of ours is noted, record by record, and left.
MOST_TRIES = 3
MOST_FAILURES = 3  # and so often for a CRM's, while that CRM answers other calls


class TooOld(Exception):
    """What was read is too old to be written by: somebody may have edited it meanwhile."""


def carry_out(job: Job, slice_: SyncSlice, fresh: Fresh) -> None:
    """Bring the records of a slice into agreement.

    Raises CrmError and AllocationSpent: nothing more can be done now, and the slice waits.
    """
    try:
        with beating(lambda: slice_.renew(job.clock())) as still_ours:
            _STEPS[slice_.deed](job, slice_, fresh, still_ours)
    except LeaseLost:
        return
    except TooOld:  # read and planned anew; where that is always too slow, in smaller slices
        let_go(slice_.holder)
        slice_.give_back()
        return
    except BaseException as error:
        let_go(slice_.holder)
        _put_back(job, slice_, error)
        raise
    slice_.finish(job.clock())


def _put_back(job: Job, slice_: SyncSlice, error: BaseException) -> None:
    """Let a slice wait: for calls, for a login, for a CRM that is busy or shut. What a CRM refuses
    for good, or fails at again and again while it answers others, may lie in the slice itself."""
    remedy = error.problem.type.remedy if isinstance(error, CrmError) else None
    if remedy is Remedy.STOP or isinstance(error, AllocationSpent):
        slice_.wait()
    elif isinstance(error, CrmError) and remedy is Remedy.RETRY:
        if slice_.failures >= MOST_FAILURES and _answers(job, error.problem.crm):
            slice_.give_back()
        else:
            slice_.fail()
    else:
        slice_.give_back()


def _answers(job: Job, crm: Crm) -> bool:
    """Tell whether a CRM answers anything at all."""
    try:
        job.crms.of(crm).identity()
    except (CrmError, AllocationSpent):
        return False
    return True


def _sync(job: Job, slice_: SyncSlice, fresh: Fresh, still_ours: Callable[[], bool]) -> None:
    may_send = _while_young(job, still_ours)
    works = claim(job, slice_)
    news = read_changed(job, slice_, works, fresh)
    known = _others(works, news)
    seen = read_partners(job, news)
    leave_outsiders(job, seen)
    kept = pair(job, seen)
    leave_outsiders(job, kept)
    settle_doubt(job, [*known, *kept])
    plan(job, kept)
    freeze(job, kept)
    reserved = brake(job, kept)
    try:
        add_options(job, kept)
        write(job, kept, may_send)
    finally:
        give_back(reserved)
        agree(job, slice_, works)


def _delete(job: Job, slice_: SyncSlice, fresh: Fresh, still_ours: Callable[[], bool]) -> None:
    may_send = _while_young(job, still_ours)
    works = claim_tombstones(job, slice_)
    going = decide_deletions(job, works)
    reserved = brake_deletions(job, going)
    try:
        send(job, Crm.HUBSPOT, going, RecordChange.Kind.DELETE, may_send)
    finally:
        give_back(reserved)
        close_deletions(job, slice_, works, going)


_STEPS = {SyncSlice.Deed.SYNC.value: _sync, SyncSlice.Deed.DELETE.value: _delete}


def _while_young(job: Job, still_ours: Callable[[], bool]) -> Callable[[], bool]:
    """Return what tells, before each call, whether it may be made: what is read from now on is
    young enough, and the slice is ours."""
    read_at = job.clock()

    def may_send() -> bool:
        age = job.clock() - read_at
        if age > YOUNG:
            raise TooOld
        job.run.sent_after(age)
        return still_ours()

    return may_send


def _others(works: Sequence[Work], news: Sequence[Work]) -> list[Work]:
    keys = {work.link.pk for work in news}
    return [work for work in works if work.link.pk not in keys]


def abandon(job: Job, slice_: SyncSlice) -> None:
    """After several failures of our own: try the halves, down to the record that is to blame. It
    is noted, so that it is not lost, and holds back no other."""
    if len(slice_.ids) > 1:
        slice_.halve(job.clock())
        return
    works = claim(job, slice_)
    for work in works:
        work.problems.append(Problem(next(iter(_sides(work))), error_types.UNEXPECTED))
    note(job, works)
    let_go(slice_.holder)
    slice_.finish(job.clock())


def _sides(work: Work) -> list[Crm]:
    return [crm for crm in Crm if work.link.record_id(crm)]
