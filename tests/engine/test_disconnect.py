"""After disconnecting no token is good any more, and what was remembered goes in time (sync.md 7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from sync_engine.core.errors import CrmError
from sync_engine.core.values import Crm
from sync_engine.crms import oauth
from sync_engine.models import (
    Connection,
    Credential,
    RecordChange,
    RecordLink,
    SettingChange,
    SyncError,
)
from sync_engine.runs import connect
from sync_engine.runs.disconnect import KEPT, NOT_KEPT, disconnect
from sync_engine.runs.forget import forget_old
from sync_engine.runs.poll import poll
from tests.logins import log_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("simulated")]


@pytest.fixture
def connection(simulated) -> Connection:
    """A connection that syncs, with one pair."""
    connection = log_in(Crm.SALESFORCE, log_in(Crm.HUBSPOT))
    connect.finish_setup(connection, timezone.now())
    values = {"email": "ada@example.org", "lastname": "Byron"}
    simulated[Crm.HUBSPOT].call("POST", "records/contacts", by="Ida Rhodes", values=values)
    poll(connection, connect.crms_of, timezone.now)
    return connection


def let_go(connection: Connection, keep: timedelta = KEPT) -> list[str]:
    return disconnect(connection, keep=keep, by="Ida Rhodes", now=timezone.now())


def tokens() -> dict[Crm, tuple[oauth.App, str]]:
    return {
        Crm(held.crm): (
            connect.app_at(Crm(held.crm), held.tokens.instance_url),
            held.tokens.refresh_token,
        )
        for held in Credential.objects.all()
    }


def test_neither_refresh_token_is_good_any_more_and_none_is_kept(connection):
    before = tokens()
    assert set(before) == set(Crm)

    assert let_go(connection) == []

    assert not Credential.objects.exists()
    for app, refresh_token in before.values():
        with pytest.raises(CrmError) as refused:
            oauth.refresh(app, refresh_token)
        assert refused.value.problem.type.slug == "signed-out"


@pytest.mark.parametrize("crm", list(Crm))
def test_an_access_token_that_a_worker_still_holds_is_good_for_nothing(connection, crm):
    client = connect.crms_of(connection).of(crm)
    client.identity()

    let_go(connection)

    with pytest.raises(CrmError) as refused:
        client.identity()
    assert refused.value.problem.type.slug == "signed-out"


def test_it_stops_at_once_and_says_who_did_it(connection):
    let_go(connection)

    connection.refresh_from_db()
    assert not connection.is_syncing
    assert not Connection.objects.syncing().exists()
    change = SettingChange.objects.get(what=SettingChange.CONNECTION)
    assert (change.by, change.before, change.after) == ("Ida Rhodes", "Connected", "Disconnected")


def test_a_crm_that_does_not_answer_is_named_and_our_token_goes_all_the_same(
    connection, salesforce_control
):
    salesforce_control.call("POST", "faults", path="oauth2/revoke", status=503, body={})
    (said,) = let_go(connection)
    assert "Remove crmsync from the connected apps in Salesforce." in said
    assert not Credential.objects.exists()


def test_a_token_that_was_revoked_there_already_is_no_trouble(connection, salesforce_control):
    salesforce_control.call("POST", "actions/revoke-tokens")
    assert let_go(connection) == []


def test_links_and_history_stay_for_thirty_days_and_no_longer(connection):
    let_go(connection)

    forget_old(timezone.now() + timedelta(days=29))
    assert RecordLink.objects.exists() and RecordChange.objects.exists()

    forget_old(timezone.now() + timedelta(days=31))
    for model in (Connection, RecordLink, RecordChange, SyncError, SettingChange):
        assert not model.objects.exists()


def test_whoever_wants_to_be_forgotten_now_is_and_others_are_not(connection):
    Connection.objects.create(hubspot_account_id="7")
    let_go(connection, NOT_KEPT)
    forget_old(timezone.now())
    assert [kept.hubspot_account_id for kept in Connection.objects.all()] == ["7"]
    assert not RecordLink.objects.exists()


@pytest.mark.parametrize("first", list(Crm))
def test_the_same_two_accounts_go_on_where_they_stopped(connection, first):
    links = set(RecordLink.objects.values_list("pk", "hubspot_id", "salesforce_id"))
    let_go(connection)

    again = log_in(first.other, log_in(first))
    assert again.pk == connection.pk
    connect.finish_setup(again, timezone.now())
    poll(again, connect.crms_of, timezone.now)

    assert Connection.objects.get().is_syncing
    assert set(RecordLink.objects.values_list("pk", "hubspot_id", "salesforce_id")) == links
    forget_old(timezone.now() + timedelta(days=31))
    assert RecordLink.objects.exists()


def test_another_org_starts_with_nothing(connection):
    Connection.objects.update(salesforce_org_id="00D000000000009AAA")
    let_go(Connection.objects.get())

    again = log_in(Crm.SALESFORCE, log_in(Crm.HUBSPOT))

    assert again.pk != connection.pk
    assert not RecordLink.objects.filter(connection=again).exists()
