"""Salesforce's describe and its JSON, in our words (salesforce-api.md 3, 5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson

from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.places import PlaceRule
from sync_engine.core.values import Crm, Record, RecordRef, Value, blank_to_none
from sync_engine.crms.salesforce_places import place_rules

# Salesforce's dates lie between them.
_YEARS = (1700, 4000)

# Compound and binary fields are left out: their parts are fields of their own.
_KINDS = {
    "string": FieldKind.TEXT,
    "textarea": FieldKind.TEXT,
    "combobox": FieldKind.TEXT,
    "encryptedstring": FieldKind.TEXT,
    "time": FieldKind.TEXT,
    "email": FieldKind.EMAIL,
    "phone": FieldKind.PHONE,
    "url": FieldKind.URL,
    "int": FieldKind.NUMBER,
    "long": FieldKind.NUMBER,
    "double": FieldKind.NUMBER,
    "currency": FieldKind.NUMBER,
    "percent": FieldKind.NUMBER,
    "boolean": FieldKind.YES_NO,
    "date": FieldKind.DATE,
    "datetime": FieldKind.MOMENT,
    "picklist": FieldKind.PICKLIST,
    "multipicklist": FieldKind.MULTI_PICKLIST,
    "id": FieldKind.REFERENCE,
    "reference": FieldKind.REFERENCE,
}

# What tells that a record lives on in another one. No object has all of them.
TRACES = ("MasterRecordId", "IsConverted", "ConvertedContactId")

# What tells that a contact is the shadow of a person account.
PERSON = ("IsPersonAccount", "AccountId")


def fields_of(describe: Mapping[str, Any]) -> dict[str, Field]:
    """Read a describe. It is evaluated for the connected user: what is hidden is not in it."""
    places = place_rules(describe["fields"])
    return {
        described["name"]: _field(described, places.get(described["name"]))
        for described in describe["fields"]
        if described["type"] in _KINDS
    }


def _field(described: Mapping[str, Any], place: PlaceRule | None) -> Field:
    kind = _KINDS[described["type"]]
    is_yes_no = kind is FieldKind.YES_NO
    options = tuple(
        option["value"] for option in described.get("picklistValues") or () if option["active"]
    )
    return Field(
        name=described["name"],
        label=described["label"],
        kind=kind,
        type_label=described["type"],
        options=options,
        restricted=bool(described.get("restrictedPicklist")),
        max_length=described.get("length") or None,
        scale=described.get("scale") if kind is FieldKind.NUMBER else None,
        digits=_digits(described) if kind is FieldKind.NUMBER else None,
        years=_YEARS if kind in (FieldKind.DATE, FieldKind.MOMENT) else None,
        writable=bool(described["updateable"]),
        is_required=bool(
            described["createable"]
            and not described["nillable"]
            and not described["defaultedOnCreate"]
            and not is_yes_no
        ),
        blank_is=False if is_yes_no else None,
        place=place,
    )


def _digits(described: Mapping[str, Any]) -> int | None:
    """Return how many digits fit before the point: int has `digits`, the others a precision."""
    digits = described.get("digits") or (described.get("precision") or 0) - (
        described.get("scale") or 0
    )
    return digits if digits > 0 else None


def record_of(
    object_name: str, row: Mapping[str, Any], fields: Iterable[str], known: Mapping[str, Field]
) -> Record:
    """Read one row of a query or a retrieve; a field that the row lacks is absent."""
    return Record(
        Crm.SALESFORCE,
        object_name,
        str(row["Id"]),
        _values(row, fields, known),
        modified_at=moment(row["LastModifiedDate"]),
        stamp=moment(row["SystemModstamp"]),
        became=became(object_name, row),
        stands_for=stands_for(row),
    )


def _values(
    row: Mapping[str, Any], fields: Iterable[str], known: Mapping[str, Field]
) -> dict[str, Value]:
    """Read the fields of a row, and those of records that its lookups lead to as they come."""
    values: dict[str, Value] = {}
    for name in fields:
        lookup, of_parent, field = name.partition(".")
        if of_parent:
            values[name] = (row.get(lookup) or {}).get(field)
        elif name in row:
            values[name] = decoded(row[name], known[name])
    return values


def stands_for(row: Mapping[str, Any]) -> RecordRef | None:
    """Name the account that is written in a contact's stead; None for a contact of its own."""
    return RecordRef("Account", row["AccountId"]) if row.get("IsPersonAccount") else None


def became(object_name: str, row: Mapping[str, Any]) -> RecordRef | None:
    """Read in which record another lives on: a merge's survivor, the contact of a lead."""
    if row.get("MasterRecordId"):
        return RecordRef(object_name, row["MasterRecordId"])
    if row.get("IsConverted") and row.get("ConvertedContactId"):
        return RecordRef("Contact", row["ConvertedContactId"])
    return None


def decoded(value: Any, field: Field) -> Value:
    """Read a value of an answer; a blank is None. What is not of its field's kind after all is
    its text: it can be told and refused, and holds back no other value."""
    if blank_to_none(value) is None:
        return None
    try:
        return _of_its_kind(value, field)
    except (ArithmeticError, ValueError, TypeError):
        return str(value)


def _of_its_kind(value: Any, field: Field) -> Value:
    match field.kind:
        case FieldKind.NUMBER:
            return Decimal(value)
        case FieldKind.DATE:
            return date.fromisoformat(value)
        case FieldKind.MOMENT:
            return moment(value)
        case FieldKind.YES_NO:
            return bool(value)
        case _:
            return str(value)


def encoded(value: Value) -> Any:
    """Write a value for a body: null clears, a number keeps every digit."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="milliseconds")
        case date():
            return value.isoformat()
        case Decimal():
            return orjson.Fragment(f"{value:f}")
        case _:
            return blank_to_none(value)


def moment(text: str) -> datetime:
    """Read Salesforce's 2026-01-31T08:00:00.000+0000 as aware UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)
