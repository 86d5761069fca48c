"""Create, update, delete one record by the org's rules. Source: salesforce-api.md 5, 7, 10."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sync_engine.simulators.salesforce import ids
from sync_engine.simulators.salesforce.errors import (
    Refusal,
    deleted,
    no_such_column,
    not_writable,
)
from sync_engine.simulators.salesforce.fields import Field, Row, SObject
from sync_engine.simulators.salesforce.org import AuditEntry, Org, Session
from sync_engine.simulators.salesforce.values import stored

PERMISSION_OBJECTS = ("PermissionSet", "PermissionSetAssignment", "FieldPermissions")


def visible_fields(org: Org, session: Session, sobject: SObject) -> dict[str, Field]:
    """Return the fields this session may see, by name in lower case."""
    if session.sees_all:
        return org.access.everything(sobject.name)
    return org.access.fields(sobject.name, session.user_id)


def create(org: Org, session: Session, sobject: SObject, values: Mapping[str, Any]) -> str:
    """Create a record and return its id; raises Refusal."""
    _allow(sobject, sobject.createable, "create")
    given = _given(org, session, sobject, values, creating=True)
    row = _defaults(org, session, sobject) | given
    missing = [f.name for f in sobject.fields.values() if f.required and row.get(f.name) is None]
    if missing:
        raise _missing(missing)
    row = {"Id": org.new_id(sobject.prefix), **row}
    _save(org, session, sobject, row, {}, given)
    return str(row["Id"])


def update(
    org: Org, session: Session, sobject: SObject, record_id: str, values: Mapping[str, Any]
) -> None:
    """Write `values` to a record; raises Refusal. Writing what is there already stamps it anew."""
    _allow(sobject, sobject.updateable, "update")
    before = existing(org, sobject, record_id)
    given = _given(org, session, sobject, values, creating=False)
    emptied = [n for n, v in given.items() if v is None and not sobject.fields[n].nillable]
    if emptied:
        raise _missing(emptied)
    _save(org, session, sobject, {**before, **given}, before, given)


def upsert(
    org: Org,
    session: Session,
    sobject: SObject,
    key: tuple[Field, Any],
    values: Mapping[str, Any],
) -> tuple[str, bool]:
    """Update the record whose key field holds the value, else create it: (id, created).

    Raises Refusal; where several records bear the value: DUPLICATE_EXTERNAL_ID, status 300.
    """
    field, value = key
    found = find(org, sobject, field, value)
    if len(found) > 1:
        raise Refusal(
            "DUPLICATE_EXTERNAL_ID",
            f"{field.name}: more than one record found for external id field: [{', '.join(found)}]",
            (field.name,),
            status=300,
        )
    if found:
        update(org, session, sobject, found[0], values)
        return found[0], False
    if field.type == "id":
        raise Refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", ())
    return create(org, session, sobject, {**values, field.name: value}), True


def delete(org: Org, session: Session, sobject: SObject, record_id: str) -> None:
    """Move a record and what belongs to it to the recycle bin; set-up records go for good."""
    _allow(sobject, sobject.deletable, "delete")
    before = existing(org, sobject, record_id)
    for child_name, lookup in sobject.cascade:
        _delete_children(org, session, org.sobjects[child_name], lookup, record_id)
    if "IsDeleted" in sobject.fields:
        org.store.put(org.store[sobject.name], _stamped(org, session, before, IsDeleted=True))
    else:
        org.store.remove(org.store[sobject.name], record_id)
    _note(org, session, sobject, record_id, "delete", {})


def undelete(org: Org, session: Session, sobject: SObject, record_id: str) -> None:
    """Take a record out of the recycle bin; raises Refusal where it is not there."""
    before = org.store[sobject.name].get(record_id)
    if before is None or not before.get("IsDeleted"):
        raise Refusal("UNDELETE_FAILED", "Entity is not in the recycle bin", ())
    row = _stamped(org, session, before, IsDeleted=False, MasterRecordId=None)
    _check_unique(org, sobject, row, {})
    org.store.put(org.store[sobject.name], row)
    _note(org, session, sobject, record_id, "undelete", {})


def existing(org: Org, sobject: SObject, record_id: str) -> Row:
    """Return the record; raises Refusal where it is deleted or was never there."""
    row = org.store[sobject.name].get(record_id)
    if row is None:
        raise Refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", ())
    if row.get("IsDeleted"):
        raise deleted()
    return row


def find(org: Org, sobject: SObject, field: Field, value: Any) -> list[str]:
    """Return ids of live records whose key field holds this value; raises Refusal."""
    wanted = stored(field, value)
    if wanted is None:
        raise Refusal("MISSING_ARGUMENT", f"{field.name} not specified", ())
    table = org.store[sobject.name]
    found = (wanted,) if field.type == "id" else table.find(field.name, wanted)
    rows = ((record_id, table.get(record_id)) for record_id in found)
    return [record_id for record_id, row in rows if row and not row.get("IsDeleted")]


def _given(
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
            given[field.name] = _checked(org, field, stored(field, value))
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


def _checked(org: Org, field: Field, value: Any) -> Any:
    """Return the value; raises Refusal where it is a lookup that leads nowhere."""
    if field.type != "reference" or value is None:
        return value
    table = org.store.table_of(value)
    if table is None or table.sobject.name not in field.reference_to:
        raise Refusal(
            "MALFORMED_ID", f"{field.label}: id value of incorrect type: {value}", (field.name,)
        )
    target = table.get(value)
    if target is None or target.get("IsDeleted"):
        raise Refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", (field.name,))
    if field.name == "OwnerId" and target.get("IsActive") is False:
        raise Refusal(
            "INACTIVE_OWNER_OR_USER",
            f"operation performed with inactive user [{value}] as owner",
            (),
        )
    return value


def _defaults(org: Org, session: Session, sobject: SObject) -> Row:
    row = {f.name: f.default for f in sobject.fields.values() if f.default is not None}
    if "OwnerId" in sobject.fields:
        row["OwnerId"] = session.user_id
    return row


def _save(org: Org, session: Session, sobject: SObject, row: Row, before: Row, given: Row) -> None:
    row = _stamped(org, session, row)
    if sobject.derive:
        sobject.derive(row, before)
    _check_unique(org, sobject, row, before)
    org.automation.check(sobject.name, row)
    org.store.put(org.store[sobject.name], row)
    _note(org, session, sobject, row["Id"], "update" if before else "create", given)


def _check_unique(org: Org, sobject: SObject, row: Row, before: Row) -> None:
    for field in sobject.fields.values():
        value = row.get(field.name)
        if not field.unique or value is None or value == before.get(field.name):
            continue
        for other in find(org, sobject, field, value):
            if other != row["Id"]:
                raise Refusal(
                    "DUPLICATE_VALUE",
                    f"duplicate value found: {field.name} duplicates value on record with id: "
                    f"{other[:15]}",
                    (),
                )
    if sobject.together:
        _check_together(org, sobject, row)


def _check_together(org: Org, sobject: SObject, row: Row) -> None:
    table = org.store[sobject.name]
    wanted = [row.get(name) for name in sobject.together]
    for record_id in table:
        other = table.get(record_id) or {}
        if record_id != row["Id"] and [other.get(name) for name in sobject.together] == wanted:
            named = "; ".join(
                f"{sobject.fields[name].label.removesuffix(' ID')}: {_short(row[name])}"
                for name in sobject.together
            )
            raise Refusal(
                "DUPLICATE_VALUE", f"Duplicate {sobject.name}.  {named}", sobject.together
            )


def _short(value: Any) -> str:
    """Return an id with 15 characters, anything else as it is."""
    return value[:15] if isinstance(value, str) and ids.full(value) == value else str(value)


def _stamped(org: Org, session: Session, row: Row, **more: Any) -> Row:
    now = org.now()
    return {
        "CreatedDate": now,
        "CreatedById": session.user_id,
        **row,
        "LastModifiedDate": now,
        "LastModifiedById": session.user_id,
        "SystemModstamp": now,
        **more,
    }


def _delete_children(
    org: Org, session: Session, child: SObject, lookup: str, parent_id: str
) -> None:
    table = org.store[child.name]
    for record_id in table:
        row = table.get(record_id) or {}
        if row.get(lookup) == parent_id and not row.get("IsDeleted"):
            delete(org, session, child, record_id)


def _note(
    org: Org, session: Session, sobject: SObject, record_id: str, what: str, values: Row
) -> None:
    if sobject.name in PERMISSION_OBJECTS:
        org.change_schema()
    org.audit.append(AuditEntry(org.now(), session.by, sobject.name, record_id, what, values))


def _allow(sobject: SObject, allowed: bool, verb: str) -> None:
    if not allowed:
        raise Refusal(
            "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
            f"entity type {sobject.name} does not support {verb}",
            (),
        )


def _missing(names: list[str]) -> Refusal:
    return Refusal(
        "REQUIRED_FIELD_MISSING", f"Required fields are missing: [{', '.join(names)}]", names
    )
