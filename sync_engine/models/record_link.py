"""A HubSpot record, its Salesforce record, and what both held when they were last settled."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, models, transaction
from django.db import connection as database
from django.db.models import Q

from sync_engine.core.first_seen import FirstSeen
from sync_engine.core.plan import Agreed
from sync_engine.core.values import Crm
from sync_engine.models.agreed_column import packed, unpacked

# Longer than any slice takes. A dead worker's claims are freed sooner, with its slice.
CLAIM = timedelta(minutes=10)


class RecordLinkQuerySet(models.QuerySet["RecordLink"]):
    def of(self, connection_id: int, object_type: str) -> RecordLinkQuerySet:
        return self.filter(connection_id=connection_id, object_type=object_type)

    def open(self) -> RecordLinkQuerySet:
        return self.filter(state__in=RecordLink.OPEN)

    def to_delete(self, now: datetime) -> RecordLinkQuerySet:
        """Those whose deletion in Salesforce is to be carried over to HubSpot, or not."""
        return self.filter(state=RecordLink.State.GONE_IN_SALESFORCE, delete_after__lt=now)

    def naming(self, ids: Mapping[Crm, Collection[str]]) -> RecordLinkQuerySet:
        return self.filter(
            Q(hubspot_id__in=ids.get(Crm.HUBSPOT, ()))
            | Q(salesforce_id__in=ids.get(Crm.SALESFORCE, ()))
        )

    def claim(self, token: uuid.UUID, now: datetime) -> None:
        """Take those nobody holds; then ask the holders of the others to look again.

        In two transactions, and the second takes its locks in order: two workers that each waited
        for what the other has just taken would wait for ever.
        """
        with transaction.atomic():
            free = self.free_for(token, now).select_for_update(skip_locked=True)
            taken = list(free.values_list("pk", flat=True))
            RecordLink.objects.filter(pk__in=taken).update(
                claim=token, claimed_until=now + CLAIM, look_again=False
            )
        with transaction.atomic():
            held = self.exclude(claim=token)._locked_in_order()
            RecordLink.objects.filter(pk__in=held).update(look_again=True)

    def _locked_in_order(self) -> list[int]:
        return list(self.order_by("pk").select_for_update().values_list("pk", flat=True))

    def free(self, now: datetime) -> RecordLinkQuerySet:
        """Those that nobody holds."""
        return self.filter(Q(claim=None) | Q(claimed_until__lt=now))

    def free_for(self, token: uuid.UUID, now: datetime) -> RecordLinkQuerySet:
        """Those that nobody else holds."""
        return self.filter(Q(claim=None) | Q(claim=token) | Q(claimed_until__lt=now))

    @transaction.atomic
    def release(self, token: uuid.UUID) -> None:
        held = self.filter(claim=token)._locked_in_order()
        RecordLink.objects.filter(pk__in=held).update(claim=None, claimed_until=None)

    def attach(self, token: uuid.UUID, partners: Iterable[Partner]) -> set[int]:
        """Give links their partners, set-based; return the keys of those that got theirs.
        A record that has another open link is never taken from it, and of two that want the
        same record the first gets it."""
        try:
            with transaction.atomic():
                return self._attach(token, _each_record_once(partners))
        except IntegrityError:
            # Another worker took one of the records in this very moment. Nobody here gets a
            # partner now; all of them are looked at again.
            return set()

    def _attach(self, token: uuid.UUID, rows: Sequence[Partner]) -> set[int]:
        with database.cursor() as cursor:
            cursor.execute(
                """
                UPDATE sync_engine_recordlink AS link
                   SET hubspot_id = v.hubspot_id, salesforce_id = v.salesforce_id,
                       salesforce_object = v.salesforce_object, state = 'live'
                  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[])
                       AS v(id, hubspot_id, salesforce_id, salesforce_object)
                 WHERE link.id = v.id AND link.claim = %s
                   AND NOT EXISTS (
                       SELECT 1 FROM sync_engine_recordlink AS other
                        WHERE other.id <> link.id AND other.state IN ('pending', 'live')
                          AND other.connection_id = link.connection_id
                          AND other.object_type = link.object_type
                          AND (other.hubspot_id = v.hubspot_id
                               OR other.salesforce_id = v.salesforce_id))
                RETURNING link.id
                """,
                [
                    [row.link_id for row in rows],
                    [row.hubspot_id for row in rows],
                    [row.salesforce_id for row in rows],
                    [row.salesforce_object for row in rows],
                    token,
                ],
            )
            return {row[0] for row in cursor.fetchall()}

    @transaction.atomic
    def agree(self, token: uuid.UUID, agreements: Sequence[Agreement], now: datetime) -> set[int]:
        """Write down what was agreed and let go, set-based. Who lost the claim changes nothing;
        returned are the keys of the links that were still held."""
        self.filter(claim=token)._locked_in_order()
        with database.cursor() as cursor:
            cursor.execute(
                """
                UPDATE sync_engine_recordlink AS link
                   SET agreed = v.agreed, first_seen = v.first_seen,
                       hubspot_stamp = v.hubspot_stamp,
                       salesforce_stamp = v.salesforce_stamp,
                       look_again = link.look_again OR v.look_again,
                       synced_at = %s, claim = NULL, claimed_until = NULL
                  FROM unnest(%s::bigint[], %s::jsonb[], %s::jsonb[], %s::timestamptz[],
                              %s::timestamptz[], %s::boolean[])
                       AS v(id, agreed, first_seen, hubspot_stamp, salesforce_stamp, look_again)
                 WHERE link.id = v.id AND link.claim = %s
                RETURNING link.id
                """,
                [
                    now,
                    [row.link_id for row in agreements],
                    [packed(row.agreed) for row in agreements],
                    [json.dumps(row.first_seen) for row in agreements],
                    [row.hubspot_stamp for row in agreements],
                    [row.salesforce_stamp for row in agreements],
                    [row.look_again for row in agreements],
                    token,
                ],
            )
            return {row[0] for row in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Partner:
    """Both records of a link that had one."""

    link_id: int
    hubspot_id: str
    salesforce_id: str
    salesforce_object: str


def _each_record_once(partners: Iterable[Partner]) -> list[Partner]:
    named: set[str] = set()
    rows = []
    for partner in partners:
        if named.isdisjoint({partner.hubspot_id, partner.salesforce_id}):
            named |= {partner.hubspot_id, partner.salesforce_id}
            rows.append(partner)
    return rows


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a link shall remember of one look. stamps: of the deciding reads."""

    link_id: int
    agreed: Mapping[str, Agreed]
    hubspot_stamp: datetime | None
    salesforce_stamp: datetime | None
    look_again: bool
    first_seen: FirstSeen = field(default_factory=dict)


class RecordLink(models.Model):
    """Also the claim on a pair (sync.md 3): who holds the token may decide about it.

    agreed  {HubSpot property: [HubSpot's value, settled at, Salesforce's value, kept by]}; values
            as `core.convert.remembered` writes them, time in milliseconds since 1970. The third is
            left out where both are written alike, the fourth where neither CRM kept its own
    """

    class State(models.TextChoices):
        PENDING = "pending", "Waiting for its partner"
        LIVE = "live", "Linked"
        GONE_IN_HUBSPOT = "gone_hubspot", "Deleted in HubSpot"
        GONE_IN_SALESFORCE = "gone_salesforce", "Deleted in Salesforce"
        GONE = "gone", "Deleted in both"
        MERGED_AWAY = "merged_away", "Merged away"

    OPEN = ("pending", "live")

    connection = models.ForeignKey("sync_engine.Connection", on_delete=models.CASCADE)
    object_type = models.SlugField()
    hubspot_id = models.CharField(max_length=32, null=True)
    salesforce_id = models.CharField(max_length=18, null=True)
    salesforce_object = models.CharField(max_length=255)
    state = models.CharField(max_length=20, choices=State.choices, default=State.PENDING)
    since = models.DateTimeField()  # agreed values older than this are stale (sync.md 2)
    agreed = models.JSONField(default=dict)
    first_seen = models.JSONField(default=dict)  # core.first_seen: what is not settled yet
    hubspot_stamp = models.DateTimeField(null=True)  # Record.stamp at the last deciding read
    salesforce_stamp = models.DateTimeField(null=True)
    synced_at = models.DateTimeField(null=True)  # when the pair was last agreed
    gone_at = models.DateTimeField(null=True)  # when a half of it was seen to be gone
    delete_after = models.DateTimeField(null=True)  # whether the other half goes is open till then

    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    look_again = models.BooleanField(default=False)  # changed while another worker held it

    objects = RecordLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "object_type", "hubspot_id"],
                condition=Q(state__in=["pending", "live"], hubspot_id__isnull=False),
                name="a_hubspot_record_has_one_open_link",
            ),
            models.UniqueConstraint(
                fields=["connection", "object_type", "salesforce_id"],
                condition=Q(state__in=["pending", "live"], salesforce_id__isnull=False),
                name="a_salesforce_record_has_one_open_link",
            ),
            models.CheckConstraint(
                condition=Q(hubspot_id__isnull=False) | Q(salesforce_id__isnull=False),
                name="a_link_names_a_record",
            ),
            models.CheckConstraint(
                condition=~Q(state="live")
                | Q(hubspot_id__isnull=False, salesforce_id__isnull=False),
                name="a_live_link_names_both_records",
            ),
        ]
        indexes = [
            models.Index(
                fields=["connection", "object_type"],
                condition=Q(look_again=True),
                name="links_to_look_at_again",
            ),
            models.Index(
                fields=["connection", "object_type"],
                condition=Q(delete_after__isnull=False),
                name="links_whose_deletion_is_open",
            ),
            models.Index(
                fields=["claim"], condition=Q(claim__isnull=False), name="links_that_are_claimed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.hubspot_id or '?'} = {self.salesforce_id or '?'}"

    def record_id(self, crm: Crm) -> str | None:
        return self.hubspot_id if crm is Crm.HUBSPOT else self.salesforce_id

    def stamp(self, crm: Crm) -> datetime | None:
        return self.hubspot_stamp if crm is Crm.HUBSPOT else self.salesforce_stamp

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def agreed_values(self) -> dict[str, Agreed]:
        return {name: unpacked(row) for name, row in self.agreed.items()}
