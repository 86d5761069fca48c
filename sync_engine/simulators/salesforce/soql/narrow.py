"""Which records a condition can match at all, told from the indexes: so that a poll over a million
rows looks at those that changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sync_engine.simulators.salesforce.fields import SObject
from sync_engine.simulators.salesforce.soql.ast import (
    All,
    AnyOf,
    Comparison,
    Condition,
    Path,
)
from sync_engine.simulators.salesforce.soql.conditions import value_of
from sync_engine.simulators.salesforce.store import HIGHEST, Table

Ids = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Records stamped from `low` to `high`, both included."""

    low: str = ""
    high: str = HIGHEST


def narrow(table: Table, condition: Condition | None) -> Ids | Span | None:
    """Return ids or a span that hold every match, None where only looking at all records tells."""
    match condition:
        case Comparison():
            return _comparison(table, condition)
        case All(conditions):
            return _all([narrow(table, one) for one in conditions])
        case AnyOf(conditions):
            return _any([narrow(table, one) for one in conditions])
    return None


def _all(found: Sequence[Ids | Span | None]) -> Ids | Span | None:
    by_ids = [one for one in found if isinstance(one, tuple)]
    if by_ids:
        return min(by_ids, key=len)
    spans = [one for one in found if isinstance(one, Span)]
    if not spans:
        return None
    return Span(max(span.low for span in spans), min(span.high for span in spans))


def _any(found: Sequence[Ids | Span | None]) -> Ids | Span | None:
    by_ids = [one for one in found if isinstance(one, tuple)]
    if len(by_ids) == len(found):
        return tuple(dict.fromkeys(record_id for ids in by_ids for record_id in ids))
    spans = [one for one in found if isinstance(one, Span)]
    if len(spans) == len(found):
        return Span(min(span.low for span in spans), max(span.high for span in spans))
    return None


def _comparison(table: Table, condition: Comparison) -> Ids | Span | None:
    name = _own_field(table.sobject, condition)
    if name == "SystemModstamp":
        return _span(table, condition)
    if condition.operator not in ("=", "in"):
        return None
    if name != "Id" and not table.is_indexed(name):
        return None
    field = table.sobject.fields[name]
    values = [value_of(field, literal, "") for literal in condition.values]
    if None in values:
        return None
    if name == "Id":
        return tuple(dict.fromkeys(value for value in values if value in table))
    return tuple(dict.fromkeys(i for value in values for i in table.find(name, value)))


def _span(table: Table, condition: Comparison) -> Span | None:
    literal = condition.values[0]
    if literal.kind != "datetime":
        return None
    stamp = value_of(table.sobject.fields["SystemModstamp"], literal, "")
    match condition.operator:
        case "=":
            return Span(stamp, stamp)
        case ">=":
            return Span(low=stamp)
        case ">":
            # After all rows of that second, which may be thousands: text that goes on comes later.
            return Span(low=f"{stamp}~")
        case "<" | "<=":
            return Span(high=stamp)
    return None


def _own_field(sobject: SObject, condition: Comparison) -> str:
    if not isinstance(condition.path, Path) or len(condition.path.parts) != 1:
        return ""
    lower = condition.path.parts[0].lower()
    return next((name for name in sobject.fields if name.lower() == lower), "")
