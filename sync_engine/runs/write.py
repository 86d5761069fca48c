"""Step 7: write. A change is written down before the call and closed after it (sync.md 3, 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sync_engine.core.allocation import AllocationSpent
from sync_engine.core.call_errors import MISSING_SCOPES
from sync_engine.core.errors import CrmError
from sync_engine.core.plan import FieldChange
from sync_engine.core.spelling import remembered, spell
from sync_engine.core.values import Crm, Value
from sync_engine.crms.base import Outcome, Row
from sync_engine.models import RecordChange
from sync_engine.runs.assigned import apart, is_assigned
from sync_engine.runs.checks import ask
from sync_engine.runs.job import Job, Work
from sync_engine.runs.keyless import key_to_create_by, update
from sync_engine.runs.opt_out import hold_new_where_not_granted, part, unsubscribe
from sync_engine.runs.outcome import link_created, take_in
from sync_engine.runs.spare import spare

Planned = tuple[Work, RecordChange]


class LeaseLost(Exception):
    """Another worker took the slice over; whatever is not sent yet is not ours to send."""


def write(job: Job, works: Sequence[Work], still_ours: Callable[[], bool]) -> None:
    """Carry out the plans: opt-outs, new records, then updates and the keys of the new ones. A
    new contact that opted out is unsubscribed before anything else is written."""
    hold_new_where_not_granted(job, works)
    _opt_out(job, [work for work in works if work.is_pair], still_ours)
    for crm in Crm:
        creates = [work for work in works if work.creating is crm and not work.skipped]
        for some in apart(job, creates):
            send(job, crm, some, RecordChange.Kind.CREATE, still_ours)
    link_created(job, works)
    _opt_out(job, [work for work in works if work.created is Crm.HUBSPOT], still_ours)
    for crm in Crm:
        updates = [work for work in works if work.is_pair and _values(job, crm, work)]
        send(job, crm, updates, RecordChange.Kind.UPDATE, still_ours)
        again = [work for work in spare(crm, updates) if _values(job, crm, work)]
        send(job, crm, again, RecordChange.Kind.UPDATE, still_ours)


def _opt_out(job: Job, works: Sequence[Work], still_ours: Callable[[], bool]) -> None:
    """Opt contacts out in HubSpot. Where its permission for it is missing, a setup check fails,
    and no record is to blame."""
    kind = RecordChange.Kind.OPT_OUT
    out = [work for work in works if not work.skipped and part(work, Crm.HUBSPOT, kind)]
    if not out:  # nor is it asked how many one call carries
        return
    try:
        send(job, Crm.HUBSPOT, out, kind, still_ours)
    except CrmError as error:
        if error.problem.type is not MISSING_SCOPES:
            raise
        ask(job.connection, job.crms, job.clock(), only=[Crm.HUBSPOT])


def send(
    job: Job,
    crm: Crm,
    works: Sequence[Work],
    kind: RecordChange.Kind,
    still_ours: Callable[[], bool],
) -> None:
    """Send one kind of write in full batches, each written down before its call and closed after
    it; raises LeaseLost, CrmError, AllocationSpent."""
    planned = [(work, _change(job, crm, work, kind)) for work in works]
    RecordChange.objects.bulk_create([change for _, change in planned], batch_size=500)
    try:
        for object_name, batch in _batches(planned, _batch_of(job, crm, kind)):
            if not still_ours():
                raise LeaseLost
            outcomes = _call(job, crm, object_name, batch, kind)
            _close(job, crm, batch, outcomes)
    finally:
        # Only those that are still planned: what was sent has its own end.
        RecordChange.objects.filter(pk__in=[change.pk for _, change in planned]).withdraw()


def _batch_of(job: Job, crm: Crm, kind: RecordChange.Kind) -> int:
    if kind is RecordChange.Kind.OPT_OUT:
        return job.crms.hubspot.consent.write_batch
    return job.crms.of(crm).write_batch


def _batches(planned: Sequence[Planned], size: int) -> Iterator[tuple[str, Sequence[Planned]]]:
    """Cut into full batches, each of one object."""
    for name in sorted({change.object_name for _, change in planned}):
        same = [one for one in planned if one[1].object_name == name]
        for start in range(0, len(same), size):
            yield name, same[start : start + size]


def _call(
    job: Job, crm: Crm, object_name: str, batch: Sequence[Planned], kind: RecordChange.Kind
) -> Sequence[Outcome]:
    client = job.crms.of(crm)
    rows = [_row(job, crm, work, kind) for work, _ in batch]
    RecordChange.objects.send([change for _, change in batch], job.clock())
    try:
        match kind:
            case RecordChange.Kind.CREATE:
                key = key_to_create_by(job, crm, object_name)
                if is_assigned(job, batch[0][0]):
                    return job.crms.salesforce.create_assigned(object_name, rows, key)
                return client.create(object_name, rows, key)
            case RecordChange.Kind.DELETE:
                return job.crms.hubspot.archive(object_name, [str(row.id) for row in rows])
            case RecordChange.Kind.OPT_OUT:
                return unsubscribe(job, [work for work, _ in batch])
            case _:
                return update(job, crm, object_name, rows)
    except CrmError as error:
        state = RecordChange.State.IN_DOUBT if error.in_doubt else RecordChange.State.REFUSED
        _mark(batch, state, job)
        raise
    except AllocationSpent:  # reserved before the call, so nothing was sent
        _mark(batch, RecordChange.State.WITHDRAWN, job)
        raise
    except Exception:
        _mark(batch, RecordChange.State.IN_DOUBT, job)
        raise


def _mark(batch: Sequence[Planned], state: RecordChange.State, job: Job) -> None:
    changes = [change for _, change in batch]
    for change in changes:
        change.state = state
    RecordChange.objects.close(changes, job.clock())


def _row(job: Job, crm: Crm, work: Work, kind: RecordChange.Kind) -> Row:
    values = _values(job, crm, work)
    if kind is RecordChange.Kind.CREATE:
        has_key = job.connection.has_key(_object_name(job, crm, work))
        return Row(values=values, key=work.records[crm.other].id if has_key else None)
    record = work.records[crm]
    return Row(values=values, id=record.id, instead=record.stands_for)


def _values(job: Job, crm: Crm, work: Work) -> dict[str, Value]:
    """Return what one CRM is to be sent: the plan, and our key where it is missing."""
    if work.skipped:
        return {}
    values = {name: one.new for name, one in part(work, crm, RecordChange.Kind.UPDATE).items()}
    partner, record = work.records.get(crm.other), work.records.get(crm)
    if partner and record and record.values.get(job.key(crm), partner.id) != partner.id:
        values[job.key(crm)] = partner.id
    return values


def _change(job: Job, crm: Crm, work: Work, kind: RecordChange.Kind) -> RecordChange:
    return RecordChange(
        run=job.run,
        link=work.link,
        crm=crm.value,
        object_name=_object_name(job, crm, work),
        record_id=work.records[crm].id if crm in work.records else "",
        kind=kind,
        fields={name: _explained(change) for name, change in part(work, crm, kind).items()},
        planned_at=job.clock(),
    )


def _object_name(job: Job, crm: Crm, work: Work) -> str:
    if crm in work.records:
        return work.records[crm].object_name
    return job.object_type.hubspot if crm is Crm.HUBSPOT else work.link.salesforce_object


def _explained(change: FieldChange) -> dict[str, Any]:
    said = {
        "old": remembered(change.old),
        "new": remembered(change.new),
        "from": remembered(change.carried),
        "property": change.mapping.hubspot.name,
        "rule": change.mapping.rule.value,
        "reason": change.decision.reason.value,
        "setting": change.mapping.setting,
    }
    return {**said, "times": _times(change)} if change.decision.times else said


def _times(change: FieldChange) -> list[dict[str, str | None]]:
    """Say which times decided: of the field, or only of its record (sync.md 2)."""
    return [
        {"crm": time.crm.value, "at": spell(time.at), "of": "field" if time.is_exact else "record"}
        for time in change.decision.times
    ]


def _close(job: Job, crm: Crm, batch: Sequence[Planned], outcomes: Sequence[Outcome]) -> None:
    for (work, change), outcome in zip(batch, outcomes, strict=True):
        take_in(job, work, change, outcome)
    RecordChange.objects.close([change for _, change in batch], job.clock())
