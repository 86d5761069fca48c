"""Step 7, at its end: one bad field never holds back the others (sync.md 3.8).

A CRM refuses a row as a whole. Where it names the fields that are to blame, the rest is sent once
more without them; those stay an error.
"""

from __future__ import annotations

from collections.abc import Sequence

from sync_engine.core.errors import Remedy
from sync_engine.core.values import Crm
from sync_engine.runs.job import Work


def spare(crm: Crm, works: Sequence[Work]) -> list[Work]:
    """Take what a refusal names out of the plans of updates; return the works it was taken of."""
    return [work for work in works if _spare(work, crm)]


def _spare(work: Work, crm: Crm) -> bool:
    if work.in_doubt or f"updated_in_{crm}" in work.counts:
        return False
    planned = work.plan.to(crm)
    refusals = [p for p in work.problems if p.crm is crm and p.type.remedy is Remedy.HOLD]
    blamed = {name for problem in refusals for name in problem.fields if name in planned}
    if not blamed:
        return False
    work.blamed |= {(crm, name): planned[name] for name in blamed}
    kept = {name: change for name, change in planned.items() if name not in blamed}
    work.plan = work.plan.writing(crm, kept)
    return True
