"""How many risky writes went out lately, and which kind is stopped until somebody looks."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction
from django.db.models import F, Sum, Value
from django.db.models.functions import Coalesce

from sync_engine.core.brakes import WINDOW, BrakeKind
from sync_engine.core.values import Crm
from sync_engine.models.record_link import RecordLink
from sync_engine.models.sync_error import SyncError


class BrakeQuerySet(models.QuerySet["Brake"]):
    def of(
        self, connection_id: int, object_type: str, crm: Crm, kind: BrakeKind, now: datetime
    ) -> Brake:
        """Return the brake on one kind of write, made when it is first needed."""
        brake, _ = self.get_or_create(
            connection_id=connection_id,
            object_type=object_type,
            crm=crm.value,
            kind=kind.value,
            defaults={"counted_from": now - WINDOW},
        )
        return brake

    def stopped(self, connection_id: int) -> BrakeQuerySet:
        return self.filter(connection_id=connection_id, stopped_at__isnull=False)


class Brake(models.Model):
    """One kind of write to one CRM for one object type (sync.md 6)."""

    connection = models.ForeignKey("sync_engine.Connection", on_delete=models.CASCADE)
    object_type = models.SlugField()
    crm = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)
    stopped_at = models.DateTimeField(null=True)
    held_back = models.PositiveIntegerField(default=0)
    examples = models.JSONField(default=list)  # up to ten names of records, for the admin
    counted_from = models.DateTimeField()  # an admin said "go on": count from here
    let_through = models.PositiveIntegerField(default=0)  # and so many more than usual may pass

    objects = BrakeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "object_type", "crm", "kind"],
                name="one_brake_per_object_type_direction_and_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.object_type} in {self.crm}"

    @transaction.atomic
    def reserve(self, count: int, *, most: int, now: datetime) -> bool:
        """Reserve `count` writes; False, and nothing reserved, where that would be more than
        `most` in 24 hours, or where the brake is on already."""
        row = Brake.objects.select_for_update().get(pk=self.pk)
        if row.stopped_at:
            return False
        since = max(row.counted_from, now - WINDOW)
        used = row.tallies.filter(at__gte=since).aggregate(n=Sum("count"))["n"] or 0
        if used + count > most + (row.let_through if row.counted_from > now - WINDOW else 0):
            return False
        BrakeTally.objects.create(brake=row, at=now, count=count)
        return True

    def give_back(self, count: int) -> None:
        """Take back reservations of writes that did not go out after all."""
        latest = self.tallies.filter(count__gte=count).order_by("-pk").values("pk")[:1]
        BrakeTally.objects.filter(pk__in=latest).update(count=F("count") - count)

    def stop(self, held_back: int, examples: list[str], now: datetime) -> None:
        """Put the brake on, or add to what it holds back."""
        Brake.objects.filter(pk=self.pk).update(
            stopped_at=Coalesce("stopped_at", Value(now)), held_back=F("held_back") + held_back
        )
        Brake.objects.filter(pk=self.pk, examples=[]).update(examples=examples[:10])

    @transaction.atomic
    def go_on(self, now: datetime) -> None:
        """An admin looked: what is held back goes out with the next sync, and counting begins
        anew for the rest."""
        held = SyncError.objects.current(self.connection_id).held_by_brake(
            self.object_type, self.crm, self.kind
        )
        self.let_through = held.update(next_retry=now)
        if self.kind == BrakeKind.DELETE:
            links = RecordLink.objects.of(self.connection_id, self.object_type)
            links.filter(delete_after__isnull=False).update(delete_after=now)
        self.stopped_at, self.held_back, self.examples, self.counted_from = None, 0, [], now
        self.save(
            update_fields=["let_through", "stopped_at", "held_back", "examples", "counted_from"]
        )


class BrakeTally(models.Model):
    brake = models.ForeignKey(Brake, on_delete=models.CASCADE, related_name="tallies")
    at = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["brake", "at"], name="brake_tallies_by_time")]

    def __str__(self) -> str:
        return f"{self.count} at {self.at:%H:%M}"
