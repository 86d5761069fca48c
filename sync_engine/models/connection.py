"""One HubSpot account and one Salesforce org that are kept equal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import models, transaction
from django.db.models import Q

from sync_engine.core.values import Crm
from sync_engine.models.setting_change import SettingChange


class ConnectionQuerySet(models.QuerySet["Connection"]):
    def syncing(self) -> ConnectionQuerySet:
        """Those whose records flow: set up, switched on, not suspended."""
        return self.filter(set_up_at__isnull=False, is_on=True, suspended_because="")

    def connected(self) -> ConnectionQuerySet:
        """All but those that were disconnected, and whose history is still kept."""
        return self.filter(disconnected_at=None)

    def sharing_org_with(self, connection_id: int) -> ConnectionQuerySet:
        """The other HubSpot accounts that sync with the same Salesforce org."""
        org = Connection.objects.filter(pk=connection_id).values("salesforce_org_id")
        others = self.connected().exclude(pk=connection_id).exclude(salesforce_org_id="")
        return others.filter(salesforce_org_id__in=org, set_up_at__isnull=False)

    def to_forget(self, now: datetime) -> ConnectionQuerySet:
        return self.filter(forget_at__lte=now)

    @transaction.atomic
    def take_up(self, connection: Connection) -> Connection:
        """Return the connection of these two accounts from before they were disconnected, as it
        goes on now, with its links and history; the same connection where there is none."""
        if connection.set_up_at or not (
            connection.hubspot_account_id and connection.salesforce_org_id
        ):
            return connection
        before = (
            self.exclude(disconnected_at=None)
            .filter(
                hubspot_account_id=connection.hubspot_account_id,
                salesforce_org_id=connection.salesforce_org_id,
            )
            .select_for_update()
            .last()
        )
        if before is None:
            return connection
        connection.credentials.update(connection=before)
        connection.delete()
        for name in Connection.DESCRIBED:
            setattr(before, name, getattr(connection, name))
        before.disconnected_at = before.forget_at = None
        before.save()
        return before


class Connection(models.Model):
    """Links, keys and watermarks belong to it, so to (HubSpot account, org): sync.md 7."""

    # What an account is called, filled by the first login and compared at every later one.
    hubspot_account_id = models.CharField(max_length=32, blank=True)
    hubspot_name = models.CharField(max_length=255, blank=True)
    hubspot_host = models.CharField(max_length=255, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")  # HubSpot's: an IANA name we know
    salesforce_org_id = models.CharField(max_length=18, blank=True)
    salesforce_name = models.CharField(max_length=255, blank=True)
    salesforce_host = models.CharField(max_length=255, blank=True)
    salesforce_edition = models.CharField(max_length=64, blank=True)
    is_sandbox = models.BooleanField(default=False)
    integration_user_id = models.CharField(max_length=18, blank=True)
    integration_user = models.CharField(max_length=255, blank=True)

    # What a login says of both accounts, beside their ids.
    DESCRIBED = (
        "hubspot_name", "hubspot_host", "time_zone", "salesforce_name", "salesforce_host",
        "salesforce_edition", "is_sandbox", "integration_user_id", "integration_user",
        "suspended_because",
    )  # fmt: skip

    # {object of either CRM: why it has no field for our key}; the others have one
    without_key = models.JSONField(default=dict, blank=True)

    is_on = models.BooleanField(default=True)
    suspended_because = models.TextField(blank=True)  # a sentence for the admin; "" = not suspended
    set_up_at = models.DateTimeField(null=True)  # "Finish setup and begin syncing" was pressed
    disconnected_at = models.DateTimeField(null=True)  # its tokens are gone
    forget_at = models.DateTimeField(null=True)  # then its links and history go too

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["hubspot_account_id"],
                condition=~Q(hubspot_account_id="") & Q(disconnected_at=None),
                name="a_hubspot_account_is_connected_once",
            ),
        ]

    def __str__(self) -> str:
        return self.salesforce_name or self.hubspot_name or f"Connection {self.pk}"

    def account_id(self, crm: Crm) -> str:
        return self.hubspot_account_id if crm is Crm.HUBSPOT else self.salesforce_org_id

    @property
    def key_field(self) -> str:
        """Name of the field that holds our key in Salesforce, one per HubSpot account (sync.md 4)."""
        return f"HubSpot_{self.hubspot_account_id}_Id__c"

    @property
    def key_property(self) -> str:
        """Name of the unique HubSpot property that holds the 18-character Salesforce id."""
        return "crmsync_salesforce_id"

    def has_key(self, object_name: str) -> bool:
        """Whether records of this object bear our key; where not, we look before we create."""
        return object_name not in self.without_key

    def remember_keys(self, outcomes: Mapping[str, str]) -> None:
        """outcomes: {object: why it has no field for our key; "" where it has one}"""
        known = {**self.without_key, **outcomes}
        without = {name: because for name, because in known.items() if because}
        if self.without_key != without:
            self.without_key = without
            self.save(update_fields=["without_key"])

    @property
    def is_syncing(self) -> bool:
        return self.set_up_at is not None and self.is_on and not self.suspended_because

    def finish_setup(self, now: datetime) -> None:
        """Begin syncing: what changes from `now` on, nothing before."""
        self.set_up_at = now
        self.save(update_fields=["set_up_at"])

    @transaction.atomic
    def switch(self, *, on: bool, by: str, now: datetime) -> None:
        """Let records flow, or stop them. What changes while it is off syncs once it is on."""
        if on == self.is_on:
            return
        SettingChange.objects.create(
            connection=self,
            at=now,
            by=by,
            what=SettingChange.SYNC_SWITCH,
            before="On" if self.is_on else "Off",
            after="On" if on else "Off",
        )
        self.is_on = on
        self.save(update_fields=["is_on"])

    @transaction.atomic
    def disconnect(self, *, by: str, forget_at: datetime, now: datetime) -> None:
        """Stop for good. Links and history stay until `forget_at`, for whoever connects the same
        two accounts again before."""
        SettingChange.objects.create(
            connection=self,
            at=now,
            by=by,
            what=SettingChange.CONNECTION,
            before="Connected",
            after="Disconnected",
        )
        self.set_up_at, self.disconnected_at, self.forget_at = None, now, forget_at
        self.save(update_fields=["set_up_at", "disconnected_at", "forget_at"])

    def suspend(self, because: str) -> None:
        self.suspended_because = because
        self.save(update_fields=["suspended_because"])

    def clear_suspension(self) -> None:
        self.suspended_because = ""
        self.save(update_fields=["suspended_because"])
