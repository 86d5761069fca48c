"""Whatever is done to contacts and accounts in whatever order, no record is lost or doubled, and
what Salesforce shows is what was done."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from sync_engine.simulators.base import Refused
from sync_engine.simulators.salesforce import SalesforceSimulator
from tests.simulators.fuzzing import count, long_looks
from tests.simulators.salesforce.conftest import KEY, Api
from tests.simulators.salesforce.exchanges import look_into

EMAILS = ["ada@a.example", "Ada@A.example", "bo@a.example", None]
KEYS = ["1", "2", "3"]
values = st.fixed_dictionaries(
    {},
    optional={
        "Email": st.sampled_from(EMAILS),
        "Title": st.sampled_from([" Countess ", "Rear admiral", "x" * 200, ""]),
        KEY: st.sampled_from([*KEYS, None]),
    },
)


def stored(given: dict[str, Any]) -> dict[str, Any]:
    """Return values as Salesforce keeps them: trimmed, addresses in lower case, blanks as null."""
    kept = {name: value.strip() or None if value else None for name, value in given.items()}
    return kept | ({"Email": (kept["Email"] or "").lower() or None} if "Email" in kept else {})


class Life(RuleBasedStateMachine):
    """held: what each contact ever made holds; gone: those in the recycle bin; merged: into whom;
    accounts: those alive; along: the contacts that went with a deleted account."""

    contacts, accounts = Bundle("contacts"), Bundle("accounts")

    def __init__(self) -> None:
        super().__init__()
        self.simulator = SalesforceSimulator()
        self.faults = look_into(self.simulator)
        count(self.simulator)
        self.api = Api(self.simulator)
        self.api.key()
        self.api.grant()
        self.act("track-history", object="Contact", fields=["Email", "Title"])
        self.held: dict[str, dict[str, Any]] = {}
        self.gone: set[str] = set()
        self.merged: dict[str, str] = {}
        self.purged: set[str] = set()
        self.of: dict[str, str | None] = {}  # contact -> account
        self.along: dict[str, set[str]] = {}

    @initialize(target=accounts)
    def found(self):
        self.first = self.make_account()
        return self.first

    @initialize(target=contacts, given=st.lists(values, min_size=4, max_size=4))
    def begin(self, given):
        """Begin with contacts, as far as their values allow, of whom some belong to an account."""
        account = getattr(self, "first", None)
        owners = [account, None, account, None]
        return multiple(*map(self.create, given, owners))

    @rule(target=accounts)
    def make_account(self):
        return self.api("POST", "sobjects/Account", {"Name": "Acme"}).body["id"]

    @rule(target=contacts, given=values, account=st.none() | accounts)
    def create(self, given, account):
        sent = {"LastName": "Lovelace", "AccountId": account, **given}
        answered = self.api("POST", "sobjects/Contact", sent)
        is_there = account is None or account not in self.along
        assert (answered.status == 201) == (self.may_hold(None, given) and is_there), answered
        return self.made(answered.body["id"], given, account) if answered.status == 201 else ""

    @rule(rows=st.lists(st.tuples(contacts, values), max_size=3), together=st.booleans())
    def update(self, rows, together):
        records = [{"attributes": {"type": "Contact"}, "Id": at, **given} for at, given in rows]
        sent = {"records": records, "allOrNone": together}
        answered = self.api("PATCH", "composite/sobjects", sent)
        if answered.status != 200:
            return
        for (at, given), done in zip(rows, answered.body, strict=True):
            if done["success"]:
                assert self.is_alive(at)
                self.held[at] |= stored(given)
            else:
                assert done["errors"]

    @rule(target=contacts, key=st.sampled_from(KEYS), given=values)
    def upsert(self, key, given):
        given.pop(KEY, None)
        bearer = self.bearer(key)
        sent = {"LastName": "Hopper", **given}
        answered = self.api("PATCH", f"sobjects/Contact/{KEY}/{key}", sent)
        if answered.status >= 400:
            return bearer or ""
        assert answered.body["created"] == (bearer is None)
        if bearer is None:
            return self.made(answered.body["id"], {KEY: key, **given}, None)
        assert answered.body["id"] == bearer
        self.held[bearer] |= stored(given)
        return bearer

    @rule(at=contacts)
    def delete(self, at):
        answered = self.api("DELETE", f"sobjects/Contact/{at}")
        assert (answered.status == 204) == self.is_alive(at)
        self.gone |= {at} if answered.status == 204 else set()

    @rule(at=contacts)
    def undelete(self, at):
        if self.act("undelete", id=at):
            assert at in self.gone
            self.gone.discard(at)
            self.merged.pop(at, None)

    @rule(winner=contacts, loser=contacts)
    def merge(self, winner, loser):
        could = self.is_alive(winner) and self.is_alive(loser) and winner != loser
        done = self.act("merge", object="Contact", winner=winner, losers=[loser])
        assert done == could
        if done:
            self.gone.add(loser)
            self.merged[loser] = winner

    @rule(at=contacts)
    def purge(self, at):
        if self.act("purge", id=at):
            assert at in self.gone
            self.gone.discard(at)
            self.purged.add(at)

    @rule(account=accounts)
    def delete_account(self, account):
        answered = self.api("DELETE", f"sobjects/Account/{account}")
        assert (answered.status == 204) == (account not in self.along)
        if answered.status == 204:
            own = {at for at, owner in self.of.items() if owner == account and self.is_alive(at)}
            self.along[account] = own
            self.gone |= own

    @rule(account=accounts)
    def undelete_account(self, account):
        if self.act("undelete", id=account):
            self.gone -= self.along.pop(account)

    @rule()
    def restart(self):
        """Save the state and start anew from it."""
        saved = orjson.loads(orjson.dumps(self.simulator.dump()))
        self.simulator.restore(saved)

    @invariant()
    def no_record_is_lost_or_doubled(self):
        asked = f"SELECT Id, IsDeleted, MasterRecordId, Email, Title, {KEY} FROM Contact"
        rows = self.api.query(asked, "queryAll")["records"]
        found = {row["Id"]: row for row in rows}
        assert len(found) == len(rows)
        assert found.keys() == self.held.keys() - self.purged
        for at, row in found.items():
            assert row["IsDeleted"] == (at in self.gone)
            assert {name: row[name] for name in self.held[at]} == self.held[at]
            assert row["MasterRecordId"] == self.merged.get(at)

    @invariant()
    def a_key_belongs_to_one(self):
        keys = [self.held[at].get(KEY) for at in self.held if self.is_alive(at)]
        assert len([key for key in keys if key]) == len({key for key in keys if key})

    @invariant()
    def an_index_finds_what_a_scan_finds(self):
        for name, wanted in ((KEY, KEYS), ("Email", ["ada@a.example", "bo@a.example"])):
            for value in wanted:
                found = self.api.query(f"SELECT Id FROM Contact WHERE {name} = '{value}'")
                ids = {row["Id"] for row in found["records"]}
                alive = {at for at in self.held if self.is_alive(at)}
                assert ids == {at for at in alive if self.held[at].get(name) == value}
        counted = self.api.query("SELECT COUNT() FROM Contact")["totalSize"]
        assert counted == sum(map(self.is_alive, self.held))

    @invariant()
    def the_audit_tells_the_same(self):
        told: dict[str, dict[str, Any]] = {}
        for entry in self.simulator.audit():
            if entry["object"] == "Contact":
                told.setdefault(entry["id"], {}).update(entry["values"])
        assert told.keys() == self.held.keys()
        for at, held in self.held.items():
            assert {name: told[at].get(name) for name in held} == held

    @invariant()
    def the_history_leads_to_what_is_held(self):
        changes = "SELECT ContactId, Field, OldValue, NewValue FROM ContactHistory"
        last: dict[tuple[str, str], Any] = {}
        made = []
        for row in self.api.query(changes)["records"]:
            at, name = row["ContactId"], row["Field"]
            made += [at] if name == "created" else []
            assert row["OldValue"] == last.get((at, name), row["OldValue"])
            last[at, name] = row["NewValue"]
        assert sorted(made) == sorted(filter(self.is_alive, self.held))
        for (at, name), value in last.items():
            assert name == "created" or self.held[at].get(name) == value

    def teardown(self):
        assert not self.faults, "\n".join(self.faults)

    def made(self, at, given, account):
        assert at not in self.held
        self.held[at], self.of[at] = stored(given), account
        return at

    def is_alive(self, at):
        return at in self.held and at not in self.gone and at not in self.purged

    def bearer(self, key):
        alive = (at for at in self.held if self.is_alive(at))
        return next((at for at in alive if key and self.held[at].get(KEY) == key), None)

    def may_hold(self, at, given):
        return self.bearer(given.get(KEY)) in (None, at) and len(given.get("Title") or "") <= 128

    def act(self, name, **asked):
        try:
            self.simulator.actions()[name](asked)
        except Refused:
            return False
        return True


def test_no_life_of_an_org_ends_in_disorder():
    run_state_machine_as_test(Life, settings=long_looks(50, 40))
