"""Create, update, delete one record by the org's rules. Source: salesforce-api.md 5, 7, 10."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sync_engine.simulators.salesforce.addresses import settle_addresses
from sync_engine.simulators.salesforce.assignment import assigned_owner
from sync_engine.simulators.salesforce.duplicates import refuse_duplicates
from sync_engine.simulators.salesforce.errors import Refusal, fields_missing
from sync_engine.simulators.salesforce.fields import Field, Row, SObject
from sync_engine.simulators.salesforce.given import given_values
from sync_engine.simulators.salesforce.history import note_changes
from sync_engine.simulators.salesforce.lookups import clear_lookups, restore_lookups
from sync_engine.simulators.salesforce.members import begin_statuses, settle_member
from sync_engine.simulators.salesforce.org import EDIT_CONVERTED, AuditEntry, Org, Session
from sync_engine.simulators.salesforce.persons import cast_shadow, refuse_shadow, settle_person
from sync_engine.simulators.salesforce.reading import children, existing, seen
from sync_engine.simulators.salesforce.recycle import note_deleted
from sync_engine.simulators.salesforce.unique import check_unique

PERMISSION_OBJECTS = ("PermissionSet", "PermissionSetAssignment", "FieldPermissions")


def create(org: Org, session: Session, sobject: SObject, values: Mapping[str, Any]) -> str:
    """Create a record and return its id; raises Refusal."""
    _allow(org, session, sobject, "create")
    given = given_values(org, session, sobject, values, creating=True)
    row = _defaults(org, session, sobject) | given
    blank = [n for n, v in given.items() if v is None and not sobject.fields[n].nillable]
    missing = [f.name for f in sobject.fields.values() if f.required and row.get(f.name) is None]
    missing += [name for name in blank if name not in missing]
    if missing:
        raise fields_missing(missing)
    row = {"Id": org.new_id(sobject.prefix), **row}
    _save(org, session, sobject, row, {}, given)
    return str(row["Id"])


def update(
    org: Org, session: Session, sobject: SObject, record_id: str, values: Mapping[str, Any]
) -> None:
    """Write `values` to a record; raises Refusal. Writing what is there already stamps it anew."""
    _allow(org, session, sobject, "edit")
    before = existing(org, session, sobject, record_id)
    refuse_shadow(sobject, before, "edit")
    if before.get("IsConverted") and not (session.sees_all or org.may(EDIT_CONVERTED)):
        raise Refusal("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", ())
    given = given_values(org, session, sobject, values, creating=False)
    emptied = [n for n, v in given.items() if v is None and not sobject.fields[n].nillable]
    if emptied:
        raise fields_missing(emptied)
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
    found = seen(org, session, sobject, key)
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
    _allow(org, session, sobject, "delete")
    row = existing(org, session, sobject, record_id)
    refuse_shadow(sobject, row, "delete")
    for child_name, lookup, flag in sobject.restrict:
        held = [one for one in children(org, child_name, lookup, record_id)
                if not flag or one.get(flag)]  # fmt: skip
        if held:
            raise _needed(org, sobject, row, child_name, held)
    _discard(org, session, sobject, row)


def _discard(org: Org, session: Session, sobject: SObject, row: Row) -> None:
    """Delete a record and its children, whatever this user may do with those."""
    org.late.refuse_locked(row["Id"])
    along: list[str] = []
    for child_name, lookup in sobject.cascade:
        for child in children(org, child_name, lookup, row["Id"]):
            _discard(org, session, org.sobjects[child_name], child)
            along.append(child["Id"])
    clear_lookups(org, row["Id"])
    if "IsDeleted" in sobject.fields:
        org.store.put(org.store[sobject.name], _stamped(org, session, row, IsDeleted=True))
        org.taken_along[row["Id"]] = along
        note_deleted(org, {**row, "SystemModstamp": org.now()})
    else:
        org.store.remove(org.store[sobject.name], row["Id"])
    _note(org, session, sobject, row["Id"], "delete", {})


def undelete(org: Org, session: Session, sobject: SObject, record_id: str) -> None:
    """Take a record and what went with it out of the recycle bin; raises Refusal where it is not
    there."""
    before = org.store[sobject.name].get(record_id)
    if before is None or not before.get("IsDeleted"):
        raise Refusal("UNDELETE_FAILED", "Entity is not in the recycle bin", ())
    account = org.store["Account"].get(before.get("AccountId", "")) or {}
    if before.get("IsPersonAccount") and account.get("IsDeleted"):
        refuse_shadow(sobject, before, "undelete")
    row = _stamped(org, session, before, IsDeleted=False, MasterRecordId=None)
    check_unique(org, sobject, row, {})
    org.store.put(org.store[sobject.name], row)
    _note(org, session, sobject, record_id, "undelete", {})
    restore_lookups(org, record_id)
    for child_id in org.taken_along.get(record_id, ()):
        child = org.store.table_of(child_id)
        if child and (child.get(child_id) or {}).get("IsDeleted"):
            undelete(org, session, child.sobject, child_id)
    org.store.after_commit(partial(_forget_along, org, record_id))  # not where it is refused


def _forget_along(org: Org, record_id: str) -> None:
    org.taken_along.pop(record_id, None)


def _defaults(org: Org, session: Session, sobject: SObject) -> Row:
    row = {f.name: f.default for f in sobject.fields.values() if f.default is not None}
    if "OwnerId" in sobject.fields:
        row["OwnerId"] = session.user_id
    if sobject.name in org.default_types:
        row["RecordTypeId"] = org.default_types[sobject.name]
    return row


def _save(org: Org, session: Session, sobject: SObject, row: Row, before: Row, given: Row) -> None:
    row = _stamped(org, session, row)
    org.late.refuse_locked(row["Id"])
    owner = assigned_owner(org, session, sobject, row)
    if owner:
        row["OwnerId"] = owner
    org.automation.run_flows(sobject.name, row)
    if org.has_places:
        settle_addresses(sobject, row, given)
    if org.has_persons:
        settle_person(org, sobject, row, before, given)
    if sobject.name == "CampaignMember":
        settle_member(org, row, before, given)
    if sobject.derive:
        sobject.derive(row, before)
    check_unique(org, sobject, row, before)
    org.automation.check(sobject.name, row)
    refuse_duplicates(org, session, sobject, row, before)
    org.store.put(org.store[sobject.name], row)
    note_changes(org, sobject, row, before)
    if sobject.name == "Campaign" and not before:
        begin_statuses(org, row)
    if sobject.name == "Account" and row.get("IsPersonAccount"):
        cast_shadow(org, row)
    _clear_others(org, session, sobject, row)
    _note(org, session, sobject, row["Id"], "update" if before else "create", given)


def _clear_others(org: Org, session: Session, sobject: SObject, row: Row) -> None:
    """Take the flag that one record of a parent may bear from the others."""
    if sobject.only_one is None or not row.get(sobject.only_one[0]):
        return
    flag, lookup = sobject.only_one
    for other in children(org, sobject.name, lookup, row[lookup]):
        if other["Id"] != row["Id"] and other.get(flag):
            org.store.put(org.store[sobject.name], _stamped(org, session, other, **{flag: False}))


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


def _note(
    org: Org, session: Session, sobject: SObject, record_id: str, what: str, values: Row
) -> None:
    if sobject.name in PERMISSION_OBJECTS:
        org.change_schema()
    entry = AuditEntry(org.now(), session.by, sobject.name, record_id, what, values)
    org.store.after_commit(lambda: org.audit.append(entry))


def _allow(org: Org, session: Session, sobject: SObject, verb: str) -> None:
    """Raise Refusal where nobody may do this, or this user may not."""
    able = {
        "create": sobject.createable,
        "edit": sobject.updateable,
        "delete": sobject.deletable,
    }
    if able[verb] and (session.sees_all or org.access.may(sobject.name, verb, session.user_id)):
        return
    if verb == "delete":
        raise Refusal("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id",
                      (), status=403)  # fmt: skip
    done = "inserted" if verb == "create" else "updated"
    raise Refusal(
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", f"entity type cannot be {done}: {sobject.name}", ()
    )


def _needed(org: Org, sobject: SObject, row: Row, child_name: str, held: list[Row]) -> Refusal:
    child = org.sobjects[child_name]
    names = ", ".join(str(one.get(child.name_field)) for one in held[:5])
    return Refusal(
        "DELETE_FAILED",
        f"Your attempt to delete {row.get(sobject.name_field)} could not be completed because it "
        f"is associated with the following {child.plural.lower()}.: {names}",
        (),
    )
