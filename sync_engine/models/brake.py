"""How many risky writes went out lately, and which kind is stopped until somebody looks."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction
from django.db.models import Sum

from sync_engine.core.brakes import WINDOW, BrakeKind
from sync_engine.core.values import Crm


class BrakeQuerySet(models.QuerySet["Brake"]):
    @transaction.atomic
    def reserve(
        self,
        connection_id: int,
        object_type: str,
        crm: Crm,
        kind: BrakeKind,
        count: int,
        *,
        most: int,
        now: datetime,
    ) -> bool:
        """Reserve `count` writes of one kind; False, and nothing reserved, where that would be
        more than `most` in 24 hours, or where this kind is stopped already."""
        brake, _ = self.select_for_update().get_or_create(
            connection_id=connection_id,
            object_type=object_type,
            crm=crm.value,
            kind=kind.value,
            defaults={"let_through_from": now - WINDOW},
        )
        if brake.stopped_at:
            return False
        since = max(brake.let_through_from, now - WINDOW)
        used = brake.tallies.filter(at__gte=since).aggregate(n=Sum("count"))["n"] or 0
        if used + count > most:
            return False
        BrakeTally.objects.create(brake=brake, at=now, count=count)
        return True


class Brake(models.Model):
    """One kind of write to one CRM for one object type (sync.md 6)."""

    connection = models.ForeignKey("sync_engine.Connection", on_delete=models.CASCADE)
    object_type = models.SlugField()
    crm = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)
    stopped_at = models.DateTimeField(null=True)
    held_back = models.PositiveIntegerField(default=0)
    examples = models.JSONField(default=list)  # up to ten names of records, for the admin
    let_through_from = models.DateTimeField()  # an admin said "go on": count from here

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

    def stop(self, held_back: int, examples: list[str], now: datetime) -> None:
        self.stopped_at, self.held_back, self.examples = now, held_back, examples[:10]
        self.save(update_fields=["stopped_at", "held_back", "examples"])

    def go_on(self, now: datetime) -> None:
        """An admin looked and lets them through: counting begins anew."""
        self.stopped_at, self.held_back, self.examples, self.let_through_from = None, 0, [], now
        self.save(update_fields=["stopped_at", "held_back", "examples", "let_through_from"])


class BrakeTally(models.Model):
    brake = models.ForeignKey(Brake, on_delete=models.CASCADE, related_name="tallies")
    at = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["brake", "at"], name="brake_tallies_by_time")]

    def __str__(self) -> str:
        return f"{self.count} at {self.at:%H:%M}"
