"""Planning a state beside its country: Salesforce refuses a record whose state is not one of its
country's, so the two are decided together (product.md 16.3: a state requires a country)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sync_engine.core.convert import CannotConvert, stored_as
from sync_engine.core.fields import Field
from sync_engine.core.places import Part
from sync_engine.core.plan import MappedField, Pair, Plan, Refusal
from sync_engine.core.planning import plan_pair
from sync_engine.core.spelling import plain_text
from sync_engine.core.values import Crm, Value


def plan_record(
    pair: Pair, mapped: Sequence[MappedField], identity: Mapping[Crm, str], now: datetime
) -> Plan:
    """Plan as plan_pair does, every state beside the country that its record will have."""
    state, country = _mapping(mapped, Part.STATE), _mapping(mapped, Part.COUNTRY)
    if state is None:
        return plan_pair(pair, mapped, identity, now)
    beside = ""
    if country is not None:
        beside = _country_after(pair, country, plan_pair(pair, [country], identity, now))
    there = _in_country(state, beside)
    plan = plan_pair(pair, [there if one is state else one for one in mapped], identity, now)
    return plan if country is None else _with_country_kept(pair, country, there, plan)


def _mapping(mapped: Sequence[MappedField], part: Part) -> MappedField | None:
    return next((one for one in mapped if _part(one.salesforce) is part), None)


def _part(field: Field) -> Part | None:
    return field.place.part if field.place else None


def _country_after(pair: Pair, country: MappedField, plan: Plan) -> str:
    """Return what Salesforce will hold; where it may hold any text and holds none, HubSpot's."""
    change = plan.to(Crm.SALESFORCE).get(country.salesforce.name)
    held = change.new if change else pair.salesforce.values.get(country.salesforce.name)
    if plan.refusals:  # a country that Salesforce does not take: the state waits for another
        held = None
    if held is None and not _is_closed(country):
        held = pair.hubspot.values.get(country.hubspot.name)
    return plain_text(held)


def _is_closed(mapping: MappedField) -> bool:
    return mapping.salesforce.place is not None and mapping.salesforce.place.is_closed


def _in_country(mapping: MappedField, country: str) -> MappedField:
    return replace(
        mapping,
        hubspot=_beside(mapping.hubspot, country),
        salesforce=_beside(mapping.salesforce, country),
    )


def _beside(field: Field, country: str) -> Field:
    return replace(field, place=replace(field.place, country=country)) if field.place else field


def _with_country_kept(pair: Pair, country: MappedField, state: MappedField, plan: Plan) -> Plan:
    """Keep the country of a record whose state stays, where the new one does not have it."""
    change = plan.to(Crm.SALESFORCE).get(country.salesforce.name)
    if change is None or state.salesforce.name in plan.to(Crm.SALESFORCE):
        return plan
    left = pair.salesforce.values.get(state.salesforce.name)
    try:
        stored_as(left, _beside(state.salesforce, plain_text(change.new)))
    except CannotConvert:
        refusal = _kept(country, change.carried, plain_text(left))
        writes = {name: one for name, one in plan.to(Crm.SALESFORCE).items() if one is not change}
        return replace(plan.writing(Crm.SALESFORCE, writes), refusals=(*plan.refusals, refusal))
    return plan


def _kept(country: MappedField, value: Value, state: str) -> Refusal:
    new = f"“{plain_text(value)}”" if plain_text(value) else "a blank"
    return Refusal(
        country,
        Crm.SALESFORCE,
        "state-or-country-not-allowed",
        f"{country.salesforce.label} cannot become {new} while the record’s state is “{state}”. "
        "Change or clear the state too.",
        value,
    )
