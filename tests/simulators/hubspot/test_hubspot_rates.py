"""How many calls the simulated HubSpot takes (hubspot-api.md 3.1 to 3.3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync_engine.simulators.base import Refused
from sync_engine.simulators.hubspot import HubSpotSimulator

OWNERS = "/crm/v3/owners/"
BURST = "X-HubSpot-RateLimit-Max"
DAILY = "X-HubSpot-RateLimit-Daily"
APP = {"client_id": "crmsync-demo", "client_secret": "crmsync-demo-secret"}
CALLBACK = "http://127.0.0.1:8000/"


@pytest.fixture
def app_token(api):
    """Return what the app that logged in calls with."""
    asked = {"client_id": "crmsync-demo", "redirect_uri": CALLBACK}
    form = {**asked, "scope": "oauth crm.objects.owners.read", "user": "9586501"}
    sent = api.form("/oauth/authorize", **form, decision="allow").headers["location"]
    code = sent.partition("code=")[2]
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    return api.form("/oauth/v3/token", **APP, **fields).body["access_token"]


def at(simulator, *moment):
    simulator.clock.shift += datetime(*moment, tzinfo=UTC) - simulator.clock.now()


def statuses(api, count, path=OWNERS):
    return [api("GET", path).status for _ in range(count)]


def test_the_burst_window_is_told_in_headers_and_ends_in_hubspots_own_429(api, simulator):
    simulator.actions()["rate-limits"]({"burst": 3})
    answers = [api("GET", OWNERS) for _ in range(4)]
    remaining = [one.headers["X-HubSpot-RateLimit-Remaining"] for one in answers]
    assert remaining == ["2", "1", "0", "0"]
    assert [one.status for one in answers] == [200, 200, 200, 429]
    refused = answers[-1].body
    assert refused["message"] == "You have reached your ten_secondly_rolling limit."
    assert refused["errorType"] == "RATE_LIMIT"
    assert "category" not in refused
    simulator.clock.shift += timedelta(seconds=11)
    assert api("GET", OWNERS).status == 200


@pytest.mark.parametrize(
    ("asked", "burst", "associations", "daily"),
    [
        ({"tier": "free"}, 100, 100, 250_000),
        ({"tier": "starter"}, 100, 100, 250_000),
        ({"tier": "professional"}, 190, 150, 625_000),
        ({"tier": "enterprise"}, 190, 150, 1_000_000),
        ({"tier": "enterprise", "add_ons": 2}, 250, 200, 3_000_000),
        ({}, 190, 150, 625_000),
    ],
)
def test_each_tier_has_its_own_windows(api, simulator, asked, burst, associations, daily):
    simulator.actions()["tier"](asked)
    told = api("GET", OWNERS).headers
    assert (told[BURST], told[DAILY]) == (str(burst), str(daily))
    assert told["X-HubSpot-RateLimit-Secondly"] == str(burst // 10)
    path = "/crm/v4/associations/contacts/companies/labels"
    assert statuses(api, associations + 1, path) == [200] * associations + [429]
    assert statuses(api, burst) == [200] * (burst - 1) + [429]


@pytest.mark.parametrize("asked", [{"tier": "ultimate"}, {"add_ons": 3}])
def test_a_tier_that_is_not_sold_is_refused(simulator, asked):
    with pytest.raises(Refused):
        simulator.actions()["tier"](asked)


def test_a_tier_survives_a_restart(simulator):
    simulator.actions()["tier"]({"tier": "enterprise", "add_ons": 1})
    again = HubSpotSimulator()
    again.restore(simulator.dump())
    assert again.account.rates.day.limit == 2_000_000


def test_a_listed_app_has_a_window_of_its_own_and_no_day(api, simulator, app_token):
    simulator.actions()["tier"]({"tier": "free", "marketplace": True})
    simulator.account.rates.day.limit = 2
    assert statuses(api, 3) == [200, 200, 429]
    api.token = app_token
    answered = api("GET", OWNERS)
    assert (answered.status, answered.headers[BURST]) == (200, "110")
    assert DAILY not in answered.headers


def test_what_is_left_of_a_second_is_told_and_not_enforced(api, simulator):
    simulator.actions()["rate-limits"]({"burst": 20})
    remaining = "X-HubSpot-RateLimit-Secondly-Remaining"
    answers = [api("GET", OWNERS) for _ in range(3)]
    assert [one.headers[remaining] for one in answers] == ["1", "0", "0"]
    assert [one.status for one in answers] == [200] * 3
    simulator.clock.shift += timedelta(seconds=2)
    assert api("GET", OWNERS).headers[remaining] == "1"


def test_an_app_that_was_distributed_privately_shares_the_day_and_not_the_burst(
    api, simulator, app_token
):
    simulator.actions()["rate-limits"]({"burst": 2, "daily": 3})
    assert statuses(api, 3) == [200, 200, 429]
    api.token = app_token
    first, second = api("GET", OWNERS), api("GET", OWNERS)
    assert (first.status, second.status) == (200, 429)
    assert second.body["policyName"] == "DAILY"
    assert DAILY not in first.headers


def test_the_day_ends_at_midnight_where_the_account_is(api, simulator):
    at(simulator, 2026, 7, 1, 22, 59, 50)  # ten seconds to midnight in London
    simulator.actions()["rate-limits"]({"daily": 2})
    answers = [api("GET", OWNERS), api.search(), api("GET", OWNERS)]
    assert [one.status for one in answers] == [200, 200, 429]
    assert answers[0].headers[f"{DAILY}-Remaining"] == "1"
    assert answers[-1].headers[f"{DAILY}-Remaining"] == "0"
    refused = answers[-1].body
    assert refused["message"] == "You have reached your daily limit."
    assert (refused["errorType"], refused["policyName"]) == ("RATE_LIMIT", "DAILY")
    simulator.clock.shift += timedelta(seconds=11)
    assert api("GET", OWNERS).status == 200


def test_the_account_tells_how_much_of_the_day_is_used(api, simulator):
    at(simulator, 2026, 7, 1, 12)
    simulator.actions()["rate-limits"]({"daily": 9})
    statuses(api, 2)
    path = "/account-info/v3/api-usage/daily/private-apps"
    (told,) = api("GET", path).body["results"]
    assert (told["usageLimit"], told["currentUsage"]) == (9, 3)
    assert told["resetsAt"] == "2026-07-01T23:00:00.000Z"


def test_calls_that_were_refused_are_not_counted(api, simulator):
    simulator.actions()["rate-limits"]({"burst": 1, "daily": 2})
    assert statuses(api, 5) == [200, 429, 429, 429, 429]
    simulator.clock.shift += timedelta(seconds=11)
    assert api("GET", OWNERS).headers[f"{DAILY}-Remaining"] == "0"
