"""Writing many records in one call, and what is known when the call as a whole fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from sync_engine.core.allocation import AllocationSpent
from sync_engine.core.call_errors import API_LIMIT
from sync_engine.core.errors import Category, CrmError, Problem, Remedy
from sync_engine.core.values import Crm
from sync_engine.crms.base import Outcome, Row

T = TypeVar("T")

# One row is to blame for such a refusal, and not all of them.
_OF_ONE_ROW = (Category.PROPERTY_VALUES, Category.DUPLICATES)


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items in lists of at most `size`."""
    ordered = list(items)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


def write(
    rows: Sequence[Row], send: Callable[[Sequence[Row]], Sequence[Outcome]]
) -> Sequence[Outcome]:
    """Send rows in one call, and say of each what came of it; see CrmClient.create.

    Where one row made the CRM refuse the whole call, nothing was written: then halves are sent,
    down to the row that is to blame.
    """
    if not rows:
        return []
    try:
        return send(rows)
    except CrmError as error:
        if error.in_doubt:
            return [Outcome(row.id, problem=error.problem, in_doubt=True) for row in rows]
        if error.problem.type.remedy is not Remedy.HOLD:
            raise
        if len(rows) > 1 and error.problem.type.category in _OF_ONE_ROW:
            half = len(rows) // 2
            return [*write(rows[:half], send), *_write_on(rows[half:], send)]
        return refused(rows, error.problem)


def _write_on(
    rows: Sequence[Row], send: Callable[[Sequence[Row]], Sequence[Outcome]]
) -> Sequence[Outcome]:
    """Write further rows of a call that was halved. What stops these must not hide what came of
    those before: they are refused, to be tried again."""
    try:
        return write(rows, send)
    except CrmError as error:
        return refused(rows, error.problem)
    except AllocationSpent as spent:
        return refused(rows, Problem(Crm.SALESFORCE, API_LIMIT, message=str(spent)))


def refused(rows: Sequence[Row], problem: Problem) -> list[Outcome]:
    return [Outcome(row.id, problem=problem) for row in rows]
