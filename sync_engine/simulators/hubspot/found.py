"""What a search has found, kept while somebody pages through it: a window of a million records is
looked through once, not once per page."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import Any

from sync_engine.simulators.hubspot.row import Row


class Found:
    """rows: all that fit, in ascending `order`, whose keys no two rows share."""

    def __init__(
        self, rows: list[Row], fits: Callable[[Row], bool], order: Callable[[Row], Any]
    ) -> None:
        self.rows = sorted(rows, key=order)
        self._fits = fits
        self._order = order

    def place_of(self, key: Any) -> int:
        """Return how many rows come before this key."""
        return bisect_left(self.rows, key, key=self._order)

    def page(self, first: int, last: int, *, descending: bool) -> list[Row]:
        """Return the rows from place `first` to before `last`, counted from either end."""
        if not descending:
            return self.rows[first:last]
        count = len(self.rows)
        return self.rows[max(count - last, 0) : max(count - first, 0)][::-1]

    def follow(self, before: Row | None, after: Row | None) -> None:
        """Take in a change of the index: a record's version and the next, None for no such."""
        if before is not None and self._fits(before):
            del self.rows[self.place_of(self._order(before))]
        if after is not None and self._fits(after):
            self.rows.insert(self.place_of(self._order(after)), after)
