"""A query answered: the ids that match, in order, and how a page of them is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.org import Cursor, Org, Session
from sync_engine.simulators.salesforce.soql.compile import compile_query
from sync_engine.simulators.salesforce.soql.groups import grouped
from sync_engine.simulators.salesforce.soql.match import matching
from sync_engine.simulators.salesforce.soql.parse import parse

HIGHEST_OFFSET = 2000
CURSOR_LIFE = timedelta(days=2)


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
    all_rows = asked.all_rows or statement.all_rows
    if statement.groups:
        return grouped(org, session, statement, asked.reached, all_rows)
    compiled = compile_query(org, session, statement, asked.reached, all_rows)
    found = matching(org, compiled, all_rows)
    if statement.counts:
        return {"totalSize": len(found), "done": True, "records": []}
    cursor = Cursor(
        found, compiled, asked.page_size, session.user_id, org.clock.now() + CURSOR_LIFE
    )
    return _page(org, cursor, "", 0, asked.version)


def more(org: Org, session: Session, locator: str, version: str) -> dict[str, Any]:
    """Answer `nextRecordsUrl`; raises Refusal INVALID_QUERY_LOCATOR."""
    name, _, start = locator.rpartition("-")
    cursor = org.cursors.get(name)
    if cursor is None or cursor.user_id != session.user_id or org.clock.now() > cursor.ends:
        raise Refusal("INVALID_QUERY_LOCATOR", "invalid query locator")
    if not start.isdecimal() or int(start[:12]) >= len(cursor.ids):
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
