"""HubSpot's lists in memory: a person says who is on one."""

from __future__ import annotations

from collections.abc import Sequence

from sync_engine.core import error_types
from sync_engine.core.errors import CrmError, Problem
from sync_engine.core.values import Crm
from sync_engine.crms.lists import Joined, RecordList


class MemoryLists:
    """is_shut: the lists cannot be read"""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._order: dict[str, list[str]] = {}
        self.is_shut = False

    def active(self, object_name: str) -> Sequence[RecordList]:
        self._open()
        return [self._list(id) for id in sorted(self._names, key=self._names.__getitem__)]

    def named(self, list_id: str) -> RecordList | None:
        self._open()
        return self._list(list_id) if list_id in self._names else None

    def members(self, list_id: str) -> set[str]:
        self._open()
        return set(self._order[list_id])

    def joined(self, list_id: str, cursor: str) -> Joined:
        self._open()
        order = self._order[list_id]
        return Joined(order[int(cursor or 0) :], str(len(order)))

    # What a person does

    def person_makes(self, list_id: str, name: str, *ids: str) -> None:
        self._names[list_id], self._order[list_id] = name, list(ids)

    def person_adds(self, list_id: str, *ids: str) -> None:
        self._order[list_id] += ids

    def person_takes_off(self, list_id: str, *ids: str) -> None:
        self._order[list_id] = [id for id in self._order[list_id] if id not in ids]

    def person_deletes(self, list_id: str) -> None:
        del self._names[list_id], self._order[list_id]

    def _list(self, id: str) -> RecordList:
        return RecordList(id, self._names[id], len(self._order[id]))

    def _open(self) -> None:
        if self.is_shut:
            raise CrmError(Problem(Crm.HUBSPOT, error_types.MISSING_SCOPES))
