"""A part of a run that one worker does at a time."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import F, Q

from sync_engine.core.values import Crm

# A worker that has said nothing for so long is taken for dead (sync.md 3).
LEASE = timedelta(seconds=20)


class SyncSliceQuerySet(models.QuerySet["SyncSlice"]):
    def unfinished(self) -> SyncSliceQuerySet:
        return self.filter(done_at=None)

    def free(self, now: datetime) -> SyncSliceQuerySet:
        return self.filter(Q(leased_until=None) | Q(leased_until__lt=now))

    @transaction.atomic
    def claim_one(self, run_id: int, now: datetime) -> SyncSlice | None:
        """Take a slice nobody holds, or whose holder has fallen silent. Parents come first:
        slices are made in the catalog's order; one for which a CRM failed comes after the others,
        which may have nothing to do with it; deletions wait for all others to be done (sync.md
        3). `left_by` is the token of the silent one."""
        left = self.unfinished().filter(run_id=run_id)
        syncs = left.filter(deed=SyncSlice.Deed.SYNC)
        slice_ = (
            (syncs if syncs.exists() else left)
            .free(now)
            .select_for_update(skip_locked=True)
            .order_by("failures", "pk")
            .first()
        )
        if slice_ is None:
            return None
        slice_.left_by, slice_.token = slice_.token, uuid.uuid4()
        slice_.leased_until, slice_.tries = now + LEASE, slice_.tries + 1
        slice_.save(update_fields=["token", "leased_until", "tries"])
        return slice_


class SyncSlice(models.Model):
    """At most 2,000 records of one object type, held by one worker at a time."""

    class Deed(models.TextChoices):
        SYNC = "sync", "Bring records into agreement"
        DELETE = "delete", "Carry deletions over"

    run = models.ForeignKey("sync_engine.SyncRun", on_delete=models.CASCADE, related_name="slices")
    deed = models.CharField(max_length=10, choices=Deed.choices, default=Deed.SYNC)
    object_type = models.SlugField()
    ids = models.JSONField()  # [[crm, object name, record id], ...]
    token = models.UUIDField(null=True)  # fencing: who lost the lease writes nothing more
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)  # how often a CRM gave no answer for it
    done_at = models.DateTimeField(null=True)

    left_by: uuid.UUID | None = None  # who held it before us and fell silent

    objects = SyncSliceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["run"], condition=Q(done_at=None), name="slices_still_to_be_done")
        ]

    def __str__(self) -> str:
        return f"{len(self.ids)} {self.object_type} of run {self.run_id}"

    @property
    def holder(self) -> uuid.UUID:
        """The token of whoever claimed it."""
        if self.token is None:
            raise ValueError("Nobody has claimed this slice.")
        return self.token

    def ids_in(self, crm: Crm) -> Sequence[str]:
        return [id for owner, _, id in self.ids if owner == crm.value]

    @property
    def object_names(self) -> Mapping[str, str]:
        """Return {record id of either CRM: its object}."""
        return {id: object_name for _, object_name, id in self.ids}

    def renew(self, now: datetime) -> bool:
        """Say that we are alive; False if the slice was given to another worker meanwhile."""
        return bool(
            SyncSlice.objects.filter(pk=self.pk, token=self.token).update(leased_until=now + LEASE)
        )

    def give_back(self) -> None:
        """Let another worker, or a later beat, take it. Its claims are found by `left_by`."""
        SyncSlice.objects.filter(pk=self.pk, token=self.token).update(leased_until=None)

    def wait(self) -> None:
        """Give it back without counting the try: nothing is wrong with it."""
        SyncSlice.objects.filter(pk=self.pk, token=self.token).update(
            leased_until=None, tries=F("tries") - 1
        )

    def fail(self) -> None:
        """Give it back without counting the try: a CRM gave no answer. Others come first."""
        SyncSlice.objects.filter(pk=self.pk, token=self.token).update(
            leased_until=None, tries=F("tries") - 1, failures=F("failures") + 1
        )

    @transaction.atomic
    def halve(self, now: datetime) -> None:
        """Let two slices of half the records take its place. They fail no more than once."""
        half = len(self.ids) // 2
        if self.finish(now):
            SyncSlice.objects.bulk_create(
                SyncSlice(
                    run_id=self.run_id,
                    object_type=self.object_type,
                    deed=self.deed,
                    ids=ids,
                    tries=self.tries - 2,
                    failures=self.failures,
                )
                for ids in (self.ids[:half], self.ids[half:])
            )

    def finish(self, now: datetime) -> bool:
        """Close it; False if it was given to another worker meanwhile."""
        mine = SyncSlice.objects.filter(pk=self.pk, token=self.token)
        return bool(mine.update(done_at=now))
