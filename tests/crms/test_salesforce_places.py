"""What an org's describe says of states and countries. Source: salesforce-api.md 3, 7."""

from __future__ import annotations

import pytest

from sync_engine.core.places import Part
from sync_engine.crms.salesforce_places import place_rules
from tests.simulated import CountingMeter, salesforce_client, token_of


@pytest.fixture
def fields(salesforce_control):
    """Describe an object; on: with State and Country picklists."""

    def fields(object_name, *, on=True):
        salesforce_control.call("POST", "actions/state-and-country-picklists", on=on)
        token = token_of(salesforce_control)
        return salesforce_client(salesforce_control.url, token, CountingMeter()).fields(object_name)

    return fields


def test_without_the_picklists_a_field_takes_any_text(fields):
    described = fields("Contact", on=False)
    assert described["MailingCountry"].place is described["MailingState"].place is None


def test_with_the_picklists_a_field_takes_what_the_org_lists(fields):
    described = fields("Contact")
    country, state = described["MailingCountry"].place, described["MailingState"].place
    assert (country.part, state.part) == (Part.COUNTRY, Part.STATE)
    assert country.is_closed and state.is_closed and country.places == state.places
    assert country.places.countries["US"] == "United States"
    assert country.places.states["AU"]["WA"] == "Western Australia"
    assert country.places.states["US"]["WA"] == "Washington"
    assert "DE" not in country.places.states
    assert described["OtherCountry"].place == country
    assert described["MailingCity"].place is described["MailingCountryCode"].place is None


def test_a_lead_has_one_address(fields):
    assert fields("Lead")["Country"].place.places.countries["DE"] == "Germany"


def test_what_an_org_switched_off_is_not_listed():
    def option(value, active=True, valid_for=None):
        return {"value": value, "label": value * 2, "active": active, "validFor": valid_for}

    codes = [option("A"), option("B", active=False), option("C")]
    states = [option("x", valid_for="oA=="), option("y", active=False, valid_for="gA==")]
    rules = place_rules(
        [
            {"name": "CountryCode", "picklistValues": codes},
            {"name": "StateCode", "picklistValues": [*states, option("z")]},
            {"name": "City"},
        ]
    )
    assert set(rules) == {"Country", "State"}
    places = rules["Country"].places
    assert places.countries == {"A": "AA", "C": "CC"}
    assert places.states == {"A": {"x": "xx"}, "C": {"x": "xx"}}
