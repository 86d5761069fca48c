"""What an admin does on Sync Health. Each calls one verb and answers with what it changed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from settings_ui.access import admin_only, for_connection
from settings_ui.forms import SwitchForm
from settings_ui.frame import name_of
from settings_ui.health.forms import AllocationForm
from settings_ui.health.views import page_context, runs_context, usage_context
from settings_ui.htmx import HtmxRequest, fragment_or_page
from sync_engine.models import Allocation, Brake, Connection
from sync_engine.tasks import poll_connection


@require_POST
@admin_only
@for_connection
def sync_now(request: HtmxRequest, connection: Connection) -> HttpResponse:
    notice = ""
    if connection.is_syncing:
        poll_connection.delay(connection.pk)
    else:
        notice = "Nothing syncs while the connection is off or suspended."
    context = runs_context(request, connection, timezone.now())
    return fragment_or_page(
        request,
        "health/_runs.html",
        {**context, "notice": notice, "was_asked": not notice},
        back_to=f"{reverse('health', args=[connection.pk])}#runs",
    )


@require_POST
@admin_only
@for_connection
def switch(request: HtmxRequest, connection: Connection) -> HttpResponse:
    form = SwitchForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("Say on=yes or on=no.")
    connection.switch(on=form.cleaned_data["on"], by=name_of(request.user), now=timezone.now())
    return redirect("health", connection.pk)


@require_POST
@admin_only
@for_connection
def clear_suspension(request: HtmxRequest, connection: Connection) -> HttpResponse:
    connection.clear_suspension()
    messages.success(request, "The suspension is cleared. Syncing goes on where it stopped.")
    return redirect("health", connection.pk)


@require_POST
@admin_only
@for_connection
def allocate(request: HtmxRequest, connection: Connection) -> HttpResponse:
    now, form, refusal = timezone.now(), AllocationForm(request.POST), ""
    if form.is_valid():
        try:
            connection.allocation.allocate(
                form.cleaned_data["allocated"], by=name_of(request.user), now=now
            )
        except Allocation.NotAllowed as not_allowed:
            refusal = str(not_allowed)
    else:
        refusal = " ".join(map(str, form.errors["allocated"]))
    typed = {"refusal": refusal, "typed": request.POST.get("allocated", "")} if refusal else {}
    if request.htmx:
        usage = usage_context(request, connection, now)
        return render(request, "health/_api_calls.html", {**usage, **typed})
    if refusal:
        return render(
            request, "health/page.html", {**page_context(request, connection, now), **typed}
        )
    return redirect("health", connection.pk)


@require_POST
@admin_only
@for_connection
def go_on(request: HtmxRequest, connection: Connection, pk: int) -> HttpResponse:
    brake = get_object_or_404(Brake, pk=pk, connection=connection, stopped_at__isnull=False)
    brake.go_on(timezone.now())
    messages.success(request, "They are let through from the next sync on.")
    return redirect("health", connection.pk)
