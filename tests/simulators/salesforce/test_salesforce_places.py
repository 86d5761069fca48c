"""State and Country picklists, record types, private contacts. Source: salesforce-api.md 3, 7."""

from __future__ import annotations

from base64 import b64decode

import orjson
import pytest

from sync_engine.simulators.base import Refused
from sync_engine.simulators.salesforce import SalesforceSimulator
from sync_engine.simulators.salesforce.tables.places import COUNTRIES, STATES
from tests.simulators.salesforce.conftest import Api

PARTS = ("MailingCountry", "MailingCountryCode", "MailingState", "MailingStateCode")
OREGON = ("United States", "US", "Oregon", "OR")


@pytest.fixture
def listed(api, act):
    """The org with State and Country picklists."""
    act("state-and-country-picklists")
    return api


def place(api, contact):
    return tuple(api.read(contact, *PARTS).values())


def field_names(api, name="Contact"):
    return {field["name"] for field in api("GET", f"sobjects/{name}/describe").body["fields"]}


def test_without_the_picklists_any_place_is_stored(api, act):
    assert "MailingCountryCode" not in field_names(api)
    ada = api.contact(MailingState="Ruritania", MailingCountry="Elsewhere")
    act("state-and-country-picklists")
    assert {"MailingCountryCode", "OtherStateCode"} <= field_names(api)
    assert {"CountryCode", "StateCode"} <= field_names(api, "Lead")
    assert place(api, ada) == ("Elsewhere", None, "Ruritania", None)
    act("state-and-country-picklists", on=False)
    assert "MailingCountryCode" not in field_names(api)


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ({"MailingCountry": "united states", "MailingState": "oregon"}, OREGON),
        ({"MailingCountry": "US", "MailingState": "OR"}, OREGON),
        ({"MailingCountryCode": "us", "MailingStateCode": "or"}, OREGON),
        (
            {"MailingCountryCode": "US", "MailingCountry": "United States"},
            (*OREGON[:2], None, None),
        ),
        ({"MailingCountryCode": "DE"}, ("Germany", "DE", None, None)),
        ({"MailingCountryCode": "IT", "MailingState": "Milano"}, ("Italy", "IT", "Milano", "MI")),
        ({"MailingCountry": "China", "MailingStateCode": "31"}, ("China", "CN", "Shanghai", "31")),
        (
            {"MailingCountryCode": "IN", "MailingState": "Karnataka"},
            ("India", "IN", "Karnataka", "KA"),
        ),
        ({"MailingCountry": None, "MailingState": ""}, (None, None, None, None)),
    ],
)
def test_a_place_is_stored_as_text_and_code(listed, values, held):
    assert place(listed, listed.contact(**values)) == held


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"MailingCountry": "Ruritania"}, "There's a problem with this country"),
        ({"MailingCountryCode": "XX"}, "There's a problem with this country"),
        ({"MailingCountry": "US", "MailingState": "Bavaria"}, "There's a problem with this state"),
        ({"MailingCountry": "Germany", "MailingState": "Bavaria"}, "problem with this state"),
        ({"MailingState": "Oregon"}, "A country/territory must be specified"),
        ({"MailingCountryCode": "US", "MailingCountry": "Germany"}, "problem with this country"),
    ],
)
def test_a_place_that_is_not_listed_is_refused(listed, values, said):
    answered = listed("POST", "sobjects/Contact", {"LastName": "A", **values})
    assert answered.body[0]["errorCode"] == "FIELD_INTEGRITY_EXCEPTION"
    assert said in answered.body[0]["message"]


def test_a_country_that_does_not_know_the_state_is_refused(listed):
    ada = listed.contact(MailingCountry="US", MailingState="Oregon")
    path = f"sobjects/Contact/{ada}"
    refused = listed("PATCH", path, {"MailingCountry": "Germany"})
    assert "existing country doesn't recognize" in refused.body[0]["message"]
    assert listed("PATCH", path, {"MailingCity": "Portland"}).status == 204
    assert listed("PATCH", path, {"MailingState": "Texas"}).status == 204
    assert place(listed, ada)[2:] == ("Texas", "TX")
    assert listed("PATCH", path, {"MailingCountry": None, "MailingState": None}).status == 204
    assert place(listed, ada) == (None, None, None, None)


def test_an_address_shows_its_codes(listed):
    ada = listed.contact(MailingCountry="US", MailingState="Oregon")
    address = listed.read(ada, "MailingAddress")["MailingAddress"]
    assert (address["countryCode"], address["stateCode"]) == ("US", "OR")


def test_the_list_holds_iso_countries_and_the_states_of_nine():
    assert len(COUNTRIES) >= 235
    assert sorted(STATES) == ["AU", "BR", "CA", "CN", "IE", "IN", "IT", "MX", "US"]
    counts = {country: len(states) for country, states in STATES.items()}
    assert counts["US"] == 51 + 3  # the District of Columbia and three of the armed forces
    assert {"AU": 8, "BR": 27, "CA": 13, "CN": 34, "IE": 26, "MX": 32}.items() <= counts.items()
    assert all(len(name) <= 80 for states in STATES.values() for name in states.values())


def test_a_describe_names_the_codes_and_says_where_a_state_is(listed):
    fields = {one["name"]: one for one in listed("GET", "sobjects/Contact/describe").body["fields"]}
    country, state = fields["MailingCountryCode"], fields["MailingStateCode"]
    assert country["controllerName"] is None and not country["dependentPicklist"]
    assert (state["controllerName"], state["dependentPicklist"]) == ("MailingCountryCode", True)
    places = [option["value"] for option in country["picklistValues"]]
    western = {}
    for option in state["picklistValues"]:
        bits = b64decode(option["validFor"])
        (valid,) = [code for at, code in enumerate(places) if bits[at // 8] & (0x80 >> at % 8)]
        if option["value"] == "WA":
            western[valid] = option["label"]
    assert western == {"US": "Washington", "AU": "Western Australia"}


def test_only_an_object_with_record_types_has_the_field(api, act):
    assert "RecordTypeId" not in field_names(api)
    made = act("record-type", object="Contact", name="Big customer")["id"]
    assert "RecordTypeId" in field_names(api)
    ada = api.contact(RecordTypeId=made[:15])
    soql = "SELECT RecordType.DeveloperName FROM Contact"
    assert api.query(soql)["records"][0]["RecordType"]["DeveloperName"] == "Big_customer"
    assert api.read(api.contact(), "RecordTypeId") == {"RecordTypeId": None}
    api("PATCH", f"sobjects/Contact/{ada}", {"RecordTypeId": "012000000000000AAA"})
    assert api.read(ada, "RecordTypeId") == {"RecordTypeId": None}


@pytest.mark.parametrize(
    "asked",
    [
        {"object": "Contact", "available": False},
        {"object": "Contact", "active": False},
        {"object": "Account"},
    ],
)
def test_a_record_type_that_is_not_ours_to_give_is_refused(api, act, simulator, asked):
    act("record-type", object="Contact", name="Ours")
    other = act("record-type", name="Other", **asked)["id"]
    answered = api("POST", "sobjects/Contact", {"LastName": "A", "RecordTypeId": other})
    assert answered.body[0]["errorCode"] == "INVALID_CROSS_REFERENCE_KEY"
    assert "isn't valid for the user" in answered.body[0]["message"]
    if "available" in asked:
        simulator.create("Contact", {"LastName": "A", "RecordTypeId": other}, "Ida Rhodes")


def test_describe_lists_record_types_and_their_default(api, act):
    act("record-type", object="Contact", name="Small", available=False)
    big = act("record-type", object="Contact", name="Big", default=True)["id"]
    infos = api("GET", "sobjects/Contact/describe").body["recordTypeInfos"]
    facts = [
        (one["name"], one["available"], one["defaultRecordTypeMapping"], one["master"])
        for one in infos
    ]
    assert facts == [
        ("Small", False, False, False),
        ("Big", True, True, False),
        ("Master", True, False, True),
    ]
    assert api.read(api.contact(), "RecordTypeId") == {"RecordTypeId": big}


def test_a_private_contact_is_its_owners_alone(keyed, act, simulator):
    api = keyed
    account = api("POST", "sobjects/Account", {"Name": "Elm Court"}).body["id"]
    values = {"LastName": "Private", "Email": "p@example.example"}
    private = simulator.create("Contact", values, "Ida Rhodes")
    simulator.create("Contact", {"LastName": "Shared", "AccountId": account}, "Ida Rhodes")
    api.contact(LastName="Ours")
    act("private-contacts")
    assert sorted(api.names("SELECT LastName FROM Contact")) == ["Ours", "Shared"]
    assert api("GET", f"sobjects/Contact/{private}").status == 404
    read = api("POST", "composite/sobjects/Contact", {"ids": [private], "fields": ["Id"]})
    assert read.body == [None]
    rows = [{"attributes": {"type": "Contact"}, "id": private, "Title": "x"}]
    (item,) = api("PATCH", "composite/sobjects", {"records": rows}).body
    assert item["errors"][0]["statusCode"] == "INVALID_CROSS_REFERENCE_KEY"
    made = api("PATCH", "sobjects/Contact/Email/p@example.example", {"LastName": "Second"})
    assert made.body["created"] is True
    act("private-contacts", hidden=False)
    assert api("GET", f"sobjects/Contact/{private}").status == 200


def test_what_was_set_up_survives_a_dump(listed, act, simulator):
    made = act("record-type", object="Contact", name="Big", default=True)["id"]
    other = SalesforceSimulator()
    other.restore(orjson.loads(orjson.dumps(simulator.dump())))
    again = Api(other)
    ada = again.contact(MailingCountryCode="DE")
    assert again.read(ada, "MailingCountry") == {"MailingCountry": "Germany"}
    assert again.read(ada, "RecordTypeId") == {"RecordTypeId": made}


@pytest.mark.parametrize("asked", [{"object": "Contact"}, {"object": "User", "name": "x"}])
def test_a_record_type_of_nothing_is_refused(act, asked):
    with pytest.raises(Refused):
        act("record-type", **asked)
