"""Who may do what, and to which connection. Everybody has signed in before they come here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from settings_ui.htmx import HtmxRequest
from sync_engine.models import Connection

P = ParamSpec("P")


def admin_only(
    view: Callable[Concatenate[HtmxRequest, P], HttpResponse],
) -> Callable[Concatenate[HtmxRequest, P], HttpResponse]:
    """Turn a viewer away with a page that says why."""

    @wraps(view)
    def guarded(request: HtmxRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_staff:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def for_connection(
    view: Callable[Concatenate[HtmxRequest, Connection, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Give the view the Connection that the address names, with its allocation; 404 if none.

    One that is not set up yet has nothing to show: its setup page is next.
    """

    @wraps(view)
    def resolved(
        request: HtmxRequest, connection: int, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        connected = Connection.objects.connected().select_related("allocation")
        found = get_object_or_404(connected, pk=connection)
        if found.set_up_at is None:
            return redirect("setup", found.pk)
        return view(request, found, *args, **kwargs)

    return resolved
