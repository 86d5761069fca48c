"""A field that is written back and forth: somebody else keeps undoing what we write (sync.md 1)."""

from __future__ import annotations

from datetime import timedelta

from sync_engine.core import error_types
from sync_engine.core.errors import Problem
from sync_engine.core.plan import FieldChange
from sync_engine.core.spelling import remembered
from sync_engine.core.values import Crm

# "A field written back and forth three times in a day is frozen" (sync.md 1).
WINDOW = timedelta(days=1)
MOST_FLIPS = 3


def frozen(crm: Crm, name: str, change: FieldChange, flips: int) -> Problem:
    """Say which two writers disagree about a field of `crm`. flips: how often it was written with
    this same value, and set back, within the last day."""
    ours, theirs = remembered(change.new) or "blank", remembered(change.old) or "blank"
    message = (
        f"crmsync wrote “{ours}” to {change.mapping.of(crm).label} in {crm.label} {flips} times in "
        f"24 hours, as {crm.other.label} holds it, and each time {crm.label} set it back to "
        f"“{theirs}”: a person, a workflow or a flow there writes it too."
    )
    return Problem(crm, error_types.FROZEN, message=message, fields=(name,))
