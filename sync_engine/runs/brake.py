"""Step 6: too many risky writes stop, and somebody looks (sync.md 6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sync_engine.core import error_types
from sync_engine.core.brakes import BrakeKind, most_in_a_day
from sync_engine.core.errors import Problem
from sync_engine.core.plan import FieldChange
from sync_engine.core.values import Crm
from sync_engine.models import Brake, RecordLink
from sync_engine.runs.job import Job, Work
from sync_engine.runs.note import name_of


def brake(job: Job, works: Sequence[Work]) -> None:
    """Reserve every create and every clearing of a value; hold back what is refused. Other
    writes go on."""
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug).open().count()
    for crm in Crm:
        creates = [work for work in works if work.creating is crm and not work.skipped]
        _reserve(job, crm, BrakeKind.CREATE, creates, _hold_create, links)
        blanks = [work for work in works if work.is_pair and _clears(work, crm)]
        _reserve(job, crm, BrakeKind.BLANK, blanks, _hold_blanks, links)


def _reserve(
    job: Job,
    crm: Crm,
    kind: BrakeKind,
    works: Sequence[Work],
    hold: Callable[[Work, Crm], None],
    links: int,
) -> None:
    if not works:
        return
    row = Brake.objects.of(job.connection.pk, job.object_type.slug, crm, kind, job.clock())
    if row.reserve(len(works), most=most_in_a_day(kind, links), now=job.clock()):
        return
    row.stop(len(works), [name_of(job, work) for work in works], job.clock())
    for work in works:
        hold(work, crm)
        work.problems.append(Problem(crm, error_types.HELD_BY_BRAKE, code=kind.value))


def _hold_create(work: Work, crm: Crm) -> None:
    work.creating = None


def _hold_blanks(work: Work, crm: Crm) -> None:
    kept = {name: change for name, change in work.plan.to(crm).items() if not _is_blank(change)}
    work.plan = work.plan.writing(crm, kept)


def _clears(work: Work, crm: Crm) -> bool:
    return any(_is_blank(change) for change in work.plan.to(crm).values())


def _is_blank(change: FieldChange) -> bool:
    return change.new is None
