"""Property mappings: between a property and a field stands the rule. Source: product.md 17."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from settings_ui.access import admin_only, for_connection
from settings_ui.connections.login import sentence_of
from settings_ui.frame import frame, name_of
from settings_ui.htmx import HtmxRequest
from settings_ui.mappings.forms import RuleForm
from settings_ui.mappings.listing import Refusal, Shown, listing
from settings_ui.objects.page import tab_context
from settings_ui.words import at_clock
from sync_engine.core.allocation import AllocationSpent
from sync_engine.core.catalog import CATALOG, ObjectType
from sync_engine.core.errors import CrmError
from sync_engine.core.sync_rules import SyncRule
from sync_engine.models import Connection, FieldMapping
from sync_engine.runs.connect import crms_of
from sync_engine.runs.properties import NothingToMake, create_property


@require_safe
@vary_on_headers("HX-Request")
@for_connection
def mappings(request: HtmxRequest, connection: Connection, object_type: ObjectType) -> HttpResponse:
    return _answer(request, connection, object_type, Shown())


@require_safe
@vary_on_headers("HX-Request")
@admin_only
@for_connection
def edit_mapping(request: HtmxRequest, connection: Connection, pk: int) -> HttpResponse:
    mapping = get_object_or_404(FieldMapping, pk=pk, connection=connection)
    return _answer(request, connection, CATALOG[mapping.object_type], Shown(opened=pk))


@require_POST
@admin_only
@for_connection
def change_rule(request: HtmxRequest, connection: Connection, pk: int) -> HttpResponse:
    """Save a rule; one that is refused stays open with the reason."""
    mapping = get_object_or_404(FieldMapping, pk=pk, connection=connection)
    object_type = CATALOG[mapping.object_type]
    refusal = _change_rule(mapping, RuleForm(request.POST), name_of(request.user), timezone.now())
    if refusal:
        return _answer(request, connection, object_type, Shown(opened=pk, refusal=refusal))
    if request.htmx:
        return _answer(request, connection, object_type, Shown(saved=pk))
    address = reverse("mappings", args=[connection.pk, object_type])
    return redirect(f"{address}?{request.GET.urlencode()}#mapping-{pk}")


@require_POST
@admin_only
@for_connection
def make_property(request: HtmxRequest, connection: Connection, pk: int) -> HttpResponse:
    """Make the HubSpot property that a mapping lacks; a refusal is a sentence on the page."""
    mapping = get_object_or_404(FieldMapping, pk=pk, connection=connection)
    try:
        create_property(mapping, crms_of(connection), by=name_of(request.user), now=timezone.now())
    except (NothingToMake, AllocationSpent) as refused:
        messages.warning(request, str(refused))
    except CrmError as error:
        messages.error(request, f"The property was not created. {sentence_of(error)}")
    else:
        made = f"The property {mapping.hubspot_field} is created in HubSpot."
        messages.success(request, f"{made} It is filled as records change.")
    address = reverse("mappings", args=[connection.pk, CATALOG[mapping.object_type]])
    return redirect(f"{address}?{request.GET.urlencode()}#mapping-{pk}")


def _change_rule(mapping: FieldMapping, form: RuleForm, by: str, now: datetime) -> Refusal | None:
    if not form.is_valid():
        return Refusal("Nothing was saved", "Choose one of the four rules.", None)
    rule: SyncRule = form.cleaned_data["rule"]
    try:
        mapping.change_rule(rule, seen=form.cleaned_data["version"], by=by, now=now)
    except FieldMapping.NotAllowed as not_allowed:
        return Refusal("This rule is fixed", str(not_allowed), None)
    except FieldMapping.ChangedMeanwhile:
        return _changed_meanwhile(mapping, rule, now)
    return None


def _changed_meanwhile(mapping: FieldMapping, wanted: SyncRule, now: datetime) -> Refusal:
    change = mapping.rule_set_by
    who = (
        format_html("{} changed this {}", change.by, at_clock(change.at, now))
        if change
        else "This was changed meanwhile"
    )
    name = mapping.hubspot_label or mapping.hubspot_field
    detail = (
        f"{name} is now {SyncRule(mapping.sync_rule).label}. "
        f"Your choice, {wanted.label}, is not saved. Save it now, or cancel to keep theirs."
    )
    return Refusal(who, detail, wanted)


def _answer(
    request: HtmxRequest,
    connection: Connection,
    object_type: ObjectType,
    shown: Shown,
) -> HttpResponse:
    """Answer with the table, or with the whole page where htmx did not ask."""
    now = timezone.now()
    table = {**listing(request, connection, object_type, shown), "now": now}
    if request.htmx:
        return render(request, "mappings/_mappings.html", table)
    page = {
        **frame(request, connection, tab=object_type.slug, now=now),
        **tab_context(connection, object_type),
        **table,
    }
    return render(request, "mappings/page.html", page)
