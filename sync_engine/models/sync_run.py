"""One pass over what changed, which is cut into slices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Greatest

from sync_engine.core.values import Crm
from sync_engine.models.sync_slice import LEASE, SyncSlice

# "Slices of at most 2,000 ids": one collections retrieve of Salesforce.
SLICE_SIZE = 2000


class SyncRunQuerySet(models.QuerySet["SyncRun"]):
    def begin_poll(self, connection_id: int, now: datetime) -> SyncRun | None:
        """Open a poll, or return None if this connection has one open already.

        The database decides, so two workers that ask at once cannot both get it.
        """
        try:
            with transaction.atomic():
                return self.create(
                    connection_id=connection_id,
                    kind=SyncRun.Kind.POLL,
                    began_at=now,
                    leased_until=now + LEASE,
                )
        except IntegrityError:
            return None

    def unfinished(self) -> SyncRunQuerySet:
        return self.filter(ended_at=None)

    def paused_of(self, connection_id: int) -> SyncRun | None:
        return (
            self.unfinished()
            .filter(connection_id=connection_id, state=SyncRun.State.PAUSED)
            .first()
        )

    def abandoned(self, now: datetime) -> SyncRunQuerySet:
        """Those whose worker fell silent before it had written down what they are about."""
        return self.unfinished().filter(
            state=SyncRun.State.RUNNING, gathered_at=None, leased_until__lt=now
        )

    def waiting_for_workers(self, now: datetime) -> SyncRunQuerySet:
        """Those that nobody works on: a slice of theirs is free, or all are done and their worker
        did not live to say so."""
        left = SyncSlice.objects.unfinished().filter(run=OuterRef("pk"))
        return self.unfinished().filter(
            Exists(left.free(now)) | ~Exists(left),
            state=SyncRun.State.RUNNING,
            gathered_at__isnull=False,
        )


class SyncRun(models.Model):
    """A paused run is not over: its slices wait, and the next beat goes on with them."""

    class Kind(models.TextChoices):
        POLL = "poll", "Poll"

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        PAUSED = "paused", "Paused"
        FAILED = "failed", "Failed"

    connection = models.ForeignKey("sync_engine.Connection", on_delete=models.CASCADE)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)  # why it paused or failed, for the admin
    leased_until = models.DateTimeField()  # while it gathers: its worker is alive
    gathered_at = models.DateTimeField(null=True)  # what it is about is written down in slices

    read = models.PositiveIntegerField(default=0)
    created_in_hubspot = models.PositiveIntegerField(default=0)
    created_in_salesforce = models.PositiveIntegerField(default=0)
    deleted_in_hubspot = models.PositiveIntegerField(default=0)
    updated_in_hubspot = models.PositiveIntegerField(default=0)
    updated_in_salesforce = models.PositiveIntegerField(default=0)
    # How long after the deciding read a write was sent, at most: what a person edits in between is
    # raced (sync.md 8).
    raced_for = models.DurationField(default=timedelta)
    skipped = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    hubspot_calls = models.PositiveIntegerField(default=0)
    salesforce_calls = models.PositiveIntegerField(default=0)

    objects = SyncRunQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection"],
                condition=Q(kind="poll", ended_at=None),
                name="one_open_poll_per_connection",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["running", "paused"], ended_at=None)
                | Q(state__in=["done", "failed"], ended_at__isnull=False),
                name="a_run_has_an_end_once_it_is_over",
            ),
        ]
        indexes = [models.Index(fields=["connection", "-began_at"], name="runs_latest_first")]

    def __str__(self) -> str:
        return f"{self.kind} of connection {self.connection_id} at {self.began_at:%Y-%m-%d %H:%M}"

    @property
    def written_to_hubspot(self) -> int:
        return self.created_in_hubspot + self.updated_in_hubspot + self.deleted_in_hubspot

    @property
    def written_to_salesforce(self) -> int:
        return self.created_in_salesforce + self.updated_in_salesforce

    @property
    def is_first_of_its_hour(self) -> bool:
        """Whether no run of this connection has gathered in this clock hour yet."""
        hour = self.began_at.replace(minute=0, second=0, microsecond=0)
        earlier = SyncRun.objects.filter(connection_id=self.connection_id, gathered_at__gte=hour)
        return not earlier.exclude(pk=self.pk).exists()

    @property
    def took(self) -> timedelta | None:
        return self.ended_at - self.began_at if self.ended_at else None

    def cut(
        self, object_type: str, records: Iterable[tuple[Crm, str, str]], deed: str = "sync"
    ) -> None:
        """Write down which records this run is about, in slices of one object type.

        records  (CRM, object name, id)
        """
        ordered = sorted(set(records))
        SyncSlice.objects.bulk_create(
            SyncSlice(
                run=self,
                object_type=object_type,
                deed=deed,
                ids=ordered[start : start + SLICE_SIZE],
            )
            for start in range(0, len(ordered), SLICE_SIZE)
        )

    def add(self, **counts: int) -> None:
        """Add to the run's counters; several workers may do so at once."""
        SyncRun.objects.filter(pk=self.pk).update(
            **{name: F(name) + count for name, count in counts.items()}
        )

    def sent_after(self, age: timedelta) -> None:
        """Remember how old the deciding read of a write was, if none was older."""
        SyncRun.objects.filter(pk=self.pk, raced_for__lt=age).update(raced_for=age)

    def renew(self, now: datetime) -> bool:
        """Say that its gathering goes on; False if the run was ended meanwhile."""
        return bool(
            SyncRun.objects.unfinished().filter(pk=self.pk).update(leased_until=now + LEASE)
        )

    def gathered(self, now: datetime) -> bool:
        """Close the gathering; False if the run was ended meanwhile, and nothing of it counts."""
        return bool(
            SyncRun.objects.unfinished()
            .filter(pk=self.pk, gathered_at=None)
            .update(gathered_at=now)
        )

    def pause(self, reason: str) -> None:
        SyncRun.objects.unfinished().filter(pk=self.pk).update(
            state=SyncRun.State.PAUSED, reason=reason
        )

    def go_on(self) -> None:
        SyncRun.objects.unfinished().filter(pk=self.pk).update(
            state=SyncRun.State.RUNNING, reason=""
        )

    def fail_ungathered(self, reason: str, now: datetime) -> None:
        """End a run that had not written down yet what it is about: the next one reads it all
        again, from the same watermarks. One that had goes on with its slices."""
        SyncRun.objects.unfinished().filter(pk=self.pk, gathered_at=None).update(
            state=SyncRun.State.FAILED, ended_at=Greatest(F("began_at"), Value(now)), reason=reason
        )

    def finish(self, now: datetime) -> bool:
        """End the run if all its slices are done; False if some are not."""
        if self.slices.filter(done_at=None).exists():
            return False
        SyncRun.objects.unfinished().filter(pk=self.pk).update(
            state=SyncRun.State.DONE, ended_at=Greatest(F("began_at"), Value(now)), reason=""
        )
        return True
