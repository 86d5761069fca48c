"""Salesforce's describe and its JSON, in our words (salesforce-api.md 3, 5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson

from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.values import Crm, Record, Value, blank_to_none

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


def fields_of(describe: Mapping[str, Any]) -> dict[str, Field]:
    """Read a describe. It is evaluated for the connected user: what is hidden is not in it."""
    return {
        described["name"]: _field(described)
        for described in describe["fields"]
        if described["type"] in _KINDS
    }


def _field(described: Mapping[str, Any]) -> Field:
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
        writable=bool(described["updateable"]),
        is_required=bool(
            described["createable"]
            and not described["nillable"]
            and not described["defaultedOnCreate"]
            and not is_yes_no
        ),
        blank_is=False if is_yes_no else None,
    )


def record_of(
    object_name: str, row: Mapping[str, Any], fields: Iterable[str], known: Mapping[str, Field]
) -> Record:
    """Read one row of a query or a retrieve; a field that the row lacks is absent."""
    return Record(
        Crm.SALESFORCE,
        object_name,
        str(row["Id"]),
        {name: decoded(row[name], known[name]) for name in fields if name in row},
        modified_at=moment(row["LastModifiedDate"]),
        stamp=moment(row["SystemModstamp"]),
    )


def decoded(value: Any, field: Field) -> Value:
    """Read a value of an answer; a blank is None."""
    if blank_to_none(value) is None:
        return None
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
