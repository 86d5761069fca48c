"""The links anew, from the keys alone: a database that was lost, or is older than reality
(sync.md 4)."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.models import (
    RecordChange,
    RecordLink,
    SyncError,
    SyncRun,
    SyncSlice,
    Watermark,
)
from sync_engine.runs import connect
from sync_engine.runs.poll import poll
from sync_engine.runs.rebuild import rebuild
from tests.logins import log_in

# In the order in which they may be restored: what points to others comes later.
KEPT = (SyncRun, SyncSlice, RecordLink, RecordChange, SyncError, Watermark)
State = RecordLink.State


def backup() -> list[list]:
    return [list(model.objects.all()) for model in KEPT]


def restore(rows: list[list]) -> None:
    """Put the database back to what it was. The CRMs stay as they are."""
    lose()
    for model, kept in zip(KEPT, rows, strict=True):
        model.objects.bulk_create(kept)


def lose() -> None:
    for model in reversed(KEPT):
        model.objects.all().delete()


def rebuilt(world):
    """Rebuild while the sync is off; return what came of contacts."""
    world.clock.forward(minutes=1)
    before = world.hubspot.calls["update"] + world.hubspot.calls["create"]
    before += world.salesforce.calls["update"] + world.salesforce.calls["create"]
    (found,) = (
        one
        for one in rebuild(world.connection, world.crms, world.clock)
        if one.object_type.slug == "contacts"
    )
    after = world.hubspot.calls["update"] + world.hubspot.calls["create"]
    after += world.salesforce.calls["update"] + world.salesforce.calls["create"]
    assert after == before, "it wrote to a CRM"
    return found


def links(world) -> set[tuple[str | None, str | None, str]]:
    return set(world.links.values_list("hubspot_id", "salesforce_id", "state"))


def live(*pairs: tuple[str, str]) -> set[tuple[str, str, str]]:
    return {(*pair, State.LIVE) for pair in pairs}


def sync(world) -> None:
    for _ in range(3):
        world.poll()


def counted(world) -> tuple[int, int]:
    """How many people are in HubSpot, and in Salesforce."""
    salesforce = [id for name in ("Contact", "Lead") for id in world.salesforce.ids_of(name)]
    return len(world.hubspot.ids_of("contacts")), len(salesforce)


@pytest.fixture
def ada(world) -> tuple[str, str]:
    return world.linked(jobtitle="Analyst")


@pytest.fixture
def grace(world, ada) -> tuple[str, str]:
    return world.linked(email="grace@example.org", lastname="Hopper")


class TestLost:
    """Nothing is left of what was remembered but the settings."""

    @pytest.fixture(autouse=True)
    def lost(self, world, ada, grace):
        marks = list(Watermark.objects.all())
        lose()
        for mark in marks:
            mark.read_until = world.clock()
        Watermark.objects.bulk_create(marks)

    def test_every_pair_is_linked_again_and_nothing_is_doubled(self, world, ada, grace):
        found = rebuilt(world)

        assert links(world) == live(ada, grace)
        assert found.counts == {"new": 2} and not found.to_look_at
        sync(world)
        assert counted(world) == (2, 2)

    def test_values_flow_again_and_none_is_wiped(self, world, ada):
        hubspot_id, salesforce_id = ada
        world.salesforce.person_edits("Contact", salesforce_id, {"Title": None, "Phone": "1"})

        rebuilt(world)
        sync(world)

        assert world.in_hubspot(hubspot_id)["jobtitle"] == "Analyst"
        assert world.in_salesforce(salesforce_id)["Title"] == "Analyst"
        assert world.in_hubspot(hubspot_id)["phone"] == "1"

    def test_it_may_be_run_twice(self, world, ada, grace):
        rebuilt(world)
        before = list(world.links.order_by("pk").values_list("pk", "hubspot_id", "salesforce_id"))

        assert rebuilt(world).counts == {"unchanged": 2}
        after = list(world.links.order_by("pk").values_list("pk", "hubspot_id", "salesforce_id"))
        assert after == before

    @pytest.mark.parametrize("crm", list(Crm))
    def test_a_key_on_one_side_only_is_told_and_links_and_the_other_is_written(
        self, world, ada, grace, crm
    ):
        client, name = world.crms.of(crm), {Crm.HUBSPOT: "contacts", Crm.SALESFORCE: "Contact"}[crm]
        key = world.connection.key_property if crm is Crm.HUBSPOT else world.connection.key_field
        id = dict(zip(Crm, ada, strict=True))[crm]
        client.person_edits(name, id, {key: None})

        found = rebuilt(world)

        assert links(world) == live(ada, grace)
        (said,) = found.to_look_at
        assert "They are linked, and the next sync writes the missing key." in said
        sync(world)
        assert client.values_of(name, id)[key] == dict(zip(Crm, ada, strict=True))[crm.other]
        assert counted(world) == (2, 2)

    def test_who_names_a_deleted_record_is_not_given_another(self, world, ada, grace):
        hubspot_id, salesforce_id = ada
        world.salesforce.person_deletes("Contact", salesforce_id)

        found = rebuilt(world)

        assert links(world) == live(grace) | {(*ada, State.GONE_IN_SALESFORCE)}
        assert "is deleted, or not shown to us" in found.to_look_at[0]
        world.hubspot.person_edits("contacts", hubspot_id, {"city": "London"})
        sync(world)
        assert counted(world) == (2, 1)

    def test_two_records_that_bear_one_key_are_shown(self, world, ada, grace):
        lead = world.salesforce.person_creates(
            "Lead",
            {"LastName": "Byron", "Company": "Babbage", world.connection.key_field: ada[0]},
        )

        found = rebuilt(world)

        assert links(world) == live(ada, grace)
        assert found.to_look_at == [
            f"Salesforce records {ada[1]} and {lead} bear one key: HubSpot record {ada[0]}. It "
            f"names {ada[1]}: they are linked. Clear the key in the others, or merge them in "
            "Salesforce."
        ]


class TestRestored:
    """The database is put back to a state from before what happened since."""

    def test_a_pair_that_came_later_is_linked(self, world, ada):
        kept = backup()
        grace = world.linked(email="grace@example.org", lastname="Hopper")
        restore(kept)

        assert rebuilt(world).counts == {"unchanged": 1, "new": 1}
        assert links(world) == live(ada, grace)
        sync(world)
        assert counted(world) == (2, 2)

    def test_a_link_that_waited_for_its_partner_gets_it(self, world, ada):
        world.answer("salesforce_changed", "update")
        id = world.salesforce.person_creates(
            "Contact", {"Email": "grace@example.org", "LastName": "Hopper"}
        )
        world.poll()
        kept = backup()
        world.answer("salesforce_changed", "create_or_update")
        world.salesforce.person_edits("Contact", id, {"MailingCity": "New York"})
        sync(world)
        partner = RecordLink.objects.get(salesforce_id=id).hubspot_id
        restore(kept)
        assert (None, id, State.PENDING) in links(world)

        assert rebuilt(world).counts == {"unchanged": 1, "completed": 1}
        assert links(world) == live(ada, (partner, id))
        sync(world)
        assert counted(world) == (2, 2)

    def test_a_create_whose_outcome_was_not_known_is_found_and_not_made_twice(self, world):
        id = world.hubspot.person_creates(
            "contacts", {"email": "ada@example.org", "lastname": "Byron", "city": "London"}
        )
        world.salesforce.lose_next_answer()
        world.poll()
        assert RecordChange.objects.get().state == RecordChange.State.IN_DOUBT
        kept = backup()
        sync(world)
        world.clock.forward(hours=3)
        restore(kept)

        rebuilt(world)
        sync(world)

        (contact,) = world.salesforce.ids_of("Contact")
        assert links(world) == live((id, contact))
        assert counted(world) == (1, 1)
        assert not RecordChange.objects.unsettled().exists()
        assert world.in_salesforce(contact)["MailingCity"] == "London"

    def test_an_update_that_was_in_doubt_then_does_not_undo_what_came_after(self, world, ada):
        hubspot_id, salesforce_id = ada
        world.rule("city", SyncRule.TWO_WAY)
        world.salesforce.lose_next_answer()
        world.hubspot.person_edits("contacts", hubspot_id, {"city": "London"})
        world.poll()
        kept = backup()
        sync(world)
        world.salesforce.person_edits("Contact", salesforce_id, {"MailingCity": "Turin"})
        sync(world)
        world.clock.forward(hours=3)
        restore(kept)

        rebuilt(world)
        sync(world)

        assert world.in_salesforce(salesforce_id)["MailingCity"] == "Turin"
        assert world.in_hubspot(hubspot_id)["city"] == "Turin"

    def test_a_lead_that_was_converted_since_is_found_as_a_contact(self, world):
        lead = world.salesforce.person_creates(
            "Lead", {"LastName": "Byron", "Company": "B", "Email": "ada@example.org"}
        )
        sync(world)
        kept = backup()
        contact = world.salesforce.person_creates(
            "Contact", {"LastName": "Byron", "Email": "ada@example.org"}
        )
        world.salesforce.person_converts(lead, contact)
        sync(world)
        (hubspot_id,) = world.hubspot.ids_of("contacts")
        assert links(world) == live((hubspot_id, contact))
        restore(kept)
        assert links(world) == live((hubspot_id, lead))

        assert rebuilt(world).counts == {"re-pointed": 1}
        assert links(world) == live((hubspot_id, contact))
        assert RecordLink.objects.get().salesforce_object == "Contact"
        sync(world)
        assert len(world.hubspot.ids_of("contacts")) == 1
        assert world.salesforce.ids_of("Contact") == [contact]

    def test_two_links_that_changed_places_change_them_again(self, world, ada, grace):
        kept = backup()
        for pair, other in ((ada, grace), (grace, ada)):
            world.hubspot._store.get("contacts", pair[0]).values[world.connection.key_property] = (
                other[1]
            )
            world.salesforce._store.get("Contact", other[1]).values[world.connection.key_field] = (
                pair[0]
            )
        restore(kept)

        assert rebuilt(world).counts == {"re-pointed": 2}
        assert links(world) == live((ada[0], grace[1]), (grace[0], ada[1]))

    def test_a_link_whose_record_belongs_to_another_now_is_given_up_and_told(
        self, world, ada, grace
    ):
        """Grace's contact was taken over by Ada's: hers is nobody's any more."""
        world.salesforce.person_edits("Contact", ada[1], {world.connection.key_field: None})
        world.hubspot.person_edits("contacts", grace[0], {world.connection.key_property: None})
        world.hubspot.person_edits("contacts", ada[0], {world.connection.key_property: grace[1]})
        world.salesforce.person_edits("Contact", grace[1], {world.connection.key_field: ada[0]})

        found = rebuilt(world)

        assert live((ada[0], grace[1])) <= links(world)
        assert (*grace, State.MERGED_AWAY) in links(world)
        assert any("so this link was given up" in said for said in found.to_look_at)

    def test_a_deleted_record_that_came_back_lives_again(self, world, ada):
        world.salesforce.person_deletes("Contact", ada[1])
        world.poll()
        assert links(world) == {(*ada, State.GONE_IN_SALESFORCE)}
        kept = backup()
        world.salesforce.person_restores("Contact", ada[1])
        sync(world)
        restore(kept)

        assert rebuilt(world).counts == {"revived": 1}
        assert links(world) == live(ada)

    def test_links_that_the_keys_say_nothing_about_are_kept(self, world, ada):
        for crm, (name, id) in zip(Crm, (("contacts", ada[0]), ("Contact", ada[1])), strict=True):
            key = (world.connection.key_property, world.connection.key_field)[crm is Crm.SALESFORCE]
            world.crms.of(crm)._store.get(name, id).values[key] = None

        assert rebuilt(world).counts == {}
        assert links(world) == live(ada)

    def test_a_value_that_was_given_again_is_not_taken_for_an_old_one(self, world, ada):
        """Agreed long ago, cleared on both sides since, entered anew in HubSpot, and not synced
        yet when the database was lost: by the old baseline it would be wiped."""
        hubspot_id, salesforce_id = ada
        world.rule("jobtitle", SyncRule.TWO_WAY)
        kept = backup()
        world.salesforce.person_edits("Contact", salesforce_id, {"Title": None})
        sync(world)
        assert world.in_hubspot(hubspot_id)["jobtitle"] is None
        world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": "Analyst"})
        restore(kept)

        rebuilt(world)
        sync(world)

        assert world.in_hubspot(hubspot_id)["jobtitle"] == "Analyst"
        assert world.in_salesforce(salesforce_id)["Title"] == "Analyst"


class TestCommand:
    def test_over_the_simulators_it_finds_every_pair_and_says_so(self, db, simulated, capsys):
        connection = log_in(Crm.SALESFORCE, log_in(Crm.HUBSPOT))
        connect.finish_setup(connection, timezone.now())
        for name in ("Ada", "Grace"):
            values = {"email": f"{name}@example.org", "lastname": name}
            simulated[Crm.HUBSPOT].call("POST", "records/contacts", by="Ida", values=values)
        for _ in range(2):
            poll(connection, connect.crms_of, timezone.now)
        before = set(RecordLink.objects.values_list("hubspot_id", "salesforce_id", "state"))
        assert {state for _, _, state in before} == {State.LIVE}
        RecordLink.objects.all().delete()
        connection.switch(on=False, by="Ida", now=timezone.now())

        call_command("rebuild_links")

        assert "Contacts: 2 new links" in capsys.readouterr().out
        after = set(RecordLink.objects.values_list("hubspot_id", "salesforce_id", "state"))
        assert after == before

    def test_it_refuses_while_records_sync(self, world):
        with pytest.raises(CommandError, match="Turn the sync off in the console first"):
            call_command("rebuild_links")
