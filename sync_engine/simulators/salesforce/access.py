"""Who may do what with an object, and who sees which field: field-level security. Source: salesforce-api.md 0.16, 0.17, 9.2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sync_engine.simulators.salesforce.fields import Field, SObject
from sync_engine.simulators.salesforce.store import Store

VERBS = ("read", "create", "edit", "delete")


EVERYBODY = ""


class Access:
    """Standard fields are everybody's. A custom field is nobody's until a permission set grants
    it to a user. A hidden field is absent: from describe, from queries, from writes.

    What is set for one user counts for that user instead of what is set for everybody.
    """

    def __init__(self, sobjects: Mapping[str, SObject], store: Store) -> None:
        self._sobjects = sobjects
        self._store = store
        self._known: dict[tuple[str, str], dict[str, Field]] = {}
        self._security: dict[tuple[str, str, str], tuple[bool, bool]] = {}
        self._denied: dict[tuple[str, str], frozenset[str]] = {}

    def fields(self, object_name: str, user_id: str) -> dict[str, Field]:
        """Return the fields this user may see, by name in lower case.

        One that may be seen and not edited says so: createable and updateable are False.
        """
        known = self._known.get((object_name, user_id))
        if known is None:
            known = self._fields(object_name, user_id)
            self._known[object_name, user_id] = known
        return known

    def everything(self, object_name: str) -> dict[str, Field]:
        """Return all fields, as a person sees them in the CRM's own screens."""
        return {f.name.lower(): f for f in self._sobjects[object_name].fields.values()}

    def forget(self) -> None:
        """Look again: a permission or a field has changed."""
        self._known.clear()

    def secure(
        self, object_name: str, field_name: str, user_id: str, may: tuple[bool, bool]
    ) -> None:
        """Say whether a user of the API, or EVERYBODY, may (read, edit) a field."""
        self._security[object_name, field_name, user_id] = may
        self.forget()

    def may(self, object_name: str, verb: str, user_id: str = EVERYBODY) -> bool:
        """May this user of the API "read", "create", "edit" or "delete" records of an object?"""
        if not self._denied:
            return True
        object_name = self._sobjects[object_name].history_of or object_name
        own = self._denied.get((object_name, user_id))
        return verb not in (self._denied.get((object_name, EVERYBODY), ()) if own is None else own)

    def deny(self, object_name: str, user_id: str, verbs: frozenset[str]) -> None:
        """Take these permissions on an object from a user of the API, or EVERYBODY, and give the
        others."""
        self._denied[object_name, user_id] = verbs
        self.forget()

    def dump(self) -> dict[str, Any]:
        return {
            "security": [[*key, *may] for key, may in self._security.items()],
            "denied": [[*key, sorted(verbs)] for key, verbs in self._denied.items()],
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        for object_name, field_name, user_id, read, edit in saved.get("security", ()):
            self.secure(object_name, field_name, user_id, (read, edit))
        for object_name, user_id, verbs in saved.get("denied", ()):
            self.deny(object_name, user_id, frozenset(verbs))

    def _fields(self, object_name: str, user_id: str) -> dict[str, Field]:
        granted = self._granted(object_name, user_id)
        if object_name == "Account":  # what a person account shows of its contact
            of_contact = self._granted("Contact", user_id)
            granted |= {f"{name.removesuffix('__c')}__pc": may for name, may in of_contact.items()}
        visible: dict[str, Field] = {}
        for field in self._sobjects[object_name].fields.values():
            may_read, may_edit = self._secured(object_name, field.name, user_id)
            if field.custom:
                may_read = may_read and field.name in granted
                may_edit = may_edit and granted.get(field.name, False)
            if may_read:
                visible[field.name.lower()] = self._limited(object_name, field, may_edit, user_id)
        return visible

    def _secured(self, object_name: str, field_name: str, user_id: str) -> tuple[bool, bool]:
        for_all = self._security.get((object_name, field_name, EVERYBODY), (True, True))
        return self._security.get((object_name, field_name, user_id), for_all)

    def _limited(self, object_name: str, field: Field, may_edit: bool, user_id: str) -> Field:
        """Return the field as somebody sees it who may perhaps not write it."""
        may_create = may_edit and self.may(object_name, "create", user_id)
        may_update = may_edit and self.may(object_name, "edit", user_id)
        if may_create and may_update:
            return field
        return replace(
            field,
            createable=field.createable and may_create,
            updateable=field.updateable and may_update,
        )

    def _granted(self, object_name: str, user_id: str) -> dict[str, bool]:
        """Return {field: may it be edited} of the custom fields granted to this user."""
        assignments = self._store["PermissionSetAssignment"]
        rows = [assignments.get(record_id) or {} for record_id in assignments]
        sets = {row["PermissionSetId"] for row in rows if row["AssigneeId"] == user_id}
        granted: dict[str, bool] = {}
        permissions = self._store["FieldPermissions"]
        for record_id in permissions:
            row = permissions.get(record_id) or {}
            if row["ParentId"] not in sets or row["SobjectType"] != object_name:
                continue
            if row.get("PermissionsRead"):
                name = row["Field"].split(".")[-1]
                granted[name] = granted.get(name, False) or bool(row.get("PermissionsEdit"))
        return granted
