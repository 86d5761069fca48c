"""Our keys (sync.md 4), and the slower, safe path where we may not make them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from sync_engine.core import error_types as types
from sync_engine.core.catalog import CATALOG
from sync_engine.core.errors import CrmError, Problem
from sync_engine.core.values import Crm
from sync_engine.models import Connection, RecordLink
from sync_engine.runs import connect
from sync_engine.runs.keys import ensure_keys
from sync_engine.runs.poll import poll
from tests.logins import log_in


@pytest.mark.usefixtures("simulated")
class TestSetup:
    pytestmark = pytest.mark.django_db

    def test_without_the_right_to_make_fields_setup_is_finished_all_the_same(
        self, salesforce_control
    ):
        connection = log_in(Crm.SALESFORCE, log_in(Crm.HUBSPOT))
        salesforce_control.call(
            "POST",
            "actions/system-permission",
            name="PermissionsCustomizeApplication",
            on=False,
        )
        connect.finish_setup(connection, timezone.now())
        connection.refresh_from_db()
        assert connection.set_up_at is not None
        assert connection.has_key("contacts")
        assert {*connection.without_key} == {*CATALOG["contacts"].salesforce}
        assert "insufficient access rights" in connection.without_key["Contact"]

    def test_records_sync_without_our_key_all_the_same(self, hubspot_control, salesforce_control):
        connection = log_in(Crm.SALESFORCE, log_in(Crm.HUBSPOT))
        salesforce_control.call(
            "POST", "actions/system-permission", name="PermissionsCustomizeApplication", on=False
        )
        connect.finish_setup(connection, timezone.now())
        values = {"email": "ada@example.org", "lastname": "Lovelace"}
        hubspot_control.call("POST", "records/contacts", by="Ada", values=values)
        salesforce_control.call(
            "POST",
            "records/Lead",
            by="Ada",
            values={"LastName": "Hopper", "Company": "Navy", "Email": "grace@example.org"},
        )
        run = poll(connection, connect.crms_of, timezone.now)
        assert (run.created_in_salesforce, run.created_in_hubspot) == (1, 1)
        assert RecordLink.objects.filter(state="live").count() == 2


def test_what_may_be_made_again_is_remembered_no_longer(world):
    world.connection.remember_keys({"Contact": "insufficient access rights"})
    ensure_keys(world.connection, world.crms, CATALOG.values())
    assert Connection.objects.get().has_key("Contact")


def test_a_crm_that_is_busy_says_nothing_about_keys(world):
    world.salesforce.fail_next(Problem(Crm.SALESFORCE, types.TEMPORARY))
    with pytest.raises(CrmError):
        ensure_keys(world.connection, world.crms, CATALOG.values())
    assert Connection.objects.get().without_key == {}


class TestWithoutTheRight:
    """Salesforce does not let us make the field: we look before we create."""

    @pytest.fixture
    def keyless(self, world):
        for name in CATALOG["contacts"].salesforce:
            without_field(world.salesforce, name, world.connection.key_field)
        world.salesforce.rights.taken.add("CustomizeApplication")
        world.poll()
        world.connection.refresh_from_db()
        return world

    def test_it_is_remembered_and_polling_goes_on(self, keyless):
        assert {*keyless.connection.without_key} == {*CATALOG["contacts"].salesforce}
        assert keyless.poll().state == "done"

    def test_records_sync_both_ways(self, keyless):
        id, contact = keyless.linked()
        keyless.hubspot.person_edits("contacts", id, {"city": "Turin"})
        keyless.poll()
        assert keyless.in_salesforce(contact)["MailingCity"] == "Turin"
        keyless.salesforce.person_edits("Contact", contact, {"Title": "Countess"})
        keyless.poll()
        assert keyless.in_hubspot(id)["jobtitle"] == "Countess"
        assert keyless.in_hubspot(id)[keyless.connection.key_property] == contact

    def test_what_is_there_is_found_by_its_address_and_not_made_again(self, keyless):
        address = "ada@example.org"
        contact = keyless.salesforce.person_creates(
            "Contact", {"LastName": "Byron", "Email": address}
        )
        keyless.clock.forward(hours=2)
        keyless.hubspot.person_creates("contacts", {"email": address, "lastname": "Byron"})
        keyless.poll()
        assert keyless.salesforce.ids_of("Contact") == [contact]

    def test_a_create_whose_answer_was_lost_makes_no_second_record(self, keyless):
        keyless.hubspot.person_creates("contacts", {"email": "a@example.org", "lastname": "A"})
        keyless.salesforce.lose_next_answer()
        keyless.poll()
        keyless.poll()
        assert len(keyless.salesforce.ids_of("Contact")) == 1
        assert keyless.links.get().state == "live"

    def test_a_create_that_may_still_land_is_waited_for(self, keyless):
        keyless.hubspot.person_creates("contacts", {"email": "a@example.org", "lastname": "A"})
        keyless.salesforce.lose_next_write()
        keyless.poll()
        keyless.poll()
        assert keyless.salesforce.ids_of("Contact") == []
        keyless.clock.forward(minutes=16)
        keyless.poll()
        keyless.poll()
        assert len(keyless.salesforce.ids_of("Contact")) == 1

    def test_once_the_right_is_granted_the_key_is_made_and_filled(self, keyless):
        id, contact = keyless.linked()
        keyless.salesforce.rights.taken.clear()
        ensure_keys(keyless.connection, keyless.crms, CATALOG.values())
        assert keyless.connection.without_key == {}
        keyless.hubspot.person_edits("contacts", id, {"city": "Turin"})
        keyless.poll()
        assert keyless.in_salesforce(contact)[keyless.connection.key_field] == id


class TestAKeyThatIsDeleted:
    def test_it_is_made_anew_and_the_connection_goes_on(self, world):
        id, contact = world.linked()
        without_field(world.salesforce, "Contact", world.connection.key_field)
        world.hubspot.person_edits("contacts", id, {"city": "Turin"})
        assert world.poll().state == "done"
        assert world.in_salesforce(contact)["MailingCity"] == "Turin"
        assert world.in_salesforce(contact)[world.connection.key_field] == id
        assert not world.errors.exists()

    def test_the_same_in_hubspot(self, world):
        id, contact = world.linked()
        without_field(world.hubspot, "contacts", world.connection.key_property)
        world.salesforce.person_edits("Contact", contact, {"Title": "Countess"})
        assert world.poll().state == "done"
        assert world.in_hubspot(id)["jobtitle"] == "Countess"
        assert world.in_hubspot(id)[world.connection.key_property] == contact


class TestAKeyThatIsRefused:
    def refused(self, world, type_):
        key = world.connection.key_field
        return Problem(Crm.SALESFORCE, type_, message=f"No such column '{key}'", fields=(key,))

    @pytest.fixture
    def unkeyed(self, world):
        """A pair that was adopted: its Salesforce record does not bear our key yet."""
        address = "ada@example.org"
        contact = world.salesforce.person_creates("Contact", {"LastName": "B", "Email": address})
        id = world.hubspot.person_creates("contacts", {"email": address, "lastname": "B"})
        world.hubspot.person_edits("contacts", id, {"city": "Turin"})
        return world, id, contact

    def test_it_takes_no_other_field_along(self, unkeyed):
        world, _, contact = unkeyed
        world.salesforce.refuse_next(self.refused(world, types.FIELD_PERMISSION))
        world.poll()
        assert world.in_salesforce(contact)["MailingCity"] == "Turin"
        assert not world.errors.exists()

    def test_the_next_poll_tries_the_field_again(self, unkeyed):
        world, id, contact = unkeyed
        world.salesforce.refuse_next(self.refused(world, types.FIELD_PERMISSION))
        world.poll()
        assert not Connection.objects.get().has_key("Contact")
        world.hubspot.person_edits("contacts", id, {"city": "Rome"})
        world.connection.refresh_from_db()
        world.poll()
        assert Connection.objects.get().has_key("Contact")
        assert world.in_salesforce(contact)[world.connection.key_field] == id

    def test_a_key_that_another_record_bears_is_that_records_matter(self, unkeyed):
        world, _, contact = unkeyed
        world.salesforce.refuse_next(self.refused(world, types.VALUE_IN_USE))
        world.poll()
        assert world.in_salesforce(contact)["MailingCity"] == "Turin"
        assert Connection.objects.get().has_key("Contact")

    def test_a_create_that_is_refused_for_its_key_is_sent_without_it(self, world):
        world.hubspot.person_creates("contacts", {"email": "a@example.org", "lastname": "A"})
        world.salesforce.refuse_next(self.refused(world, types.FIELD_PERMISSION))
        world.poll()
        world.connection.refresh_from_db()
        world.poll()
        assert len(world.salesforce.ids_of("Contact")) == 1
        assert not world.errors.exists()


def without_field(crm, object_name, name):
    """Delete a field as the CRM's admin does: its values go with it."""
    del crm._store.fields[object_name][name]
    for stored in crm._store.rows[object_name].values():
        stored.values.pop(name, None)
