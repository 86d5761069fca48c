"""Making properties in HubSpot (hubspot-api.md 6), in the group where people look for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sync_engine.core.allocation import Cause
from sync_engine.core.errors import CrmError
from sync_engine.core.fields import Field, FieldKind
from sync_engine.crms.hubspot_api import HubspotApi
from sync_engine.crms.hubspot_batch import CONFLICTS
from sync_engine.crms.hubspot_paths import path

# HubSpot's own Salesforce integration makes it too: it is the same one (product.md 4.6).
_GROUP = {"name": "salesforceinformation", "label": "Salesforce Information"}

# type and fieldType; what is missing is one line of text.
_TYPES = {
    FieldKind.NUMBER: ("number", "number"),
    FieldKind.YES_NO: ("bool", "booleancheckbox"),
    FieldKind.DATE: ("date", "date"),
    FieldKind.MOMENT: ("datetime", "date"),
    FieldKind.PICKLIST: ("enumeration", "select"),
    FieldKind.MULTI_PICKLIST: ("enumeration", "checkbox"),
}
_ONE_LINE = 255  # characters; a field that takes more is a box of several lines


def key_definition(name: str, label: str) -> dict[str, Any]:
    """hasUniqueValue can only be set when a property is made."""
    return {
        "name": name,
        "label": label,
        "type": "string",
        "fieldType": "text",
        "groupName": _GROUP["name"],
        "hasUniqueValue": True,
        "description": "Filled by crmsync: the Salesforce record that this record is linked to.",
    }


def definition_of(field: Field) -> dict[str, Any]:
    """Describe a property that holds what a Salesforce field holds, its options included."""
    type_, form = _TYPES.get(field.kind, ("string", "text"))
    if type_ == "string" and form == "text" and (field.max_length or 0) > _ONE_LINE:
        form = "textarea"
    definition = {
        "name": field.name,
        "label": field.label,
        "type": type_,
        "fieldType": form,
        "groupName": _GROUP["name"],
        "description": "Made by crmsync for values that come from Salesforce.",
    }
    options = ("true", "false") if type_ == "bool" else field.options
    return definition | {"options": _options(options)} if options else definition


def _options(values: Iterable[str], first: int = 0) -> list[dict[str, Any]]:
    words = {"true": "Yes", "false": "No"}
    return [
        {"label": words.get(value, value), "value": value, "displayOrder": at, "hidden": False}
        for at, value in enumerate(values, first)
    ]


def add_options(api: HubspotApi, object_name: str, name: str, values: Iterable[str]) -> None:
    """Add what a dropdown lacks to the options that it has now, labels and all (two calls)."""
    where = path("properties", object_name, name)
    options = api.read(Cause.DESCRIBE, "GET", where)["options"]
    known = {option["value"] for option in options}
    new = _options((value for value in values if value not in known), first=len(options))
    if new:
        api.write(Cause.DESCRIBE, "PATCH", where, {"options": [*options, *new]})


def make_property(api: HubspotApi, object_name: str, definition: Mapping[str, Any]) -> None:
    """Create a property and, where it is missing, the group. Safe to run again."""
    _make(api, path("properties", object_name, "groups"), _GROUP)
    _make(api, path("properties", object_name), definition)


def _make(api: HubspotApi, where: str, body: Mapping[str, Any]) -> None:
    """Create something, unless it is there."""
    try:
        api.write(Cause.DESCRIBE, "POST", where, body)
    except CrmError as error:
        if error.problem.type not in CONFLICTS:
            raise
