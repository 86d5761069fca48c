"""Which HubSpot properties and Salesforce fields may be mapped to each other.

Source: the matrix of seed 004 (product.md 17.2) and the two messages of 17.1. Standard mappings
are as the manual has them, whatever the matrix says.
"""

from __future__ import annotations

from sync_engine.core.fields import Field, FieldKind

# {HubSpot's field type: the Salesforce types that it takes}. The manual names the first of each;
# currency and percent are doubles, phone, e-mail and URL are strings to the API.
_TAKES = {
    "Dropdown select": ("picklist", "reference"),
    "Radio select": ("picklist", "reference"),
    "Multiple checkboxes": ("multipicklist",),
    "Single checkbox": ("boolean",),
    "Number": ("double", "int", "currency", "percent", "long"),
    "Single-line text": (
        "string",
        "textarea",
        "phone",
        "email",
        "url",
        "combobox",
        "encryptedstring",
    ),
    "Multi-line text": ("textarea",),
    "Date picker": ("date", "datetime"),
}

# Fields of one family hold the same kind of value, in another format.
_FAMILIES = (
    {"Dropdown select", "Radio select", "Multiple checkboxes", "picklist", "multipicklist"},
    {"Single-line text", "Multi-line text", *_TAKES["Single-line text"]},
)

_BY_KIND = {
    FieldKind.PICKLIST: "Dropdown select",
    FieldKind.MULTI_PICKLIST: "Multiple checkboxes",
    FieldKind.YES_NO: "Single checkbox",
    FieldKind.NUMBER: "Number",
    FieldKind.DATE: "Date picker",
    FieldKind.MOMENT: "Date picker",
    FieldKind.REFERENCE: "HubSpot user",
}

# Where fieldType says more than the kind.
_BY_FIELD_TYPE = {
    "radio": "Radio select",
    "textarea": "Multi-line text",
    "html": "Rich text",
    "file": "File",
}


def fits(hubspot: Field, salesforce: Field) -> str:
    """Return why a property and a field cannot be mapped to each other, "" if they can."""
    ours, theirs = _hubspot_type(hubspot), salesforce.type_label
    takes = _TAKES.get(ours)
    if takes is None:
        return f"Mismatched types: {hubspot.label} is a property of the type {ours}, which cannot be mapped."
    if theirs not in takes:
        return (
            f"{_headline(ours, theirs)}: {hubspot.label} is a property of the type {ours}, which "
            f"takes Salesforce’s {_listed(takes)} fields. {salesforce.label} is a {theirs} field."
        )
    if not (hubspot.writable or salesforce.writable):
        return (
            f"Nothing could sync: neither {hubspot.label} in HubSpot nor {salesforce.label} in "
            "Salesforce can be written."
        )
    return ""


def _hubspot_type(field: Field) -> str:
    """Return HubSpot's own name of the property's field type."""
    if field.kind in (FieldKind.TEXT, FieldKind.PICKLIST) and field.type_label in _BY_FIELD_TYPE:
        return _BY_FIELD_TYPE[field.type_label]
    return _BY_KIND.get(field.kind, "Single-line text")


def _headline(ours: str, theirs: str) -> str:
    if any({ours, theirs} <= family for family in _FAMILIES):
        return "Field format mismatch"
    return "Mismatched types"


def _listed(words: tuple[str, ...]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def nothing_passes(hubspot: Field, salesforce: Field) -> str:
    """Say why no value of a Salesforce field can be held by a HubSpot dropdown; "" if some can.

    A standard mapping is what the manual says, whatever the account's options are. Where they
    have nothing in common, every record would be an error of its own.
    """
    if hubspot.kind not in (FieldKind.PICKLIST, FieldKind.MULTI_PICKLIST) or not hubspot.restricted:
        return ""
    if salesforce.kind is FieldKind.NUMBER:
        return (
            f"HubSpot’s {hubspot.label} is a list of options, and Salesforce’s {salesforce.label} "
            "is a number, so no value can pass. Set this mapping to Don’t sync."
        )
    theirs = {option.lower() for option in salesforce.options}
    if theirs and theirs.isdisjoint(option.lower() for option in hubspot.options):
        return (
            f"HubSpot’s {hubspot.label} has none of the options of Salesforce’s "
            f"{salesforce.label}, so no value can pass. Give it those options in HubSpot, or set "
            "this mapping to Don’t sync."
        )
    return ""
