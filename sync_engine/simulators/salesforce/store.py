"""Records in memory: packed rows, indexes, and what changed when.

A row is handed out as a dict {field: value} without blanks, freshly made each time: what a caller
does to it changes nothing until `put`. Packed, a record of 30 fields takes about 1 KB with its
indexes, so that a million fit.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

import orjson

from sync_engine.simulators.salesforce.fields import Row, SObject

STAMP = itemgetter(0)
HIGHEST = "9999"


class Timeline:
    """Ids in the order of their SystemModstamp. What was stamped anew stays until the next
    tidying, and is passed over."""

    def __init__(self) -> None:
        self._entries: list[tuple[str, str]] = []
        self._stamps: dict[str, str] = {}

    def set(self, record_id: str, stamp: str) -> None:
        if self._stamps.get(record_id) == stamp:
            return
        self._stamps[record_id] = stamp
        if not self._entries or self._entries[-1][0] <= stamp:
            self._entries.append((stamp, record_id))
        else:
            insort_right(self._entries, (stamp, record_id), key=STAMP)
        if len(self._entries) > 2 * len(self._stamps) + 1000:
            self._entries = sorted((stamp, id_) for id_, stamp in self._stamps.items())

    def remove(self, record_id: str) -> None:
        self._stamps.pop(record_id, None)

    def between(self, low: str, high: str) -> Iterator[str]:
        """Yield the ids stamped from `low` to `high`, both included, oldest first."""
        first = bisect_left(self._entries, low, key=STAMP)
        last = bisect_right(self._entries, high, key=STAMP)
        for at in range(first, last):
            stamp, record_id = self._entries[at]
            if self._stamps.get(record_id) == stamp:
                yield record_id

    def latest(self) -> Iterator[str]:
        """Yield all ids, latest changed first."""
        for stamp, record_id in reversed(self._entries):
            if self._stamps.get(record_id) == stamp:
                yield record_id


class Table:
    """The records of one object, those in the recycle bin too."""

    def __init__(self, sobject: SObject) -> None:
        self.sobject = sobject
        self.timeline = Timeline()
        self._rows: dict[str, bytes] = {}
        self._deleted: set[str] = set()
        self._columns: list[str] = []
        self._numbers: dict[str, int] = {}
        self._indexes: dict[str, dict[str, tuple[str, ...]]] = {
            f.name: {} for f in sobject.fields.values() if f.indexed and f.name != "Id"
        }

    def __contains__(self, record_id: object) -> bool:
        return record_id in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._rows))

    def __len__(self) -> int:
        return len(self._rows)

    def live(self) -> list[str]:
        """Return the ids of the records that are not in the recycle bin."""
        return [record_id for record_id in self._rows if record_id not in self._deleted]

    def get(self, record_id: str) -> Row | None:
        packed = self._rows.get(record_id)
        return None if packed is None else self._unpack(packed)

    def put(self, row: Row) -> Row | None:
        """Store a record; return what it was, None for a new one."""
        record_id: str = row["Id"]
        before = self.get(record_id)
        self._index(record_id, before or {}, row)
        self._rows[record_id] = self._pack(row)
        if row.get("IsDeleted"):
            self._deleted.add(record_id)
        else:
            self._deleted.discard(record_id)
        self.timeline.set(record_id, row["SystemModstamp"])
        return before

    def remove(self, record_id: str) -> Row | None:
        """Forget a record for good; return what it was."""
        before = self.get(record_id)
        self._index(record_id, before or {}, {})
        del self._rows[record_id]
        self._deleted.discard(record_id)
        self.timeline.remove(record_id)
        return before

    def add_index(self, field: str) -> None:
        """Index a field that is new, and blank in every record."""
        self._indexes[field] = {}

    def is_indexed(self, field: str) -> bool:
        return field in self._indexes

    def find(self, field: str, value: str) -> tuple[str, ...]:
        """Return the ids whose indexed field holds this text, without regard to case."""
        return self._indexes[field].get(_key(value), ())

    def containing(self, text: str) -> Iterator[str]:
        """Yield ids of records that hold this text anywhere, latest changed first."""
        needle = orjson.dumps(text.lower())[1:-1].decode()
        for record_id in self.timeline.latest():
            if needle in self._rows[record_id].decode().lower() or needle in record_id.lower():
                yield record_id

    def dump(self) -> list[Row]:
        return [self._unpack(packed) for packed in self._rows.values()]

    def _pack(self, row: Row) -> bytes:
        pairs: list[Any] = []
        for name, value in row.items():
            if value is not None:
                number = self._numbers.get(name)
                pairs += (self._new_column(name) if number is None else number, value)
        # A copy of its own size: orjson's answer keeps the kilobyte that it wrote into.
        return bytes(memoryview(orjson.dumps(pairs)))

    def _unpack(self, packed: bytes) -> Row:
        pairs = iter(orjson.loads(packed))
        columns = self._columns
        return {columns[number]: value for number, value in zip(pairs, pairs, strict=True)}

    def _new_column(self, name: str) -> int:
        self._columns.append(name)
        self._numbers[name] = len(self._columns) - 1
        return len(self._columns) - 1

    def _index(self, record_id: str, before: Row, after: Row) -> None:
        for field, ids_by_value in self._indexes.items():
            old, new = before.get(field), after.get(field)
            if old == new:
                continue
            if old is not None:
                _drop(ids_by_value, _key(old), record_id)
            if new is not None:
                ids_by_value[_key(new)] = (*ids_by_value.get(_key(new), ()), record_id)


def _key(value: Any) -> str:
    return str(value).lower()


def _drop(ids_by_value: dict[str, tuple[str, ...]], key: str, record_id: str) -> None:
    left = tuple(other for other in ids_by_value[key] if other != record_id)
    if left:
        ids_by_value[key] = left
    else:
        del ids_by_value[key]


Change = tuple[Table, str, Row | None]  # a record, and what it was before


class Store:
    """All tables. What happens inside `transaction` happens wholly or not at all.

    at_commit: gets what a whole transaction changed, once it is done
    """

    def __init__(self, sobjects: list[SObject]) -> None:
        self.tables = {sobject.name: Table(sobject) for sobject in sobjects}
        self._by_prefix = {sobject.prefix: self.tables[sobject.name] for sobject in sobjects}
        self._undo: list[Change] | None = None
        self._deeds: list[Callable[[], None]] = []
        self.at_commit: Callable[[list[Change]], None] = lambda changes: None

    def __getitem__(self, object_name: str) -> Table:
        return self.tables[object_name]

    def table_of(self, record_id: str) -> Table | None:
        return self._by_prefix.get(record_id[:3])

    def get(self, record_id: str) -> Row | None:
        """Return a record of any object; a deleted one too."""
        table = self.table_of(record_id)
        return table.get(record_id) if table else None

    def put(self, table: Table, row: Row) -> None:
        before = table.put(row)
        if self._undo is not None:
            self._undo.append((table, row["Id"], before))

    def remove(self, table: Table, record_id: str) -> None:
        before = table.remove(record_id)
        if self._undo is not None:
            self._undo.append((table, record_id, before))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Undo all that was put and removed inside where it ends by an exception."""
        outer, self._undo = self._undo, []
        promised = len(self._deeds)
        try:
            yield
        except BaseException:
            self.take_back(self._undo)
            del self._deeds[promised:]
            self._undo = outer
            raise
        changes, self._undo = self._undo, outer
        if outer is not None:
            outer.extend(changes)
            return
        deeds, self._deeds = self._deeds, []
        for deed in deeds:
            deed()
        if changes:
            self.at_commit(changes)

    def after_commit(self, deed: Callable[[], None]) -> None:
        """Do this when the open transaction is done, not at all where it is undone; at once without
        one."""
        if self._undo is None:
            deed()
        else:
            self._deeds.append(deed)

    def take_back(self, changes: list[Change]) -> None:
        """Make the records what they were before these changes."""
        for table, record_id, before in reversed(changes):
            if before is None:
                table.remove(record_id)
            else:
                table.put(before)
