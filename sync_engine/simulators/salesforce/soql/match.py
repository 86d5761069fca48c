"""The ids that a query finds, in its order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sync_engine.simulators.salesforce.fields import Row
from sync_engine.simulators.salesforce.org import Org
from sync_engine.simulators.salesforce.soql.ast import Path
from sync_engine.simulators.salesforce.soql.narrow import Span, narrow
from sync_engine.simulators.salesforce.soql.shape import Query, Sorting
from sync_engine.simulators.salesforce.store import Table

Keyed = tuple[Any, list[Any]]


def matching(
    org: Org, compiled: Query, all_rows: bool, among: tuple[str, ...] | None = None
) -> list[str]:
    """Return the ids that a statement finds, in its order. all_rows: deleted ones too. among: these
    only, instead of all of the object."""
    statement, table = compiled.statement, org.store[compiled.sobject.name]
    limit = None if statement.limit is None else statement.limit + statement.offset
    narrowed = narrow(table, statement.where) if among is None else among
    if narrowed is None and compiled.matches is None and not compiled.sorting:
        every = list(table) if all_rows else table.live()
        return every[statement.offset : limit]
    rows = _rows(table, _candidates(table, narrowed), compiled, all_rows)
    if not compiled.sorting:
        found = _first(rows, limit)
    elif isinstance(narrowed, Span) and limit is not None and _is_by_stamp(compiled):
        found = _sorted(list(_enough(rows, limit)), compiled.sorting)
    else:
        found = _sorted(rows, compiled.sorting)
    return found[statement.offset : limit]


def _candidates(table: Table, narrowed: tuple[str, ...] | Span | None) -> Iterable[str]:
    if isinstance(narrowed, Span):
        return table.timeline.between(narrowed.low, narrowed.high)
    return table if narrowed is None else narrowed


def _rows(
    table: Table, candidates: Iterable[str], compiled: Query, all_rows: bool
) -> Iterator[Row]:
    matches = compiled.matches
    for record_id in candidates:
        row = table.get(record_id)
        if row is None or (row.get("IsDeleted") and not all_rows):
            continue
        if matches is None or matches(row):
            yield row


def _first(rows: Iterator[Row], limit: int | None) -> list[str]:
    found: list[str] = []
    for row in rows:
        if limit is not None and len(found) >= limit:
            break
        found.append(row["Id"])
    return found


def _is_by_stamp(compiled: Query) -> bool:
    first = compiled.statement.order[0]
    if not isinstance(first.path, Path) or first.is_descending:
        return False
    return [part.lower() for part in first.path.parts] == ["systemmodstamp"]


def _enough(rows: Iterator[Row], limit: int) -> Iterator[Row]:
    """Yield `limit` rows and those that share the last one's stamp: they come oldest first."""
    stamp = ""
    for seen, row in enumerate(rows):
        if seen >= limit and row["SystemModstamp"] != stamp:
            return
        stamp = row["SystemModstamp"]
        yield row


def rows_of(org: Org, compiled: Query, all_rows: bool) -> Iterator[Row]:
    """Yield the records that a statement's conditions find, in no order and without limit."""
    table = org.store[compiled.sobject.name]
    candidates = _candidates(table, narrow(table, compiled.statement.where))
    return _rows(table, candidates, compiled, all_rows)


def in_order(keyed: list[Keyed], sorting: Sequence[Sorting]) -> list[Keyed]:
    """Sort things, each with the values that it is sorted by."""
    for at in reversed(range(len(sorting))):
        blank = [item for item in keyed if item[1][at] is None]
        filled = [item for item in keyed if item[1][at] is not None]
        filled.sort(key=lambda item: item[1][at], reverse=sorting[at].is_descending)
        keyed = filled + blank if sorting[at].nulls_last else blank + filled
    return keyed


def _sorted(rows: Iterable[Row], sorting: tuple[Sorting, ...]) -> list[str]:
    keyed = [(row["Id"], [one.get(row) for one in sorting]) for row in rows]
    return [record_id for record_id, _ in in_order(keyed, sorting)]
