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
from sync_engine.runs.opt_out import hold_opt_out, opting_out

Reserved = tuple[Brake, Crm, Sequence[Work]]


def brake(job: Job, works: Sequence[Work]) -> list[Reserved]:
    """Reserve every opt-out, create and clearing of a value; hold back what is refused. Other
    writes go on. Returns what was reserved."""
    reserved: list[Reserved] = []
    links = RecordLink.objects.of(job.connection.pk, job.object_type.slug).open().count()
    for crm in Crm:
        opt_outs = opting_out(works, crm)
        reserved += reserve(job, crm, BrakeKind.OPT_OUT, opt_outs, hold_opt_out, links)
        creates = [work for work in works if work.creating is crm and not work.skipped]
        reserved += reserve(job, crm, BrakeKind.CREATE, creates, _hold_create, links)
        blanks = [work for work in works if work.is_pair and _clears(work, crm)]
        reserved += reserve(job, crm, BrakeKind.BLANK, blanks, _hold_blanks, links)
    return reserved


def give_back(reserved: Sequence[Reserved]) -> None:
    """Give back what was reserved for writes that did not go out: they are planned again."""
    for row, crm, works in reserved:
        row.give_back(sum(not _went_out(work, crm) for work in works))


def _went_out(work: Work, crm: Crm) -> bool:
    """Tell whether a CRM took a record's write, or may have taken it."""
    is_opted_out = crm is Crm.HUBSPOT and work.opted_out
    is_written = any(count.endswith(f"_in_{crm}") for count in work.counts)
    return work.in_doubt or is_opted_out or is_written


def reserve(
    job: Job,
    crm: Crm,
    kind: BrakeKind,
    works: Sequence[Work],
    hold: Callable[[Work, Crm], None],
    links: int,
) -> list[Reserved]:
    """Reserve one kind of write for all works, or for none: then each is put on `hold`."""
    if not works:
        return []
    row = Brake.objects.of(job.connection.pk, job.object_type.slug, crm, kind, job.clock())
    if row.reserve(len(works), most=most_in_a_day(kind, links), now=job.clock()):
        return [(row, crm, works)]
    row.stop(len(works), [name_of(job, work) for work in works], job.clock())
    for work in works:
        hold(work, crm)
        work.problems.append(Problem(crm, error_types.HELD_BY_BRAKE, code=kind.value))
    return []


def _hold_create(work: Work, crm: Crm) -> None:
    work.creating = None


def _hold_blanks(work: Work, crm: Crm) -> None:
    kept = {name: change for name, change in work.plan.to(crm).items() if not _is_blank(change)}
    work.plan = work.plan.writing(crm, kept)


def _clears(work: Work, crm: Crm) -> bool:
    return any(_is_blank(change) for change in work.plan.to(crm).values())


def _is_blank(change: FieldChange) -> bool:
    return change.new is None
