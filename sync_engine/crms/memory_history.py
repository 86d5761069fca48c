"""Who edited which field when, in memory: HubSpot always knows, Salesforce where a test lets it
track the field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sync_engine.core.values import Crm
from sync_engine.crms.memory_store import MemoryStore, Stored


class MemoryHistory:
    """
    tracked  {object: fields whose edits Salesforce keeps from now on}
    """

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._is_whole = store.crm is Crm.HUBSPOT
        self.tracked: dict[str, Collection[str]] = {}

    def is_kept(self, object_name: str) -> bool:
        return self._is_whole or bool(self.tracked.get(object_name))

    def created(self, stored: Stored, names: Iterable[str]) -> None:
        """Note what a person gave a new record; Salesforce does not tell first values."""
        if self._is_whole:
            stored.edited_at.update(dict.fromkeys(names, stored.at))

    def edited(self, object_name: str, stored: Stored, names: Iterable[str]) -> None:
        """Note which fields a person changed."""
        tracked = self.tracked.get(object_name, ())
        kept = [name for name in names if self._is_whole or name in tracked]
        stored.edited_at.update(dict.fromkeys(kept, stored.at))

    def edited_at(
        self, object_name: str, fields_by_id: Mapping[str, Collection[str]]
    ) -> dict[str, dict[str, datetime]]:
        """Return {id: {field: time}} of what is known; a record without any may be missing."""
        rows = self._store.rows[object_name]
        return {
            id: {name: at for name, at in rows[id].edited_at.items() if name in names}
            for id, names in fields_by_id.items()
            if id in rows
        }
