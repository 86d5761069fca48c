"""State and Country picklists: a switch that gives each address codes beside its texts, and takes
only states and countries of its list. Source: salesforce-api.md 7."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from sync_engine.simulators.salesforce.errors import Refusal
from sync_engine.simulators.salesforce.fields import Field, Row, SObject, pick
from sync_engine.simulators.salesforce.tables.places import COUNTRIES, STATE_CODES, STATES


def code_fields(sobject: SObject) -> list[Field]:
    """Return the fields that the switch adds to an object: two for each address."""
    codes: list[Field] = []
    for prefix in _prefixes(sobject):
        for part, options in (("State", STATE_CODES), ("Country", tuple(COUNTRIES))):
            text = sobject.fields[f"{prefix}{part}"]
            label = f"{text.label} Code"
            code = pick(f"{text.name}Code", label, options, length=10, compound=text.compound)
            codes.append(code)
    return codes


def described_code(field: Field) -> dict[str, Any]:
    """Return what a describe says otherwise of a code field, {} for other fields: its options have
    names, and a state is valid for its country, which is a bit for each country."""
    if field.name.endswith("CountryCode") and field.compound:
        return {"picklistValues": [_option(code, name, None) for code, name in COUNTRIES.items()]}
    if field.name.endswith("StateCode") and field.compound:
        states = [
            _option(code, name, _bit(country))
            for country, known in STATES.items()
            for code, name in known.items()
        ]
        controller = f"{field.name.removesuffix('StateCode')}CountryCode"
        return {
            "controllerName": controller,
            "dependentPicklist": True,
            "picklistValues": states,
        }
    return {}


def _option(code: str, name: str, valid_for: str | None) -> dict[str, Any]:
    return {
        "active": True,
        "defaultValue": False,
        "label": name,
        "validFor": valid_for,
        "value": code,
    }


def _bit(country: str) -> str:
    """Return the bits of all countries with one of them set, the first one highest."""
    at, many = list(COUNTRIES).index(country), len(COUNTRIES) + 7 & ~7
    return b64encode((1 << many - 1 - at).to_bytes(many // 8, "big")).decode()


def settle_addresses(sobject: SObject, row: Row, given: Row) -> None:
    """Fill codes and texts from each other where `given` touches them; raises Refusal."""
    for prefix in _prefixes(sobject):
        if any(f"{prefix}{part}" in given for part in PARTS):
            country = _settle(sobject, f"{prefix}Country", row, given, COUNTRIES)
            if any(_said(f"{prefix}State", row, given)):
                _settle_state(sobject, f"{prefix}State", row, given, country)
            else:
                row[f"{prefix}StateCode"] = row[f"{prefix}State"] = None


PARTS = ("Country", "CountryCode", "State", "StateCode")


def _prefixes(sobject: SObject) -> list[str]:
    named = (field.name for field in sobject.fields.values() if field.type == "address")
    return [name.removesuffix("Address") for name in named]


def _settle_state(sobject: SObject, name: str, row: Row, given: Row, country: str | None) -> None:
    label = sobject.fields[name].label
    if country is None:
        raise _integrity(
            f"A country/territory must be specified before specifying a state value for field: "
            f"{label}",
            name,
        )
    states = STATES.get(country, {})
    if name not in given and f"{name}Code" not in given and row.get(f"{name}Code") not in states:
        raise _integrity(
            f"The existing country doesn't recognize the state value for field: {label} Code", name
        )
    _settle(sobject, name, row, given, states)


def _settle(
    sobject: SObject, name: str, row: Row, given: Row, known: Mapping[str, str]
) -> str | None:
    """Put text and code of a state or country in step; return the code, None for blank."""
    code, text = _said(name, row, given)
    wanted = code or text
    found = next((c for c, n in known.items() if _is(wanted, c) or _is(wanted, n)), None)
    agrees = found is None or text is None or _is(text, found) or _is(text, known[found])
    if wanted is not None and (found is None or not agrees):
        raise _unknown(sobject.fields[name])
    row[f"{name}Code"], row[name] = found, known[found] if found else None
    return found


def _said(name: str, row: Row, given: Row) -> tuple[str | None, str | None]:
    """Return code and text of a state or country; where only one of them is written, that one."""
    code, text = row.get(f"{name}Code"), row.get(name)
    if (name in given) == (f"{name}Code" in given):
        return code, text
    return (None, text) if name in given else (code, None)


def _is(given: str | None, known: str) -> bool:
    return given is not None and given.lower() == known.lower()


def _unknown(field: Field) -> Refusal:
    what = "state" if field.name.endswith("State") else "country"
    many = "states" if what == "state" else "countries"
    return _integrity(
        f"There's a problem with this {what}, even though it may appear correct. Please select a "
        f"{what} from the list of valid {many}.: {field.label}",
        field.name,
    )


def _integrity(message: str, name: str) -> Refusal:
    return Refusal("FIELD_INTEGRITY_EXCEPTION", message, (name,))
