"""Random merges, conversions, deletions and restores among random edits: at rest every living record
has at most one partner, partners agree under their rules, and one more poll writes nothing."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync_engine.core import error_types
from sync_engine.core.errors import CrmError, Problem
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.models import RecordChange, RecordLink
from tests.engine.conftest import World
from tests.engine.test_convergence import thrown_away

EMAILS = ("ada@example.org", "bob@example.org", "eve@example.org")
TWO_WAY = {"jobtitle": "Title", "phone": "Phone"}
VALUES = (None, "1", "2")
KINDS = ("contacts", "Contact", "Lead")

some = st.integers(0, 5)  # which of the living records, counted round
acts = st.one_of(
    st.tuples(st.just("create"), st.sampled_from(KINDS), st.sampled_from(EMAILS)),
    st.tuples(st.just("edit"), st.sampled_from(KINDS), some, st.sampled_from(VALUES)),
    st.tuples(st.just("merge"), st.sampled_from(KINDS), some, some),
    st.tuples(st.just("convert"), some, some),
    st.tuples(st.just("delete"), st.sampled_from(KINDS), some),
    st.tuples(st.just("restore"), st.sampled_from(KINDS), some),
    st.tuples(
        st.just("trouble"), st.sampled_from(list(Crm)), st.sampled_from(["fail", "lose", "drop"])
    ),
    st.tuples(st.just("poll")),
    st.tuples(st.just("poll")),
    st.tuples(st.just("wait"), st.integers(1, 30)),
)


class Play:
    """A world in which people act; what a CRM refuses them does not happen."""

    def __init__(self, deletes: bool) -> None:
        self.world = World()
        for name in TWO_WAY:
            self.world.rule(name, SyncRule.TWO_WAY)
        if deletes:
            self.world.answer("salesforce_deleted", "delete")

    def act(self, name, *arguments):
        self.world.clock.forward(seconds=3)
        with suppress(CrmError):
            getattr(self, name)(*arguments)

    def crm(self, kind):
        return self.world.hubspot if kind == "contacts" else self.world.salesforce

    def one(self, kind, number):
        ids = self.living(kind)
        return ids[number % len(ids)] if ids else None

    def living(self, kind):
        """Ids of records that people can still edit: no converted leads."""
        rows = self.crm(kind)._store.rows[kind]
        return [id for id in self.crm(kind).ids_of(kind) if rows[id].became is None]

    def create(self, kind, email):
        last, address = ("lastname", "email") if kind == "contacts" else ("LastName", "Email")
        company = {"Company": "Babbage & Co"} if kind == "Lead" else {}
        self.crm(kind).person_creates(kind, {last: "X", address: email, **company})

    def edit(self, kind, number, value):
        name = "jobtitle" if kind == "contacts" else "Title"
        if id := self.one(kind, number):
            self.crm(kind).person_edits(kind, id, {name: value})

    def merge(self, kind, winner, loser):
        pair = self.one(kind, winner), self.one(kind, loser)
        if None not in pair and pair[0] != pair[1]:
            self.crm(kind).person_merges(kind, *pair)

    def convert(self, lead, contact):
        pair = self.one("Lead", lead), self.one("Contact", contact)
        if None not in pair:
            self.world.salesforce.person_converts(*pair)

    def delete(self, kind, number):
        if id := self.one(kind, number):
            self.crm(kind).person_deletes(kind, id)

    def restore(self, kind, number):
        rows = self.crm(kind)._store.rows[kind].values()
        binned = [row.id for row in rows if row.is_deleted and row.became is None]
        if binned:
            id = binned[number % len(binned)]
            email = rows and self.crm(kind)._store.rows[kind][id].values.get("email")
            if kind == "contacts" and self.world.hubspot._store.owner(kind, "email", email):
                return
            self.crm(kind).person_restores(kind, id)

    def trouble(self, crm, kind):
        client = self.world.crms.of(crm)
        match kind:
            case "fail":
                client.fail_next(Problem(crm, error_types.TEMPORARY, "DOWN"))
            case "lose":
                client.lose_next_write()
            case "drop":
                client.lose_next_answer()

    def poll(self):
        self.world.poll()

    def wait(self, minutes):
        self.world.clock.forward(minutes=minutes)

    def rest(self):
        for crm in Crm:
            client = self.world.crms.of(crm)
            client._refusing.clear(), client._failing.clear(), client._losing.clear()
        for _ in range(5):
            self.world.clock.forward(days=1, minutes=1)
            self.world.poll()


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.booleans(), st.lists(acts, max_size=30))
def test_whatever_moves_nothing_is_doubled_and_partners_agree(deletes, play_acts):
    with thrown_away():
        play = Play(deletes)
        for name, *arguments in play_acts:
            play.act(name, *arguments)
        play.rest()
        check(play)


def check(play):
    world = play.world
    live = list(world.links.filter(state=RecordLink.State.LIVE))
    hubspot = set(world.hubspot.ids_of("contacts"))
    salesforce = {id: kind for kind in ("Contact", "Lead") for id in play.living(kind)}
    for link in live:
        assert link.salesforce_id in salesforce, link
        if link.hubspot_id not in hubspot:
            continue  # HubSpot's search does not tell of deletions: an edit of its partner will
        here = world.in_hubspot(link.hubspot_id)
        there = world.salesforce.values_of(link.salesforce_object, link.salesforce_id)
        for name, field in TWO_WAY.items():
            assert here.get(name) == there.get(field), (name, here, there)
        assert there[world.connection.key_field] == link.hubspot_id
        assert here[world.connection.key_property] == link.salesforce_id
    assert max(Counter(link.hubspot_id for link in live).values(), default=1) == 1
    assert max(Counter(link.salesforce_id for link in live).values(), default=1) == 1
    # Whoever is alone is so for a reason that is written down.
    told = {id for error in world.errors for id in (error.hubspot_id, error.salesforce_id) if id}
    tombs = world.links.exclude(state__in=RecordLink.OPEN)
    told |= {id for tomb in tombs for id in (tomb.hubspot_id, tomb.salesforce_id) if id}
    linked = {id for link in live for id in (link.hubspot_id, link.salesforce_id)}
    assert hubspot | set(salesforce) <= linked | told
    assert not RecordChange.objects.unsettled().exists()

    last = world.poll()
    assert last.written_to_hubspot == last.written_to_salesforce == 0
