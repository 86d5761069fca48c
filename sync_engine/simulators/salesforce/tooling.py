"""The Tooling API as far as a connector needs it: making a custom field and looking for one.
Source: salesforce-api.md 9.2."""

from __future__ import annotations

import re
from typing import Any

from sync_engine.simulators.salesforce.errors import Refusal, bad_json
from sync_engine.simulators.salesforce.fields import Field
from sync_engine.simulators.salesforce.org import AuditEntry, Org
from sync_engine.simulators.salesforce.rest import Call, Reply

MOST_EXTERNAL_IDS = 25
LONGEST_TEXT = 255
CUSTOM_NAME = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9])*__c")
TYPES = {
    "Text": "string", "Email": "email", "Phone": "phone", "Url": "url", "Checkbox": "boolean",
    "Number": "double", "Currency": "currency", "Percent": "percent", "Date": "date",
    "DateTime": "datetime", "TextArea": "textarea", "LongTextArea": "textarea",
}  # fmt: skip
LENGTHS = {"Email": 80, "Phone": 40, "Url": 255, "TextArea": 255}


def create_field(org: Org, call: Call) -> Reply:
    """POST /tooling/sobjects/CustomField. Nobody sees the field until it is granted."""
    call.allow("POST")
    if not org.may("PermissionsCustomizeApplication"):
        raise Refusal(
            "INSUFFICIENT_ACCESS", "insufficient access rights on entity: CustomField", status=403
        )
    object_name, name, metadata = _asked(org, call)
    fields = org.sobjects[object_name].fields
    if any(name.lower() == taken.lower() for taken in fields):
        raise Refusal(
            "DUPLICATE_DEVELOPER_NAME",
            f"There is already a field named {name.removesuffix('__c')} on {object_name}.",
            ("FullName",),
        )
    custom = _field(name, metadata)
    keys = sum(field.external_id for field in fields.values())
    if custom.external_id and keys >= MOST_EXTERNAL_IDS:
        raise Refusal(
            "FIELD_INTEGRITY_EXCEPTION", "Maximum number of external ID fields reached", ()
        )
    org.add_field(object_name, custom)
    record_id = org.new_id("00N")
    _remember(org, call, object_name, custom, record_id)
    return Reply(
        201,
        {"id": record_id, "success": True, "errors": [], "warnings": [], "infos": []},
    )


def _asked(org: Org, call: Call) -> tuple[str, str, dict[str, Any]]:
    body = call.record()
    full_name, metadata = body.get("FullName"), body.get("Metadata")
    if not isinstance(full_name, str) or not isinstance(metadata, dict):
        raise bad_json("A custom field has a FullName and Metadata")
    object_name, _, name = full_name.partition(".")
    sobject = org.sobject(object_name)
    if sobject is None or "OwnerId" not in sobject.fields:
        raise Refusal(
            "INVALID_CROSS_REFERENCE_KEY", f"Entity Enumeration Or ID: {object_name}", ("FullName",)
        )
    if not CUSTOM_NAME.fullmatch(name):
        raise Refusal(
            "FIELD_INTEGRITY_EXCEPTION",
            f"The field name {name} can only contain alphanumeric characters and single "
            "underscores, must begin with a letter and end with __c.",
            ("FullName",),
        )
    return sobject.name, name, metadata


def _field(name: str, metadata: dict[str, Any]) -> Field:
    kind, label = metadata.get("type"), metadata.get("label")
    if not isinstance(kind, str) or kind not in TYPES or not isinstance(label, str) or not label:
        raise Refusal(
            "FIELD_INTEGRITY_EXCEPTION",
            "Metadata must have a label and a known type",
            ("Metadata",),
        )
    is_key = metadata.get("externalId") is True
    if is_key and kind not in ("Text", "Email", "Number"):
        raise Refusal(
            "FIELD_INTEGRITY_EXCEPTION", f"A {kind} field cannot be an external ID", ("Metadata",)
        )
    precision, scale = _digits(kind, metadata)
    return Field(
        name=name,
        label=label,
        type=TYPES[kind],
        length=_length(kind, metadata),
        precision=precision,
        scale=scale,
        nillable=kind != "Checkbox",
        defaulted=kind == "Checkbox",
        default=False if kind == "Checkbox" else None,
        external_id=is_key,
        unique=metadata.get("unique") is True,
        case_sensitive=metadata.get("caseSensitive") is True,
        custom=True,
    )


def _digits(kind: str, metadata: dict[str, Any]) -> tuple[int, int]:
    """Return precision and scale of a number."""
    if kind not in ("Number", "Currency", "Percent"):
        return 0, 0
    precision = _whole(metadata, "precision", 18, 1, 18)
    return precision, _whole(metadata, "scale", 0, 0, precision)


def _length(kind: str, metadata: dict[str, Any]) -> int:
    if kind in LENGTHS:
        return LENGTHS[kind]
    if kind == "LongTextArea":
        return _whole(metadata, "length", 32_768, 256, 131_072)
    return _whole(metadata, "length", 0, 1, LONGEST_TEXT) if kind == "Text" else 0


def _whole(metadata: dict[str, Any], name: str, default: int, least: int, most: int) -> int:
    value = metadata.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Refusal(
            "FIELD_INTEGRITY_EXCEPTION",
            f"Can not specify '{name}' outside {least} to {most}",
            ("Metadata",),
        )
    return value


def _remember(org: Org, call: Call, object_name: str, custom: Field, record_id: str) -> None:
    now, user = org.now(), call.session.user_id
    row = {
        "Id": record_id,
        "DeveloperName": custom.name.removesuffix("__c"),
        "TableEnumOrId": object_name,
        "Length": custom.length,
        "CreatedDate": now,
        "CreatedById": user,
        "LastModifiedDate": now,
        "LastModifiedById": user,
        "SystemModstamp": now,
    }
    org.store.put(org.store["CustomField"], row)
    named = {"FullName": f"{object_name}.{custom.name}"}
    org.audit.append(AuditEntry(now, call.session.by, "CustomField", record_id, "create", named))
