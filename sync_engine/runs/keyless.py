"""Records without our key: its field may not be made, is gone, or refused the value (sync.md 4).

Then we look before we create, and never create while an earlier create may still land. A key that
is refused never takes the other fields of its row along.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sync_engine.core import error_types
from sync_engine.core.allocation import AllocationSpent
from sync_engine.core.errors import CrmError, Problem
from sync_engine.core.values import Crm
from sync_engine.crms.base import Outcome, Row
from sync_engine.runs.job import Job


def key_to_create_by(job: Job, crm: Crm, object_name: str) -> str:
    """Name the key that makes creating twice harmless; "" where the object has none."""
    return job.key(crm) if job.connection.has_key(object_name) else ""


def keeps_from_creating(job: Job, object_name: str, *, in_doubt: bool) -> str:
    """Return why a record that was looked for and not found is not created yet, "" if it is."""
    if job.connection.has_key(object_name):
        return ""
    if in_doubt:
        return "It may have been created already, and is looked for until that is certain."
    if not job.object_type.identity:
        return f"Without our key in {object_name} nobody could tell whether it is there already."
    return ""


def update(job: Job, crm: Crm, object_name: str, rows: Sequence[Row]) -> list[Outcome]:
    """Update records; rows whose key is refused are sent again without it, all in one more call.
    Raises as CrmClient.update does."""
    client = job.crms.of(crm)
    outcomes = list(client.update(object_name, rows))
    again = {
        place: _without_key(row, job.key(crm))
        for place, (row, outcome) in enumerate(zip(rows, outcomes, strict=True))
        if job.key(crm) in row.values and _names_key(job, crm, outcome.problem)
    }
    left = {place: row for place, row in again.items() if row.values}
    try:
        written = client.update(object_name, list(left.values())) if left else []
    except (CrmError, AllocationSpent):  # the first call's refusals stand, and are tried again
        return outcomes
    for place, row in again.items():
        lost_key(job, crm, object_name, outcomes[place].problem)
        outcomes[place] = Outcome(row.id)  # of a row that held nothing but the key
    for place, outcome in zip(left, written, strict=True):
        outcomes[place] = outcome
    return outcomes


def lost_key(job: Job, crm: Crm, object_name: str, problem: Problem | None) -> bool:
    """Tell whether a refusal says that the field of our key is gone or not ours to write. Then
    the object goes on without it, and the next poll tries to make it anew."""
    if not _names_key(job, crm, problem) or problem is None:
        return False
    if problem.type is error_types.VALUE_IN_USE:  # of one record: another one bears the key
        return False
    job.connection.remember_keys({object_name: problem.message or problem.type.title})
    return True


def _names_key(job: Job, crm: Crm, problem: Problem | None) -> bool:
    key = job.key(crm)
    return problem is not None and (key in problem.fields or key in problem.message)


def _without_key(row: Row, key: str) -> Row:
    return replace(row, values={name: value for name, value in row.values.items() if name != key})
