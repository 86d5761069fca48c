"""What a caller wrote of a record, as it will be stored. Source: salesforce-api.md 5.1, 10.2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sync_engine.simulators.salesforce.errors import Refusal, no_such_column, not_writable
from sync_engine.simulators.salesforce.fields import Field, Row, SObject
from sync_engine.simulators.salesforce.org import Org, Session
from sync_engine.simulators.salesforce.reading import find, visible_fields
from sync_engine.simulators.salesforce.values import stored

MASTER_RECORD_TYPE = "012000000000000AAA"


def given_values(
    org: Org, session: Session, sobject: SObject, values: Mapping[str, Any], *, creating: bool
) -> Row:
    """Return what is written of `values`, as it is stored; raises Refusal."""
    visible = visible_fields(org, session, sobject)
    given: Row = {}
    refused: list[str] = []
    for name, value in values.items():
        lower = name.lower()
        if lower in ("attributes", "id"):
            continue
        if lower not in visible:
            field, value = _by_foreign_key(org, session, sobject, name, value)
        else:
            field = visible[lower]
        if not (field.createable if creating else field.updateable):
            refused.append(field.name)
        else:
            given[field.name] = _checked(org, session, sobject, field, stored(field, value))
    if refused:
        raise not_writable(refused)
    return given


def _by_foreign_key(
    org: Org, session: Session, sobject: SObject, name: str, value: Any
) -> tuple[Field, Any]:
    """Read {"Account": {"Key__c": "7"}} as AccountId of the account with that key."""
    field = next((f for f in sobject.lookups() if f.relationship.lower() == name.lower()), None)
    if field is None or not isinstance(value, dict):
        raise no_such_column(name, sobject.name)
    keys = [key for key in value if key != "attributes"]
    if len(field.reference_to) > 1 and next(iter(value), "") != "attributes":
        raise Refusal(
            "JSON_PARSER_ERROR",
            "Nested object for polymorphic foreign key must have an attributes field before any "
            "other fields.",
        )
    parent = org.sobjects[field.reference_to[0]]
    key = visible_fields(org, session, parent).get(keys[0].lower()) if len(keys) == 1 else None
    if key is None or not (key.external_id or key.id_lookup):
        raise no_such_column(keys[0] if keys else name, parent.name)
    found = find(org, parent, key, value[keys[0]])
    if len(found) != 1:
        raise Refusal(
            "INVALID_FIELD",
            f"Foreign key external ID: {value[keys[0]]} not found for field {key.name} in entity "
            f"{parent.name}",
        )
    return field, found[0]


def _checked(org: Org, session: Session, sobject: SObject, field: Field, value: Any) -> Any:
    """Return the value; raises Refusal where it is a lookup that leads nowhere."""
    if field.name == "OwnerId" and value is None:
        raise Refusal(
            "INVALID_CROSS_REFERENCE_KEY", "Owner ID: owner cannot be blank", ("OwnerId",)
        )
    if field.type != "reference" or value is None:
        return value
    if field.name == "RecordTypeId":
        return _record_type(org, session, sobject, value)
    table = org.store.table_of(value)
    if table is None or table.sobject.name not in field.reference_to:
        raise Refusal(
            "MALFORMED_ID", f"{field.label}: id value of incorrect type: {value}", (field.name,)
        )
    target = table.get(value)
    if target is None or target.get("IsDeleted"):
        raise Refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", (field.name,))
    if field.name == "OwnerId":
        _check_owner(sobject, target)
    return value


def _record_type(org: Org, session: Session, sobject: SObject, value: str) -> str | None:
    """Return the record type, None for Master; raises Refusal where this user may not give it."""
    if value == MASTER_RECORD_TYPE:
        return None
    row = org.store["RecordType"].get(value) or {}
    if (
        row.get("SobjectType") != sobject.name
        or not row["IsActive"]
        or not org.may_give_type(value, session)
    ):
        raise Refusal(
            "INVALID_CROSS_REFERENCE_KEY",
            f"Record Type ID: this ID value isn't valid for the user: {value}",
            ("RecordTypeId",),
        )
    return value


def _check_owner(sobject: SObject, owner: Row) -> None:
    """Raise Refusal where neither an active person nor a queue would own the record."""
    named = sobject.name.lower()
    if owner.get("IsActive") is False:
        raise Refusal(
            "INACTIVE_OWNER_OR_USER",
            f"operation performed with inactive user [{owner['Id'][:15]}] as owner of {named}",
            (),
        )
    if owner.get("UserType", "Standard") != "Standard" or owner.get("Type", "Queue") != "Queue":
        raise Refusal(
            "OP_WITH_INVALID_USER_TYPE_EXCEPTION",
            f"Operation not valid for this user type: owner of {named}",
            (),
        )
