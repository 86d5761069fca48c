"""Out to a CRM's login page and back, and the setup page. A whole login is in tests/journeys."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from settings_ui.connections.login import SESSION_KEY
from sync_engine.core.catalog.contacts import CONTACTS
from sync_engine.models import Connection


@pytest.fixture(autouse=True)
def registered(settings):
    """Our apps at both CRMs."""
    settings.HUBSPOT_CLIENT_ID = settings.SALESFORCE_CLIENT_ID = "our-app"
    settings.HUBSPOT_CLIENT_SECRET = settings.SALESFORCE_CLIENT_SECRET = "hush"


@pytest.fixture
def begun(db) -> Connection:
    """A connection whose setup has stopped after the first login."""
    return Connection.objects.create(hubspot_account_id="24816357", hubspot_name="babbage.example")


@pytest.fixture
def complete(begun) -> Connection:
    """A connection that only has to be finished."""
    begun.salesforce_org_id, begun.salesforce_name = "00D000000000001AAA", "Babbage & Co"
    begun.save()
    return begun


def start(client, crm="hubspot", **fields):
    """Begin a login; return the query that the CRM is asked with."""
    answer = client.post(f"/connect/{crm}/", fields)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.url).query).items()}


def said(answer) -> str:
    """Return the page's messages."""
    return " ".join(str(message) for message in answer.context["messages"])


class TestStart:
    @pytest.mark.parametrize("crm", ["hubspot", "salesforce"])
    def test_it_goes_to_the_crm_with_a_state_and_a_challenge(self, alice, crm):
        asked = start(alice, crm)
        kept = alice.session[SESSION_KEY]
        assert asked["state"] == kept["state"]
        assert asked["redirect_uri"].endswith(f"/oauth/{crm}/callback/")
        assert kept["verifier"] not in asked.values()

    def test_each_login_has_a_state_of_its_own(self, alice):
        assert start(alice)["state"] != start(alice)["state"]

    def test_it_remembers_the_connection_and_the_sandbox(self, alice, begun):
        start(alice, "salesforce", connection=begun.pk, sandbox="on")
        kept = alice.session[SESSION_KEY]
        assert (kept["connection"], kept["sandbox"]) == (begun.pk, True)

    def test_a_connection_that_does_not_exist_is_not_found(self, alice):
        assert alice.post("/connect/hubspot/", {"connection": 7}).status_code == 404

    def test_a_crm_that_we_do_not_know_is_not_found(self, alice):
        assert alice.post("/connect/pipedrive/").status_code == 404


class TestCallback:
    @pytest.mark.parametrize("state", ["", "guessed"])
    def test_it_refuses_a_state_that_is_not_ours(self, alice, state):
        start(alice)
        answer = alice.get("/oauth/hubspot/callback/", {"code": "1", "state": state}, follow=True)
        assert "was not begun here" in said(answer)
        assert not Connection.objects.exists()

    def test_it_refuses_a_login_that_nobody_began(self, alice):
        answer = alice.get("/oauth/hubspot/callback/", {"code": "1", "state": "2"}, follow=True)
        assert "was not begun here" in said(answer)

    def test_it_refuses_what_was_begun_at_the_other_crm(self, alice):
        state = start(alice, "hubspot")["state"]
        answer = alice.get(
            "/oauth/salesforce/callback/", {"code": "1", "state": state}, follow=True
        )
        assert "was not begun here" in said(answer)

    def test_it_takes_a_state_once(self, alice):
        state = start(alice)["state"]
        query = {"error": "access_denied", "state": state}
        alice.get("/oauth/hubspot/callback/", query)
        answer = alice.get("/oauth/hubspot/callback/", query, follow=True)
        assert "was not begun here" in said(answer)

    def test_it_refuses_a_login_that_another_admin_began(self, alice):
        state = start(alice)["state"]
        session = alice.session
        session[SESSION_KEY]["admin"] += 1
        session.save()
        answer = alice.get("/oauth/hubspot/callback/", {"code": "1", "state": state}, follow=True)
        assert "was not begun here" in said(answer)

    def test_it_says_what_the_crm_said(self, alice, begun):
        state = start(alice, "salesforce", connection=begun.pk)["state"]
        answer = alice.get(
            "/oauth/salesforce/callback/",
            {"error": "access_denied", "error_description": "end-user denied", "state": state},
            follow=True,
        )
        assert answer.redirect_chain[0][0] == f"/{begun.pk}/setup/"
        assert "Salesforce did not let us in: end-user denied" in said(answer)


class TestSetup:
    def test_without_any_connection_home_begins_one(self, alice):
        assert alice.get("/").url == "/connect/"
        page = alice.get("/connect/").text
        assert 'action="/connect/hubspot/"' in page
        assert 'action="/connect/salesforce/"' in page

    def test_it_goes_on_where_it_stopped(self, alice, begun):
        assert alice.get("/connect/").url == f"/{begun.pk}/setup/"
        page = alice.get(f"/{begun.pk}/setup/").text
        assert "Account 24816357" in page
        assert f'name="connection" value="{begun.pk}"' in page
        assert "Log in to both CRMs to go on." in page
        assert "disabled>Finish setup" in page

    def test_it_says_what_will_happen(self, alice, complete):
        page = alice.get(f"/{complete.pk}/setup/").text
        assert "Finishing creates nothing by itself" in page
        assert complete.key_field in page
        assert f"{len(CONTACTS.standard_mappings)} standard mappings" in page
        assert "disabled>Finish setup" not in page

    def test_it_cannot_be_finished_with_one_crm(self, alice, begun):
        answer = alice.post(f"/{begun.pk}/setup/finish/", follow=True)
        assert "Log in to both CRMs first." in said(answer)
        begun.refresh_from_db()
        assert begun.set_up_at is None

    def test_once_finished_it_is_over(self, alice, connection):
        assert alice.get(f"/{connection.pk}/setup/").url == f"/{connection.pk}/health/"

    def test_a_viewer_sees_it_and_cannot_go_on(self, victor, complete):
        page = victor.get(f"/{complete.pk}/setup/").text
        assert "Only an admin can connect accounts. To go on, ask one." in page
        assert "Finish setup and begin syncing" not in page
        assert victor.post(f"/{complete.pk}/setup/finish/").status_code == 403
