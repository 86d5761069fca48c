"""Disconnecting two accounts: what goes, what stays, and a phrase to type (product.md 4.6)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from settings_ui.access import admin_only, for_connection
from settings_ui.frame import name_of
from settings_ui.htmx import HtmxRequest
from sync_engine.models import Connection, FieldMapping, RecordLink
from sync_engine.runs.disconnect import KEPT, NOT_KEPT, disconnect
from sync_engine.tasks import forget

PHRASE = "Uninstall Salesforce"

_KEEP = {"month": KEPT, "nothing": NOT_KEPT}


class DisconnectForm(forms.Form):
    """keep: how long links and history stay."""

    phrase = forms.CharField(max_length=100)
    keep = forms.TypedChoiceField(
        choices=[(name, name) for name in _KEEP], coerce=_KEEP.__getitem__
    )

    def clean_phrase(self) -> str:
        phrase = str(self.cleaned_data["phrase"])
        if phrase.casefold() != PHRASE.casefold():
            raise ValidationError("That is not the phrase.")
        return phrase


@require_http_methods(["GET", "HEAD", "POST"])
@admin_only
@for_connection
def disconnect_page(request: HtmxRequest, connection: Connection) -> HttpResponse:
    """Ask first. Anything but the phrase disconnects nothing."""
    form = DisconnectForm(request.POST) if request.method == "POST" else DisconnectForm()
    if not form.is_valid():
        return render(request, "connections/disconnect.html", _context(connection, form))
    refused = disconnect(
        connection,
        keep=form.cleaned_data["keep"],
        by=name_of(request.user),
        now=timezone.now(),
    )
    forget.delay()
    messages.success(request, f"{connection} is disconnected. No record was touched.")
    for sentence in refused:
        messages.warning(request, sentence)
    return redirect("home")


def _context(connection: Connection, form: DisconnectForm) -> dict[str, Any]:
    return {
        "connection": connection,
        "phrase": PHRASE,
        "typed": form.data.get("phrase", ""),
        "keep": form.data.get("keep", "month"),
        "is_refused": form.is_bound,
        "days": KEPT.days,
        "mappings": FieldMapping.objects.filter(connection=connection).count(),
        "links": RecordLink.objects.filter(connection=connection).count(),
    }
