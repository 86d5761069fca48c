"""Errors: noted once per record, direction and type, closed by themselves when it syncs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sync_engine.core.errors import Problem, Remedy
from sync_engine.core.spelling import remembered
from sync_engine.core.values import Crm, Record
from sync_engine.models import RecordLink, SyncError
from sync_engine.runs.job import Job, Work

# "A retry plans anew, a minute to six hours apart, then nightly; held errors nightly" (sync.md 6).
FIRST_RETRY, LONGEST_RETRY, NIGHTLY = timedelta(minutes=1), timedelta(hours=6), timedelta(days=1)
TRIES_BEFORE_NIGHTLY = 12

ErrorKey = tuple[str, str, str]  # record key, CRM, type


def note(job: Job, works: Sequence[Work]) -> int:
    """Write down what keeps records back and close what no longer does; return how many records
    were refused something."""
    now = job.clock()
    open_errors = SyncError.objects.current(job.connection.pk).filter(
        object_type=job.object_type.slug, record_key__in=_keys(works)
    )
    known: dict[ErrorKey, SyncError] = {
        (error.record_key, error.crm, error.type): error for error in open_errors
    }
    seen: set[ErrorKey] = set()
    new: list[SyncError] = []
    for work in works:
        for problem in _joined(work.problems):
            key = (_key(work), problem.crm.value, problem.type.slug)
            seen.add(key)
            error = known.get(key) or _new(job, work, problem, now)
            _fill(error, job, work, problem, now)
            if error.pk is None:
                new.append(error)
    _save(known, seen, new, now)
    return sum(bool(work.problems) for work in works)


def note_link(job: Job, link: RecordLink, problem: Problem) -> None:
    """Write down what keeps back a record that no run has in hand."""
    work = Work(token=uuid.uuid4(), link=link, agreed=link.agreed_values, problems=[problem])
    note(job, [work])


def _joined(problems: Sequence[Problem]) -> list[Problem]:
    """Make one of several problems of a kind: a record has one open error per CRM and type."""
    joined: dict[tuple[Crm, str], Problem] = {}
    for problem in problems:
        key = (problem.crm, problem.type.slug)
        first = joined.get(key)
        if first is None:
            joined[key] = problem
        elif problem != first:
            words = dict.fromkeys([*first.message.split("\n"), problem.message])
            fields = dict.fromkeys([*first.fields, *problem.fields])
            joined[key] = replace(first, message="\n".join(words), fields=tuple(fields))
    return list(joined.values())


def _keys(works: Sequence[Work]) -> list[str]:
    """Name the records by every id: an error may have been noted before a partner was known."""
    keys = [_key(work) for work in works]
    return keys + [f"salesforce:{w.link.salesforce_id}" for w in works if w.link.salesforce_id]


def _save(
    known: dict[ErrorKey, SyncError], seen: set[ErrorKey], new: list[SyncError], now: datetime
) -> None:
    again = [error for key, error in known.items() if key in seen]
    over = [error.pk for key, error in known.items() if key not in seen]
    SyncError.objects.bulk_create(new)
    SyncError.objects.bulk_update(
        again, ["code", "message", "fields", "last_seen", "tries", "next_retry"], batch_size=500
    )
    SyncError.objects.filter(pk__in=over).close(now)


def _key(work: Work) -> str:
    if work.link.hubspot_id:
        return f"hubspot:{work.link.hubspot_id}"
    return f"salesforce:{work.link.salesforce_id}"


def _new(job: Job, work: Work, problem: Problem, now: datetime) -> SyncError:
    return SyncError(
        connection=job.connection,
        object_type=job.object_type.slug,
        crm=problem.crm.value,
        record_key=_key(work),
        hubspot_id=work.link.hubspot_id or "",
        salesforce_id=work.link.salesforce_id or "",
        record_name=name_of(job, work)[:255],
        category=problem.type.category.value,
        type=problem.type.slug,
        first_seen=now,
        tries=0,
    )


def _fill(error: SyncError, job: Job, work: Work, problem: Problem, now: datetime) -> None:
    error.code, error.message, error.last_seen = problem.code[:128], problem.message, now
    error.fields = _named(work, problem)
    error.tries += 1
    error.next_retry = next_retry(problem.type.remedy, error.tries, now)


def _named(work: Work, problem: Problem) -> list[dict[str, str | None]]:
    """Name the fields of a problem and what we wanted to write there."""
    blamed = {name: change for (crm, name), change in work.blamed.items() if crm is problem.crm}
    changes = {**work.plan.to(problem.crm), **blamed}
    return [
        {
            "crm": problem.crm.value,
            "name": name,
            "value": remembered(changes[name].new) if name in changes else None,
        }
        for name in problem.fields
    ]


def next_retry(remedy: Remedy, tries: int, now: datetime) -> datetime:
    """Return when a record that was refused `tries` times is tried again by itself."""
    if remedy is not Remedy.RETRY or tries > TRIES_BEFORE_NIGHTLY:
        return now + NIGHTLY
    doubled: timedelta = FIRST_RETRY * 2 ** (tries - 1)
    return now + min(doubled, LONGEST_RETRY)


def name_of(job: Job, work: Work) -> str:
    """Return what an admin knows the record by: its e-mail, else its id."""
    for crm in Crm:
        record = work.records.get(crm)
        if record is not None and (name := _identity(job, record)):
            return name
    known = work.agreed.get(job.object_type.identity.get(Crm.HUBSPOT, ""))
    if known is not None and known.hubspot:
        return known.hubspot
    return work.link.hubspot_id or work.link.salesforce_id or ""


def _identity(job: Job, record: Record) -> str:
    return str(record.values.get(job.object_type.identity.get(record.crm, "")) or "")
