"""Semi-joins: `AccountId IN (SELECT Id FROM Account ...)`, made lists of the ids that are found.
Source: salesforce-api.md 15."""

from __future__ import annotations

from collections.abc import Callable

from sync_engine.simulators.salesforce.errors import malformed
from sync_engine.simulators.salesforce.soql.ast import (
    Aggregate,
    All,
    AnyOf,
    Comparison,
    Condition,
    Literal,
    Not,
    Path,
    Statement,
)

MOST = 2
Ids = Callable[[Statement], tuple[str, ...]]


def joined(condition: Condition, bare: Callable[[Path], Path], ids_of: Ids) -> Condition:
    """Return the conditions with ids in place of inner statements, and each path bare; raises
    Refusal. ids_of: what an inner statement finds."""
    if _count(condition) > MOST:
        raise malformed(f"Maximum {MOST} semi join sub-selects are allowed")
    return _joined(condition, bare, ids_of)


def _joined(condition: Condition, bare: Callable[[Path], Path], ids_of: Ids) -> Condition:
    match condition:
        case All(conditions):
            return All(tuple(_joined(one, bare, ids_of) for one in conditions))
        case AnyOf(conditions):
            if _count(condition):
                raise malformed("Semi join sub-selects are not allowed with the 'OR' operator")
            return AnyOf(tuple(_joined(one, bare, ids_of) for one in conditions))
        case Not(inner):
            if _count(condition):
                raise malformed("Semi join sub-selects are not allowed with the 'NOT' operator")
            return Not(_joined(inner, bare, ids_of))
    path = condition.path
    if isinstance(path, Aggregate):
        return condition
    values = condition.values
    if condition.inner:
        if condition.inner.where and _count(condition.inner.where):
            raise malformed("Nesting of semi join sub-selects is not supported")
        found = ids_of(condition.inner)
        values = tuple(Literal("string", one, path.at) for one in found)
    return Comparison(bare(path), condition.operator, values, condition.inner)


def _count(condition: Condition) -> int:
    """Return how many semi-joins there are in a condition."""
    match condition:
        case All(conditions) | AnyOf(conditions):
            return sum(_count(one) for one in conditions)
        case Not(inner):
            return _count(inner)
    return int(condition.inner is not None)
