"""What is remembered of a person goes when the person asks for it (sync.md 7)."""

from __future__ import annotations

import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.utils import timezone

from sync_engine.core import error_types
from sync_engine.core.brakes import BrakeKind
from sync_engine.core.errors import Problem
from sync_engine.core.values import Crm
from sync_engine.models import Brake, RecordChange, RecordLink, SyncError
from sync_engine.models.record_link import CLAIM
from sync_engine.runs.erase import Erased, erase, find
from tests.engine.conftest import NOW

TABLES = ("recordlink", "recordchange", "syncerror", "brake")


@pytest.fixture
def ada(world) -> tuple[str, str]:
    """Ada, whose title HubSpot refuses; and Grace, who is nobody's business here."""
    ids = world.linked(jobtitle="Analyst", firstname="Ada")
    world.linked(email="grace@example.org", jobtitle="Admiral", firstname="Grace")
    said = "“Countess” is no title for ada@example.org"
    world.hubspot.refuse_next(Problem(Crm.HUBSPOT, error_types.OTHER, "NO", said, ("jobtitle",)))
    world.salesforce.person_edits("Contact", ids[1], {"Title": "Countess"})
    world.poll()
    brake = Brake.objects.of(
        world.connection.pk, "contacts", Crm.HUBSPOT, BrakeKind.BLANK, world.clock()
    )
    brake.stop(2, ["ada@example.org", "grace@example.org"], world.clock())
    return ids


def everything() -> str:
    """All that the database holds of links, changes, errors and brakes, as text."""
    with database.cursor() as cursor:
        text = ""
        for table in TABLES:
            cursor.execute(f"SELECT t::text FROM sync_engine_{table} AS t")
            text += " ".join(row[0] for row in cursor.fetchall())
    return text


def test_every_value_goes_and_nobody_elses(world, ada):
    before = everything()
    values = ("ada@example.org", "Countess", "Analyst", "Ada")
    assert all(value in before for value in values)

    erased = erase(find("ada@example.org"), world.clock())

    after = everything()
    assert not [value for value in values if value in after]
    assert "grace@example.org" in after and "Admiral" in after
    assert erased == Erased(links=1, changes=3, errors=1)


def test_ids_states_and_counts_stay(world, ada):
    def counted():
        changes = RecordChange.objects.values_list("pk", "state", "record_id", "kind")
        errors = SyncError.objects.values_list("pk", "type", "record_key", "closed_at")
        links = RecordLink.objects.values_list("pk", "hubspot_id", "salesforce_id", "state")
        return [sorted(rows, key=str) for rows in (changes, errors, links)]

    before = counted()
    erase(find("ada@example.org"), world.clock())

    assert counted() == before
    (field, *_) = RecordChange.objects.filter(record_id=ada[1]).first().fields.values()
    assert field["erased"] and field["new"] is None and field["property"]


@pytest.mark.parametrize(
    "spelled",
    [
        lambda ids: "Ada@Example.ORG",
        lambda ids: ids[0],
        lambda ids: ids[1],
        lambda ids: ids[1][:15],
    ],
)
def test_a_person_is_found_by_e_mail_and_by_both_ids(world, ada, spelled):
    link = RecordLink.objects.get(hubspot_id=ada[0])
    assert find(spelled(ada)) == {link.pk}


def test_a_person_is_found_by_an_earlier_e_mail_and_an_earlier_id(world, ada):
    hubspot_id, salesforce_id = ada
    world.salesforce.person_edits("Contact", salesforce_id, {"Email": "countess@example.org"})
    world.poll()
    link = RecordLink.objects.get(hubspot_id=hubspot_id)
    RecordLink.objects.filter(pk=link.pk).update(salesforce_id="003000000000777AAA")

    assert find("ada@example.org") == find(salesforce_id) == {link.pk}


def test_who_only_mentions_an_address_is_not_its_owner(world, ada):
    grace = world.hubspot.ids_of("contacts")[1]
    world.hubspot.person_edits("contacts", grace, {"website": "ada@example.org"})
    world.poll()
    assert find("ada@example.org") == {RecordLink.objects.get(hubspot_id=ada[0]).pk}


def test_what_was_erased_goes_on_as_if_it_had_never_been_settled(world, ada):
    hubspot_id, salesforce_id = ada
    erase(find(hubspot_id), world.clock())

    world.hubspot.person_edits("contacts", hubspot_id, {"phone": "1", "jobtitle": None})
    world.poll()

    assert world.in_salesforce(salesforce_id)["Title"] == "Countess"
    assert world.in_hubspot(hubspot_id)["jobtitle"] == "Countess"


def test_a_worker_that_read_the_record_before_does_not_write_it_down_again(world, ada, monkeypatch):
    hubspot_id, _ = ada
    update = world.salesforce.update

    def erase_meanwhile(*args):
        erase(find(hubspot_id), world.clock())
        return update(*args)

    monkeypatch.setattr(world.salesforce, "update", erase_meanwhile)
    world.hubspot.person_edits("contacts", hubspot_id, {"phone": "+44 20 7946 0000"})
    world.poll()

    assert RecordLink.objects.get(hubspot_id=hubspot_id).agreed == {}
    assert "+44 20 7946 0000" not in everything()


def test_a_write_in_doubt_keeps_its_state_and_is_settled_in_time(world, ada):
    hubspot_id, _ = ada
    world.salesforce.lose_next_write()
    world.hubspot.person_edits("contacts", hubspot_id, {"city": "London"})
    world.poll()
    doubt = RecordChange.objects.get(state=RecordChange.State.IN_DOUBT)

    erase(find(hubspot_id), world.clock())
    doubt.refresh_from_db()
    assert doubt.state == RecordChange.State.IN_DOUBT

    world.clock.forward(minutes=16)
    world.poll()
    doubt.refresh_from_db()
    assert doubt.closed_at is not None


def test_the_command_says_what_it_did(world, ada, capsys):
    call_command("erase", "ada@example.org")
    said = capsys.readouterr().out
    assert "Erased. Links: 1, record changes: 3, errors: 1." in said
    assert f"contacts {ada[0]} = {ada[1]}" in said
    assert "delete it there too" in said


def test_the_command_says_when_there_is_nobody(world):
    with pytest.raises(CommandError, match="Nothing is remembered of nobody@example.org"):
        call_command("erase", "nobody@example.org")


def test_the_command_asks_which_where_an_id_is_borne_twice(world, ada):
    RecordLink.objects.create(
        connection=world.connection, object_type="companies", hubspot_id=ada[0], since=NOW
    )
    with pytest.raises(CommandError, match="--object companies --connection"):
        call_command("erase", ada[0])

    call_command("erase", ada[0], object="contacts")
    assert RecordLink.objects.get(hubspot_id=ada[0], object_type="contacts").agreed == {}


def test_the_command_waits_for_a_record_that_is_being_synced(world, ada):
    RecordLink.objects.filter(hubspot_id=ada[0]).update(
        claim=uuid.UUID(int=1), claimed_until=timezone.now() + CLAIM
    )
    with pytest.raises(CommandError, match="is being synced just now"):
        call_command("erase", ada[0])
