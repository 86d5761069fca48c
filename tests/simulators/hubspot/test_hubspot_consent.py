"""Subscription preferences of the simulated HubSpot (hubspot-api.md 11, 13.3)."""

from __future__ import annotations

import pytest

V4 = "/communication-preferences/v4/statuses"
DATED = "/communication-preferences/2026-03/statuses"
MARKETING = 71_001


@pytest.fixture
def ana(api):
    return api.contact("ana@example.com")


def opted_out(api, contact):
    return api.read(contact, "hs_email_optout")["hs_email_optout"]


def state(name, **more):
    return {"channel": "EMAIL", "statusState": name, "subscriptionId": MARKETING, **more}


def states(answered):
    return {one["subscriptionId"]: one["status"] for one in answered.body["results"]}


@pytest.mark.parametrize("root", [V4, DATED])
def test_a_subscription_is_set_and_read_in_any_case_of_the_address(api, root):
    path = f"{root}/ANA@example.com"
    assert set(states(api("GET", path, channel="EMAIL")).values()) == {"NOT_SPECIFIED"}
    (answered,) = api("POST", path, state("SUBSCRIBED")).body["results"]
    assert answered["status"] == "SUBSCRIBED"
    assert answered["subscriberIdString"] == "ana@example.com"
    assert states(api("GET", path, channel="EMAIL"))[MARKETING] == "SUBSCRIBED"


def test_an_opt_out_of_all_shows_on_the_contact_which_refuses_to_be_told(api, ana):
    path = f"{V4}/ana@example.com/unsubscribe-all"
    assert api("GET", path, channel="EMAIL").body["results"] == []
    assert set(states(api("POST", path, channel="EMAIL")).values()) == {"UNSUBSCRIBED"}
    (wide,) = api("GET", path).body["results"]
    assert (wide["status"], wide["wideStatusType"]) == ("UNSUBSCRIBED", "PORTAL_WIDE")
    assert opted_out(api, ana) == "true"
    refused = api(
        "PATCH", f"/crm/v3/objects/contacts/{ana}", {"properties": {"hs_email_optout": "false"}}
    )
    assert refused.body["errors"][0]["code"] == "READ_ONLY_VALUE"


def test_an_opt_out_moves_the_stamp_and_is_found_in_the_history(api, ana):
    before = api("GET", f"/crm/v3/objects/contacts/{ana}").body["updatedAt"]
    api("POST", f"{V4}/ana@example.com/unsubscribe-all")
    asked = {"propertiesWithHistory": "hs_email_optout"}
    after = api("GET", f"/crm/v3/objects/contacts/{ana}", **asked).body
    assert after["updatedAt"] > before
    assert after["propertiesWithHistory"]["hs_email_optout"][0]["value"] == "true"


def test_who_subscribes_again_has_not_opted_out_any_more(api, ana):
    path = f"{V4}/ana@example.com"
    api("POST", f"{path}/unsubscribe-all")
    api("POST", path, state("SUBSCRIBED"))
    assert api("GET", f"{path}/unsubscribe-all").body["results"] == []
    assert opted_out(api, ana) == "false"
    assert sorted(states(api("GET", path)).values()) == ["SUBSCRIBED", *["UNSUBSCRIBED"] * 2]


def test_one_unsubscription_is_no_opt_out_of_all(api, ana):
    api("POST", f"{V4}/ana@example.com", state("UNSUBSCRIBED"))
    assert opted_out(api, ana) in (None, "false")


def test_a_contact_that_gets_an_address_that_opted_out_has_opted_out(api):
    for address in ("bo@example.com", "cy@example.com"):
        assert api("POST", f"{V4}/{address}/unsubscribe-all").status == 200
    bo, dan = api.contact("bo@example.com"), api.contact("dan@example.com")
    api("PATCH", f"/crm/v3/objects/contacts/{dan}", {"properties": {"email": "cy@example.com"}})
    assert (opted_out(api, bo), opted_out(api, dan)) == ("true", "true")


@pytest.mark.parametrize("root", [V4, DATED])
def test_batches_read_write_and_opt_out(api, ana, root):
    both = {"inputs": ["ana@example.com", "bo@example.com"]}
    written = [state("SUBSCRIBED", subscriberIdString="Bo@example.com")]
    assert api("POST", f"{root}/batch/write", {"inputs": written}).body["results"][0]["status"]
    out = api("POST", f"{root}/batch/unsubscribe-all", {"inputs": ["ana@example.com"]})
    assert out.body["results"][0]["subscriberIdString"] == "ana@example.com"
    assert opted_out(api, ana) == "true"

    first, second = api("POST", f"{root}/batch/read", both, channel="EMAIL").body["results"]
    assert {one["status"] for one in first["statuses"]} == {"UNSUBSCRIBED"}
    assert second["statuses"][0]["status"] == "SUBSCRIBED"
    wide = api("POST", f"{root}/batch/unsubscribe-all/read", both).body["results"]
    assert [len(one["wideStatuses"]) for one in wide] == [1, 0]


@pytest.mark.parametrize("call", ["read", "write", "unsubscribe-all", "unsubscribe-all/read"])
def test_batches_want_a_scope_of_their_own_which_only_enterprise_has(simulator, api, call):
    scopes = ["communication_preferences.read_write"]
    api.token = simulator.token({"scopes": scopes})["access_token"]
    assert api("GET", f"{V4}/ana@example.com").status == 200
    answered = api("POST", f"{V4}/batch/{call}", {"inputs": []})
    (wanted,) = answered.body["errors"][0]["context"]["requiredGranularScopes"]
    assert answered.status == 403
    assert wanted.startswith("communication_preferences.statuses.batch.")


@pytest.mark.parametrize(
    "sent",
    [
        {},
        state("MAYBE"),
        state("SUBSCRIBED", channel="SMS"),
        state("SUBSCRIBED", subscriptionId=1),
        state("SUBSCRIBED", subscriptionId=None),
    ],
)
def test_a_state_that_makes_no_sense_is_refused(api, sent):
    assert api("POST", f"{V4}/ana@example.com", sent).status == 400
    sent = {**sent, "subscriberIdString": "ana@example.com"}
    assert api("POST", f"{V4}/batch/write", {"inputs": [sent]}).status == 400


def test_what_is_no_address_is_refused(api):
    assert api("GET", f"{V4}/ana").status == 400
    assert api("POST", f"{V4}/batch/read", {"inputs": ["ana"]}).status == 400
    assert api("POST", f"{V4}/batch/read", {"inputs": ["a@example.com"] * 101}).status == 400


def test_the_subscriptions_there_are_and_all_choices_survive_a_restart(simulator, api, ana):
    names = [
        one["name"]
        for one in api("GET", "/communication-preferences/v4/definitions").body["results"]
    ]
    assert "Marketing information" in names
    api("POST", f"{V4}/ana@example.com/unsubscribe-all")
    simulator.restore(simulator.dump())
    assert api("GET", f"{V4}/ana@example.com/unsubscribe-all").body["results"]
    assert set(states(api("GET", f"{V4}/ana@example.com")).values()) == {"UNSUBSCRIBED"}
