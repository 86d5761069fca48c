"""How a CRM must behave. One suite for the CRM in memory, the simulators, and on request real
accounts: CRMSYNC_REAL_HUBSPOT_TOKEN, or CRMSYNC_REAL_SALESFORCE_TOKEN with its _URL. Against a
real account it makes and edits contacts that it cannot take away again: use a test account.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sync_engine.core.values import Crm, Value
from sync_engine.crms.base import Asked, CrmClient, Fate, Row
from sync_engine.crms.memory import MemoryCrm
from tests.simulated import hubspot_client, salesforce_client, token_of

KEYS = {Crm.HUBSPOT: "crmsync_salesforce_id", Crm.SALESFORCE: "HubSpot_24816357_Id__c"}

# What a test says -> the CRM's own field.
WORDS = {
    Crm.HUBSPOT: {
        "first": "firstname",
        "last": "lastname",
        "email": "email",
        "city": "city",
        "title": "jobtitle",
    },
    Crm.SALESFORCE: {
        "first": "FirstName",
        "last": "LastName",
        "email": "Email",
        "city": "MailingCity",
        "title": "Title",
    },
}


def nobody(**values: Value) -> dict[str, Value]:
    """A contact that no other test knows."""
    return {"last": "Lovelace", "email": f"{uuid.uuid4().hex}@example.org", **values}


@dataclass
class Stage:
    """A CRM, and a person at its screens who creates, edits and deletes. Words of `nobody`."""

    client: CrmClient
    create: Callable[[Mapping[str, Value]], str]
    edit: Callable[[str, Mapping[str, Value]], None]
    delete: Callable[[str], None]

    @property
    def crm(self) -> Crm:
        return self.client.crm

    @property
    def object_name(self) -> str:
        return "contacts" if self.crm is Crm.HUBSPOT else "Contact"

    @property
    def key(self) -> str:
        return KEYS[self.crm]

    def fields(self, *words: str) -> list[str]:
        return [WORDS[self.crm][word] for word in words]

    def spelled(self, values: Mapping[str, Value]) -> dict[str, Value]:
        return {WORDS[self.crm][word]: value for word, value in values.items()}

    def read(self, id: str, *words: str) -> dict[str, Value]:
        record = self.client.read(self.object_name, [id], self.fields(*words))[id]
        said = {name: word for word, name in WORDS[self.crm].items()}
        return {said[name]: value for name, value in record.values.items()}

    def row(self, id: str | None = None, key: str | None = None, **values: Value) -> Row:
        return Row(self.spelled(values), id=id, key=key)

    def new_key(self) -> str:
        number = uuid.uuid4().int % 10**12
        return str(number) if self.crm is Crm.SALESFORCE else f"003{number:015}"


def in_memory(crm: Crm) -> Stage:
    memory = MemoryCrm(crm, lambda: datetime.now(UTC))
    stage = Stage(memory, *(None,) * 3)  # type: ignore[arg-type]
    stage.create = lambda values: memory.person_creates(stage.object_name, stage.spelled(values))
    stage.edit = lambda id, values: memory.person_edits(
        stage.object_name, id, stage.spelled(values)
    )
    stage.delete = lambda id: memory.person_deletes(stage.object_name, id)
    return stage


def simulated(client: CrmClient, control: Any) -> Stage:
    stage = Stage(client, *(None,) * 3)  # type: ignore[arg-type]
    where = f"records/{stage.object_name}"

    def create(values: Mapping[str, Value]) -> str:
        return str(control.call("POST", where, by="Ada", values=stage.spelled(values))["id"])

    stage.create = create
    stage.edit = lambda id, values: control.call(
        "PATCH", f"{where}/{id}", by="Ada", values=stage.spelled(values)
    )
    stage.delete = lambda id: control.call("DELETE", f"{where}/{id}", by="Ada")
    return stage


def real(client: CrmClient) -> Stage:
    """A person's deeds are done through the API too: it cannot be told from outside."""
    stage = Stage(client, *(None,) * 3)  # type: ignore[arg-type]

    def create(values: Mapping[str, Value]) -> str:
        row = stage.row(key=stage.new_key(), **values)
        (outcome,) = client.create(stage.object_name, [row], stage.key)
        assert outcome.id and outcome.problem is None
        return outcome.id

    stage.create = create
    stage.edit = lambda id, values: client.update(stage.object_name, [stage.row(id, **values)])
    return stage


OURS = ["memory-hubspot", "memory-salesforce", "simulated-hubspot", "simulated-salesforce"]
REAL = ["real-hubspot"] if os.environ.get("CRMSYNC_REAL_HUBSPOT_TOKEN") else []
REAL += ["real-salesforce"] if os.environ.get("CRMSYNC_REAL_SALESFORCE_TOKEN") else []


@pytest.fixture(params=OURS + REAL)
def stage(request: pytest.FixtureRequest) -> Stage:
    return _ready(request)


@pytest.fixture(params=OURS)
def stage_with_deletes(request: pytest.FixtureRequest) -> Stage:
    """A real account is left out: nobody deletes there."""
    return _ready(request)


def _ready(request: pytest.FixtureRequest) -> Stage:
    found = _stage(request)
    found.client.ensure_key(found.object_name, found.key, "The other CRM's record ID")
    return found


def _stage(request: pytest.FixtureRequest) -> Stage:
    match request.param:
        case "memory-hubspot":
            return in_memory(Crm.HUBSPOT)
        case "memory-salesforce":
            return in_memory(Crm.SALESFORCE)
        case "simulated-hubspot":
            control = request.getfixturevalue("hubspot_control")
            return simulated(hubspot_client(control.url, token_of(control)), control)
        case "simulated-salesforce":
            control = request.getfixturevalue("salesforce_control")
            return simulated(salesforce_client(control.url, token_of(control)), control)
        case "real-hubspot":
            token = os.environ["CRMSYNC_REAL_HUBSPOT_TOKEN"]
            return real(hubspot_client("https://api.hubapi.com", token))
    url = os.environ["CRMSYNC_REAL_SALESFORCE_URL"]
    return real(salesforce_client(url, os.environ["CRMSYNC_REAL_SALESFORCE_TOKEN"]))


def changed_since(stage: Stage, since: datetime, *words: str) -> list[Any]:
    asked = Asked(stage.object_name, since, tuple(stage.fields(*words)))
    return list(stage.client.changed([asked]).rows[stage.object_name])


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


def test_it_names_who_holds_a_value_one_call_after_the_other(stage):
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
    row = next(row for row in changed_since(stage, an_hour_ago(), "first") if row.id == id)
    assert not row.is_deleted
    if row.record is not None:
        assert row.record.values == stage.spelled({"first": "Ada"})


def test_changed_starts_at_the_moment_asked_for_not_after_it(stage):
    id = stage.create(nobody())
    stamp = next(row.stamp for row in changed_since(stage, an_hour_ago()) if row.id == id)
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
    stamp = next(row.stamp for row in changed_since(stage, an_hour_ago()) if row.id == id)
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


def test_a_deleted_record_is_unseen_by_a_read(stage_with_deletes):
    id = stage_with_deletes.create(nobody())
    stage_with_deletes.delete(id)
    assert stage_with_deletes.client.read(stage_with_deletes.object_name, [id], []) == {}


def test_what_became_of_a_deleted_record_is_known(stage_with_deletes):
    id = stage_with_deletes.create(nobody())
    stage_with_deletes.delete(id)
    fates = stage_with_deletes.client.fates(stage_with_deletes.object_name, [id])
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


def test_a_deleted_record_cannot_be_updated(stage_with_deletes):
    gone, good = stage_with_deletes.create(nobody()), stage_with_deletes.create(nobody())
    stage_with_deletes.delete(gone)
    rows = [stage_with_deletes.row(gone, city="Turin"), stage_with_deletes.row(good, city="Turin")]
    refused, done = stage_with_deletes.client.update(stage_with_deletes.object_name, rows)
    assert refused.problem.type.slug == "record-deleted"
    assert done.problem is None


def test_nothing_to_write_is_nothing_written(stage):
    assert list(stage.client.create(stage.object_name, [], stage.key)) == []
    assert list(stage.client.update(stage.object_name, [])) == []
