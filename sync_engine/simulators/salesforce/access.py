"""Who may do what with an object, and who sees which field: field-level security. Source: salesforce-api.md 0.16, 0.17, 9.2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sync_engine.simulators.salesforce.fields import Field, SObject
from sync_engine.simulators.salesforce.store import Store


class Access:
    """Standard fields are everybody's. A custom field is nobody's until a permission set grants
    it to a user. A hidden field is absent: from describe, from queries, from writes."""

    def __init__(self, sobjects: Mapping[str, SObject], store: Store) -> None:
        self._sobjects = sobjects
        self._store = store
        self._known: dict[tuple[str, str], dict[str, Field]] = {}
        self.hidden: set[tuple[str, str]] = set()
        self._read_only: set[tuple[str, str]] = set()
        self._denied: dict[str, frozenset[str]] = {}

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

    def hide(self, object_name: str, field_name: str, is_hidden: bool) -> None:
        """Hide a field from every user of the API, or show it again."""
        change = self.hidden.add if is_hidden else self.hidden.discard
        change((object_name, field_name))
        self.forget()

    def restrict(self, object_name: str, field_name: str, *, read: bool, edit: bool) -> None:
        """Say what every user of the API may do with a field."""
        change = self._read_only.discard if edit else self._read_only.add
        change((object_name, field_name))
        self.hide(object_name, field_name, not read)

    def may(self, object_name: str, verb: str) -> bool:
        """May users of the API "read", "create", "edit" or "delete" records of an object?"""
        return verb not in self._denied.get(object_name, ())

    def deny(self, object_name: str, verbs: frozenset[str]) -> None:
        """Take these permissions on an object from every user of the API, and give the others."""
        self._denied[object_name] = verbs
        self.forget()

    def _fields(self, object_name: str, user_id: str) -> dict[str, Field]:
        granted = self._granted(object_name, user_id)
        if object_name == "Account":  # what a person account shows of its contact
            of_contact = self._granted("Contact", user_id)
            granted |= {f"{name.removesuffix('__c')}__pc": may for name, may in of_contact.items()}
        visible: dict[str, Field] = {}
        for field in self._sobjects[object_name].fields.values():
            if (object_name, field.name) in self.hidden:
                continue
            if not field.custom:
                may_edit = (object_name, field.name) not in self._read_only
            elif field.name in granted:
                may_edit = granted[field.name]
            else:
                continue
            visible[field.name.lower()] = self._limited(object_name, field, may_edit)
        return visible

    def _limited(self, object_name: str, field: Field, may_edit: bool) -> Field:
        """Return the field as somebody sees it who may perhaps not write it."""
        may_create = may_edit and self.may(object_name, "create")
        may_update = may_edit and self.may(object_name, "edit")
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
