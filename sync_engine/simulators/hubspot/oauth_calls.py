"""The token endpoints: /oauth/v1, /oauth/v3 and /oauth/2026-03. Source: hubspot-api.md 13.2."""

from __future__ import annotations

from typing import Any

from sync_engine.simulators.hubspot.account import Account
from sync_engine.simulators.hubspot.call import Answer, Call
from sync_engine.simulators.hubspot.errors import HubSpotError
from sync_engine.simulators.hubspot.tokens import (
    CLIENT_ID,
    CLIENT_SECRET,
    LIFETIME,
    Grant,
    oauth_error,
)
from sync_engine.simulators.hubspot.users import APP_ID, HUB_DOMAIN, PORTAL_ID, USERS


def give_token(call: Call) -> Answer:
    sent, account = call.request.form, call.account
    _check_client(sent)
    match sent.get("grant_type"):
        case "authorization_code":
            refresh_token, _ = account.tokens.redeem(sent, account.now())
        case "refresh_token":
            refresh_token = sent.get("refresh_token", "")
        case _:
            raise oauth_error("BAD_GRANT_TYPE", "missing or unknown grant type")
    access_token, grant = account.tokens.renew(refresh_token, account.now())
    found: dict[str, Any] = {
        "token_type": "bearer",
        "access_token": access_token,
        "refresh_token": refresh_token,
        "expires_in": LIFETIME,
    }
    if call.family != "v1":
        found |= {
            "token_use": "access_token",
            "hub_id": PORTAL_ID,
            "user_id": grant.user_id,
            "scopes": list(grant.scopes),
        }
    return 200, found


def _check_client(sent: dict[str, str]) -> None:
    if sent.get("client_id") != CLIENT_ID:
        raise oauth_error("BAD_CLIENT_ID", "missing or invalid client id")
    if sent.get("client_secret") != CLIENT_SECRET:
        raise oauth_error("BAD_CLIENT_SECRET", "missing or invalid client secret")


def introspect(call: Call) -> Answer:
    _check_client(call.request.form)
    token = call.request.form.get("token", "")
    tokens, now = call.account.tokens, call.account.now()
    grant = tokens.access.get(token)
    if grant is not None and not (grant.expires and grant.expires <= now):
        return 200, {"active": True, "token_use": "access_token"} | _about_access(token, grant, now)
    held = tokens.refresh.get(token)
    if held is not None:
        return 200, {"active": True, "token_use": "refresh_token"} | _about(token, held, "refresh")
    return 200, {"active": False}


def revoke(call: Call) -> Answer:
    _check_client(call.request.form)
    call.account.tokens.revoke(call.request.form.get("token", ""))
    return 200, {}


def access_token_about(call: Call) -> Answer:
    (token,) = call.args
    now = call.account.now()
    grant = call.account.tokens.access.get(token)
    if grant is None or (grant.expires and grant.expires <= now):
        raise _unknown_token("access token expired or unknown")
    return 200, _about_access(token, grant, now)


def key_about(call: Call) -> Answer:
    """What the token of a private app, or a service key, allows: told to who knows it."""
    grant = call.account.tokens.access.get(str(call.body().get("tokenKey")))
    if grant is None or not grant.is_service_key:
        raise _unknown_token("access token unknown")
    return 200, {
        "userId": grant.user_id,
        "hubId": PORTAL_ID,
        "appId": APP_ID,
        "scopes": list(grant.scopes),
    }


def refresh_token_about(call: Call) -> Answer:
    (token,) = call.args
    return 200, _about(token, _refresh_grant(call.account, token), "refresh")


def refresh_token_delete(call: Call) -> Answer:
    (token,) = call.args
    _refresh_grant(call.account, token)
    call.account.tokens.revoke(token)
    return 204, None


def _refresh_grant(account: Account, token: str) -> Grant:
    if token not in account.tokens.refresh:
        raise _unknown_token("refresh token is unknown")
    return account.tokens.refresh[token]


def _unknown_token(message: str) -> HubSpotError:
    return HubSpotError(404, message, override={"status": "error", "message": message})


def _about_access(token: str, grant: Grant, now: int) -> dict[str, Any]:
    # A service key lasts; the contract wants a number all the same.
    lasts = (grant.expires - now) // 1000 if grant.expires else LIFETIME
    return {**_about(token, grant, "access"), "expires_in": lasts}


def _about(token: str, grant: Grant, token_type: str) -> dict[str, Any]:
    user = next(user for user in USERS if user.id == grant.user_id)
    return {
        "token": token,
        "user": user.email,
        "hub_domain": HUB_DOMAIN,
        "scopes": list(grant.scopes),
        "hub_id": PORTAL_ID,
        "client_id": CLIENT_ID,
        "app_id": APP_ID,
        "user_id": grant.user_id,
        "token_type": token_type,
    }
