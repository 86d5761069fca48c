"""What is true of every plan, whatever the fields, their values and their history."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sync_engine.core.convert import stored_as
from sync_engine.core.plan import after_write, was_taken
from sync_engine.core.values import Crm
from tests.core.held import HELD
from tests.core.pairs import BEGINNING, HOUR, NOW, SYNCED, mapped, pair_of, plan_of, written

# Fields that are mapped to each other (product.md 17.2)
COMPATIBLE = [
    *((kind, kind) for kind in HELD),
    ("text", "phone"),
    ("text", "reference"),
    ("number", "number with a scale"),
    ("yes, no or blank", "yes or no"),
    ("date", "moment"),
    ("moment", "date"),
    ("picklist", "free picklist"),
    ("text", "picklist"),
]


@st.composite
def looks(draw):
    """A mapping, and two records as each CRM would hold them, at some point of their history."""
    here, there = draw(st.sampled_from(COMPATIBLE))
    mapping = mapped(
        draw(st.sampled_from(SYNCED)),
        HELD[here][0],
        HELD[there][0],
        since=BEGINNING + draw(st.sampled_from([0, 2])) * HOUR,
    )
    values = [
        [stored_as(draw(st.none() | HELD[kind][1]), HELD[kind][0]) for kind in (here, there)]
        for _ in range(2)
    ]
    values[1] = [draw(st.sampled_from(both)) for both in zip(*values, strict=True)]
    was = draw(st.none() | st.just(values[0]))
    return mapping, pair_of(*values[1], was, later=draw(st.sampled_from(Crm)))


def carried_out(plan, pair):
    """Return the pair as it is after both CRMs took the plan."""
    agreed = {**pair.agreed, **plan.settled}
    records = {}
    for crm in Crm:
        values = dict(pair.of(crm).values)
        for name, change in plan.to(crm).items():
            values[name] = change.new
            agreed["f"] = after_write(change, crm, change.new, NOW)
        records[crm.value] = replace(pair.of(crm), values=values)
    return replace(pair, **records, agreed=agreed)


@given(looks())
def test_a_plan_carried_out_leaves_nothing_to_plan(look):
    mapping, pair = look
    plan = plan_of(pair, mapping)

    again = plan_of(carried_out(plan, pair), mapping)

    assert not written(again) and not again.settled
    assert again.refusals == plan.refusals


@given(looks())
def test_one_field_is_written_on_one_side_at_most_and_only_to_something_else(look):
    mapping, pair = look
    plan = plan_of(pair, mapping)
    changes = [(crm, change) for crm in Crm for change in plan.to(crm).values()]
    assert len(changes) + len(plan.settled) + len(plan.refusals) <= 1
    assert not any(was_taken(change, crm, change.old) for crm, change in changes)


@given(looks())
def test_a_planned_value_is_what_the_other_side_holds_as_this_field_stores_it(look):
    mapping, pair = look
    plan = plan_of(pair, mapping)
    for crm in Crm:
        for name, change in plan.to(crm).items():
            assert change.old == pair.of(crm).values[name]
            assert change.carried == pair.of(crm.other).values[mapping.of(crm.other).name]
            assert change.new == stored_as(change.carried, mapping.of(crm))
