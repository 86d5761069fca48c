"""HubSpot's property definitions and its texts, in our words (hubspot-api.md 5.2, 6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from math import inf
from typing import Any

from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.spelling import spell
from sync_engine.core.values import Crm, Record, Value, blank_to_none

# By fieldType where that says more than type.
_KINDS = {
    "booleancheckbox": FieldKind.YES_NO,
    "checkbox": FieldKind.MULTI_PICKLIST,
    "phonenumber": FieldKind.PHONE,
    "number": FieldKind.NUMBER,
    "bool": FieldKind.YES_NO,
    "enumeration": FieldKind.PICKLIST,
    "date": FieldKind.DATE,
    "datetime": FieldKind.MOMENT,
    "phone_number": FieldKind.PHONE,
    "string": FieldKind.TEXT,
}

_LONGEST_TEXT = 65_536

MERGED = "hs_merged_object_ids"  # "501;502": the records that were merged into this one
ADDRESSES = "hs_additional_emails"  # "a@example.org;b@example.org", a contact's other addresses


def stamp_property(object_name: str) -> str:
    """Name the property that moves with every change of a record."""
    return "lastmodifieddate" if object_name == "contacts" else "hs_lastmodifieddate"


def fields_of(definitions: Iterable[Mapping[str, Any]]) -> dict[str, Field]:
    return {definition["name"]: _field(definition) for definition in definitions}


def _field(definition: Mapping[str, Any]) -> Field:
    kind = _kind(definition)
    is_list = kind in (FieldKind.PICKLIST, FieldKind.MULTI_PICKLIST)
    is_text = kind in (FieldKind.TEXT, FieldKind.EMAIL, FieldKind.PHONE)
    may_change = definition.get("modificationMetadata") or {}
    return Field(
        name=definition["name"],
        label=definition["label"],
        kind=kind,
        type_label=definition["fieldType"],
        options=tuple(option["value"] for option in _in_order(definition)) if is_list else (),
        restricted=is_list,
        max_length=_LONGEST_TEXT if is_text else None,
        writable=not (may_change.get("readOnlyValue") or definition.get("calculated")),
    )


def _in_order(definition: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the options as the portal orders them; those that it gives no place come last."""

    def place(option: Mapping[str, Any]) -> float:
        at = option.get("displayOrder")
        return inf if at is None or at < 0 else float(at)

    return sorted(definition.get("options") or (), key=place)


def _kind(definition: Mapping[str, Any]) -> FieldKind:
    if definition["name"] == "email":
        return FieldKind.EMAIL
    # Owners and the like: its values are ids of something else, and not among its options.
    if definition.get("externalOptions"):
        return FieldKind.REFERENCE
    by_form = _KINDS.get(definition["fieldType"]) if definition["type"] != "datetime" else None
    if by_form in (FieldKind.YES_NO, FieldKind.MULTI_PICKLIST, FieldKind.PHONE):
        return by_form
    return _KINDS.get(definition["type"], FieldKind.TEXT)


def record_of(
    object_name: str, row: Mapping[str, Any], fields: Iterable[str], known: Mapping[str, Field]
) -> Record:
    """Read one row of an answer. A property that is not defined is left out of it: absent."""
    properties = row["properties"]
    at = moment(properties.get(stamp_property(object_name)) or row["updatedAt"])
    return Record(
        Crm.HUBSPOT,
        object_name,
        str(row["id"]),
        {
            name: decoded(properties[name], known[name])
            for name in fields
            if name in properties and name in known
        },
        modified_at=at,
        stamp=at,
        absorbed=tuple(_listed(properties.get(MERGED))),
    )


def bearing(row: Mapping[str, Any], name: str) -> list[str]:
    """Return what a row bears in a property, lower-cased: of e-mail, all its addresses."""
    properties = row["properties"]
    others = _listed(properties.get(ADDRESSES)) if name == "email" else []
    return [value.strip().lower() for value in (properties.get(name) or "", *others) if value]


def _listed(text: str | None) -> list[str]:
    return [part for part in (text or "").split(";") if part]


def decoded(text: str | None, field: Field) -> Value:
    """Read a property's text; null, "" and spaces are None. What is not of its property's kind
    after all stays a text: it can be told and refused, and holds back no other value."""
    if text is None or blank_to_none(text) is None:
        return None
    try:
        return _of_its_kind(text, field)
    except (ArithmeticError, ValueError, OSError):
        return text


def _of_its_kind(text: str, field: Field) -> Value:
    match field.kind:
        case FieldKind.NUMBER:
            number = Decimal(text)
            return number if number.is_finite() else text
        case FieldKind.YES_NO:
            return {"true": True, "false": False}.get(text.lower(), text)
        case FieldKind.DATE:
            return date.fromisoformat(text)
        case FieldKind.MOMENT:
            return moment(text)
        case _:
            return text


def encoded(value: Value) -> str:
    """Write a value for a body: everything is text, and "" clears."""
    if isinstance(value, datetime):
        text = value.astimezone(UTC).isoformat(timespec="milliseconds")
        return text.replace("+00:00", "Z")
    return spell(value) or ""


def moment(text: str) -> datetime:
    """Read 2026-01-31T08:00:00.123Z, with or without milliseconds, or milliseconds since 1970."""
    if text.isdigit():
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    return datetime.fromisoformat(text).astimezone(UTC)


def milliseconds(at: datetime) -> str:
    """Write a time for a search filter."""
    return str(int(at.timestamp() * 1000))
