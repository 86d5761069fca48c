"""What the simulated HubSpot makes of values, and how it refuses them (hubspot-api.md 4.2, 6)."""

from __future__ import annotations

import orjson
import pytest


@pytest.fixture
def contact(api):
    kinds = {
        "score": ("number", "number", []),
        "newsletter": ("bool", "booleancheckbox", []),
        "born_on": ("date", "date", []),
        "met_at": ("datetime", "date", []),
        "size": ("enumeration", "select", ["s", "m"]),
        "teas": ("enumeration", "checkbox", ["green", "black", "white"]),
    }
    for name, (type_, field_type, options) in kinds.items():
        definition = {
            "name": name,
            "label": name,
            "type": type_,
            "fieldType": field_type,
            "groupName": "contactinformation",
            "options": [
                {"label": value.title(), "value": value, "hidden": False} for value in options
            ],
        }
        assert api("POST", "/crm/v3/properties/contacts", definition).status == 201
    return api.contact("ana@example.com", firstname="Ana", teas="green")


def write(api, contact, **values):
    return api("PATCH", f"/crm/v3/objects/contacts/{contact}", {"properties": values})


@pytest.mark.parametrize(
    ("name", "sent", "kept"),
    [
        ("firstname", "  Ana \n", "Ana"),
        ("firstname", "Zoë 🌿", "Zoë 🌿"),
        ("email", " Ana.LOPEZ@Example.COM ", "ana.lopez@example.com"),
        ("phone", "+44 20 7946 0958", "+44 20 7946 0958"),
        ("score", "1234.50", "1234.50"),
        ("score", "-0.5", "-0.5"),
        ("score", "1e3", "1000"),
        ("newsletter", "TRUE", "true"),
        ("born_on", "1990-02-03", "1990-02-03"),
        ("born_on", "633916800000", "1990-02-02"),
        ("born_on", "1990-02-03T00:00:00Z", "1990-02-03"),
        ("met_at", "1767225600123", "2026-01-01T00:00:00.123Z"),
        ("met_at", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z"),
        ("met_at", "2026-01-02T03:04:05.678+02:00", "2026-01-02T01:04:05.678Z"),
        ("size", "m", "m"),
        ("teas", "black;white", "black;white"),
        ("teas", ";black", "green;black"),
        ("teas", "black;black;", "black"),
        ("hubspot_owner_id", "41629771", "41629771"),
    ],
)
def test_a_value_is_kept_as_hubspot_spells_it(api, contact, name, sent, kept):
    assert write(api, contact, **{name: sent}).properties[name] == kept
    assert api.read(contact, name)[name] == kept


@pytest.mark.usefixtures("sends_nonsense")
@pytest.mark.parametrize(
    ("name", "sent", "kept"),
    [
        ("firstname", 5, "5"),
        ("firstname", True, "true"),
        ("score", 7, "7"),
        ("newsletter", False, "false"),
        ("met_at", 1767225600123, "2026-01-01T00:00:00.123Z"),
    ],
)
def test_a_value_that_is_no_text_is_read_as_one(api, contact, name, sent, kept):
    assert write(api, contact, **{name: sent}).properties[name] == kept


@pytest.mark.parametrize(
    ("name", "sent", "code", "message"),
    [
        ("favourite_tea", "x", "PROPERTY_DOESNT_EXIST", 'Property "favourite_tea" does not exist'),
        ("email", "ana at example", "INVALID_EMAIL", "Email address ana at example is invalid"),
        ("email", "ana@localhost", "INVALID_EMAIL", "Email address ana@localhost is invalid"),
        ("score", "1,000", "INVALID_INTEGER", "score was not a valid number"),
        ("score", "NaN", "INVALID_INTEGER", "score was not a valid number"),
        ("score", "1e999999999", "INVALID_INTEGER", "score was not a valid number"),
        ("met_at", "yesterday", "INVALID_LONG", "yesterday was not a valid long."),
        ("met_at", "9" * 16, "INVALID_LONG", "9999999999999999 was not a valid long."),
        (
            "born_on",
            "633960000000",
            "INVALID_DATE",
            "633960000000 is at 12:0:0.0 UTC, not midnight!",
        ),
        (
            "size",
            "M",
            "INVALID_OPTION",
            'M was not one of the allowed options: [label: "S"\nvalue: "s"\n, '
            'label: "M"\nvalue: "m"\n]',
        ),
        (
            "hs_email_optout",
            "true",
            "READ_ONLY_VALUE",
            '"hs_email_optout" is a read only property; its value cannot be set.',
        ),
        (
            "hs_object_id",
            "5",
            "READ_ONLY_VALUE",
            '"hs_object_id" is a read only property; its value cannot be set.',
        ),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_hubspots_words(
    api, contact, name, sent, code, message
):
    answered = write(api, contact, **{name: sent})

    assert answered.status == 400
    assert answered.body["category"] == "VALIDATION_ERROR"
    assert answered.body["errors"] == [
        {"message": message, "code": code, "context": {"propertyName": [name]}}
    ]
    listed = orjson.loads(answered.body["message"].removeprefix("Property values were not valid: "))
    assert [(one["error"], one["name"]) for one in listed] == [(code, name)]
    assert answered.headers["X-HubSpot-Correlation-Id"] == answered.body["correlationId"]


def test_every_bad_value_is_named_and_none_of_the_good_ones_is_written(api, contact):
    answered = write(api, contact, firstname="Bea", score="x", met_at="y")

    assert [one["code"] for one in answered.body["errors"]] == ["INVALID_INTEGER", "INVALID_LONG"]
    assert api.read(contact)["firstname"] == "Ana"


@pytest.mark.parametrize("blank", ["", "   ", None])
def test_a_blank_clears(api, contact, blank):
    assert write(api, contact, firstname=blank).properties["firstname"] is None
    assert api.read(contact, "firstname")["firstname"] is None


def test_a_read_holds_what_is_defined_and_leaves_out_what_is_not(api, contact):
    assert set(api.read(contact, "fax", "no_such_thing")) == {
        "fax",
        "createdate",
        "hs_object_id",
        "lastmodifieddate",
    }
    assert set(api.read(contact)) == {
        "email",
        "firstname",
        "lastname",
        "createdate",
        "hs_object_id",
        "lastmodifieddate",
    }


def test_a_lifecycle_stage_never_moves_back_but_can_be_cleared_and_set(api, contact):
    write(api, contact, lifecyclestage="customer")

    answered = write(api, contact, lifecyclestage="lead", firstname="Bea")
    assert answered.status == 200
    assert answered.properties["lifecyclestage"] == "customer"
    assert answered.properties["firstname"] == "Bea"

    write(api, contact, lifecyclestage="")
    assert write(api, contact, lifecyclestage="lead").properties["lifecyclestage"] == "lead"


def test_a_person_may_move_a_lifecycle_stage_back(api, simulator, contact):
    write(api, contact, lifecyclestage="customer")
    simulator.edit("contacts", contact, {"lifecyclestage": "lead"}, "Ida Rhodes")
    assert api.read(contact, "lifecyclestage")["lifecyclestage"] == "lead"


def test_the_modified_stamp_of_a_record_strictly_increases(api, contact):
    stamps = [
        write(api, contact, city=f"City {n}").properties["lastmodifieddate"] for n in range(9)
    ]
    assert stamps == sorted(set(stamps))
    assert api("GET", f"/crm/v3/objects/contacts/{contact}").body["updatedAt"] == stamps[-1]


def test_companies_bear_another_modified_stamp_than_contacts(api):
    answered = api("POST", "/crm/v3/objects/companies", {"properties": {"name": "Babbage"}})
    assert "hs_lastmodifieddate" in answered.properties
    assert "lastmodifieddate" not in answered.properties


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("contacts", {"phone": "1"}),
        ("companies", {"city": "London"}),
        ("deals", {"dealname": "Engine"}),
        ("tickets", {"subject": "Smoke"}),
    ],
)
def test_a_record_without_the_least_it_needs_is_refused(api, kind, values):
    answered = api("POST", f"/crm/v3/objects/{kind}", {"properties": values})
    assert answered.status == 400
    assert answered.body["message"].endswith("Some required properties were not set.")


def test_a_deal_goes_to_the_only_pipeline_and_into_one_of_its_stages(api):
    values = {"dealname": "Engine", "dealstage": "contractsent", "amount": "1500.00"}
    answered = api("POST", "/crm/v3/objects/deals", {"properties": values})
    assert answered.properties["pipeline"] == "default"
    bad = api("POST", "/crm/v3/objects/deals", {"properties": {**values, "dealstage": "won"}})
    assert bad.body["errors"][0]["code"] == "INVALID_OPTION"
