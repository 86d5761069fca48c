"""Jobs of Bulk API 2.0: what both kinds have in common. Source: salesforce-api.md 5.4.

A job is worked on when its time has come by the org's clock, at the next call of any kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sync_engine.simulators.salesforce import ids, moments
from sync_engine.simulators.salesforce.errors import Refusal, not_found
from sync_engine.simulators.salesforce.org import Org, Session
from sync_engine.simulators.salesforce.rest import Call, Reply

DELIMITERS = {"COMMA": ",", "TAB": "\t", "SEMICOLON": ";", "PIPE": "|", "CARET": "^",
              "BACKQUOTE": "`"}  # fmt: skip
LINE_ENDINGS = {"LF": "\n", "CRLF": "\r\n"}
MOST_JOBS = 1000
OVER = ("JobComplete", "Failed", "Aborted")
Table = list[list[str]]


@dataclass
class Job:
    """state: as Salesforce spells it.

    content  of an ingest job: the CSV that was sent; of a query job: the statement
    results  {which: rows of text, with a header} once the work is done
    """

    id: str
    kind: str  # "ingest" or "query"
    version: str
    session: Session
    created: datetime
    asked: dict[str, Any]
    state: str = "Open"
    due: datetime | None = None
    content: str | None = None
    error: str = ""
    processed: int = 0
    failed: int = 0
    results: dict[str, Table] = field(default_factory=dict)


Work = Callable[[Org, Job], None]  # done once, when a job's time has come


def open_job(org: Org, call: Call, kind: str, asked: dict[str, Any]) -> Job:
    """Make a job; the oldest is forgotten when there are many."""
    job = Job(
        id=org.new_id("750"),
        kind=kind,
        version=call.version,
        session=call.session,
        created=org.clock.now(),
        asked=asked,
    )
    org.jobs[job.id] = job
    if len(org.jobs) > MOST_JOBS:
        del org.jobs[next(iter(org.jobs))]
    return job


def job_named(org: Org, kind: str, text: str) -> Job:
    job: Job | None = org.jobs.get(ids.full(text) or "")
    if job is None or job.kind != kind:
        raise not_found()
    return job


def start(org: Org, job: Job) -> None:
    """Queue a job whose data is there."""
    job.state = "UploadComplete"
    job.due = org.clock.now() + timedelta(seconds=org.bulk_seconds)


def advance(org: Org, work: Mapping[str, Work]) -> None:
    """Do the work of the jobs whose time has come. work: by the kind of job; raises nothing."""
    now = org.clock.now()
    for job in list(org.jobs.values()):
        if job.due is None or job.state in OVER:
            continue
        if now < job.due:
            job.state = "InProgress"
            continue
        job.state, job.due = "JobComplete", None
        try:
            work[job.kind](org, job)
        except Refusal as refusal:
            job.state, job.error = "Failed", f"InvalidBatch : {refusal.message}"


def abort(job: Job) -> None:
    if job.state in OVER:
        raise bad_state(f"Job in state {job.state} cannot be aborted")
    job.state, job.due = "Aborted", None


def delete(org: Org, job: Job) -> Reply:
    if job.state not in (*OVER, "UploadComplete"):
        raise bad_state(f"Job in state {job.state} cannot be deleted")
    del org.jobs[job.id]
    return Reply(204)


def every_job(org: Org, kind: str) -> Reply:
    shown = [show(job, kind) for job in org.jobs.values() if job.kind == kind]
    return Reply(200, {"done": True, "records": shown, "nextRecordsUrl": None})


def show(job: Job, kind: str) -> dict[str, Any]:
    """Return what every answer about a job says."""
    stamp = moments.spell(job.created)
    return {
        "id": job.id,
        **job.asked,
        "createdById": job.session.user_id,
        "createdDate": stamp,
        "systemModstamp": stamp,
        "state": job.state,
        "concurrencyMode": "Parallel",
        "contentType": "CSV",
        "apiVersion": float(job.version[1:]),
        "jobType": f"V2{kind.capitalize()}",
    }


def show_in_full(job: Job, kind: str) -> dict[str, Any]:
    """Return what GET of one job says."""
    more: dict[str, Any] = {
        "numberRecordsProcessed": job.processed,
        "retries": 0,
        "totalProcessingTime": 100 if job.state == "JobComplete" else 0,
    }
    if kind == "ingest":
        more["numberRecordsFailed"] = job.failed
        more |= {"apiActiveProcessingTime": 0, "apexProcessingTime": 0}
    if job.error:
        more["errorMessage"] = job.error
    return show(job, kind) | more


def written_as(body: dict[str, Any]) -> dict[str, str]:
    """Return how the CSV is written; raises Refusal."""
    delimiter = str(body.get("columnDelimiter", "COMMA"))
    ending = str(body.get("lineEnding", "LF"))
    if body.get("contentType", "CSV") != "CSV":
        raise bad_job("contentType is CSV")
    if delimiter not in DELIMITERS or ending not in LINE_ENDINGS:
        raise bad_job("columnDelimiter or lineEnding is not known")
    return {"lineEnding": ending, "columnDelimiter": delimiter}


def csv(job: Job, rows: Table) -> str:
    """Return rows as text, every cell in quotes."""
    delimiter = DELIMITERS[job.asked["columnDelimiter"]]
    ending = LINE_ENDINGS[job.asked["lineEnding"]]
    quoted = ([f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in rows)
    return "".join(delimiter.join(row) + ending for row in quoted)


def csv_reply(text: str, headers: dict[str, str] | None = None) -> Reply:
    return Reply(200, text, {"content-type": "text/csv", **(headers or {})})


def bad_job(message: str) -> Refusal:
    return Refusal("INVALIDJOB", message)


def bad_state(message: str) -> Refusal:
    return Refusal("INVALIDJOBSTATE", message)


def dump(job: Job) -> dict[str, Any]:
    """Return a job as JSON values."""
    due = job.due.isoformat() if job.due else None
    return asdict(job) | {"created": job.created.isoformat(), "due": due}


def restored(saved: Mapping[str, Any]) -> Job:
    """Return the job that `dump` was given."""
    due = datetime.fromisoformat(saved["due"]) if saved["due"] else None
    read = {"created": datetime.fromisoformat(saved["created"]), "due": due}
    return Job(**{**saved, **read, "session": Session(**saved["session"])})
