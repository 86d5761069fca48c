"""What a CRM's answer means for a pair: agreed, refused, in doubt, or a partner found."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction

from sync_engine.core import error_types
from sync_engine.core.plan import after_ignored, after_write, was_taken
from sync_engine.core.values import Crm, Record
from sync_engine.crms.base import Outcome
from sync_engine.models import RecordChange, RecordLink
from sync_engine.models.record_link import Partner
from sync_engine.runs.job import Job, Work
from sync_engine.runs.keyless import lost_key
from sync_engine.runs.opt_out import part


def take_in(job: Job, work: Work, change: RecordChange, outcome: Outcome) -> None:
    """Agree on what was taken, field by field; note what was not (sync.md 3.8)."""
    if outcome.in_doubt:
        change.state, work.in_doubt = RecordChange.State.IN_DOUBT, True
        if outcome.problem is not None:
            work.problems.append(outcome.problem)
    elif outcome.problem is not None:
        change.state = RecordChange.State.REFUSED
        if lost_key(job, Crm(change.crm), change.object_name, outcome.problem):
            work.look_again = True
        else:
            work.problems.append(outcome.problem)
        work.found = outcome.id if change.kind == RecordChange.Kind.CREATE else None
    elif change.kind == RecordChange.Kind.CREATE and not outcome.created:
        # Somebody made it before us: it is linked, then planned by the rules (sync.md 4).
        change.state, change.record_id = RecordChange.State.WITHDRAWN, outcome.id or ""
        work.found = outcome.id
    else:
        change.state, change.record_id = RecordChange.State.DONE, outcome.id or ""
        _agree(job, work, change, outcome)
        if change.kind == RecordChange.Kind.OPT_OUT:
            work.opted_out = True
        elif change.fields or change.kind == RecordChange.Kind.DELETE:
            work.counts.append(f"{change.kind}d_in_{change.crm}")
        if change.kind == RecordChange.Kind.CREATE:
            _take_in_new(job, work, Crm(change.crm), change)


def _agree(job: Job, work: Work, change: RecordChange, outcome: Outcome) -> None:
    crm = Crm(change.crm)
    for name, one in part(work, crm, change.kind).items():
        held = outcome.held.get(name, one.new)
        if was_taken(one, crm, held):
            work.agreed[one.mapping.hubspot.name] = after_write(one, crm, held, job.clock())
        else:
            work.agreed[one.mapping.hubspot.name] = after_ignored(one, crm, held, job.clock())


def _take_in_new(job: Job, work: Work, crm: Crm, change: RecordChange) -> None:
    """The new record is the pair's other half from now on; its key is the partner's id."""
    (source,) = work.records.values()
    written = part(work, crm, change.kind)
    values = {name: one.new for name, one in written.items()}
    if job.connection.has_key(change.object_name):
        values[job.key(crm)] = source.id
    work.created = crm
    work.records[crm] = Record(
        crm, change.object_name, change.record_id, values, source.modified_at, source.stamp
    )
    left = {name: one for name, one in work.plan.to(crm).items() if name not in written}
    work.plan = work.plan.writing(crm, left)


def link_created(job: Job, works: Sequence[Work]) -> None:
    """Name new records, and records that turned out to be there already, in their links."""
    # New records first: nobody else may have them.
    ordered = sorted(works, key=lambda work: work.created is None)
    partners = [partner for work in ordered if (partner := _partner(work)) is not None]
    if not partners:
        return
    attached = _attach(job, works[0].token, partners)
    for work in works:
        if work.link.pk not in {partner.link_id for partner in partners}:
            continue
        work.look_again = work.look_again or work.created is None
        if work.link.pk in attached:
            work.link.state = RecordLink.State.LIVE
            work.problems = [p for p in work.problems if p.type is not error_types.EMAIL_IN_USE]
        elif work.created is not None:
            work.look_again = True


def _attach(job: Job, token: uuid.UUID, partners: Sequence[Partner]) -> set[int]:
    """Another worker may have met a new record already; its lone link gives way, for the key in
    the record says whose it is."""
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug)
    lone = links.filter(state=RecordLink.State.PENDING).exclude(
        pk__in=[partner.link_id for partner in partners]
    )
    with transaction.atomic():
        lone.filter(hubspot_id=None, salesforce_id__in=[p.salesforce_id for p in partners]).delete()
        lone.filter(salesforce_id=None, hubspot_id__in=[p.hubspot_id for p in partners]).delete()
        return RecordLink.objects.attach(token, partners)


def _partner(work: Work) -> Partner | None:
    crm = work.created or work.creating
    if crm is None or (work.created is None and work.found is None):
        return None
    id = work.found or work.records[crm].id
    hubspot, salesforce = (id, None) if crm is Crm.HUBSPOT else (None, id)
    return Partner(
        link_id=work.link.pk,
        hubspot_id=hubspot or str(work.link.hubspot_id),
        salesforce_id=salesforce or str(work.link.salesforce_id),
        salesforce_object=work.link.salesforce_object,
    )
