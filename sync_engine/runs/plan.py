"""Step 5: what each pair needs. Pure decisions; the only calls ask for times in true conflicts, and
how far the opportunities of new pairs have come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sync_engine.core.addresses import plan_record
from sync_engine.core.first_seen import edited_at, since_settled
from sync_engine.core.plan import FieldChange, Pair, Plan
from sync_engine.core.values import Crm, Record
from sync_engine.runs.job import Job, Work
from sync_engine.runs.lifecycle import look_up

# {(CRM, record id): {field: when it was last edited}}
Edits = Mapping[tuple[Crm, str], Mapping[str, datetime]]


def plan(job: Job, works: Sequence[Work]) -> None:
    """Plan every pair, and every record whose partner is to be created."""
    planned = [work for work in works if not work.skipped and (work.is_pair or work.creating)]
    look_up(job, planned)
    for work in planned:
        work.plan = _plan(job, work, {})
    by_time = [work for work in planned if work.plan.by_time and work.is_pair]
    if by_time:
        edits = _edits(job, by_time)
        for work in by_time:
            work.plan = _plan(job, work, edits)
    for work in planned:
        work.skipped = work.skipped or work.plan.waits_for
        if work.creating is not None:
            work.skipped = work.skipped or _lacks(job, work, work.creating)


def _lacks(job: Job, work: Work, target: Crm) -> str:
    """Say why a record cannot be created: without its identity a second one could not be told
    apart, and a required value that was refused would be refused once more by the CRM."""
    identity = job.object_type.identity.get(target)
    if identity is not None and identity not in work.plan.to(target):
        return f"Its identity cannot be written to {target.label}, so it is not created there."
    refused = (refusal.mapping.of(target) for refusal in work.plan.refusals)
    if any(field.is_required for field in refused):
        return f"A value that {target.label} requires does not fit, so it is not created there."
    return ""


def _plan(job: Job, work: Work, edits: Edits) -> Plan:
    pair = _pair(job, work, edits)
    mapped = job.mapped[_salesforce_object(work)]
    plan = plan_record(pair, mapped, {} if work.creating else job.object_type.identity, job.clock())
    for crm in Crm:
        if not job.updates(crm):
            plan = plan.writing(crm, _always_flowing(plan.to(crm)))
    return plan


def _always_flowing(changes: Mapping[str, FieldChange]) -> Mapping[str, FieldChange]:
    return {name: one for name, one in changes.items() if one.mapping.manner.always_flows}


def _pair(job: Job, work: Work, edits: Edits) -> Pair:
    hubspot, salesforce = (work.records.get(crm) or _nobody(job, work, crm) for crm in Crm)
    here, there = (edits.get((one.crm, one.id), {}) for one in (hubspot, salesforce))
    ahead = {crm: job.crms.of(crm).ahead for crm in Crm}
    since = max(job.since, work.link.since)
    mapped = job.mapped[_salesforce_object(work)]
    return Pair(
        hubspot=hubspot,
        salesforce=salesforce,
        agreed=work.agreed,
        since=since,
        edited_at=edited_at(work.link.first_seen, salesforce)
        | since_settled(there, work.agreed, mapped, since, ahead[Crm.SALESFORCE])
        | {(Crm.HUBSPOT, name): at for name, at in here.items()},
        ahead=ahead,
    )


def _nobody(job: Job, work: Work, crm: Crm) -> Record:
    """A partner that does not exist yet holds nothing in every field."""
    object_name = job.object_type.hubspot if crm is Crm.HUBSPOT else _salesforce_object(work)
    (record,) = work.records.values()
    values = {
        mapping.of(crm).name: mapping.of(crm).blank_is
        for mapping in job.mapped[_salesforce_object(work)]
    }
    return Record(crm, object_name, "", values, record.modified_at, record.stamp)


def _salesforce_object(work: Work) -> str:
    record = work.records.get(Crm.SALESFORCE)
    return record.object_name if record else work.link.salesforce_object


def _edits(job: Job, works: Sequence[Work]) -> Edits:
    """Ask each CRM when the fields in conflict were edited, where it knows better than by record."""
    edits: dict[tuple[Crm, str], Mapping[str, datetime]] = {}
    for crm in Crm:
        asked: dict[str, dict[str, list[str]]] = {}
        for work in works:
            record = work.records[crm]
            names = [
                mapping.of(crm).name
                for mapping in job.mapped[_salesforce_object(work)]
                if mapping.hubspot.name in work.plan.by_time
            ]
            asked.setdefault(record.object_name, {})[record.id] = names
        for object_name, fields_by_id in asked.items():
            for id, times in job.crms.of(crm).edited_at(object_name, fields_by_id).items():
                edits[crm, id] = times
    return edits
