"""Aggregates and GROUP BY: what a statement tells of groups of records. Source: salesforce-api.md 4, 15."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sync_engine.simulators.salesforce.errors import Refusal, malformed
from sync_engine.simulators.salesforce.fields import NUMBERS, TEXTS, Field, Row, number, whole
from sync_engine.simulators.salesforce.org import Org, Session
from sync_engine.simulators.salesforce.soql.ast import (
    Aggregate,
    All,
    AnyOf,
    Comparison,
    Condition,
    Expression,
    Not,
    Path,
    Statement,
)
from sync_engine.simulators.salesforce.soql.compile import Compiler, compiler_of
from sync_engine.simulators.salesforce.soql.conditions import test
from sync_engine.simulators.salesforce.soql.match import in_order, rows_of
from sync_engine.simulators.salesforce.soql.shape import Getter, Shape, Sorting

MOST = 2000
UNGROUPED = ("double", "datetime", "currency", "percent", "address")
Group = list[Row]
Told = Callable[[Group], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """tell: what a group shows under this name."""

    name: str
    tell: Told


def grouped(
    org: Org, session: Session, statement: Statement, reached: str, all_rows: bool
) -> dict[str, Any]:
    """Answer a statement about groups of records; raises Refusal."""
    grouping = _Grouping(org, compiler_of(org, session, statement, reached))
    query = grouping.compiler.about(Shape(), ())
    groups = grouping.groups(rows_of(org, query, all_rows))
    end = None if statement.limit is None else statement.offset + statement.limit
    found = groups[statement.offset : end]
    if len(found) > MOST:
        raise Refusal(
            "EXCEEDED_ID_LIMIT",
            "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a "
            "single batch",
        )
    records = [
        {"attributes": {"type": "AggregateResult"}, **{c.name: c.tell(g) for c in grouping.columns}}
        for g in found
    ]
    return {"totalSize": len(records), "done": True, "records": records}


class _Grouping:
    def __init__(self, org: Org, compiler: Compiler) -> None:
        self._org = org
        self.compiler = compiler
        self._names = compiler.names
        self._statement = compiler.statement
        self._by = [self._key(path) for path in self._statement.group]
        self._known = {self._spelt(path) for path in self._statement.group}
        self.columns = self._columns()
        having = self._statement.having
        self._holds = self._predicate(having) if having else None
        if not self._statement.group and (having or self._statement.limit is not None):
            raise malformed(
                "Non-grouped query that uses overall aggregate functions cannot also use HAVING or "
                "LIMIT"
            )

    def groups(self, rows: Iterable[Row]) -> list[Group]:
        """Return the groups that the statement finds, in its order."""
        by_key: dict[tuple[Any, ...], Group] = {}
        if not self._by:
            by_key[()] = []
        for row in rows:
            by_key.setdefault(tuple(key(row) for key in self._by), []).append(row)
        found = [group for group in by_key.values() if not self._holds or self._holds(group)]
        sorting = [
            Sorting(lambda row: None, order.is_descending, order.nulls_last)
            for order in self._statement.order
        ]
        tells = [self._comparable(order.path) for order in self._statement.order]
        keyed = [(group, [tell(group) for tell in tells]) for group in found]
        return [group for group, _ in in_order(keyed, sorting)]

    def _columns(self) -> list[Column]:
        columns: list[Column] = []
        unnamed = 0
        for selected in self._statement.selected:
            item = selected.item
            if not isinstance(item, Path | Aggregate):
                raise malformed("A query about groups selects grouped fields and aggregates only")
            name = selected.alias
            if not name and isinstance(item, Path):
                name = self._names.resolve(item)[1].name
            elif not name:
                name, unnamed = f"expr{unnamed}", unnamed + 1
            if any(column.name.lower() == name.lower() for column in columns):
                raise malformed(f"duplicate alias: {name}")
            columns.append(Column(name, self._told(item)))
        return columns

    def _key(self, path: Path) -> Getter:
        """Return what tells the group that a record is in: texts without regard to case."""
        _, last = self._names.resolve(path)
        if last.type in UNGROUPED or not last.filterable:
            raise self._names.at(path, f"field '{last.name}' can not be grouped in a query call")
        get = self._names.getter(path)
        return (lambda row: _lower(get(row))) if last.type in TEXTS else get

    def _told(self, item: Expression) -> Told:
        if isinstance(item, Aggregate):
            return self._aggregate(item)
        if self._spelt(item) not in self._known:
            name = ".".join(item.parts)
            raise self._names.at(
                item, f"Field must be grouped or aggregated: {name}", "MALFORMED_QUERY"
            )
        get = self._names.getter(item)
        return lambda group: get(group[0])

    def _aggregate(self, item: Aggregate) -> Told:
        if item.path is None:
            raise malformed("COUNT() stands alone; name a field to count groups: COUNT(Id)")
        _, field = self._names.resolve(item.path)
        numbers_only = item.name in ("sum", "avg") and field.type not in NUMBERS
        if numbers_only or field.type in ("boolean", "address") or not field.filterable:
            raise self._names.at(
                item.path,
                f"field {field.name} does not support aggregate operator {item.name.upper()}",
                "MALFORMED_QUERY",
            )
        get, tell = self._names.getter(item.path), AGGREGATES[item.name]
        return lambda group: tell([held for row in group if (held := get(row)) is not None])

    def _comparable(self, item: Expression) -> Told:
        tell = self._told(item)
        return lambda group: _lower(tell(group))

    def _predicate(self, condition: Condition) -> Callable[[Group], bool]:
        match condition:
            case All(conditions):
                every = [self._predicate(one) for one in conditions]
                return lambda group: all(one(group) for one in every)
            case AnyOf(conditions):
                some = [self._predicate(one) for one in conditions]
                return lambda group: any(one(group) for one in some)
            case Not(inner):
                denied = self._predicate(inner)
                return lambda group: not denied(group)
        return self._comparison(condition)

    def _comparison(self, condition: Comparison) -> Callable[[Group], bool]:
        if condition.inner:
            raise malformed("semi join sub-selects are not allowed in HAVING")
        tell, field = self._told(condition.path), self._field(condition.path)
        passes = test(condition, field, self._statement.text, self._org.clock.now())
        return lambda group: passes(tell(group))

    def _field(self, item: Expression) -> Field:
        """Return a field of the kind that an expression is."""
        if isinstance(item, Path):
            return self._names.resolve(item)[1]
        if item.path is None or item.name.startswith("count"):
            return whole(item.name, item.name, 9)
        if item.name in ("sum", "avg"):
            return number(item.name, item.name, 18, 2)
        return self._names.resolve(item.path)[1]

    def _spelt(self, path: Path) -> tuple[str, ...]:
        return tuple(part.lower() for part in self._names.bare(path).parts)


def _lower(held: Any) -> Any:
    return held.lower() if isinstance(held, str) else held


def _extreme(pick: Callable[..., Any]) -> Callable[[list[Any]], Any]:
    return lambda held: pick(held, key=_lower, default=None)


AGGREGATES: dict[str, Callable[[list[Any]], Any]] = {
    "count": len,
    "count_distinct": lambda held: len({_lower(one) for one in held}),
    "min": _extreme(min),
    "max": _extreme(max),
    "sum": lambda held: sum(held) if held else None,
    "avg": lambda held: sum(held) / len(held) if held else None,
}
