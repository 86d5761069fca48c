"""What stands above every page of a connection: the accounts, how they are, the tabs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html

from settings_ui.htmx import HtmxRequest
from settings_ui.signs import symbol
from settings_ui.words import ago, at_clock, counted
from sync_engine.core.catalog import CATALOG
from sync_engine.core.values import Crm
from sync_engine.models import (
    Brake,
    Connection,
    ObjectSettings,
    Segment,
    SettingChange,
    SyncError,
    SyncRun,
)


@dataclass(frozen=True, slots=True)
class Pulse:
    """How the two sides are. state: equal, differs, paused, off or suspended."""

    state: str
    headline: str
    detail: str = ""
    failed_because: str = ""  # what the last poll failed with

    @property
    def symbol(self) -> str:
        return symbol(self.state)


@dataclass(frozen=True, slots=True)
class Tab:
    slug: str
    label: str
    url: str
    is_on: bool = True
    errors: int = 0


def frame(
    request: HtmxRequest, connection: Connection, *, tab: str, now: datetime
) -> dict[str, Any]:
    """Return what the templates above a page need. tab: the slug of the open one."""
    errors = _errors_by_connection()
    return {
        "connection": connection,
        "connections": [(other, _words(other, errors)) for other in Connection.objects.connected()],
        "pulse": pulse_of(connection, now),
        "tabs": _tabs(connection, errors.get(connection.pk, 0)),
        "tab": tab,
        "crms": list(Crm),
        "simulators": simulators(),
        "is_admin": request.user.is_staff,
        "admins": [] if request.user.is_staff else admins(),
        "now": now,
    }


def pulse_of(connection: Connection, now: datetime) -> Pulse:
    """Say how the two sides are, in two words and a detail."""
    if not connection.is_on:
        return Pulse("off", "Off", switched_off(connection, now))
    if connection.suspended_because:
        return Pulse("suspended", "Suspended", "nothing passes either way")
    if is_paused(connection):
        return Pulse("paused", "Paused", "goes on by itself")
    last = _last_run(connection)
    if last and last.state == SyncRun.State.FAILED:
        return Pulse("differs", "Last poll failed", "tries again by itself", last.reason)
    errors = SyncError.objects.current(connection.pk).count()
    detail = f"last poll {ago(last.ended_at, now)}" if last and last.ended_at else "no poll yet"
    if stopped_brakes(connection).exists() or Segment.objects.stopped(connection.pk).exists():
        return Pulse("differs", "Needs your decision", detail)
    if errors:
        return Pulse("differs", counted(errors, "error"), detail)
    return Pulse("equal", "No errors", detail)


def is_paused(connection: Connection) -> bool:
    """Whether work waits for API calls: it goes on by itself as old ones leave the 24 hours."""
    runs = SyncRun.objects.filter(connection=connection)
    return not connection.allocation.left or runs.filter(state=SyncRun.State.PAUSED).exists()


def stopped_brakes(connection: Connection) -> Any:
    return Brake.objects.filter(connection=connection, stopped_at__isnull=False).order_by("pk")


def switched_off(connection: Connection, now: datetime) -> str:
    """Return "by Grace Hopper at 14:05", or "" if nobody is known to have done it."""
    change = SettingChange.objects.filter(
        connection=connection, what=SettingChange.SYNC_SWITCH
    ).first()
    return format_html("by {} {}", change.by, at_clock(change.at, now)) if change else ""


def admins() -> list[str]:
    """Return the names of those whom a viewer may ask."""
    users = User.objects.filter(is_staff=True, is_active=True).order_by("pk")[:5]
    return [name_of(user) for user in users]


def name_of(user: User) -> str:
    return user.get_full_name() or user.get_username()


def simulators() -> list[tuple[str, str]]:
    """Return name and address of the pages where the demo's records are looked at and edited."""
    if not settings.SIMULATORS:
        return []
    return [
        (Crm.HUBSPOT.label, settings.HUBSPOT_LOGIN_URL),
        (Crm.SALESFORCE.label, settings.SALESFORCE_LOGIN_URL),
    ]


def _last_run(connection: Connection) -> SyncRun | None:
    ended = SyncRun.objects.filter(connection=connection, ended_at__isnull=False)
    return ended.order_by("-began_at").first()


def _errors_by_connection() -> dict[int, int]:
    rows = SyncError.objects.filter(closed_at=None).order_by().values_list("connection")
    return dict(rows.annotate(errors=Count("pk")))


def _words(connection: Connection, errors: dict[int, int]) -> str:
    if connection.set_up_at is None:
        return "setup not finished"
    if not connection.is_on:
        return "off"
    if connection.suspended_because:
        return "suspended"
    return counted(errors[connection.pk], "error") if connection.pk in errors else "no errors"


def _tabs(connection: Connection, errors: int) -> list[Tab]:
    on = dict(
        ObjectSettings.objects.filter(connection=connection).values_list("object_type", "is_on")
    )
    objects = [
        Tab(
            type_.slug,
            type_.label,
            reverse("object-type", args=[connection.pk, type_]),
            is_on=on.get(type_.slug, type_.always_on),
        )
        for type_ in CATALOG.values()
    ]
    health = Tab("health", "Sync Health", reverse("health", args=[connection.pk]), errors=errors)
    return [health, *objects]
