"""Calls about one record, and the list of all. Source: hubspot-api.md 5.3."""

from __future__ import annotations

from typing import Any

from sync_engine.simulators.hubspot.association_limits import Room
from sync_engine.simulators.hubspot.call import (
    Answer,
    Call,
    as_name,
    as_object,
    record_id,
    require,
)
from sync_engine.simulators.hubspot.drafts import Draft, Drafts
from sync_engine.simulators.hubspot.errors import HubSpotError
from sync_engine.simulators.hubspot.kinds import CONTACTS
from sync_engine.simulators.hubspot.lookup import find, must_find
from sync_engine.simulators.hubspot.merging import merge as merge_rows
from sync_engine.simulators.hubspot.row import Row
from sync_engine.simulators.hubspot.table import Table, Write
from sync_engine.simulators.hubspot.values import address_sent
from sync_engine.simulators.hubspot.wire import Shape, asked, written

LONGEST_PAGE = 100
LONGEST_PAGE_WITH_HISTORY = 50


def shape_of(call: Call, table: Table) -> Shape:
    return asked(table, call.names("properties"), call.names("propertiesWithHistory"))


def read(call: Call) -> Answer:
    table = call.account.table(call.args[0])
    id_property, archived = call.request.first("idProperty"), call.flag("archived")
    row = must_find(table, call.args[1], id_property, archived=archived)
    return 200, shape_of(call, table).record_with_page(row) | _associations(call, table, row)


def page(call: Call) -> Answer:
    table = call.account.table(call.args[0])
    shape = shape_of(call, table)
    most = LONGEST_PAGE_WITH_HISTORY if shape.with_history else LONGEST_PAGE
    limit = max(call.number("limit", 10, most), 1)
    after = record_id(call.request.first("after") or "0")
    if after is None:
        raise HubSpotError(400, "after was not a valid record id")
    rows = table.page(table.bin if call.flag("archived") else table.rows, after, limit + 1)
    found: dict[str, Any] = {
        "results": [shape.record(row) | _associations(call, table, row) for row in rows[:limit]]
    }
    if len(rows) > limit:
        found["paging"] = {"next": _next(call, str(rows[limit].id))}
    return 200, found


def _next(call: Call, after: str) -> dict[str, str]:
    host = call.request.headers.get("host", "api.hubapi.com")
    kept = [part for part in call.request.query_string.split("&") if part]
    query = "&".join([*(part for part in kept if not part.startswith("after=")), f"after={after}"])
    return {"after": after, "link": f"http://{host}{call.request.raw_path}?{query}"}


def _associations(call: Call, table: Table, row: Row) -> dict[str, Any]:
    kinds = [call.account.table(name).kind for name in call.names("associations")]
    if not kinds:
        return {}
    account = call.account
    found = account.associations.of_record(account.tables, table.kind, row.id, kinds)
    return {"associations": found} if found else {}


def create(call: Call) -> Answer:
    table = call.account.table(call.args[0])
    body = call.body()
    require(body, "properties")
    drafts = Drafts(call.account, table, call.grant.author, call.account.now())
    draft = drafts.create(as_object(body["properties"]))
    links = call.account.associations.asked(
        call.account.tables, table.kind, body.get("associations")
    )
    Room(call.account.associations).wanted((table.kind.plural, draft.id), links)
    row = drafts.carry_out(draft)
    call.account.associations.link(draft.id, links)
    return 201, written(table, row).record_with_page(row)


def update(call: Call) -> Answer:
    table = call.account.table(call.args[0])
    body = call.body()
    require(body, "properties")
    row = must_find(table, call.args[1], call.request.first("idProperty"))
    drafts = Drafts(call.account, table, call.grant.author, call.account.now())
    draft: Draft = drafts.update(row, as_object(body["properties"]))
    row = drafts.carry_out(draft)
    return 200, written(table, row, draft.sent).record_with_page(row)


def archive(call: Call) -> Answer:
    """Answer 204 for a record that is archived already or never was: HubSpot does not tell."""
    table = call.account.table(call.args[0])
    row = find(table, call.args[1])
    if row is not None:
        put_away(call, table, row)
    elif record_id(call.args[1]) is None:
        must_find(table, call.args[1])
    return 204, None


def merge(call: Call) -> Answer:
    table = call.account.table(call.args[0])
    body = call.body()
    require(body, "primaryObjectId", "objectIdToMerge")
    names = ("primaryObjectId", "objectIdToMerge")
    winner, loser = (must_find(table, as_name(body[name], name)) for name in names)
    merged = merge_rows(call.account, table, (winner, loser), call.grant.author)
    return 200, written(table, merged).record_with_page(merged)


def gdpr_delete(call: Call) -> Answer:
    """Erase a contact for good. An address that nobody has is blocked: nobody may get it."""
    table = call.account.table(call.args[0])
    if table.kind is not CONTACTS:
        raise HubSpotError(404, "resource not found", "OBJECT_NOT_FOUND")
    body = call.body()
    require(body, "objectId")
    asked_id = as_name(body["objectId"], "objectId")
    id_property = as_name(body.get("idProperty") or "", "idProperty")
    row = find(table, asked_id, id_property) or find(table, asked_id, id_property, archived=True)
    if row is not None:
        call.account.erase(table, row)
        write = Write({}, call.grant.author, call.account.now())
        call.account.note(table, row.id, "gdpr-delete", write)
    elif id_property == "email":
        call.account.consent.blocked.add(address_sent(asked_id))
    else:
        must_find(table, asked_id, id_property)
    return 204, None


def put_away(call: Call, table: Table, row: Row) -> None:
    write = Write({}, call.grant.author, call.account.now())
    table.archive(row, write.now)
    call.account.note(table, row.id, "archive", write)
