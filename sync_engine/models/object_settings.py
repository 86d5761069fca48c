"""Whether an object type is on, and the admin's answers to its policies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import models, transaction

from sync_engine.core.catalog import ObjectType, Policy
from sync_engine.models.connection import Connection
from sync_engine.models.setting_change import SettingChange


class ObjectSettingsQuerySet(models.QuerySet["ObjectSettings"]):
    def seed(self, connection_id: int, object_type: ObjectType, now: datetime) -> None:
        """Create the row of an object type, on where it always is. Safe to run again.

        Where the org has another HubSpot account already, that one's new records are not made
        here too (product.md 3.2).
        """
        is_shared = Connection.objects.sharing_org_with(connection_id).exists()
        self.get_or_create(
            connection_id=connection_id,
            object_type=object_type.slug,
            defaults={
                "is_on": object_type.always_on,
                "since": now,
                "answers": {p.name: p.shared for p in object_type.policies if p.shared}
                if is_shared
                else {},
            },
        )


class ObjectSettings(models.Model):
    class ChangedMeanwhile(Exception):
        """Somebody else saved other answers since the admin looked."""

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

    @transaction.atomic
    def answer(
        self,
        object_type: ObjectType,
        answers: Mapping[str, str],
        *,
        seen: int,
        by: str,
        now: datetime,
    ) -> None:
        """Put the admin's answers in effect, each change of one kept with who and when.

        answers  {policy name: choice name}, a policy that is missing keeps its answer; seen: the
                 version that the admin looked at
        Raises ChangedMeanwhile where that is not the latest; these settings then hold the latest.
        """
        self.refresh_from_db(from_queryset=ObjectSettings.objects.select_for_update())
        if self.version != seen:
            raise self.ChangedMeanwhile
        before = self.answers_to(object_type)
        answers = {**before, **answers}
        changed = [p for p in object_type.policies if answers[p.name] != before[p.name]]
        if not changed:
            return
        SettingChange.objects.bulk_create(
            SettingChange(
                connection_id=self.connection_id,
                at=now,
                by=by,
                what=f"{object_type.label}: {policy.question}",
                before=_label(policy, before[policy.name]),
                after=_label(policy, answers[policy.name]),
            )
            for policy in changed
        )
        self.answers = answers
        self.version += 1
        self.save(update_fields=["answers", "version"])

    @transaction.atomic
    def switch(self, object_type: ObjectType, *, on: bool, by: str, now: datetime) -> None:
        """Let records of the type flow, from now on: nothing before is caught up (sync.md 3)."""
        if on == self.is_on:
            return
        SettingChange.objects.create(
            connection_id=self.connection_id,
            at=now,
            by=by,
            what=f"Sync {object_type.label.lower()}",
            before="On" if self.is_on else "Off",
            after="On" if on else "Off",
        )
        self.is_on = on
        if on:
            self.since = now
        self.save(update_fields=["is_on", "since"])


def _label(policy: Policy, name: str) -> str:
    return next(choice.label for choice in policy.choices if choice.name == name)
