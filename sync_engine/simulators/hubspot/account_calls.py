"""Calls about the account: owners, details, calls of the day. Source: hubspot-api.md 11."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sync_engine.simulators.hubspot.call import Answer, Call
from sync_engine.simulators.hubspot.errors import HubSpotError
from sync_engine.simulators.hubspot.times import iso
from sync_engine.simulators.hubspot.users import PORTAL_ID, TIME_ZONE, USERS, User


def details(call: Call) -> Answer:
    now: datetime = call.account.clock.now().astimezone(ZoneInfo(TIME_ZONE))
    offset = now.utcoffset()
    seconds = int(offset.total_seconds()) if offset else 0
    spelled = f"{now:%z}"
    return 200, {
        "portalId": PORTAL_ID,
        "accountType": "STANDARD",
        "timeZone": TIME_ZONE,
        "companyCurrency": "GBP",
        "additionalCurrencies": ["EUR", "USD"],
        "utcOffset": f"{spelled[:3]}:{spelled[3:]}",
        "utcOffsetMilliseconds": seconds * 1000,
        "uiDomain": "app-eu1.hubspot.com",
        "dataHostingLocation": "eu1",
    }


def daily_usage(call: Call) -> Answer:
    """Tell how much of the day's limit is used up, by all apps together."""
    now, day = call.account.now(), call.account.rates.day
    day.turn(now)
    found = {
        "name": "private-apps-api-calls-daily",
        "usageLimit": day.limit,
        "currentUsage": day.used,
        "collectedAt": iso(now),
        "fetchStatus": "SUCCESS",
        "resetsAt": iso(day.resets_at),
    }
    return 200, {"results": [found]}


def owners(call: Call) -> Answer:
    archived, email = call.flag("archived"), call.request.first("email").lower()
    limit = max(call.number("limit", 100, 500), 1)
    after = call.number("after", 0, 10**18)
    found = [
        user
        for user in USERS
        if user.active is not archived and email in ("", user.email) and user.owner_id >= after
    ]
    body: dict[str, Any] = {"results": [user.as_owner() for user in found[:limit]]}
    if len(found) > limit:
        following = str(found[limit].owner_id)
        body["paging"] = {"next": {"after": following, "link": f"?after={following}"}}
    return 200, body


def owner(call: Call) -> Answer:
    attribute = "id" if call.request.first("idProperty") == "userId" else "owner_id"
    user: User | None = next(
        (
            user
            for user in USERS
            if str(getattr(user, attribute)) == call.args[0]
            and user.active is not call.flag("archived")
        ),
        None,
    )
    if user is None:
        raise HubSpotError(404, "resource not found", "OBJECT_NOT_FOUND")
    return 200, user.as_owner()
