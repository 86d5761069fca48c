"""Synthetic records: the same in both CRMs, and such as each CRM would keep."""

from __future__ import annotations

from typing import Any

import pytest

from sync_engine.simulators.base import Refused
from sync_engine.simulators.hubspot import HubSpotSimulator
from sync_engine.simulators.hubspot.values import kept
from sync_engine.simulators.salesforce import SalesforceSimulator
from sync_engine.simulators.salesforce.tables import every_object
from sync_engine.simulators.salesforce.values import stored

FIELDS = {sobject.name: sobject.fields for sobject in every_object()}


def loaded(simulator: Any, object_name: str, **more: Any) -> list[dict[str, Any]]:
    """Return what a load made, oldest first."""
    simulator.load({"object": object_name, "count": 40, **more})
    return [dict(values) for _, values in simulator.search(object_name, "", 1000)][::-1]


@pytest.mark.parametrize(
    ("in_salesforce", "field", "in_hubspot", "name"),
    [
        ("Contact", "Email", "contacts", "email"),
        ("Contact", "MailingCity", "contacts", "city"),
        ("Lead", "Email", "contacts", "email"),
        ("Account", "Name", "companies", "name"),
        ("Opportunity", "Name", "deals", "dealname"),
        ("Case", "Subject", "tickets", "subject"),
    ],
)
def test_both_crms_get_the_same_records_from_one_seed(in_salesforce, field, in_hubspot, name):
    ours = loaded(SalesforceSimulator(), in_salesforce, seed=5, start=7)
    theirs = loaded(HubSpotSimulator(), in_hubspot, seed=5, start=7)
    assert [row[field] for row in ours] == [row[name] for row in theirs]
    assert len({row["Id"] for row in ours}) == 40


@pytest.mark.parametrize("object_name", ["Contact", "Lead", "Account", "Opportunity", "Case"])
def test_salesforce_holds_what_it_would_have_kept_of_a_load(object_name):
    simulator, fields = SalesforceSimulator(), FIELDS[object_name]
    loaded(simulator, "Account")
    rows = loaded(simulator, object_name, parents=True, start=40)
    for row in rows:
        given = {name: value for name, value in row.items() if value is not None}
        assert {name: stored(fields[name], value) for name, value in given.items()} == given
        assert not [one.name for one in fields.values() if one.required and one.name not in given]
    assert object_name in ("Lead", "Account") or all(row["AccountId"] for row in rows)


@pytest.mark.parametrize("object_name", ["contacts", "companies", "deals", "tickets"])
def test_hubspot_holds_what_it_would_have_kept_of_a_load(object_name):
    simulator = HubSpotSimulator()
    loaded(simulator, object_name)
    table = simulator.account.tables[object_name]
    for row in table.rows.values():
        values = row.values()
        assert {n: kept(table.properties.live[n], v, "") for n, v in values.items()} == values


def test_the_same_seed_makes_the_same_records_again_and_another_seed_others():
    first, again, other = (loaded(SalesforceSimulator(), "Contact", seed=n) for n in (1, 1, 2))
    values = [
        [(row["Email"], row["Phone"], row["Title"]) for row in rows]
        for rows in (first, again, other)
    ]
    assert values[0] == values[1]
    assert not set(values[0]) & set(values[2])


def test_contacts_of_a_load_belong_to_the_companies_that_are_there():
    simulator = HubSpotSimulator()
    loaded(simulator, "companies")
    loaded(simulator, "contacts", parents=True)
    account = simulator.account
    first_company = next(iter(account.tables["companies"].rows))
    linked = account.associations.of(("companies", first_company), "contacts")
    assert list(linked) == list(account.tables["contacts"].rows)[:10]


def test_hubspot_refuses_to_load_an_address_twice_and_takes_what_follows():
    simulator = HubSpotSimulator()
    loaded(simulator, "contacts")
    with pytest.raises(Refused, match="'start'"):
        simulator.load({"object": "contacts", "count": 1, "start": 39})
    assert simulator.load({"object": "contacts", "count": 1, "start": 40}) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"object": "Nonsense"},
        {"count": -1},
        {"count": True},
        {"count": 10**9},
        {"seed": "1"},
        {"start": 1.5},
        {"parents": 1},
    ],
)
@pytest.mark.parametrize("simulator", [SalesforceSimulator(), HubSpotSimulator()])
def test_a_load_that_makes_no_sense_is_refused(simulator, wrong):
    with pytest.raises(Refused):
        simulator.load(wrong)
