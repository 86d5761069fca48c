from __future__ import annotations

import pytest

from sync_engine.core.sync_rules import SyncRule
from sync_engine.models import FieldMapping, SettingChange
from tests.ui.conftest import HTMX


@pytest.fixture
def mapping(connection) -> FieldMapping:
    return FieldMapping.objects.get(connection=connection, hubspot_field="jobtitle")


@pytest.fixture
def edit(mapping) -> str:
    return f"/{mapping.connection_id}/mappings/{mapping.pk}/edit/"


@pytest.fixture
def rule(mapping) -> str:
    return f"/{mapping.connection_id}/mappings/{mapping.pk}/rule/"


def test_it_opens_a_row_with_the_four_rules(alice, edit):
    page = alice.get(edit, headers=HTMX).text
    assert page.strip().startswith('<div class="panel" id="mappings">')
    for choice in SyncRule:
        assert choice.consequence in page
    assert 'value="prefer_salesforce" checked autofocus' in page


def test_it_offers_only_the_rules_that_the_email_may_have(alice, connection):
    email = FieldMapping.objects.get(connection=connection, hubspot_field="email")
    page = alice.get(f"/{connection.pk}/mappings/{email.pk}/edit/").text
    assert 'value="two_way"' in page
    assert 'name="rule" value="dont_sync"' not in page


def test_it_opens_as_a_page_without_script(alice, edit):
    page = alice.get(edit).text
    assert page.startswith("<!doctype html>")
    assert "Sync rule of jobtitle" in page


def test_it_changes_the_rule_and_answers_with_the_row(alice, mapping, rule):
    page = alice.post(rule, {"rule": "two_way", "version": "0"}, headers=HTMX).text

    mapping.refresh_from_db()
    assert mapping.sync_rule == "two_way"
    assert f'<tr id="mapping-{mapping.pk}">' in page
    assert "Changed by Alice at" in page
    assert "Sync rule of jobtitle" not in page


def test_it_goes_back_to_where_it_was_without_htmx(alice, mapping, rule):
    answer = alice.post(f"{rule}?q=title&page=1", {"rule": "two_way", "version": "0"})
    here = f"/{mapping.connection_id}/contacts/mappings/"
    assert answer.url == f"{here}?q=title&page=1#mapping-{mapping.pk}"


def test_it_keeps_who_changed_what(alice, rule):
    alice.post(rule, {"rule": "always_salesforce", "version": "0"})
    change = SettingChange.objects.get()
    assert change.by == "Alice"
    assert change.what == "Sync rule of contacts.jobtitle"
    assert (change.before, change.after) == (
        "Prefer Salesforce unless blank",
        "Always use Salesforce",
    )


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_whoever_comes_second_is_told_who_was_first(alice, mapping, rule, headers):
    alice.post(rule, {"rule": "two_way", "version": "0"})

    page = alice.post(rule, {"rule": "dont_sync", "version": "0"}, headers=headers).text

    mapping.refresh_from_db()
    assert mapping.sync_rule == "two_way"
    assert "Alice changed this at" in page
    assert "jobtitle is now Two-way. Your choice, Don’t sync, is not saved." in page
    assert 'value="dont_sync" checked' in page
    assert 'name="version" value="1"' in page

    alice.post(rule, {"rule": "dont_sync", "version": "1"}, headers=headers)
    mapping.refresh_from_db()
    assert mapping.sync_rule == "dont_sync"


def test_a_locked_rule_is_refused_with_its_reason(alice, mapping, edit, rule):
    FieldMapping.objects.filter(pk=mapping.pk).update(locked_because="The law asks for this.")

    page = alice.get(edit).text
    assert "The law asks for this." in page
    assert "Sync rule of jobtitle" not in page

    page = alice.post(rule, {"rule": "two_way", "version": "0"}, headers=HTMX).text
    assert "The law asks for this." in page
    mapping.refresh_from_db()
    assert mapping.sync_rule == "prefer_salesforce"


@pytest.mark.parametrize(
    "answers", [{}, {"rule": "sometimes", "version": "0"}, {"rule": "two_way"}]
)
def test_it_refuses_what_is_no_rule(alice, mapping, rule, answers):
    page = alice.post(rule, answers, headers=HTMX).text
    assert "Choose one of the four rules." in page
    mapping.refresh_from_db()
    assert mapping.sync_rule == "prefer_salesforce"
