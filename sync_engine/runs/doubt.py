"""Writes of which nobody knows whether they landed: settled by reading (sync.md 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sync_engine.core.plan import Agreed
from sync_engine.core.spelling import remembered
from sync_engine.core.values import Crm
from sync_engine.models import RecordChange
from sync_engine.models.record_change import DOUBT
from sync_engine.runs.job import Job, Work


def settle_doubt(job: Job, works: Sequence[Work]) -> None:
    """Compare each write in doubt with what its record holds now.

    It holds the new value: the write landed, and that is no edit. It holds another one: it may
    still land for a while, so the change stays in doubt until then, and the pair is planned anew.
    """
    by_link = {work.link.pk: work for work in works}
    closed: list[RecordChange] = []
    for change in RecordChange.objects.unsettled().filter(link_id__in=by_link).order_by("pk"):
        work = by_link[change.link_id]
        landed = _landed(change, work)
        for name, field in landed.items():
            _take_as_ours(work, Crm(change.crm), name, field, change)
        if _is_over(change, landed, work, job.clock()):
            change.state = RecordChange.State.DONE if landed else RecordChange.State.WITHDRAWN
            work.look_again |= work.alone_in is not None  # it waited for this to be created
            closed.append(change)
    RecordChange.objects.close(closed, job.clock())


def _landed(change: RecordChange, work: Work) -> Mapping[str, Any]:
    """Return the fields in which the record holds what we wrote."""
    record = work.records.get(Crm(change.crm))
    if record is None:
        return {}
    return {
        name: field
        for name, field in change.fields.items()
        if name in record.values and remembered(record.values[name]) == field["new"]
    }


def _take_as_ours(
    work: Work, crm: Crm, name: str, field: Mapping[str, Any], change: RecordChange
) -> None:
    """Agree on a value that our own write brought: only the other side may have changed since."""
    agreed = work.agreed.get(field["property"])
    if agreed is not None and agreed.of(crm) == field["new"]:
        return
    here, there = (
        (field["new"], field["from"]) if crm is Crm.HUBSPOT else (field["from"], field["new"])
    )
    work.agreed[field["property"]] = Agreed(here, there, change.planned_at)


def _is_over(change: RecordChange, landed: Mapping[str, Any], work: Work, now: datetime) -> bool:
    if change.kind == RecordChange.Kind.CREATE:
        # Found by our key, or sent again by our key: it cannot be made twice.
        return Crm(change.crm) in work.records or (change.sent_at or now) + DOUBT < now
    return len(landed) == len(change.fields) or (change.sent_at or now) + DOUBT < now
