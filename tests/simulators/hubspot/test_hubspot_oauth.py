"""Logging in to the simulated HubSpot, tokens, scopes (hubspot-api.md 4.2, 13)."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import pytest

CALLBACK = "http://127.0.0.1:8000/oauth/hubspot/callback/"
APP = {"client_id": "crmsync-demo", "client_secret": "crmsync-demo-secret"}
SCOPES = "oauth crm.objects.contacts.read"
ASKED = {
    "client_id": "crmsync-demo",
    "redirect_uri": CALLBACK,
    "scope": SCOPES,
    "state": "abc",
}


def sent_back(answered):
    assert answered.status == 302, answered.body
    where = urlsplit(answered.headers["location"])
    assert f"{where.scheme}://{where.netloc}{where.path}" == CALLBACK
    return {name: values[0] for name, values in parse_qs(where.query).items()}


def code(api, **more):
    form = {**ASKED, "user": "9586501", "decision": "allow", **more}
    return sent_back(api.form("/oauth/authorize", **form))["code"]


def redeem(api, given, path="/oauth/v3/token", **more):
    fields = {"grant_type": "authorization_code", "code": given, "redirect_uri": CALLBACK}
    return api.form(path, **APP, **{**fields, **more})


@pytest.fixture
def logged_in(api):
    api.token = redeem(api, code(api)).body["access_token"]
    return api


def test_the_page_names_the_app_the_account_and_the_scopes(api):
    answered = api("GET", "/oauth/authorize", **ASKED)
    assert answered.status == 200
    assert "24816357" in answered.body
    assert "crm.objects.contacts.read" in answered.body
    assert 'name="decision" value="allow"' in answered.body
    assert '<option value="9586501" selected>Ida Rhodes</option>' in answered.body


def test_the_page_says_in_words_what_is_asked_for_and_what_of_it_is_optional(api):
    optional = "crm.schemas.contacts.read crm.schemas.contacts.write crm.new_thing"
    scope = f"{SCOPES} crm.objects.contacts.write"
    shown = api("GET", "/oauth/authorize", **{**ASKED, "scope": scope}, optional_scope=optional)
    for words in (
        "Contacts: see and change<code>crm.objects.contacts.read crm.objects.contacts.write</code>",
        "Properties of contacts: see and change (optional)",
        "New thing (optional)<code>crm.new_thing</code>",
    ):
        assert words in shown.body


def test_what_was_sent_is_shown_as_text(api):
    asked = {**ASKED, "state": '"><script>', "scope": f"{SCOPES} <b>"}
    shown = api("GET", "/oauth/authorize", **asked).body
    assert "<script>" not in shown
    assert "<b>" not in shown


def test_allowing_sends_back_a_code_and_the_state_and_denying_an_error(api):
    form = {**ASKED, "user": "9586501"}
    allowed = sent_back(api.form("/oauth/authorize", **form, decision="allow"))
    denied = sent_back(api.form("/oauth/authorize", **form, decision="deny"))
    assert allowed["state"] == denied["state"] == "abc"
    assert allowed["code"]
    assert denied["error"] == "access_denied"
    assert "code" not in denied


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "somebody"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "http://127.0.0.1.evil.example/"},
        {"redirect_uri": "javascript://127.0.0.1/"},
        {"redirect_uri": "http://[::1"},
        {"scope": "crm.objects.contacts.read"},
        {"code_challenge": "x", "code_challenge_method": "plain"},
    ],
)
def test_a_wrong_request_stays_on_the_page_and_is_never_sent_on(api, wrong):
    for answered in (
        api("GET", "/oauth/authorize", **{**ASKED, **wrong}),
        api.form("/oauth/authorize", **{**ASKED, **wrong, "decision": "allow", "user": "9586501"}),
    ):
        assert answered.status == 400
        assert "location" not in answered.headers


@pytest.mark.parametrize("path", ["/oauth/v1/token", "/oauth/v3/token", "/oauth/2026-03/token"])
def test_a_code_becomes_tokens_that_open_the_api(api, path):
    given = redeem(api, code(api), path).body
    assert given["token_type"] == "bearer"
    assert given["expires_in"] == 1800
    assert ("hub_id" in given) is (path != "/oauth/v1/token")
    api.token = given["access_token"]
    assert api("GET", "/crm/v3/objects/contacts").status == 200


def test_a_code_is_good_once(api):
    given = code(api)
    assert redeem(api, given).status == 200
    again = redeem(api, given)
    assert again.status == 400
    assert again.body["status"] == "BAD_AUTH_CODE"
    assert again.body["error"] == "invalid_grant"


def test_a_code_is_good_for_ten_minutes(api, simulator):
    given = code(api)
    simulator.clock.shift += timedelta(minutes=11)
    assert redeem(api, given).body["status"] == "BAD_AUTH_CODE"


def test_a_code_asked_for_with_a_challenge_wants_its_verifier(api):
    verifier = "v" * 43
    digest = sha256(verifier.encode()).digest()
    challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
    pkce = {"code_challenge": challenge, "code_challenge_method": "S256"}
    assert redeem(api, code(api, **pkce)).body["status"] == "BAD_CODE_VERIFIER"
    assert redeem(api, code(api, **pkce), code_verifier="w" * 43).status == 400
    assert redeem(api, code(api, **pkce), code_verifier=verifier).status == 200


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"client_id": "x"}, "BAD_CLIENT_ID"),
        ({"client_secret": "x"}, "BAD_CLIENT_SECRET"),
        ({"grant_type": "password"}, "BAD_GRANT_TYPE"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "BAD_REFRESH_TOKEN"),
        ({"redirect_uri": "http://localhost/"}, "BAD_REDIRECT_URI"),
    ],
)
def test_a_wrong_token_request_says_what_is_wrong(api, wrong, status):
    sent = {**APP, "grant_type": "authorization_code", "redirect_uri": CALLBACK, **wrong}
    answered = api.form("/oauth/v1/token", code=code(api), **sent)
    assert (answered.status, answered.body["status"]) == (400, status)


def test_an_access_token_expires_after_1800_seconds_and_is_renewed(api, simulator):
    given = redeem(api, code(api)).body
    api.token = given["access_token"]
    simulator.clock.shift += timedelta(seconds=1799)
    assert api("GET", "/crm/v3/objects/contacts").status == 200
    simulator.clock.shift += timedelta(seconds=76)
    expired = api("GET", "/crm/v3/objects/contacts")
    assert expired.status == 401
    assert expired.body["category"] == "EXPIRED_AUTHENTICATION"
    assert expired.body["message"].startswith(
        "The OAuth token used to make this call expired 75 second"
    )
    assert list(expired.body["context"]) == ["expire time"]

    renewal = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
    renewed = api.form("/oauth/v1/token", **APP, **renewal).body
    assert renewed["refresh_token"] == given["refresh_token"]
    api.token = renewed["access_token"]
    assert api("GET", "/crm/v3/objects/contacts").status == 200


def test_a_call_without_a_token_or_with_an_unknown_one_is_refused(api):
    api.token = ""
    nobody = api("GET", "/crm/v3/objects/contacts")
    assert (nobody.status, nobody.body["category"]) == (401, "INVALID_AUTHENTICATION")
    api.token = "made-up"
    unknown = api("GET", "/crm/v3/objects/contacts")
    assert (unknown.status, unknown.body["category"]) == (401, "EXPIRED_AUTHENTICATION")
    assert "day(s) ago" in unknown.body["message"]


def test_a_scope_that_was_not_granted_is_named(logged_in):
    sent = {"properties": {"email": "ana@example.com"}}
    answered = logged_in("POST", "/crm/v3/objects/contacts", sent)
    assert answered.status == 403
    assert answered.body["category"] == "MISSING_SCOPES"
    (error,) = answered.body["errors"]
    assert error["context"] == {"requiredGranularScopes": ["crm.objects.contacts.write"]}
    assert "scopes" in answered.body["links"]
    assert logged_in("GET", "/crm/v3/properties/contacts").status == 200
    assert logged_in("GET", "/crm/v3/owners/").status == 403


def test_a_token_can_be_looked_up_and_revoked(api):
    given = redeem(api, code(api)).body
    about = api("GET", f"/oauth/v1/access-tokens/{given['access_token']}").body
    assert about["hub_id"] == 24816357
    assert about["user"] == "ida@babbage.example"
    assert about["hub_domain"] == "babbage.example"
    assert about["scopes"] == SCOPES.split()
    path = "/oauth/v3/token/introspect"
    assert api.form(path, **APP, token=given["access_token"]).body["active"]

    assert api.form("/oauth/v3/token/revoke", **APP, token=given["refresh_token"]).status == 200
    assert not api.form(path, **APP, token=given["access_token"]).body["active"]
    assert api("GET", f"/oauth/v1/access-tokens/{given['access_token']}").status == 404
    api.token = given["access_token"]
    assert api("GET", "/crm/v3/objects/contacts").status == 401


def test_tokens_expire_on_demand_but_service_keys_do_not(api, simulator):
    key = api.token
    api.token = redeem(api, code(api)).body["access_token"]
    assert simulator.actions()["expire-tokens"]({}) == {"expired": 1}
    assert api("GET", "/crm/v3/objects/contacts").status == 401
    api.token = key
    assert api("GET", "/crm/v3/objects/contacts").status == 200


def test_only_a_service_key_is_told_the_daily_limit(api):
    daily = "X-HubSpot-RateLimit-Daily"
    assert daily in api("GET", "/crm/v3/owners/").headers
    api.token = redeem(api, code(api, scope=f"{SCOPES} crm.objects.owners.read")).body[
        "access_token"
    ]
    assert daily not in api("GET", "/crm/v3/owners/").headers
