"""A CRM's own code -> our type of error.

Tables, so that a code met in the wild is one new line here and one new row in
tests/core/test_errors.py. Messages are written by admins and translated: they decide only where
the code alone does not. Source: salesforce-api.md 10, hubspot-api.md 3.5 and 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sync_engine.core import error_types as types
from sync_engine.core.errors import ErrorType

_SALESFORCE_CODES: dict[ErrorType, str] = {
    types.REQUIRED_FIELD: "REQUIRED_FIELD_MISSING",
    types.VALIDATION_RULE: "FIELD_CUSTOM_VALIDATION_EXCEPTION",
    types.CUSTOM_CODE: (
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY CANNOT_EXECUTE_FLOW_TRIGGER APEX_ERROR "
        "APEX_DATA_ACCESS_RESTRICTION CUSTOM_APEX_ERROR FLOW_EXCEPTION MAX_DEPTH_IN_FLOW_EXECUTION "
        "SELF_REFERENCE_FROM_TRIGGER ALREADY_IN_PROCESS MIXED_DML_OPERATION"
    ),
    types.PICKLIST: "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST INVALID_CURRENCY_ISO INVALID_STATUS",
    types.TEXT_TOO_LONG: "STRING_TOO_LONG",
    types.INVALID_EMAIL: "INVALID_EMAIL_ADDRESS",
    types.INVALID_FORMAT: (
        "INVALID_TYPE_ON_FIELD_IN_RECORD JSON_PARSER_ERROR INVALID_MARKUP UNSAFE_HTML_CONTENT "
        "INVALID_INET_ADDRESS"
    ),
    types.OUT_OF_RANGE: "NUMBER_OUTSIDE_VALID_RANGE",
    types.UNSUPPORTED_CHARACTER: "TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET",
    types.INVALID_RELATED_RECORD: (
        "FIELD_INTEGRITY_EXCEPTION FIELD_FILTER_VALIDATION_EXCEPTION "
        "RELATED_ENTITY_FILTER_VALIDATION_EXCEPTION INVALID_CROSS_REFERENCE_KEY "
        "INVALID_CROSS_REFERENCE_TYPE_FOR_FIELD CIRCULAR_DEPENDENCY CANNOT_REPARENT_RECORD "
        "INVALID_EMPTY_KEY_OWNER PRIVATE_CONTACT_ON_ASSET MALFORMED_ID DELETE_FAILED "
        "DEPENDENCY_EXISTS DELETE_REQUIRED_ON_CASCADE"
    ),
    types.ACCESS: (
        "INSUFFICIENT_ACCESS_OR_READONLY INSUFFICIENT_ACCESS ENTITY_IS_LOCKED "
        "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY INVALID_READ_ONLY_USER_DML "
        "NO_PARTNER_PERMISSION PORTAL_NO_ACCESS COMMUNITY_NOT_ACCESSIBLE"
    ),
    types.FIELD_PERMISSION: (
        "INVALID_FIELD_FOR_INSERT_UPDATE FIELD_NOT_UPDATABLE INVALID_FIELD "
        "INVALID_PERSON_ACCOUNT_OPERATION"
    ),
    types.OBJECT_PERMISSION: (
        "INVALID_TYPE FUNCTIONALITY_NOT_ENABLED REQUIRED_FEATURE_MISSING "
        "UNAVAILABLE_RECORDTYPE_EXCEPTION"
    ),
    types.INACTIVE_OWNER: (
        "INACTIVE_OWNER_OR_USER INVALID_OWNER TRANSFER_REQUIRES_READ "
        "OP_WITH_INVALID_USER_TYPE_EXCEPTION"
    ),
    types.DUPLICATE_RULE: "DUPLICATES_DETECTED",
    types.VALUE_IN_USE: "DUPLICATE_VALUE DUPLICATE_EXTERNAL_ID MERGE_FAILED",
    types.DELETED: "ENTITY_IS_DELETED ENTITY_IS_ARCHIVED NOT_FOUND",
    types.CONVERTED_LEAD: "CANNOT_UPDATE_CONVERTED_LEAD",
    types.STORAGE_LIMIT: (
        "STORAGE_LIMIT_EXCEEDED LICENSE_LIMIT_EXCEEDED CUSTOM_ENTITY_OR_FIELD_LIMIT "
        "INSUFFICIENT_CREDITS"
    ),
    types.API_LIMIT: "REQUEST_LIMIT_EXCEEDED EXCEEDED_QUOTA",
    types.TEMPORARY: (
        "UNABLE_TO_LOCK_ROW SERVER_UNAVAILABLE UNKNOWN_EXCEPTION QUERY_TIMEOUT "
        "REQUEST_RUNNING_TOO_LONG INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE "
        "ORG_IN_MAINTENANCE FUNCTIONALITY_TEMPORARILY_UNAVAILABLE TERRITORY_REALIGN_IN_PROGRESS "
        "TOO_MANY_APEX_REQUESTS ALL_OR_NONE_OPERATION_ROLLED_BACK PROCESSING_HALTED "
        "COLLISION_DETECTED ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE"
    ),
    types.SIGNED_OUT: (
        "INVALID_SESSION_ID INVALID_LOGIN INVALID_AUTH_HEADER LOGIN_DURING_RESTRICTED_DOMAIN "
        "LOGIN_DURING_RESTRICTED_TIME PASSWORD_LOCKOUT INVALID_OPERATION_WITH_EXPIRED_PASSWORD "
        "ORG_LOCKED TRIAL_EXPIRED CLIENT_NOT_ACCESSIBLE_FOR_USER ORG_NOT_OWNED_BY_INSTANCE "
        "URL_NOT_RESET invalid_grant inactive_user inactive_org OAUTH_APP_BLOCKED "
        "OAUTH_APPROVAL_ERROR_GENERIC invalid_app_access"
    ),
    types.API_DISABLED: ("API_DISABLED_FOR_ORG API_CURRENTLY_DISABLED UNSUPPORTED_API_VERSION"),
}

_HUBSPOT_CODES: dict[ErrorType, str] = {
    types.SIGNED_OUT: "INVALID_AUTHENTICATION EXPIRED_AUTHENTICATION BAD_REFRESH_TOKEN invalid_grant",
    types.MISSING_SCOPES: "MISSING_SCOPES",
    types.RATE_LIMIT: "RATE_LIMIT RATE_LIMITS",
    types.DELETED: "OBJECT_NOT_FOUND",
    types.EMAIL_IN_USE: "CONFLICT",
    types.VALUE_IN_USE: "OBJECT_ALREADY_EXISTS",
    types.MAPPING: "PROPERTY_DOESNT_EXIST",
    types.FIELD_PERMISSION: "READ_ONLY_VALUE",
    types.INVALID_EMAIL: "INVALID_EMAIL",
    types.PICKLIST: "INVALID_OPTION",
    types.INVALID_FORMAT: "INVALID_INTEGER INVALID_LONG INVALID_DATE INVALID_NUMBER INVALID_BOOLEAN",
    types.TEXT_TOO_LONG: "VALUE_TOO_LONG",
    types.REQUIRED_FIELD: "REQUIRED_FIELD REQUIRED_PROPERTY",
}

# HubSpot locks, moves or is overloaded; Salesforce's edge refuses for a while (jsforce: 420).
_PASSING = frozenset({408, 420, 423, 429, 477, *range(500, 600)})

_STATE_OR_COUNTRY = re.compile(r"(State|Country)(Code|__pc|__c)?$")


def _by_code(table: dict[ErrorType, str]) -> dict[str, ErrorType]:
    return {code: type_ for type_, codes in table.items() for code in codes.split()}


SALESFORCE_CODES = _by_code(_SALESFORCE_CODES)
HUBSPOT_CODES = _by_code(_HUBSPOT_CODES)


def classify_salesforce(
    status: int, code: str, message: str = "", fields: Sequence[str] = ()
) -> ErrorType:
    """Name the type of a Salesforce error.

    status  of the HTTP answer; 200 for a row that a batch refused
    code    errorCode or statusCode; "" where the answer has none
    """
    exception = _told_apart(code, message, fields)
    if exception is not None:
        return exception
    if code in SALESFORCE_CODES:
        return SALESFORCE_CODES[code]
    if code.startswith("TXN_SECURITY_"):
        return types.ACCESS
    by_status = {300: types.VALUE_IN_USE, 401: types.SIGNED_OUT, 410: types.API_DISABLED}
    return by_status.get(status, types.TEMPORARY if status in _PASSING else types.OTHER)


def _told_apart(code: str, message: str, fields: Iterable[str]) -> ErrorType | None:
    """Return the type of a code that Salesforce uses for several things, None for other codes."""
    match code:
        case "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY" if _has(
            message, "UNABLE_TO_LOCK_ROW", "CPU time limit", "Rate Limiting"
        ):
            return types.TEMPORARY
        case "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY" if _has(message, "entity type cannot be"):
            return types.OBJECT_PERMISSION
        case "REQUEST_LIMIT_EXCEEDED" if _has(message, "Concurrent"):
            return types.TEMPORARY
        case "FIELD_INTEGRITY_EXCEPTION" if _is_about_state_or_country(message, fields):
            return types.STATE_COUNTRY
        case "INVALID_CROSS_REFERENCE_KEY" if _has(message, "Record Type"):
            return types.OBJECT_PERMISSION
        # It names no field: it is the record itself that is gone or not shared.
        case "INVALID_CROSS_REFERENCE_KEY" if not fields:
            return types.ACCESS
        case "INVALID_FIELD" if _has(message, "not a valid value for the type"):
            return types.INVALID_FORMAT
        case "NOT_FOUND" if _has(message, "external ID field"):
            return types.FIELD_PERMISSION
        case _:
            return None


def _is_about_state_or_country(message: str, fields: Iterable[str]) -> bool:
    return any(_STATE_OR_COUNTRY.search(name) for name in fields) or _has(
        message, "problem with this state", "problem with this country", "recognize the state"
    )


def classify_hubspot(status: int, category: str, code: str = "", message: str = "") -> ErrorType:
    """Name the type of a HubSpot error.

    status    of the HTTP answer; 207 for a row that a batch refused
    category  of the envelope ("VALIDATION_ERROR"), `errorType` of a 429
    code      the first of `errors[].code`, or of the validation list inside the message
    """
    if _has(message, "already has that value"):
        return types.EMAIL_IN_USE if "propertyName=email," in message else types.VALUE_IN_USE
    for name in (code, category):
        if name in HUBSPOT_CODES:
            return HUBSPOT_CODES[name]
    by_status = {
        401: types.SIGNED_OUT,
        403: types.MISSING_SCOPES,
        404: types.DELETED,
        409: types.EMAIL_IN_USE,
        429: types.RATE_LIMIT,
    }
    return by_status.get(status, types.TEMPORARY if status in _PASSING else types.OTHER)


def _has(message: str, *parts: str) -> bool:
    return any(part.casefold() in message.casefold() for part in parts)
