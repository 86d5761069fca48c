"""The engine over a real database, between two CRMs in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync_engine.core.catalog import CATALOG
from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.crms.base import Crms
from sync_engine.crms.memory import MemoryCrm
from sync_engine.models import (
    Allocation,
    Connection,
    FieldMapping,
    ObjectSettings,
    RecordChange,
    RecordLink,
    SyncError,
    SyncRun,
    Watermark,
)
from sync_engine.runs.poll import poll, work_on

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def texts(*names: str) -> dict[str, Field]:
    return {name: Field(name, name, FieldKind.TEXT) for name in names}


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)


class World:
    """One connection between two CRMs, an hour after setup was finished."""

    def __init__(
        self,
        fields: dict[str, dict[str, Field]] | None = None,
        account: str = "24816357",
        beside: World | None = None,
    ) -> None:
        """
        fields   of objects that the CRMs have beside contacts, by object and name
        account  HubSpot's id of its account
        beside   a world whose Salesforce org this HubSpot account syncs with, too
        """
        self.clock = beside.clock if beside else Clock(NOW)
        self.hubspot = MemoryCrm(Crm.HUBSPOT, self.clock, fields)
        self.salesforce = (
            beside.salesforce if beside else MemoryCrm(Crm.SALESFORCE, self.clock, fields)
        )
        self.crms = Crms(self.hubspot, self.salesforce)
        self.connection = Connection.objects.create(
            hubspot_account_id=account, salesforce_org_id="00D000000000001AAA"
        )
        self.set_up()
        self.clock.forward(hours=1)

    def set_up(self) -> None:
        now = self.clock()
        Allocation.objects.create(
            connection=self.connection, allocated=1000, limited_by_salesforce=5000, counted_from=now
        )
        for object_type in CATALOG.values():
            ObjectSettings.objects.seed(self.connection.pk, object_type, now)
            FieldMapping.objects.seed(self.connection.pk, object_type, now)
            self.hubspot.ensure_key(object_type.hubspot, self.connection.key_property, "Key")
            Watermark.objects.start(self.connection.pk, Crm.HUBSPOT, object_type.hubspot, now)
            for name in object_type.salesforce:
                self.salesforce.ensure_key(name, self.connection.key_field, "Key")
                Watermark.objects.start(self.connection.pk, Crm.SALESFORCE, name, now)
        self.connection.finish_setup(now)
        self.hubspot.calls.clear()
        self.salesforce.calls.clear()

    def poll(self):
        """Poll once, a minute later."""
        self.clock.forward(minutes=1)
        return poll(self.connection, lambda connection, run: self.crms, self.clock)

    def tidy(self) -> None:
        """Find workers for what nobody works on, as beat does."""
        for run in SyncRun.objects.waiting_for_workers(self.clock()):
            work_on(run, lambda connection, run: self.crms, self.clock)

    def rule(self, hubspot_field: str, rule: SyncRule) -> None:
        mapping = FieldMapping.objects.get(connection=self.connection, hubspot_field=hubspot_field)
        mapping.change_rule(rule, seen=mapping.version, by="Grace", now=self.clock())

    def answer(self, policy: str, choice: str) -> None:
        settings = ObjectSettings.objects.get(connection=self.connection, object_type="contacts")
        settings.answers[policy] = choice
        settings.save()

    def linked(self, **values: str | None) -> tuple[str, str]:
        """Return the ids of a pair that is linked and settled."""
        id = self.hubspot.person_creates(
            "contacts", {"email": "ada@example.org", "lastname": "Byron", **values}
        )
        self.poll()
        self.poll()
        link = RecordLink.objects.get(hubspot_id=id)
        return id, str(link.salesforce_id)

    def in_hubspot(self, id: str) -> dict:
        return self.hubspot.values_of("contacts", id)

    def in_salesforce(self, id: str) -> dict:
        return self.salesforce.values_of("Contact", id)

    @property
    def links(self):
        return RecordLink.objects.filter(connection=self.connection)

    @property
    def errors(self):
        return SyncError.objects.current(self.connection.pk)

    @property
    def changes(self):
        return RecordChange.objects.order_by("pk")


@pytest.fixture
def world(db) -> World:
    return World()
