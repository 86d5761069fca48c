"""A statement checked against an org: which records match, in which order, how each is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.fields import TEXTS, Field, Row, SObject
from sync_engine.simulators.salesforce.org import Org, Session
from sync_engine.simulators.salesforce.reading import may_see, visible_fields
from sync_engine.simulators.salesforce.soql.ast import (
    All,
    AnyOf,
    Comparison,
    Condition,
    Not,
    Path,
    Statement,
)
from sync_engine.simulators.salesforce.soql.conditions import test
from sync_engine.simulators.salesforce.soql.tokens import at_place

Predicate = Callable[[Row], bool]
Getter = Callable[[Row], Any]
MOST_PARENTS = 5
CUSTOM_HINT = "Please reference your WSDL or the describe call for the appropriate names."


@dataclass
class Shape:
    """How a record is shown: its fields by name, and shapes of parents by relationship."""

    fields: dict[str, Field | Parent] = field(default_factory=dict)

    def show(self, org: Org, object_name: str, row: Row, version: str) -> dict[str, Any]:
        url = f"/services/data/{version}/sobjects/{object_name}/{row['Id']}"
        shown: dict[str, Any] = {"attributes": {"type": object_name, "url": url}}
        for name, item in self.fields.items():
            if isinstance(item, Parent):
                shown[name] = item.show(org, row, version)
            else:
                shown[name] = value(row, item)
        return shown


@dataclass
class Parent:
    lookup: str
    shape: Shape

    def show(self, org: Org, row: Row, version: str) -> dict[str, Any] | None:
        parent_id = row.get(self.lookup, "")
        table = org.store.table_of(parent_id)
        parent = table.get(parent_id) if table else None
        if table is None or parent is None:
            return None
        return self.shape.show(org, table.sobject.name, parent, version)


@dataclass(frozen=True, slots=True)
class Sorting:
    get: Getter
    is_descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True)
class Query:
    """What `run` needs. matches: None for every record."""

    statement: Statement
    sobject: SObject
    shape: Shape
    matches: Predicate | None
    sorting: tuple[Sorting, ...]


def value(row: Row, item: Field) -> Any:
    """Return what a record shows of a field; an address is put together from its parts."""
    if item.type != "address":
        held = row.get(item.name)
        return False if held is None and item.type == "boolean" else held
    prefix = item.name.removesuffix("Address")
    parts = {
        "city": "City", "country": "Country", "geocodeAccuracy": "GeocodeAccuracy",
        "latitude": "Latitude", "longitude": "Longitude", "postalCode": "PostalCode",
        "state": "State", "street": "Street",
    }  # fmt: skip
    if row.get(f"{prefix}CountryCode"):
        parts |= {"countryCode": "CountryCode", "stateCode": "StateCode"}
    shown = {key: row.get(prefix + part) for key, part in parts.items()}
    return shown if any(part is not None for part in shown.values()) else None


def compile_query(org: Org, session: Session, statement: Statement, reached: str) -> Query:
    """Check every name and value of a statement; raises Refusal."""
    sobject = org.sobject(statement.object_name, reached)
    may_read = session.sees_all or (
        sobject and org.access.may(sobject.name, "read", session.user_id)
    )
    if sobject is None or not may_read:
        raise at_place(
            "INVALID_TYPE",
            statement.text,
            statement.object_at,
            f"sObject type '{statement.object_name}' is not supported. If you are attempting to "
            "use a custom object, be sure to append the '__c' after the entity name. "
            + CUSTOM_HINT,
        )
    return _Compiler(org, session, statement, sobject).query()


class _Compiler:
    def __init__(self, org: Org, session: Session, statement: Statement, sobject: SObject) -> None:
        self._org = org
        self._session = session
        self._statement = statement
        self._sobject = sobject

    def query(self) -> Query:
        shape = Shape()
        for path in self._statement.fields:
            self._select(shape, path)
        where = self._statement.where
        return Query(
            statement=self._statement,
            sobject=self._sobject,
            shape=shape,
            matches=self._in_sight(self._predicate(where) if where else None),
            sorting=tuple(
                Sorting(self._sortable(order.path), order.is_descending, order.nulls_last)
                for order in self._statement.order
            ),
        )

    def _in_sight(self, predicate: Predicate | None) -> Predicate | None:
        """Return the test of a record's values and of whether this session may see it."""
        org, session, sobject = self._org, self._session, self._sobject
        if not org.hides_private_contacts:
            return predicate
        matches = predicate or (lambda row: True)
        return lambda row: may_see(org, session, sobject, row) and matches(row)

    def _select(self, shape: Shape, path: Path) -> None:
        lookups, last = self._resolve(path)
        for lookup in lookups:
            parent = shape.fields.setdefault(lookup.relationship, Parent(lookup.name, Shape()))
            if not isinstance(parent, Parent):
                raise self._no_column(path, lookup.relationship, self._sobject)
            shape = parent.shape
        if last.name in shape.fields:
            raise Refusal("MALFORMED_QUERY", f"duplicate field selected: {'.'.join(path.parts)}")
        shape.fields[last.name] = last

    def _predicate(self, condition: Condition) -> Predicate:
        match condition:
            case All(conditions):
                every = [self._predicate(one) for one in conditions]
                return lambda row: all(one(row) for one in every)
            case AnyOf(conditions):
                some = [self._predicate(one) for one in conditions]
                return lambda row: any(one(row) for one in some)
            case Not(inner):
                denied = self._predicate(inner)
                return lambda row: not denied(row)
        return self._comparison(condition)

    def _comparison(self, condition: Comparison) -> Predicate:
        lookups, last = self._resolve(condition.path)
        passes = test(condition, last, self._statement.text, self._org.clock.now())
        if not lookups:
            name = last.name
            return lambda row: passes(row.get(name))
        get = self._getter(lookups, last)
        return lambda row: passes(get(row))

    def _sortable(self, path: Path) -> Getter:
        lookups, last = self._resolve(path)
        if not last.filterable:
            raise at_place(
                "INVALID_FIELD",
                self._statement.text,
                path.at,
                f"field '{last.name}' can not be sorted in a query call",
            )
        get = self._getter(lookups, last)
        if last.type not in TEXTS:
            return get
        return lambda row: str(text).lower() if (text := get(row)) is not None else None

    def _getter(self, lookups: list[Field], last: Field) -> Getter:
        names = [lookup.name for lookup in lookups]
        store = self._org.store

        def get(row: Row) -> Any:
            parent: Row | None = row
            for name in names:
                parent = store.get(parent.get(name, "")) if parent else None
            return parent.get(last.name) if parent else None

        return get

    def _resolve(self, path: Path) -> tuple[list[Field], Field]:
        """Return the lookups that a path goes through, and the field at its end."""
        parts = list(path.parts)
        if len(parts) > 1 and parts[0].lower() == self._sobject.name.lower():
            parts = parts[1:]
        if len(parts) > MOST_PARENTS + 1:
            raise self._no_relationship(path, parts[MOST_PARENTS])
        sobject, lookups = self._sobject, []
        for part in parts[:-1]:
            lookup = self._lookup(sobject, path, part)
            lookups.append(lookup)
            sobject = self._parent(lookup)
        last = visible_fields(self._org, self._session, sobject).get(parts[-1].lower())
        if last is None:
            raise self._no_column(path, parts[-1], sobject)
        return lookups, last

    def _lookup(self, sobject: SObject, path: Path, name: str) -> Field:
        for candidate in visible_fields(self._org, self._session, sobject).values():
            if candidate.relationship and candidate.relationship.lower() == name.lower():
                return candidate
        raise self._no_relationship(path, name)

    def _parent(self, lookup: Field) -> SObject:
        """Return the parent's object: of an owner, who may be a user or a queue, the user."""
        to = "User" if "User" in lookup.reference_to else lookup.reference_to[0]
        return self._org.sobjects[to]

    def _no_column(self, path: Path, name: str, sobject: SObject) -> Refusal:
        return at_place(
            "INVALID_FIELD",
            self._statement.text,
            path.at,
            f"No such column '{name}' on entity '{sobject.name}'. If you are attempting to use a "
            "custom field, be sure to append the '__c' after the custom field name. " + CUSTOM_HINT,
        )

    def _no_relationship(self, path: Path, name: str) -> Refusal:
        return at_place(
            "INVALID_FIELD",
            self._statement.text,
            path.at,
            f"Didn't understand relationship '{name}' in field path. If you are attempting to use "
            "a custom relationship, be sure to append the '__r' after the custom relationship "
            "name. " + CUSTOM_HINT,
        )
