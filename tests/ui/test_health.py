from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from redis import Redis

from sync_engine.core.error_types import (
    DUPLICATE_RULE,
    PICKLIST,
    REQUIRED_FIELD,
    TEMPORARY,
)
from sync_engine.models import FieldMapping, SettingChange, SyncRun
from tests.ui.conftest import (
    HTMX,
    note_calls,
    note_error,
    note_run,
    off,
    suspended,
)


@pytest.fixture
def here(connection) -> str:
    return f"/{connection.pk}"


@pytest.fixture
def health(here) -> str:
    return f"{here}/health/"


def test_home_is_the_first_connection_s_health(alice, connection, health):
    assert alice.get("/").url == health


class TestWithoutErrors:
    def test_it_says_that_nothing_differs(self, alice, health):
        assert "Nothing differs" in alice.get(health).text

    def test_it_says_that_setup_is_finished_until_something_was_read(
        self, alice, connection, health
    ):
        note_run(connection)
        page = alice.get(health).text
        assert "Setup is finished" in page
        assert "1 poll so far found no change" in page

        note_run(connection, read=1)
        page = alice.get(health).text
        assert "Setup is finished" not in page
        assert "Finished runs, latest first" in page


class TestErrors:
    @pytest.fixture
    def errors(self, connection):
        for n in (501, 502):
            note_error(connection, PICKLIST, str(n), code="BAD", message="Industry: bad <value>")
        note_error(connection, REQUIRED_FIELD, "501")
        note_error(connection, DUPLICATE_RULE, "503")
        retry = timezone.now() + timedelta(minutes=9)
        note_error(connection, TEMPORARY, "504", next_retry=retry)

    def test_there_is_a_card_for_each_category(self, alice, health, errors):
        page = alice.get(health).text
        assert "5 errors hold back values on 4 records" in page
        assert page.count('class="card error-card"') == 3
        assert page.count("Waits for you") == 2
        assert "Retries by itself at" in page

    def test_a_nightly_retry_of_what_only_a_person_can_mend_is_not_promised(
        self, alice, connection, health
    ):
        note_error(connection, PICKLIST, next_retry=timezone.now() + timedelta(days=1))
        page = alice.get(health).text
        assert "Waits for you" in page
        assert "Retries by itself" not in page

    def test_a_closed_error_is_not_shown(self, alice, connection, health):
        note_error(connection, PICKLIST, closed_at=timezone.now())
        assert "Nothing differs" in alice.get(health).text

    def test_an_error_of_another_connection_is_not_shown(self, alice, connection, health):
        other = type(connection).objects.create(hubspot_account_id="2")
        note_error(other, PICKLIST)
        assert "Nothing differs" in alice.get(health).text

    def test_a_card_opens_the_inspector(self, alice, health, errors):
        page = alice.get(f"{health}errors/property-values/").text
        assert page.startswith("<!doctype html>")
        assert "3 current errors, 2 impacted records" in page
        assert PICKLIST.meaning in page
        assert PICKLIST.fix[0] in page
        assert "Industry: bad &lt;value&gt;" in page

    def test_a_type_opens_within_it(self, alice, health, errors):
        page = alice.get(f"{health}errors/property-values/?type={REQUIRED_FIELD.slug}").text
        assert REQUIRED_FIELD.meaning in page
        assert PICKLIST.meaning not in page

    def test_htmx_gets_the_inspector_and_the_cards_beside_it(self, alice, health, errors):
        answer = alice.get(f"{health}errors/duplicates/", headers=HTMX)
        assert answer.text.strip().startswith('<aside class="inspector" id="error-details"')
        assert 'id="error-cards"' in answer.text
        assert 'data-hx-swap-oob="true"' in answer.text
        assert answer.text.count('aria-current="true"') == 2
        assert "HX-Request" in answer.headers["Vary"]

    def test_a_category_without_errors_leads_back(self, alice, health, errors):
        assert alice.get(f"{health}errors/limits/").url == health

    def test_a_category_that_does_not_exist_is_not_found(self, alice, health):
        assert alice.get(f"{health}errors/weather/").status_code == 404


class TestApiCalls:
    def test_it_says_when_the_chart_will_be_drawn(self, alice, connection, health):
        note_calls(connection, 19, minutes_ago=10)
        page = alice.get(health).text
        assert "The hours are drawn here once the first has passed, at" in page
        assert 'class="chart"' not in page

    def test_it_draws_the_chart_from_the_first_hour_on(self, alice, connection, health):
        note_calls(connection, 40, minutes_ago=61)
        note_calls(connection, 2, minutes_ago=1, cause="writing")
        page = alice.get(health).text
        assert 'class="chart"' in page
        assert page.count("<rect class=") == 2 + 2  # the bar's two, and two hours
        assert "Hour by hour as a table" in page

    def test_an_admin_changes_the_allocation(self, alice, connection, here, health):
        answer = alice.post(f"{here}/allocation/", {"allocated": "12,000"})

        assert answer.url == health
        connection.allocation.refresh_from_db()
        assert connection.allocation.allocated == 12_000
        change = SettingChange.objects.get()
        assert (change.by, change.before, change.after) == ("Alice", "5,000", "12,000")

    def test_htmx_gets_the_panel(self, alice, here):
        answer = alice.post(f"{here}/allocation/", {"allocated": "12000"}, headers=HTMX)
        assert answer.text.strip().startswith('<section class="panel api-calls" id="api-calls"')
        assert "of 12,000 allocated" in answer.text

    @pytest.mark.parametrize("typed", ["115,001", "0", "a lot", "-5", "1e9", ""])
    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_a_number_that_cannot_be_keeps_what_was_typed(
        self, alice, connection, here, typed, headers
    ):
        page = alice.post(f"{here}/allocation/", {"allocated": typed}, headers=headers).text

        assert f'value="{typed}"' in page
        assert 'id="not-allocated" role="alert"' in page
        connection.allocation.refresh_from_db()
        assert connection.allocation.allocated == 5000
        assert not SettingChange.objects.exists()

    def test_what_is_being_typed_survives_a_refresh(self, alice, health):
        assert "data-hx-preserve" in alice.get(f"{health}api-calls/", headers=HTMX).text
        assert "data-hx-preserve" not in alice.get(health).text


class TestRuns:
    def test_a_finished_run_shows_its_numbers(self, alice, connection, health):
        note_run(
            connection,
            read=18402,
            created_in_hubspot=1000,
            updated_in_hubspot=118,
            refused=3,
            salesforce_calls=42,
        )
        page = alice.get(health).text
        for number in ("18,402", "1,118", ">3</a>", ">42<"):
            assert number in page

    def test_what_was_deleted_is_counted_apart(self, alice, connection, health):
        note_run(connection, read=9, updated_in_hubspot=4, deleted_in_hubspot=3)
        assert ">7 <small>3 deleted</small>" in alice.get(health).text

    def test_a_failed_run_says_why(self, alice, connection, health):
        note_run(connection, read=1, state=SyncRun.State.FAILED, reason="HubSpot fell silent.")
        assert "HubSpot fell silent." in alice.get(health).text

    def test_while_the_last_one_failed_nobody_reads_that_all_is_well(
        self, alice, connection, health
    ):
        note_run(connection, read=1, state=SyncRun.State.FAILED, reason="HubSpot fell silent.")
        page = alice.get(health).text
        assert "The last poll failed" in page
        assert "No errors" not in page

        note_run(connection)
        page = alice.get(health).text
        assert "The last poll failed" not in page
        assert "No errors" in page

    def test_they_are_shown_ten_at_a_time(self, alice, connection, health):
        for n in range(25):
            note_run(connection, read=n)
        assert "Runs 1 to 10 of 25 in 24 hours" in alice.get(health).text
        older = alice.get(f"{health}runs/?page=3", headers=HTMX).text
        assert "Runs 21 to 25 of 25" in older
        assert "every 30s" not in older  # nothing moves under the eyes of whoever looks back

    def test_a_run_that_goes_on_is_looked_at_more_often(self, alice, connection, health):
        assert "every 30s" in alice.get(f"{health}runs/", headers=HTMX).text
        SyncRun.objects.begin_poll(connection.pk, timezone.now())
        assert "every 2s" in alice.get(f"{health}runs/", headers=HTMX).text

    def test_the_other_panels_are_told_when_one_has_ended(self, alice, connection, health):
        seen = note_run(connection).pk
        address = f"{health}runs/?seen={seen}"
        assert "HX-Trigger" not in alice.get(address, headers=HTMX).headers

        note_run(connection)
        assert "run-ended" in alice.get(address, headers=HTMX).headers["HX-Trigger"]


class TestSyncNow:
    @pytest.fixture
    def queue(self):
        redis = Redis.from_url(settings.REDIS_URL)
        redis.delete("celery")
        yield lambda: redis.llen("celery")
        redis.delete("celery")

    def test_it_asks_for_a_poll(self, alice, here, health, queue):
        assert alice.post(f"{here}/sync-now/").url == f"{health}#runs"
        assert queue() == 1

    def test_htmx_gets_the_runs_and_looks_again_soon(self, alice, here, queue):
        answer = alice.post(f"{here}/sync-now/", headers=HTMX)
        assert answer.text.strip().startswith('<section class="panel" id="runs"')
        assert "every 2s" in answer.text

    @pytest.mark.parametrize("stop", [off, suspended])
    def test_it_refuses_while_nothing_syncs(self, alice, connection, here, queue, stop):
        stop(connection)
        page = alice.post(f"{here}/sync-now/", follow=True).text
        assert "Nothing syncs while the connection is off or suspended." in page
        assert queue() == 0


class TestSwitch:
    def test_it_turns_off_and_on_and_says_who(self, alice, connection, here, health):
        alice.post(f"{here}/switch/", {"on": "no"})
        page = alice.get(health).text
        assert "Sync is off" in page
        assert "turned off by Alice at" in page

        alice.post(f"{here}/switch/", {"on": "yes"})
        connection.refresh_from_db()
        assert connection.is_on
        assert [change.after for change in SettingChange.objects.all()] == ["On", "Off"]

    def test_pressed_twice_it_asks_for_the_same(self, alice, connection, here):
        for _ in range(2):
            alice.post(f"{here}/switch/", {"on": "no"})
        connection.refresh_from_db()
        assert not connection.is_on
        assert SettingChange.objects.count() == 1

    def test_it_does_not_guess(self, alice, here):
        assert alice.post(f"{here}/switch/").status_code == 400


def test_a_suspension_is_explained_and_cleared(alice, connection, here, health):
    suspended(connection)
    assert "Salesforce no longer accepts our login." in alice.get(health).text

    assert alice.post(f"{here}/clear-suspension/").url == health
    connection.refresh_from_db()
    assert connection.is_syncing


def test_suspended_mappings_are_not_kept_quiet(alice, connection, health):
    assert "suspended" not in alice.get(health).text
    FieldMapping.objects.get(hubspot_field="jobtitle").suspend("Field deleted in Salesforce.")
    page = alice.get(health).text
    assert "1 mapping of contacts is suspended" in page
    assert f'href="/{connection.pk}/contacts/mappings/?state=suspended"' in page
