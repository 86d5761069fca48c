"""Who may own a record in HubSpot (hubspot-api.md 11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from sync_engine.core.allocation import Cause
from sync_engine.core.owners import Owner
from sync_engine.crms.hubspot_api import HubspotApi
from sync_engine.crms.hubspot_paths import path

_OWNERS_A_PAGE = 500


def owners(api: HubspotApi) -> list[Owner]:
    """Ask for every owner, archived ones too; one call for 500 of either. Raises CrmError."""
    return [_owner(row) for archived in ("false", "true") for row in _rows(api, archived)]


def _rows(api: HubspotApi, archived: str) -> Iterator[Mapping[str, Any]]:
    after = ""
    while True:
        where = f"{path('owners')}/?limit={_OWNERS_A_PAGE}&archived={archived}{after}"
        answer = api.read(Cause.DESCRIBE, "GET", where)
        yield from answer["results"]
        following = (answer.get("paging") or {}).get("next")
        if not following:
            return
        after = f"&after={quote(str(following['after']), safe='')}"


def _owner(row: Mapping[str, Any]) -> Owner:
    names = (row.get("firstName"), row.get("lastName"))
    return Owner(
        str(row["id"]),
        " ".join(filter(None, names)),
        row.get("email") or "",
        is_active=not row.get("archived"),
        is_queue=row.get("type") == "QUEUE",
    )
