"""The person who looks: signs in, signs out, chooses a theme."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from settings_ui.attempts import LIMIT, Attempts
from settings_ui.htmx import HtmxRequest

THEMES = ("light", "dark")


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HtmxRequest) -> HttpResponse:
    if request.htmx:  # a fragment, asked for too late: the whole page goes
        query = urlencode({"next": request.htmx.current_url_abs_path or ""})
        return HttpResponseClientRedirect(f"{resolve_url('sign-in')}?{query}")
    if request.user.is_authenticated:
        return redirect(_next(request))
    if request.method != "POST":
        return render(request, "person/sign_in.html", {"next": request.GET.get("next", "")})
    return _try(request)


def _try(request: HtmxRequest) -> HttpResponse:
    name = request.POST.get("username", "").strip()
    attempts = Attempts(request.META.get("REMOTE_ADDR", ""), name)
    used = attempts.take()
    if used <= LIMIT:
        user = authenticate(
            request, username=_username(name), password=request.POST.get("password", "")
        )
        if user is not None:
            attempts.forget()
            login(request, user)
            return redirect(_next(request))
    refused = {"name": name, "used": used, "limit": LIMIT, "is_refused": True}
    return render(
        request,
        "person/sign_in.html",
        {**refused, "is_paused": used >= LIMIT, "next": request.POST.get("next", "")},
    )


def _username(name: str) -> str:
    """Return the user name of whoever typed an e-mail address instead."""
    if "@" not in name:
        return name
    users = User.objects.filter(email__iexact=name)[:2]
    return users[0].username if len(users) == 1 else name


def _next(request: HtmxRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else resolve_url("home")


@require_POST
def sign_out(request: HtmxRequest) -> HttpResponse:
    logout(request)
    return redirect("sign-in")


@require_POST
def theme(request: HtmxRequest) -> HttpResponse:
    """Keep the theme in a cookie; templates write it into <html>. Any other value: the system's."""
    chosen = request.POST.get("theme", "")
    response = HttpResponse(status=204) if request.htmx else redirect("home")
    if chosen in THEMES:
        year = timedelta(days=365)
        response.set_cookie(
            "theme", chosen, max_age=year, secure=settings.IS_HTTPS, httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie("theme")
    return response
