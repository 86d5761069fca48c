"""Writing many records by a job: /jobs/ingest. Source: salesforce-api.md 5.4."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from csv import Error, reader
from dataclasses import replace
from io import StringIO
from itertools import islice
from typing import Any

from sync_engine.simulators.salesforce import bulk, records, rest
from sync_engine.simulators.salesforce.bulk import Job, Table
from sync_engine.simulators.salesforce.errors import Refusal, not_found
from sync_engine.simulators.salesforce.fields import SObject
from sync_engine.simulators.salesforce.org import Org
from sync_engine.simulators.salesforce.reading import visible_fields
from sync_engine.simulators.salesforce.rest import Call, Reply

KIND = "ingest"
OPERATIONS = ("insert", "update", "upsert", "delete", "hardDelete")
BLANK = "#N/A"
CHUNK = 200
PUT_TWICE = (
    "Found multiple contents for job: <{}>, please 'Close' / 'Abort' / 'Delete' the current Job "
    "then create a new Job and make sure you only do 'PUT' once on a given Job."
)
RESULTS = {
    "successfulresults": "successful",
    "failedresults": "failed",
    "unprocessedrecords": "unprocessed",
}


def answer(org: Org, call: Call) -> Reply:
    """Answer a call of /jobs/ingest, /jobs/ingest/ID and below."""
    match call.parts[2:]:
        case ():
            call.allow("GET", "POST")
            return bulk.every_job(org, KIND) if call.method == "GET" else _open(org, call)
        case (name,):
            call.allow("GET", "PATCH", "DELETE")
            return _one(org, call, bulk.job_named(org, KIND, name))
        case (name, "batches"):
            call.allow("PUT")
            return _upload(call, bulk.job_named(org, KIND, name))
        case (name, results) if results.lower() in RESULTS:
            call.allow("GET")
            return _results(bulk.job_named(org, KIND, name), RESULTS[results.lower()])
    raise not_found()


def _open(org: Org, call: Call) -> Reply:
    body = call.record()
    sobject = rest.sobject_named(org, call.session, str(body.get("object", "")))
    operation = body.get("operation")
    if operation not in OPERATIONS:
        raise bulk.bad_job(f"operation is one of {', '.join(OPERATIONS)}")
    asked = {"operation": operation, "object": sobject.name, **bulk.written_as(body)}
    if operation == "upsert":
        name = str(body.get("externalIdFieldName", ""))
        asked["externalIdFieldName"] = rest.key_field(org, call.session, sobject, name).name
    job = bulk.open_job(org, call, KIND, asked)
    rule = _assignment_rule(org, sobject, body.get("assignmentRuleId"))
    job.session = replace(call.session, auto_assign=rule or "FALSE")
    if rule:
        asked["assignmentRuleId"] = rule
    return Reply(200, _shown(job))


def _assignment_rule(org: Org, sobject: SObject, text: Any) -> str | None:
    """Return the rule that assigns the job's records, None for none; raises Refusal."""
    if text is None:
        return None
    found = rest.record_id(text)
    row = org.store["AssignmentRule"].get(found)
    if row is None or row["SobjectType"] != sobject.name:
        raise bulk.bad_job(f"assignmentRuleId {text} is no assignment rule of {sobject.name}")
    return found


def _one(org: Org, call: Call, job: Job) -> Reply:
    if call.method == "GET":
        return Reply(200, bulk.show_in_full(job, KIND) | _content_url(job))
    if call.method == "DELETE":
        return bulk.delete(org, job)
    match call.record().get("state"):
        case "UploadComplete" if job.state == "Open":
            bulk.start(org, job)
        case "Aborted":
            bulk.abort(job)
        case state:
            raise bulk.bad_state(f"Job in state {job.state} cannot become {state}")
    return Reply(200, _shown(job))


def _upload(call: Call, job: Job) -> Reply:
    if job.state != "Open":
        raise bulk.bad_state(f"Job in state {job.state} takes no data")
    if job.content is not None:
        raise Refusal("CLIENTINPUTERROR", PUT_TWICE.format(job.id))
    if not isinstance(call.body, str):
        raise Refusal("CLIENTINPUTERROR", "The data is text/csv")
    job.content = call.body
    return Reply(201)


def _results(job: Job, which: str) -> Reply:
    if job.state not in bulk.OVER:
        raise bulk.bad_state(f"Job in state {job.state} has no results yet")
    return bulk.csv_reply(bulk.csv(job, job.results.get(which, [])))


def _shown(job: Job) -> dict[str, Any]:
    return bulk.show(job, KIND) | _content_url(job)


def _content_url(job: Job) -> dict[str, str]:
    return {"contentUrl": f"services/data/{job.version}/jobs/ingest/{job.id}/batches"}


def work(org: Org, job: Job) -> None:
    """Write every row, by chunks of 200; raises Refusal where no row can be read."""
    sobject = org.sobjects[job.asked["object"]]
    rows = _rows(job)
    header: list[str] = next(rows, [])
    job.results = {
        "successful": [["sf__Id", "sf__Created", *header]],
        "failed": [["sf__Id", "sf__Error", *header]],
        "unprocessed": [list(header)],
    }
    _check_header(org, job, sobject, header)
    while chunk := list(islice(rows, CHUNK)):
        with org.store.transaction():
            _write(org, sobject, job, header, chunk)


def _rows(job: Job) -> Iterator[list[str]]:
    delimiter = bulk.DELIMITERS[job.asked["columnDelimiter"]]
    try:
        lines = list(reader(StringIO(job.content or "", newline=""), delimiter=delimiter))
    except Error as error:
        raise Refusal("InvalidBatch", f"Failed to parse CSV. {error}") from error
    return iter([line for line in lines if line])


def _check_header(org: Org, job: Job, sobject: SObject, header: list[str]) -> None:
    visible = visible_fields(org, job.session, sobject)
    parents = {field.relationship.lower() for field in visible.values() if field.relationship}
    for name in header:
        parent, dot, _ = name.lower().partition(".")
        if (parent not in parents) if dot else (name.lower() not in visible):
            raise Refusal("InvalidBatch", f"Field name not found : {name}")


def _write(org: Org, sobject: SObject, job: Job, header: list[str], chunk: Table) -> None:
    key = _key_name(job)
    keys = Counter(_cell(header, line, key).lower() for line in chunk)
    for line in chunk:
        job.processed += 1
        try:
            if len(line) != len(header):
                raise Refusal("INVALID_NUMBER_OF_COLUMNS", "Row has another number of columns", ())
            own_key = _cell(header, line, key)
            if own_key and keys[own_key.lower()] > 1:
                raise Refusal("DUPLICATE_VALUE", f"Duplicate id specified: {own_key}", (key,))
            with org.store.transaction():
                record_id, created = _do(org, sobject, job, _values(header, line))
        except Refusal as refusal:
            job.failed += 1
            error = f"{refusal.code}:{refusal.message}:{', '.join(refusal.fields or ())} --"
            job.results["failed"].append([_cell(header, line, "Id"), error, *line])
        else:
            job.results["successful"].append([record_id, str(created).lower(), *line])


def _do(org: Org, sobject: SObject, job: Job, values: dict[str, Any]) -> tuple[str, bool]:
    """Write one row; return its id and whether it was created."""
    session, operation = job.session, job.asked["operation"]
    if operation == "insert":
        return records.create(org, session, sobject, values), True
    key = _key_name(job)
    own = next((name for name in values if name.lower() == key.lower()), None)
    value = values.pop(own) if own else None
    if value is None:
        raise Refusal("MISSING_ARGUMENT", f"{key} not specified", ())
    if operation == "upsert":
        field = rest.key_field(org, session, sobject, key)
        return records.upsert(org, session, sobject, (field, value), values)
    record_id = rest.record_id(value)
    if operation == "update":
        records.update(org, session, sobject, record_id, values)
    else:
        records.delete(org, session, sobject, record_id)
    if operation == "hardDelete" and record_id in org.store[sobject.name]:
        org.store.remove(org.store[sobject.name], record_id)
    return record_id, False


def _values(header: list[str], line: list[str]) -> dict[str, Any]:
    """Return what a row writes: an empty cell nothing, #N/A a blank, A.B a parent's key."""
    values: dict[str, Any] = {}
    for name, cell in zip(header, line, strict=True):
        if not cell:
            continue
        value = None if cell == BLANK else cell
        parent, dot, key = name.partition(".")
        values[parent] = {key: value} if dot else value
    return values


def _key_name(job: Job) -> str:
    """Return the column that names the record: the upsert's key, else Id."""
    return str(job.asked.get("externalIdFieldName", "Id"))


def _cell(header: list[str], line: list[str], name: str) -> str:
    """Return the row's cell in a column; "" where there is none."""
    found = zip(header, line, strict=False)
    return next((cell for column, cell in found if column.lower() == name.lower()), "")
