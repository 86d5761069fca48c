"""Merging records: the losers go to the recycle bin and name the winner, who takes what belonged to
them. Source: salesforce-api.md 6.3."""

from __future__ import annotations

from sync_engine.simulators.salesforce import records
from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.fields import Row, SObject
from sync_engine.simulators.salesforce.org import Org, Session
from sync_engine.simulators.salesforce.reading import named_by

MOST_LOSERS = 2


def merge(org: Org, session: Session, sobject: SObject, winner: Row, losers: list[Row]) -> None:
    """Merge up to two records into a third; raises Refusal."""
    if len(losers) > MOST_LOSERS:
        raise _failed(f"At most {MOST_LOSERS} records are merged into one.")
    for loser in losers:
        if loser["Id"] == winner["Id"]:
            raise _failed("The winner cannot be among the losers.")
        if bool(loser.get("IsPersonAccount")) != bool(winner.get("IsPersonAccount")):
            raise _failed("A person account is merged with person accounts only.")
        merged = _merged(sobject, loser, winner)
        for gone, kept in merged:
            _adopt(org, gone, kept)
        records.delete(org, session, sobject, loser["Id"])
        for gone, kept in merged:
            table = org.store.table_of(gone)
            if table:
                org.store.put(table, {**(table.get(gone) or {}), "MasterRecordId": kept})
    records.update(org, session, sobject, winner["Id"], {})


def _merged(sobject: SObject, loser: Row, winner: Row) -> list[tuple[str, str]]:
    """Return (loser's id, winner's id): of person accounts, those of their contacts too."""
    names = ("Id", "PersonContactId") if sobject.name == "Account" else ("Id",)
    return [(loser[name], winner[name]) for name in names if loser.get(name)]


def _adopt(org: Org, gone: str, kept: str) -> None:
    """Re-point what belongs to the loser, silently: no trigger runs, no stamp moves. Its history
    goes with it."""
    for child, lookup, row in named_by(org, gone):
        is_own = lookup == "PersonContactId" or (
            lookup == "AccountId" and row.get("IsPersonAccount")
        )
        if not is_own and lookup != "MasterRecordId" and not child.history_of:
            org.store.put(org.store[child.name], {**row, lookup: kept})


def _failed(message: str) -> Refusal:
    return Refusal("MERGE_FAILED", message, ())
