"""Calls about lists. Source: hubspot-api.md 3.4, 10."""

from __future__ import annotations

from typing import Any

from sync_engine.simulators.hubspot.call import (
    Answer,
    Call,
    as_name,
    as_number,
    names_in,
    require,
)
from sync_engine.simulators.hubspot.errors import HubSpotError, not_simulated
from sync_engine.simulators.hubspot.kinds import kind_named
from sync_engine.simulators.hubspot.list_filters import matcher
from sync_engine.simulators.hubspot.lists import RecordList
from sync_engine.simulators.hubspot.membership import members, refresh

PROCESSING_TYPES = ("MANUAL", "DYNAMIC", "SNAPSHOT")
MOST_FOUND = 500
KEPT_FOR = 90 * 86_400_000


def create(call: Call) -> Answer:
    body = call.body()
    require(body, "name", "objectTypeId", "processingType")
    table = call.account.table(as_name(body["objectTypeId"], "objectTypeId"))
    name, processing, filters = (
        _name(body["name"]),
        body["processingType"],
        body.get("filterBranch"),
    )
    if processing not in PROCESSING_TYPES:
        raise HubSpotError(400, f"processingType is one of {', '.join(PROCESSING_TYPES)}")
    if processing == "DYNAMIC" and filters is None:
        raise HubSpotError(400, "A list with processing type DYNAMIC needs a filterBranch")
    if processing == "MANUAL" and filters is not None:
        raise HubSpotError(400, "A list with processing type MANUAL cannot have a filterBranch")
    if filters is not None:
        matcher(table, filters)
    _refuse_taken(call, name, table.kind.plural)
    now, lists = call.account.now(), call.account.lists
    one = RecordList(
        id=lists.new_id(),
        name=name,
        plural=table.kind.plural,
        processing=processing,
        user_id=call.grant.user_id,
        created=now,
        updated=now,
        filters_updated=now,
        filters=filters,
    )
    lists.every[one.id] = one
    return 200, {"list": _spelled(call, one, with_filters=True)}


def read(call: Call) -> Answer:
    one = existing(call, call.args[0])
    return 200, {"list": _spelled(call, one, with_filters=call.flag("includeFilters"))}


def read_by_name(call: Call) -> Answer:
    plural, name = kind_named(call.args[0]).plural, call.args[1]
    for one in call.account.lists.live():
        if (one.plural, one.name.lower()) == (plural, name.lower()):
            found = _spelled(call, one, with_filters=call.flag("includeFilters"))
            return 200, {"list": found}
    raise _not_found(f"named {name}")


def read_several(call: Call) -> Answer:
    asked, with_filters = call.names("listIds"), call.flag("includeFilters")
    found = [one for one in call.account.lists.live() if str(one.id) in asked]
    return 200, {"lists": [_spelled(call, one, with_filters=with_filters) for one in found]}


def search(call: Call) -> Answer:
    body = call.body()
    text = as_name(body.get("query") or "", "query").lower()
    count = as_number(body.get("count") or 20, "count", MOST_FOUND)
    offset = as_number(body.get("offset") or 0, "offset", 10**18)
    ids, types = names_in(body, "listIds"), names_in(body, "processingTypes")
    of_type = body.get("objectTypeId")
    plural = kind_named(as_name(of_type, "objectTypeId")).plural if of_type else ""
    found = [
        one
        for one in call.account.lists.live()
        if text in one.name.lower()
        and (not ids or str(one.id) in ids)
        and (not types or one.processing in types)
        and plural in ("", one.plural)
    ]
    wanted = names_in(body, "additionalProperties")
    end = offset + count
    return 200, {
        "lists": [_found(call, one, wanted) for one in found[offset:end]],
        "offset": min(end, len(found)),
        "hasMore": end < len(found),
        "total": len(found),
    }


def folders_or_old_ids(call: Call) -> Answer:
    """Answer for folders and legacy ids, whose paths look like those of lists."""
    raise not_simulated(f"{call.request.method} {call.request.path}")


def rename(call: Call) -> Answer:
    one = existing(call, call.args[0])
    name = _name(call.request.first("listName"))
    if name.lower() != one.name.lower():
        _refuse_taken(call, name, one.plural)
    one.name = name
    _touch(call, one)
    with_filters = call.flag("includeFilters")
    return 200, {"updatedList": _spelled(call, one, with_filters=with_filters)}


def change_filters(call: Call) -> Answer:
    one = existing(call, call.args[0])
    body = call.body()
    require(body, "filterBranch")
    if one.processing != "DYNAMIC":
        raise HubSpotError(400, "Only a list with processing type DYNAMIC has filters to change")
    matcher(call.account.tables[one.plural], body["filterBranch"])
    refresh(call.account, one)
    one.filters, one.calculated = body["filterBranch"], 0
    _touch(call, one)
    one.filters_updated = call.account.now()
    return 200, {"updatedList": _spelled(call, one, with_filters=True)}


def delete(call: Call) -> Answer:
    existing(call, call.args[0]).deleted = call.account.now()
    return 204, None


def restore(call: Call) -> Answer:
    """Take back a list that was deleted at most 90 days ago."""
    one = call.account.lists.get(call.args[0])
    if one is None or (one.deleted and call.account.now() - one.deleted > KEPT_FOR):
        raise _not_found(f"with ID {call.args[0]}")
    if one.deleted:
        _refuse_taken(call, one.name, one.plural)
        one.deleted = 0
    return 204, None


def existing(call: Call, asked: str) -> RecordList:
    """Return a list that is in use; raises HubSpotError."""
    one = call.account.lists.get(asked)
    if one is None or one.deleted:
        raise _not_found(f"with ID {asked}")
    return one


def _not_found(which: str) -> HubSpotError:
    return HubSpotError(
        404,
        f"List does not exist {which}.",
        "OBJECT_NOT_FOUND",
        sub_category="ListError.LIST_NOT_FOUND",
    )


def _name(sent: Any) -> str:
    name = as_name(sent, "name").strip()
    if not name:
        raise HubSpotError(400, "A list needs a name")
    return name


def _refuse_taken(call: Call, name: str, plural: str) -> None:
    for one in call.account.lists.live():
        if (one.plural, one.name.lower()) == (plural, name.lower()):
            raise HubSpotError(
                400,
                f"A list named {name} already exists.",
                sub_category="ListError.DUPLICATE_LIST_NAME",
            )


def _touch(call: Call, one: RecordList) -> None:
    one.version += 1
    one.updated = max(call.account.now(), one.updated)


def _spelled(call: Call, one: RecordList, *, with_filters: bool) -> dict[str, Any]:
    size = len(members(call.account, one))
    found = {**one.as_json(kind_named(one.plural).type_id), "size": size}
    return {**found, "filterBranch": one.filters} if with_filters and one.filters else found


def _found(call: Call, one: RecordList, wanted: list[str]) -> dict[str, Any]:
    more: dict[str, str] = {}
    if "hs_list_size" in wanted:
        more["hs_list_size"] = str(len(members(call.account, one)))
    refresh(call.account, one)
    return {**one.as_json(kind_named(one.plural).type_id), "additionalProperties": more}
