"""Before writing: ids of reference fields that a HubSpot dropdown lacks are added to its options.

Source: product.md 17.5, sync.md 2. Their labels are for the admin to type.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sync_engine.core import error_types
from sync_engine.core.errors import CrmError, Problem, Remedy
from sync_engine.core.fields import FieldKind
from sync_engine.core.plan import FieldChange
from sync_engine.core.values import Crm
from sync_engine.models.advisory_lock import one_at_a_time
from sync_engine.runs.job import Job, Work


def add_options(job: Job, works: Sequence[Work]) -> None:
    """Add what the plans need; a dropdown that does not take it holds back its own values only.

    Raises CrmError where the CRM is at fault, and AllocationSpent.
    """
    lacking: dict[str, set[str]] = {}
    for work in works:
        for change in _unknown_ids(work):
            lacking.setdefault(change.mapping.hubspot.name, set()).add(str(change.new))
    for name, ids in lacking.items():
        try:
            _add(job, name, ids)
        except CrmError as error:
            if not _is_about_the_dropdown(error):
                raise
            for work in works:
                _hold(work, name, error.problem)


def _add(job: Job, name: str, ids: set[str]) -> None:
    object_name = job.object_type.hubspot
    with one_at_a_time(f"options of {job.connection.pk}.{object_name}.{name}"):
        job.crms.hubspot.add_options(object_name, name, sorted(ids))


def _unknown_ids(work: Work) -> Iterator[FieldChange]:
    if work.skipped:
        return
    for change in work.plan.to(Crm.HUBSPOT).values():
        property_, field = change.mapping.hubspot, change.mapping.salesforce
        is_label_of_id = property_.kind is FieldKind.PICKLIST and field.kind is FieldKind.REFERENCE
        if is_label_of_id and change.new is not None and change.new not in property_.options:
            yield change


def _is_about_the_dropdown(error: CrmError) -> bool:
    """Tell whether HubSpot lets us not change this property, while everything else goes on."""
    is_final = error.problem.type.remedy is Remedy.HOLD and not error.in_doubt
    return is_final or error.problem.type is error_types.MISSING_SCOPES


def _hold(work: Work, name: str, why: Problem) -> None:
    """Leave out an id that the dropdown lacks still."""
    if name not in {change.mapping.hubspot.name for change in _unknown_ids(work)}:
        return
    changes = {at: one for at, one in work.plan.to(Crm.HUBSPOT).items() if at != name}
    work.plan = work.plan.writing(Crm.HUBSPOT, changes)
    message = f"HubSpot did not let us add the Salesforce ID to the options: {why.message}"
    work.problems.append(
        Problem(Crm.HUBSPOT, error_types.PICKLIST, why.code, message, fields=(name,))
    )
