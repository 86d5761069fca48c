"""What a SOQL statement says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Path:
    """Owner.Name: a field, perhaps of a parent. at: where it stands in the statement."""

    parts: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Literal:
    """kind: string, number, boolean, date, datetime, null, or period (TODAY, LAST_N_DAYS:7)."""

    kind: str
    value: str | float | bool | None
    at: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """operator: = != < <= > >= like in not in includes excludes. One value but for the last
    four, which have one or more."""

    path: Path
    operator: str
    values: tuple[Literal, ...]


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
    path: Path
    is_descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """counts: SELECT COUNT(). all_rows: ALL ROWS, deleted records too."""

    text: str
    fields: tuple[Path, ...]
    counts: bool
    object_name: str
    object_at: int
    where: Condition | None = None
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    all_rows: bool = False
