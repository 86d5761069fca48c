"""Calls about up to a hundred records. Source: hubspot-api.md 4.3, 5.3, 5.5.

Results are shuffled: the real API promises no order. Without objectWriteTraceId on every input
one bad input refuses the whole batch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sync_engine.simulators.hubspot.association_limits import Room
from sync_engine.simulators.hubspot.call import (
    Answer,
    Call,
    as_name,
    as_object,
    inputs,
    names_in,
    require,
)
from sync_engine.simulators.hubspot.drafts import Draft, Drafts
from sync_engine.simulators.hubspot.errors import (
    HubSpotError,
    could_not_get,
    duplicate_ids,
    refusal,
)
from sync_engine.simulators.hubspot.lookup import check_unique, find, unique_text
from sync_engine.simulators.hubspot.singles import put_away
from sync_engine.simulators.hubspot.table import Table
from sync_engine.simulators.hubspot.times import iso
from sync_engine.simulators.hubspot.wire import asked, written

MOST_INPUTS = 100
MOST_WITH_HISTORY = 50


@dataclass(frozen=True, slots=True)
class Planned:
    """One input whose draft is good; draft None: silently left out, as merged ids are."""

    sent: Mapping[str, Any]
    draft: Draft | None


def read(call: Call) -> Answer:
    table = call.account.table(call.args[0])
    body = call.body()
    shape = asked(table, names_in(body, "properties"), names_in(body, "propertiesWithHistory"))
    sent_inputs = inputs(body, MOST_INPUTS)
    if shape.with_history and len(sent_inputs) > MOST_WITH_HISTORY:
        raise HubSpotError(
            400,
            "The maximum number of inputs supported in a batch request for property histories is "
            f"{MOST_WITH_HISTORY}. Please reduce the number of items and try again",
        )
    id_property = as_name(body.get("idProperty") or "", "idProperty")
    ids = [_id(one) for one in sent_inputs]
    _refuse_duplicates([unique_text(id_property, one) for one in ids])
    found = {one: find(table, one, id_property, archived=call.flag("archived")) for one in ids}
    rows = {row.id: row for row in found.values() if row is not None}
    missing = [one for one, row in found.items() if row is None]
    errors = []
    if missing:
        error = could_not_get(table.kind.legacy, missing)
        errors.append({**error.of_input(""), "context": {"ids": missing}})
    return _answer(call, 200, [shape.record(row) for row in rows.values()], errors)


def create(call: Call) -> Answer:
    table = call.account.table(call.args[0])
    drafts = Drafts(call.account, table, call.grant.author, call.account.now())
    associations, links, room = call.account.associations, {}, Room(call.account.associations)

    def plan(sent: Mapping[str, Any]) -> Planned:
        asked_links = associations.asked(call.account.tables, table.kind, sent.get("associations"))
        bookings = room.wanted((table.kind.plural, table.last_id + 1), asked_links)
        draft = drafts.create(_properties(sent))
        room.book(bookings)
        links[draft.id] = asked_links
        return Planned(sent, draft)

    def carry_out(planned: Planned, draft: Draft) -> dict[str, Any]:
        row = drafts.carry_out(draft)
        associations.link(row.id, links[row.id])
        return written(table, row).record(row)

    return _write(call, inputs(call.body(), MOST_INPUTS), plan, carry_out, 201)


def update(call: Call) -> Answer:
    table = call.account.table(call.args[0])
    drafts = Drafts(call.account, table, call.grant.author, call.account.now())
    sent_inputs = inputs(call.body(), MOST_INPUTS)
    _refuse_duplicates([_keyed(table, one) for one in sent_inputs])

    def plan(sent: Mapping[str, Any]) -> Planned:
        row = find(table, _id(sent), _id_property(sent))
        if row is None:
            raise could_not_get(table.kind.legacy, [_id(sent)])
        if not _id_property(sent) and str(row.id) != _id(sent):
            return Planned(sent, None)
        return Planned(sent, drafts.update(row, _properties(sent)))

    def carry_out(planned: Planned, draft: Draft) -> dict[str, Any]:
        row = drafts.carry_out(draft)
        return written(table, row, draft.sent).record(row)

    return _write(call, sent_inputs, plan, carry_out, 200)


def upsert(call: Call) -> Answer:
    table = call.account.table(call.args[0])
    drafts = Drafts(call.account, table, call.grant.author, call.account.now())
    sent_inputs = inputs(call.body(), MOST_INPUTS)
    for one in sent_inputs:
        check_unique(table, _id_property(one) or "hs_object_id")
    _refuse_duplicates([_keyed(table, one) for one in sent_inputs])

    def plan(sent: Mapping[str, Any]) -> Planned:
        if call.account.trouble.loses_upsert():
            return Planned(sent, None)
        row = find(table, _id(sent), _id_property(sent))
        if row is not None:
            return Planned(sent, drafts.update(row, _properties(sent)))
        return Planned(sent, drafts.create({_id_property(sent): _id(sent)} | _properties(sent)))

    def carry_out(planned: Planned, draft: Draft) -> dict[str, Any]:
        row = drafts.carry_out(draft)
        names = (_id_property(planned.sent), *draft.sent) if draft.row else ()
        return {**written(table, row, names).record(row), "new": draft.row is None}

    return _write(call, sent_inputs, plan, carry_out, 200)


def archive(call: Call) -> Answer:
    table = call.account.table(call.args[0])
    ids = [_id(one) for one in inputs(call.body(), MOST_INPUTS)]
    for one in dict.fromkeys(ids):
        row = find(table, one)
        if row is not None:
            put_away(call, table, row)
    return 204, None


def _write(
    call: Call,
    sent_inputs: Sequence[Mapping[str, Any]],
    plan: Callable[[Mapping[str, Any]], Planned],
    carry_out: Callable[[Planned, Draft], dict[str, Any]],
    status: int,
) -> Answer:
    """Plan every input, then carry out what may be: all of them, or with trace ids the good ones."""
    traced = all(one.get("objectWriteTraceId") is not None for one in sent_inputs)
    planned: list[Planned] = []
    refused: list[tuple[str, HubSpotError]] = []
    for sent in sent_inputs:
        try:
            planned.append(plan(sent))
        except HubSpotError as error:
            refused.append((_trace_id(sent), error))
    if refused and not traced:
        raise refusal([error for _, error in refused], call.account.trouble.errors_told)
    errors = [error.of_input(trace_id) for trace_id, error in refused]
    results = [
        carry_out(one, one.draft) | _traced(one.sent) for one in planned if one.draft is not None
    ]
    return _answer(call, status, results, errors)


def _traced(sent: Mapping[str, Any]) -> dict[str, str]:
    trace_id = _trace_id(sent)
    return {"objectWriteTraceId": trace_id} if trace_id else {}


def _trace_id(sent: Mapping[str, Any]) -> str:
    found = sent.get("objectWriteTraceId")
    return "" if found is None else as_name(found, "objectWriteTraceId")


def _answer(
    call: Call, status: int, results: list[dict[str, Any]], errors: list[dict[str, Any]]
) -> Answer:
    now = iso(call.account.now())
    call.account.shuffle(results)
    body = {"status": "COMPLETE", "results": results, "startedAt": now, "completedAt": now}
    if not errors:
        return status, body
    return 207, {**body, "numErrors": len(errors), "errors": errors}


def _id(sent: Mapping[str, Any]) -> str:
    require(sent, "id")
    return as_name(sent["id"], "id").strip()


def _id_property(sent: Mapping[str, Any]) -> str:
    return as_name(sent.get("idProperty") or "", "idProperty")


def _keyed(table: Table, sent: Mapping[str, Any]) -> str:
    """Return what makes two inputs of a batch the same record, as far as HubSpot looks."""
    return unique_text(_id_property(sent), _id(sent))


def _properties(sent: Mapping[str, Any]) -> dict[str, Any]:
    require(sent, "properties")
    return as_object(sent["properties"])


def _refuse_duplicates(ids: Sequence[str]) -> None:
    if len(set(ids)) < len(ids):
        raise duplicate_ids(sorted({one for one in ids if ids.count(one) > 1}))
