"""Taking over the links that HubSpot's own integration left: how far it is, what came of it."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q

from sync_engine.core.adoption import Verdict

LEASE = timedelta(minutes=2)  # longer than a slice takes
MOST_EXAMPLES = 10


class AdoptionQuerySet(models.QuerySet["Adoption"]):
    def begin(self, connection_id: int, now: datetime) -> None:
        """Begin, or begin anew where it has ended; one that goes on is left alone."""
        adoption, is_new = self.get_or_create(
            connection_id=connection_id, defaults={"began_at": now}
        )
        if not is_new and adoption.ended_at is not None:
            adoption.delete()
            self.create(connection_id=connection_id, began_at=now)

    def free(self, now: datetime) -> AdoptionQuerySet:
        """Those that are not over and nobody works on; once disconnected, none can go on."""
        return self.filter(
            Q(leased_until=None) | Q(leased_until__lt=now),
            ended_at=None,
            connection__disconnected_at=None,
        )

    @transaction.atomic
    def claim(self, pk: int, now: datetime) -> Adoption | None:
        """Take the next slice, or return None where another worker has it or all is done."""
        mine = self.free(now).filter(pk=pk).select_for_update(skip_locked=True, of=("self",))
        adoption = mine.first()
        if adoption is not None:
            adoption.token, adoption.leased_until = uuid.uuid4(), now + LEASE
            adoption.save(update_fields=["token", "leased_until"])
        return adoption


class Adoption(models.Model):
    connection = models.OneToOneField("sync_engine.Connection", on_delete=models.CASCADE)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    failed_because = models.TextField(blank=True)  # "" = it goes on, or has come to its end
    waits_because = models.TextField(blank=True)  # it goes on by itself

    place = models.PositiveIntegerField(default=0)  # which of the catalog's properties is read
    after = models.CharField(max_length=32, blank=True)  # the last record of it that was looked at
    verdicts = models.JSONField(default=dict)  # {verdict: how many}
    examples = models.JSONField(default=list)  # [[HubSpot id, Salesforce id, verdict], ...]

    token = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)

    objects = AdoptionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Adoption of connection {self.connection_id}"

    @property
    def looked_at(self) -> int:
        return sum(self.verdicts.values())

    @property
    def adopted(self) -> int:
        return int(self.verdicts.get(Verdict.ADOPTED.value, 0))

    @property
    def left_out(self) -> list[tuple[str, int]]:
        """Return (why, how many) of the links that were not taken over."""
        return [
            (verdict.label, self.verdicts[verdict.value])
            for verdict in Verdict
            if verdict is not Verdict.ADOPTED and verdict.value in self.verdicts
        ]

    @property
    def shown_examples(self) -> list[tuple[str, str, str]]:
        return [(here, there, Verdict(verdict).label) for here, there, verdict in self.examples]

    def is_ours(self) -> bool:
        """Whether we still hold it; its row is locked till the transaction ends."""
        mine = Adoption.objects.select_for_update().filter(pk=self.pk, token=self.token)
        return mine.exists()

    def note(self, found: list[tuple[str, str, Verdict]]) -> None:
        """Count what came of links: (HubSpot id, Salesforce id, verdict)."""
        counted = Counter(self.verdicts) + Counter(verdict.value for *_, verdict in found)
        self.verdicts = dict(counted)
        refused = [
            [here, there, verdict.value]
            for here, there, verdict in found
            if verdict not in (Verdict.ADOPTED, Verdict.LINKED)
        ]
        self.examples = [*self.examples, *refused][:MOST_EXAMPLES]

    def go_on(self, place: int, after: str) -> None:
        """Remember where the next slice begins, and let anybody take it."""
        self.place, self.after, self.leased_until, self.waits_because = place, after, None, ""
        self.save()

    def wait(self, because: str) -> None:
        """Leave it until the lease runs out: then it is taken up again."""
        Adoption.objects.filter(pk=self.pk, token=self.token).update(waits_because=because)

    def end(self, now: datetime, failed_because: str = "") -> None:
        Adoption.objects.filter(pk=self.pk, token=self.token).update(
            ended_at=now, failed_because=failed_because, waits_because="", leased_until=None
        )
