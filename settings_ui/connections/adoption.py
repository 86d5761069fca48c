"""Taking over the links that HubSpot's own integration left: asked for here, and watched."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from settings_ui.access import admin_only
from settings_ui.htmx import HtmxRequest, fragment_or_page
from sync_engine.core.values import Crm
from sync_engine.models import Adoption, Connection, Grant
from sync_engine.tasks import adopt_links

RUNNING = (
    "HubSpot’s own Salesforce integration synced within the last 24 hours, and may still move "
    "links. Switch it off first."
)


def adoption_of(connection: Connection) -> dict[str, Any]:
    found = Adoption.objects.filter(connection=connection).first() if connection.pk else None
    return {"adoption": found}


@require_safe
def adoption(request: HtmxRequest, connection: int) -> HttpResponse:
    """Answer with how far it is, for who watches it."""
    found = get_object_or_404(Connection.objects.connected(), pk=connection)
    return render(request, "connections/_adoption.html", _context(request, found))


@require_POST
@admin_only
def take_over_links(request: HtmxRequest, connection: int) -> HttpResponse:
    """Begin, unless the other integration is still at work: then its links may still move."""
    found = get_object_or_404(Connection.objects.connected(), pk=connection)
    notice = ""
    if Grant.objects.filter(connection=found, crm=Crm.HUBSPOT.value, syncs_elsewhere=True).exists():
        notice = RUNNING
    else:
        Adoption.objects.begin(found.pk, timezone.now())
        adopt_links.delay(Adoption.objects.get(connection=found).pk)
    return fragment_or_page(
        request,
        "connections/_adoption.html",
        {**_context(request, found), "notice": notice},
        back_to=reverse("checks" if found.set_up_at else "setup", args=[found.pk]),
    )


def _context(request: HtmxRequest, connection: Connection) -> dict[str, Any]:
    return {
        **adoption_of(connection),
        "connection": connection,
        "is_admin": request.user.is_staff,
        "now": timezone.now(),
    }
