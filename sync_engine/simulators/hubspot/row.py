"""One record at one moment. A change makes a new row, so that the search index may keep the old."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field
from typing import Any, NamedTuple

import orjson

from sync_engine.simulators.hubspot.times import iso
from sync_engine.simulators.hubspot.users import Author


@dataclass(frozen=True, slots=True)
class Row:
    """Times in milliseconds; archived: 0 while in use. packed: {property: text} as JSON, blanks
    left out, since a dict per record would not let a million of them fit into memory."""

    id: int
    created: int
    modified: int
    archived: int
    creator: Author
    packed: bytes

    def values(self) -> dict[str, str]:
        found: dict[str, str] = orjson.loads(self.packed)
        return found


def pack(values: Mapping[str, str]) -> bytes:
    """Return `values` as JSON, in memory of its own size: orjson's answers hold on to 4 KB each."""
    return bytes(memoryview(orjson.dumps(values)))


@dataclass(slots=True)
class Edit:
    """One change of a record. packed: {property: text it held before}, "" for nothing; as JSON,
    since records are edited thirty properties at a time and history is kept."""

    at: int
    author: Author
    given: InitVar[Mapping[str, str]]
    packed: bytes = field(init=False)

    def __post_init__(self, given: Mapping[str, str]) -> None:
        self.packed = pack(given)

    @property
    def held(self) -> dict[str, str]:
        found: dict[str, str] = orjson.loads(self.packed)
        return found


class Version(NamedTuple):
    """One value a property has had."""

    value: str
    at: int
    author: Author

    def as_json(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "timestamp": iso(self.at),
            "sourceType": self.author.source_type,
            "sourceId": self.author.source_id,
            "sourceLabel": self.author.label,
            "updatedByUserId": self.author.user_id,
        }
