"""Creating records in an object that has no field for our key: nothing tells a second from a first."""

from __future__ import annotations

import pytest

from sync_engine.crms.base import Row
from tests.simulated import hubspot_client, salesforce_client, token_of


@pytest.fixture
def salesforce(salesforce_control):
    return salesforce_client(salesforce_control.url, token_of(salesforce_control))


@pytest.fixture
def hubspot(hubspot_control):
    return hubspot_client(hubspot_control.url, token_of(hubspot_control))


def test_salesforce_makes_a_record_each_time(salesforce):
    row = Row({"LastName": "Byron", "Email": "ada@example.org"})
    (first,) = salesforce.create("Contact", [row], "")
    (second,) = salesforce.create("Contact", [row], "")
    assert first.created and second.created and first.id != second.id


def test_one_bad_row_holds_back_no_other_in_salesforce(salesforce):
    rows = [Row({"Email": "ada@example.org"}), Row({"LastName": "Byron"})]
    refused, made = salesforce.create("Contact", rows, "")
    assert refused.problem.type.slug == "required-field-missing"
    assert made.created and made.id


def test_hubspot_makes_a_record_and_says_what_it_holds(hubspot):
    (made,) = hubspot.create("contacts", [Row({"email": "Ada@example.org"})], "")
    assert made.created and made.held == {"email": "ada@example.org"}


def test_hubspot_refuses_an_address_that_somebody_bears_and_names_the_record(hubspot):
    (first,) = hubspot.create("contacts", [Row({"email": "ada@example.org"})], "")
    rows = [Row({"email": "ada@example.org"}), Row({"email": "bob@example.org"})]
    refused, made = hubspot.create("contacts", rows, "")
    assert (refused.problem.type.slug, refused.id) == ("email-already-in-use", first.id)
    assert made.created
