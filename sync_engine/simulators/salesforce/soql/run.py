"""A query answered: the ids that match, in order, and how a page of them is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.fields import Row
from sync_engine.simulators.salesforce.org import Cursor, Org, Session
from sync_engine.simulators.salesforce.soql.compile import (
    Query,
    Sorting,
    compile_query,
)
from sync_engine.simulators.salesforce.soql.narrow import Span, narrow
from sync_engine.simulators.salesforce.soql.parse import parse
from sync_engine.simulators.salesforce.store import Table

HIGHEST_OFFSET = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """all_rows: deleted ones too. reached: "data" or "tooling". page_size: most rows a page."""

    text: str
    version: str
    page_size: int
    all_rows: bool = False
    reached: str = "data"


def query(org: Org, session: Session, asked: Asked) -> dict[str, Any]:
    """Answer a statement with its first page; raises Refusal."""
    statement = parse(asked.text)
    if statement.offset > HIGHEST_OFFSET:
        raise Refusal("NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000")
    compiled = compile_query(org, session, statement, asked.reached)
    found = matching(org, compiled, asked.all_rows or statement.all_rows)
    if statement.counts:
        return {"totalSize": len(found), "done": True, "records": []}
    return _page(org, Cursor(found, compiled, asked.page_size), "", 0, asked.version)


def more(org: Org, locator: str, version: str) -> dict[str, Any]:
    """Answer `nextRecordsUrl`; raises Refusal INVALID_QUERY_LOCATOR."""
    name, _, start = locator.rpartition("-")
    cursor = org.cursors.get(name)
    if cursor is None or not start.isdecimal() or int(start[:12]) >= len(cursor.ids):
        raise Refusal("INVALID_QUERY_LOCATOR", "invalid query locator")
    return _page(org, cursor, name, int(start[:12]), version)


def _page(org: Org, cursor: Cursor, name: str, start: int, version: str) -> dict[str, Any]:
    """Return a page. name: under which the cursor is kept, "" where it is not yet."""
    shown = cursor.show
    object_name = shown.sobject.name
    table = org.store[object_name]
    answer: dict[str, Any] = {"totalSize": len(cursor.ids), "done": True}
    end = start + cursor.page_size
    if end < len(cursor.ids):
        name = name or org.keep_cursor(cursor)
        answer["done"] = False
        answer["nextRecordsUrl"] = f"/services/data/{version}/query/{name}-{end}"
    rows = (table.get(record_id) for record_id in cursor.ids[start:end])
    answer["records"] = [shown.shape.show(org, object_name, row, version) for row in rows if row]
    return answer


def matching(org: Org, compiled: Query, all_rows: bool) -> list[str]:
    """Return the ids that a statement finds, in its order. all_rows: deleted ones too."""
    statement, table = compiled.statement, org.store[compiled.sobject.name]
    limit = None if statement.limit is None else statement.limit + statement.offset
    narrowed = narrow(table, statement.where)
    rows = _rows(table, _candidates(table, narrowed), compiled, all_rows)
    if not compiled.sorting:
        found = _first(rows, limit)
    elif isinstance(narrowed, Span) and limit is not None and _is_by_stamp(compiled):
        found = _sorted(list(_enough(rows, limit)), compiled.sorting)
    else:
        found = _sorted(rows, compiled.sorting)
    return found[statement.offset : limit]


def _candidates(table: Table, narrowed: tuple[str, ...] | Span | None) -> Iterable[str]:
    if isinstance(narrowed, Span):
        return table.timeline.between(narrowed.low, narrowed.high)
    return table if narrowed is None else narrowed


def _rows(
    table: Table, candidates: Iterable[str], compiled: Query, all_rows: bool
) -> Iterator[Row]:
    matches = compiled.matches
    for record_id in candidates:
        row = table.get(record_id)
        if row is None or (row.get("IsDeleted") and not all_rows):
            continue
        if matches is None or matches(row):
            yield row


def _first(rows: Iterator[Row], limit: int | None) -> list[str]:
    found: list[str] = []
    for row in rows:
        if limit is not None and len(found) >= limit:
            break
        found.append(row["Id"])
    return found


def _is_by_stamp(compiled: Query) -> bool:
    first = compiled.statement.order[0]
    return [part.lower() for part in first.path.parts] == [
        "systemmodstamp"
    ] and not first.is_descending


def _enough(rows: Iterator[Row], limit: int) -> Iterator[Row]:
    """Yield `limit` rows and those that share the last one's stamp: they come oldest first."""
    stamp = ""
    for seen, row in enumerate(rows):
        if seen >= limit and row["SystemModstamp"] != stamp:
            return
        stamp = row["SystemModstamp"]
        yield row


def _sorted(rows: Iterable[Row], sorting: tuple[Sorting, ...]) -> list[str]:
    keyed = [(row["Id"], [one.get(row) for one in sorting]) for row in rows]
    for at in reversed(range(len(sorting))):
        blank = [item for item in keyed if item[1][at] is None]
        filled = [item for item in keyed if item[1][at] is not None]
        filled.sort(key=lambda item: item[1][at], reverse=sorting[at].is_descending)
        keyed = filled + blank if sorting[at].nulls_last else blank + filled
    return [record_id for record_id, _ in keyed]
