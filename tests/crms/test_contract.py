"""How a CRM must behave. One suite for the CRM in memory, the simulators, and on request real
accounts: docs/simulators.md says which variables name them.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.values import Crm, RecordRef
from sync_engine.crms.base import Asked, ChangedRow, Fate, Row
from tests.crms.real_accounts import named_accounts, on_loan
from tests.crms.stage import Stage, in_memory, nobody, simulated
from tests.simulated import hubspot_client, salesforce_client, token_of

OURS = ["memory-hubspot", "memory-salesforce", "simulated-hubspot", "simulated-salesforce"]
REAL = named_accounts()


@pytest.fixture(params=[*OURS, *(f"real-{crm.value}" for crm in REAL)])
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    yield from _ready(request)


@pytest.fixture(params=OURS)
def our_stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """Real accounts are left out: their API does not let a person do this."""
    yield from _ready(request)


@pytest.fixture(params=[name for name in OURS if name.endswith("hubspot")])
def hubspot_stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """What only HubSpot is asked for. A real account would keep the property."""
    yield from _ready(request)


@pytest.fixture(params=[name for name in OURS if name.endswith("salesforce")])
def salesforce_stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """What only Salesforce's admin sets up. A real account would keep it."""
    yield from _ready(request)


def _ready(request: pytest.FixtureRequest) -> Iterator[Stage]:
    for found in _stages(request):
        found.client.ensure_key(found.object_name, found.key, "The other CRM's record ID")
        yield found


def _stages(request: pytest.FixtureRequest) -> Iterator[Stage]:
    kind, _, name = request.param.partition("-")
    crm = Crm(name)
    if kind == "memory":
        yield in_memory(crm)
    elif kind == "simulated":
        control = request.getfixturevalue(f"{name}_control")
        make = hubspot_client if crm is Crm.HUBSPOT else salesforce_client
        yield simulated(make(control.url, token_of(control)), control)
    else:
        yield from on_loan(REAL[crm])


def changed_since(stage: Stage, since: datetime, *words: str) -> list[Any]:
    asked = Asked(stage.object_name, since, tuple(stage.fields(*words)))
    return list(stage.client.changed([asked]).rows[stage.object_name])


def change_of(stage: Stage, id: str, *words: str) -> ChangedRow:
    """Return the change of one record, as soon as the CRM's list of changes shows it."""
    for _ in range(stage.patience - 1):
        if id in {row.id for row in changed_since(stage, an_hour_ago())}:
            break
        time.sleep(1)
    return next(row for row in changed_since(stage, an_hour_ago(), *words) if row.id == id)


def an_hour_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


def test_it_says_who_answers(stage):
    identity = stage.client.identity()
    assert identity.id and identity.name and identity.host


def test_it_describes_its_fields(stage):
    fields = stage.client.fields(stage.object_name)
    (email,) = stage.fields("email")
    assert fields[email].kind == "email"
    assert fields[email].writable
    assert fields[stage.key].writable


def test_making_the_key_twice_is_no_error(stage):
    stage.client.ensure_key(stage.object_name, stage.key, "The other CRM's record ID")
    assert stage.key in stage.client.fields(stage.object_name)


def test_it_says_what_its_user_may_do(stage):
    granted = stage.client.granted([stage.object_name])
    assert granted.rights
    assert granted.objects.keys() <= {stage.object_name}
    assert not granted.syncs_elsewhere


def test_it_names_who_holds_a_value_one_call_after_the_other(our_stage):
    stage = our_stage
    ids = {stage.create(nobody(title="Countess")) for _ in range(3)}
    (title,) = stage.fields("title")
    found, last = list[str](), ""
    while some := stage.client.holders(stage.object_name, title, last):
        assert last not in some
        found += some
        last = some[-1]
    assert ids <= {*found} and len(found) == len({*found})
    assert stage.create(nobody()) not in found


def test_a_created_record_is_among_the_changed(stage):
    id = stage.create(nobody(first="Ada"))
    row = change_of(stage, id, "first")
    assert not row.is_deleted
    if row.record is not None:
        assert row.record.values == stage.spelled({"first": "Ada"})


def test_changed_starts_at_the_moment_asked_for_not_after_it(stage):
    id = stage.create(nobody())
    stamp = change_of(stage, id).stamp
    assert id in {row.id for row in changed_since(stage, stamp)}
    assert id not in {row.id for row in changed_since(stage, stamp + timedelta(seconds=2))}


def test_changed_says_until_when_it_knows(stage):
    changes = stage.client.changed([Asked(stage.object_name, an_hour_ago())])
    assert abs(changes.until - datetime.now(UTC)) < timedelta(minutes=2)


def test_the_changed_come_oldest_first(stage):
    for _ in range(3):
        stage.create(nobody())
    stamps = [row.stamp for row in changed_since(stage, an_hour_ago())]
    assert stamps == sorted(stamps)


def test_a_change_list_and_a_read_bear_the_same_stamp(stage):
    id = stage.create(nobody())
    stamp = change_of(stage, id).stamp
    assert stage.client.read(stage.object_name, [id], [])[id].stamp == stamp


def test_a_read_returns_what_was_asked_for_and_blanks_as_none(stage):
    id = stage.create(nobody(first="Ada"))
    assert stage.read(id, "first", "city") == {"first": "Ada", "city": None}


def test_a_field_that_does_not_exist_is_absent_which_is_not_blank(stage):
    id = stage.create(nobody(first="Ada"))
    (first,) = stage.fields("first")
    record = stage.client.read(stage.object_name, [id], [first, "no_such_field__c"])[id]
    assert record.values == {first: "Ada"}


def test_an_id_that_nobody_bears_is_unseen(stage):
    id = stage.create(nobody())
    other = "999000999" if stage.crm is Crm.HUBSPOT else "003000000000999AAA"
    assert set(stage.client.read(stage.object_name, [id, other], [])) == {id}


def test_a_deleted_record_is_unseen_by_a_read(stage):
    id = stage.create(nobody())
    stage.delete(id)
    assert stage.client.read(stage.object_name, [id], []) == {}


def test_what_became_of_a_deleted_record_is_known(stage):
    id = stage.create(nobody())
    stage.delete(id)
    fates = stage.client.fates(stage.object_name, [id])
    assert fates == {id: Fate(is_deleted=True)}


def test_it_finds_records_by_e_mail_whatever_the_case(stage):
    person = nobody()
    id = stage.create(person)
    (email,) = stage.fields("email")
    wanted = [str(person["email"]).upper(), "nobody-at-all@example.org"]
    ((asked, (found,)),) = stage.client.find(stage.object_name, email, wanted, []).items()
    assert (asked, found.id, found.values) == (wanted[0], id, {email: person["email"]})


def test_it_finds_records_by_our_key(stage):
    key = stage.new_key()
    (made,) = stage.client.create(stage.object_name, [stage.row(key=key, **nobody())], stage.key)
    found = stage.client.find(stage.object_name, stage.key, [key, stage.new_key()], [])
    assert [(record.id, record.values[stage.key]) for record in found.pop(key)] == [(made.id, key)]
    assert not found


def test_a_create_answers_with_the_new_id(stage):
    row = stage.row(key=stage.new_key(), **nobody(first="Ada"))
    (outcome,) = stage.client.create(stage.object_name, [row], stage.key)
    assert outcome.created and outcome.problem is None and not outcome.in_doubt
    assert stage.read(outcome.id, "first") == {"first": "Ada"}


def test_creating_twice_by_one_key_makes_one_record(stage):
    row = stage.row(key=stage.new_key(), **nobody())
    (first,) = stage.client.create(stage.object_name, [row], stage.key)
    (second,) = stage.client.create(stage.object_name, [row], stage.key)
    assert (second.id, second.created) == (first.id, False)


def test_outcomes_come_in_the_order_of_the_rows(stage):
    people = [nobody(first=f"Number {n}") for n in range(7)]
    rows = [stage.row(key=stage.new_key(), **person) for person in people]
    outcomes = stage.client.create(stage.object_name, rows, stage.key)
    names = [stage.read(outcome.id, "first")["first"] for outcome in outcomes]
    assert names == [person["first"] for person in people]


def test_update_keeps_the_fields_it_does_not_name(stage):
    id = stage.create(nobody(first="Ada", city="London"))
    (outcome,) = stage.client.update(stage.object_name, [stage.row(id, city="Turin")])
    assert (outcome.id, outcome.problem) == (id, None)
    assert stage.read(id, "first", "city") == {"first": "Ada", "city": "Turin"}


def test_none_clears_a_field(stage):
    id = stage.create(nobody(city="London"))
    stage.client.update(stage.object_name, [stage.row(id, city=None)])
    assert stage.read(id, "city") == {"city": None}


def test_an_edit_moves_the_stamp(stage):
    id = stage.create(nobody(city="London"))
    before = stage.client.read(stage.object_name, [id], [])[id].stamp
    stage.edit(id, {"city": "Turin"})
    assert stage.client.read(stage.object_name, [id], [])[id].stamp >= before
    assert stage.read(id, "city") == {"city": "Turin"}


def test_what_it_says_it_holds_is_what_it_holds(stage):
    id = stage.create(nobody())
    row = stage.row(id, city="  Turin  ", email=f"{uuid.uuid4().hex.upper()}@Example.ORG")
    (outcome,) = stage.client.update(stage.object_name, [row])
    held = stage.client.read(stage.object_name, [id], list(row.values))[id].values
    assert held == stage.spelled({"city": "Turin", "email": held[stage.fields("email")[0]]})
    assert {**held, **outcome.held} == held


def test_one_bad_row_holds_back_no_other(stage):
    good, bad = stage.create(nobody()), stage.create(nobody())
    rows = [stage.row(bad, email="no address at all", city="Rome"), stage.row(good, city="Turin")]
    refused, done = stage.client.update(stage.object_name, rows)
    assert refused.problem.type.slug == "invalid-email"
    assert stage.read(bad, "city") == {"city": None}
    assert (done.id, done.problem) == (good, None)
    assert stage.read(good, "city") == {"city": "Turin"}


def test_a_deleted_record_cannot_be_updated(stage):
    gone, good = stage.create(nobody()), stage.create(nobody())
    stage.delete(gone)
    rows = [stage.row(gone, city="Turin"), stage.row(good, city="Turin")]
    refused, done = stage.client.update(stage.object_name, rows)
    assert refused.problem.type.slug == "record-deleted"
    assert done.problem is None


def test_nothing_to_write_is_nothing_written(stage):
    assert list(stage.client.create(stage.object_name, [], stage.key)) == []
    assert list(stage.client.update(stage.object_name, [])) == []


def test_a_deleted_record_may_come_back(our_stage):
    stage = our_stage
    id = stage.create(nobody(first="Ada"))
    stage.delete(id)
    stage.restore(id)
    assert stage.read(id, "first") == {"first": "Ada"}
    assert not change_of(stage, id).is_deleted


def test_a_record_that_was_merged_away_leads_to_its_survivor(our_stage):
    stage = our_stage
    kept, lost = stage.create(nobody(first="Ada")), stage.create(nobody(city="Turin"))
    survivor = stage.merge(kept, lost)
    if stage.crm is Crm.HUBSPOT:
        found = stage.client.read(stage.object_name, [survivor], [])[survivor]
        assert {kept, lost} <= {*found.absorbed}
    else:
        became = RecordRef(stage.object_name, survivor)
        assert stage.client.read(stage.object_name, [lost], []) == {}
        assert stage.client.fates(stage.object_name, [lost]) == {lost: Fate(True, became)}
        assert change_of(stage, lost).became == became
        forebears = stage.client.forebears(stage.object_name, [survivor])
        assert {at: list(ids) for at, ids in forebears.items()} == {survivor: [lost]}


def test_it_says_when_somebody_else_edited_a_field(stage):
    id = stage.create(nobody(city="London"))
    (city,) = stage.fields("city")
    stage.edit(id, {"city": "Turin"})
    times = stage.client.edited_at(stage.object_name, {id: [city]})
    if stage.patience > 1:
        assert times.keys() <= {id}  # on a real account the person is we
    elif stage.crm is Crm.SALESFORCE:
        assert times == {}  # no field history until an org switches it on
    else:
        assert abs(times[id][city] - datetime.now(UTC)) < timedelta(minutes=2)
        assert times[id].keys() == {city}


def test_salesforce_says_it_of_fields_that_its_admin_has_tracked(salesforce_stage):
    stage = salesforce_stage
    stage.track("city")
    id, ours = (stage.create(nobody(city="London", title="Analyst")) for _ in range(2))
    city, title = stage.fields("city", "title")
    stage.edit(id, {"city": "Turin", "title": "Countess"})
    stage.client.update(stage.object_name, [stage.row(ours, city="Turin")])
    edited = stage.client.read(stage.object_name, [id], [])[id].modified_at
    times = stage.client.edited_at(stage.object_name, {id: [city, title], ours: [city]})
    assert {at: some for at, some in times.items() if some} == {id: {city: edited}}


def test_hubspot_archives_for_us_twice_without_an_error(hubspot_stage):
    stage = hubspot_stage
    id, other = stage.create(nobody()), stage.create(nobody())
    for _ in range(2):
        (outcome,) = stage.client.archive(stage.object_name, [id])
        assert (outcome.id, outcome.problem) == (id, None)
    assert set(stage.client.read(stage.object_name, [id, other], [])) == {other}


def test_a_lifecycle_stage_moves_forward_only_and_a_step_back_is_no_error(hubspot_stage):
    stage, name = hubspot_stage, "lifecyclestage"
    order = stage.client.fields(stage.object_name)[name].options
    assert order.index("lead") < order.index("opportunity") < order.index("customer")
    id = stage.create(nobody())
    for value, held in (("customer", "customer"), ("lead", "customer"), ("evangelist",) * 2):
        (outcome,) = stage.client.update(stage.object_name, [Row({name: value}, id=id)])
        assert outcome.problem is None and outcome.held == {name: held}
        assert stage.client.read(stage.object_name, [id], [name])[id].values == {name: held}


def test_a_property_of_ours_takes_options_that_it_lacks(hubspot_stage):
    stage = hubspot_stage
    name = "crmsync_contract_test"
    field = Field(name, "crmsync contract test", FieldKind.PICKLIST, options=("One",))
    for _ in range(2):
        stage.client.create_property(stage.object_name, field)
    stage.client.add_options(stage.object_name, name, ["Two", "One"])
    id = stage.create(nobody())
    (outcome,) = stage.client.update(stage.object_name, [Row({name: "Two"}, id=id)])
    assert outcome.problem is None
    assert stage.client.read(stage.object_name, [id], [name])[id].values == {name: "Two"}
