"""What a CRM let its connected user do when it was last asked: setup checks follow from it."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from sync_engine.core.checks import Granted
from sync_engine.core.error_types import ERROR_TYPES
from sync_engine.core.errors import Problem
from sync_engine.core.values import Crm


class GrantQuerySet(models.QuerySet["Grant"]):
    def keep(
        self, connection_id: int, crm: Crm, answer: Granted | Problem, asked_at: datetime
    ) -> None:
        """Remember an answer, a refusal too; the one before is forgotten."""
        self.update_or_create(
            connection_id=connection_id,
            crm=crm.value,
            defaults={"asked_at": asked_at, **_columns(answer)},
        )


class Grant(models.Model):
    connection = models.ForeignKey("sync_engine.Connection", on_delete=models.CASCADE)
    crm = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    rights = models.JSONField(null=True)  # [name, ...]; None where the CRM does not say
    on_objects = models.JSONField(default=dict)  # {object name: [verb, ...]}
    edition = models.CharField(max_length=64, blank=True)
    syncs_elsewhere = models.BooleanField(default=False)
    refused_type = models.SlugField(blank=True)  # of the error; "" = it answered
    refused_because = models.TextField(blank=True)  # the CRM's own words

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "crm"], name="one_grant_per_connection_and_crm"
            )
        ]

    def __str__(self) -> str:
        return f"What {self.crm} grants connection {self.connection_id}"

    @property
    def answer(self) -> Granted | Problem:
        if self.refused_type:
            type_ = ERROR_TYPES[self.refused_type]
            return Problem(Crm(self.crm), type_, message=self.refused_because)
        return Granted(
            None if self.rights is None else frozenset(self.rights),
            {name: frozenset(verbs) for name, verbs in self.on_objects.items()},
            self.edition,
            self.syncs_elsewhere,
        )


def _columns(answer: Granted | Problem) -> dict[str, object]:
    if isinstance(answer, Problem):
        return {"refused_type": answer.type.slug, "refused_because": answer.message}
    return {
        "rights": None if answer.rights is None else sorted(answer.rights),
        "on_objects": {name: sorted(verbs) for name, verbs in answer.objects.items()},
        "edition": answer.edition,
        "syncs_elsewhere": answer.syncs_elsewhere,
        "refused_type": "",
        "refused_because": "",
    }
