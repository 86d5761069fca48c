"""A Salesforce record that is news may be an old acquaintance: others were merged into it, or a
lead was converted to it (sync.md 3.4). Then it takes over their link."""

from __future__ import annotations

from collections.abc import Sequence

from sync_engine.core.values import Crm
from sync_engine.models import RecordLink
from sync_engine.runs.job import Job, Work
from sync_engine.runs.trace import take_over


def inherit(job: Job, works: Sequence[Work]) -> list[Work]:
    """Let lone Salesforce records take over the links of those that live on in them. Returns the
    works that are left: the others are looked at by the next poll, under their new link."""
    seekers = {
        work.records[Crm.SALESFORCE].id: work
        for work in works
        if work.alone_in is Crm.SALESFORCE and work.link.state == RecordLink.State.PENDING
    }
    gone: set[int] = set()
    for object_name in job.objects(Crm.SALESFORCE):
        ids = [id for id, work in seekers.items() if work.link.salesforce_object == object_name]
        if not ids:
            continue
        for id, forebears in job.crms.salesforce.forebears(object_name, ids).items():
            gone |= take_over(job, seekers[id], forebears)
    return [work for work in works if work.link.pk not in gone]
