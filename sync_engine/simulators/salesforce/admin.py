"""What an admin sets up, as actions. Each function's first line is its manual."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sync_engine.simulators.base import Refused
from sync_engine.simulators.salesforce import ids
from sync_engine.simulators.salesforce.access import EVERYBODY, VERBS
from sync_engine.simulators.salesforce.asked import (
    Asked,
    condition,
    sobject_of,
    switch,
    text,
    texts,
)
from sync_engine.simulators.salesforce.assignment import ASSIGNED
from sync_engine.simulators.salesforce.automation import AssignmentRule, DuplicateRule
from sync_engine.simulators.salesforce.fields import SObject
from sync_engine.simulators.salesforce.history import MOST_TRACKED, can_be_tracked
from sync_engine.simulators.salesforce.org import Org
from sync_engine.simulators.salesforce.soql.shape import Predicate
from sync_engine.simulators.salesforce.tables.setup import PERMISSIONS

EDITIONS = ("Enterprise Edition", "Professional Edition", "Group Edition")
MESSAGE = "Use one of these records?"


class Admin:
    def __init__(self, org: Org) -> None:
        self._org = org

    def by_name(self) -> dict[str, Callable[[Asked], Any]]:
        return {
            "duplicate-rule": self.duplicate_rule,
            "assignment-rule": self.assignment_rule,
            "object-permissions": self.object_permissions,
            "field-security": self.field_security,
            "edition": self.edition,
            "state-and-country-picklists": self.state_and_country_picklists,
            "record-type": self.record_type,
            "picklist": self.picklist,
            "private-contacts": self.private_contacts,
            "person-accounts": self.person_accounts,
            "system-permission": self.system_permission,
            "track-history": self.track_history,
        }

    def duplicate_rule(self, asked: Asked) -> None:
        """{"object", "fields", "matches", "name", "message", "blocks": true}: refuse a record that has the same fields as one of the object `matches`, its own without."""
        org, sobject = self._org, sobject_of(self._org, asked)
        matched = sobject_of(org, {"object": text(asked, "matches", sobject.name)})
        fields = tuple(texts(asked, "fields"))
        if not fields or not set(fields) <= sobject.fields.keys() & matched.fields.keys():
            raise Refused("'fields' are names of fields that both objects have.")
        rule = DuplicateRule(
            name=text(asked, "name", f"Standard_{sobject.name}_Duplicate_Rule"),
            object_name=sobject.name,
            matched=matched.name,
            fields=fields,
            blocks=switch(asked, "blocks", True),
            message=text(asked, "message", MESSAGE),
        )
        org.automation.duplicates.append(rule)
        org.insert("DuplicateRule", DeveloperName=rule.name, MasterLabel=rule.name,
                   SobjectType=sobject.name, IsActive=True)  # fmt: skip

    def assignment_rule(self, asked: Asked) -> dict[str, str]:
        """{"object": "Lead"|"Case", "name", "entries": [{"where", "owner"}], "default_owner"}: who owns what is written through the API. Owners by name or id."""
        org, sobject = self._org, sobject_of(self._org, asked)
        if sobject.name not in ASSIGNED:
            raise Refused("Assignment rules are for Lead and Case.")
        entries = asked.get("entries", [])
        if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
            raise Refused('\'entries\' is a list of objects with "where" and "owner".')
        tests = tuple(self._entry(sobject, entry) for entry in entries)
        default = text(asked, "default_owner", "")
        owner = self._owner(default) if default else None
        name = text(asked, "name", "Standard")
        rule_id = org.insert("AssignmentRule", Name=name, SobjectType=sobject.name, Active=True)
        org.automation.assignments.append(AssignmentRule(rule_id, sobject.name, tests, owner))
        return {"id": rule_id}

    def object_permissions(self, asked: Asked) -> None:
        """{"object", "read", "create", "edit", "delete", "modify_all", "user"}: what a user of the API may do, all true without; every user without `user`."""
        sobject = sobject_of(self._org, asked)
        denied = frozenset(verb for verb in VERBS if not switch(asked, verb, True))
        if "read" in denied:
            denied = frozenset(VERBS)
        user, modify_all = self._user(asked), switch(asked, "modify_all", not denied)
        self._org.access.deny(sobject.name, user, denied)
        if user in (EVERYBODY, self._org.integration_user):
            self._note_permissions(sobject.name, denied, modify_all)
        self._org.change_schema()

    def field_security(self, asked: Asked) -> None:
        """{"object", "field", "read": true, "edit": true, "user"}: what a user of the API may do with a standard field; every user without `user`."""
        sobject, name = sobject_of(self._org, asked), text(asked, "field", "")
        if name not in sobject.fields or sobject.fields[name].custom:
            raise Refused(f"{sobject.name} has no standard field {name!r}.")
        read, edit = switch(asked, "read", True), switch(asked, "edit", True)
        self._org.access.secure(sobject.name, name, self._user(asked), (read, read and edit))
        self._org.change_schema()

    def edition(self, asked: Asked) -> None:
        """{"name", "api": true}: Enterprise, Professional or Group Edition. Group has no API, Professional may lack it."""
        name = text(asked, "name", EDITIONS[0])
        if name not in EDITIONS:
            raise Refused(f"'name' is one of: {', '.join(EDITIONS)}.")
        org = self._org
        table = org.store["Organization"]
        org.store.put(table, {**(table.get(org.id) or {}), "OrganizationType": name})
        has_addon = name != "Professional Edition" or switch(asked, "api", True)
        org.has_api = name != "Group Edition" and has_addon

    def state_and_country_picklists(self, asked: Asked) -> None:
        """{"on": true}: addresses have codes, and take states and countries of a list only."""
        self._org.use_places(switch(asked, "on", True))

    def picklist(self, asked: Asked) -> None:
        """{"object", "field", "options"}: let a picklist have these values only; what records hold stays."""
        sobject, options = sobject_of(self._org, asked), texts(asked, "options")
        field = sobject.fields.get(text(asked, "field", ""))
        if field is None or field.type not in ("picklist", "multipicklist") or not options:
            raise Refused("'field' is a picklist of the object, and 'options' are its values.")
        self._org.use_picklist(sobject.name, field.name, options)

    def record_type(self, asked: Asked) -> dict[str, str]:
        """{"object", "name", "active": true, "available": true, "users", "default": false, "person": false}: make a record type; available: to users of the API, only to these `users` if named; person: of person accounts."""
        org, sobject = self._org, sobject_of(self._org, asked)
        name = text(asked, "name", "")
        if not name or "IsDeleted" not in sobject.fields:
            raise Refused("'name' is needed, and an 'object' that has records of its own.")
        users = [self._user({"user": user}) for user in texts(asked, "users")]
        active, available = switch(asked, "active", True), switch(asked, "available", True)
        is_default, of_persons = switch(asked, "default", False), switch(asked, "person", False)
        if of_persons and not (org.has_persons and sobject.name == "Account"):
            raise Refused("'person' is for accounts, once person-accounts has turned them on.")
        type_id = org.insert("RecordType", Name=name, DeveloperName=name.replace(" ", "_"),
                             SobjectType=sobject.name, IsActive=active, IsPersonType=of_persons)  # fmt: skip
        if not available or users:
            org.type_users[type_id] = users if available else []
        if is_default:
            org.default_types[sobject.name] = type_id
        org.use_record_types(sobject.name)
        return {"id": type_id}

    def person_accounts(self, asked: Asked) -> dict[str, str]:
        """Turn person accounts on, for good: accounts with a record type of persons are people."""
        if self._org.has_persons:
            raise Refused("Person accounts are on, and cannot be turned off again.")
        self._org.use_person_accounts()
        return self.record_type({"object": "Account", "name": "PersonAccount", "person": True})

    def private_contacts(self, asked: Asked) -> None:
        """{"hidden": true}: the API shows a contact without an account to its owner only."""
        self._org.hides_private_contacts = switch(asked, "hidden", True)

    def system_permission(self, asked: Asked) -> None:
        """{"name", "on": true}: give the integration user a permission of UserPermissionAccess, or take it."""
        table, name = self._org.store["UserPermissionAccess"], text(asked, "name", "")
        if name not in PERMISSIONS:
            raise Refused(f"'name' is one of: {', '.join(PERMISSIONS)}.")
        for one in table:
            table.put({**(table.get(one) or {}), name: switch(asked, "on", True)})
        may_look = frozenset() if self._org.may("PermissionsViewSetup") else frozenset(VERBS)
        self._org.access.deny("ObjectPermissions", EVERYBODY, may_look)

    def track_history(self, asked: Asked) -> None:
        """{"object": "Contact"|"Lead", "fields"}: from now on write down the changes of these fields, 20 at most, in the object's history; none switches it off."""
        sobject, names = sobject_of(self._org, asked), texts(asked, "fields")
        if f"{sobject.name}History" not in self._org.sobjects:
            raise Refused("The histories of Contact and Lead are simulated.")
        fields = [sobject.fields.get(name) for name in names]
        if not all(field and can_be_tracked(field) for field in fields):
            raise Refused(f"'fields' are fields of {sobject.name} that can be written.")
        if len({*names}) > MOST_TRACKED:
            raise Refused(f"At most {MOST_TRACKED} fields of an object are tracked.")
        self._org.track(sobject.name, list(dict.fromkeys(names)))

    def _note_permissions(self, name: str, denied: frozenset[str], modify_all: bool) -> None:
        """Let the API tell the same as it enforces."""
        table = self._org.store["ObjectPermissions"]
        for one in table:
            row = table.get(one) or {}
            if row["SobjectType"] == name:
                told = {f"Permissions{verb.capitalize()}": verb not in denied for verb in VERBS}
                every = dict.fromkeys(
                    ("PermissionsViewAllRecords", "PermissionsModifyAllRecords"), modify_all
                )
                table.put({**row, **told, **every})

    def _entry(self, sobject: SObject, entry: Asked) -> tuple[Predicate, str]:
        return condition(self._org, sobject, entry), self._owner(text(entry, "owner", ""))

    def _user(self, asked: Asked) -> str:
        """Return the id of the user with this name, user name or id, EVERYBODY without; raises
        Refused."""
        name = text(asked, "user", "")
        found = self._org.user_named(name) if name else EVERYBODY
        row = self._org.store["User"].get(found) or {}
        if name and name.lower() not in (
            row["Name"].lower(),
            row["Username"].lower(),
            found.lower(),
        ):
            raise Refused(f"There is no user {name!r}.")
        return found

    def _owner(self, name: str) -> str:
        """Return the id of the user or queue with this name or id; raises Refused."""
        for object_name in ("Group", "User"):
            table = self._org.store[object_name]
            if (found := ids.full(name)) in table:
                return str(found)
            for record_id in table:
                if (table.get(record_id) or {}).get("Name") == name:
                    return record_id
        raise Refused(f"There is no user and no queue {name!r}.")
