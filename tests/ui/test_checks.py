"""Setup checks on their pages: during setup, and any time later."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from sync_engine.core import error_types as types
from sync_engine.core.catalog import CATALOG
from sync_engine.core.checks import Granted
from sync_engine.core.errors import Problem
from sync_engine.core.permissions import scopes
from sync_engine.core.values import Crm
from sync_engine.models import Connection, Grant
from sync_engine.runs.connect import finish_setup
from tests.logins import log_in
from tests.ui.conftest import HTMX

OBJECTS = CATALOG["contacts"].salesforce
IN_FULL = frozenset({"read", "create", "edit", "modify_all"})
SYSTEM = frozenset({"ApiEnabled", "ViewSetup", "CustomizeApplication"})
SCOPES = frozenset(name for some in scopes() for name in some)
EVERYTHING = {
    Crm.HUBSPOT: Granted(SCOPES),
    Crm.SALESFORCE: Granted(SYSTEM, dict.fromkeys(OBJECTS, IN_FULL), "Enterprise Edition"),
}


@pytest.fixture
def begun(db) -> Connection:
    """Both logged in, setup not finished."""
    return Connection.objects.create(
        hubspot_account_id="24816357",
        hubspot_name="babbage.example",
        salesforce_org_id="00D000000000001AAA",
        salesforce_name="Babbage & Co",
    )


def say(connection, crm, answer=None):
    Grant.objects.keep(connection.pk, crm, answer or EVERYTHING[crm], timezone.now())


def test_before_anything_was_asked_it_says_so(alice, begun):
    assert alice.get(f"/{begun.pk}/setup/").text.count("Not checked yet.") == 2


def test_what_is_granted_is_shown_with_what_it_is_for(alice, begun):
    for crm in Crm:
        say(begun, crm)
    page = alice.get(f"/{begun.pk}/setup/").text
    assert "Modify All on Lead" in page and "Needed for contacts" in page
    assert "Enterprise Edition. Group Edition cannot be connected" in page
    assert 'data-tone="bad"' not in page and 'data-tone="warn"' not in page


def test_what_nobody_needs_is_folded_away(alice, begun):
    say(begun, Crm.SALESFORCE)
    page = alice.get(f"/{begun.pk}/setup/").text
    folded = page.split("that you need not grant")[1]
    assert "Download AppExchange Packages" in folded
    assert "System administrator" in folded


def test_what_fails_shows_how_to_grant_it(alice, begun):
    say(begun, Crm.SALESFORCE, Granted(SYSTEM - {"ApiEnabled"}, EVERYTHING[Crm.SALESFORCE].objects))
    page = alice.get(f"/{begun.pk}/setup/").text
    assert "1 check failed" in page
    assert "tick API Enabled" in page


def test_the_two_sides_do_not_meet_while_a_check_fails(alice, begun):
    for crm in Crm:
        say(begun, crm)
    assert 'class="eq" data-state="suspended"' not in alice.get(f"/{begun.pk}/setup/").text
    say(begun, Crm.HUBSPOT, Granted(frozenset()))
    assert 'class="eq" data-state="suspended"' in alice.get(f"/{begun.pk}/setup/").text


def test_sync_health_says_where_our_key_is_missing(alice, connection):
    assert "No key in" not in alice.get(f"/{connection.pk}/health/").text
    connection.remember_keys({"Lead": "insufficient access rights"})
    page = alice.get(f"/{connection.pk}/health/").text
    assert "No key in Lead" in page and f'href="/{connection.pk}/checks/"' in page


def test_a_warning_says_what_is_lost(alice, begun):
    say(begun, Crm.SALESFORCE, Granted(SYSTEM - {"CustomizeApplication"}))
    page = alice.get(f"/{begun.pk}/setup/").text
    assert "Without it we look before we create: safe, but slower." in page


def test_the_crms_own_words_are_shown_where_it_refuses_to_answer(alice, begun):
    say(begun, Crm.SALESFORCE, Problem(Crm.SALESFORCE, types.API_DISABLED, message="No <b>API</b>"))
    page = alice.get(f"/{begun.pk}/setup/").text
    assert "No &lt;b&gt;API&lt;/b&gt;" in page


def test_it_says_when_it_was_checked(alice, connection):
    Grant.objects.keep(
        connection.pk, Crm.HUBSPOT, Granted(SCOPES), timezone.now() - timedelta(days=3)
    )
    assert "Checked on " in alice.get(f"/{connection.pk}/checks/").text


def test_after_setup_there_is_a_page_of_its_own(alice, connection):
    for crm in Crm:
        say(connection, crm)
    page = alice.get(f"/{connection.pk}/checks/").text
    assert "Our key field is there already" in page
    assert f'action="/{connection.pk}/checks/salesforce/"' in page
    assert f'href="/{connection.pk}/checks/"' in alice.get(f"/{connection.pk}/health/").text


def test_before_setup_that_page_is_the_setup_page(alice, begun):
    assert alice.get(f"/{begun.pk}/checks/").url == f"/{begun.pk}/setup/"


def test_a_viewer_sees_the_checks_and_cannot_check_again(victor, connection):
    say(connection, Crm.HUBSPOT)
    page = victor.get(f"/{connection.pk}/checks/").text
    assert "Account Access" in page and "Check again" not in page
    assert victor.post(f"/{connection.pk}/checks/hubspot/").status_code == 403


@pytest.fixture
def logged_in(simulated) -> Connection:
    return log_in(Crm.SALESFORCE, log_in(Crm.HUBSPOT))


@pytest.fixture
def take(simulated):
    """A function: take a system permission from the integration user."""
    return lambda name: simulated[Crm.SALESFORCE].call(
        "POST", "actions/system-permission", name=name, on=False
    )


def test_a_login_checks_at_once(alice, logged_in):
    assert "Not checked yet." not in alice.get(f"/{logged_in.pk}/setup/").text


def test_setup_is_not_finished_while_a_check_fails(alice, logged_in, take):
    take("PermissionsApiEnabled")
    answer = alice.post(f"/{logged_in.pk}/setup/finish/", follow=True)
    logged_in.refresh_from_db()
    assert logged_in.set_up_at is None
    said = " ".join(map(str, answer.context["messages"]))
    assert said.startswith("Setup is not finished. API Enabled: Salesforce refuses every call")


def test_checking_again_asks_the_crm(alice, logged_in, take):
    connection = logged_in
    take("PermissionsCustomizeApplication")
    answer = alice.post(f"/{connection.pk}/checks/salesforce/", headers=HTMX)
    assert answer.text.lstrip().startswith('<div class="stack" data-gap="s" id="salesforce-checks"')
    assert "safe, but slower" in answer.text
    assert alice.post(f"/{connection.pk}/checks/hubspot/").url == f"/{connection.pk}/setup/"


def test_checking_again_takes_up_a_right_that_was_granted(alice, logged_in, take, simulated):
    take("PermissionsCustomizeApplication")
    finish_setup(logged_in, timezone.now())
    assert not logged_in.has_key("Contact")
    simulated[Crm.SALESFORCE].call(
        "POST", "actions/system-permission", name="PermissionsCustomizeApplication"
    )
    page = alice.post(f"/{logged_in.pk}/checks/salesforce/", headers=HTMX).text
    assert "Our key field is there already" in page
    logged_in.refresh_from_db()
    assert logged_in.without_key == {}
