"""Making the field in Salesforce that holds our key (salesforce-api.md 9.2, sync.md 4).

A field made through the API is invisible to everybody until field-level security is granted: a
permission set of our own shows it to the integration user, and to nobody else.
"""

from __future__ import annotations

from typing import Any

from sync_engine.core.allocation import Cause
from sync_engine.core.errors import CrmError
from sync_engine.crms.salesforce_api import SalesforceApi

_PERMISSION_SET = "crmsync_keys"


def ensure_external_id(api: SalesforceApi, user_id: str, field: str, label: str) -> None:
    """Make a unique text field of 32 characters and let one user see it. Safe to run again.

    field  with its object: "Contact.HubSpot_24816357_Id__c"
    """
    _post(api, "tooling/sobjects/CustomField", _definition(field, label))
    permission_set = _permission_set(api)
    _post(
        api,
        "sobjects/FieldPermissions",
        {
            "ParentId": permission_set,
            "SobjectType": field.split(".")[0],
            "Field": field,
            "PermissionsRead": True,
            "PermissionsEdit": True,
        },
    )
    _post(
        api,
        "sobjects/PermissionSetAssignment",
        {"AssigneeId": user_id, "PermissionSetId": permission_set},
    )


def _definition(field: str, label: str) -> dict[str, Any]:
    return {
        "FullName": field,
        "Metadata": {
            "type": "Text",
            "label": label,
            "length": 32,
            "externalId": True,
            "unique": True,
            "caseSensitive": False,
            "required": False,
            "description": "Filled by crmsync: the HubSpot record that this record is linked to.",
        },
    }


def _permission_set(api: SalesforceApi) -> str:
    soql = f"SELECT Id FROM PermissionSet WHERE Name = '{_PERMISSION_SET}'"
    found = api.call(Cause.DESCRIBE, "GET", "query", params={"q": soql})["records"]
    if found:
        return str(found[0]["Id"])
    body = {"Name": _PERMISSION_SET, "Label": "crmsync keys"}
    return str(api.call(Cause.DESCRIBE, "POST", "sobjects/PermissionSet", body)["id"])


def _post(api: SalesforceApi, path: str, body: object) -> None:
    """Create something, unless it is there."""
    try:
        api.call(Cause.DESCRIBE, "POST", path, body)
    except CrmError as error:
        if not error.problem.code.startswith("DUPLICATE_"):
            raise
