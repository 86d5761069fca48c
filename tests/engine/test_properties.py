"""A HubSpot property is made only when an admin asks for it (product.md 17.6)."""

from __future__ import annotations

import pytest

from sync_engine.core.errors import CrmError
from sync_engine.core.fields import FieldKind
from sync_engine.core.values import Crm
from sync_engine.models import FieldMapping, SettingChange
from sync_engine.runs.prepare import missing
from sync_engine.runs.properties import NothingToMake, create_property, lacks_property


@pytest.fixture
def fax(world):
    """The world's mapping of the fax, which HubSpot has no property for."""
    del world.hubspot._store.fields["contacts"]["fax"]
    world.poll()
    return FieldMapping.objects.get(hubspot_field="fax")


def make(world, mapping):
    create_property(mapping, world.crms, by="Grace", now=world.clock())


def test_without_the_property_the_mapping_waits_and_nothing_is_made(world, fax):
    assert lacks_property(fax)
    assert "fax" not in world.hubspot.fields("contacts")
    contact = world.salesforce.person_creates(
        "Contact", {"LastName": "Byron", "Email": "ada@example.org", "Fax": "1"}
    )
    assert contact and world.poll().created_in_hubspot == 1


def test_it_is_made_as_the_salesforce_field_is(world, fax):
    make(world, fax)
    made = world.hubspot.fields("contacts")["fax"]
    described = world.salesforce.fields("Contact")["Fax"]
    assert (made.kind, made.label) == (described.kind, described.label)


def test_the_mapping_works_from_the_next_change_of_a_record_on(world, fax):
    id, contact = world.linked()
    world.salesforce.person_edits("Contact", contact, {"Fax": "1"})
    world.poll()
    assert "fax" not in world.in_hubspot(id)
    make(world, fax)
    world.salesforce.person_edits("Contact", contact, {"Title": "Countess"})
    world.poll()
    assert world.in_hubspot(id)["fax"] == "1"


def test_who_asked_for_it_is_kept(world, fax):
    make(world, fax)
    change = SettingChange.objects.get()
    assert (change.by, change.what) == ("Grace", "HubSpot property contacts.fax")


def test_what_is_there_is_not_made_again(world):
    with pytest.raises(NothingToMake):
        make(world, FieldMapping.objects.get(hubspot_field="fax"))


def test_a_mapping_that_lacks_its_salesforce_field_has_nothing_to_be_made_of(world, fax):
    for name in ("Contact", "Lead"):
        del world.salesforce._store.fields[name]["Fax"]
    with pytest.raises(NothingToMake):
        make(world, fax)


def test_who_may_not_make_properties_is_refused_and_the_mapping_waits_on(world, fax):
    world.hubspot.rights.taken.add("crm.schemas.contacts.write")
    with pytest.raises(CrmError):
        make(world, fax)
    fax.refresh_from_db()
    assert lacks_property(fax) and not SettingChange.objects.exists()


def test_a_dropdown_gets_the_options_of_both_salesforce_fields(world):
    mapping = FieldMapping.objects.get(hubspot_field="salutation")
    del world.hubspot._store.fields["contacts"]["salutation"]
    mapping.suspend(missing(Crm.HUBSPOT, "salutation"))
    make(world, mapping)
    made = world.hubspot.fields("contacts")["salutation"]
    assert made.kind is FieldKind.PICKLIST
    assert {"Mr.", "Ms."} <= {*made.options}
