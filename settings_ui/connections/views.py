"""Connecting two accounts, and what is next after a sign-in."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from settings_ui.access import admin_only
from settings_ui.connections.adoption import adoption_of
from settings_ui.connections.checks import panels
from settings_ui.connections.login import sentence_of
from settings_ui.frame import admins
from settings_ui.htmx import HtmxRequest
from settings_ui.words import every
from sync_engine.core.allocation import DEFAULT_SHARE
from sync_engine.core.catalog import CATALOG
from sync_engine.core.errors import CrmError
from sync_engine.core.values import Crm
from sync_engine.models import Connection
from sync_engine.runs.checks import NotReady
from sync_engine.runs.connect import finish_setup as begin_syncing
from sync_engine.tasks import poll_connection


@require_safe
def home(request: HtmxRequest) -> HttpResponse:
    first = Connection.objects.connected().first()
    return redirect("health", first.pk) if first else redirect("connect")


@require_safe
def connect(request: HtmxRequest) -> HttpResponse:
    """Begin a connection, or go on where the last one stopped."""
    begun = Connection.objects.connected().filter(set_up_at=None).order_by("-pk").first()
    if begun:
        return redirect("setup", begun.pk)
    return render(request, "connections/setup.html", _context(request, Connection()))


@require_safe
def setup(request: HtmxRequest, connection: int) -> HttpResponse:
    found = get_object_or_404(Connection.objects.connected(), pk=connection)
    if found.set_up_at:
        return redirect("health", found.pk)
    return render(request, "connections/setup.html", _context(request, found))


@require_POST
@admin_only
def finish_setup(request: HtmxRequest, connection: int) -> HttpResponse:
    found = get_object_or_404(Connection.objects.connected(), pk=connection)
    if not _is_connected(found):
        messages.error(request, "Log in to both CRMs first.")
        return redirect("setup", found.pk)
    if found.set_up_at is None:
        try:
            begin_syncing(found, timezone.now())
        except NotReady as not_ready:
            messages.error(request, f"Setup is not finished. {not_ready}")
            return redirect("setup", found.pk)
        except CrmError as error:
            messages.error(request, f"Setup is not finished. {sentence_of(error)}")
            return redirect("setup", found.pk)
        poll_connection.delay(found.pk)
    return redirect("health", found.pk)


def _is_connected(connection: Connection) -> bool:
    return all(connection.account_id(crm) for crm in Crm)


def _context(request: HtmxRequest, connection: Connection) -> dict[str, Any]:
    rules = Counter(
        mapping.rule.label for type_ in CATALOG.values() for mapping in type_.standard_mappings
    )
    return {
        "connection": connection,
        **panels(connection),
        **adoption_of(connection),
        "is_connected": _is_connected(connection),
        "is_admin": request.user.is_staff,
        "admins": [] if request.user.is_staff else admins(),
        "object_types": list(CATALOG.values()),
        "rules": [f"{count} {rule}" for rule, count in rules.items()],
        "mappings": rules.total(),
        "share": int(DEFAULT_SHARE * 100),
        "polled": every(settings.POLL_SECONDS),
    }
