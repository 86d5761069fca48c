"""Calls an admin allows us per 24 hours, and calls made, minute by minute."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction
from django.db.models import F, Sum

from sync_engine.core.allocation import (
    ORG_IS_FULL_AT,
    ORG_TOLD,
    RETRIES_STOP_AT,
    WINDOW,
    AllocationSpent,
    Cause,
    ceiling,
    default_allocation,
)
from sync_engine.core.values import Crm
from sync_engine.models.connection import Connection
from sync_engine.models.setting_change import SettingChange


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def grant(self, connection_id: int, limited_by_salesforce: int, now: datetime) -> None:
        """Give a connection its share of the org's calls, unless it has one already."""
        free = limited_by_salesforce - self.of_others(connection_id)
        self.get_or_create(
            connection_id=connection_id,
            defaults={
                "allocated": max(1, min(free, default_allocation(limited_by_salesforce))),
                "limited_by_salesforce": limited_by_salesforce,
                # The whole minute counts: that is how its calls are tallied.
                "counted_from": now.replace(second=0, microsecond=0),
            },
        )

    def of_others(self, connection_id: int) -> int:
        """Return what is allocated to other connections of the same org."""
        others = Connection.objects.sharing_org_with(connection_id)
        total = self.filter(connection__in=others).aggregate(calls=Sum("allocated"))["calls"]
        return int(total or 0)

    def learn(self, connection_id: int, used: int, limit: int, now: datetime) -> None:
        """Write down what the org said of its own calls."""
        self.filter(connection_id=connection_id).update(
            org_used=used, limited_by_salesforce=limit, org_told_at=now
        )

    @transaction.atomic
    def reserve(self, connection_id: int, cause: Cause, now: datetime) -> None:
        """Count one Salesforce call; raises AllocationSpent, and counts nothing, if none is left.

        The counter row is the gate: two workers cannot both take the last call.
        """
        self._forget_old(connection_id, now)
        row = self.select_for_update().get(connection_id=connection_id)
        if row.org_is_full(now):
            raise AllocationSpent(
                f"The Salesforce org has used {row.org_used:,} of its {row.limited_by_salesforce:,} "
                "API calls. The last of them are left to other integrations."
            )
        taken = self.filter(
            connection_id=connection_id, used__lt=ceiling(row.allocated, cause)
        ).update(used=F("used") + 1)
        if not taken:
            raise AllocationSpent(
                f"{row.used:,} of {row.allocated:,} allocated Salesforce API calls are used."
            )
        ApiCalls.objects.tally(connection_id, Crm.SALESFORCE, cause, now)

    def _forget_old(self, connection_id: int, now: datetime) -> None:
        """Take minutes that left the 24 hours out of the counter, once a minute."""
        minute = now.replace(second=0, microsecond=0)
        row = self.select_for_update().get(connection_id=connection_id)
        if row.counted_from >= minute - WINDOW:
            return
        old = ApiCalls.objects.filter(
            connection_id=connection_id,
            crm=Crm.SALESFORCE.value,
            minute__gte=row.counted_from,
            minute__lt=minute - WINDOW,
        ).aggregate(calls=Sum("calls"))["calls"]
        row.used = max(0, row.used - (old or 0))
        row.counted_from = minute - WINDOW
        row.save(update_fields=["used", "counted_from"])


class Allocation(models.Model):
    class NotAllowed(Exception):
        """So many calls cannot be allocated. The message is for the admin."""

    connection = models.OneToOneField(
        "sync_engine.Connection", on_delete=models.CASCADE, related_name="allocation"
    )
    allocated = models.PositiveIntegerField()  # "Allocated to HubSpot", calls per rolling 24 h
    limited_by_salesforce = models.PositiveIntegerField()  # the org's own cap
    used = models.PositiveIntegerField(default=0)
    counted_from = models.DateTimeField()  # minutes before it are no longer in `used`
    org_used = models.PositiveIntegerField(default=0)  # by all integrations, as the org said
    org_told_at = models.DateTimeField(null=True)

    objects = AllocationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.used} of {self.allocated} calls of connection {self.connection_id}"

    def org_is_full(self, now: datetime) -> bool:
        """Whether so few calls of the whole org are left that no automatic work may take one. It
        is believed for a while; then a call is made that learns it anew."""
        is_news = self.org_told_at is not None and now < self.org_told_at + ORG_TOLD
        return is_news and self.org_used >= self.limited_by_salesforce * ORG_IS_FULL_AT

    @property
    def has_room_for_retries(self) -> bool:
        return self.used < self.allocated * RETRIES_STOP_AT

    @property
    def left(self) -> int:
        return max(0, self.allocated - self.used)

    @transaction.atomic
    def allocate(self, calls: int, *, by: str, now: datetime) -> None:
        """Allow so many calls per rolling 24 hours; raises NotAllowed beyond the org's own cap."""
        if not 1 <= calls <= self.limited_by_salesforce:
            raise self.NotAllowed(
                f"Salesforce allows {self.limited_by_salesforce:,}. "
                f"Enter a number from 1 to {self.limited_by_salesforce:,}."
            )
        others = Allocation.objects.of_others(self.connection_id)
        if calls + others > self.limited_by_salesforce:
            raise self.NotAllowed(
                f"Other connections of this org have {others:,} of its "
                f"{self.limited_by_salesforce:,}. Enter a number up to "
                f"{max(0, self.limited_by_salesforce - others):,}."
            )
        if calls == self.allocated:
            return
        SettingChange.objects.create(
            connection_id=self.connection_id,
            at=now,
            by=by,
            what=SettingChange.ALLOCATION,
            before=f"{self.allocated:,}",
            after=f"{calls:,}",
        )
        self.allocated = calls
        self.save(update_fields=["allocated"])


class ApiCallsQuerySet(models.QuerySet["ApiCalls"]):
    def tally(self, connection_id: int, crm: Crm, cause: Cause, now: datetime) -> None:
        """Count one call in its minute. Set-based: several workers count at once."""
        self.bulk_create(
            [
                ApiCalls(
                    connection_id=connection_id,
                    crm=crm.value,
                    cause=cause.value,
                    minute=now.replace(second=0, microsecond=0),
                    calls=0,
                )
            ],
            ignore_conflicts=True,
        )
        self.filter(
            connection_id=connection_id,
            crm=crm.value,
            cause=cause.value,
            minute=now.replace(second=0, microsecond=0),
        ).update(calls=F("calls") + 1)


class ApiCalls(models.Model):
    """Calls of one connection to one CRM for one cause in one minute."""

    connection = models.ForeignKey("sync_engine.Connection", on_delete=models.CASCADE)
    crm = models.CharField(max_length=10)
    cause = models.CharField(max_length=10)
    minute = models.DateTimeField()  # its first instant
    calls = models.PositiveIntegerField(default=0)

    objects = ApiCallsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "minute", "crm", "cause"],
                name="one_tally_per_minute_and_cause",
            )
        ]

    def __str__(self) -> str:
        return f"{self.calls} {self.crm} calls for {self.cause} at {self.minute:%H:%M}"
