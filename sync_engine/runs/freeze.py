"""Step 5, at its end: a field that two writers change back and forth is left alone for a while."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sync_engine.core.convert import remembered
from sync_engine.core.flips import MOST_FLIPS, WINDOW, frozen
from sync_engine.core.values import Crm
from sync_engine.models import RecordChange
from sync_engine.runs.job import Job, Work

Flip = tuple[int, str, str, str | None]  # link, CRM, field, the value that was written


def freeze(job: Job, works: Sequence[Work]) -> None:
    """Take out of the plans what was written three times within a day already; say who the two
    writers are. The next day it is tried again."""
    writing = {work.link.pk: work for work in works if any(work.plan.writes.values())}
    flips = _written_lately(job, list(writing)) if writing else Counter()
    for work in writing.values():
        for crm in Crm:
            _freeze(work, crm, flips)


def _freeze(work: Work, crm: Crm, flips: Counter[Flip]) -> None:
    kept = {}
    for name, change in work.plan.to(crm).items():
        times = flips[work.link.pk, crm.value, name, remembered(change.new)]
        if times < MOST_FLIPS:
            kept[name] = change
        else:
            work.problems.append(frozen(crm, name, change, times))
    work.plan = work.plan.writing(crm, kept)


def _written_lately(job: Job, links: Sequence[int]) -> Counter[Flip]:
    changes = RecordChange.objects.done_since(job.clock() - WINDOW).filter(link__in=links)
    return Counter(
        (link, crm, name, field["new"])
        for link, crm, fields in changes.values_list("link", "crm", "fields")
        for name, field in fields.items()
    )
