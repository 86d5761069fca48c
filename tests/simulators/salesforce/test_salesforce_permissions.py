"""What the integration user may do, as a setup check asks for it and as the org enforces it."""

from __future__ import annotations

from tests.simulators.salesforce.conftest import KEY

NAMES = "PermissionsRead, PermissionsCreate, PermissionsEdit, PermissionsModifyAllRecords"
EVERYTHING = set(NAMES.split(", "))


def on_contacts(api) -> set[str]:
    """Ask as a client does: whose permission sets there are, then what they grant."""
    user = api.simulator.token({})["user_id"]
    assigned = api.query(
        f"SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = '{user}'"
    )
    parents = ", ".join(f"'{row['PermissionSetId']}'" for row in assigned["records"])
    soql = f"SELECT {NAMES} FROM ObjectPermissions WHERE ParentId IN ({parents})"
    (row,) = api.query(f"{soql} AND SobjectType = 'Contact'")["records"]
    return {name for name in EVERYTHING if row[name]}


def test_a_profile_grants_everything_on_records(api):
    assert on_contacts(api) == EVERYTHING


def test_what_is_taken_from_the_user_is_told(api, act):
    act("object-permissions", object="Contact", create=False)
    assert on_contacts(api) == {"PermissionsRead", "PermissionsEdit"}
    act("object-permissions", object="Contact", modify_all=False)
    assert on_contacts(api) == EVERYTHING - {"PermissionsModifyAllRecords"}


def test_nobody_sees_permissions_without_view_setup(api, act):
    act("system-permission", name="PermissionsViewSetup", on=False)
    assert api.query("SELECT Id FROM ObjectPermissions")[0]["errorCode"] == "INVALID_TYPE"


def test_nobody_makes_a_field_without_customize_application(api, act):
    act("system-permission", name="PermissionsCustomizeApplication", on=False)
    text = {"type": "Text", "label": "Key", "length": 32, "externalId": True, "unique": True}
    answered = api(
        "POST",
        "tooling/sobjects/CustomField",
        {"FullName": f"Contact.{KEY}", "Metadata": text},
    )
    assert (answered.status, answered.body[0]["errorCode"]) == (403, "INSUFFICIENT_ACCESS")
