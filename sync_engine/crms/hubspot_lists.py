"""HubSpot's lists over HTTP. Source: hubspot-api.md 10."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from sync_engine.core import error_types
from sync_engine.core.allocation import Cause
from sync_engine.core.errors import CrmError
from sync_engine.crms.hubspot_api import HubspotApi
from sync_engine.crms.hubspot_paths import path
from sync_engine.crms.lists import Joined, RecordList

_LISTS_A_PAGE = 500
_MEMBERS_A_PAGE = 250

# What a search for lists names its object by (hubspot-api.md 5.1).
_TYPE_IDS = {"contacts": "0-1", "companies": "0-2", "deals": "0-3", "tickets": "0-5"}

# (cursor of the page, its rows)
_Page = tuple[str, Sequence[Mapping[str, Any]]]


class HubspotLists:
    def __init__(self, api: HubspotApi) -> None:
        self._api = api

    def active(self, object_name: str) -> Sequence[RecordList]:
        found: list[RecordList] = []
        while True:
            body = {
                "processingTypes": ["DYNAMIC"],
                "objectTypeId": _TYPE_IDS.get(object_name, object_name),
                "additionalProperties": ["hs_list_size"],
                "count": _LISTS_A_PAGE,
                "offset": len(found),
            }
            answer = self._api.read(Cause.DESCRIBE, "POST", path("lists", "search"), body)
            found += map(_list, answer["lists"])
            if not answer["hasMore"]:
                return sorted(found, key=lambda one: one.name.lower())

    def named(self, list_id: str) -> RecordList | None:
        try:
            answer = self._api.read(Cause.POLLING, "GET", path("lists", list_id))
        except CrmError as error:
            if error.problem.type is error_types.DELETED:
                return None
            raise
        return _list(answer["list"]) if answer["list"]["processingType"] == "DYNAMIC" else None

    def members(self, list_id: str) -> set[str]:
        pages = self._pages(path("lists", list_id, "memberships"), "")
        return {str(row["recordId"]) for _, rows in pages for row in rows}

    def joined(self, list_id: str, cursor: str) -> Joined:
        """The last page is read again the next time: HubSpot gives no cursor for its end."""
        ids: list[str] = []
        for at, rows in self._pages(path("lists", list_id, "memberships", "join-order"), cursor):
            ids += [str(row["recordId"]) for row in rows]
            cursor = at
        return Joined(ids, cursor)

    def _pages(self, where: str, cursor: str) -> Iterator[_Page]:
        while True:
            asked = {"limit": _MEMBERS_A_PAGE, **({"after": cursor} if cursor else {})}
            answer = self._api.read(Cause.POLLING, "GET", f"{where}?{urlencode(asked)}")
            yield cursor, answer["results"]
            following = (answer.get("paging") or {}).get("next")
            if following is None:
                return
            cursor = following["after"]


def _list(found: Mapping[str, Any]) -> RecordList:
    more = found.get("additionalProperties") or {}
    size = more.get("hs_list_size") or found.get("size") or 0
    return RecordList(str(found["listId"]), found["name"], int(size))
