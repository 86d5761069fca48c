"""Sync Health: what is used, what is kept back, what runs. Source: product.md 19."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import trigger_client_event

from settings_ui.access import for_connection
from settings_ui.frame import frame, pulse_of, simulators, stopped_brakes, switched_off
from settings_ui.health.brakes import means, sentence
from settings_ui.health.chart import chart_of
from settings_ui.health.errors import cards_of, details_of, impacted_records
from settings_ui.health.runs import runs_of
from settings_ui.health.usage import usage_of
from settings_ui.htmx import HtmxRequest
from settings_ui.objects.limit import stopped
from sync_engine.core.catalog import CATALOG, ObjectType
from sync_engine.core.errors import Category
from sync_engine.models import Connection, FieldMapping


@require_safe
@for_connection
def health(request: HtmxRequest, connection: Connection) -> HttpResponse:
    return render(request, "health/page.html", page_context(request, connection, timezone.now()))


@require_safe
@vary_on_headers("HX-Request")
@for_connection
def error_details(request: HtmxRequest, connection: Connection, category: Category) -> HttpResponse:
    """Fill the inspector with the errors of one category; without htmx, open the page with it."""
    details = details_of(connection.pk, category, request.GET.get("type", ""))
    if details is None:
        return redirect("health", connection.pk)
    now = timezone.now()
    context = {"details": details, "current": category}
    if not request.htmx:
        page = page_context(request, connection, now)
        return render(request, "health/page.html", {**page, **context})
    cards = cards_context(connection)
    return render(
        request,
        "health/_errors.html",
        {**cards, **context, "connection": connection, "now": now},
    )


@require_safe
@for_connection
def api_calls(request: HtmxRequest, connection: Connection) -> HttpResponse:
    context = usage_context(request, connection, timezone.now())
    return render(request, "health/_api_calls.html", {**context, "keeps_form": True})


@require_safe
@for_connection
def error_cards(request: HtmxRequest, connection: Connection) -> HttpResponse:
    current = request.GET.get("current", "")
    context = {**cards_context(connection), "current": current, "now": timezone.now()}
    return render(request, "health/_error_cards.html", context)


@require_safe
@vary_on_headers("HX-Request")
@for_connection
def runs(request: HtmxRequest, connection: Connection) -> HttpResponse:
    """Answer with the runs; if one has ended since the page looked, tell the other panels."""
    now = timezone.now()
    if not request.htmx:
        return render(request, "health/page.html", page_context(request, connection, now))
    context = runs_context(request, connection, now)
    response = render(request, "health/_runs.html", context)
    if request.GET.get("seen", "") not in ("", str(context["runs"].latest)):
        trigger_client_event(response, "run-ended")
    return response


@require_safe
@for_connection
def pulse(request: HtmxRequest, connection: Connection) -> HttpResponse:
    context = {"connection": connection, "pulse": pulse_of(connection, timezone.now())}
    return render(request, "_pulse_and_sign.html", context)


def usage_context(request: HtmxRequest, connection: Connection, now: datetime) -> dict[str, Any]:
    usage = usage_of(connection.allocation, now)
    return {
        "connection": connection,
        "usage": usage,
        "chart": chart_of(usage.hours, connection.allocation.allocated) if usage.hours else None,
        "is_admin": request.user.is_staff,
        "now": now,
    }


def cards_context(connection: Connection) -> dict[str, Any]:
    cards = cards_of(connection.pk)
    return {
        "connection": connection,
        "cards": cards,
        "all_errors": sum(card.errors for card in cards),
        "all_records": impacted_records(connection.pk) if cards else 0,
    }


def runs_context(request: HtmxRequest, connection: Connection, now: datetime) -> dict[str, Any]:
    runs = runs_of(connection, request.GET.get("page", "1"), now)
    return {
        "connection": connection,
        "runs": runs,
        "seen": request.POST.get("seen") or runs.latest,
        "is_admin": request.user.is_staff,
        "simulators": simulators(),
        "now": now,
    }


def suspended_mappings(connection: Connection) -> list[tuple[ObjectType, int]]:
    """Return how many mappings of which object type carry no value."""
    suspended = FieldMapping.objects.filter(connection=connection).exclude(suspended_because="")
    counts = suspended.order_by().values_list("object_type").annotate(mappings=Count("pk"))
    return [(CATALOG[slug], count) for slug, count in counts]


def page_context(request: HtmxRequest, connection: Connection, now: datetime) -> dict[str, Any]:
    return {
        **frame(request, connection, tab="health", now=now),
        **usage_context(request, connection, now),
        **cards_context(connection),
        **runs_context(request, connection, now),
        "stopped": stopped(connection),
        "suspended": suspended_mappings(connection),
        "brakes": [(one, sentence(one), means(one)) for one in stopped_brakes(connection)],
        "switched_off": "" if connection.is_on else switched_off(connection, now),
    }
