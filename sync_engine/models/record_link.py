"""A HubSpot record, its Salesforce record, and what both held when they were last settled."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class RecordLink(models.Model):
    """Also the claim on a pair (sync.md 3): who holds the token may decide about it.

    agreed  {HubSpot property: [HubSpot's value, Salesforce's value, settled at]}; values as
            `core.convert.spell` writes them, time in seconds since 1970. The second is left
            out (null) where it is spelled like the first.
    """

    class State(models.TextChoices):
        PENDING = "pending", "Waiting for its partner"
        LIVE = "live", "Linked"
        GONE_IN_HUBSPOT = "gone_hubspot", "Deleted in HubSpot"
        GONE_IN_SALESFORCE = "gone_salesforce", "Deleted in Salesforce"
        MERGED_AWAY = "merged_away", "Merged away"

    connection = models.ForeignKey("sync_engine.Connection", on_delete=models.CASCADE)
    object_type = models.SlugField()
    hubspot_id = models.CharField(max_length=32, null=True)
    salesforce_id = models.CharField(max_length=18, null=True)
    salesforce_object = models.CharField(max_length=255)
    state = models.CharField(max_length=20, choices=State.choices, default=State.PENDING)
    since = models.DateTimeField()  # agreed values older than this are stale (sync.md 2)
    agreed = models.JSONField(default=dict)
    hubspot_stamp = models.DateTimeField(null=True)  # modified_at at the last deciding read
    salesforce_stamp = models.DateTimeField(null=True)
    synced_at = models.DateTimeField(null=True)  # when the pair was last agreed

    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    look_again = models.BooleanField(default=False)  # changed while another worker held it

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
            )
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.hubspot_id or '?'} = {self.salesforce_id or '?'}"
