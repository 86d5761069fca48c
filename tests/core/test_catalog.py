"""Every object type is declared so that its tab, its mappings and its runs can be made from it."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError

import pytest

from sync_engine.core.catalog import CATALOG
from sync_engine.core.places import Part
from sync_engine.core.sync_rules import SyncRule


def test_an_object_type_is_found_by_the_slug_it_bears(object_type):
    assert CATALOG[object_type.slug] is object_type
    assert re.fullmatch(r"[a-z][a-z_]*", object_type.slug)


def test_it_says_what_it_is_in_a_sentence(object_type):
    assert object_type.label
    assert object_type.summary.endswith(".")
    assert object_type.salesforce


def test_every_policy_has_a_default_among_choices_that_say_what_they_do(object_type):
    for policy in object_type.policies:
        names = [choice.name for choice in policy.choices]
        assert policy.default in names
        assert len(set(names)) == len(names) > 1
        assert all(choice.label and choice.consequence for choice in policy.choices)


def test_no_two_policies_bear_one_name(object_type):
    names = [policy.name for policy in object_type.policies]
    assert len(set(names)) == len(names)


def test_who_has_states_and_countries_asks_how_they_match(object_type):
    parts = {mapping.part for mapping in object_type.standard_mappings} - {None}
    asked = {policy.name for policy in object_type.policies}
    assert not parts or {"salesforce_places", "hubspot_places"} <= asked
    assert parts != {Part.STATE}  # a state requires a country


def test_a_property_and_a_field_are_each_in_one_standard_mapping(object_type):
    properties = [mapping.hubspot for mapping in object_type.standard_mappings]
    fields = [
        field for mapping in object_type.standard_mappings for field in mapping.salesforce.items()
    ]
    assert len(set(properties)) == len(properties)
    assert len(set(fields)) == len(fields)


def test_standard_mappings_name_only_objects_of_the_type(object_type):
    for mapping in object_type.standard_mappings:
        assert set(mapping.salesforce) <= set(object_type.salesforce)
        assert mapping.salesforce


def test_what_identifies_a_record_is_mapped_and_does_sync(object_type):
    by_property = {mapping.hubspot: mapping for mapping in object_type.standard_mappings}
    if object_type.identity:
        hubspot, salesforce = object_type.identity.values()
        mapping = by_property[hubspot]
        assert set(mapping.salesforce.values()) == {salesforce}
        assert mapping.rule is not SyncRule.DONT_SYNC


def test_contacts_cannot_be_switched_off():
    # "For contacts, this is turned on by default and can't be turned off." (seed 004)
    assert CATALOG["contacts"].always_on


def test_a_declaration_cannot_be_changed_while_it_is_in_use(object_type):
    with pytest.raises(FrozenInstanceError):
        object_type.label = "Something else"
