"""Adoption: the links of HubSpot's own integration are taken over, each verified on both sides."""

from __future__ import annotations

import pytest

from sync_engine.core import error_types as types
from sync_engine.core.errors import Problem
from sync_engine.core.fields import Field, FieldKind
from sync_engine.core.values import Crm
from sync_engine.models import Adoption, RecordLink
from sync_engine.runs.adopt import adopt
from tests.engine.conftest import texts

LEFT = texts("salesforcecontactid", "salesforceleadid")


@pytest.fixture
def left(world):
    """The world, in which HubSpot's own integration was at work before us."""
    for field in LEFT.values():
        world.hubspot.create_property("contacts", field)
    return world


def in_salesforce(world, email="ada@example.org", name="Contact", **values):
    company = {"Company": "Babbage"} if name == "Lead" else {}
    return world.salesforce.person_creates(
        name, {"LastName": "Byron", "Email": email, **company, **values}
    )


def in_hubspot(world, contact=None, lead=None, email="ada@example.org", **values):
    ids = {"salesforcecontactid": contact, "salesforceleadid": lead}
    return world.hubspot.person_creates("contacts", {"email": email, **ids, **values})


def carry_out(world) -> Adoption:
    """Adopt all that there is, a slice at a time, as tasks do."""
    Adoption.objects.begin(world.connection.pk, world.clock())
    (adoption,) = Adoption.objects.all()
    while claimed := Adoption.objects.claim(adoption.pk, world.clock()):
        if not adopt(claimed, world.crms, world.clock):
            break
    adoption.refresh_from_db()
    return adoption


def test_a_link_is_taken_over(left):
    contact = in_salesforce(left)
    id = in_hubspot(left, contact)
    adoption = carry_out(left)
    link = RecordLink.objects.get()
    assert (link.hubspot_id, link.salesforce_id, link.state) == (id, contact, "live")
    assert link.salesforce_object == "Contact"
    assert adoption.ended_at and not adoption.failed_because
    assert (adoption.adopted, adoption.looked_at) == (1, 1)


def test_nothing_is_written_because_of_it(left):
    contact = in_salesforce(left, FirstName="Augusta")
    id = in_hubspot(left, contact, firstname="Ada")
    left.clock.forward(minutes=1)
    carry_out(left)
    run = left.poll()
    assert (run.written_to_hubspot, run.written_to_salesforce) == (0, 0)
    assert left.in_hubspot(id)["firstname"] == "Ada"
    assert left.in_salesforce(contact)["FirstName"] == "Augusta"


def test_an_adopted_pair_syncs_at_its_next_change_and_bears_our_keys_then(left):
    contact = in_salesforce(left)
    id = in_hubspot(left, contact)
    carry_out(left)
    left.clock.forward(minutes=5)
    left.salesforce.person_edits("Contact", contact, {"Title": "Countess"})
    run = left.poll()
    assert run.created_in_hubspot == 0
    assert left.in_hubspot(id)["jobtitle"] == "Countess"
    left.poll()
    assert left.in_hubspot(id)[left.connection.key_property] == contact


def test_a_blank_is_filled_and_no_value_cleared_by_the_first_sync(left):
    """The baseline is stale: who deleted a value in the time before is not known."""
    contact = in_salesforce(left, Title="Countess")
    id = in_hubspot(left, contact, phone="+44 20")
    carry_out(left)
    left.clock.forward(minutes=5)
    left.hubspot.person_edits("contacts", id, {"city": "London"})
    left.poll()
    assert left.in_hubspot(id)["jobtitle"] == "Countess"
    assert left.in_salesforce(contact)["Phone"] == "+44 20"


def test_a_lead_is_a_partner_too_and_a_contact_comes_first(left):
    lead, contact = in_salesforce(left, name="Lead"), in_salesforce(left)
    in_hubspot(left, contact, lead)
    other = in_salesforce(left, "bob@example.org", name="Lead")
    in_hubspot(left, lead=other, email="bob@example.org")
    carry_out(left)
    found = {(link.salesforce_object, link.salesforce_id) for link in RecordLink.objects.all()}
    assert found == {("Contact", contact), ("Lead", other)}


def test_a_merged_contact_leads_to_its_survivor(left):
    winner, loser = in_salesforce(left), in_salesforce(left)
    in_hubspot(left, loser)
    left.salesforce.person_merges("Contact", winner, loser)
    carry_out(left)
    assert RecordLink.objects.get().salesforce_id == winner


def test_a_deleted_contact_is_nobodys_partner(left):
    contact = in_salesforce(left)
    id = in_hubspot(left, contact)
    left.salesforce.person_deletes("Contact", contact)
    adoption = carry_out(left)
    assert not RecordLink.objects.exists()
    assert adoption.shown_examples == [
        (id, contact, "The Salesforce record does not exist any more, or we may not see it")
    ]


def test_an_address_that_is_somebody_elses_is_shown_and_left(left):
    contact = in_salesforce(left, "old@example.org")
    in_salesforce(left, "new@example.org")
    in_hubspot(left, contact, email="new@example.org")
    adoption = carry_out(left)
    assert not RecordLink.objects.exists()
    assert adoption.left_out == [
        ("The e-mail addresses differ, and one of them is somebody else’s", 1)
    ]


def test_of_two_that_name_one_record_the_one_with_its_address_gets_it(left):
    contact = in_salesforce(left)
    in_hubspot(left, contact, email=None)
    id = in_hubspot(left, contact)
    adoption = carry_out(left)
    assert RecordLink.objects.get().hubspot_id == id
    assert adoption.verdicts == {"adopted": 1, "somebody_else": 1}


def test_of_two_without_proof_the_first_gets_it(left):
    contact = in_salesforce(left, email=None)
    first = in_hubspot(left, contact, email=None)
    in_hubspot(left, contact, email=None)
    adoption = carry_out(left)
    assert RecordLink.objects.get().hubspot_id == first
    assert adoption.verdicts == {"adopted": 1, "twice": 1}


def test_a_linked_record_keeps_its_partner(left):
    id, contact = left.linked()
    other = in_salesforce(left, "bob@example.org")
    left.hubspot.person_edits("contacts", id, {"salesforcecontactid": other})
    carry_out(left)
    assert RecordLink.objects.get(hubspot_id=id).salesforce_id == contact


def test_an_id_of_15_characters_is_the_same_id(left):
    contact = in_salesforce(left)
    in_hubspot(left, contact[:15])
    carry_out(left)
    assert RecordLink.objects.get().salesforce_id == contact


def test_where_nothing_was_left_there_is_nothing_to_do(world):
    adoption = carry_out(world)
    assert (adoption.looked_at, adoption.failed_because) == (0, "")
    assert adoption.ended_at


def test_running_it_again_changes_nothing(left):
    in_hubspot(left, in_salesforce(left))
    carry_out(left)
    before = RecordLink.objects.values().get()
    assert carry_out(left).verdicts == {"linked": 1}
    assert RecordLink.objects.values().get() == before


def test_what_fails_in_passing_is_taken_up_where_it_stopped(left):
    in_hubspot(left, in_salesforce(left))
    left.salesforce.fail_next(Problem(Crm.SALESFORCE, types.TEMPORARY, message="Busy."))
    adoption = carry_out(left)
    assert adoption.waits_because == "Salesforce: Temporary error. Busy."
    assert not Adoption.objects.free(left.clock()).exists()
    left.clock.forward(minutes=3)
    assert carry_out(left).adopted == 1


def test_what_is_refused_for_good_ends_it_with_the_reason(left):
    in_hubspot(left, in_salesforce(left))
    left.salesforce.fail_next(Problem(Crm.SALESFORCE, types.OBJECT_PERMISSION))
    adoption = carry_out(left)
    assert adoption.ended_at
    assert adoption.failed_because.startswith("Salesforce: Salesforce object permission.")


def test_a_slice_is_held_by_one_worker(left):
    in_hubspot(left, in_salesforce(left))
    Adoption.objects.begin(left.connection.pk, left.clock())
    pk = Adoption.objects.get().pk
    slow = Adoption.objects.claim(pk, left.clock())
    assert Adoption.objects.claim(pk, left.clock()) is None
    left.clock.forward(minutes=3)
    quick = Adoption.objects.claim(pk, left.clock())
    assert adopt(quick, left.crms, left.clock)
    assert not adopt(slow, left.crms, left.clock)
    assert Adoption.objects.get().looked_at == 1


def test_once_disconnected_nobody_goes_on_with_it(left):
    Adoption.objects.begin(left.connection.pk, left.clock())
    assert Adoption.objects.free(left.clock()).exists()
    left.connection.disconnected_at = left.clock()
    left.connection.save()
    assert not Adoption.objects.free(left.clock()).exists()


def test_the_other_integration_is_noticed_while_it_runs(left):
    synced = Field("salesforcelastsynctime", "Last Salesforce Sync Time", FieldKind.MOMENT)
    left.hubspot.create_property("contacts", synced)
    in_hubspot(left, salesforcelastsynctime=left.clock())
    assert left.hubspot.granted([]).syncs_elsewhere
    left.clock.forward(hours=25)
    assert not left.hubspot.granted([]).syncs_elsewhere
