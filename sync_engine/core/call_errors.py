"""The types of error that no record is to blame for: limits, outages, logins.

Source: product.md 19.5 and 19.6. Whoever looks for a type finds all of them in error_types.
"""

from __future__ import annotations

from sync_engine.core.errors import Category, ErrorType, Remedy

MISSING_SCOPES = ErrorType(
    "missing-scopes",
    "HubSpot permission missing",
    Category.PERMISSIONS,
    Remedy.STOP,
    "HubSpot did not grant a permission that syncing needs, so nothing can be read or written.",
    ("Connect HubSpot again, and grant every permission that it asks for.",),
)
API_LIMIT = ErrorType(
    "salesforce-api-limit",
    "Salesforce organization API limit exceeded",
    Category.LIMITS,
    Remedy.RETRY,
    "The org has used up its API calls of 24 hours, so syncing waits until some are free again.",
    (
        "See in Salesforce which other integration spends calls.",
        "Ask Salesforce for a higher limit.",
    ),
)
STORAGE_LIMIT = ErrorType(
    "salesforce-storage-limit",
    "Salesforce limit reached",
    Category.LIMITS,
    Remedy.HOLD,
    "The org has no storage or licence left for the record, so it was not written.",
    (
        "Free storage in Salesforce, or buy more.",
        "It is tried again when the record changes, and within a day.",
    ),
)
RATE_LIMIT = ErrorType(
    "hubspot-rate-limit",
    "HubSpot API limit",
    Category.LIMITS,
    Remedy.RETRY,
    "HubSpot takes no more calls for the moment, so syncing waits. Another app may be spending them.",
)
TEMPORARY = ErrorType(
    "temporary",
    "Temporary error",
    Category.TEMPORARY,
    Remedy.RETRY,
    "The CRM was busy or did not answer. We try again by ourselves.",
)
SIGNED_OUT = ErrorType(
    "signed-out",
    "Connection expired",
    Category.CONNECTION,
    Remedy.STOP,
    "The CRM no longer accepts our login, so nothing syncs.",
    ("Connect the account again.",),
)
STRANGE_ADDRESS = ErrorType(
    "strange-address",
    "Not an address of the CRM",
    Category.CONNECTION,
    Remedy.STOP,
    "Tokens are sent to the CRM’s own addresses only, and this is none of them, so nothing syncs.",
    ("Check the login address in crmsync’s settings, and connect the account again.",),
)
API_DISABLED = ErrorType(
    "salesforce-api-disabled",
    "Salesforce organization API access disabled",
    Category.CONNECTION,
    Remedy.STOP,
    "The integration user or the org may not use the API, so nothing syncs.",
    (
        "In Salesforce, give the integration user the permission API Enabled.",
        "Connect Salesforce again.",
    ),
)
OTHER = ErrorType(
    "other",
    "Other error",
    Category.OTHER,
    Remedy.HOLD,
    "The CRM refused the record for a reason that we do not know, so it was not written.",
    (
        "Read the CRM’s own words below. It is tried again when the record changes, and within a day.",
    ),
)
