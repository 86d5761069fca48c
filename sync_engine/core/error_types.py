"""Every type of error: what it means and what the admin does about it.

Source: product.md 19.3 (the manual's categories and titles), 19.5 (the rest).
"""

from __future__ import annotations

from sync_engine.core.call_errors import *  # noqa: F403 - one table in three files
from sync_engine.core.errors import Category, ErrorType, Remedy
from sync_engine.core.value_errors import *  # noqa: F403

ASSOCIATION_LIMIT = ErrorType(
    "association-limit",
    "Association limit reached",
    Category.ASSOCIATIONS,
    Remedy.HOLD,
    "The record is associated with a HubSpot record that has reached its association limit, so "
    "the new association is not made.",
    (
        "Remove some associations of that HubSpot record.",
        "It is tried again when the record changes, and within a day.",
    ),
)
WAITING_FOR_ACCOUNT = ErrorType(
    "waiting-for-account",
    "Waiting for account to sync",
    Category.ASSOCIATIONS,
    Remedy.RETRY,
    "The record’s Salesforce account has no HubSpot company yet, so the record waits for it.",
    ("Make sure that company sync is on.", "Import the account from Salesforce."),
)
INVALID_RELATED_RECORD = ErrorType(
    "invalid-related-record",
    "Invalid related record",
    Category.ASSOCIATIONS,
    Remedy.HOLD,
    "A lookup field points to a record that Salesforce does not accept there, so the record was "
    "not written.",
    (
        "Correct the value of the lookup field that is named below.",
        "It is tried again when the record changes, and within a day.",
    ),
)
CUSTOM_CODE = ErrorType(
    "custom-code",
    "Salesforce automation failed",
    Category.CUSTOM_CODE,
    Remedy.HOLD,
    "An Apex trigger or a flow in Salesforce refused the record, so it was not written.",
    (
        "Give Salesforce’s words below to the developer of that automation.",
        "Once it is mended, it is tried again when the record changes, and within a day.",
    ),
)
VALIDATION_RULE = ErrorType(
    "validation-rule",
    "Validation rule",
    Category.CUSTOM_CODE,
    Remedy.HOLD,
    "A validation rule in Salesforce refused the record, so it was not written.",
    (
        "Change the record so that it satisfies the rule, or exempt the integration user from it.",
        "It is tried again when the record changes, and within a day.",
    ),
)
EMAIL_IN_USE = ErrorType(
    "email-already-in-use",
    "Email already in use",
    Category.DUPLICATES,
    Remedy.HOLD,
    "Another HubSpot contact has this e-mail address already, so the record was not written.",
    (
        "Remove or change the address on the other HubSpot contact, or merge the two.",
        "It is tried again when the record changes, and within a day.",
    ),
)
DUPLICATE_RULE = ErrorType(
    "salesforce-duplicate-rule",
    "Salesforce duplicate rule",
    Category.DUPLICATES,
    Remedy.HOLD,
    "A duplicate rule in Salesforce took the record for one that exists, so it was not written.",
    (
        "Merge the duplicates in Salesforce, or relax the duplicate rule for the integration user.",
        "It is tried again when the record changes, and within a day.",
    ),
)
MERGED_AWAY = ErrorType(
    "merged-record",
    "Merged record",
    Category.DUPLICATES,
    Remedy.HOLD,
    "The record’s partner was merged into one that has a partner of its own, so this record does "
    "not sync any more.",
    ("Merge the two records in the other CRM as well, so that both have one.",),
)
VALUE_IN_USE = ErrorType(
    "value-already-in-use",
    "Value already in use",
    Category.DUPLICATES,
    Remedy.HOLD,
    "A field takes each value once, and another record holds this value, so the record was not "
    "written.",
    (
        "Change the value on one of the two records, or merge them.",
        "It is tried again when the record changes, and within a day.",
    ),
)
MAPPING = ErrorType(
    "mapping-needs-attention",
    "Mapping needs attention",
    Category.MAPPING,
    Remedy.HOLD,
    "A mapped field was deleted, renamed or changed its type, so its value does not sync. Other "
    "fields sync on.",
    ("Bring the field back, or set the mapping to Don’t sync.",),
)
ACCESS = ErrorType(
    "insufficient-access",
    "Insufficient access or missing Salesforce record",
    Category.PERMISSIONS,
    Remedy.HOLD,
    "The integration user may not write the record or one it points to, or the record is gone, "
    "so nothing was written.",
    (
        "Share the record with the integration user, and unlock it where an approval holds it.",
        "Check the values of lookup fields.",
        "It is tried again when the record changes, and within a day.",
    ),
)
FIELD_PERMISSION = ErrorType(
    "field-permission",
    "Salesforce field permission",
    Category.PERMISSIONS,
    Remedy.HOLD,
    "The integration user may not read or edit a mapped field, so its value does not sync.",
    (
        "In Salesforce, give the integration user’s permission set read and edit access to the "
        "field.",
        "Where nobody can edit the field (a formula), set its mapping to Always use Salesforce.",
    ),
)
OBJECT_PERMISSION = ErrorType(
    "object-permission",
    "Salesforce object permission",
    Category.PERMISSIONS,
    Remedy.HOLD,
    "The integration user has no rights on this Salesforce object, so its records do not sync.",
    ("In Salesforce, give the integration user’s permission set access to the object.",),
)
INACTIVE_OWNER = ErrorType(
    "inactive-owner",
    "Inactive or invalid owner",
    Category.PERMISSIONS,
    Remedy.HOLD,
    "The owner is not an active Salesforce user who may own the record, so it was not written.",
    (
        "Reactivate the user, or give the record another owner.",
        "It is tried again when the record changes, and within a day.",
    ),
)
OWNER_MISMATCH = ErrorType(
    "owner-mismatch",
    "Owner does not match",
    Category.PERMISSIONS,
    Remedy.HOLD,
    "No active Salesforce user has both the name and the e-mail address of the HubSpot owner, so "
    "the record keeps its owner in Salesforce, and HubSpot returns to that one.",
    (
        "Give the user the same name and the same e-mail address in both CRMs.",
        "Then set the owner again, in either CRM.",
    ),
)
OWNER_NOT_KNOWN = ErrorType(
    "owner-not-known",
    "Owner not known yet",
    Category.TEMPORARY,
    Remedy.RETRY,
    "The owner is not on the CRM’s list of owners, which is read every quarter of an hour. Other "
    "fields sync on.",
)
DELETED = ErrorType(
    "record-deleted",
    "Record deleted",
    Category.RECORDS,
    Remedy.HOLD,
    "The record was deleted in one of the CRMs, so its values no longer flow.",
    ("Restore it there. It is not made anew by itself.",),
)
CONVERTED_LEAD = ErrorType(
    "converted-lead",
    "Converted lead",
    Category.RECORDS,
    Remedy.RETRY,
    "The lead was converted, and Salesforce lets nobody edit it. We go on with its contact.",
)
ALREADY_LINKED = ErrorType(
    "already-linked",
    "Partner is linked already",
    Category.DUPLICATES,
    Remedy.HOLD,
    "A record with the same e-mail is linked with another one. Links are sticky, so this record "
    "is a duplicate and does not sync.",
    ("Merge the two records in the CRM that holds both, or give one another e-mail address.",),
)
HELD_BY_BRAKE = ErrorType(
    "held-by-brake",
    "Stopped, needs your decision",
    Category.LIMITS,
    Remedy.HOLD,
    "More records than usual were about to be created, cleared, deleted or unsubscribed within "
    "24 hours, so this write waits until somebody has looked.",
    ("Look at the examples on Sync Health.", "Press Go on if they are as they should be."),
)
UNEXPECTED = ErrorType(
    "unexpected",
    "Not synced because of a defect",
    Category.OTHER,
    Remedy.RETRY,
    "crmsync itself failed on this record several times. It is tried again by itself.",
    ("Look into the worker’s log for the time below and report what it says.",),
)

ERROR_TYPES: dict[str, ErrorType] = {
    type_.slug: type_ for type_ in list(vars().values()) if isinstance(type_, ErrorType)
}
