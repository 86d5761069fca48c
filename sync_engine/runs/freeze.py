"""Step 5, at its end: a field that two writers change back and forth is left alone for a while."""

from __future__ import annotations

from collections.abc import Sequence

from sync_engine.core.flips import MOST_FLIPS, WINDOW, frozen
from sync_engine.core.spelling import remembered
from sync_engine.core.values import Crm
from sync_engine.models import RecordChange
from sync_engine.runs.job import Job, Work

Place = tuple[int, str, str]  # link, CRM, field
Flips = dict[Place, tuple[str | None, int]]  # the value written last, how often one after another


def freeze(job: Job, works: Sequence[Work]) -> None:
    """Take out of the plans what was written three times within a day already; say who the two
    writers are. The next day it is tried again."""
    writing = {work.link.pk: work for work in works if any(work.plan.writes.values())}
    flips = _written_lately(job, list(writing)) if writing else {}
    for work in writing.values():
        for crm in Crm:
            _freeze(work, crm, flips)


def _freeze(work: Work, crm: Crm, flips: Flips) -> None:
    kept = {}
    for name, change in work.plan.to(crm).items():
        value, times = flips.get((work.link.pk, crm.value, name), (None, 0))
        if times < MOST_FLIPS or value != remembered(change.new):
            kept[name] = change
        else:
            work.problems.append(frozen(crm, name, change, times))
    work.plan = work.plan.writing(crm, kept)


def _written_lately(job: Job, links: Sequence[int]) -> Flips:
    """Count how often one value was written and no other between: what a person changes to and
    fro on the other side is no quarrel."""
    changes = RecordChange.objects.done_since(job.clock() - WINDOW).filter(link__in=links)
    flips: Flips = {}
    for link, crm, fields in changes.order_by("pk").values_list("link", "crm", "fields"):
        for name, field in fields.items():
            value, times = flips.get((link, crm, name), (None, 0))
            again = times + 1 if value == field["new"] else 1
            flips[link, crm, name] = field["new"], again
    return flips
