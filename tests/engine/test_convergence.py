"""Random edits on both sides, refusals, lost answers, dead CRMs: at rest both sides agree under
the rules, and one more poll writes nothing."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync_engine.core import error_types
from sync_engine.core.errors import Problem
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.models import RecordLink
from tests.engine.conftest import World

EMAILS = ("ada@example.org", "bob@example.org", "eve@example.org")
RULES = {
    "jobtitle": SyncRule.TWO_WAY,
    "phone": SyncRule.PREFER_SALESFORCE,
    "city": SyncRule.ALWAYS_SALESFORCE,
    "fax": SyncRule.DONT_SYNC,
}
PAIRS = {"jobtitle": "Title", "phone": "Phone", "city": "MailingCity", "fax": "Fax"}

values = st.sampled_from([None, "1", "2", "3"])
crms = st.sampled_from(list(Crm))
emails = st.sampled_from(EMAILS)
actions = st.one_of(
    st.tuples(st.just("create"), crms, emails),
    st.tuples(st.just("edit"), crms, emails, st.sampled_from(list(PAIRS)), values),
    st.tuples(st.just("trouble"), crms, st.sampled_from(["refuse", "fail", "lost", "drop"])),
    st.tuples(st.just("poll")),
    st.tuples(st.just("wait"), st.integers(1, 30)),
)
DOWN = {crm: Problem(crm, error_types.TEMPORARY, "DOWN") for crm in Crm}
NO = {crm: Problem(crm, error_types.VALIDATION_RULE, "NO") for crm in Crm}


class Play:
    """A world in which people act."""

    def __init__(self) -> None:
        self.world = World()
        self.records: dict[tuple[Crm, str], str] = {}
        for name, rule in RULES.items():
            self.world.rule(name, rule)

    def create(self, crm, email):
        if email in self.emails(crm):
            return
        object_name, email_field, last = _names(crm)
        self.world.crms.of(crm).person_creates(object_name, {email_field: email, last: "X"})

    def edit(self, crm, email, name, value):
        self.world.clock.forward(seconds=5)
        if email in self.emails(crm):
            field = name if crm is Crm.HUBSPOT else PAIRS[name]
            client, object_name = self.world.crms.of(crm), _names(crm)[0]
            client.person_edits(object_name, self.emails(crm)[email], {field: value})

    def trouble(self, crm, kind):
        client = self.world.crms.of(crm)
        match kind:
            case "refuse":
                client.refuse_next(NO[crm])
            case "fail":
                client.fail_next(DOWN[crm])
            case "lost":
                client.lose_next_write()
            case "drop":
                client.lose_next_answer()

    def poll(self):
        self.world.poll()

    def wait(self, minutes):
        self.world.clock.forward(minutes=minutes)

    def rest(self):
        """Let every retry come due, until nothing more is to be done."""
        for crm in Crm:
            client = self.world.crms.of(crm)
            client._refusing.clear(), client._failing.clear(), client._losing.clear()
        for _ in range(4):
            self.world.clock.forward(days=1, minutes=1)
            self.world.poll()

    def emails(self, crm):
        client, (object_name, email, _) = self.world.crms.of(crm), _names(crm)
        return {client.values_of(object_name, id)[email]: id for id in client.ids_of(object_name)}

    def held(self, email):
        """Return {property: (HubSpot's value, Salesforce's value)} of one person."""
        hubspot = self.world.in_hubspot(self.emails(Crm.HUBSPOT)[email])
        salesforce = self.world.in_salesforce(self.emails(Crm.SALESFORCE)[email])
        return {name: (hubspot.get(name), salesforce.get(field)) for name, field in PAIRS.items()}


def _names(crm):
    return (
        ("contacts", "email", "lastname")
        if crm is Crm.HUBSPOT
        else ("Contact", "Email", "LastName")
    )


@contextmanager
def thrown_away():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(actions, max_size=25))
def test_at_rest_both_sides_agree_and_nothing_is_doubled(acts):
    with thrown_away():
        play = Play()
        for name, *arguments in acts:
            getattr(play, name)(*arguments)
        play.rest()

        assert set(play.emails(Crm.HUBSPOT)) == set(play.emails(Crm.SALESFORCE))
        for crm in Crm:
            ids = play.world.crms.of(crm).ids_of(_names(crm)[0])
            assert len(ids) == len(play.emails(crm))
        for email in play.emails(Crm.HUBSPOT):
            held = play.held(email)
            assert held["jobtitle"][0] == held["jobtitle"][1]
            assert held["phone"][0] == held["phone"][1]
            # Always use Salesforce leaves what only HubSpot has.
            assert held["city"][0] == held["city"][1] or held["city"][1] is None
        assert not play.world.links.exclude(state=RecordLink.State.LIVE).exists()
        assert not play.world.errors.exists()

        last = play.world.poll()
        assert last.written_to_hubspot == last.written_to_salesforce == 0
