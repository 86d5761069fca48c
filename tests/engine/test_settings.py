"""An admin's changes: each is kept with who and when, none undoes another's, and what happened to
values that were not synced meanwhile is never taken for a deletion (sync.md 2)."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from sync_engine.core.catalog import CATALOG
from sync_engine.core.sync_rules import SyncRule
from sync_engine.models import (
    Connection,
    FieldMapping,
    ObjectSettings,
    SalesforceField,
    SettingChange,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
CONTACTS = CATALOG["contacts"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection():
    connection = Connection.objects.create(hubspot_account_id="24816357")
    FieldMapping.objects.seed(connection.pk, CONTACTS, NOW)
    ObjectSettings.objects.seed(connection.pk, CONTACTS, NOW)
    return connection


@pytest.fixture
def jobtitle(connection):
    return FieldMapping.objects.get(hubspot_field="jobtitle")


@pytest.fixture
def settings_row(connection):
    return ObjectSettings.objects.get(object_type="contacts")


def change(mapping, rule, seen=0, by="Grace"):
    mapping.change_rule(SyncRule(rule), seen=seen, by=by, now=LATER)
    mapping.refresh_from_db()


def kept(change):
    return (change.at, change.by, change.what, change.before, change.after)


def test_seeding_again_keeps_what_an_admin_chose(connection, jobtitle, settings_row):
    change(jobtitle, "dont_sync")
    FieldMapping.objects.seed(connection.pk, CONTACTS, LATER)
    ObjectSettings.objects.seed(connection.pk, CONTACTS, LATER)
    jobtitle.refresh_from_db()
    assert jobtitle.sync_rule == "dont_sync"
    assert FieldMapping.objects.count() == len(CONTACTS.standard_mappings)
    declared = [name for one in CONTACTS.standard_mappings for name in one.salesforce.values()]
    assert sorted(SalesforceField.objects.values_list("name", flat=True)) == sorted(declared)
    assert ObjectSettings.objects.get().since == NOW


def test_a_changed_rule_is_kept_with_who_when_and_from_what_to_what(jobtitle):
    change(jobtitle, "two_way")
    assert (jobtitle.sync_rule, jobtitle.version) == ("two_way", 1)
    assert kept(jobtitle.rule_set_by) == (
        LATER,
        "Grace",
        "Sync rule of contacts.jobtitle",
        "Prefer Salesforce unless blank",
        "Two-way",
    )


def test_the_rule_that_is_set_already_changes_nothing(jobtitle):
    change(jobtitle, "prefer_salesforce")
    assert (jobtitle.version, jobtitle.rule_set_by) == (0, None)
    assert not SettingChange.objects.exists()


def test_a_locked_rule_cannot_be_changed_and_says_why(jobtitle):
    FieldMapping.objects.update(locked_because="Two-way, always.")
    with pytest.raises(FieldMapping.NotAllowed, match="Two-way, always."):
        change(jobtitle, "dont_sync")
    jobtitle.refresh_from_db()
    assert jobtitle.sync_rule == "prefer_salesforce"
    assert not SettingChange.objects.exists()


@pytest.mark.parametrize("rule", [SyncRule.ALWAYS_SALESFORCE, SyncRule.DONT_SYNC])
def test_the_email_has_to_pass_both_ways(connection, rule):
    """Else contacts would be made that nobody can ever find again."""
    email = FieldMapping.objects.get(hubspot_field="email")
    with pytest.raises(FieldMapping.NotAllowed, match="both ways"):
        email.change_rule(rule, seen=email.version, by="Grace", now=LATER)


def test_of_two_admins_the_slower_one_sees_what_the_other_set(jobtitle):
    hers, his = jobtitle, FieldMapping.objects.get(pk=jobtitle.pk)
    change(hers, "two_way")
    with pytest.raises(FieldMapping.ChangedMeanwhile):
        his.change_rule(SyncRule.DONT_SYNC, seen=0, by="Alan", now=LATER)
    assert (his.sync_rule, his.version) == ("two_way", 1)
    assert SettingChange.objects.count() == 1


@pytest.mark.parametrize(
    "rules, since",
    [
        (["two_way"], NOW),
        (["dont_sync"], NOW),
        (["dont_sync", "two_way"], LATER),
        (["two_way", "always_salesforce"], NOW),
    ],
)
def test_only_leaving_dont_sync_makes_the_baseline_stale(jobtitle, rules, since):
    for seen, rule in enumerate(rules):
        change(jobtitle, rule, seen)
    assert jobtitle.since == since


def test_a_mapping_that_comes_back_has_a_stale_baseline(jobtitle):
    jobtitle.suspend("The property is gone.")
    jobtitle.resume(LATER)
    jobtitle.refresh_from_db()
    assert (jobtitle.suspended_because, jobtitle.since) == ("", LATER)


def test_a_property_is_in_one_mapping(connection):
    with pytest.raises(IntegrityError), transaction.atomic():
        FieldMapping.objects.create(
            connection=connection, object_type="contacts", hubspot_field="jobtitle", since=NOW
        )


@pytest.mark.parametrize(
    "hubspot_field, name", [("phone", "Title"), ("jobtitle", "AnotherField__c")]
)
def test_a_field_is_in_one_mapping_which_has_one_field_per_object(connection, hubspot_field, name):
    with pytest.raises(IntegrityError), transaction.atomic():
        SalesforceField.objects.create(
            mapping=FieldMapping.objects.get(hubspot_field=hubspot_field),
            connection=connection,
            object_type="contacts",
            salesforce_object="Contact",
            name=name,
        )


def test_an_answer_is_kept_with_who_when_and_from_what_to_what(settings_row):
    settings_row.answer(CONTACTS, {"salesforce_changed": "update"}, seen=0, by="Grace", now=LATER)
    settings_row.refresh_from_db()
    assert settings_row.answers_to(CONTACTS)["salesforce_changed"] == "update"
    assert kept(SettingChange.objects.get()) == (
        LATER,
        "Grace",
        "Contacts: In HubSpot, when a Salesforce contact or lead is created or updated",
        "Create or update the contact",
        "Don’t automatically create HubSpot contacts",
    )


def test_an_answer_that_is_given_already_changes_nothing(settings_row):
    default = {"salesforce_changed": "create_or_update"}
    settings_row.answer(CONTACTS, default, seen=0, by="Grace", now=LATER)
    settings_row.refresh_from_db()
    assert (settings_row.answers, settings_row.version) == ({}, 0)
    assert not SettingChange.objects.exists()


def test_of_two_admins_the_slower_ones_answers_are_not_taken(settings_row):
    his = ObjectSettings.objects.get(pk=settings_row.pk)
    settings_row.answer(CONTACTS, {"salesforce_changed": "update"}, seen=0, by="Grace", now=LATER)
    with pytest.raises(ObjectSettings.ChangedMeanwhile):
        his.answer(CONTACTS, {"salesforce_changed": "nothing"}, seen=0, by="Alan", now=LATER)
    assert his.answers_to(CONTACTS)["salesforce_changed"] == "update"


def test_an_object_type_that_is_switched_on_begins_anew(settings_row):
    settings_row.switch(CONTACTS, on=True, by="Grace", now=LATER)  # it is on already
    assert settings_row.since == NOW and not SettingChange.objects.exists()

    settings_row.switch(CONTACTS, on=False, by="Grace", now=LATER)
    assert settings_row.since == NOW
    settings_row.switch(CONTACTS, on=True, by="Grace", now=LATER)
    settings_row.refresh_from_db()
    assert (settings_row.is_on, settings_row.since) == (True, LATER)
    changes = SettingChange.objects.order_by("pk")
    assert [(one.what, one.before, one.after) for one in changes] == [
        ("Sync contacts", "On", "Off"),
        ("Sync contacts", "Off", "On"),
    ]


@contextmanager
def dont_sync_for_a_while(world):
    world.rule("jobtitle", SyncRule.DONT_SYNC)
    yield
    world.rule("jobtitle", SyncRule.TWO_WAY)


@contextmanager
def switch_off_for_a_while(world):
    row = ObjectSettings.objects.get(connection=world.connection)
    row.switch(CONTACTS, on=False, by="Grace", now=world.clock())
    yield
    row.switch(CONTACTS, on=True, by="Grace", now=world.clock())


@contextmanager
def keep_syncing(world):
    yield
    world.clock.forward(minutes=1)


@pytest.mark.parametrize(
    "meanwhile, typed, in_both",
    [
        (keep_syncing, None, None),
        (dont_sync_for_a_while, None, "Analyst"),
        (switch_off_for_a_while, None, "Analyst"),
        (dont_sync_for_a_while, "Countess", "Countess"),
        (switch_off_for_a_while, "Countess", "Countess"),
    ],
)
def test_what_was_cleared_while_nobody_looked_is_filled_again(world, meanwhile, typed, in_both):
    world.rule("jobtitle", SyncRule.TWO_WAY)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.clock.forward(minutes=1)

    with meanwhile(world):
        world.clock.forward(minutes=1)
        world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": typed})
        world.poll()
    world.hubspot.person_edits("contacts", hubspot_id, {"city": "London"})
    world.poll()

    assert world.in_hubspot(hubspot_id)["jobtitle"] == in_both
    assert world.in_salesforce(salesforce_id)["Title"] == in_both


def test_while_a_field_is_not_synced_its_values_stay_apart(world):
    # "If the value is deleted in HubSpot, it will not be deleted in Salesforce" (seed 004)
    hubspot_id, salesforce_id = world.linked(jobtitle="Analyst")
    world.rule("jobtitle", SyncRule.DONT_SYNC)
    world.hubspot.person_edits("contacts", hubspot_id, {"jobtitle": None})

    world.poll()

    assert world.in_hubspot(hubspot_id)["jobtitle"] is None
    assert world.in_salesforce(salesforce_id)["Title"] == "Analyst"
