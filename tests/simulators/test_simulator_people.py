"""The demo's people: the same for both CRMs, differing where life makes them differ."""

from __future__ import annotations

from sync_engine.simulators.people import (
    companies,
    hubspot_people,
    people,
    salesforce_people,
    staff,
)


def test_most_people_are_in_both_crms():
    in_salesforce = {person.email.lower() for person in salesforce_people()}
    in_hubspot = {person.email.lower() for person in hubspot_people()}
    assert (len(in_salesforce), len(in_hubspot)) == (200, 190)
    assert len(in_salesforce & in_hubspot) == 150


def test_a_seed_gives_the_same_people_and_another_one_others():
    assert people(7) == people(7)
    assert hubspot_people(7) == hubspot_people(7)
    assert people(7) != people(8)


def test_every_address_is_one_that_nobody_can_own():
    addresses = [person.email for person in people()] + [person.email for person in staff()]
    assert all(address.endswith(".example") for address in addresses)
    assert all(company.domain.endswith(".example") for company in companies())
    assert len(set(addresses)) == len(addresses)


def test_people_in_both_differ_here_and_there_and_not_everywhere():
    in_hubspot = {person.number: person for person in hubspot_people()}
    pairs = [(p, in_hubspot[p.number]) for p in salesforce_people() if p.number in in_hubspot]
    for field in ("title", "phone", "salutation"):
        differing = sum(getattr(a, field) != getattr(b, field) for a, b in pairs)
        assert 0 < differing < len(pairs), field
    assert all(a.last_name == b.last_name for a, b in pairs)
