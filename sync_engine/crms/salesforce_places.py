"""The states and countries that an org's picklists know, read from its describe.

Where State and Country picklists are on, each address has fields for codes beside its texts, and
takes only texts that its picklists know (salesforce-api.md 3, 7).
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sync_engine.core.places import Part, PlaceRule, Places

_COUNTRY_CODE, _STATE_CODE = "CountryCode", "StateCode"

Described = Mapping[str, Any]  # a field of a describe, or an option of its picklist


def place_rules(described: Iterable[Described]) -> dict[str, PlaceRule]:
    """Return {text field of an address: what it takes}; {} where the picklists are off."""
    fields = {field["name"]: field for field in described}
    rules: dict[str, PlaceRule] = {}
    for name in fields:
        if name.endswith(_COUNTRY_CODE):
            prefix = name.removesuffix(_COUNTRY_CODE)
            places = _places(fields[name], fields.get(f"{prefix}{_STATE_CODE}"))
            for part in Part:
                rule = PlaceRule(part, places, is_matched=False, is_closed=True)
                rules[f"{prefix}{part.title()}"] = rule
    return rules


def _places(country_code: Described, state_code: Described | None) -> Places:
    countries: Sequence[Described] = country_code.get("picklistValues") or ()
    states: dict[str, dict[str, str]] = {}
    for state in (state_code or {}).get("picklistValues") or ():
        if state["active"]:
            for country in _valid_for(state, countries):
                states.setdefault(country, {})[state["value"]] = state["label"]
    active = {country["value"]: country["label"] for country in countries if country["active"]}
    return Places(active, states)


def _valid_for(state: Described, countries: Sequence[Described]) -> Iterable[str]:
    """Return the countries of a state: a bit for each, the first one highest."""
    bits = b64decode(state.get("validFor") or "")
    for at, country in enumerate(countries[: len(bits) * 8]):
        if bits[at >> 3] & (0x80 >> (at & 7)):
            yield country["value"]
