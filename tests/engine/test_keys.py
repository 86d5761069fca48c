"""Our keys (sync.md 4), and the slower, safe path where we may not make them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from sync_engine.core import error_types as types
from sync_engine.core.catalog import CATALOG
from sync_engine.core.errors import CrmError, Problem
from sync_engine.core.values import Crm
from sync_engine.models import Connection
from sync_engine.runs import connect
from sync_engine.runs.keys import ensure_keys
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


def test_what_may_be_made_again_is_remembered_no_longer(world):
    world.connection.remember_keys({"Contact": "insufficient access rights"})
    ensure_keys(world.connection, world.crms, CATALOG.values())
    assert Connection.objects.get().has_key("Contact")


def test_a_crm_that_is_busy_says_nothing_about_keys(world):
    world.salesforce.fail_next(Problem(Crm.SALESFORCE, types.TEMPORARY))
    with pytest.raises(CrmError):
        ensure_keys(world.connection, world.crms, CATALOG.values())
    assert Connection.objects.get().without_key == {}
