"""Subscription preferences in memory: who opted out, and what their contacts show."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sync_engine.core import error_types
from sync_engine.core.allocation import Cause
from sync_engine.core.errors import CrmError, Problem
from sync_engine.core.values import Crm
from sync_engine.crms.base import Outcome, Row
from sync_engine.crms.memory_granted import MemoryRights
from sync_engine.crms.memory_store import MemoryStore


class MemoryConsent:
    """
    write_batch  1 in accounts that are not Enterprise
    is_down      it does not answer, whatever else does
    seen         the addresses that were opted out, one list for each call
    """

    def __init__(
        self,
        store: MemoryStore,
        rights: MemoryRights,
        called: Callable[[str, Cause], None],
        outcomes: Callable[[Sequence[Row], Callable[[Row], Outcome]], Sequence[Outcome]],
    ) -> None:
        self._store, self._rights = store, rights
        self._called, self._outcomes = called, outcomes
        self.write_batch: int = 100
        self.is_down = False
        self.seen: list[list[str]] = []

    def unsubscribe(self, addresses: Sequence[str]) -> Sequence[Outcome]:
        self._called("unsubscribe", Cause.WRITING)
        self._rights.check_consent()
        if self.is_down:
            raise CrmError(Problem(Crm.HUBSPOT, error_types.TEMPORARY))
        self.seen.append(list(addresses))

        def opt_out(row: Row) -> Outcome:
            self._store.opt(str(row.id).lower(), out=True)
            return Outcome(row.id)

        return self._outcomes([Row({}, id=address) for address in addresses], opt_out)

    # What a contact does

    def person_opts_out(self, address: str) -> None:
        self._store.opt(address, out=True)

    def person_opts_in(self, address: str) -> None:
        self._store.opt(address, out=False)
