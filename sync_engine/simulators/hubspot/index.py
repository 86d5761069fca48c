"""The search index: what search sees, some seconds behind the records. Source: hubspot-api.md 7."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Container, Hashable, Iterable, Iterator

from sync_engine.simulators.hubspot.found import Found
from sync_engine.simulators.hubspot.row import Row

_KEPT = 4


class SearchIndex:
    """rows: the version of each record in use that search sees.

    in_use  ids of the records that are neither archived nor gone
    kept    what searches have found that are being paged through, by what they asked

    An entry of the modified stamp that a newer version of its record has made stale is passed
    over; all of those are dropped when they are the majority.
    """

    def __init__(self, in_use: Container[int]) -> None:
        self.rows: dict[int, Row] = {}
        self.kept: dict[Hashable, Found] = {}
        self._in_use = in_use
        self._waiting: deque[Row] = deque()
        self._stamps = array("q")
        self._ids = array("q")

    def note(self, row: Row) -> None:
        self._waiting.append(row)

    def catch_up(self, until: int) -> None:
        """Take in every version that was written at `until` (milliseconds) or before."""
        while self._waiting and self._waiting[0].modified <= until:
            self._take(self._waiting.popleft())
        if len(self._ids) > 2 * len(self.rows) + 1000:
            self._rebuild()

    def forget(self, row_id: int) -> None:
        """Drop a record that is not in use any more."""
        self._tell(self.rows.pop(row_id, None), None)

    def keep(self, asked: Hashable, found: Found) -> None:
        """Keep what a search has found up to date, and forget the one kept longest."""
        self.kept[asked] = found
        if len(self.kept) > _KEPT:
            del self.kept[next(iter(self.kept))]

    def waiting(self) -> Iterable[Row]:
        return self._waiting

    def count_modified(self, low: int, high: int) -> int:
        return bisect_right(self._stamps, high) - bisect_left(self._stamps, low)

    def modified(self, low: int, high: int) -> Iterator[Row]:
        """Return the rows stamped from `low` to `high`, both included, in no order of ids."""
        for at in range(bisect_left(self._stamps, low), bisect_right(self._stamps, high)):
            row = self.rows.get(self._ids[at])
            if row is not None and row.modified == self._stamps[at]:
                yield row

    def _take(self, row: Row) -> None:
        if row.id not in self._in_use:
            return
        self._tell(self.rows.get(row.id), row)
        self.rows[row.id] = row
        at = bisect_right(self._stamps, row.modified)
        self._stamps.insert(at, row.modified)
        self._ids.insert(at, row.id)

    def _tell(self, before: Row | None, after: Row | None) -> None:
        for found in self.kept.values():
            found.follow(before, after)

    def _rebuild(self) -> None:
        ordered = sorted((row.modified, row.id) for row in self.rows.values())
        self._stamps = array("q", (stamp for stamp, _ in ordered))
        self._ids = array("q", (row_id for _, row_id in ordered))
