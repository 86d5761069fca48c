"""Who answers in HubSpot, as whom we ask, and what we may do (hubspot-api.md 11, 13).

A service key is no OAuth token: it is asked about elsewhere, and names neither user nor domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from sync_engine.core.allocation import Cause
from sync_engine.core.checks import Granted
from sync_engine.core.errors import CrmError, Remedy
from sync_engine.crms.base import AccountIdentity
from sync_engine.crms.described import Described
from sync_engine.crms.hubspot_api import HubspotApi
from sync_engine.crms.hubspot_paths import path
from sync_engine.crms.hubspot_search import holders

_KEY = "pat-"  # how service keys and the tokens of private apps begin

# Of HubSpot's own Salesforce integration: when it last wrote a contact.
_LAST_SYNC = "salesforcelastsynctime"
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class About:
    """What HubSpot says of our token; "" and None where it does not say.

    app_id  what our own entries of a property's history bear
    """

    app_id: str = ""
    user_id: str = ""
    user_name: str = ""
    domain: str = ""
    scopes: frozenset[str] | None = None


def about(api: HubspotApi) -> About:
    """Ask about our token; costs nothing. Raises CrmError."""
    token = api.access().token
    if token.startswith(_KEY):
        return _about_key(api, token)
    where = f"/oauth/v1/access-tokens/{quote(token, safe='')}"
    answer = api.read(Cause.DESCRIBE, "GET", where)
    return About(
        app_id=str(answer.get("app_id") or ""),
        user_id=str(answer.get("user_id") or ""),
        user_name=answer.get("user") or "",
        domain=answer.get("hub_domain") or "",
        scopes=frozenset(answer.get("scopes") or ()),
    )


def _about_key(api: HubspotApi, token: str) -> About:
    """Return what is told of a key. Where HubSpot tells nothing, nothing is known."""
    where = "/oauth/v2/private-apps/get/access-token-info"
    try:
        answer: Any = api.read(Cause.DESCRIBE, "POST", where, {"tokenKey": token})
    except CrmError as error:
        if error.problem.type.remedy is not Remedy.HOLD:
            raise
        return About()
    scopes = answer.get("scopes")
    return About(
        app_id=str(answer.get("appId") or ""),
        user_id=str(answer.get("userId") or ""),
        scopes=None if scopes is None else frozenset(scopes),
    )


def identity(api: HubspotApi) -> AccountIdentity:
    account = api.read(Cause.DESCRIBE, "GET", path("account", "details"))
    asked = about(api)
    return AccountIdentity(
        id=str(account["portalId"]),
        name=asked.domain or str(account["portalId"]),
        host=urlsplit(api.access().url).netloc,
        user_id=asked.user_id,
        user_name=asked.user_name,
        time_zone=account.get("timeZone") or "UTC",
        is_sandbox=account.get("accountType") == "SANDBOX",
    )


def granted(api: HubspotApi, described: Described) -> Granted:
    """Ask for our scopes, and with one search whether another integration is at work."""
    scopes = about(api).scopes
    may_look = scopes is None or "crm.objects.contacts.read" in scopes
    return Granted(scopes, syncs_elsewhere=may_look and _syncs_elsewhere(api, described))


def _syncs_elsewhere(api: HubspotApi, described: Described) -> bool:
    if _LAST_SYNC not in described.known("contacts"):
        return False
    since = api.clock.answered - _A_DAY
    return bool(holders(api, "contacts", _LAST_SYNC, since=since, most=1))
