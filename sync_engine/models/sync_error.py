"""Something that keeps one record's data back, still true now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.db.models import Count, Min, Q

from sync_engine.core import error_types


class ErrorCard(NamedTuple):
    """The current errors of one category. next_retry: None if some of them wait for an admin."""

    category: str
    errors: int
    records: int
    next_retry: datetime | None


class SyncErrorQuerySet(models.QuerySet["SyncError"]):
    def current(self, connection_id: int) -> SyncErrorQuerySet:
        return self.filter(connection_id=connection_id, closed_at=None)

    def closed_before(self, at: datetime) -> SyncErrorQuerySet:
        return self.filter(closed_at__lt=at)

    def about(self, object_type: str, keys: Collection[str]) -> SyncErrorQuerySet:
        """keys: as record_key is written."""
        return self.filter(object_type=object_type, record_key__in=keys)

    def close(self, now: datetime) -> None:
        self.update(closed_at=now, next_retry=None)

    def due(self, object_type: str, now: datetime) -> SyncErrorQuerySet:
        return self.filter(object_type=object_type, next_retry__lte=now)

    def unanswered(self, object_type: str, now: datetime) -> SyncErrorQuerySet:
        """Those of records whose CRM did not answer, and that are to wait a little longer."""
        return self.filter(
            object_type=object_type, type=error_types.TEMPORARY.slug, next_retry__gt=now
        )

    def held_by_brake(self, object_type: str, crm: str, kind: str) -> SyncErrorQuerySet:
        return self.filter(
            object_type=object_type, crm=crm, type=error_types.HELD_BY_BRAKE.slug, code=kind
        )

    def by_category(self) -> list[ErrorCard]:
        """Return one card per category that has errors, most records first. One query."""
        rows = self.values_list("category").annotate(
            errors=Count("pk"),
            records=Count("record_key", distinct=True),
            waiting=Count("pk", filter=Q(next_retry=None)),
            next_retry=Min("next_retry"),
        )
        cards = [
            ErrorCard(category, errors, records, None if waiting else next_retry)
            for category, errors, records, waiting, next_retry in rows
        ]
        return sorted(cards, key=lambda card: card.records, reverse=True)


class SyncError(models.Model):
    """category and type are slugs of core.errors; fields: [{"crm", "name", "value"}, ...]."""

    connection = models.ForeignKey("sync_engine.Connection", on_delete=models.CASCADE)
    object_type = models.SlugField()
    crm = models.CharField(max_length=10)  # the CRM that refused, or that holds the culprit
    record_key = models.CharField(max_length=48)  # "hubspot:501": HubSpot's id where there is one
    hubspot_id = models.CharField(max_length=32, blank=True)
    salesforce_id = models.CharField(max_length=18, blank=True)
    record_name = models.CharField(max_length=255, blank=True)  # name or e-mail, to recognise it
    category = models.SlugField()
    type = models.SlugField()
    code = models.CharField(max_length=128, blank=True)
    message = models.TextField(blank=True)  # the CRM's own words
    fields = models.JSONField(default=list)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    tries = models.PositiveIntegerField(default=1)
    next_retry = models.DateTimeField(null=True)  # None: it waits for somebody
    closed_at = models.DateTimeField(null=True)

    objects = SyncErrorQuerySet.as_manager()

    class Meta:
        ordering = ["-last_seen", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "object_type", "record_key", "crm", "type"],
                condition=Q(closed_at=None),
                name="one_open_error_per_record_direction_and_type",
            )
        ]
        indexes = [
            models.Index(
                fields=["connection", "next_retry"],
                condition=Q(closed_at=None),
                name="errors_due_for_a_retry",
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} of {self.record_key}"
