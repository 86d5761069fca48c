"""Logging in to both CRMs: a person lets us in there, and we exchange the code for tokens.

Source: salesforce-api.md 1.3 and 1.4, hubspot-api.md 13. PKCE (S256) on both.
"""

from __future__ import annotations

import hmac
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import requests

from sync_engine.core import error_types as types
from sync_engine.core.errors import CrmError, ErrorType, Problem
from sync_engine.core.permissions import scopes
from sync_engine.core.values import Crm
from sync_engine.crms.access import Hosts
from sync_engine.crms.deadline import TIMEOUTS, bind
from sync_engine.crms.hubspot_api import problem_of
from sync_engine.crms.hubspot_paths import path
from sync_engine.crms.salesforce_api import first_problem

_AUTHORISE = {Crm.SALESFORCE: "/services/oauth2/authorize", Crm.HUBSPOT: "/oauth/authorize"}
_TOKEN = {Crm.SALESFORCE: "/services/oauth2/token", Crm.HUBSPOT: path("token")}
_REVOKE = {Crm.SALESFORCE: "/services/oauth2/revoke", Crm.HUBSPOT: path("revoke")}

# Salesforce's answers about a token that is revoked already.
_UNKNOWN_TOKEN = ("unsupported_token_type", "invalid_token")


@dataclass(frozen=True, slots=True)
class App:
    """Our app as it is registered with a CRM.

    login_url     where a person lets us in; scheme and host
    token_url     where tokens are given out; Salesforce: the org's own address once it is known
    redirect_uri  where the person comes back to
    """

    crm: Crm
    client_id: str
    client_secret: str = field(repr=False)
    login_url: str
    token_url: str
    redirect_uri: str
    hosts: Hosts


@dataclass(frozen=True, slots=True)
class Granted:
    """What a CRM gave us.

    refresh_token  "" where the one that was sent stays good
    url            where the API is reached; Salesforce may move it at each refresh
    lasts          None where the CRM does not say (Salesforce)
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    url: str
    lasts: timedelta | None = None


def authorise_url(app: App, *, state: str, verifier: str) -> str:
    """Return the address of the page where a person lets us in; raises CrmError."""
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": app.redirect_uri,
        **_scopes(app.crm),
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{app.hosts.check(app.login_url)}{_AUTHORISE[app.crm]}?{urlencode(query)}"


def _scopes(crm: Crm) -> dict[str, str]:
    """Name what we ask for. Where HubSpot cannot grant what is optional, it lets us in without."""
    if crm is Crm.SALESFORCE:
        return {"scope": "api refresh_token openid id"}  # openid and id: who is signed in
    vital, others = scopes()
    return {"scope": " ".join(["oauth", *vital]), "optional_scope": " ".join(others)}


def exchange(app: App, *, code: str, verifier: str) -> Granted:
    """Exchange the code that the person brought back; raises CrmError."""
    return _granted(
        app,
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": app.redirect_uri,
            "code_verifier": verifier,
        },
    )


def refresh(app: App, refresh_token: str) -> Granted:
    """Return new tokens; raises CrmError, of type signed-out where we were shut out."""
    return _granted(app, {"grant_type": "refresh_token", "refresh_token": refresh_token})


def revoke(app: App, token: str) -> None:
    """Let the CRM forget a refresh token, and what it gave for it; raises CrmError. One that it
    has forgotten already is no error."""
    try:
        _send(app, _REVOKE[app.crm], {"token": token})
    except CrmError as error:
        if error.problem.code not in _UNKNOWN_TOKEN:
            raise


def _granted(app: App, form: Mapping[str, str]) -> Granted:
    answer = _send(app, _TOKEN[app.crm], form)
    url = app.token_url
    if app.crm is Crm.SALESFORCE:
        _verify(app, answer)
        url = app.hosts.check(str(answer["instance_url"])).rstrip("/")
    lasts = answer.get("expires_in")
    return Granted(
        access_token=str(answer["access_token"]),
        refresh_token=str(answer.get("refresh_token") or ""),
        url=url,
        lasts=timedelta(seconds=int(lasts)) if lasts else None,
    )


def _verify(app: App, answer: Mapping[str, Any]) -> None:
    """Make sure that Salesforce, which alone knows our secret too, wrote this answer."""
    signed = f"{answer['id']}{answer['issued_at']}".encode()
    expected = b64encode(hmac.digest(app.client_secret.encode(), signed, "sha256")).decode()
    if not hmac.compare_digest(expected, str(answer.get("signature", ""))):
        raise _failed(app, types.SIGNED_OUT, "The answer to the login bears a wrong signature.")


def _send(app: App, path: str, form: Mapping[str, str]) -> dict[str, Any]:
    url = app.hosts.check(app.token_url) + path
    form = {**form, "client_id": app.client_id, "client_secret": app.client_secret}
    try:
        with requests.Session() as session:
            bind(session)
            answer = session.post(url, data=form, timeout=TIMEOUTS, allow_redirects=False)
    except requests.RequestException as error:
        raise _failed(
            app, types.TEMPORARY, f"It could not be reached: {type(error).__name__}."
        ) from None
    try:
        body = answer.json() if answer.content else {}
    except requests.JSONDecodeError:
        body = {}
    if answer.status_code >= 300:
        read = first_problem if app.crm is Crm.SALESFORCE else problem_of
        raise CrmError(read(answer.status_code, body))
    return dict(body)


def _failed(app: App, type_: ErrorType, message: str) -> CrmError:
    return CrmError(Problem(app.crm, type_, message=message))
