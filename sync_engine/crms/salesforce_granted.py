"""What Salesforce lets the connected user do (salesforce-api.md 9.1): asked of Salesforce itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sync_engine.core.allocation import Cause
from sync_engine.core.checks import EVERY_RECORD, Granted
from sync_engine.core.errors import CrmError, Remedy
from sync_engine.crms.salesforce_api import SalesforceApi
from sync_engine.crms.salesforce_query import all_rows, where_in

# Of UserPermissionAccess, without "Permissions" in front.
SYSTEM = ("ApiEnabled", "ViewSetup", "ModifyAllData", "CustomizeApplication", "ModifyMetadata")

_FLAGS = {"createable": "create", "updateable": "edit", "queryable": "read"}


def granted(api: SalesforceApi, object_names: Collection[str], columns: Collection[str]) -> Granted:
    """Ask in five calls at most; raises CrmError.

    columns  those of UserPermissionAccess: a permission that the org does not have is a field
             that is missing
    """
    names = [name for name in SYSTEM if f"Permissions{name}" in columns]
    selected = ", ".join(f"Permissions{name}" for name in names)
    rows = _ask(api, f"SELECT {selected} FROM UserPermissionAccess LIMIT 1")
    rights = frozenset(name for name in names for row in rows if row[f"Permissions{name}"])
    (org,) = _ask(api, "SELECT OrganizationType FROM Organization")
    objects = _by_describe(api, object_names)
    in_full = objects.keys() if "ModifyAllData" in rights else _in_full(api, object_names)
    return Granted(
        rights if rows else None,
        {name: may | {EVERY_RECORD} if name in in_full else may for name, may in objects.items()},
        edition=org["OrganizationType"] or "",
    )


def _by_describe(api: SalesforceApi, object_names: Collection[str]) -> dict[str, frozenset[str]]:
    """Return what the list of all objects says: it is evaluated for the connected user."""
    answer = api.call(Cause.DESCRIBE, "GET", "sobjects")
    return {
        one["name"]: frozenset(verb for flag, verb in _FLAGS.items() if one[flag])
        for one in answer["sobjects"]
        if one["name"] in object_names
    }


def _in_full(api: SalesforceApi, object_names: Collection[str]) -> set[str]:
    """Return the objects with Modify All in some permission set of the user's; a profile is one
    of them. Who may not view setup is not told."""
    user_id = api.user_info()["user_id"]
    try:
        assigned = _ask(
            api,
            f"SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = '{user_id}'",
        )
        select = "SELECT ParentId, SobjectType, PermissionsModifyAllRecords FROM ObjectPermissions"
        sets = {row["PermissionSetId"] for row in assigned}
        rows = [
            row for soql in where_in(select, "SobjectType", object_names) for row in _ask(api, soql)
        ]
    except CrmError as error:
        if error.problem.type.remedy is not Remedy.HOLD:
            raise
        return set()
    return {
        row["SobjectType"]
        for row in rows
        if row["ParentId"] in sets and row["PermissionsModifyAllRecords"]
    }


def _ask(api: SalesforceApi, soql: str) -> Sequence[Mapping[str, Any]]:
    page = api.call(Cause.DESCRIBE, "GET", "query", params={"q": soql})
    return all_rows(api, Cause.DESCRIBE, page)
