"""Logging in to a CRM by OAuth: out to its login page, and back with a code. Source: sync.md 7."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_POST, require_safe

from settings_ui.access import admin_only
from settings_ui.htmx import HtmxRequest
from sync_engine.core.errors import CrmError
from sync_engine.core.values import Crm
from sync_engine.models import Connection
from sync_engine.runs import connect

SESSION_KEY = "crm-login"


@require_POST
@admin_only
def start(request: HtmxRequest, crm: Crm) -> HttpResponse:
    """Go to the CRM's login page. What comes back must bear this state, once, in this session."""
    known = request.POST.get("connection")
    connection = get_object_or_404(Connection.objects.connected(), pk=known) if known else None
    login: dict[str, Any] = {
        "state": secrets.token_urlsafe(32),
        "verifier": secrets.token_urlsafe(64),
        "crm": crm.value,
        "connection": connection.pk if connection else None,
        "sandbox": "sandbox" in request.POST,
        "admin": request.user.pk,
    }
    try:
        address = connect.login_url(
            crm, state=login["state"], verifier=login["verifier"], sandbox=login["sandbox"]
        )
    except CrmError as error:
        messages.error(request, sentence_of(error))
        return redirect("setup", connection.pk) if connection else redirect("connect")
    request.session[SESSION_KEY] = login
    return redirect(address)


@require_safe
@admin_only
def callback(request: HtmxRequest, crm: Crm) -> HttpResponse:
    """Come back from the CRM. Every refusal is a sentence on the page that is next."""
    login = request.session.pop(SESSION_KEY, None)
    if not _is_ours(request, crm, login):
        messages.error(request, f"This login to {crm.label} was not begun here. Log in again.")
        return redirect("connect")
    back = login["connection"]
    if "code" not in request.GET:
        messages.error(request, _refusal(request, crm))
        return redirect("setup", back) if back else redirect("connect")
    try:
        connection = connect.complete_login(
            Connection.objects.connected().filter(pk=back).first(),
            crm,
            code=request.GET["code"],
            verifier=login["verifier"],
            sandbox=login["sandbox"],
            now=timezone.now(),
        )
    except connect.OtherAccount as other:
        messages.error(request, str(other))
    except CrmError as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, f"Logged in to {crm.label}.")
        back = connection.pk
    return redirect("setup", back) if back else redirect("connect")


def sentence_of(error: CrmError) -> str:
    """Say what a CRM refused, in its own words where it gave some."""
    problem = error.problem
    return f"{problem.crm.label}: {problem.type.title}. {problem.message or problem.type.meaning}"


def _is_ours(request: HtmxRequest, crm: Crm, login: dict[str, Any] | None) -> bool:
    return (
        login is not None
        and constant_time_compare(login["state"], request.GET.get("state", ""))
        and login["crm"] == crm.value
        and login["admin"] == request.user.pk
    )


def _refusal(request: HtmxRequest, crm: Crm) -> str:
    said = request.GET.get("error_description") or request.GET.get("error") or "It gave no reason."
    return f"{crm.label} did not let us in: {said}"
