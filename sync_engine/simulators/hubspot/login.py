"""The page where a person lets an app into the account: /oauth/authorize.

A person picks who they are and presses Connect app or Cancel. Automated callers post the same
form: the query's fields, `user` (a user's id) and `decision` (allow or deny).
Source: hubspot-api.md 13.2.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode, urlsplit

from sync_engine.simulators.http import Request, Response, html_response, redirect
from sync_engine.simulators.hubspot.account import Account
from sync_engine.simulators.hubspot.tokens import CLIENT_ID
from sync_engine.simulators.hubspot.users import (
    APP_NAME,
    HUB_DOMAIN,
    PORTAL_ID,
    USERS,
    User,
    user_by_id,
)

FIELDS = (
    "client_id",
    "redirect_uri",
    "scope",
    "optional_scope",
    "state",
    "code_challenge",
    "code_challenge_method",
)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Connect an app to HubSpot</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body {{ font: 16px/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 34rem; padding: 0 1rem }}
button {{ font: inherit; padding: .5rem 1.2rem }}</style></head>
<body><main><h1>{title}</h1>{content}</main></body></html>"""


def login(account: Account, request: Request) -> Response:
    """Show the page, or act on its form. A wrong app or address is told here, never sent on."""
    asked = {name: request.first(name) for name in FIELDS}
    if request.method == "POST":
        asked = {name: request.form.get(name, "") for name in FIELDS}
    problem = _problem(asked)
    if problem:
        return html_response(
            400, _PAGE.format(title="This app cannot be connected", content=problem)
        )
    if request.method != "POST":
        return html_response(200, _form(asked))
    user = user_by_id(request.form.get("user", ""))
    if request.form.get("decision") != "allow" or user is None:
        denied = {"error": "access_denied", "error_description": "The user denied the request"}
        return redirect(_back(asked, denied))
    return redirect(_back(asked, {"code": _code(account, asked, user)}))


def _code(account: Account, asked: Mapping[str, str], user: User) -> str:
    scopes = tuple(dict.fromkeys(f"{asked['scope']} {asked['optional_scope']}".split()))
    return account.tokens.new_code(user.id, asked, scopes, account.now())


def _problem(asked: Mapping[str, str]) -> str:
    """Return what is wrong with a request to be let in, "" if nothing is."""
    if asked["client_id"] != CLIENT_ID:
        return "<p>There is no app with this client id.</p>"
    if not _is_loopback(asked["redirect_uri"]):
        return "<p>The redirect address is not one of this app's.</p>"
    if "oauth" not in asked["scope"].split():
        return "<p>The scope <code>oauth</code> is missing.</p>"
    if asked["code_challenge"] and asked["code_challenge_method"] not in ("", "S256"):
        return "<p>The code challenge method has to be S256.</p>"
    return ""


def _is_loopback(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        host = parts.hostname or ""
        is_local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and is_local


def _back(asked: Mapping[str, str], found: Mapping[str, str]) -> str:
    state = {"state": asked["state"]} if asked["state"] else {}
    joint = "&" if "?" in asked["redirect_uri"] else "?"
    return f"{asked['redirect_uri']}{joint}{urlencode({**found, **state})}"


def _form(asked: Mapping[str, str]) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in asked.items()
        if value
    )
    people = "".join(
        f'<option value="{user.id}">{escape(user.name)}</option>' for user in USERS if user.active
    )
    scopes = "".join(f"<li>{escape(scope)}</li>" for scope in asked["scope"].split())
    content = f"""<p>{escape(APP_NAME)} asks for access to account {PORTAL_ID} ({HUB_DOMAIN}):</p>
<ul>{scopes}</ul>
<form method="post" action="/oauth/authorize">{hidden}
<p><label>Log in as <select name="user">{people}</select></label></p>
<p><button name="decision" value="allow">Connect app</button>
<button name="decision" value="deny">Cancel</button></p></form>"""
    return _PAGE.format(title="Connect an app to HubSpot", content=content)
