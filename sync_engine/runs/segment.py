"""The inclusion segment: who is in it, and what that means for a run (sync.md 5; product.md 6.1).

A record outside syncs in neither direction; its link is kept up to date all the same. A segment
that cannot be read, was deleted or is suddenly empty never means *everyone* or *no one*: the
object type stops and asks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.db import transaction

from sync_engine.core import error_types
from sync_engine.core.errors import CrmError, Remedy
from sync_engine.core.values import Crm
from sync_engine.models import RecordLink, Segment
from sync_engine.runs.job import Job, Work

# "Members read whole every 15 minutes, joins in between by join-order" (sync.md 5).
WHOLE = timedelta(minutes=15)

OUTSIDE = "It is not in the inclusion segment."


def is_ready(job: Job) -> bool:
    """Bring the segment of an object type up to date; False where nothing of it may sync now.

    Raises CrmError where HubSpot is merely busy.
    """
    segment = job.segment
    if segment is None:
        return True
    try:
        because = _trouble(job, segment)
    except CrmError as error:
        type_ = error.problem.type
        if type_.remedy is not Remedy.HOLD and type_ is not error_types.MISSING_SCOPES:
            raise
        because = f"HubSpot does not let us read the segment “{segment.name}”. {error}."
    segment.stop(because)
    return not because and segment.is_chosen


def note_joined(job: Job) -> None:
    """Write down who joined since the last look, and that they are to be looked at: joining is a
    trigger."""
    if job.segment is None or job.segment.read_at is None:
        return
    found = job.crms.hubspot.lists.joined(job.segment.list_id, job.segment.cursor)
    if found.cursor == job.segment.cursor and not found.ids:
        return
    with transaction.atomic():
        if not _hold(job.segment):
            return
        _let_in(job, job.segment.add(found.ids))
        job.segment.cursor = found.cursor
        job.segment.save(update_fields=["cursor"])


def leave_outsiders(job: Job, works: Sequence[Work]) -> None:
    """Let nothing flow from or to records outside. Who has no HubSpot record yet is exempt: a
    record that Salesforce brings is created first, and limited afterwards."""
    if job.segment is None:
        return
    ids = [work.link.hubspot_id for work in works if work.link.hubspot_id]
    outside = job.segment.outsiders(ids)
    is_known = job.segment.read_at is not None and job.segment.is_chosen
    for work in works:
        if work.link.hubspot_id in outside:
            work.skipped = OUTSIDE
            # Chosen while this run went on or was paused: nobody has asked yet who is in it.
            work.look_again = work.look_again or not is_known


def _trouble(job: Job, segment: Segment) -> str:
    """Read the members, if it is time to; return why they cannot be relied on, "" if they can."""
    if segment.read_at is not None and job.clock() < segment.read_at + WHOLE:
        return segment.stopped_because
    segment.is_empty = False
    lists = job.crms.hubspot.lists
    found = lists.named(segment.list_id)
    if found is None:
        return (
            f"The segment “{segment.name}” was deleted in HubSpot, or is not active any more. "
            "Choose another segment, or all records."
        )
    ids = lists.members(segment.list_id)
    segment.is_empty = not ids
    if segment.is_empty and not segment.may_be_empty:
        return (
            f"The segment “{segment.name}” has no members. Correct it in HubSpot, choose another "
            "one, or go on with nobody in it."
        )
    _take_in(job, segment, ids)
    return ""


def _take_in(job: Job, segment: Segment, ids: Collection[str]) -> None:
    """Remember who is in it. Those whom the list of who joined missed are looked at now."""
    is_first = segment.read_at is None
    if is_first:
        segment.cursor = job.crms.hubspot.lists.joined(segment.list_id, "").cursor
    segment.read_at, segment.may_be_empty = job.clock(), segment.may_be_empty and not ids
    with transaction.atomic():
        if not _hold(segment):
            return
        new = segment.add(ids)
        segment.keep_only(ids)
        if not is_first:
            _let_in(job, new)
        segment.save(update_fields=["cursor", "read_at", "is_empty", "may_be_empty"])


def _hold(segment: Segment) -> bool:
    """Keep others from choosing until the transaction ends; False where somebody has chosen."""
    return Segment.objects.select_for_update().filter(pk=segment.pk).exists()


def _let_in(job: Job, ids: Collection[str]) -> None:
    """Let this poll look at records; what happened to their values outside was not seen: the
    baseline is stale. Who has no link yet gets one, without a partner so far. Whose partner was
    deleted keeps its tombstone."""
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug).naming(
        {Crm.HUBSPOT: ids}
    )
    links.update(look_again=True, since=job.clock())
    known = set(links.values_list("hubspot_id", flat=True))
    RecordLink.objects.bulk_create(
        (
            RecordLink(
                connection=job.connection,
                object_type=job.object_type.slug,
                hubspot_id=id,
                salesforce_object=job.creates(Crm.SALESFORCE) or job.object_type.salesforce[0],
                since=job.clock(),
                look_again=True,
            )
            for id in ids
            if id not in known
        ),
        ignore_conflicts=True,
    )
