"""Which of our types a CRM's own words become. Source: salesforce-api.md 10.2, hubspot-api.md 4.2."""

from __future__ import annotations

import pytest

from sync_engine.core.classify import (
    HUBSPOT_CODES,
    SALESFORCE_CODES,
    classify_hubspot,
    classify_salesforce,
)
from sync_engine.core.error_types import ERROR_TYPES, OTHER
from sync_engine.core.errors import Category, CrmError, Problem, Remedy
from sync_engine.core.values import Crm

# status, code, message, fields -> slug
SALESFORCE = [
    (200, "REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]", ["LastName"], "required-field-missing"),
    (200, "FIELD_CUSTOM_VALIDATION_EXCEPTION", "Phone must have a prefix", [], "validation-rule"),
    (200, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "XTrigger: execution of BeforeInsert", [], "custom-code"),
    (200, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "XTrigger: UNABLE_TO_LOCK_ROW", [], "temporary"),
    (200, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "Apex CPU time limit exceeded", [], "temporary"),
    (200, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "entity type cannot be updated: X", [], "object-permission"),
    (200, "CANNOT_EXECUTE_FLOW_TRIGGER", "the “X” process failed", [], "custom-code"),
    (200, "APEX_ERROR", "", [], "custom-code"),
    (200, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "bad value", ["Salutation"], "picklist-value-not-allowed"),
    (200, "STRING_TOO_LONG", "First Name: data value too large", ["FirstName"], "text-too-long"),
    (200, "INVALID_EMAIL_ADDRESS", "Email: invalid email address: foo", ["Email"], "invalid-email"),
    (200, "NUMBER_OUTSIDE_VALID_RANGE", "", ["Score__c"], "out-of-range"),
    (200, "TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET", "", [], "unsupported-character"),
    (200, "INVALID_TYPE_ON_FIELD_IN_RECORD", "", ["Birthdate"], "invalid-format"),
    (400, "JSON_PARSER_ERROR", "Cannot deserialize instance of date", [], "invalid-format"),
    (200, "INVALID_FIELD", "'x' is not a valid value for the type xsd:date", [], "invalid-format"),
    (200, "INVALID_FIELD", "No such column 'X' on sobject of type Contact", [], "field-permission"),
    (200, "INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: X", ["X"], "field-permission"),
    (200, "FIELD_INTEGRITY_EXCEPTION", "Es gibt ein Problem", ["MailingState"], "state-or-country-not-allowed"),
    (200, "FIELD_INTEGRITY_EXCEPTION", "Es gibt ein Problem", ["MailingCountryCode"], "state-or-country-not-allowed"),
    (200, "FIELD_INTEGRITY_EXCEPTION", "There's a problem with this country", [], "state-or-country-not-allowed"),
    (200, "FIELD_INTEGRITY_EXCEPTION", "", ["AccountId"], "invalid-related-record"),
    (200, "FIELD_FILTER_VALIDATION_EXCEPTION", "", ["AccountId"], "invalid-related-record"),
    (200, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", ["AccountId"], "invalid-related-record"),
    (200, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", [], "insufficient-access"),
    (200, "INVALID_CROSS_REFERENCE_KEY", "Record Type ID: this ID value isn't valid", ["RecordTypeId"], "object-permission"),
    (200, "MALFORMED_ID", "malformed id 001", ["AccountId"], "invalid-related-record"),
    (403, "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id", [], "insufficient-access"),
    (400, "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id", [], "insufficient-access"),
    (200, "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "001…", [], "insufficient-access"),
    (200, "ENTITY_IS_LOCKED", "This record is locked", [], "insufficient-access"),
    (200, "TXN_SECURITY_NO_ACCESS", "", [], "insufficient-access"),
    (400, "INVALID_TYPE", "sObject type 'X' is not supported", [], "object-permission"),
    (200, "INACTIVE_OWNER_OR_USER", "operation performed with inactive user", ["OwnerId"], "inactive-owner"),
    (200, "TRANSFER_REQUIRES_READ", "", [], "inactive-owner"),
    (200, "DUPLICATES_DETECTED", "Use one of these records?", [], "salesforce-duplicate-rule"),
    (200, "DUPLICATE_VALUE", "duplicate value found", [], "value-already-in-use"),
    (300, "DUPLICATE_EXTERNAL_ID", "more than one record found", [], "value-already-in-use"),
    (404, "ENTITY_IS_DELETED", "entity is deleted", [], "record-deleted"),
    (404, "NOT_FOUND", "The requested resource does not exist", [], "record-deleted"),
    (404, "NOT_FOUND", "Provided external ID field does not exist or is not accessible: X", [], "field-permission"),
    (200, "CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", [], "converted-lead"),
    (200, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access", [], "temporary"),
    (500, "UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access", [], "temporary"),
    (403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", [], "salesforce-api-limit"),
    (403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.", [], "temporary"),
    (403, "STORAGE_LIMIT_EXCEEDED", "storage limit exceeded", [], "salesforce-storage-limit"),
    (401, "INVALID_SESSION_ID", "Session expired or invalid", [], "signed-out"),
    (401, "", "", [], "signed-out"),
    (300, "", "", [], "value-already-in-use"),
    (400, "invalid_grant", "expired access/refresh token", [], "signed-out"),
    (403, "API_DISABLED_FOR_ORG", "API is not enabled for this Organization", [], "salesforce-api-disabled"),
    (403, "API_CURRENTLY_DISABLED", "API is disabled for this User", [], "salesforce-api-disabled"),
    (410, "", "", [], "salesforce-api-disabled"),
    (503, "SERVER_UNAVAILABLE", "server too busy", [], "temporary"),
    (503, "", "<html>maintenance</html>", [], "temporary"),
    (500, "UNKNOWN_EXCEPTION", "An unexpected error occurred. ErrorId 42", [], "temporary"),
    (200, "A_CODE_OF_TOMORROW", "?", [], "other"),
]  # fmt: skip

TAKEN = (
    "Cannot set PropertyValueCoordinates{{portalId=1, objectTypeId=ObjectTypeId{{legacyObjectType="
    "CONTACT}}, propertyName={name}, value=v}} on 502. 501 already has that value."
)

# status, category, code, message -> slug
HUBSPOT = [
    (400, "VALIDATION_ERROR", "PROPERTY_DOESNT_EXIST", "", "mapping-needs-attention"),
    (400, "VALIDATION_ERROR", "INVALID_EMAIL", "Email address x is invalid", "invalid-email"),
    (400, "VALIDATION_ERROR", "INVALID_OPTION", "", "picklist-value-not-allowed"),
    (400, "VALIDATION_ERROR", "INVALID_INTEGER", "", "invalid-format"),
    (400, "VALIDATION_ERROR", "INVALID_DATE", "", "invalid-format"),
    (400, "VALIDATION_ERROR", "READ_ONLY_VALUE", "", "field-permission"),
    (400, "VALIDATION_ERROR", "", TAKEN.format(name="email"), "email-already-in-use"),
    (400, "VALIDATION_ERROR", "", TAKEN.format(name="sf_id"), "value-already-in-use"),
    (409, "CONFLICT", "", "Contact already exists. Existing ID: 501", "email-already-in-use"),
    (207, "CONFLICT", "", "Contact already exists. Existing ID: 501", "email-already-in-use"),
    (207, "OBJECT_NOT_FOUND", "", "Could not get some CONTACT objects", "record-deleted"),
    (404, "", "", "resource not found", "record-deleted"),
    (401, "INVALID_AUTHENTICATION", "", "", "signed-out"),
    (401, "EXPIRED_AUTHENTICATION", "", "", "signed-out"),
    (400, "BAD_REFRESH_TOKEN", "", "", "signed-out"),
    (403, "MISSING_SCOPES", "", "", "missing-scopes"),
    (429, "RATE_LIMIT", "", "You have reached your secondly limit.", "hubspot-rate-limit"),
    (423, "", "", "", "temporary"),
    (477, "", "", "", "temporary"),
    (502, "", "", "<html>", "temporary"),
    (400, "VALIDATION_ERROR", "A_CODE_OF_TOMORROW", "?", "other"),
]


@pytest.mark.parametrize(("status", "code", "message", "fields", "slug"), SALESFORCE)
def test_a_salesforce_error_becomes(status, code, message, fields, slug):
    assert classify_salesforce(status, code, message, fields).slug == slug


@pytest.mark.parametrize(("status", "category", "code", "message", "slug"), HUBSPOT)
def test_a_hubspot_error_becomes(status, category, code, message, slug):
    assert classify_hubspot(status, category, code, message).slug == slug


def test_every_type_is_found_by_its_slug():
    assert all(slug == type_.slug for slug, type_ in ERROR_TYPES.items())
    assert {type_.category for type_ in ERROR_TYPES.values()} == set(Category)


def test_every_code_leads_to_a_type_of_the_table():
    found = {*SALESFORCE_CODES.values(), *HUBSPOT_CODES.values()}
    assert found <= set(ERROR_TYPES.values())


@pytest.mark.parametrize("type_", ERROR_TYPES.values(), ids=lambda type_: type_.slug)
def test_what_waits_for_somebody_says_what_to_do(type_):
    assert type_.meaning.endswith(".")
    assert all(step.endswith(".") for step in type_.fix)
    assert type_.fix or type_.remedy is Remedy.RETRY


def test_an_error_names_the_crm_the_type_and_the_code_but_never_its_words():
    error = CrmError(Problem(Crm.SALESFORCE, OTHER, "STRANGE", "ada@example.org is wrong"))
    assert str(error) == "Salesforce: Other error (STRANGE)"
