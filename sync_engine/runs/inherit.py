"""A record that is news may be an old acquaintance (sync.md 3.4): others were merged into it, or a
lead was converted to it, and it takes over their link; or we made it ourselves and never heard."""

from __future__ import annotations

from collections.abc import Sequence

from sync_engine.core.values import Crm
from sync_engine.models import RecordLink
from sync_engine.runs.follow import give_way
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


def rejoin(job: Job, works: Sequence[Work]) -> list[Work]:
    """Let lone records that bear our key join the lone links of those for whom we made them: one
    that was deleted before we heard of its partner is not made anew. Returns the works that are
    left."""
    known = {work.link.pk for work in works}
    gone: set[int] = set()
    for crm in Crm:
        made_for = {
            str(work.records[crm].values.get(job.key(crm))): work
            for work in works
            if work.alone_in is crm and work.link.state == RecordLink.State.PENDING
        }
        links = RecordLink.objects.of(job.connection.pk, job.object_type.slug)
        lone = links.naming({crm.other: list(made_for)}).filter(**{f"{crm}_id__isnull": True})
        for link in lone.exclude(pk__in=known):
            work = made_for[str(link.record_id(crm.other))]
            if link.is_open:  # nobody has looked yet what became of that one
                RecordLink.objects.filter(pk=link.pk).update(look_again=True)
                work.look_again, work.skipped = True, "It was made for a record that comes first."
            else:
                _stand_for_both(job, crm, link, work)
                gone.add(work.link.pk)
    return [work for work in works if work.link.pk not in gone]


def _stand_for_both(job: Job, crm: Crm, tombstone: RecordLink, work: Work) -> None:
    """A deletion in Salesforce is carried over, or not, as any other."""
    RecordLink.objects.filter(pk=tombstone.pk).update(
        **{f"{crm}_id": work.records[crm].id},
        delete_after=job.clock() if crm is Crm.HUBSPOT else None,
    )
    give_way(RecordLink.objects.filter(pk=work.link.pk), tombstone)
