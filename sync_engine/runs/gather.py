"""Step 1: which records are news (sync.md 3).

Salesforce answers for all objects in one call, values and all. HubSpot's search is an index: it
gives ids and stamps only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from sync_engine.core.convert import is_remembered
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm, Record
from sync_engine.crms.base import Asked, ChangedRow, Changes
from sync_engine.models import RecordChange, RecordLink, SyncError, SyncSlice, Watermark
from sync_engine.runs.follow import follow
from sync_engine.runs.job import Job
from sync_engine.runs.lifecycle import asked_of, is_on, moved
from sync_engine.runs.segment import is_ready, note_joined

# A row may become visible later than its stamp says: a long transaction in Salesforce, an index
# that lags in HubSpot. So each look reaches back a little, and once an hour further (sync.md 3,
# "Overlaps").
OVERLAP = {Crm.SALESFORCE: timedelta(minutes=10), Crm.HUBSPOT: timedelta(minutes=5)}
HOURLY_OVERLAP = {Crm.SALESFORCE: timedelta(minutes=60), Crm.HUBSPOT: timedelta(minutes=90)}

News = set[tuple[Crm, str, str]]  # (CRM, object name, record id)
Fresh = dict[tuple[Crm, str], Record]  # what the gathering read already, by record


def gather(jobs: Sequence[Job]) -> Fresh:
    """Write down, in slices, every record that may need something, and move the watermarks.

    Both in one transaction: what was read is either in a slice or will be read again. Returns
    the rows that came with values, so that the next steps need not read them anew.
    """
    run, clock = jobs[0].run, jobs[0].clock
    jobs = [job for job in jobs if is_ready(job)]
    changes = {crm: _changes(jobs, crm) for crm in Crm} if jobs else {}
    for job in jobs:
        note_joined(job)
    fresh: Fresh = {}
    with transaction.atomic():
        if not run.gathered(clock()):
            return {}
        RecordChange.objects.give_up_gone(run.connection_id, clock())
        for job in jobs:
            follow(job, changes)
            news = _waiting(job)
            for crm in Crm:
                news |= _news(job, crm, changes[crm], fresh)
            news |= moved(job, changes[Crm.SALESFORCE])
            job.run.cut(job.object_type.slug, news)
            job.run.add(read=len(news))
            for crm in Crm:
                _advance(job, crm, changes[crm].until)
        for job in jobs:
            job.run.cut(job.object_type.slug, _to_delete(job), SyncSlice.Deed.DELETE)
    return fresh


def _to_delete(job: Job) -> News:
    """Return the HubSpot records whose Salesforce record was seen to be deleted by an earlier
    poll: this one knows whether something else bears their e-mail now."""
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug)
    due = links.to_delete(job.run.began_at).values_list("hubspot_id", flat=True)
    return {(Crm.HUBSPOT, job.object_type.hubspot, str(id)) for id in due}


def _changes(jobs: Sequence[Job], crm: Crm) -> Changes:
    overlap = (HOURLY_OVERLAP if jobs[0].run.is_first_of_its_hour else OVERLAP)[crm]
    asked = [
        Asked(name, _watermark(job, crm, name) - overlap, job.fields(crm, name))
        for job in jobs
        for name in job.objects(crm)
    ]
    for job in jobs:
        if crm is Crm.SALESFORCE and (found := is_on(job)) is not None:
            asked.append(asked_of(found, _watermark(job, crm, found.role) - overlap))
    return jobs[0].crms.of(crm).changed(asked)


def _watermark(job: Job, crm: Crm, object_name: str) -> datetime:
    """Return up to when an object was read. One that the object type has only now begins now."""
    return Watermark.objects.start(job.connection.pk, crm, object_name, job.run.began_at)


def _advance(job: Job, crm: Crm, until: datetime) -> None:
    found = is_on(job) if crm is Crm.SALESFORCE else None
    for name in (*job.objects(crm), *([found.role] if found else [])):
        Watermark.objects.advance(job.connection.pk, crm, name, until)


def _news(job: Job, crm: Crm, changes: Changes, fresh: Fresh) -> News:
    """Return the rows that their links do not know yet; remember the values of those."""
    rows = [
        (name, row)
        for name in job.objects(crm)
        for row in changes.rows.get(name, ())
        if not row.is_deleted and row.became is None
    ]
    links = _links(job, crm, [row.id for _, row in rows])
    left = _outside(job, crm, rows, links) | _buried(job, crm, [row.id for _, row in rows])
    news: News = set()
    for name, row in rows:
        link = links.get(row.id)
        if row.id in left:
            continue
        if _is_old(job, row) if link is None else _is_known(job, crm, row, link):
            continue
        news.add((crm, name, row.id))
        if row.record is not None:
            fresh[crm, row.id] = row.record
    return news


def _buried(job: Job, crm: Crm, ids: Sequence[str]) -> set[str]:
    """Return the ids of rows whose other half was deleted: nothing is done about them."""
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug).naming({crm: ids})
    tombstones = {str(link.record_id(crm)) for link in links.exclude(state__in=RecordLink.OPEN)}
    return tombstones - {str(link.record_id(crm)) for link in links.open()}


def _outside(
    job: Job,
    crm: Crm,
    rows: Sequence[tuple[str, ChangedRow]],
    links: Mapping[str, RecordLink],
) -> set[str]:
    """Return the ids of rows of which nothing flows: their HubSpot record is not in the segment."""
    if job.segment is None:
        return set()
    if crm is Crm.HUBSPOT:
        return job.segment.outsiders([row.id for _, row in rows])
    partners = {id: link.hubspot_id for id, link in links.items() if link.hubspot_id}
    outsiders = job.segment.outsiders(list(partners.values()))
    return {id for id, partner in partners.items() if partner in outsiders}


def _links(job: Job, crm: Crm, ids: Sequence[str]) -> Mapping[str, RecordLink]:
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug).open()
    return {str(link.record_id(crm)): link for link in links.naming({crm: ids})}


def _is_old(job: Job, row: ChangedRow) -> bool:
    """Tell whether an unlinked row changed before the object type was switched on: nothing is
    back-filled, and the overlap reaches back further. Salesforce's stamps are whole seconds."""
    return row.stamp < job.since.replace(microsecond=0)


def _is_known(job: Job, crm: Crm, row: ChangedRow, link: RecordLink) -> bool:
    """Tell whether the row shows nothing but what its link holds: an echo of our own write, a
    change of fields that are not mapped, or a row that was read before."""
    if row.stamp == link.stamp(crm):
        return True
    is_live = link.state == RecordLink.State.LIVE
    return is_live and row.record is not None and holds_agreed(job, crm, row.record, link)


def holds_agreed(job: Job, crm: Crm, record: Record, link: RecordLink) -> bool:
    """Tell whether every mapped field of a record holds what was agreed last."""
    agreed = link.agreed_values
    for mapping in job.mapped.get(link.salesforce_object, ()):
        field = mapping.of(crm)
        if field.name not in record.values or mapping.rule is SyncRule.DONT_SYNC:
            continue
        one = agreed.get(mapping.hubspot.name)
        if not is_remembered(record.values[field.name], one.of(crm) if one else None, field):
            return False
    return True


def _waiting(job: Job) -> News:
    """Return what is due without having changed: retries, pairs that changed while they were
    held, writes whose outcome nobody knows."""
    now = job.clock()
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug).open()
    doubtful = RecordChange.objects.unsettled().filter(
        link__connection=job.connection, link__object_type=job.object_type.slug
    )
    # A write in doubt is settled when its error is due: a CRM that does not answer is not asked
    # for the same record every minute. One that a dead worker left has no error yet.
    waiting = SyncError.objects.current(job.connection.pk).unanswered(job.object_type.slug, now)
    held = links.naming(
        {
            Crm.HUBSPOT: list(waiting.values_list("hubspot_id", flat=True)),
            Crm.SALESFORCE: list(waiting.values_list("salesforce_id", flat=True)),
        }
    )
    again = links.filter(look_again=True) | links.filter(
        pk__in=doubtful.filter(link__claim=None).values("link_id")
    ).exclude(pk__in=held.values("pk"))
    due = SyncError.objects.none()
    if job.connection.allocation.has_room_for_retries:
        due = SyncError.objects.current(job.connection.pk).due(job.object_type.slug, now)
    named = list(zip(*due.values_list("hubspot_id", "salesforce_id"), strict=True)) or [(), ()]
    again |= links.naming(dict(zip(Crm, named, strict=True)))
    return {
        (crm, job.object_of(crm, link), id)
        for link in again.only("hubspot_id", "salesforce_id", "salesforce_object")
        for crm in Crm
        if (id := link.record_id(crm))
    }
