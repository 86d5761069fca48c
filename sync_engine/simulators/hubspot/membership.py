"""Who is on a list by now. Source: hubspot-api.md 10.

A list by filters is recalculated late: it learns of a change `lag` milliseconds after it. Nothing
runs in between: what is due is caught up with when somebody looks.
"""

from __future__ import annotations

from collections.abc import Iterable

from sync_engine.simulators.hubspot.account import FOREVER, Account
from sync_engine.simulators.hubspot.list_filters import matcher
from sync_engine.simulators.hubspot.lists import RecordList
from sync_engine.simulators.hubspot.table import Table


def refresh(account: Account, one: RecordList) -> None:
    """Catch up with what is due: filters, merged and archived records."""
    table = account.tables[one.plural]
    _follow_merges(table, one)
    if one.filters is None:
        return
    table.index.catch_up(account.indexed_until())
    until = min(account.now() - account.lists.lag, account.indexed_until())
    if not one.calculated and one.filters_updated <= until:
        _calculate(table, one, one.filters_updated + account.lists.lag)
        one.calculated = max(until, 1)
    elif one.calculated and one.processing == "DYNAMIC":
        # Stamps can be ahead of the clock by the number of changes in one millisecond.
        _recalculate(account, one, until if account.lists.lag else FOREVER)
        one.calculated = max(until, one.calculated)


def members(account: Account, one: RecordList) -> dict[int, int]:
    """Return the records on a list that are in use, with when each joined."""
    refresh(account, one)
    rows = account.tables[one.plural].rows
    return {row_id: joined for row_id, joined in one.members.items() if row_id in rows}


def _calculate(table: Table, one: RecordList, joined: int) -> None:
    """Look at every record; who is new joins at `joined`, the moment of which dates are told."""
    matches = matcher(table, one.filters)
    one.members = {
        row_id: one.members.get(row_id, joined)
        for row_id, row in table.index.rows.items()
        if row_id in table.rows and matches.fits(table, row, joined)
    }


def _recalculate(account: Account, one: RecordList, until: int) -> None:
    """Look at what changed; where time alone changes who fits, at all of them."""
    table, lag = account.tables[one.plural], account.lists.lag
    matches = matcher(table, one.filters)
    if matches.is_relative:
        _calculate(table, one, account.now())
        return
    for row in table.index.modified(one.calculated, until):
        if matches.fits(table, row, account.now()):
            one.members.setdefault(row.id, row.modified + lag)
        else:
            one.members.pop(row.id, None)


def _follow_merges(table: Table, one: RecordList) -> None:
    for old in table.aliases.keys() & one.members.keys():
        one.members.setdefault(table.aliases[old], one.members[old])
        del one.members[old]


def add(one: RecordList, ids: Iterable[int], now: int) -> list[int]:
    """Put records on a list; return those that were not on it."""
    added = [row_id for row_id in ids if row_id not in one.members]
    one.members.update(dict.fromkeys(added, now))
    return added


def remove(one: RecordList, ids: Iterable[int]) -> list[int]:
    """Take records off a list; return those that were on it."""
    return [row_id for row_id in ids if one.members.pop(row_id, None) is not None]
