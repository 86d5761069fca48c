"""The records of one kind: kept, indexed, versioned. Nothing here knows HTTP or JSON shapes."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile

from sync_engine.simulators.hubspot.index import SearchIndex
from sync_engine.simulators.hubspot.kinds import CONTACTS, Kind
from sync_engine.simulators.hubspot.properties import Properties
from sync_engine.simulators.hubspot.row import Edit, Row, Version, pack
from sync_engine.simulators.hubspot.users import Author

Key = tuple[str, str]  # property, value
_TRIMMED_EVERY = 64


class Taken(Exception):
    """A unique value belongs to another record."""

    def __init__(self, key: Key, owner_id: int) -> None:
        super().__init__(key)
        self.key = key
        self.owner_id = owner_id


@dataclass(frozen=True, slots=True)
class Write:
    """One change of one record: who, when (milliseconds), which values; "" clears."""

    changes: Mapping[str, str]
    author: Author
    now: int


class Table:
    """rows: records in use by id; bin: archived ones, the oldest first; aliases: ids that were merged away.

    unique  property -> value -> id, for the e-mail (secondary addresses too) and every
            property created with hasUniqueValue
    edits   id -> changes after creation, oldest first: the property history comes from them
    """

    def __init__(self, kind: Kind, properties: Properties) -> None:
        self.kind = kind
        self.properties = properties
        self.rows: dict[int, Row] = {}
        self.bin: dict[int, Row] = {}
        self.aliases: dict[int, int] = {}
        self.unique: dict[str, dict[str, int]] = {"email": {}} if kind is CONTACTS else {}
        self.edits: dict[int, list[Edit]] = {}
        self.ids = array("q")
        self.index = SearchIndex(self.rows)
        self.last_id = kind.first_id

    def new_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def owner_of(self, key: Key) -> int | None:
        return self.unique[key[0]].get(key[1])

    def keys(self, values: Mapping[str, str]) -> Iterator[Key]:
        """Return the unique values that a record with `values` claims."""
        for name in self.unique:
            if name in values:
                yield name, values[name]
        if "email" in self.unique and "hs_additional_emails" in values:
            for address in values["hs_additional_emails"].split(";"):
                yield "email", address

    def insert(self, row_id: int, write: Write) -> Row:
        """Add a record under an id of `new_id`. The caller has checked that keys are free."""
        values = {name: value for name, value in write.changes.items() if value}
        row = Row(row_id, write.now, write.now, 0, write.author, pack(values))
        for name, value in self.keys(values):
            self.unique[name].setdefault(value, row_id)
        self.ids.append(row_id)
        return self._put(row)

    def put_back(self, row: Row) -> None:
        """Add a row that was saved, as it was; ids have to come in ascending order."""
        self.ids.append(row.id)
        if row.archived:
            self.bin[row.id] = row
            return
        self._move_keys(row.id, {}, row.values())
        self._put(row)

    def change(self, row: Row, write: Write) -> Row:
        """Write `write` over the row that `row` is a version of. The modified stamp always moves."""
        row = self.rows[row.id]
        before = row.values()
        after = {**before, **write.changes}
        for name in [name for name, value in after.items() if not value]:
            del after[name]
        self._move_keys(row.id, before, after)
        modified = max(write.now, row.modified + 1)
        self._remember(row, before, replace(write, now=modified))
        return self._put(replace(row, modified=modified, packed=pack(after)))

    def archive(self, row: Row, now: int) -> None:
        """Put a record into the bin; its unique values are free from now on."""
        self._move_keys(row.id, row.values(), {})
        self.bin[row.id] = replace(row, archived=now)
        del self.rows[row.id]
        self.index.forget(row.id)

    def erase(self, row: Row) -> None:
        """Forget a record wholly, wherever it is."""
        if self.rows.pop(row.id, None) is not None:
            self._move_keys(row.id, row.values(), {})
        self.bin.pop(row.id, None)
        self.edits.pop(row.id, None)
        self.index.forget(row.id)

    def purged(self, before: int) -> list[Row]:
        """Return what was archived at `before` (milliseconds) or earlier."""
        return list(takewhile(lambda row: row.archived <= before, self.bin.values()))

    def restore(self, row_id: int, now: int) -> Row:
        """Take a record out of the bin under its id; raises KeyError, Taken."""
        row = self.bin[row_id]
        values = row.values()
        for key in self.keys(values):
            owner = self.owner_of(key)
            if owner is not None:
                raise Taken(key, owner)
        del self.bin[row_id]
        self._move_keys(row_id, {}, values)
        return self._put(replace(row, archived=0, modified=max(now, row.modified + 1)))

    def versions(self, row: Row, name: str) -> list[Version]:
        """Return the history of one property, newest first."""
        value = row.values().get(name, "")
        found: list[Version] = []
        for edit in reversed(self.edits.get(row.id, ())):
            held = edit.held
            if name in held:
                found.append(Version(value, edit.at, edit.author))
                value = held[name]
        if value:
            found.append(Version(value, row.created, row.creator))
        return found[: self.kind.kept_versions]

    def make_unique(self, name: str) -> None:
        """Index a property that was created with hasUniqueValue: no record holds it yet."""
        self.unique.setdefault(name, {})

    def page(self, rows: Mapping[int, Row], after: int, count: int) -> list[Row]:
        """Return up to `count` of `rows` by id from `after` on."""
        found: list[Row] = []
        for at in range(bisect_left(self.ids, after), len(self.ids)):
            row = rows.get(self.ids[at])
            if row is not None:
                found.append(row)
                if len(found) == count:
                    break
        return found

    def _put(self, row: Row) -> Row:
        self.rows[row.id] = row
        self.index.note(row)
        return row

    def _move_keys(self, row_id: int, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        old, new = set(self.keys(before)), set(self.keys(after))
        for name, value in old - new:
            if self.unique[name].get(value) == row_id:
                del self.unique[name][value]
        for name, value in new - old:
            self.unique[name][value] = row_id

    def _remember(self, row: Row, before: Mapping[str, str], write: Write) -> None:
        held = {
            name: old
            for name, value in write.changes.items()
            if (old := before.get(name, "")) != value
        }
        if held:
            edits = self.edits.setdefault(row.id, [])
            edits.append(Edit(write.now, write.author, held))
            if len(edits) % _TRIMMED_EVERY == 0:
                self.edits[row.id] = _trimmed(edits, self.kind.kept_versions)


def _trimmed(edits: list[Edit], depth: int) -> list[Edit]:
    """Leave `depth` edits of each property, the newest."""
    seen: Counter[str] = Counter()
    kept: list[Edit] = []
    for edit in reversed(edits):
        held = edit.held
        seen.update(held.keys())
        left = {name: old for name, old in held.items() if seen[name] <= depth}
        if left:
            kept.append(Edit(edit.at, edit.author, left))
    return kept[::-1]
