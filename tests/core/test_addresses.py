"""A state is planned beside its country. Source: product.md 16.3, salesforce-api.md 7."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_engine.core.addresses import plan_record
from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.places import Part, Places, place_rules
from sync_engine.core.plan import Agreed, MappedField, Pair, after_write
from sync_engine.core.spelling import remembered
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from tests.core.pairs import BEGINNING, HOUR, HUBSPOT, NOW, SALESFORCE, SYNCED, record, written

LISTED = Places(
    {"US": "United States", "CA": "Canada", "DE": "Germany"},
    {"US": {"OR": "Oregon", "WA": "Washington"}, "CA": {"ON": "Ontario"}},
)


def place(part, name, rules):
    ours, theirs = rules
    return MappedField(
        Field(name.lower(), name, FieldKind.TEXT, place=ours),
        Field(name, f"Mailing {name}", FieldKind.TEXT, place=theirs),
        SyncRule.TWO_WAY,
        BEGINNING,
    )


def mapped(*, listed=LISTED, picklists="enabled", is_matched=True, rule=SyncRule.TWO_WAY):
    """The state first: it is planned beside its country whatever their order."""
    return [
        replace(place(part, part.title(), place_rules(part, listed, picklists=picklists, is_matched=is_matched)), rule=rule)
        for part in (Part.STATE, Part.COUNTRY)
    ]  # fmt: skip


def pair(hubspot, salesforce, was=None, later=HUBSPOT):
    """hubspot, salesforce, was: (state, country) of each; was: the two agreed on, as HubSpot and
    Salesforce held them."""
    agreed = {}
    if was is not None:
        both = zip(*was, strict=True)
        agreed = {
            name: Agreed(*map(remembered, values), BEGINNING + HOUR)
            for name, values in zip(("state", "country"), both, strict=True)
        }
    return Pair(
        record(HUBSPOT, dict(zip(("state", "country"), hubspot, strict=True)), 3 if later is HUBSPOT else 2),
        record(SALESFORCE, dict(zip(("State", "Country"), salesforce, strict=True)), 2 if later is HUBSPOT else 3),
        agreed,
        BEGINNING,
    )  # fmt: skip


def plan(pair, mappings):
    return plan_record(pair, mappings, {}, NOW)


BLANK = (None, None)


@pytest.mark.parametrize(
    "hubspot, salesforce",
    [
        (("OR", "USA"), ("Oregon", "United States")),
        (("Oregon", "us"), ("Oregon", "United States")),
        ((None, "Deutschland"), None),
        (("ON", "Canada"), ("Ontario", "Canada")),
        ((None, "Germany"), (None, "Germany")),
    ],
)
def test_both_are_written_as_salesforce_lists_them(hubspot, salesforce):
    planned = plan(pair(hubspot, BLANK), mapped())
    if salesforce is None:
        assert [refusal.mapping.hubspot.name for refusal in planned.refusals] == ["country"]
        return
    there = {
        name: value for name, value in zip(("State", "Country"), salesforce, strict=True) if value
    }
    assert written(planned) == {SALESFORCE: there} and not planned.refusals


def test_one_place_under_two_spellings_is_settled():
    planned = plan(pair(("WA", "USA"), ("Washington", "United States")), mapped())
    assert not written(planned) and set(planned.settled) == {"state", "country"}


@pytest.mark.parametrize(
    "hubspot, refused, sent",
    [
        (("Oregon", None), {"state"}, {}),
        (("Oregon", "Ruritania"), {"state", "country"}, {}),
        (("Bavaria", "Germany"), {"state"}, {"Country": "Germany"}),
    ],
)
def test_what_salesforce_would_refuse_the_record_for_is_not_sent(hubspot, refused, sent):
    planned = plan(pair(hubspot, BLANK), mapped())
    assert {refusal.mapping.hubspot.name for refusal in planned.refusals} == refused
    assert written(planned) == ({SALESFORCE: sent} if sent else {})
    assert {refusal.slug for refusal in planned.refusals} == {"state-or-country-not-allowed"}


def test_a_state_waits_for_a_country_that_is_refused():
    planned = plan(pair(("Oregon", "Ruritania"), (None, "United States")), mapped())
    assert {refusal.mapping.hubspot.name for refusal in planned.refusals} == {"state", "country"}
    assert not written(planned)


def with_country_left(**how):
    """The state goes both ways, the country from Salesforce only."""
    state, country = mapped(**how)
    return [state, replace(country, rule=SyncRule.ALWAYS_SALESFORCE)]


def test_a_state_is_not_sent_where_its_country_is_left_in_hubspot():
    planned = plan(pair(("Oregon", "USA"), BLANK), with_country_left())
    assert [refusal.mapping.hubspot.name for refusal in planned.refusals] == ["state"]
    assert not written(planned)


def test_a_country_that_only_hubspot_has_tells_states_apart_where_any_text_is_taken():
    mappings = with_country_left(listed=None, picklists="disabled")
    assert not written(plan(pair(("WA", "USA"), ("Washington", None)), mappings))
    assert written(plan(pair(("WA", "Australia"), ("Washington", None)), mappings))


OREGON = ("Oregon", "United States")


@pytest.mark.parametrize(
    "country, said",
    [
        ("Germany", "cannot become “Germany” while the record’s state is “Oregon”."),
        (None, "cannot become a blank while the record’s state is “Oregon”."),
    ],
)
def test_a_country_stays_while_a_state_of_it_stays(country, said):
    planned = plan(pair(("Oregon", country), OREGON, was=(OREGON, OREGON)), mapped())
    (refusal,) = planned.refusals
    assert not written(planned)
    assert refusal.message == f"Mailing Country {said} Change or clear the state too."


def test_both_change_together_or_are_cleared_together():
    moved = plan(pair(("ON", "Canada"), OREGON, was=(OREGON, OREGON)), mapped())
    assert written(moved) == {SALESFORCE: {"State": "Ontario", "Country": "Canada"}}
    cleared = plan(pair(BLANK, OREGON, was=(OREGON, OREGON)), mapped())
    assert written(cleared) == {SALESFORCE: {"State": None, "Country": None}}


def test_nothing_is_held_back_where_salesforce_takes_any_text():
    open_ = mapped(listed=None, picklists="disabled")
    planned = plan(pair(("WA", None), BLANK), open_)
    assert written(planned) == {SALESFORCE: {"State": "WA"}}
    planned = plan(pair(("WA", "Australia"), BLANK), open_)
    assert written(planned) == {SALESFORCE: {"State": "Western Australia", "Country": "Australia"}}
    as_it_is = mapped(listed=None, picklists="disabled", is_matched=False)
    planned = plan(pair(("WA", "USA"), BLANK), as_it_is)
    assert written(planned) == {SALESFORCE: {"State": "WA", "Country": "USA"}}


def test_what_salesforce_holds_goes_to_hubspot_as_it_is_listed():
    planned = plan(pair(BLANK, OREGON, later=SALESFORCE), mapped())
    assert written(planned) == {HUBSPOT: {"state": "Oregon", "country": "United States"}}


def test_a_state_without_a_country_mapping_is_planned_alone():
    (state, _) = mapped()
    planned = plan(pair(OREGON, BLANK), [state])
    assert [refusal.slug for refusal in planned.refusals] == ["state-or-country-not-allowed"]
    assert not written(plan(pair(OREGON, OREGON), [state]))


SIX = [
    (listed, picklists, matched)
    for listed, picklists in [(None, "disabled"), (LISTED, "enabled"), (LISTED, "customized")]
    for matched in (True, False)
]
states = st.sampled_from([None, "OR", "Oregon", "oregon", "Ontario", "ON", "Bavaria"])
countries = st.sampled_from([None, "USA", "us", "United States", "Canada", "Germany", "Ruritania"])
listed_states = st.sampled_from([BLANK, OREGON, ("Ontario", "Canada"), (None, "Germany")])


@given(
    st.sampled_from(SIX),
    st.sampled_from(SYNCED),
    st.tuples(states, countries),
    listed_states,
    st.none() | st.tuples(listed_states, listed_states),
    st.sampled_from(Crm),
)
def test_a_plan_carried_out_leaves_nothing_to_plan(six, rule, hubspot, salesforce, was, later):
    listed, picklists, matched = six
    mappings = mapped(listed=listed, picklists=picklists, is_matched=matched, rule=rule)
    before = pair(hubspot, salesforce, was, later)
    planned = plan(before, mappings)

    values, agreed = {}, {**before.agreed, **planned.settled}
    for crm in Crm:
        values[crm] = dict(before.of(crm).values)
        for name, change in planned.to(crm).items():
            values[crm][name] = change.new
            agreed[change.mapping.hubspot.name] = after_write(change, crm, change.new, NOW)
    after = Pair(
        replace(before.hubspot, values=values[HUBSPOT]),
        replace(before.salesforce, values=values[SALESFORCE]),
        agreed,
        BEGINNING,
    )

    again = plan(after, mappings)
    assert not written(again)
    assert {r.mapping.hubspot.name for r in again.refusals} == {
        r.mapping.hubspot.name for r in planned.refusals
    }
    if listed and (matched or picklists == "enabled"):
        state, country = values[SALESFORCE]["State"], values[SALESFORCE]["Country"]
        codes = {name: code for code, name in LISTED.countries.items()}
        known = LISTED.states.get(codes.get(country, ""), {}).values()
        assert country is None or country in codes
        assert state is None or state in known
