"""HubSpot's search: an index of what changed, never of values (hubspot-api.md 7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sync_engine.core.allocation import Cause
from sync_engine.crms.base import Asked, ChangedRow
from sync_engine.crms.hubspot_api import HubspotApi
from sync_engine.crms.hubspot_fields import milliseconds, moment, stamp_property
from sync_engine.crms.hubspot_paths import path

_ROWS_A_SEARCH = 200


def pages(api: HubspotApi, asked: Asked) -> Iterator[list[ChangedRow]]:
    """Yield ids and stamps of what changed. Paged by id, never by offset: a search gives no more
    than its first 10,000 rows."""
    stamp, last = stamp_property(asked.object_name), "0"
    where = path("objects", asked.object_name, "search")
    while True:
        since = {"propertyName": stamp, "operator": "GTE", "value": milliseconds(asked.since)}
        rows = api.read(Cause.POLLING, "POST", where, _search(since, stamp, last))["results"]
        yield [
            ChangedRow(str(row["id"]), moment(row["properties"].get(stamp) or row["updatedAt"]))
            for row in rows
        ]
        if len(rows) < _ROWS_A_SEARCH:
            return
        last = str(rows[-1]["id"])


def holders(
    api: HubspotApi,
    object_name: str,
    name: str,
    *,
    after: str = "0",
    since: datetime | None = None,
    most: int = _ROWS_A_SEARCH,
) -> list[str]:
    """Return the ids of the next records that hold a value in a property: at most 200.

    since  only where the value is a time that is not earlier
    """
    wanted = {"propertyName": name, "operator": "HAS_PROPERTY"}
    if since is not None:
        wanted = {"propertyName": name, "operator": "GTE", "value": milliseconds(since)}
    body = _search(wanted, name, after) | {"limit": most}
    where = path("objects", object_name, "search")
    return [str(row["id"]) for row in api.read(Cause.READING, "POST", where, body)["results"]]


def _search(wanted: Mapping[str, str], name: str, after_id: str) -> dict[str, Any]:
    later = {"propertyName": "hs_object_id", "operator": "GT", "value": after_id}
    return {
        "filterGroups": [{"filters": [wanted, later]}],
        "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
        "properties": [name],
        "limit": _ROWS_A_SEARCH,
    }
