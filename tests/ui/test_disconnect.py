"""Disconnecting asks first, and says what it did. The deed itself is in tests/engine."""

from __future__ import annotations

import pytest

from settings_ui.connections.disconnect import PHRASE
from sync_engine.models import Connection, RecordLink
from sync_engine.runs.disconnect import KEPT, NOT_KEPT


@pytest.fixture
def page(connection) -> str:
    return f"/{connection.pk}/disconnect/"


def test_it_says_what_goes_and_what_stays(alice, connection, page):
    RecordLink.objects.create(
        connection=connection, object_type="contacts", hubspot_id="501", since=connection.set_up_at
    )
    text = alice.get(page).text
    assert "No record is deleted in either CRM" in text
    assert "1 record link and" in text
    assert f"Type <b>{PHRASE}</b> to confirm" in text
    assert page in alice.get(f"/{connection.pk}/health/").text


@pytest.mark.parametrize("typed", ["", "uninstall", "Disconnect"])
def test_anything_but_the_phrase_disconnects_nothing(alice, connection, page, typed):
    answer = alice.post(page, {"phrase": typed, "keep": "nothing"})
    assert "That is not the phrase yet. Nothing was disconnected." in answer.text
    assert 'value="nothing" checked' in answer.text
    connection.refresh_from_db()
    assert connection.is_syncing


@pytest.mark.parametrize(("keep", "kept"), [("month", KEPT), ("nothing", NOT_KEPT)])
def test_the_phrase_disconnects_in_any_case(alice, connection, page, keep, kept):
    answer = alice.post(page, {"phrase": "uninstall salesforce", "keep": keep}, follow=True)

    connection.refresh_from_db()
    assert connection.disconnected_at is not None
    assert connection.forget_at == connection.disconnected_at + kept
    assert "Babbage &amp; Co is disconnected. No record was touched." in answer.text


def test_what_was_disconnected_is_shown_nowhere(alice, connection, page):
    alice.post(page, {"phrase": PHRASE, "keep": "month"})

    assert alice.get("/").url == "/connect/"
    assert "Not connected" in alice.get("/connect/").text
    for address in (f"/{connection.pk}/health/", f"/{connection.pk}/setup/", page):
        assert alice.get(address).status_code == 404


def test_a_viewer_can_neither_see_it_nor_do_it(victor, connection, page):
    assert victor.get(page).status_code == 403
    assert victor.post(page, {"phrase": PHRASE, "keep": "nothing"}).status_code == 403
    assert Connection.objects.syncing().exists()
    assert page not in victor.get(f"/{connection.pk}/health/").text
