"""Step 8: remember what both sides hold now, field by field, and let go (sync.md 3.8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from sync_engine.core import error_types
from sync_engine.core.errors import Problem
from sync_engine.core.first_seen import FirstSeen, unsettled
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.models import RecordLink, SyncSlice
from sync_engine.models.record_link import Agreement
from sync_engine.runs.job import Job, Work
from sync_engine.runs.note import note

# Salesforce's stamps are whole seconds: a row may change again and keep its stamp. Room is left
# for clocks that differ.
MOMENT = timedelta(seconds=5)


def agree(job: Job, slice_: SyncSlice, works: Sequence[Work]) -> None:
    """Write down the outcome of every claimed pair. Who lost the claim changes nothing."""
    for work in works:
        work.agreed.update(work.plan.settled)
        _note_refusals(work)
        _note_kept(job, work)
    agreements = [_agreement(job, work) for work in works]
    counts = Counter(name for work in works for name in _counts(work))
    with transaction.atomic():
        held = RecordLink.objects.agree(slice_.holder, agreements, job.clock())
        ours = [work for work in works if work.link.pk in held and not work.is_glimpse]
        counts["refused"] = note(job, ours)
    counts["skipped"] = sum(not _counts(work) and not work.problems for work in works)
    job.run.add(**counts)


def _counts(work: Work) -> set[str]:
    """Return what was done to a record, once however many writes it took."""
    is_counted = any(name.endswith(f"_in_{Crm.HUBSPOT}") for name in work.counts)
    updated = {f"updated_in_{Crm.HUBSPOT}"} if work.opted_out and not is_counted else set()
    return {*work.counts, *updated}


def _agreement(job: Job, work: Work) -> Agreement:
    return Agreement(
        link_id=work.link.pk,
        agreed=work.agreed,
        first_seen=_first_seen(job, work),
        hubspot_stamp=_stamp(job, work, Crm.HUBSPOT),
        salesforce_stamp=_stamp(job, work, Crm.SALESFORCE),
        look_again=work.look_again,
    )


def _first_seen(job: Job, work: Work) -> FirstSeen:
    """A Salesforce value that could not be settled now keeps the time at which it was first seen:
    later writes of ours move its record's time, and are no edits (sync.md 2)."""
    before: FirstSeen = work.link.first_seen
    record = work.records.get(Crm.SALESFORCE)
    if record is None or work.created is not None:
        return before
    return unsettled(before, record, work.agreed, job.mapped.get(record.object_name, ()))


def _stamp(job: Job, work: Work, crm: Crm) -> datetime | None:
    """Return the stamp of the deciding read. A record we made ourselves has none yet: its echo is
    known by its values. So is one that was changed but a moment before it was read."""
    record = work.records.get(crm)
    if record is None:
        return work.link.stamp(crm)
    is_fresh = crm is Crm.SALESFORCE and record.stamp > job.run.began_at - MOMENT
    return None if is_fresh or crm is work.created else record.stamp


def _note_refusals(work: Work) -> None:
    for refusal in work.plan.refusals:
        work.problems.append(
            Problem(
                refusal.target,
                error_types.ERROR_TYPES[refusal.slug],
                message=refusal.message,
                fields=(refusal.mapping.of(refusal.target).name,),
            )
        )


def _note_kept(job: Job, work: Work) -> None:
    """What a CRM did not take is not sent again; it stays an error while the two differ."""
    for mapping in job.mapped.get(work.link.salesforce_object, ()):
        agreed = work.agreed.get(mapping.hubspot.name)
        if agreed is None or agreed.kept_by is None or mapping.rule is SyncRule.DONT_SYNC:
            continue
        fields = (mapping.of(agreed.kept_by).name,)
        work.problems.append(Problem(agreed.kept_by, error_types.VALUE_NOT_TAKEN, fields=fields))
