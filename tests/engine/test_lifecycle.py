"""Opportunities that move contacts' lifecycle stage on. Source: product.md 7.4, sync.md 2."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection as database
from django.utils import timezone

from sync_engine.core import error_types
from sync_engine.core.checks import Grade
from sync_engine.core.errors import Problem
from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.crms.base import Row
from sync_engine.crms.memory_fields import FIELDS
from sync_engine.models import FieldMapping, ObjectSettings, Segment
from sync_engine.runs import connect
from sync_engine.runs.checks import ask, outcome
from sync_engine.runs.poll import poll
from tests.engine.conftest import World
from tests.engine.test_values import map_fields
from tests.logins import log_in
from tests.simulated import hubspot_client, salesforce_client, token_of

STAGE = Field("Stage__c", "Stage", FieldKind.TEXT, "string", max_length=80)
OPPORTUNITY = {
    "Name": Field("Name", "Name", FieldKind.TEXT),
    **{
        name: Field(name, name, FieldKind.YES_NO, "boolean", blank_is=False)
        for name in ("IsClosed", "IsWon")
    },
}
CONTACT = {**FIELDS[Crm.SALESFORCE]["Contact"], "Stage__c": STAGE}


def new_world():
    world = World({"Opportunity": OPPORTUNITY, "Contact": CONTACT})
    world.answer("opportunity_changed", "update")
    return world


@pytest.fixture
def world(db) -> World:
    return new_world()


def opportunity(world, contact, *, closed=False, won=False):
    """Attach a contact to a new opportunity; return its id."""
    values = {"Name": "Engine", "IsClosed": closed, "IsWon": won}
    id = world.salesforce.person_creates("Opportunity", values)
    attach(world, contact, id)
    return id


def attach(world, contact, id):
    role = {"ContactId": contact, "OpportunityId": id}
    return world.salesforce.person_creates("OpportunityContactRole", role)


def change(world, id, *, closed=True, won=False):
    world.salesforce.person_edits("Opportunity", id, {"IsClosed": closed, "IsWon": won})


def stage(world, here):
    return world.in_hubspot(here).get("lifecyclestage")


def writes(world):
    return sum(
        crm.calls[verb]
        for crm in (world.hubspot, world.salesforce)
        for verb in ("create", "update")
    )


def test_a_contact_goes_with_its_opportunity_and_says_why(world):
    here, there = world.linked(lifecyclestage="lead")
    id = opportunity(world, there)
    world.poll()
    assert stage(world, here) == "opportunity"
    change(world, id, won=True)
    world.poll()
    assert stage(world, here) == "customer"

    rows = [c.fields["lifecyclestage"] for c in world.changes if "lifecyclestage" in c.fields]
    assert [(one["old"], one["new"], one["reason"]) for one in rows] == [
        ("lead", "opportunity", "An opportunity of this contact is open"),
        ("opportunity", "customer", "An opportunity of this contact was won"),
    ]
    before = writes(world)
    world.poll()
    assert writes(world) == before and not world.errors


def test_a_lost_opportunity_and_one_of_the_account_only_change_nothing(world):
    here, there = world.linked(lifecyclestage="lead")
    opportunity(world, there, closed=True)
    world.salesforce.person_creates("Opportunity", {"Name": "Engine", "IsClosed": False})
    world.poll()
    assert stage(world, here) == "lead"


def test_it_never_moves_backwards(world):
    here, there = world.linked(lifecyclestage="customer")
    opportunity(world, there)
    before = writes(world)
    world.poll()
    assert stage(world, here) == "customer"
    assert writes(world) == before and not world.errors


def test_who_is_set_back_in_hubspot_stays_there_until_an_opportunity_moves(world):
    here, there = world.linked(lifecyclestage="lead")
    id = opportunity(world, there)
    world.poll()
    for value in (None, "lead"):
        world.hubspot.person_edits("contacts", here, {"lifecyclestage": value})
    world.salesforce.person_edits("Opportunity", id, {"Name": "Analytical Engine"})
    opportunity(world, there)
    world.poll()
    world.poll()
    assert stage(world, here) == "lead"

    change(world, id, won=True)
    world.poll()
    assert stage(world, here) == "customer"


def test_do_nothing_is_the_default_and_asks_salesforce_for_nothing_more(world):
    here, there = world.linked(lifecyclestage="lead")
    world.answer("opportunity_changed", "nothing")
    opportunity(world, there)
    world.salesforce.calls.clear()
    world.poll()
    assert stage(world, here) == "lead"
    assert world.salesforce.calls == {"changed": 1}


def test_a_poll_without_news_costs_one_call_and_a_role_that_is_known_no_more(world):
    here, there = world.linked(lifecyclestage="lead")
    opportunity(world, there)
    world.poll()
    world.poll()
    world.salesforce.calls.clear()
    world.poll()
    assert world.salesforce.calls == {"changed": 1}


def test_a_new_hubspot_contact_begins_where_its_opportunity_is(world):
    values = {"Email": "ada@example.org", "LastName": "Byron"}
    opportunity(world, world.salesforce.person_creates("Contact", values), closed=True, won=True)
    world.poll()
    assert stage(world, world.links.get().hubspot_id) == "customer"


def test_where_no_value_flows_to_hubspot_none_of_these_does(world):
    here, there = world.linked(lifecyclestage="lead")
    world.answer("salesforce_changed", "nothing")
    opportunity(world, there)
    world.poll()
    assert stage(world, here) == "lead"


def test_nothing_moves_outside_of_the_segment(world):
    here, there = world.linked(lifecyclestage="lead")
    world.hubspot.lists.person_makes("17", "Customers", "1")
    Segment.objects.choose(
        world.connection.pk, "contacts", ("17", "Customers"), seen="", by="Grace", now=world.clock()
    )
    opportunity(world, there)
    world.poll()
    assert stage(world, here) == "lead"

    world.hubspot.lists.person_adds("17", here)
    world.poll()
    assert stage(world, here) == "opportunity"


@pytest.mark.parametrize("loss", ["lose_next_write", "lose_next_answer"])
def test_a_stage_in_doubt_is_settled_by_reading(world, loss):
    here, there = world.linked(lifecyclestage="lead")
    opportunity(world, there)
    getattr(world.hubspot, loss)()
    world.poll()
    world.clock.forward(minutes=20)
    world.poll()
    world.poll()
    assert stage(world, here) == "opportunity"
    assert not world.errors


def test_a_stage_that_hubspot_refused_is_tried_again(world):
    here, there = world.linked(lifecyclestage="lead")
    opportunity(world, there)
    world.hubspot.refuse_next(Problem(Crm.HUBSPOT, error_types.TEMPORARY, message="busy"))
    world.poll()
    assert stage(world, here) == "lead"
    world.clock.forward(minutes=5)
    world.poll()
    assert stage(world, here) == "opportunity"
    assert not world.errors


def test_a_setup_check_says_whether_opportunities_can_be_read(world):
    def grade():
        found = outcome(world.connection)
        return next(check.grade for check in found if check.title == "Read on Opportunity")

    world.salesforce.rights.objects["Opportunity"] = frozenset()
    ask(world.connection, world.crms, world.clock())
    assert grade() is Grade.WARNS
    world.answer("opportunity_changed", "nothing")
    assert grade() is Grade.NOT_NEEDED


def mapped(world, rule):
    map_fields(world.connection, "lifecyclestage", "Stage__c")
    world.rule("lifecyclestage", rule)


def test_a_mapping_of_the_stage_decides_alone_and_never_moves_it_backwards(world):
    here, there = world.linked(lifecyclestage="opportunity")
    mapped(world, SyncRule.ALWAYS_SALESFORCE)
    opportunity(world, there, closed=True, won=True)
    world.salesforce.person_edits("Contact", there, {"Stage__c": "lead"})
    before = writes(world)
    world.poll()
    assert stage(world, here) == "opportunity"
    assert writes(world) == before and not world.errors

    world.salesforce.person_edits("Contact", there, {"Stage__c": "evangelist"})
    world.poll()
    assert stage(world, here) == "evangelist"


def test_a_mapping_that_does_not_sync_leaves_it_to_the_opportunities(world):
    here, there = world.linked(lifecyclestage="lead")
    mapped(world, SyncRule.DONT_SYNC)
    opportunity(world, there)
    world.poll()
    assert stage(world, here) == "opportunity"
    assert FieldMapping.objects.filter(hubspot_field="lifecyclestage").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_move_each_contact_on_once():
    world = new_world()
    for n in range(6):
        values = {"Email": f"n{n}@example.org", "LastName": "Byron"}
        opportunity(world, world.salesforce.person_creates("Contact", values))
    world.poll()
    ids = world.hubspot.ids_of("contacts")
    assert [stage(world, id) for id in ids] == ["opportunity"] * 6
    for id in world.salesforce.ids_of("Opportunity"):
        change(world, id, won=True)
    world.clock.forward(minutes=1)

    def work(_):
        try:
            world.poll()
            world.tidy()
        finally:
            database.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    world.poll()

    assert [stage(world, id) for id in ids] == ["customer"] * 6
    moves = [
        one for one in world.changes if one.kind == "update" and "lifecyclestage" in one.fields
    ]
    assert len(moves) == 6


@pytest.mark.django_db
def test_opportunities_move_the_stage_on_over_the_simulators(simulated):
    hubspot, salesforce = simulated[Crm.HUBSPOT], simulated[Crm.SALESFORCE]
    connection = log_in(Crm.SALESFORCE, log_in(Crm.HUBSPOT))
    connect.finish_setup(connection, timezone.now())
    settings = ObjectSettings.objects.get(connection=connection, object_type="contacts")
    settings.answers |= {"opportunity_changed": "update"}
    settings.save()

    def make(name, **values):
        return salesforce.call("POST", f"records/{name}", by="Ada", values=values)["id"]

    ada = make("Contact", LastName="Byron", Email="ada@example.org")
    deal = make("Opportunity", Name="Engine", StageName="Prospecting", CloseDate="2026-12-31")
    poll(connection, connect.crms_of, timezone.now)
    org = salesforce_client(salesforce.url, token_of(salesforce))
    role = Row({"OpportunityId": deal, "ContactId": ada})
    (outcome,) = org.create("OpportunityContactRole", [role], "")
    assert outcome.created
    client = hubspot_client(hubspot.url, token_of(hubspot))

    def held():
        found = client.find("contacts", "email", ["ada@example.org"], ["lifecyclestage"])
        return found["ada@example.org"][0].values["lifecyclestage"]

    run = poll(connection, connect.crms_of, timezone.now)
    assert (held(), run.updated_in_hubspot, run.refused) == ("opportunity", 1, 0)
    won = {"StageName": "Closed Won"}
    salesforce.call("PATCH", f"records/Opportunity/{deal}", by="Ada", values=won)
    poll(connection, connect.crms_of, timezone.now)
    assert held() == "customer"
    run = poll(connection, connect.crms_of, timezone.now)
    assert run.written_to_hubspot == run.written_to_salesforce == 0
