"""Person accounts: a contact that is the shadow of an account. It is read like any contact, and
written through its account, under that one's names (salesforce-api.md 7; sync.md 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sync_engine.crms.base import Outcome, Row

# What both call the same. Everything else of a person bears "Person" before its name, or "__pc".
_SAME = frozenset(
    ("FirstName", "LastName", "Salutation", "Phone", "Fax", "Description", "OwnerId")
)  # fmt: skip


def through_accounts(rows: Sequence[Row]) -> list[Row]:
    """Write rows of shadows as rows of their accounts; the others stay as they are."""
    return [_through_account(row) for row in rows]


def of_shadows(rows: Sequence[Row], outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Say of each row, by its own id and in its own fields' names, what came of it."""
    return [
        _of_shadow(row, outcome) if row.instead else outcome
        for row, outcome in zip(rows, outcomes, strict=True)
    ]


def _through_account(row: Row) -> Row:
    if row.instead is None:
        return row
    values = {_account_field(name): value for name, value in row.values.items()}
    return replace(row, values=values, id=row.instead.id)


def _of_shadow(row: Row, outcome: Outcome) -> Outcome:
    if outcome.problem is None:
        return replace(outcome, id=row.id)
    own = {_account_field(name): name for name in row.values}
    fields = tuple(own.get(name, name) for name in outcome.problem.fields)
    return replace(outcome, id=row.id, problem=replace(outcome.problem, fields=fields))


def _account_field(name: str) -> str:
    if name in _SAME:
        return name
    return f"{name.removesuffix('__c')}__pc" if name.endswith("__c") else f"Person{name}"
