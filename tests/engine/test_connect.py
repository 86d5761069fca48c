"""Connecting both CRMs as an admin does, against the simulators, and keeping the tokens good."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection as database
from django.utils import timezone

from sync_engine.core.errors import CrmError
from sync_engine.core.values import Crm
from sync_engine.models import (
    Allocation,
    ApiCalls,
    Connection,
    Credential,
    FieldMapping,
    ObjectSettings,
    RecordLink,
    Watermark,
)
from sync_engine.runs import connect
from sync_engine.runs.poll import poll
from tests.logins import VERIFIER, log_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("simulated")]

# Tokens are renewed in transactions of their own, which others see at once.
in_real_transactions = pytest.mark.django_db(transaction=True)


@pytest.fixture
def connection(simulated):
    """Both accounts, logged in to; not set up yet."""
    return log_in(Crm.SALESFORCE, log_in(Crm.HUBSPOT))


def test_two_logins_make_one_connection(connection):
    connection.refresh_from_db()
    assert connection.hubspot_account_id == "24816357"
    assert connection.hubspot_name == "babbage.example"
    assert connection.time_zone == "Europe/London"
    assert connection.salesforce_name == "Babbage & Co"
    assert connection.salesforce_edition == "Enterprise Edition"
    assert connection.is_sandbox
    assert len(connection.salesforce_org_id) == 18
    assert connection.integration_user
    assert Credential.objects.filter(connection=connection).count() == 2


@pytest.mark.parametrize(
    ("said", "kept"),
    [("US/Eastern", "US/Eastern"), ("Mars/Olympus", "UTC"), ("../etc", "UTC"), ("", "UTC")],
)
def test_a_time_zone_that_nobody_here_knows_is_utc(said, kept):
    assert connect._known_zone(said) == kept


def test_only_hubspot_says_when_its_token_expires(connection):
    expires = {c.crm: c.expires_at for c in Credential.objects.all()}
    assert expires["salesforce"] is None
    assert timedelta(minutes=25) < expires["hubspot"] - timezone.now() <= timedelta(minutes=30)


def test_logging_in_again_keeps_the_connection_and_ends_its_suspension(connection):
    connection.suspend("Salesforce no longer accepts our login.")
    again = log_in(Crm.SALESFORCE, connection)
    assert again.pk == connection.pk
    again.refresh_from_db()
    assert again.suspended_because == ""


def test_another_account_is_refused_with_both_names(connection):
    Connection.objects.update(salesforce_org_id="00D000000000009AAA", salesforce_name="Ltd")
    connection.refresh_from_db()
    before = bytes(Credential.objects.get(crm="salesforce").sealed)
    with pytest.raises(connect.OtherAccount) as refused:
        log_in(Crm.SALESFORCE, connection)
    assert "Ltd" in str(refused.value) and "Babbage & Co" in str(refused.value)
    assert bytes(Credential.objects.get(crm="salesforce").sealed) == before


def test_a_hubspot_account_is_connected_once(connection):
    with pytest.raises(connect.OtherAccount) as refused:
        log_in(Crm.HUBSPOT)
    assert "babbage.example" in str(refused.value)
    assert Connection.objects.count() == 1


def test_a_code_that_is_not_good_keeps_nothing():
    with pytest.raises(CrmError):
        connect.complete_login(
            None, Crm.HUBSPOT, code="x", verifier=VERIFIER, sandbox=False, now=timezone.now()
        )
    assert not Connection.objects.exists()


@pytest.mark.parametrize(
    ("login", "sandbox", "host"),
    [
        ("https://login.salesforce.com", False, "login.salesforce.com"),
        ("https://login.salesforce.com", True, "test.salesforce.com"),
        ("https://acme.my.salesforce.com", True, "acme.my.salesforce.com"),
    ],
)
def test_a_sandbox_logs_in_elsewhere_unless_the_host_is_the_admins_own(
    settings, login, sandbox, host
):
    settings.SALESFORCE_LOGIN_URL = login
    url = connect.login_url(Crm.SALESFORCE, state="s", verifier=VERIFIER, sandbox=sandbox)
    assert url.startswith(f"https://{host}/services/oauth2/authorize?")


def test_setting_up_makes_keys_settings_mappings_and_an_allocation(connection):
    now = timezone.now()
    connect.finish_setup(connection, now)
    crms = connect.crms_of(connection)
    assert connection.key_property in crms.hubspot.fields("contacts")
    assert crms.salesforce.fields("Contact")[connection.key_field].writable
    assert ObjectSettings.objects.get(object_type="contacts").is_on
    assert FieldMapping.objects.filter(hubspot_field="email", is_standard=True).exists()
    allocation = Allocation.objects.get()
    assert allocation.allocated == allocation.limited_by_salesforce // 5
    assert connection.is_syncing
    starts = Watermark.objects.values_list("read_until", flat=True)
    assert all(abs(start - now) < timedelta(minutes=1) for start in starts)
    assert {row.crm for row in Watermark.objects.all()} == {"hubspot", "salesforce"}


def test_setting_up_twice_changes_nothing(connection):
    connect.finish_setup(connection, timezone.now())
    before = list(Watermark.objects.values_list("pk", "read_until"))
    connect.finish_setup(connection, timezone.now())
    assert list(Watermark.objects.values_list("pk", "read_until")) == before
    assert FieldMapping.objects.filter(hubspot_field="email").count() == 1


def test_calls_are_counted_as_the_vendors_count_them(
    connection, hubspot_control, salesforce_control
):
    connect.finish_setup(connection, timezone.now())
    ApiCalls.objects.all().delete()
    for control in (hubspot_control, salesforce_control):
        control.call("DELETE", "calls")
    poll(connection, connect.crms_of, timezone.now)
    counted = {crm: sum(row.calls for row in ApiCalls.objects.filter(crm=crm.value)) for crm in Crm}
    assert counted == {
        Crm.HUBSPOT: hubspot_control.cost(),
        Crm.SALESFORCE: salesforce_control.cost(),
    }
    assert counted[Crm.SALESFORCE] >= 1


def test_a_contact_made_in_either_crm_appears_in_the_other(
    connection, hubspot_control, salesforce_control
):
    connect.finish_setup(connection, timezone.now())
    salesforce_control.call(
        "POST",
        "records/Contact",
        by="Ada",
        values={"LastName": "Lovelace", "Email": "ada@example.org", "MailingCity": "London"},
    )
    run = poll(connection, connect.crms_of, timezone.now)
    assert (run.state, run.created_in_hubspot, run.refused) == ("done", 1, 0)
    link = RecordLink.objects.get(state="live")
    found = hubspot_control.call("GET", f"records/contacts/{link.hubspot_id}")["values"]
    assert (found["lastname"], found["city"]) == ("Lovelace", "London")


@in_real_transactions
def test_an_expired_salesforce_session_is_renewed(connection, salesforce_control):
    connect.finish_setup(connection, timezone.now())
    before = Credential.objects.get(crm="salesforce").tokens
    salesforce_control.call("POST", "actions/expire-sessions")
    crms = connect.crms_of(connection)
    assert crms.salesforce.identity().name == "Babbage & Co"
    after = Credential.objects.get(crm="salesforce").tokens
    assert after.access_token != before.access_token
    assert after.refresh_token == before.refresh_token


@in_real_transactions
def test_a_hubspot_token_is_renewed_before_it_expires(connection):
    Credential.objects.filter(crm="hubspot").update(
        expires_at=datetime.now(UTC) + timedelta(minutes=5)
    )
    before = Credential.objects.get(crm="hubspot").tokens
    connect.crms_of(connection).hubspot.read("contacts", ["501"], [])
    after = Credential.objects.get(crm="hubspot")
    assert after.tokens.access_token != before.access_token
    assert after.expires_at > timezone.now() + timedelta(minutes=20)


@in_real_transactions
def test_a_token_that_another_worker_renewed_is_taken_over(connection, hubspot_control):
    late, early = (connect.crms_of(connection).hubspot for _ in range(2))
    late.read("contacts", ["501"], [])
    hubspot_control.call("POST", "actions/expire-tokens")
    early.read("contacts", ["501"], [])
    renewed = Credential.objects.get(crm="hubspot").tokens
    late.read("contacts", ["501"], [])
    assert Credential.objects.get(crm="hubspot").tokens == renewed


@in_real_transactions
def test_two_workers_that_are_refused_at_once_renew_the_token_once(connection, salesforce_control):
    """With rotation a refresh token dies when it is used: the second use would shut us out."""
    connect.finish_setup(connection, timezone.now())
    salesforce_control.call("POST", "actions/rotate-refresh-tokens", on=True)
    salesforce_control.call("POST", "actions/expire-sessions")

    def ask(_: int) -> str:
        try:
            return connect.crms_of(connection).salesforce.identity().name
        finally:
            database.close()

    with ThreadPoolExecutor(max_workers=2) as workers:
        assert list(workers.map(ask, range(2))) == ["Babbage & Co", "Babbage & Co"]
    connection.refresh_from_db()
    assert connection.suspended_because == ""


@in_real_transactions
def test_being_shut_out_suspends_the_connection_with_a_sentence(connection, salesforce_control):
    connect.finish_setup(connection, timezone.now())
    salesforce_control.call("POST", "actions/revoke-tokens")
    with pytest.raises(CrmError) as shut_out:
        connect.crms_of(connection).salesforce.identity()
    assert shut_out.value.problem.type.slug == "signed-out"
    connection.refresh_from_db()
    assert connection.suspended_because == (
        "Salesforce no longer accepts our login. Connect Salesforce again."
    )
