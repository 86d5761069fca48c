"""What a SOQL statement says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Path:
    """Owner.Name: a field, perhaps of a parent. at: where it stands in the statement."""

    parts: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Aggregate:
    """name: count, count_distinct, min, max, sum or avg. path: None in COUNT()."""

    name: str
    path: Path | None
    at: int


@dataclass(frozen=True, slots=True)
class FieldSet:
    """FIELDS(ALL). which: all, standard or custom."""

    which: str
    at: int


@dataclass(frozen=True, slots=True)
class ChildQuery:
    """(SELECT Id FROM Contacts): the statement's object is the name of a relationship."""

    statement: Statement
    at: int


Expression = Path | Aggregate


@dataclass(frozen=True, slots=True)
class Selected:
    """alias: "" for none."""

    item: Expression | FieldSet | ChildQuery
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Literal:
    """kind: string, number, boolean, date, datetime, null, or period (TODAY, LAST_N_DAYS:7)."""

    kind: str
    value: str | float | bool | None
    at: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """operator: = != < <= > >= like in not in includes excludes. One value but for the last
    four, which have one or more. inner: the statement that says the values, of a semi-join."""

    path: Expression
    operator: str
    values: tuple[Literal, ...]
    inner: Statement | None = None


@dataclass(frozen=True, slots=True)
class All:
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    condition: Condition


Condition = Comparison | All | AnyOf | Not


@dataclass(frozen=True, slots=True)
class Order:
    path: Expression
    is_descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """alias: of the object, "" for none. all_rows: ALL ROWS, deleted records too."""

    text: str
    selected: tuple[Selected, ...]
    object_name: str
    object_at: int
    alias: str = ""
    where: Condition | None = None
    group: tuple[Path, ...] = ()
    having: Condition | None = None
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    all_rows: bool = False

    @property
    def counts(self) -> bool:
        """Is it SELECT COUNT() and nothing else?"""
        items = [one.item for one in self.selected]
        return len(items) == 1 and isinstance(items[0], Aggregate) and items[0].path is None

    @property
    def groups(self) -> bool:
        """Does it tell of groups of records, and not of records?"""
        has_aggregate = any(isinstance(one.item, Aggregate) for one in self.selected)
        is_grouped = bool(self.group) or self.having is not None
        return is_grouped or (has_aggregate and not self.counts)
