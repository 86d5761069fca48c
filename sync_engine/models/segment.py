"""The inclusion segment of an object type: which HubSpot records sync at all (product.md 6.1)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import models, transaction

from sync_engine.models.connection import Connection
from sync_engine.models.record_link import RecordLink
from sync_engine.models.setting_change import SettingChange

EVERYBODY = "All records"


class SegmentQuerySet(models.QuerySet["Segment"]):
    def of(self, connection_id: int, object_type: str) -> Segment | None:
        """Return the segment of an object type; None where all records sync."""
        return self.filter(connection_id=connection_id, object_type=object_type).first()

    def stopped(self, connection_id: int) -> SegmentQuerySet:
        """Those whose object type waits for an admin."""
        return self.filter(connection_id=connection_id).exclude(stopped_because="").order_by("pk")

    @transaction.atomic
    def choose(
        self,
        connection_id: int,
        object_type: str,
        chosen: tuple[str, str] | None,
        *,
        seen: str,
        by: str,
        now: datetime,
    ) -> None:
        """Let only the members of a segment sync, or everybody.

        chosen  HubSpot's id of the list and its name; None for everybody
        seen    the id of the list that the admin saw chosen; "" for everybody
        Choosing pushes nobody: who is a member now syncs with the next trigger (product.md 6.1).
        What happened to the values of those outside was not seen: their baseline is stale.
        Raises ChangedMeanwhile where another list is chosen by now.
        """
        before = self._locked(connection_id, object_type, seen)
        if chosen is None and before is None:
            return
        if before is not None:
            links = RecordLink.objects.of(connection_id, object_type)
            links.exclude(hubspot_id__in=before.members.values("hubspot_id")).update(since=now)
            before.delete()
        if chosen is not None:
            self.create(
                connection_id=connection_id,
                object_type=object_type,
                list_id=chosen[0],
                name=chosen[1],
            )
        SettingChange.objects.create(
            connection_id=connection_id,
            at=now,
            by=by,
            what=changes_of(object_type),
            before=before.name if before else EVERYBODY,
            after=chosen[1] if chosen else EVERYBODY,
        )

    @transaction.atomic
    def go_on(
        self, connection_id: int, object_type: str, *, seen: str, by: str, now: datetime
    ) -> None:
        """An admin saw that nobody is in the segment, and keeps it.

        seen: as choose takes it. Raises ChangedMeanwhile as choose does, and where somebody is in
        it by now, or it is not there.
        """
        segment = self._locked(connection_id, object_type, seen)
        if segment is None or not segment.is_empty:
            raise Segment.ChangedMeanwhile
        segment.stopped_because, segment.may_be_empty = "", True
        segment.save(update_fields=["stopped_because", "may_be_empty"])
        SettingChange.objects.create(
            connection_id=connection_id,
            at=now,
            by=by,
            what=changes_of(object_type),
            before=segment.name,
            after=f"{segment.name}, with nobody in it",
        )

    def _locked(self, connection_id: int, object_type: str, seen: str) -> Segment | None:
        """Return the segment while nobody else chooses one; raises ChangedMeanwhile."""
        Connection.objects.select_for_update(no_key=True).get(pk=connection_id)
        segment = self.of(connection_id, object_type)
        if (segment.list_id if segment else "") != seen:
            raise Segment.ChangedMeanwhile
        return segment


def changes_of(object_type: str) -> str:
    """Return what the settings history calls the choice."""
    return f"Inclusion segment of {object_type}"


class Segment(models.Model):
    """cursor: up to where HubSpot's list of who joined was read."""

    class ChangedMeanwhile(Exception):
        """Somebody else chose another segment since the admin looked."""

    connection = models.ForeignKey("sync_engine.Connection", on_delete=models.CASCADE)
    object_type = models.SlugField()
    list_id = models.CharField(max_length=32)
    name = models.CharField(max_length=255)
    cursor = models.CharField(max_length=255, blank=True)
    read_at = models.DateTimeField(null=True)  # when all members were read last; null: not yet
    stopped_because = models.TextField(blank=True)  # a sentence for the admin; "" = it works
    is_empty = models.BooleanField(default=False)  # HubSpot named nobody when it was read last
    may_be_empty = models.BooleanField(default=False)  # an admin saw that it is, and said go on

    objects = SegmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "object_type"],
                name="an_object_type_has_one_inclusion_segment",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_chosen(self) -> bool:
        """Whether it still is: an admin may have chosen another one meanwhile."""
        return Segment.objects.filter(pk=self.pk).exists()

    def outsiders(self, ids: Collection[str]) -> set[str]:
        """Return those of the HubSpot ids that are not in the segment."""
        inside = self.members.filter(hubspot_id__in=ids)
        return set(ids) - set(inside.values_list("hubspot_id", flat=True))

    def add(self, ids: Collection[str]) -> set[str]:
        """Write down who joined; return those who are new."""
        new = self.outsiders(ids)
        SegmentMember.objects.bulk_create(
            (SegmentMember(segment=self, hubspot_id=id) for id in new),
            batch_size=5000,
            ignore_conflicts=True,
        )
        return new

    def keep_only(self, ids: Collection[str]) -> None:
        """Forget who left."""
        left = set(self.members.values_list("hubspot_id", flat=True)) - set(ids)
        self.members.filter(hubspot_id__in=left).delete()

    def stop(self, because: str) -> None:
        """Sync nothing of the object type until an admin has looked."""
        if self.stopped_because != because:
            self.stopped_because = because
            Segment.objects.filter(pk=self.pk).update(
                stopped_because=because, is_empty=self.is_empty
            )


class SegmentMember(models.Model):
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="members")
    hubspot_id = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment", "hubspot_id"], name="a_record_is_in_a_segment_once"
            )
        ]

    def __str__(self) -> str:
        return self.hubspot_id
