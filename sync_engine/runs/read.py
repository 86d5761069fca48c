"""Step 3: both sides, from the primary stores (sync.md 3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sync_engine.core.values import Crm, Record
from sync_engine.models import RecordLink, SyncSlice
from sync_engine.runs.gather import Fresh, holds_agreed
from sync_engine.runs.job import Job, Work
from sync_engine.runs.lifecycle import look_up
from sync_engine.runs.trace import find_out, trace

# A plan is written within so long of its reads; an older one is made again (sync.md 3.3).
YOUNG = timedelta(seconds=60)


def read_changed(job: Job, slice_: SyncSlice, works: Sequence[Work], fresh: Fresh) -> list[Work]:
    """Read the sides that changed, and return the works that are news after all: HubSpot's index
    does not tell an echo of our own write from an edit. For the others nothing is read from the
    other CRM."""
    changed = {(crm, id) for crm in Crm for id in slice_.ids_in(crm)}
    for crm in Crm:
        _read(job, crm, [w for w in works if (crm, w.link.record_id(crm)) in changed], fresh)
    look_up(job, works)
    news = []
    for work in trace(job, works):
        if _says_nothing_new(job, work):
            work.is_glimpse = not work.is_pair
        else:
            news.append(work)
    return news


def read_partners(job: Job, works: Sequence[Work]) -> list[Work]:
    """Read the other half of linked pairs, and return those works whose records are still where
    their links look for them."""
    for crm in Crm:
        _read(job, crm, [w for w in works if w.link.record_id(crm) and crm not in w.records], {})
    works = trace(job, works)
    for crm in Crm:
        find_out(job, crm, [work for work in works if work.misses(crm)])
    return [work for work in works if work.link.is_open]


def _says_nothing_new(job: Job, work: Work) -> bool:
    if work.link.state != RecordLink.State.LIVE or not work.records:
        return False
    return all(
        holds_agreed(job, crm, record, work.link) and _holds_key(job, crm, record, work.link)
        for crm, record in work.records.items()
    )


def _holds_key(job: Job, crm: Crm, record: Record, link: RecordLink) -> bool:
    """Tell whether a record bears our key; it lacks it where a run ended before the last write."""
    partner = link.record_id(crm.other)
    return record.values.get(job.key(crm), partner) == partner


def _read(job: Job, crm: Crm, works: Sequence[Work], fresh: Fresh) -> None:
    missing: dict[str, list[Work]] = {}
    for work in works:
        id = str(work.link.record_id(crm))
        if (crm, id) in fresh:
            work.records[crm] = fresh[crm, id]
            continue
        missing.setdefault(job.object_of(crm, work.link), []).append(work)
    for object_name, unread in missing.items():
        ids = [str(work.link.record_id(crm)) for work in unread]
        found = job.crms.of(crm).read(object_name, ids, job.fields(crm, object_name))
        for work, id in zip(unread, ids, strict=True):
            if id in found:
                work.records[crm] = found[id]
