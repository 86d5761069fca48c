"""Taking over the links of HubSpot's own integration, on the setup page and later."""

from __future__ import annotations

import pytest
from django.utils import timezone

from sync_engine.core.adoption import Verdict
from sync_engine.core.checks import Granted
from sync_engine.core.values import Crm
from sync_engine.models import Adoption, Connection, Grant
from tests.ui.conftest import HTMX


@pytest.fixture
def begun(db) -> Connection:
    return Connection.objects.create(
        hubspot_account_id="24816358", salesforce_org_id="00D000000000001AAA"
    )


def under_way(connection) -> Adoption:
    Adoption.objects.begin(connection.pk, timezone.now())
    adoption = Adoption.objects.claim(Adoption.objects.get().pk, timezone.now())
    assert adoption is not None
    adoption.note(
        [
            ("501", "003000000000001AAA", Verdict.ADOPTED),
            ("502", "003000000000002AAA", Verdict.SOMEBODY_ELSE),
        ]
    )
    adoption.save()
    return adoption


@pytest.mark.parametrize("page", ["setup", "checks"])
def test_it_is_offered_during_setup_and_later(alice, connection, begun, page):
    found = begun if page == "setup" else connection
    text = alice.get(f"/{found.pk}/{page}/").text
    assert f'action="/{found.pk}/adoption/begin/"' in text
    assert "Nothing is written, and a pair syncs at its next change." in text


def test_before_both_are_connected_there_is_nothing_to_take_over(alice, db):
    half = Connection.objects.create(hubspot_account_id="24816358")
    assert "Take over links" not in alice.get(f"/{half.pk}/setup/").text


def test_it_begins_and_is_watched(alice, begun):
    answer = alice.post(f"/{begun.pk}/adoption/begin/", headers=HTMX).text
    assert answer.lstrip().startswith('<section class="panel" id="adoption"')
    assert 'data-hx-trigger="every 2s"' in answer
    assert Adoption.objects.get().connection == begun


def test_without_htmx_it_goes_back_to_the_page(alice, begun, connection):
    assert alice.post(f"/{begun.pk}/adoption/begin/").url == f"/{begun.pk}/setup/"
    assert alice.post(f"/{connection.pk}/adoption/begin/").url == f"/{connection.pk}/checks/"


def test_while_the_other_integration_runs_it_is_refused(alice, begun):
    said = Granted(frozenset(), syncs_elsewhere=True)
    Grant.objects.keep(begun.pk, Crm.HUBSPOT, said, timezone.now())
    answer = alice.post(f"/{begun.pk}/adoption/begin/", headers=HTMX).text
    assert "Switch it off first." in answer
    assert not Adoption.objects.exists()


def test_it_shows_how_far_it_is(alice, begun):
    under_way(begun)
    text = alice.get(f"/{begun.pk}/adoption/").text
    assert "<b>2</b> looked at" in text and "1 link taken over" in text
    assert "Take over links</button>" not in text


def test_it_shows_what_was_left_and_why(alice, begun):
    adoption = under_way(begun)
    adoption.end(timezone.now())
    text = alice.get(f"/{begun.pk}/adoption/").text
    assert "1 × The e-mail addresses differ, and one of them is somebody else’s" in text
    assert "003000000000002AAA" in text
    assert "data-hx-trigger" not in text


def test_it_says_that_nothing_was_left(alice, begun):
    Adoption.objects.begin(begun.pk, timezone.now())
    Adoption.objects.claim(Adoption.objects.get().pk, timezone.now()).end(timezone.now())
    assert "There is nothing to take over." in alice.get(f"/{begun.pk}/adoption/").text


def test_a_failure_says_why_and_what_stays(alice, begun):
    under_way(begun).end(timezone.now(), "Salesforce: no <rights>")
    text = alice.get(f"/{begun.pk}/adoption/").text
    assert "Salesforce: no &lt;rights&gt;" in text and "What was taken over stays." in text


def test_a_viewer_watches_and_begins_nothing(victor, begun):
    assert "Take over links</button>" not in victor.get(f"/{begun.pk}/setup/").text
    assert victor.post(f"/{begun.pk}/adoption/begin/").status_code == 403
