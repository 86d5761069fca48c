"""Up to when one reader has read one CRM object."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Value
from django.db.models.functions import Greatest

from sync_engine.core.values import Crm


class WatermarkQuerySet(models.QuerySet["Watermark"]):
    def start(self, connection_id: int, crm: Crm, object_name: str, at: datetime) -> datetime:
        """Begin reading at `at`, unless reading has begun already; return up to when was read."""
        watermark, _ = self.get_or_create(
            connection_id=connection_id,
            crm=crm.value,
            object_name=object_name,
            defaults={"read_until": at},
        )
        return watermark.read_until

    def advance(self, connection_id: int, crm: Crm, object_name: str, to: datetime) -> None:
        """Move forward, never backwards: two readers may finish in either order."""
        self.filter(connection_id=connection_id, crm=crm.value, object_name=object_name).update(
            read_until=Greatest("read_until", Value(to))
        )


class Watermark(models.Model):
    connection = models.ForeignKey("sync_engine.Connection", on_delete=models.CASCADE)
    crm = models.CharField(max_length=10)
    object_name = models.CharField(max_length=255)
    read_until = models.DateTimeField()  # by the CRM's own clock

    objects = WatermarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "crm", "object_name"],
                name="one_watermark_per_connection_and_crm_object",
            )
        ]

    def __str__(self) -> str:
        return f"{self.crm} {self.object_name} until {self.read_until:%Y-%m-%d %H:%M:%S}"
