"""Reading many records by a job: /jobs/query. Source: salesforce-api.md 5.4."""

from __future__ import annotations

from typing import Any

from sync_engine.simulators.salesforce import bulk
from sync_engine.simulators.salesforce.bulk import Job
from sync_engine.simulators.salesforce.errors import Refusal, malformed, not_found
from sync_engine.simulators.salesforce.org import Org, Session
from sync_engine.simulators.salesforce.rest import Call, Reply
from sync_engine.simulators.salesforce.soql.ast import Path
from sync_engine.simulators.salesforce.soql.compile import compile_query
from sync_engine.simulators.salesforce.soql.match import matching
from sync_engine.simulators.salesforce.soql.parse import parse
from sync_engine.simulators.salesforce.soql.shape import Parent, Query, Shape

KIND = "query"
OPERATIONS = ("query", "queryAll")
MOST_PAGES = 5


def answer(org: Org, call: Call) -> Reply:
    """Answer a call of /jobs/query, /jobs/query/ID and below."""
    match call.parts[2:]:
        case ():
            call.allow("GET", "POST")
            return bulk.every_job(org, KIND) if call.method == "GET" else _open(org, call)
        case (name,):
            call.allow("GET", "PATCH", "DELETE")
            return _one(org, call, bulk.job_named(org, KIND, name))
        case (name, "results"):
            call.allow("GET")
            return _results(org, call, bulk.job_named(org, KIND, name))
        case (name, "resultPages"):
            call.allow("GET")
            return _result_pages(org, call, bulk.job_named(org, KIND, name))
    raise not_found()


def _open(org: Org, call: Call) -> Reply:
    body = call.record()
    operation, text = body.get("operation"), body.get("query")
    if operation not in OPERATIONS or not isinstance(text, str):
        raise bulk.bad_job("operation is query or queryAll, and query is a statement")
    compiled = _compiled(org, call.session, text)
    asked = {"operation": operation, "object": compiled.sobject.name, **bulk.written_as(body)}
    job = bulk.open_job(org, call, KIND, asked)
    job.content = text
    bulk.start(org, job)
    return Reply(200, bulk.show(job, KIND))


def _compiled(org: Org, session: Session, text: str) -> Query:
    statement = parse(text)
    is_plain = all(isinstance(one.item, Path) for one in statement.selected)
    if not is_plain or statement.groups or statement.offset:
        raise malformed(
            "Aggregates, sub-queries, FIELDS(), GROUP BY and OFFSET are not supported in a query job"
        )
    compiled = compile_query(org, session, statement, "data")
    compound = [name for name in _columns(compiled.shape) if name.endswith("Address")]
    if compound:
        raise Refusal("FUNCTIONALITY_NOT_ENABLED",
                      f"Selecting compound data not supported in Bulk Query: {compound[0]}")  # fmt: skip
    return compiled


def _one(org: Org, call: Call, job: Job) -> Reply:
    if call.method == "GET":
        shown = bulk.show_in_full(job, KIND) | {"isPkChunkingSupported": True}
        return Reply(200, shown)
    if call.method == "DELETE":
        return bulk.delete(org, job)
    if call.record().get("state") != "Aborted":
        raise bulk.bad_state("A query job can only be aborted")
    bulk.abort(job)
    return Reply(200, bulk.show(job, KIND))


def _results(org: Org, call: Call, job: Job) -> Reply:
    """Return a page as CSV; its headers name the next one, "null" on the last."""
    header, *rows = _rows(call, job)
    start = _number(call.first("locator"), 0)
    most = min(_number(call.first("maxRecords"), org.bulk_page) or org.bulk_page, org.bulk_page)
    if start > len(rows):
        raise Refusal("INVALID_QUERY_LOCATOR", "invalid query locator")
    page = rows[start : start + most]
    end = start + len(page)
    headers = {
        "sforce-numberofrecords": str(len(page)),
        "sforce-locator": str(end) if end < len(rows) else "null",
    }
    return bulk.csv_reply(bulk.csv(job, [header, *page]), headers)


def _result_pages(org: Org, call: Call, job: Job) -> Reply:
    """Return where up to five pages of the results are, which may be fetched side by side."""
    count = len(_rows(call, job)) - 1
    start, step = _number(call.first("locator"), 0), org.bulk_page
    base = f"/services/data/{job.version}/jobs/query/{job.id}"
    starts = list(range(start, max(count, start + 1), step))
    shown, is_done = starts[:MOST_PAGES], len(starts) <= MOST_PAGES
    return Reply(
        200,
        {
            "resultPages": [{"resultUrl": f"{base}/results?locator={one}"} for one in shown],
            "nextRecordsUrl": None
            if is_done
            else f"{base}/resultPages?locator={starts[MOST_PAGES]}",
            "done": is_done,
        },
    )


def _rows(call: Call, job: Job) -> bulk.Table:
    """Return the header and the rows that a job found; raises Refusal."""
    if call.version != job.version:
        raise Refusal("VERSION_MISMATCH", "The job was made by another API version", status=409)
    if job.state != "JobComplete":
        raise bulk.bad_state(f"Job in state {job.state} has no results")
    return job.results["rows"]


def _number(text: str, default: int) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Refusal("INVALID_QUERY_LOCATOR", "invalid query locator")
    return int(text)


def work(org: Org, job: Job) -> None:
    """Find the records and keep them as they are now; raises Refusal."""
    compiled = _compiled(org, job.session, job.content or "")
    columns = _columns(compiled.shape)
    name, table = compiled.sobject.name, org.store[compiled.sobject.name]
    found = matching(org, compiled, job.asked["operation"] == "queryAll")
    rows = (table.get(one) or {} for one in found)
    shown = [compiled.shape.show(org, name, row, job.version) for row in rows]
    job.results["rows"] = [columns, *([_cell(one, column) for column in columns] for one in shown)]
    job.processed = len(shown)


def _columns(shape: Shape) -> list[str]:
    """Return the names of the columns: Account.Name for a parent's field."""
    names: list[str] = []
    for name, item in shape.fields.items():
        inner = _columns(item.shape) if isinstance(item, Parent) else []
        names += [f"{name}.{one}" for one in inner] if inner else [name]
    return names


def _cell(shown: dict[str, Any], column: str) -> str:
    value: Any = shown
    for part in column.split("."):
        value = value.get(part) if value else None
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
