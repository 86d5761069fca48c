"""Which links of HubSpot's own integration are taken over (product.md 7.2)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sync_engine.core.adoption import Left, Verdict, verdict
from sync_engine.core.values import Crm, Record

AT = datetime(2026, 3, 2, tzinfo=UTC)
IDENTITY = {Crm.HUBSPOT: "email", Crm.SALESFORCE: "Email"}


def here(email: str | None) -> Record:
    return Record(Crm.HUBSPOT, "contacts", "501", {"email": email}, AT, AT)


def there(email: str | None) -> Record:
    return Record(Crm.SALESFORCE, "Contact", "003A", {"Email": email}, AT, AT)


def decide(
    hubspot: str | None,
    salesforce: str | None,
    bear_theirs: tuple[str, ...] = (),
    bear_ours: tuple[str, ...] = (),
    linked: tuple[str, ...] = (),
) -> Verdict:
    """bear_theirs, bear_ours: HubSpot records with Salesforce's address, and the other way."""
    bearers = {Crm.HUBSPOT: bear_theirs, Crm.SALESFORCE: bear_ours}
    return verdict(Left(here(hubspot), there(salesforce), bearers), linked, IDENTITY)


def test_the_same_address_on_both_sides_proves_it():
    assert decide("ada@example.org", "Ada@Example.org ") is Verdict.ADOPTED


def test_a_record_that_is_not_seen_is_no_partner():
    left = Left(here("ada@example.org"), None, {Crm.HUBSPOT: (), Crm.SALESFORCE: ()})
    assert verdict(left, (), IDENTITY) is Verdict.GONE


@pytest.mark.parametrize("linked", ["501", "003A"])
def test_a_linked_record_keeps_its_partner(linked):
    assert decide("ada@example.org", "ada@example.org", linked=(linked,)) is Verdict.LINKED


@pytest.mark.parametrize(
    ("hubspot", "salesforce"),
    [("new@example.org", "old@example.org"), (None, "ada@example.org"), ("ada@example.org", None)],
)
def test_an_address_that_was_edited_is_nobody_elses(hubspot, salesforce):
    assert decide(hubspot, salesforce) is Verdict.ADOPTED


def test_a_second_address_of_the_same_contact_proves_it_too():
    mixed = decide("new@example.org", "old@example.org", bear_theirs=("501",), bear_ours=("003B",))
    assert mixed is Verdict.ADOPTED


@pytest.mark.parametrize("bearers", [{"bear_theirs": ("502",)}, {"bear_ours": ("003B",)}])
def test_where_a_third_record_bears_an_address_two_links_are_possible(bearers):
    assert decide("new@example.org", "old@example.org", **bearers) is Verdict.SOMEBODY_ELSE


def test_the_named_record_itself_is_no_third():
    assert decide("a@example.org", "b@example.org", bear_ours=("003A",)) is Verdict.ADOPTED


@pytest.mark.parametrize("one", Verdict)
def test_every_verdict_has_words(one):
    assert one.label
