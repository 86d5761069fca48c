"""New records whose owner Salesforce's assignment rules choose: leads for which we know none.

The rules run on nothing else, for they would give records that are there another owner
(salesforce-api.md 0.1, product.md 14). So these are created in calls of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

from sync_engine.core.values import Crm
from sync_engine.runs.job import Job, Work


def is_assigned(job: Job, work: Work) -> bool:
    """Tell whether the rules are to choose the owner of the record that is to be made."""
    if work.creating is not Crm.SALESFORCE:
        return False
    owner = job.object_type.assigned.get(work.link.salesforce_object)
    return owner is not None and owner not in work.plan.to(Crm.SALESFORCE)


def apart(job: Job, works: Sequence[Work]) -> tuple[Sequence[Work], Sequence[Work]]:
    """Return the works whose records are made as they are, and those whose owner is chosen."""
    chosen = [work for work in works if is_assigned(job, work)]
    keys = {work.link.pk for work in chosen}
    return [work for work in works if work.link.pk not in keys], chosen
