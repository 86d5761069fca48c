"""Step 2: one pair, one worker (sync.md 3). The claim is the pair's RecordLink row."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sync_engine.core.values import Crm
from sync_engine.models import RecordChange, RecordLink, SyncSlice
from sync_engine.models.record_link import CLAIM
from sync_engine.runs.job import Job, Work


def claim(job: Job, slice_: SyncSlice) -> list[Work]:
    """Take the links of a slice's records, making one for a record that has none.

    What another worker holds is marked *look again* and left to it. A record whose link is a
    tombstone is left alone: only an admin's Sync makes its other half anew (sync.md 5).
    """
    if slice_.left_by is not None:
        let_go(slice_.left_by)
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug)
    ids = {crm: slice_.ids_in(crm) for crm in Crm}
    links.open().naming(ids).claim(slice_.holder, job.clock())
    _begin_links(job, slice_, ids)
    return _held(slice_)


def claim_tombstones(job: Job, slice_: SyncSlice) -> list[Work]:
    """Take the tombstones whose deletion is to be decided."""
    if slice_.left_by is not None:
        let_go(slice_.left_by)
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug)
    ids = {Crm.HUBSPOT: slice_.ids_in(Crm.HUBSPOT)}
    links.to_delete(job.run.began_at).naming(ids).claim(slice_.holder, job.clock())
    return _held(slice_)


def _held(slice_: SyncSlice) -> list[Work]:
    return [
        Work(token=slice_.holder, link=link, agreed=link.agreed_values)
        for link in RecordLink.objects.filter(claim=slice_.holder).order_by("pk")
    ]


def _begin_links(job: Job, slice_: SyncSlice, ids: dict[Crm, Sequence[str]]) -> None:
    """Pending, before any call: the unique constraints decide who may write."""
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug).naming(ids)
    linked = {
        (crm, id)
        for pair in links.values_list("hubspot_id", "salesforce_id")
        for crm, id in zip(Crm, pair, strict=True)
    }
    now, objects = job.clock(), slice_.object_names
    made_first = job.creates(Crm.SALESFORCE) or job.object_type.salesforce[0]
    RecordLink.objects.bulk_create(
        (
            RecordLink(
                connection=job.connection,
                object_type=job.object_type.slug,
                hubspot_id=id if crm is Crm.HUBSPOT else None,
                salesforce_id=id if crm is Crm.SALESFORCE else None,
                salesforce_object=objects[id] if crm is Crm.SALESFORCE else made_first,
                since=now,
                claim=slice_.holder,
                claimed_until=now + CLAIM,
            )
            for crm in Crm
            for id in ids[crm]
            if (crm, id) not in linked
        ),
        ignore_conflicts=True,
    )


def let_go(token: uuid.UUID) -> None:
    """Free what a token holds. Writes that were sent and never answered are in doubt; those that
    were only planned never happened."""
    changes = RecordChange.objects.filter(link__claim=token)
    changes.doubt()
    changes.withdraw()
    RecordLink.objects.all().release(token)
