"""Which rows a filter group can fit at all, so that a search need not look at every record."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable

from sync_engine.simulators.hubspot.row import Row
from sync_engine.simulators.hubspot.search_query import Filter
from sync_engine.simulators.hubspot.table import Table
from sync_engine.simulators.hubspot.times import parse_moment

_LOWEST, _HIGHEST = -(10**18), 10**18
Range = tuple[int, int]


def candidates(table: Table, group: tuple[Filter, ...]) -> Iterable[Row]:
    """Return rows of the index, at least all that fit `group`."""
    for one in group:
        if one.name in table.unique and one.operator in ("EQ", "IN"):
            return _of_owners(table, one)
    low, high = _range(group, ("hs_object_id",), _id)
    first, last = bisect_left(table.ids, low), bisect_right(table.ids, high)
    stamps = _range(group, (table.kind.modified, "hs_lastmodifieddate"), parse_moment)
    if table.index.count_modified(*stamps) < last - first:
        return table.index.modified(*stamps)
    rows = table.index.rows
    return (rows[row_id] for row_id in table.ids[first:last] if row_id in rows)


def _of_owners(table: Table, one: Filter) -> list[Row]:
    """Who holds the value now, and whoever is in between two versions of the index."""
    owners = {table.unique[one.name].get(value.lower()) for value in one.values}
    owners |= {table.unique[one.name].get(value) for value in one.values}
    owners |= {row.id for row in table.index.waiting()}
    return [row for owner in owners if owner and (row := table.index.rows.get(owner))]


def _range(
    group: tuple[Filter, ...], names: tuple[str, ...], read: Callable[[str], int | None]
) -> Range:
    """Return the narrowest range that the group's filters on one of `names` leave."""
    low, high = _LOWEST, _HIGHEST
    for one in group:
        if one.name not in names:
            continue
        values = [read(value.strip()) for value in one.values]
        if None in values or not values:
            continue
        bounds = [value for value in values if value is not None]
        if one.operator in ("EQ", "GT", "GTE", "BETWEEN", "IN"):
            low = max(low, min(bounds) if one.operator == "IN" else bounds[0])
        if one.operator in ("EQ", "LT", "LTE", "BETWEEN", "IN"):
            high = min(high, max(bounds) if one.operator == "IN" else bounds[-1])
    return low, high


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
