"""Salesforce records that were deleted or merged away: what becomes of their links (sync.md 5)."""

from __future__ import annotations

from sync_engine.core.values import Crm
from sync_engine.crms.base import ChangedRow, Changes
from sync_engine.models import RecordLink
from sync_engine.models.record_link import RecordLinkQuerySet
from sync_engine.runs.job import Job


def follow_gone(job: Job, changes: Changes) -> None:
    """A merged record's link moves to the survivor. A deleted one's becomes a tombstone: its
    HubSpot record neither loses anything nor gets a second Salesforce record."""
    for name in job.objects(Crm.SALESFORCE):
        gone = [row for row in changes.rows.get(name, ()) if row.is_deleted]
        for row in gone:
            if row.merged_into:
                _re_point(job, row, row.merged_into)
        deleted = [row.id for row in gone if not row.merged_into]
        _live(job, deleted).update(state=RecordLink.State.GONE_IN_SALESFORCE)


def _re_point(job: Job, row: ChangedRow, survivor: str) -> None:
    """A survivor that has a partner keeps it. What happened to the values meanwhile was not seen:
    the baseline is stale."""
    links = _live(job, [row.id])
    if _live(job, [survivor]).exists():
        links.update(state=RecordLink.State.MERGED_AWAY)
        return
    lone = RecordLink.objects.of(job.connection.pk, job.object_type.slug).open()
    if links.exists():
        lone.filter(salesforce_id=survivor, hubspot_id=None).delete()
    links.update(salesforce_id=survivor, since=job.clock(), look_again=True)


def _live(job: Job, salesforce_ids: list[str]) -> RecordLinkQuerySet:
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug)
    return links.filter(state=RecordLink.State.LIVE, salesforce_id__in=salesforce_ids)
