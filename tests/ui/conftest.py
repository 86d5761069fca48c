"""Alice the admin, Victor the viewer, and the connection they look at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from sync_engine.core.catalog import CATALOG
from sync_engine.core.error_types import PICKLIST, TEMPORARY
from sync_engine.core.errors import ErrorType
from sync_engine.models import (
    Allocation,
    ApiCalls,
    Brake,
    Connection,
    FieldMapping,
    ObjectSettings,
    Segment,
    SyncError,
    SyncRun,
)

HTMX = {"HX-Request": "true"}


@pytest.fixture(params=CATALOG.values(), ids=CATALOG)
def object_type(request):
    """Every object type in turn: a new one is tested the day it is named."""
    return request.param


def signed_in(name: str, *, is_admin: bool) -> Client:
    user = User.objects.create_user(
        name.lower(), f"{name.lower()}@example.com", first_name=name, is_staff=is_admin
    )
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def alice(db) -> Client:
    """An admin."""
    return signed_in("Alice", is_admin=True)


@pytest.fixture
def victor(db) -> Client:
    """A viewer."""
    return signed_in("Victor", is_admin=False)


@pytest.fixture
def visitor(db) -> Client:
    """Nobody we know. Forgotten attempts: tests share one Redis."""
    cache.clear()
    return Client()


@pytest.fixture
def connection(db) -> Connection:
    """A connection that was set up just now."""
    return connect("24816357", "Babbage & Co")


def connect(account: str, name: str) -> Connection:
    now = timezone.now()
    connection = Connection.objects.create(
        hubspot_account_id=account,
        hubspot_name="babbage.example",
        salesforce_org_id="00D000000000001AAA",
        salesforce_name=name,
        salesforce_host="babbage.my.salesforce.com",
        is_sandbox=True,
    )
    Allocation.objects.create(
        connection=connection,
        allocated=5000,
        limited_by_salesforce=115_000,
        counted_from=now - timedelta(hours=24),
    )
    for object_type in CATALOG.values():
        ObjectSettings.objects.seed(connection.pk, object_type, now)
        FieldMapping.objects.seed(connection.pk, object_type, now)
    connection.finish_setup(now)
    return connection


def note_error(
    connection: Connection, type_: ErrorType, hubspot_id: str = "501", **details: object
) -> SyncError:
    now = timezone.now()
    return SyncError.objects.create(
        **{
            "connection": connection,
            "object_type": "contacts",
            "crm": "salesforce",
            "record_key": f"hubspot:{hubspot_id}",
            "hubspot_id": hubspot_id,
            "record_name": "Ada Lovelace",
            "category": type_.category.value,
            "type": type_.slug,
            "first_seen": now,
            "last_seen": now,
            **details,
        }
    )


def note_run(connection: Connection, **counts: object) -> SyncRun:
    """Write down a poll that has ended."""
    now = timezone.now()
    return SyncRun.objects.create(
        **{
            "connection": connection,
            "kind": SyncRun.Kind.POLL,
            "state": SyncRun.State.DONE,
            "began_at": now - timedelta(seconds=3),
            "ended_at": now - timedelta(seconds=1),
            "leased_until": now,
            **counts,
        }
    )


def note_calls(
    connection: Connection, calls: int, minutes_ago: int, cause: str = "polling"
) -> None:
    minute = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=minutes_ago)
    ApiCalls.objects.create(
        connection=connection, crm="salesforce", cause=cause, minute=minute, calls=calls
    )


def stop_brake(connection: Connection) -> Brake:
    now = timezone.now()
    brake = Brake.objects.create(
        connection=connection,
        object_type="contacts",
        crm="hubspot",
        kind="create",
        counted_from=now,
    )
    brake.stop(1204, ["Ada Lovelace", "Grace Hopper"], now)
    return brake


def just_set_up(connection: Connection) -> None:
    assert connection.is_syncing


def with_errors(connection: Connection) -> None:
    note_run(connection, read=38, updated_in_hubspot=6, refused=1, salesforce_calls=3)
    note_calls(connection, 60, minutes_ago=90)
    note_calls(connection, 30, minutes_ago=5, cause="writing")
    note_error(connection, PICKLIST, code="INVALID", message="Industry: bad value <b>")
    note_error(connection, TEMPORARY, "502", next_retry=timezone.now() + timedelta(minutes=9))


def stopped_by_a_brake(connection: Connection) -> None:
    stop_brake(connection)


def stopped_by_its_segment(connection: Connection) -> None:
    segment = Segment.objects.create(
        connection=connection, object_type="contacts", list_id="17", name="Customers", is_empty=True
    )
    segment.stop("The segment “Customers” has no members.")


def running(connection: Connection) -> None:
    SyncRun.objects.begin_poll(connection.pk, timezone.now())


def paused(connection: Connection) -> None:
    with_errors(connection)
    connection.allocation.used = connection.allocation.allocated
    connection.allocation.save()
    run = SyncRun.objects.begin_poll(connection.pk, timezone.now())
    assert run is not None
    run.pause("5,000 of 5,000 allocated Salesforce API calls are used.")


def suspended(connection: Connection) -> None:
    connection.suspend("Salesforce no longer accepts our login.")


def off(connection: Connection) -> None:
    connection.switch(on=False, by="Grace Hopper", now=timezone.now())


STATES: list[Callable[[Connection], None]] = [
    just_set_up,
    with_errors,
    stopped_by_a_brake,
    stopped_by_its_segment,
    running,
    paused,
    suspended,
    off,
]


@pytest.fixture(params=STATES, ids=[state.__name__ for state in STATES])
def state(request, connection) -> str:
    """The connection, in every state in turn. Returns the state's name."""
    request.param(connection)
    return str(request.param.__name__)
