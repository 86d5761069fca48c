"""Transactions that commit late: their rows bear the time of the write and are seen later.

This is what makes a poll by SystemModstamp miss rows. Source: salesforce-api.md 0.5, 6.1, 6.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sync_engine.simulators.base import Clock
from sync_engine.simulators.salesforce import moments
from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.fields import Row
from sync_engine.simulators.salesforce.store import Change, Store, Table


@dataclass(frozen=True, slots=True)
class Order:
    """Which transactions commit late. seconds: None until they are told to. object_name: "" for any."""

    seconds: float | None
    object_name: str


@dataclass(frozen=True, slots=True)
class Held:
    """An open transaction. rows: (table, id, the record as it will be; None: gone)."""

    began: datetime
    seconds: float | None
    rows: list[tuple[Table, str, Row | None]]

    def is_due(self, now: datetime) -> bool:
        return self.seconds is not None and now >= self.began + timedelta(seconds=self.seconds)


class Late:
    def __init__(self, clock: Clock, store: Store) -> None:
        self._clock = clock
        self._store = store
        self._orders: list[Order] = []
        self._held: list[Held] = []
        store.at_commit = self._hold

    def order(self, order: Order, times: int) -> None:
        """Let the next `times` transactions of these commit late."""
        self._orders += [order] * times

    def release_due(self) -> None:
        """Commit what is due by the org's clock."""
        if self._held:
            now = self._clock.now()
            self._commit([held for held in self._held if held.is_due(now)])

    def release_all(self) -> int:
        """Commit everything and forget what else should be late; return how many transactions."""
        self._orders.clear()
        count = len(self._held)
        self._commit(list(self._held))
        return count

    def began(self) -> str | None:
        """Return when the oldest open transaction began, None without one."""
        return moments.spell(min(held.began for held in self._held)) if self._held else None

    def refuse_locked(self, record_id: str) -> None:
        """Raise Refusal where an open transaction holds this record."""
        if self._held and any(record_id == one for _, one, _ in self._rows()):
            raise Refusal(
                "UNABLE_TO_LOCK_ROW",
                f"unable to obtain exclusive access to this record or 1 records: {record_id}",
                (),
            )

    def refuse_taken(self, table: Table, field_name: str, value: str) -> None:
        """Raise Refusal where an open transaction is about to take this unique value."""
        for other, _, row in self._rows():
            if other is table and row and str(row.get(field_name, "")).lower() == value.lower():
                self.refuse_locked(row["Id"])

    def _rows(self) -> Iterator[tuple[Table, str, Row | None]]:
        return (row for held in self._held for row in held.rows)

    def _hold(self, changes: list[Change]) -> None:
        """Take back what a transaction did and keep it, if an order says so."""
        names = {table.sobject.name for table, _, _ in changes}
        order = next((o for o in self._orders if o.object_name in ("", *names)), None)
        if order is None or not all("IsDeleted" in table.sobject.fields for table, *_ in changes):
            return
        self._orders.remove(order)
        touched = {record_id: table for table, record_id, _ in changes}
        rows = [(table, record_id, table.get(record_id)) for record_id, table in touched.items()]
        self._store.take_back(changes)
        self._held.append(Held(self._clock.now(), order.seconds, rows))

    def _commit(self, due: list[Held]) -> None:
        for held in due:
            self._held.remove(held)
            for table, record_id, row in held.rows:
                if row is not None:
                    table.put(row)
                elif record_id in table:
                    table.remove(record_id)
