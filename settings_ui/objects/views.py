"""The tab of an object type: whether it syncs, and the admin's answers. Source: product.md 7.1."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from settings_ui.access import admin_only, for_connection
from settings_ui.forms import SwitchForm
from settings_ui.frame import name_of
from settings_ui.htmx import HtmxRequest
from settings_ui.objects.forms import PolicyForm
from settings_ui.objects.page import page_context
from sync_engine.core.catalog import ObjectType
from sync_engine.models import Connection, ObjectSettings, SettingChange


@require_http_methods(["GET", "HEAD", "POST"])
@for_connection
def object_type_tab(
    request: HtmxRequest, connection: Connection, object_type: ObjectType
) -> HttpResponse:
    if request.method == "POST":
        return answer(request, connection, object_type)
    return _page(request, connection, object_type, timezone.now())


@admin_only
def answer(request: HtmxRequest, connection: Connection, object_type: ObjectType) -> HttpResponse:
    """Save the answers; one that is refused stays on the page with the reason."""
    now, form = timezone.now(), PolicyForm(object_type, request.POST)
    settings = _kept(connection, object_type, now)
    if not form.is_valid():
        return _page(request, connection, object_type, now, form=form)
    try:
        settings.answer(
            object_type,
            form.answers,
            seen=form.cleaned_data["version"],
            by=name_of(request.user),
            now=now,
        )
    except ObjectSettings.ChangedMeanwhile:
        change = SettingChange.objects.filter(
            connection=connection, what__startswith=f"{object_type.label}: "
        ).first()
        return _page(request, connection, object_type, now, form=form, is_stale=True, change=change)
    messages.success(request, f"The settings of {object_type.label.lower()} are saved.")
    return redirect("object-type", connection.pk, object_type)


@require_POST
@admin_only
@for_connection
def switch_object_type(
    request: HtmxRequest, connection: Connection, object_type: ObjectType
) -> HttpResponse:
    form, now = SwitchForm(request.POST), timezone.now()
    if object_type.always_on or not form.is_valid():
        return HttpResponseBadRequest("Say on=yes or on=no, for a type that can be off.")
    settings = _kept(connection, object_type, now)
    settings.switch(object_type, on=form.cleaned_data["on"], by=name_of(request.user), now=now)
    return redirect("object-type", connection.pk, object_type)


def _kept(connection: Connection, object_type: ObjectType, now: datetime) -> ObjectSettings:
    """Return the settings to change; a type newer than the connection's setup gets its row now."""
    ObjectSettings.objects.seed(connection.pk, object_type, now)
    return ObjectSettings.objects.get(connection=connection, object_type=object_type.slug)


def _page(
    request: HtmxRequest,
    connection: Connection,
    object_type: ObjectType,
    now: datetime,
    **refused: Any,
) -> HttpResponse:
    context = page_context(request, connection, object_type, now, **refused)
    return render(request, "objects/page.html", context)
