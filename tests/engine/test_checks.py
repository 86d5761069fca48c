"""Setup checks by what is configured now: least privilege."""

from __future__ import annotations

import pytest

from sync_engine.core import error_types as types
from sync_engine.core.allocation import AllocationSpent
from sync_engine.core.checks import Grade
from sync_engine.core.errors import Problem
from sync_engine.core.sync_rules import SyncRule
from sync_engine.core.values import Crm
from sync_engine.models import FieldMapping, Grant, ObjectSettings
from sync_engine.runs import checks


def grades(world) -> dict[str, Grade]:
    checks.ask(world.connection, world.crms, world.clock())
    return {check.title: check.grade for check in checks.outcome(world.connection)}


def test_with_every_right_nothing_warns(world):
    assert {*grades(world).values()} <= {Grade.PASSED, Grade.NOT_NEEDED}
    checks.require(world.connection)


def test_what_was_said_is_kept_with_when(world):
    grades(world)
    assert {grant.crm for grant in Grant.objects.all()} == {"hubspot", "salesforce"}
    assert {grant.asked_at for grant in Grant.objects.all()} == {world.clock()}


def test_a_scope_is_needed_while_its_property_is_mapped(world):
    world.hubspot.rights.taken.add("crm.objects.owners.read")
    FieldMapping.objects.create(
        connection=world.connection,
        object_type="contacts",
        hubspot_field="hubspot_owner_id_2",
        sync_rule=SyncRule.TWO_WAY.value,
        since=world.clock(),
    )
    FieldMapping.objects.filter(hubspot_field="hubspot_owner_id").delete()
    assert grades(world)["Owners"] is Grade.NOT_NEEDED
    FieldMapping.objects.filter(hubspot_field="hubspot_owner_id_2").update(
        hubspot_field="hubspot_owner_id"
    )
    assert grades(world)["Owners"] is Grade.WARNS
    FieldMapping.objects.filter(hubspot_field="hubspot_owner_id").update(
        sync_rule=SyncRule.DONT_SYNC.value
    )
    assert grades(world)["Owners"] is Grade.NOT_NEEDED


def test_an_object_type_that_is_off_needs_nothing(world):
    ObjectSettings.objects.update(is_on=False)
    found = grades(world)
    assert "Modify All on Contact" not in found and "Read contacts" not in found


def test_a_missing_right_stops_setup_with_what_fails_then(world):
    world.salesforce.rights.taken.add("ApiEnabled")
    grades(world)
    with pytest.raises(checks.NotReady) as refused:
        checks.require(world.connection)
    assert str(refused.value) == ("API Enabled: Salesforce refuses every call, so nothing syncs.")


def test_a_crm_that_refuses_to_answer_is_an_outcome_too(world):
    world.salesforce.fail_next(Problem(Crm.SALESFORCE, types.API_DISABLED, message="Off."))
    assert grades(world)["API access"] is Grade.FAILED
    assert grades(world)["API Enabled"] is Grade.PASSED


def test_without_calls_left_it_says_so(world):
    def spent(object_names):
        raise AllocationSpent("1,000 of 1,000 allocated Salesforce API calls are used.")

    world.salesforce.granted = spent
    assert grades(world)["Salesforce answers"] is Grade.FAILED


def test_only_the_crm_that_is_connected_is_asked(world):
    world.connection.salesforce_org_id = ""
    checks.ask(world.connection, world.crms, world.clock())
    assert [grant.crm for grant in Grant.objects.all()] == ["hubspot"]
