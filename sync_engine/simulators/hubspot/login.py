"""The page where a person lets an app into the account: /oauth/authorize.

A person picks who they are and presses Connect app or Cancel. Automated callers post the same
form: the query's fields, `user` (a user's id) and `decision` (allow or deny).
Source: hubspot-api.md 13.2.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode, urlsplit

from sync_engine.simulators.access import Access, access_page, refusal_page
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
_VERBS = {"read": "see", "write": "change", "read_write": "see and change"}
_RESOURCES = {
    "oauth": "Know the account and who connected it",
    "tickets": "Tickets and their properties: see and change",
    "communication_preferences": "Subscription preferences",
    "communication_preferences.statuses.batch": "Subscription preferences of many at once",
}


def login(account: Account, request: Request) -> Response:
    """Show the page, or act on its form. A wrong app or address is told here, never sent on."""
    asked = {name: request.first(name) for name in FIELDS}
    if request.method == "POST":
        asked = {name: request.form.get(name, "") for name in FIELDS}
    problem = _problem(asked)
    if problem:
        return html_response(400, refusal_page("HubSpot", problem))
    if request.method != "POST":
        return html_response(200, access_page(_access(asked)))
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
        return "There is no app with this client id."
    if not _is_loopback(asked["redirect_uri"]):
        return "The redirect address is not one of this app’s."
    if "oauth" not in asked["scope"].split():
        return "The scope oauth is missing."
    if asked["code_challenge"] and asked["code_challenge_method"] not in ("", "S256"):
        return "The code challenge method has to be S256."
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


def _access(asked: Mapping[str, str]) -> Access:
    at_work = [(str(user.id), user.name) for user in USERS if user.active]
    required, optional = (_in_words(asked[name].split()) for name in ("scope", "optional_scope"))
    return Access(
        crm="HubSpot",
        app=APP_NAME,
        account=f"Account {PORTAL_ID}, {HUB_DOMAIN}",
        wants=[*required, *((f"{words} (optional)", names) for words, names in optional)],
        people=at_work,
        chosen=at_work[0][0],
        action="/oauth/authorize",
        form={name: value for name, value in asked.items() if value},
    )


def _in_words(scopes: Sequence[str]) -> list[tuple[str, str]]:
    """Return what scopes allow, those of one thing together, and how they are called."""
    by_thing: dict[str, list[str]] = {}
    for scope in dict.fromkeys(scopes):
        thing, _, verb = scope.rpartition(".")
        by_thing.setdefault(thing if verb in _VERBS else scope, []).append(scope)
    return [(_words(thing, names), " ".join(names)) for thing, names in by_thing.items()]


def _words(thing: str, scopes: Sequence[str]) -> str:
    _, _, name = thing.rpartition(".")
    plain = name.replace("_", " ")
    about_kind = f"Properties of {plain}" if ".schemas." in thing else plain.capitalize()
    verbs = [_VERBS[verb] for scope in scopes if (verb := scope.rpartition(".")[2]) in _VERBS]
    words = _RESOURCES.get(thing, about_kind)
    return f"{words}: {' and '.join(verbs)}" if verbs else words
