"""What we are about to write to a record, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

# So long a write of unknown outcome may still land: what it wrote is ours, not an edit.
DOUBT = timedelta(minutes=15)


class RecordChangeQuerySet(models.QuerySet["RecordChange"]):
    def unsettled(self) -> RecordChangeQuerySet:
        """Those of which nobody knows whether the CRM took them."""
        return self.filter(state__in=[RecordChange.State.SENT, RecordChange.State.IN_DOUBT])

    def over_before(self, at: datetime) -> RecordChangeQuerySet:
        """Those that were planned before `at`, and whose end is known."""
        return self.filter(state__in=RecordChange.OVER, planned_at__lt=at)

    def done_since(self, at: datetime) -> RecordChangeQuerySet:
        return self.filter(state=RecordChange.State.DONE, closed_at__gte=at)

    def doubt(self) -> None:
        self.filter(state=RecordChange.State.SENT).update(state=RecordChange.State.IN_DOUBT)

    def give_up_gone(self, connection_id: int, now: datetime) -> None:
        """Withdraw what is still in doubt of links that are open no more, once it cannot land."""
        gone = self.unsettled().filter(link__connection=connection_id, sent_at__lt=now - DOUBT)
        gone = gone.exclude(link__state__in=["pending", "live"])
        gone.update(state=RecordChange.State.WITHDRAWN, closed_at=now)

    def withdraw(self) -> None:
        self.filter(state=RecordChange.State.PLANNED).update(state=RecordChange.State.WITHDRAWN)

    def hand_over(self, heirs: Mapping[int, int]) -> None:
        """Keep the history of links that give way to others. heirs: {link: the one that stays}"""
        changes = list(self.filter(link__in=heirs))
        for change in changes:
            change.link_id = heirs[change.link_id]
        self.bulk_update(changes, ["link"], batch_size=500)

    def send(self, changes: list[RecordChange], now: datetime) -> None:
        """Mark as sent, right before the call that carries them."""
        for change in changes:
            change.state, change.sent_at = RecordChange.State.SENT, now
        self.filter(pk__in=[change.pk for change in changes]).update(
            state=RecordChange.State.SENT, sent_at=now
        )

    def close(self, changes: list[RecordChange], now: datetime) -> None:
        """Write down what came of them; in doubt stays open."""
        for change in changes:
            if change.state != RecordChange.State.IN_DOUBT:
                change.closed_at = now
        self.bulk_update(changes, ["state", "closed_at", "record_id"], batch_size=500)


class RecordChange(models.Model):
    """One row per record and write, written before the call and closed after it.

    fields  {target field: {"old": …, "new": …, "from": …, "property": …, "rule": …,
            "reason": …, "setting": …, "times": […]}}: changed fields only; old, new and from (what the
            other CRM held) as spelled values, setting: the SettingChange that set the rule;
            "erased": true where the values were removed (sync.md 7)
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        SENT = "sent", "Sent"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"
        IN_DOUBT = "in_doubt", "In doubt"
        WITHDRAWN = "withdrawn", "Withdrawn"

    OVER = ("done", "refused", "withdrawn")

    class Kind(models.TextChoices):
        CREATE = "create", "Created"
        UPDATE = "update", "Updated"
        DELETE = "delete", "Deleted"
        OPT_OUT = "opt_out", "Opted out"

    run = models.ForeignKey("sync_engine.SyncRun", on_delete=models.SET_NULL, null=True)
    link = models.ForeignKey(
        "sync_engine.RecordLink", on_delete=models.CASCADE, related_name="changes"
    )
    crm = models.CharField(max_length=10)  # the CRM that is written to
    object_name = models.CharField(max_length=255)
    record_id = models.CharField(max_length=32, blank=True)  # "" until it is created
    kind = models.CharField(max_length=10, choices=Kind.choices)
    fields = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    planned_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = RecordChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-planned_at", "-pk"]
        indexes = [
            models.Index(
                fields=["link"],
                condition=Q(state__in=["sent", "in_doubt"]),
                name="changes_to_be_settled",
            ),
            models.Index(fields=["link", "-planned_at"], name="changes_of_a_record"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.crm} {self.object_name} {self.record_id}: {self.state}"
