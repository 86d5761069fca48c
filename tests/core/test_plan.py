"""What a pair of records needs so that they agree. Source: sync.md 1 and 2."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync_engine.core.plan import (
    NO_IDENTITY,
    Agreed,
    FieldChange,
    Pair,
    Plan,
    after_write,
    was_taken,
)
from sync_engine.core.planning import plan_pair
from sync_engine.core.sync_rules import Decision, Reason, SyncRule, Verdict
from tests.core.held import CHECKBOX, COLOUR, EMAIL, TEXT, field
from tests.core.pairs import (
    BEGINNING,
    HOUR,
    HUBSPOT,
    NOW,
    SALESFORCE,
    SYNCED,
    mapped,
    pair_of,
    plan_of,
    record,
    written,
)

IDENTITY = {HUBSPOT: "email", SALESFORCE: "Email"}


@pytest.mark.parametrize("hubspot, salesforce", [({}, {"F": "1"}), ({"f": "1"}, {}), ({}, {})])
def test_absent_is_not_blank_it_takes_no_part(hubspot, salesforce):
    agreed = {"f": Agreed("1", "1", NOW)}
    pair = Pair(record(HUBSPOT, hubspot), record(SALESFORCE, salesforce), agreed, BEGINNING)
    plan = plan_of(pair, mapped())
    assert not written(plan) and not plan.settled


@pytest.mark.parametrize("hubspot, salesforce", [("Ada", "Bob"), ("Ada", None), ("Ada", "Ada")])
def test_dont_sync_does_nothing_and_settles_nothing(hubspot, salesforce):
    # "Data will never pass between HubSpot and Salesforce." (seed 004)
    plan = plan_of(pair_of(hubspot, salesforce), mapped(SyncRule.DONT_SYNC))
    assert not written(plan) and not plan.settled


@pytest.mark.parametrize("rule", SYNCED)
def test_equal_values_are_settled_and_nothing_is_written_whatever_the_rule(rule):
    plan = plan_of(pair_of("Ada ", "Ada", ("Bob", "Bob")), mapped(rule))
    assert not written(plan)
    assert plan.settled == {"f": Agreed("Ada", "Ada", NOW)}


def test_what_a_rule_leaves_alone_is_settled_too():
    plan = plan_of(pair_of("Ada", None), mapped(SyncRule.ALWAYS_SALESFORCE))
    assert not written(plan)
    assert plan.settled == {"f": Agreed("Ada", None, NOW)}


@pytest.mark.parametrize(
    "was, settled",
    [
        (None, {}),
        (("Ada", "Ada"), {"f": Agreed(None, None, NOW)}),
        (("Ada", None), {"f": Agreed(None, None, NOW)}),
        ((None, "Ada"), {"f": Agreed(None, None, NOW)}),
        ((None, None), {}),
    ],
)
def test_two_blanks_are_remembered_only_where_there_was_something(was, settled):
    assert plan_of(pair_of(None, None, was), mapped()).settled == settled


def test_what_is_settled_is_not_settled_again():
    assert plan_of(pair_of("Ada", "Ada", ("Ada", "Ada")), mapped()).settled == {}


@pytest.mark.parametrize("side", ["f", "F"])
def test_a_record_without_its_identity_waits_and_it_is_never_cleared(side):
    values = {"f": "ada@example.org", "F": "ada@example.org", side: None}
    pair = pair_of(values["f"], values["F"], ("ada@example.org", "ada@example.org"))
    identity = {HUBSPOT: "f", SALESFORCE: "F"}
    plan = plan_pair(pair, [mapped(here=EMAIL, there=EMAIL)], identity, NOW)
    assert plan == Plan(waits_for=NO_IDENTITY)


@pytest.mark.parametrize("held", [{}, {"email": "a@example.org", "Email": "b@example.org"}])
def test_a_record_with_its_identity_or_one_that_was_not_read_does_not_wait(held):
    pair = Pair(
        record(HUBSPOT, {"f": "Ada", **held}),
        record(SALESFORCE, {"F": None, **held}),
        agreed={},
        since=BEGINNING,
    )
    plan = plan_pair(pair, [mapped()], IDENTITY, NOW)
    assert written(plan) == {SALESFORCE: {"F": "Ada"}}


@pytest.mark.parametrize("mapping_since, pair_since", [(2, 0), (0, 2)])
@pytest.mark.parametrize(
    "hubspot, salesforce, fresh, stale",
    [
        # Who deleted it, nobody saw: the side with a value fills the other.
        (None, "Ada", {SALESFORCE: {"F": None}}, {HUBSPOT: {"f": "Ada"}}),
        ("Ada", None, {HUBSPOT: {"f": None}}, {SALESFORCE: {"F": "Ada"}}),
        # Who changed it is seen as well as ever.
        ("Bob", "Ada", {SALESFORCE: {"F": "Bob"}}, {SALESFORCE: {"F": "Bob"}}),
        ("Ada", "Bob", {HUBSPOT: {"f": "Bob"}}, {HUBSPOT: {"f": "Bob"}}),
    ],
)
def test_on_a_stale_baseline_a_blank_counts_as_never_settled(
    mapping_since, pair_since, hubspot, salesforce, fresh, stale
):
    mapping = mapped(since=BEGINNING + mapping_since * HOUR)

    def look(settled_at):
        pair = pair_of(hubspot, salesforce, ("Ada", "Ada"), settled_at)
        return plan_of(replace(pair, since=BEGINNING + pair_since * HOUR), mapping)

    assert written(look(settled_at=1)) == stale
    assert written(look(settled_at=2)) == written(look(settled_at=3)) == fresh


def test_an_equal_field_on_a_stale_baseline_is_settled_anew():
    plan = plan_of(pair_of("Ada", "Ada", ("Ada", "Ada")), mapped(since=BEGINNING + 2 * HOUR))
    assert plan.settled == {"f": Agreed("Ada", "Ada", NOW)}


def test_a_change_that_the_field_does_not_tell_apart_is_no_edit():
    pair = pair_of("RED", "Green", ("Red", "Red"), later=HUBSPOT)
    plan = plan_of(pair, mapped(here=COLOUR, there=COLOUR))
    assert written(plan) == {HUBSPOT: {"f": "Green"}}


def test_a_cleared_yes_or_no_becomes_no_in_a_checkbox():
    plan = plan_of(pair_of(None, True, (True, True)), mapped(here=field("yes_no"), there=CHECKBOX))
    assert written(plan) == {SALESFORCE: {"F": False}}


def test_a_value_that_does_not_fit_holds_back_its_own_field_only():
    short = mapped(there=field("text", max_length=3))
    free = replace(mapped(), hubspot=replace(TEXT, name="g"), salesforce=replace(TEXT, name="G"))
    pair = Pair(
        record(HUBSPOT, {"f": "Augusta", "g": "Ada"}),
        record(SALESFORCE, {"F": None, "G": None}),
        {},
        BEGINNING,
    )

    plan = plan_of(pair, short, free)

    (refusal,) = plan.refusals
    assert (refusal.mapping, refusal.target, refusal.slug) == (short, SALESFORCE, "text-too-long")
    assert (refusal.value, refusal.message) == (
        "Augusta",
        "Favourite takes 3 characters, and this value has 7.",
    )
    assert written(plan) == {SALESFORCE: {"G": "Ada"}}
    assert not plan.settled


def test_a_field_that_cannot_be_written_is_said_so():
    plan = plan_of(pair_of("Ada", None), mapped(there=field("text", writable=False)))
    assert not written(plan)
    (refusal,) = plan.refusals
    assert refusal.slug == "field-permission"
    assert refusal.message == "Favourite cannot be written by the connected user."


def test_a_read_only_field_still_feeds_the_other_crm():
    plan = plan_of(pair_of(None, "Ada"), mapped(there=field("text", writable=False)))
    assert written(plan) == {HUBSPOT: {"f": "Ada"}} and not plan.refusals


@pytest.mark.parametrize("later, takes", [(HUBSPOT, SALESFORCE), (SALESFORCE, HUBSPOT)])
def test_a_true_conflict_is_decided_by_time_and_the_plan_says_so(later, takes):
    plan = plan_of(pair_of("Bob", "Eve", ("Ada", "Ada"), later=later), mapped())
    assert list(written(plan)) == [takes]
    assert plan.by_time == {"f"}


def test_a_one_sided_edit_needs_no_clock():
    plan = plan_of(pair_of("Bob", "Ada", ("Ada", "Ada"), later=SALESFORCE), mapped())
    assert written(plan) == {SALESFORCE: {"F": "Bob"}}
    assert plan.by_time == set()


@pytest.mark.parametrize(
    "crm, name, later, takes",
    [(HUBSPOT, "f", SALESFORCE, SALESFORCE), (SALESFORCE, "F", HUBSPOT, HUBSPOT)],
)
def test_the_time_of_the_field_counts_more_than_that_of_its_record(crm, name, later, takes):
    pair = pair_of("Bob", "Eve", ("Ada", "Ada"), later=later)
    pair = replace(pair, edited_at={(crm, name): BEGINNING + 5 * HOUR})
    assert list(written(plan_of(pair, mapped()))) == [takes]


def change(old="Ada", new="Bob", carried="Bob", here=TEXT):
    decision = Decision(Verdict.SALESFORCE_TAKES, Reason.HUBSPOT_CHANGED)
    return FieldChange(mapped(here=here), old, new, carried, decision)


def test_a_change_says_what_it_is_made_of_and_why():
    plan = plan_of(pair_of("Bob", "Ada", ("Ada", "Ada")), mapped())
    assert plan.to(SALESFORCE) == {"F": change()}
    assert plan.to(HUBSPOT) == {}


def test_after_a_write_each_side_is_remembered_as_it_holds_it():
    taken = change(new="bob", carried="Bob ")
    assert after_write(taken, SALESFORCE, "BOB", NOW) == Agreed("Bob", "BOB", NOW)
    assert after_write(taken, HUBSPOT, "BOB", NOW) == Agreed("BOB", "Bob", NOW)


@pytest.mark.parametrize(
    "held, taken", [("Bob", True), ("Bob ", True), ("Ada", False), (None, False)]
)
def test_whether_a_write_was_taken_shows_in_what_the_crm_holds(held, taken):
    assert was_taken(change(), SALESFORCE, held) is taken
    assert was_taken(change(), HUBSPOT, held) is taken


def test_a_plan_can_be_given_other_writes_to_one_crm():
    plan = Plan({HUBSPOT: {"f": change()}, SALESFORCE: {"F": change()}}, by_time=frozenset("f"))
    less = plan.writing(HUBSPOT, {})
    assert less.to(HUBSPOT) == {}
    assert less.to(SALESFORCE) == plan.to(SALESFORCE) and less.by_time == plan.by_time
    assert plan.to(HUBSPOT)


def test_an_empty_plan_writes_nothing():
    assert Plan().to(HUBSPOT) == Plan().to(SALESFORCE) == {}


def test_a_side_of_anything_is_found_by_its_crm():
    mapping, pair = mapped(), pair_of("Ada", "Bob", ("Ada", "Bob"))
    assert (mapping.of(HUBSPOT).name, mapping.of(SALESFORCE).name) == ("f", "F")
    assert pair.of(HUBSPOT).values == {"f": "Ada"}
    assert pair.agreed["f"].of(SALESFORCE) == "Bob"
