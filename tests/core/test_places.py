"""States and countries: spellings of one place, Salesforce's lists, the six combinations.

Source: product.md 16.3, salesforce-api.md 7.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_engine.core.convert import CannotConvert, equal, same, stored_as
from sync_engine.core.error_types import ERROR_TYPES
from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.places import Part, PlaceRule, Places, place_rules, standard_places
from tests.core.held import texts

COUNTRY, STATE = Part.COUNTRY, Part.STATE
STANDARD = standard_places()

# An org that calls one country by another name, and knows one that no standard knows.
OWN = Places(
    {"US": "USA", "DE": "Germany", "ZZ": "Ruritania"},
    {"US": {"CA": "California", "OR": "Oregon"}, "ZZ": {"S": "Strelsau"}},
)


def of(part, places=STANDARD, country="", matched=True, closed=False):
    return PlaceRule(part, places, matched, closed, country)


def field(kind="text", options=(), **rule):
    return Field(
        "f",
        "Mailing Country",
        FieldKind(kind),
        options=options,
        restricted=bool(options),
        place=of(**rule),
    )


@pytest.mark.parametrize(
    "text, code",
    [
        ("United States", "US"),
        ("united states of america", "US"),
        ("U.S.A.", "US"),
        ("usa", "US"),
        ("us", "US"),
        ("UK", "GB"),
        ("Great Britain", "GB"),
        ("Germany", "DE"),
        ("DEU", "DE"),
        ("Cote d'Ivoire", "CI"),
        ("Ivory Coast", "CI"),
        ("Viet Nam", "VN"),
        ("Vietnam", "VN"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Czechia", "CZ"),
        ("Russia", "RU"),
        ("South Korea", "KR"),
        ("The Netherlands", "NL"),
        ("Kosovo", "XK"),
        ("Ruritania", None),
        ("", None),
        ("?", None),
    ],
)
def test_a_country_by_any_of_its_names(text, code):
    assert of(COUNTRY).code(text) == code


@pytest.mark.parametrize(
    "country, text, code",
    [
        ("USA", "OR", "OR"),
        ("US", "oregon", "OR"),
        ("United States", "US-OR", "OR"),
        ("US", "Armed Forces Europe", "AE"),
        ("US", "WA", "WA"),
        ("Australia", "WA", "WA"),
        ("Canada", "Québec", "QC"),
        ("Brazil", "Sao Paulo", "SP"),
        ("India", "Rajasthan", "RJ"),
        ("China", "Beijing", "BJ"),
        ("China", "Beijing Shi", "BJ"),
        ("Ireland", "Cork", "CO"),
        ("Italy", "Roma", "RM"),
        ("Mexico", "Jalisco", "JAL"),
        ("US", "Bavaria", None),
        ("Germany", "Bavaria", None),
        ("Ruritania", "OR", None),
        ("", "Oregon", None),
    ],
)
def test_a_state_by_any_of_its_names_beside_its_country(country, text, code):
    assert of(STATE, country=country).code(text) == code


def test_the_standard_list_is_salesforces():
    assert len(STANDARD.countries) > 235
    assert set(STANDARD.states) == {"AU", "BR", "CA", "CN", "IE", "IN", "IT", "MX", "US"}
    assert all(STANDARD.states.values())
    assert STANDARD.countries["TW"] == "Taiwan" and STANDARD.countries["US"] == "United States"
    assert STANDARD.states["IN"]["RJ"] == "Rajasthan" and STANDARD.states["CN"]["GX"] == "Guangxi"
    assert "Munster" not in STANDARD.states["IE"].values()


def test_every_country_is_known_by_its_name_and_its_code():
    for code, name in STANDARD.countries.items():
        assert of(COUNTRY).code(name) == of(COUNTRY).code(code) == code


@pytest.mark.parametrize("country", STANDARD.states)
def test_every_state_is_known_by_its_name_and_its_code(country):
    rule = of(STATE, country=country)
    for code, name in STANDARD.states[country].items():
        assert rule.code(name) == rule.code(code) == code


# What the org lists, Salesforce is, matched?, HubSpot's value -> Salesforce's; None: refused
COMBINATIONS = [
    (None, "disabled", True, "USA", "United States"),
    (None, "disabled", True, "Ruritania", "Ruritania"),
    (None, "disabled", False, "USA", "USA"),
    (None, "enabled", True, "USA", "United States"),
    (None, "enabled", True, "Ruritania", None),
    (None, "enabled", False, "USA", None),
    (None, "enabled", False, "us", "United States"),
    (None, "enabled", False, "united states", "United States"),
    (None, "customized", True, "USA", "United States"),
    (None, "customized", True, "Ruritania", "Ruritania"),
    (None, "customized", False, "USA", "USA"),
    (OWN, "enabled", True, "United States", "USA"),
    (OWN, "enabled", False, "Ruritania", "Ruritania"),
    (OWN, "enabled", False, "United States", None),
    (OWN, "customized", True, "United States", "USA"),
    (OWN, "customized", True, "Ruritania", "Ruritania"),
    (OWN, "customized", True, "France", None),
    (OWN, "customized", False, "France", "France"),
    (OWN, "customized", False, "United States", "United States"),
    (OWN, "disabled", True, "United States", "USA"),
    (OWN, "disabled", False, "France", None),
]


@pytest.mark.parametrize("listed, picklists, matched, text, stored", COMBINATIONS)
def test_a_country_in_the_six_combinations(listed, picklists, matched, text, stored):
    _, rule = place_rules(COUNTRY, listed, picklists=picklists, is_matched=matched)
    into = Field("f", "Mailing Country", FieldKind.TEXT, place=rule)
    if stored is not None:
        assert stored_as(text, into) == stored
        return
    with pytest.raises(CannotConvert) as refusal:
        stored_as(text, into)
    assert refusal.value.slug in ERROR_TYPES
    assert str(refusal.value) == (
        f"Mailing Country takes the countries that Salesforce lists, and “{text}” is not among them."
    )


@pytest.mark.parametrize("listed", [None, OWN])
@pytest.mark.parametrize("picklists", ["disabled", "enabled", "customized"])
def test_hubspot_takes_any_place_and_tells_spellings_apart_unless_they_match(listed, picklists):
    rule, _ = place_rules(COUNTRY, listed, picklists=picklists, is_matched=True)
    into = Field("f", "Country", FieldKind.TEXT, place=rule)
    assert stored_as("Atlantis", into) == "Atlantis" and same("USA", "us", into)
    rule, _ = place_rules(COUNTRY, listed, picklists=picklists, is_matched=False)
    into = Field("f", "Country", FieldKind.TEXT, place=rule)
    assert stored_as("Atlantis", into) == "Atlantis" and not same("USA", "us", into)


@pytest.mark.parametrize(
    "country, said",
    [
        ("", "takes a state beside a country that Salesforce lists, and “Bavaria” has none."),
        (
            "Atlantis",
            "takes a state beside a country that Salesforce lists, and “Bavaria” has none.",
        ),
        (
            "Germany",
            "takes the states that Salesforce lists for Germany, and “Bavaria” is not among them.",
        ),
        ("US", "takes the states that Salesforce lists for USA, and “Bavaria” is not among them."),
    ],
)
def test_a_state_requires_a_country_that_has_it(country, said):
    with pytest.raises(CannotConvert) as refusal:
        stored_as("Bavaria", field(part=STATE, places=OWN, closed=True, country=country))
    assert str(refusal.value) == f"Mailing Country {said}"
    assert refusal.value.slug == "state-or-country-not-allowed"


def test_an_orgs_own_states_are_taken():
    for text in ("Strelsau", "s"):
        into = field(part=STATE, places=OWN, closed=True, country="Ruritania", matched=False)
        assert stored_as(text, into) == "Strelsau"


def test_places_are_compared_not_spellings():
    one = field(part=COUNTRY)
    assert equal("USA", "United States", in_hubspot=one, in_salesforce=one)
    assert same("Ruritania", "RURITANIA", one)
    assert not same("Austria", "Australia", one)
    state = field(part=STATE, country="US")
    assert equal("CA", "California", in_hubspot=state, in_salesforce=state)
    assert not same("CA", "California", field(part=STATE, country="Canada"))


def test_spellings_are_compared_where_nothing_is_matched():
    one = field(part=COUNTRY, matched=False)
    assert not equal("USA", "United States", in_hubspot=one, in_salesforce=one)


def test_a_dropdown_takes_the_option_that_names_the_place():
    dropdown = field("picklist", ("USA", "Germany"), part=COUNTRY)
    assert stored_as("United States", dropdown) == "USA"
    with pytest.raises(CannotConvert, match="accepts only its own options"):
        stored_as("France", dropdown)
    with pytest.raises(CannotConvert, match="accepts only its own options"):
        stored_as("United States", field("picklist", ("USA",), part=COUNTRY, matched=False))


@given(
    texts | st.sampled_from([*STANDARD.countries.values(), "USA", "UK", "WA", "Oregon"]),
    st.sampled_from(Part),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", "US", "Australia", "Ruritania"]),
    st.sampled_from([STANDARD, OWN]),
)
def test_what_a_field_stores_it_would_store_again(text, part, matched, closed, country, places):
    into = field(part=part, places=places, matched=matched, closed=closed, country=country)
    try:
        stored = stored_as(text, into)
    except CannotConvert:
        assert closed
    else:
        assert stored_as(stored, into) == stored
        assert same(stored_as(text, into), stored, into)
        assert not matched or stored is None or same(text, stored, into)
