"""What keeps data back: one card per category, and what stands in the inspector."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from sync_engine.core.error_types import ERROR_TYPES
from sync_engine.core.errors import Category, ErrorType, Remedy
from sync_engine.core.values import Crm
from sync_engine.models import SyncError
from sync_engine.models.sync_error import SyncErrorQuerySet

ICONS = {
    Category.ASSOCIATIONS: "link",
    Category.CUSTOM_CODE: "code",
    Category.DUPLICATES: "copies",
    Category.MAPPING: "mapping",
    Category.PERMISSIONS: "key",
    Category.PROPERTY_VALUES: "values",
    Category.RECORDS: "file",
    Category.LIMITS: "clock",
    Category.TEMPORARY: "refresh",
    Category.CONNECTION: "swap",
    Category.OTHER: "alert",
}

MOST_SHOWN = 50
PASSING = [slug for slug, type_ in ERROR_TYPES.items() if type_.remedy is Remedy.RETRY]


@dataclass(frozen=True, slots=True)
class Card:
    category: Category
    errors: int
    records: int
    next_retry: datetime | None  # None: it waits for somebody

    @property
    def icon(self) -> str:
        return ICONS[self.category]


@dataclass(frozen=True, slots=True)
class TypeRow:
    type: ErrorType
    errors: int
    records: int


@dataclass(frozen=True, slots=True)
class Details:
    """One category, and one of its types opened. latest: the newest error of that type."""

    category: Category
    records: int
    rows: list[TypeRow]
    row: TypeRow
    latest: SyncError
    affected: list[SyncError]

    @property
    def crm(self) -> Crm:
        return Crm(self.latest.crm)

    @property
    def errors(self) -> int:
        return sum(row.errors for row in self.rows)

    @property
    def not_shown(self) -> int:
        return self.row.errors - len(self.affected)


def cards_of(connection_id: int) -> list[Card]:
    """Return the cards. A nightly retry of what only a person can mend is no promise: none is named."""
    errors = SyncError.objects.current(connection_id)
    held = errors.exclude(type__in=PASSING).order_by().values_list("category", flat=True)
    waiting = set(held.distinct())
    return [
        Card(
            Category(card.category),
            card.errors,
            card.records,
            None if card.category in waiting else card.next_retry,
        )
        for card in errors.by_category()
    ]


def impacted_records(connection_id: int) -> int:
    errors = SyncError.objects.current(connection_id)
    return errors.values("record_key").distinct().count()


def details_of(connection_id: int, category: Category, slug: str) -> Details | None:
    """Return a category's errors with the type `slug` open, else its largest; None if it has none."""
    errors = SyncError.objects.current(connection_id).filter(category=category.value)
    rows = _rows(errors)
    if not rows:
        return None
    row = next((row for row in rows if row.type.slug == slug), rows[0])
    affected = list(errors.filter(type=row.type.slug)[:MOST_SHOWN])
    records = errors.values("record_key").distinct().count()
    return Details(category, records, rows, row, affected[0], affected)


def _rows(errors: SyncErrorQuerySet) -> list[TypeRow]:
    counts = (
        errors.order_by()
        .values_list("type")
        .annotate(errors=Count("pk"), records=Count("record_key", distinct=True))
    )
    rows = [TypeRow(ERROR_TYPES[slug], count, records) for slug, count, records in counts]
    return sorted(rows, key=lambda row: row.errors, reverse=True)
