"""Which fields may be mapped to each other: the manual's matrix, cell by cell (seed 004)."""

from __future__ import annotations

import pytest

from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.fits import fits, nothing_passes
from sync_engine.crms.hubspot_fields import fields_of as hubspot_fields
from sync_engine.crms.salesforce_fields import fields_of as salesforce_fields

# As the manual has it: HubSpot field type | Salesforce field types accepted.
MATRIX = """
Dropdown select     | picklist, reference
Radio select        | picklist, reference
Multiple checkboxes | multipicklist
Single checkbox     | boolean
Number              | double, int
Single-line text    | string, textarea
Multi-line text     | textarea
Date picker         | date, datetime
HubSpot user        |
"""
# What the manual does not name, but the API has.
ALSO = {"Number": {"currency", "percent", "long"}}
ALSO["Single-line text"] = {"phone", "email", "url", "combobox", "encryptedstring"}

# HubSpot's type and fieldType of each row.
PROPERTIES = {
    "Dropdown select": ("enumeration", "select"),
    "Radio select": ("enumeration", "radio"),
    "Multiple checkboxes": ("enumeration", "checkbox"),
    "Single checkbox": ("bool", "booleancheckbox"),
    "Number": ("number", "number"),
    "Single-line text": ("string", "text"),
    "Multi-line text": ("string", "textarea"),
    "Date picker": ("date", "date"),
    "HubSpot user": ("enumeration", "select"),
}
SALESFORCE_TYPES = [
    "string",
    "textarea",
    "combobox",
    "encryptedstring",
    "email",
    "phone",
    "url",
    "int",
    "long",
    "double",
    "currency",
    "percent",
    "boolean",
    "date",
    "datetime",
    "picklist",
    "multipicklist",
    "reference",
]


def the_property(type_, field_type, **more):
    given = {"name": "p", "label": "Tier", "type": type_, "fieldType": field_type, **more}
    return hubspot_fields([given])["p"]


def the_field(type_, **more):
    told = {"name": "F", "label": "Rank", "type": type_, "createable": True, "nillable": True}
    told |= {"updateable": True, "defaultedOnCreate": False, "length": 0, "scale": 2, **more}
    return salesforce_fields({"fields": [told]})["F"]


def cells():
    for line in MATRIX.strip().splitlines():
        row, accepted = (part.strip() for part in line.split("|"))
        taken = {name.strip() for name in accepted.split(",")} | ALSO.get(row, set())
        for type_ in SALESFORCE_TYPES:
            yield row, type_, type_ in taken


@pytest.mark.parametrize("row, type_, accepted", list(cells()))
def test_a_cell_of_the_matrix(row, type_, accepted):
    hubspot = the_property(*PROPERTIES[row], externalOptions=row == "HubSpot user")
    reason = fits(hubspot, the_field(type_))
    assert (reason == "") == accepted
    assert accepted or row in reason


def test_a_date_and_time_picker_takes_what_a_date_picker_takes():
    assert fits(the_property("datetime", "date"), the_field("date")) == ""


@pytest.mark.parametrize(
    "hubspot, salesforce, said",
    [
        (
            ("number", "number"),
            "string",
            "Mismatched types: Tier is a property of the type Number, which takes "
            "Salesforce’s double, int, currency, percent or long fields. Rank is a string field.",
        ),
        (
            ("string", "textarea"),
            "string",
            "Field format mismatch: Tier is a property of the type Multi-line text, which takes "
            "Salesforce’s textarea fields. Rank is a string field.",
        ),
        (
            ("enumeration", "select"),
            "multipicklist",
            "Field format mismatch: Tier is a property of the type Dropdown select, which takes "
            "Salesforce’s picklist or reference fields. Rank is a multipicklist field.",
        ),
        (
            ("string", "html"),
            "textarea",
            "Mismatched types: Tier is a property of the type Rich text, which cannot be mapped.",
        ),
        (
            ("string", "file"),
            "url",
            "Mismatched types: Tier is a property of the type File, which cannot be mapped.",
        ),
    ],
)
def test_the_reason_is_in_the_admins_words(hubspot, salesforce, said):
    assert fits(the_property(*hubspot), the_field(salesforce)) == said


def test_a_calculation_feeds_salesforce_and_a_formula_feeds_hubspot_but_not_each_other():
    calculated = the_property("number", "calculation_equation", calculated=True)
    formula = the_field("double", updateable=False)
    assert fits(calculated, the_field("double")) == ""
    assert fits(Field("n", "N", FieldKind.NUMBER), formula) == ""
    assert fits(calculated, formula) == (
        "Nothing could sync: neither Tier in HubSpot nor Rank in Salesforce can be written."
    )


def dropdown(*options, restricted=True):
    return Field(
        "hs_lead_status", "Lead status", FieldKind.PICKLIST, "radio", options, restricted=restricted
    )


STATUS = Field("Status", "Status", FieldKind.PICKLIST, "picklist", ("Open", "Closed"))
EMPLOYEES = Field("NumberOfEmployees", "Employees", FieldKind.NUMBER, "int")


def test_a_dropdown_with_none_of_the_other_fields_options_is_said_once_for_all_records():
    said = nothing_passes(dropdown("NEW", "IN_PROGRESS"), STATUS)
    assert "Lead status has none of the options of Salesforce’s Status" in said
    assert "is a number" in nothing_passes(dropdown("1-5", "5-25"), EMPLOYEES)


def test_one_option_in_common_is_enough():
    assert nothing_passes(dropdown("NEW", "open"), STATUS) == ""


def test_what_takes_any_text_takes_some_value():
    assert nothing_passes(dropdown("NEW", restricted=False), STATUS) == ""
    assert nothing_passes(Field("industry", "Industry", FieldKind.TEXT), STATUS) == ""
