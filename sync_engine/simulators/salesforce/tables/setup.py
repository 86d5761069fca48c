"""What an admin sets up: users, queues, the organisation, permissions, custom fields."""

from __future__ import annotations

from typing import Any

from sync_engine.simulators.salesforce.fields import (
    READ_ONLY,
    REQUIRED,
    Row,
    SObject,
    bare,
    email,
    flag,
    lookup,
    moment,
    number,
    pick,
    text,
)

NOT_OURS_TO_WRITE: dict[str, Any] = {"createable": False, "updateable": False, "deletable": False}

# System permissions that a set-up check asks for: salesforce-api.md 9.1.
PERMISSIONS = (
    "PermissionsApiEnabled", "PermissionsViewSetup", "PermissionsModifyAllData",
    "PermissionsViewAllData", "PermissionsCustomizeApplication", "PermissionsModifyMetadata",
    "PermissionsConvertLeads", "PermissionsTransferAnyLead", "PermissionsTransferAnyEntity",
    "PermissionsAllowViewEditConvertedLeads", "PermissionsApiUserOnly",
)  # fmt: skip

# What a permission set says of an object's records.
ON_RECORDS = {
    "PermissionsRead": "Read", "PermissionsCreate": "Create", "PermissionsEdit": "Edit",
    "PermissionsDelete": "Delete", "PermissionsViewAllRecords": "Read All",
    "PermissionsModifyAllRecords": "Edit All",
}  # fmt: skip
PERMITTED_OBJECTS = ("Account", "Campaign", "Case", "Contact", "Lead", "Opportunity")


def user() -> SObject:
    return SObject(
        name="User",
        label="User",
        plural="Users",
        prefix="005",
        createable=False,
        deletable=False,
        derive=_user_name,
        fields=bare(
            "User",
            text("Username", "Username", 80, **REQUIRED),
            text("LastName", "Last Name", 80, **REQUIRED),
            text("FirstName", "First Name", 40),
            text("Name", "Full Name", 121, **REQUIRED, **READ_ONLY),
            email("Email", "Email", **REQUIRED),
            text("Alias", "Alias", 8, **REQUIRED),
            text("Title", "Title", 80),
            flag("IsActive", "Active", default=True),
            pick("UserType", "User Type", ("Standard", "AutomatedProcess", "Guest"), **READ_ONLY),
            pick("TimeZoneSidKey", "Time Zone", ("America/New_York", "Europe/London", "UTC"),
                 length=40),
            pick("LocaleSidKey", "Locale", ("en_US", "en_GB"), length=40),
            pick("LanguageLocaleKey", "Language", ("en_US",), length=40),
        ),
    )  # fmt: skip


def group() -> SObject:
    return SObject(
        name="Group",
        label="Group",
        plural="Groups",
        prefix="00G",
        fields=bare(
            "Group",
            text("Name", "Name", 40, **REQUIRED),
            text("DeveloperName", "Developer Name", 80),
            pick("Type", "Type", ("Regular", "Queue", "Role"), length=40, restricted=True),
            email("Email", "Email"),
        ),
    )


def queue_sobject() -> SObject:
    return SObject(
        name="QueueSobject",
        label="Queue Sobject",
        plural="Queue Sobjects",
        prefix="03g",
        name_field="",
        together=("QueueId", "SobjectType"),
        fields=bare(
            "Queue Sobject",
            lookup(
                "QueueId", "Group ID", "Group", updateable=False, relationship="Queue", **REQUIRED
            ),
            text("SobjectType", "Sobject Type", 40, updateable=False, **REQUIRED),
        ),
    )


def organization() -> SObject:
    return SObject(
        name="Organization",
        label="Organization",
        plural="Organizations",
        prefix="00D",
        replicateable=False,
        **NOT_OURS_TO_WRITE,
        fields=bare(
            "Organization",
            text("Name", "Name", 80, **REQUIRED),
            text("OrganizationType", "Edition", 40, **READ_ONLY),
            flag("IsSandbox", "Is Sandbox", **READ_ONLY),
            text("InstanceName", "Instance Name", 5, **READ_ONLY),
            text("NamespacePrefix", "Namespace Prefix", 15, **READ_ONLY),
            text("DefaultLocaleSidKey", "Locale", 40),
            text("LanguageLocaleKey", "Language", 40),
            text("TimeZoneSidKey", "Time Zone", 40),
            text("Country", "Country", 80),
            moment("TrialExpirationDate", "Trial Expiration Date", **READ_ONLY),
            flag("IsReadOnly", "Is Read Only", **READ_ONLY),
        ),
    )


def record_type() -> SObject:
    return SObject(
        name="RecordType",
        label="Record Type",
        plural="Record Types",
        prefix="012",
        **NOT_OURS_TO_WRITE,
        fields=bare(
            "Record Type",
            text("Name", "Name", 80, **REQUIRED),
            text("DeveloperName", "Record Type Name", 80, **REQUIRED),
            text("Description", "Description", 255),
            pick("SobjectType", "SObject Type Name", (), length=40, **REQUIRED),
            flag("IsActive", "Active"),
        ),
    )


def permission_set() -> SObject:
    return SObject(
        name="PermissionSet",
        label="Permission Set",
        plural="Permission Sets",
        prefix="0PS",
        cascade=(
            ("PermissionSetAssignment", "PermissionSetId"),
            ("FieldPermissions", "ParentId"),
        ),
        fields=bare(
            "Permission Set",
            text("Name", "Permission Set Name", 80, unique=True, **REQUIRED),
            text("Label", "Permission Set Label", 80, **REQUIRED),
            text("Description", "Description", 255),
            flag("IsOwnedByProfile", "Owned By Profile", **READ_ONLY),
            flag("IsCustom", "Is Custom", default=True, **READ_ONLY),
        ),
    )


def permission_set_assignment() -> SObject:
    return SObject(
        name="PermissionSetAssignment",
        label="Permission Set Assignment",
        plural="Permission Set Assignments",
        prefix="0Pa",
        updateable=False,
        together=("AssigneeId", "PermissionSetId"),
        fields=bare(
            "Permission Set Assignment",
            lookup("PermissionSetId", "Permission Set ID", "PermissionSet",
                   updateable=False, **REQUIRED),
            lookup("AssigneeId", "Assignee ID", "User", updateable=False, **REQUIRED),
        ),
    )  # fmt: skip


def field_permissions() -> SObject:
    return SObject(
        name="FieldPermissions",
        label="Field Permissions",
        plural="Field Permissions",
        prefix="01k",
        name_field="Field",
        together=("ParentId", "SobjectType", "Field"),
        fields=bare(
            "Field Permissions",
            lookup("ParentId", "Parent ID", "PermissionSet", updateable=False, **REQUIRED),
            text("SobjectType", "Sobject Type Name", 255, updateable=False, **REQUIRED),
            text("Field", "Field Name", 255, updateable=False, **REQUIRED),
            flag("PermissionsRead", "Read Access"),
            flag("PermissionsEdit", "Edit Access"),
        ),
    )


def object_permissions() -> SObject:
    return SObject(
        name="ObjectPermissions",
        label="Object Permissions",
        plural="Object Permissions",
        prefix="110",
        name_field="SobjectType",
        **NOT_OURS_TO_WRITE,
        fields=bare(
            "Object Permissions",
            lookup("ParentId", "Parent ID", "PermissionSet", **READ_ONLY),
            text("SobjectType", "Sobject Type Name", 255, **READ_ONLY),
            *[flag(name, f"{label} Records", **READ_ONLY) for name, label in ON_RECORDS.items()],
        ),
    )


def user_permission_access() -> SObject:
    return SObject(
        name="UserPermissionAccess",
        label="User Permission Access",
        plural="User Permission Access",
        prefix="0Up",
        replicateable=False,
        **NOT_OURS_TO_WRITE,
        fields=bare(
            "User Permission Access",
            *[flag(name, name.removeprefix("Permissions"), **READ_ONLY) for name in PERMISSIONS],
        ),
    )


def duplicate_rule() -> SObject:
    return SObject(
        name="DuplicateRule",
        label="Duplicate Rule",
        plural="Duplicate Rules",
        prefix="0Bm",
        name_field="DeveloperName",
        **NOT_OURS_TO_WRITE,
        fields=bare(
            "Duplicate Rule",
            text("DeveloperName", "Object Name", 80, **READ_ONLY),
            text("MasterLabel", "Rule Name", 80, **READ_ONLY),
            text("SobjectType", "Object", 40, **READ_ONLY),
            flag("IsActive", "Active", **READ_ONLY),
        ),
    )


def assignment_rule() -> SObject:
    return SObject(
        name="AssignmentRule",
        label="Assignment Rule",
        plural="Assignment Rules",
        prefix="01Q",
        **NOT_OURS_TO_WRITE,
        fields=bare(
            "Assignment Rule",
            text("Name", "Name", 120, **READ_ONLY),
            text("SobjectType", "SObject Type", 40, **READ_ONLY),
            flag("Active", "Active", **READ_ONLY),
        ),
    )


def custom_field() -> SObject:
    """The Tooling API's CustomField. A row is made by the API's own way, with Metadata."""
    return SObject(
        name="CustomField",
        label="Custom Field",
        plural="Custom Fields",
        prefix="00N",
        reached="tooling",
        name_field="DeveloperName",
        **NOT_OURS_TO_WRITE,
        fields=bare(
            "Custom Field",
            text("DeveloperName", "Developer Name", 80, **READ_ONLY),
            text("TableEnumOrId", "Table Enum or ID", 80, **READ_ONLY),
            text("NamespacePrefix", "Namespace Prefix", 15, **READ_ONLY),
            number("Length", "Length", 8, 0, **READ_ONLY),
        ),
    )


def _user_name(row: Row, before: Row) -> None:
    row["Name"] = " ".join(filter(None, (row.get("FirstName"), row.get("LastName"))))
