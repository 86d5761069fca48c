"""Whether an object type is on, and the admin's answers to its policies."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from sync_engine.core.catalog import ObjectType


class ObjectSettingsQuerySet(models.QuerySet["ObjectSettings"]):
    def seed(self, connection_id: int, object_type: ObjectType, now: datetime) -> None:
        """Create the row of an object type, on where it always is. Safe to run again."""
        self.get_or_create(
            connection_id=connection_id,
            object_type=object_type.slug,
            defaults={"is_on": object_type.always_on, "since": now},
        )


class ObjectSettings(models.Model):
    connection = models.ForeignKey("sync_engine.Connection", on_delete=models.CASCADE)
    object_type = models.SlugField()
    is_on = models.BooleanField(default=False)
    since = models.DateTimeField()  # switched on: agreed values older than this are stale
    answers = models.JSONField(default=dict, blank=True)  # {policy name: choice name}
    version = models.PositiveIntegerField(default=0)  # counts saves: two admins, one form

    objects = ObjectSettingsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "object_type"],
                name="one_settings_row_per_connection_and_object_type",
            )
        ]

    def __str__(self) -> str:
        return f"{self.object_type} of connection {self.connection_id}"

    def answers_to(self, object_type: ObjectType) -> dict[str, str]:
        """Return the choice in effect for every policy: the admin's, else the default."""
        return {
            policy.name: self.answers.get(policy.name, policy.default)
            for policy in object_type.policies
        }
