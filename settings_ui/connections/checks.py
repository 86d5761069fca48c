"""Setup checks: what each CRM's user may do, what fails without it, how to grant it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from settings_ui.access import admin_only, for_connection
from settings_ui.connections.adoption import adoption_of
from settings_ui.frame import frame
from settings_ui.htmx import HtmxRequest, fragment_or_page
from settings_ui.words import counted
from sync_engine.core.checks import Check, Grade
from sync_engine.core.values import Crm
from sync_engine.models import Connection, Grant
from sync_engine.runs import checks as engine
from sync_engine.runs.connect import crms_of


@dataclass(frozen=True, slots=True)
class Panel:
    """The checks of one CRM. asked_at: None where it was never asked."""

    crm: Crm
    checks: tuple[Check, ...]
    asked_at: datetime | None

    @property
    def needed(self) -> list[Check]:
        return [check for check in self.checks if check.grade is not Grade.NOT_NEEDED]

    @property
    def not_needed(self) -> list[Check]:
        return [check for check in self.checks if check.grade is Grade.NOT_NEEDED]

    @property
    def state(self) -> str:
        """Return "bad", "warn" or "good", as a dot's tone."""
        grades = {check.grade for check in self.checks}
        if Grade.FAILED in grades:
            return "bad"
        return "warn" if Grade.WARNS in grades else "good"

    @property
    def summary(self) -> str:
        failed = sum(check.grade is Grade.FAILED for check in self.checks)
        warned = sum(check.grade is Grade.WARNS for check in self.checks)
        if failed:
            return f"{counted(failed, 'check')} failed"
        return f"{counted(warned, 'warning')}" if warned else "Connected"


def panels(connection: Connection) -> dict[str, Any]:
    """Return the panels of both CRMs, by their names."""
    found = engine.outcome(connection) if connection.pk else []
    asked = dict(Grant.objects.filter(connection=connection.pk).values_list("crm", "asked_at"))
    return {
        f"{crm.value}_panel": Panel(
            crm, tuple(check for check in found if check.crm is crm), asked.get(crm.value)
        )
        for crm in Crm
    } | {"now": timezone.now()}


@require_safe
@for_connection
def checks(request: HtmxRequest, connection: Connection) -> HttpResponse:
    """The same checks, any time after setup."""
    context = {
        **frame(request, connection, tab="checks", now=timezone.now()),
        **panels(connection),
        **adoption_of(connection),
    }
    return render(request, "connections/checks.html", context)


@require_POST
@admin_only
def check_again(request: HtmxRequest, connection: int, crm: Crm) -> HttpResponse:
    found = get_object_or_404(Connection.objects.connected(), pk=connection)
    crms = crms_of(found)
    engine.ask(found, crms, timezone.now(), [crm])
    if found.set_up_at:
        engine.take_up(found, crms)
    shown = panels(found)
    return fragment_or_page(
        request,
        "connections/_checks.html",
        {**shown, "panel": shown[f"{crm.value}_panel"], "connection": found, "is_admin": True},
        back_to=reverse("checks" if found.set_up_at else "setup", args=[found.pk]),
    )
