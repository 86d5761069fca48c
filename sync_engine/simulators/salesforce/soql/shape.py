"""How the records that a query finds are shown: fields, parents within them, children."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sync_engine.simulators.salesforce.fields import Field, Row, SObject
from sync_engine.simulators.salesforce.org import Org
from sync_engine.simulators.salesforce.soql.ast import Statement

Predicate = Callable[[Row], bool]
Getter = Callable[[Row], Any]
NEVER_NULL = (
    "boolean",
    "address",
)  # what shows something although nothing is stored under its name


@dataclass
class Shape:
    """How a record is shown: its fields by name, shapes of parents and children by relationship."""

    fields: dict[str, Field | Parent | Children] = field(default_factory=dict)

    def show(self, org: Org, object_name: str, row: Row, version: str) -> dict[str, Any]:
        url = f"/services/data/{version}/sobjects/{object_name}/{row['Id']}"
        shown: dict[str, Any] = {"attributes": {"type": object_name, "url": url}}
        held = row.get
        for name, item in self.fields.items():
            if not isinstance(item, Field):
                shown[name] = item.show(org, row, version)
            elif (kept := held(name)) is None and item.type in NEVER_NULL:
                shown[name] = value(row, item)
            else:
                shown[name] = kept
        return shown


@dataclass
class Parent:
    """lookup: the field that names the parent."""

    lookup: Field
    shape: Shape

    def show(self, org: Org, row: Row, version: str) -> dict[str, Any] | None:
        parent = parent_of(org, row, self.lookup)
        table = org.store.table_of(parent["Id"]) if parent else None
        if table is None or parent is None:
            return None
        return self.shape.show(org, table.sobject.name, parent, version)


@dataclass
class Children:
    """The records that name this one in `lookup`. find: those of some candidates that the sub-query
    finds, in its order."""

    query: Query
    lookup: str
    find: Callable[[tuple[str, ...]], list[str]]

    def show(self, org: Org, row: Row, version: str) -> dict[str, Any] | None:
        name = self.query.sobject.name
        table = org.store[name]
        rows = (table.get(one) for one in self.find(table.find(self.lookup, row["Id"])))
        records = [self.query.shape.show(org, name, one, version) for one in rows if one]
        return {"totalSize": len(records), "done": True, "records": records} if records else None


@dataclass(frozen=True, slots=True)
class Sorting:
    get: Getter
    is_descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A checked statement. matches: None for every record."""

    statement: Statement
    sobject: SObject
    shape: Shape
    matches: Predicate | None
    sorting: tuple[Sorting, ...]


def value(row: Row, item: Field) -> Any:
    """Return what a record shows of a checkbox, or of an address, which is put together from its parts."""
    if item.type == "boolean":
        return bool(row.get(item.name))
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


def parent_of(org: Org, row: Row, lookup: Field) -> Row | None:
    """Return the record that a lookup names, None for none. What may be of several objects is shown
    as Salesforce's object Name shows it: with its object, or Queue, as its Type."""
    parent_id = row.get(lookup.name, "")
    table = org.store.table_of(parent_id)
    parent = table.get(parent_id) if table else None
    if table is None or parent is None or len(lookup.reference_to) < 2:
        return parent
    sobject = table.sobject
    kind = parent.get("Type") if sobject.name == "Group" else sobject.name
    return {**parent, "Type": kind, "Name": parent.get(sobject.name_field)}
