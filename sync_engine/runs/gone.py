"""Salesforce records that were deleted or merged away: what becomes of their links (sync.md 5)."""

from __future__ import annotations

from sync_engine.core.values import Crm
from sync_engine.crms.base import ChangedRow, Changes
from sync_engine.models import RecordLink, SyncError
from sync_engine.models.record_link import RecordLinkQuerySet
from sync_engine.runs.job import Job


def follow_gone(job: Job, changes: Changes) -> None:
    """A merged record's link moves to the survivor. A deleted one's becomes a tombstone: its
    HubSpot record neither loses anything nor gets a second Salesforce record."""
    for name in job.objects(Crm.SALESFORCE):
        rows = changes.rows.get(name, ())
        _revive(job, [row.id for row in rows if not row.is_deleted])
        gone = [row for row in rows if row.is_deleted]
        for row in gone:
            if row.merged_into:
                _re_point(job, row, row.merged_into)
        deleted = [row.id for row in gone if not row.merged_into]
        _bury(job, _live(job, deleted), RecordLink.State.GONE_IN_SALESFORCE)


def _re_point(job: Job, row: ChangedRow, survivor: str) -> None:
    """A survivor that has a partner keeps it. What happened to the values meanwhile was not seen:
    the baseline is stale."""
    links = _live(job, [row.id])
    if _live(job, [survivor]).exists():
        _bury(job, links, RecordLink.State.MERGED_AWAY)
        return
    lone = RecordLink.objects.of(job.connection.pk, job.object_type.slug).open()
    if links.exists():
        lone.filter(salesforce_id=survivor, hubspot_id=None).delete()
    links.update(salesforce_id=survivor, since=job.clock(), look_again=True)


def _bury(job: Job, links: RecordLinkQuerySet, state: RecordLink.State) -> None:
    """Make tombstones of links. What kept their records back is over: nothing of them syncs."""
    ids = links.values_list("hubspot_id", "salesforce_id")
    keys = [f"{crm}:{id}" for pair in ids for crm, id in zip(Crm, pair, strict=True)]
    SyncError.objects.current(job.connection.pk).filter(
        object_type=job.object_type.slug, record_key__in=keys
    ).update(closed_at=job.clock(), next_retry=None)
    links.update(state=state)


def _revive(job: Job, ids: list[str]) -> None:
    """A record came back from the recycle bin: its link lives again, unless its partner has
    another by now. What happened to the values meanwhile was not seen: the baseline is stale."""
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug)
    for link in links.filter(state=RecordLink.State.GONE_IN_SALESFORCE, salesforce_id__in=ids):
        both = {crm: [str(link.record_id(crm))] for crm in Crm}
        if not links.open().naming(both).exists():
            links.filter(pk=link.pk).update(
                state=RecordLink.State.LIVE, since=job.clock(), look_again=True
            )


def _live(job: Job, salesforce_ids: list[str]) -> RecordLinkQuerySet:
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug)
    return links.filter(state=RecordLink.State.LIVE, salesforce_id__in=salesforce_ids)
