"""Lists of records: by hand, by filters, by filters once. Source: hubspot-api.md 10."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from sync_engine.simulators.hubspot.times import iso

DEFAULT_LAG = 5_000


@dataclass
class RecordList:
    """Times in milliseconds.

    filters     the filter branch as it was sent, None for a list by hand
    calculated  up to which change the members are right; 0 until they were calculated at all
    members     record id -> when it joined
    deleted     0 while in use
    """

    id: int
    name: str
    plural: str
    processing: str
    user_id: int
    created: int
    updated: int
    filters_updated: int
    filters: Any = None
    version: int = 1
    calculated: int = 0
    deleted: int = 0
    members: dict[int, int] = field(default_factory=dict)

    def as_json(self, type_id: str) -> dict[str, Any]:
        found = {
            "listId": str(self.id),
            "listVersion": self.version,
            "name": self.name,
            "objectTypeId": type_id,
            "processingType": self.processing,
            "processingStatus": "COMPLETE" if self.is_calculated else "PROCESSING",
            "createdAt": iso(self.created),
            "updatedAt": iso(self.updated),
            "filtersUpdatedAt": iso(self.filters_updated),
            "createdById": str(self.user_id),
            "updatedById": str(self.user_id),
        }
        return {**found, "deletedAt": iso(self.deleted)} if self.deleted else found

    @property
    def is_calculated(self) -> bool:
        return self.filters is None or self.calculated > 0

    def as_state(self) -> dict[str, Any]:
        return {**asdict(self), "members": list(self.members.items())}


class Lists:
    """every: by id, deleted ones too. lag: milliseconds that filters are behind."""

    def __init__(self) -> None:
        self.every: dict[int, RecordList] = {}
        self.lag = DEFAULT_LAG

    def new_id(self) -> int:
        return max(self.every, default=0) + 1

    def get(self, asked: str) -> RecordList | None:
        return self.every.get(int(asked)) if asked.isascii() and asked.isdigit() else None

    def live(self) -> list[RecordList]:
        return [one for one in self.every.values() if not one.deleted]

    def dump(self) -> list[dict[str, Any]]:
        return [one.as_state() for one in self.every.values()]

    def restore(self, state: Iterable[dict[str, Any]]) -> None:
        found = [RecordList(**{**one, "members": dict(one["members"])}) for one in state]
        self.every = {one.id: one for one in found}
