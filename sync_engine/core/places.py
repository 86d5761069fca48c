"""States and countries: which texts name one place, and how Salesforce spells it.

Source: product.md 16.3, salesforce-api.md 7. Names and codes are those of ISO 3166, which
Salesforce's list follows; where its own names differ, they are here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache

import pycountry
from pycountry.db import Subdivision

# Salesforce's own names of countries, by code.
_COUNTRIES = {
    "CD": "Congo, the Democratic Republic of the",
    "CV": "Cape Verde",
    "CZ": "Czech Republic",
    "MK": "North Macedonia",
    "PS": "Palestine",
    "SZ": "Eswatini",
    "TR": "Turkey",
    "TW": "Taiwan",
    "VN": "Vietnam",
    "XK": "Kosovo",
}

# What people write, beside the names and the codes of two and three letters that ISO knows.
_NICKNAMES = {
    "America": "US",
    "Bolivia": "BO",
    "Britain": "GB",
    "Brunei": "BN",
    "Burma": "MM",
    "Democratic Republic of the Congo": "CD",
    "England": "GB",
    "Great Britain": "GB",
    "Holland": "NL",
    "Ivory Coast": "CI",
    "Macau": "MO",
    "Macedonia": "MK",
    "Northern Ireland": "GB",
    "Republic of Korea": "KR",
    "Russia": "RU",
    "Scotland": "GB",
    "Swaziland": "SZ",
    "The Bahamas": "BS",
    "The Gambia": "GM",
    "The Netherlands": "NL",
    "The United States": "US",
    "The United States of America": "US",
    "UAE": "AE",
    "UK": "GB",
    "Vatican City": "VA",
    "Wales": "GB",
}

# Countries that come with states in Salesforce.
_WITH_STATES = ("AU", "BR", "CA", "CN", "IE", "IN", "IT", "MX", "US")

# What ISO lists as well: the parts above those that Salesforce takes for states.
_ABOVE_STATES = {"IE": ("Province",), "IT": ("Region", "Autonomous region")}

_STATES = {"CA-QC": "Quebec", "CA-YT": "Yukon Territories"}
_ARMED_FORCES = {
    "AA": "Armed Forces Americas",
    "AE": "Armed Forces Europe",
    "AP": "Armed Forces Pacific",
}

# ISO writes China's provinces with their kind, Salesforce without.
_CHINESE_KINDS = ("Shi", "Sheng", "Zizhiqu", "Huizu", "Zhuangzu", "Uygur", "Tebiexingzhengqu")


class Part(StrEnum):
    """The part of an address that a field holds."""

    COUNTRY = "country"
    STATE = "state"


class NoSuchPlace(LookupError):
    """The list does not know the place. The message ends a sentence that begins with the field."""


@dataclass(frozen=True, slots=True)
class Places:
    """The states and countries that Salesforce lists.

    countries  {code: name}
    states     {country code: {state code: name}}
    """

    countries: Mapping[str, str]
    states: Mapping[str, Mapping[str, str]]
    _by_text: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _states_by_text: Mapping[str, Mapping[str, str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_text", _index(self.countries))
        states = {country: _index(states) for country, states in self.states.items()}
        object.__setattr__(self, "_states_by_text", states)

    def country(self, text: str) -> str | None:
        """Return the code of a country that the list spells so, by name or code."""
        return self._by_text.get(_folded(text))

    def state(self, country: str, text: str) -> str | None:
        """Return the code of a state that the list spells so. country: a code of the list."""
        return self._states_by_text.get(country, {}).get(_folded(text))


@dataclass(frozen=True, slots=True)
class PlaceRule:
    """How the state or country of a field is told apart and spelled.

    places      the org's own list, else the one that Salesforce comes with
    is_matched  all spellings of a place are one, and it is written as the list spells it;
                else a text is what it is
    is_closed   only what is in the list can be written (Salesforce's picklists)
    country     beside a state: the country of its record, as text; "" if it has none
    """

    part: Part
    places: Places = field(repr=False)
    is_matched: bool
    is_closed: bool = False
    country: str = ""

    def spelled(self, text: str) -> str:
        """Return the place as the list spells it, a text that names none as it is.

        Raises NoSuchPlace where the field takes only places of the list.
        """
        if not (self.is_matched or self.is_closed):
            return text
        code = self.code(text)
        if code is not None:
            return self._names()[code]
        if self.is_closed:
            raise NoSuchPlace(self._why_not(text))
        return text

    def code(self, text: str) -> str | None:
        """Return the place's code, None if the list has no such place."""
        if self.part is Part.COUNTRY:
            return self._country(text)
        country = self._country(self.country)
        if country is None:
            return None
        code = self.places.state(country, text)
        if code is None and self.is_matched:
            code = _iso_states(country).get(_folded(text))
        return code if code in self._names() else None

    def _country(self, text: str) -> str | None:
        code = self.places.country(text)
        if code is None and self.is_matched:
            code = _iso_countries().get(_folded(text))
        return code if code in self.places.countries else None

    def _names(self) -> Mapping[str, str]:
        if self.part is Part.COUNTRY:
            return self.places.countries
        return self.places.states.get(self._country(self.country) or "", {})

    def _why_not(self, text: str) -> str:
        if self.part is Part.COUNTRY:
            return f"takes the countries that Salesforce lists, and “{text}” is not among them"
        country = self._country(self.country)
        if country is None:
            return f"takes a state beside a country that Salesforce lists, and “{text}” has none"
        name = self.places.countries[country]
        return f"takes the states that Salesforce lists for {name}, and “{text}” is not among them"


def place_rules(
    part: Part, listed: Places | None, *, picklists: str, is_matched: bool
) -> tuple[PlaceRule | None, PlaceRule | None]:
    """Return how a mapping's property and its Salesforce field tell and spell places; None where
    a text is just a text.

    listed      what the org's own picklists know, None where it shows none
    picklists   the admin's answer: "disabled", "enabled" or "customized"
    is_matched  HubSpot's values are to match Salesforce's, else they go over as they are

    Of a customized list we see names and codes, not the integration values that Salesforce takes
    too. So what goes over as it is may be one of these, and Salesforce decides.
    """
    is_closed = listed is not None or picklists == "enabled"
    if picklists == "customized" and not is_matched:
        is_closed = False
    if not (is_matched or is_closed):
        return None, None
    rule = PlaceRule(part, listed or standard_places(), is_matched, is_closed)
    return (replace(rule, is_closed=False) if is_matched else None), rule


@cache
def standard_places() -> Places:
    """Return the list that Salesforce comes with."""
    countries = {country.alpha_2: country.name for country in pycountry.countries} | _COUNTRIES
    return Places(countries, {code: _standard_states(code) for code in _WITH_STATES})


def _standard_states(country: str) -> dict[str, str]:
    states = {
        one.code.partition("-")[2]: _STATES.get(one.code) or _as_salesforce(country, one.name)
        for one in _subdivisions().get(country, ())
        if one.type not in _ABOVE_STATES.get(country, ())
    }
    return states | _ARMED_FORCES if country == "US" else states


@cache
def _subdivisions() -> dict[str, list[Subdivision]]:
    found: dict[str, list[Subdivision]] = {}
    for one in pycountry.subdivisions:
        found.setdefault(one.country_code, []).append(one)
    return found


def _as_salesforce(country: str, name: str) -> str:
    if country == "IN":  # ISO writes the long vowels, Salesforce does not
        return _plain(name)
    if country == "CN":
        return " ".join(word for word in name.split() if word not in _CHINESE_KINDS)
    return name


@cache
def _iso_countries() -> dict[str, str]:
    """Return {a name or code, folded: the code of two letters}."""
    found = {_folded(name): code for name, code in _NICKNAMES.items()}
    for country in pycountry.countries:
        names = (getattr(country, known, "") for known in ("official_name", "common_name"))
        for text in (country.alpha_2, country.alpha_3, country.name, *names):
            found[_folded(text)] = country.alpha_2
    found.pop("", None)
    return found | _index(_COUNTRIES)


@cache
def _iso_states(country: str) -> dict[str, str]:
    """Return {a state's name or code, folded: its code without the country's}."""
    found: dict[str, str] = {}
    for one in _subdivisions().get(country, ()):
        code = one.code.partition("-")[2]
        found |= dict.fromkeys((_folded(code), _folded(one.code), _folded(one.name)), code)
    return found | _index(_standard_states(country))


def _index(names: Mapping[str, str]) -> dict[str, str]:
    """Return {code or name, folded: code}. A name counts more than another place's code."""
    return {_folded(code): code for code in names} | {_folded(n): c for c, n in names.items()}


def _folded(text: str) -> str:
    """Reduce a text to what tells places apart: letters and digits, without case or accents."""
    return "".join(char for char in _plain(text).casefold() if char.isalnum())


def _plain(text: str) -> str:
    split = unicodedata.normalize("NFKD", text)
    return "".join(char for char in split if not unicodedata.combining(char))
