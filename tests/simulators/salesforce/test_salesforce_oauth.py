"""Logging in: the page, codes, tokens, who am I. Source: salesforce-api.md 1.3 to 1.5."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.simulators.salesforce.conftest import HOST

BACK = "http://127.0.0.1:8000/oauth/salesforce/callback/"
VERIFIER = "v" * 43
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
)
ASKED = {
    "response_type": "code",
    "client_id": "crmsync-demo",
    "redirect_uri": BACK,
    "state": "s&=1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}
CLIENT = {"client_id": "crmsync-demo", "client_secret": "crmsync-demo-secret"}


def page_form(api, **asked):
    """Open the login page as a browser does; return the form's hidden fields."""
    page = api("GET", f"/services/oauth2/authorize?{urlencode(ASKED | asked)}")
    assert page.status == 200, page.body
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.body)
    return {name: unescape(value) for name, value in found}


def press(api, decision, **asked):
    """Press a button of the login page; return what the client gets back."""
    sent = api.form("/services/oauth2/authorize", **page_form(api, **asked), decision=decision)
    assert sent.status == 302
    assert sent.headers["location"].startswith(BACK)
    query = parse_qs(urlsplit(sent.headers["location"]).query)
    return {name: value for name, (value,) in query.items()}


def exchange(api, code, /, **changed):
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK,
            "code_verifier": VERIFIER, **CLIENT}  # fmt: skip
    return api.form("/services/oauth2/token", **(form | changed))


def logged_in(api):
    return exchange(api, press(api, "allow")["code"]).body


def refreshed(api, token):
    return api.form(
        "/services/oauth2/token", grant_type="refresh_token", refresh_token=token, **CLIENT
    )


def test_a_login_leads_to_a_token_that_works(api):
    tokens = logged_in(api)
    assert tokens["instance_url"] == f"http://{HOST}"
    assert tokens["token_type"] == "Bearer"
    assert "expires_in" not in tokens
    api.token = tokens["access_token"]
    assert api("GET", "limits").status == 200


def test_the_answer_is_signed(api):
    tokens = logged_in(api)
    signed = (tokens["id"] + tokens["issued_at"]).encode()
    digest = hmac.new(b"crmsync-demo-secret", signed, hashlib.sha256).digest()
    assert tokens["signature"] == base64.b64encode(digest).decode()


def test_the_state_comes_back_and_a_denial_says_so(api):
    assert press(api, "allow")["state"] == "s&=1"
    denied = press(api, "deny")
    assert denied["error"] == "access_denied"
    assert "code" not in denied


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code": "wrong"}, "invalid_grant"),
        ({"code_verifier": "w" * 43}, "invalid_request"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "wrong"}, "invalid_client_id"),
        ({"redirect_uri": BACK + "x"}, "redirect_uri_mismatch"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_code_is_worth_nothing_with_the_wrong_words(api, changed, error):
    answered = exchange(api, press(api, "allow")["code"], **changed)
    assert (answered.status, answered.body["error"]) == (400, error)


def test_a_code_works_once(api):
    code = press(api, "allow")["code"]
    assert exchange(api, code).status == 200
    assert exchange(api, code).body["error"] == "invalid_grant"


def test_a_code_dies_after_fifteen_minutes(api, simulator):
    code = press(api, "allow")["code"]
    simulator.clock.shift += timedelta(minutes=16)
    assert exchange(api, code).body["error_description"] == "expired authorization code"


@pytest.mark.parametrize(
    "asked",
    [
        {"client_id": "somebody"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"response_type": "token"},
        {"code_challenge_method": "plain"},
    ],
)
def test_the_page_is_not_shown_to_strangers(api, asked):
    answered = api("GET", f"/services/oauth2/authorize?{urlencode(ASKED | asked)}")
    assert answered.status == 400


def test_a_refresh_gives_an_access_token_and_keeps_itself(api):
    tokens = logged_in(api)
    answer = refreshed(api, tokens["refresh_token"])
    assert answer.status == 200
    assert "refresh_token" not in answer.body
    assert answer.body["access_token"] != tokens["access_token"]


def test_with_rotation_a_refresh_token_works_once(api, simulator):
    simulator.actions()["rotate-refresh-tokens"]({})
    first = logged_in(api)["refresh_token"]
    second = refreshed(api, first).body["refresh_token"]
    assert refreshed(api, first).body["error"] == "invalid_grant"
    assert refreshed(api, second).status == 200


def test_an_expired_session_is_refused_until_refreshed(api, simulator):
    tokens = logged_in(api)
    simulator.actions()["expire-sessions"]({})
    api.token = tokens["access_token"]
    refused = api("GET", "limits")
    assert (refused.status, refused.body[0]["errorCode"]) == (401, "INVALID_SESSION_ID")
    api.token = refreshed(api, tokens["refresh_token"]).body["access_token"]
    assert api("GET", "limits").status == 200


def test_a_revoked_token_takes_the_sessions_along(api):
    tokens = logged_in(api)
    assert api.form("/services/oauth2/revoke", token=tokens["refresh_token"]).status == 200
    assert refreshed(api, tokens["refresh_token"]).body["error"] == "invalid_grant"
    api.token = tokens["access_token"]
    assert api("GET", "limits").status == 401
    assert api.form("/services/oauth2/revoke", token="unknown").status == 400


def test_both_ways_to_ask_who_am_i_agree(api):
    tokens = logged_in(api)
    api.token = tokens["access_token"]
    identity = api("GET", urlsplit(tokens["id"]).path)
    info = api("GET", "/services/oauth2/userinfo")
    assert identity.body["id"] == tokens["id"] == info.body["sub"]
    assert identity.body["username"] == info.body["preferred_username"] == "crmsync@babbage.example"
    assert identity.body["organization_id"] == info.body["organization_id"]
    assert "sforce-limit-info" not in identity.headers | info.headers


def test_a_stranger_is_told_nothing(api):
    path = urlsplit(logged_in(api)["id"]).path
    api.token = "nonsense"
    assert api("GET", path).status == 403
    assert api("GET", "/services/oauth2/userinfo").status == 403
    api.token = ""
    assert api("GET", "limits").status == 401
