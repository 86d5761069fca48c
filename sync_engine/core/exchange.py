"""Carrying a value over where the two CRMs have no word in common for it: ids of owners."""

from __future__ import annotations

from typing import Protocol

from sync_engine.core.convert import CannotConvert
from sync_engine.core.values import Crm, Value


class Exchange(Protocol):
    """Says a value of one CRM in the other's words. What counts as equal follows from it:
    carrying either value over gives what is there."""

    def carried(self, value: Value, target: Crm) -> Value:
        """Return what `target` calls a value; a blank stays one.

        Raises NoCounterpart, Rejected, or another CannotConvert.
        """
        ...


class NoCounterpart(Exception):
    """The other CRM has nothing for this value, which is no error: the two are left to differ."""


class Rejected(CannotConvert):
    """The other CRM does not take this value, and what it holds itself comes back."""
