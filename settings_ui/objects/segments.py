"""Limiting what syncs: choosing the inclusion segment of an object type (product.md 6.1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from settings_ui.access import admin_only, for_connection
from settings_ui.connections.login import sentence_of
from settings_ui.frame import name_of
from settings_ui.htmx import HtmxRequest
from settings_ui.objects.forms import SegmentForm
from settings_ui.objects.limit import limit_of
from settings_ui.objects.page import page_context
from settings_ui.words import at_clock
from sync_engine.core.catalog import ObjectType
from sync_engine.core.errors import CrmError
from sync_engine.models import Connection, Segment, SettingChange
from sync_engine.models.segment import changes_of
from sync_engine.runs.choose_segment import NotOffered, choose, offered


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@admin_only
@for_connection
def segment(request: HtmxRequest, connection: Connection, object_type: ObjectType) -> HttpResponse:
    """Ask HubSpot for its segments and show them, or choose one of them."""
    if not object_type.may_have_segment:
        raise Http404
    if request.method == "POST":
        return _choose(request, connection, object_type, timezone.now())
    return _answer(request, connection, object_type, **_offered(connection, object_type))


@require_POST
@admin_only
@for_connection
def go_on(request: HtmxRequest, connection: Connection, object_type: ObjectType) -> HttpResponse:
    """Keep a segment that is empty: nobody syncs, and the object type stops asking."""
    form = SegmentForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("Say which segment you saw.")
    try:
        Segment.objects.go_on(
            connection.pk,
            object_type.slug,
            seen=form.cleaned_data["seen"],
            by=name_of(request.user),
            now=timezone.now(),
        )
    except Segment.ChangedMeanwhile:
        messages.warning(request, "The segment is not as you saw it. Nothing was changed.")
    else:
        messages.success(request, "Nobody syncs until somebody joins the segment.")
    return redirect("object-type", connection.pk, object_type)


def _choose(
    request: HtmxRequest, connection: Connection, object_type: ObjectType, now: datetime
) -> HttpResponse:
    """Save a choice at once; one that is refused stays on the page with the reason."""
    form = SegmentForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("Say which segment, and which one you saw.")
    wanted, seen = form.cleaned_data["chosen"], form.cleaned_data["seen"]
    if not wanted and not form.cleaned_data["confirmed"]:
        return _answer(request, connection, object_type, asks_for_everybody=True)
    by = name_of(request.user)
    try:
        if wanted:
            choose(connection, object_type, wanted, seen=seen, by=by, now=now)
        else:
            Segment.objects.choose(connection.pk, object_type.slug, None, seen=seen, by=by, now=now)
    except Segment.ChangedMeanwhile:
        theirs = _theirs(connection, object_type, now)
        return _answer(request, connection, object_type, **theirs, wanted=wanted)
    except (CrmError, NotOffered) as refused:
        said = sentence_of(refused) if isinstance(refused, CrmError) else str(refused)
        return _answer(request, connection, object_type, refusal="Nothing was saved", detail=said)
    messages.success(request, "The inclusion segment is saved.")
    return redirect(f"{reverse('object-type', args=[connection.pk, object_type])}#segment")


def _offered(connection: Connection, object_type: ObjectType) -> dict[str, Any]:
    try:
        return {"offered": offered(connection, object_type)}
    except CrmError as error:
        return {"not_read": sentence_of(error)}


def _theirs(connection: Connection, object_type: ObjectType, now: datetime) -> dict[str, Any]:
    """Say who was quicker, and to what the segment was changed."""
    changes = SettingChange.objects.filter(connection=connection, what=changes_of(object_type.slug))
    change = changes.first()
    if change is None:
        return {"refusal": "The segment was changed meanwhile", "detail": KEPT}
    return {
        "refusal": format_html("{} changed this {}", change.by, at_clock(change.at, now)),
        "detail": f"{change}. {KEPT}",
    }


KEPT = "Your choice is not saved. Choose again, or leave it as it is."


def _answer(
    request: HtmxRequest, connection: Connection, object_type: ObjectType, **shown: Any
) -> HttpResponse:
    """Answer with the section, or with the whole tab where htmx did not ask.

    shown: what HubSpot offers or why it does not, a question, a refusal with its detail
    """
    now = timezone.now()
    if request.htmx:
        limit = {**limit_of(connection, object_type), **shown, "object_type": object_type}
        return render(
            request,
            "objects/_segment.html",
            {**limit, "connection": connection, "is_admin": True, "now": now},
        )
    context = page_context(request, connection, object_type, now, **shown)
    return render(request, "objects/page.html", context)
