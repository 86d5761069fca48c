"""Calls about who is on a list. Source: hubspot-api.md 10."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from sync_engine.simulators.hubspot.call import Answer, Call, as_name, names_in, record_id
from sync_engine.simulators.hubspot.errors import HubSpotError, record_not_found
from sync_engine.simulators.hubspot.list_calls import existing
from sync_engine.simulators.hubspot.lists import RecordList
from sync_engine.simulators.hubspot.lookup import find
from sync_engine.simulators.hubspot.membership import add, members, refresh, remove
from sync_engine.simulators.hubspot.times import iso

LONGEST_PAGE = 250
MOST_COPIED = 100_000
Place = tuple[int, int]  # what a page is ordered by, and the record's id


def page(call: Call) -> Answer:
    """List the members by record id."""
    found = _members(call)
    return 200, _page(call, [((row_id, row_id), joined) for row_id, joined in found.items()])


def page_by_joining(call: Call) -> Answer:
    """List the members by when they joined."""
    found = _members(call)
    return 200, _page(call, [((joined, row_id), joined) for row_id, joined in found.items()])


def put(call: Call) -> Answer:
    asked = [as_name(one, "recordId") for one in call.body_list()]
    return 200, _change(call, asked, [])


def take_off(call: Call) -> Answer:
    asked = [as_name(one, "recordId") for one in call.body_list()]
    return 200, _change(call, [], asked)


def put_and_take_off(call: Call) -> Answer:
    body = call.body()
    return 200, _change(call, names_in(body, "recordIdsToAdd"), names_in(body, "recordIdsToRemove"))


def put_all_of(call: Call) -> Answer:
    """Put all members of another list on this one."""
    one, source = _by_hand(call), existing(call, call.args[1])
    if source.plural != one.plural:
        raise HubSpotError(400, "Both lists have to be of the same object type")
    found = members(call.account, source)
    if len(found) >= MOST_COPIED:
        raise HubSpotError(400, f"The source list must have less than {MOST_COPIED} members")
    add(one, found, call.account.now())
    return 204, None


def take_off_all(call: Call) -> Answer:
    _by_hand(call).members.clear()
    return 204, None


def of_record(call: Call) -> Answer:
    """List which lists a record is on."""
    table = call.account.table(call.args[0])
    row = find(table, call.args[1])
    if row is None:
        raise record_not_found(call.args[1])
    found = [
        {
            "listId": str(one.id),
            "listVersion": one.version,
            "firstAddedTimestamp": iso(joined[row.id]),
            "lastAddedTimestamp": iso(joined[row.id]),
        }
        for one in call.account.lists.live()
        if one.plural == table.kind.plural and row.id in (joined := members(call.account, one))
    ]
    return 200, {"results": found, "total": len(found)}


def _members(call: Call) -> dict[int, int]:
    return members(call.account, existing(call, call.args[0]))


def _by_hand(call: Call) -> RecordList:
    """Return a list whose members people choose; raises HubSpotError."""
    one = existing(call, call.args[0])
    if one.processing == "DYNAMIC":
        raise HubSpotError(
            400,
            f"Memberships of list {one.id} cannot be changed: its processing type is DYNAMIC",
            sub_category="ListError.INVALID_PROCESSING_TYPE",
        )
    refresh(call.account, one)
    return one


def _change(call: Call, to_add: Sequence[str], to_remove: Sequence[str]) -> dict[str, Any]:
    """Answer in HubSpot's own spelling: recordsIdsAdded."""
    one = _by_hand(call)
    table = call.account.tables[one.plural]
    rows = {asked: find(table, asked) for asked in (*to_add, *to_remove)}
    ids = {asked: row.id for asked, row in rows.items() if row is not None}
    added = add(one, [ids[asked] for asked in to_add if asked in ids], call.account.now())
    removed = remove(one, [ids[asked] for asked in to_remove if asked in ids])
    return {
        "recordsIdsAdded": [str(row_id) for row_id in added],
        "recordIdsRemoved": [str(row_id) for row_id in removed],
        "recordIdsMissing": [asked for asked, row in rows.items() if row is None],
    }


def _page(call: Call, found: list[tuple[Place, int]]) -> dict[str, Any]:
    """Return one page: ascending after a cursor, descending before one; `after` goes first."""
    limit = max(call.number("limit", 100, LONGEST_PAGE), 1)
    after, before = _place(call, "after"), _place(call, "before")
    backwards = before is not None and after is None
    if after is not None:
        found = [one for one in found if one[0] > after]
    elif before is not None:
        found = [one for one in found if one[0] < before]
    found.sort(reverse=backwards)
    body: dict[str, Any] = {
        "results": [
            {"recordId": str(place[1]), "membershipTimestamp": iso(joined)}
            for place, joined in found[:limit]
        ],
        "total": len(_members(call)),
    }
    if len(found) > limit:
        cursor = _cursor(found[limit - 1][0])
        name, step = ("before", "prev") if backwards else ("after", "next")
        body["paging"] = {step: {name: cursor, "link": f"?{name}={cursor}"}}
    return body


def _cursor(place: Place) -> str:
    return urlsafe_b64encode(f"{place[0]}:{place[1]}".encode()).decode()


def _place(call: Call, name: str) -> Place | None:
    asked = call.request.first(name)
    if not asked:
        return None
    try:
        spelled = urlsafe_b64decode(asked.encode()).decode()
    except ValueError:
        spelled = ""
    order, _, row_id = (record_id(part) if part != ":" else None for part in spelled.partition(":"))
    if order is None or row_id is None:
        raise HubSpotError(400, f"{name} is not a valid paging token")
    return order, row_id
