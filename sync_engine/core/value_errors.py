"""Types of errors about what a field may hold. Part of error_types, which says more.

Source: product.md 19.3 ("Property values"), 19.5.
"""

from __future__ import annotations

from sync_engine.core.errors import Category, ErrorType, Remedy

PICKLIST = ErrorType(
    "picklist-value-not-allowed",
    "Picklist value not allowed",
    Category.PROPERTY_VALUES,
    Remedy.HOLD,
    "The value is not among the field’s options, so it was not written.",
    (
        "Add the option to the field, or correct the value.",
        "It is tried again when the record changes, and within a day.",
    ),
)
REQUIRED_FIELD = ErrorType(
    "required-field-missing",
    "Required field missing",
    Category.PROPERTY_VALUES,
    Remedy.HOLD,
    "A record cannot be saved without a value in this field, so it was not written.",
    (
        "Fill the field on the record, or map a property that has a value.",
        "It is tried again when the record changes, and within a day.",
    ),
)
TEXT_TOO_LONG = ErrorType(
    "text-too-long",
    "Text too long",
    Category.PROPERTY_VALUES,
    Remedy.HOLD,
    "The text has more characters than the field takes. We never cut a text, so it was not written.",
    (
        "Shorten the text, or lengthen the field.",
        "It is tried again when the record changes, and within a day.",
    ),
)
INVALID_EMAIL = ErrorType(
    "invalid-email",
    "Invalid e-mail address",
    Category.PROPERTY_VALUES,
    Remedy.HOLD,
    "The value is not an e-mail address that the CRM accepts, so the record was not written.",
    ("Correct the address on the record.",),
)
INVALID_FORMAT = ErrorType(
    "invalid-format",
    "Invalid format",
    Category.PROPERTY_VALUES,
    Remedy.HOLD,
    "The field takes another kind of value, such as a number or a date, so it was not written.",
    (
        "Correct the value, or map a field of a fitting type.",
        "It is tried again when the record changes, and within a day.",
    ),
)
OUT_OF_RANGE = ErrorType(
    "out-of-range",
    "Number or date out of range",
    Category.PROPERTY_VALUES,
    Remedy.HOLD,
    "The number or the date is beyond what the field can hold, so it was not written.",
    (
        "Correct the value, or give the Salesforce field more digits.",
        "It is tried again when the record changes, and within a day.",
    ),
)
UNSUPPORTED_CHARACTER = ErrorType(
    "unsupported-character",
    "Character not supported",
    Category.PROPERTY_VALUES,
    Remedy.HOLD,
    "The text holds a character that cannot be stored, so it was not written.",
    (
        "Remove the character that is named below, or type the text anew.",
        "It is tried again when the record changes, and within a day.",
    ),
)
STATE_COUNTRY = ErrorType(
    "state-or-country-not-allowed",
    "State or country not allowed",
    Category.PROPERTY_VALUES,
    Remedy.HOLD,
    "The state or the country is not in Salesforce’s list, so the record was not written.",
    (
        "Correct the state or country in HubSpot, or add it in Salesforce under State and Country "
        "picklists.",
        "Where HubSpot only spells it otherwise, choose “Match default Salesforce state/country "
        "values when syncing”.",
        "It is tried again when the record changes, and within a day.",
    ),
)
FROZEN = ErrorType(
    "written-back-and-forth",
    "Written back and forth",
    Category.PROPERTY_VALUES,
    Remedy.HOLD,
    "A field was synced three times within a day and set back each time, so it is left alone for "
    "now. The record’s other fields sync on.",
    (
        "Find the workflow, flow or other integration that writes the field, and switch it off "
        "for this field.",
        "Or set the mapping to Don’t sync.",
        "It is tried again within a day.",
    ),
)
VALUE_NOT_TAKEN = ErrorType(
    "value-not-taken",
    "Value not taken",
    Category.PROPERTY_VALUES,
    Remedy.HOLD,
    "The CRM accepted the write but kept another value. We do not write it again until either "
    "side changes.",
    ("Set the value in that CRM by hand, or correct it in the other.",),
)
