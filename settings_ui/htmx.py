"""A request as our middleware leaves it, and the two ways to answer an action."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    htmx: HtmxDetails
    user: User  # everybody is signed in: LoginRequiredMiddleware


def fragment_or_page(
    request: HtmxRequest, template: str, context: dict[str, Any], *, back_to: str
) -> HttpResponse:
    """Answer an action: htmx gets the fragment that changed, a plain form goes back to its page.

    context["notice"], if any, is a refusal: the fragment shows it, the page gets it as a message.
    """
    if request.htmx:
        return render(request, template, context)
    if notice := context.get("notice"):
        messages.warning(request, notice)
    return redirect(back_to)
