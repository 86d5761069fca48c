"""Logging in: out to the CRM's page, back with a code, and what must never pass."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from urllib.parse import parse_qs, urlsplit

import pytest

from sync_engine.core.errors import CrmError
from sync_engine.core.values import Crm
from sync_engine.crms import oauth
from sync_engine.crms.access import Hosts
from tests.logins import VERIFIER, let_in


def app_at(crm: Crm, url: str) -> oauth.App:
    return oauth.App(
        crm,
        client_id="crmsync-demo",
        client_secret="crmsync-demo-secret",
        login_url=url,
        token_url=url,
        redirect_uri=f"http://127.0.0.1:8000/oauth/{crm.value}/callback/",
        hosts=Hosts(crm, loopback=True),
    )


def grant(app: oauth.App, verifier: str) -> str:
    return let_in(oauth.authorise_url(app, state="s", verifier=verifier))


@pytest.fixture(params=list(Crm))
def app(request: pytest.FixtureRequest) -> oauth.App:
    control = request.getfixturevalue(f"{request.param.value}_control")
    return app_at(request.param, control.url)


def test_a_person_lets_us_in_and_the_token_is_renewed(app):
    granted = oauth.exchange(app, code=grant(app, VERIFIER), verifier=VERIFIER)
    assert granted.access_token and granted.refresh_token
    assert granted.url == app.token_url
    renewed = oauth.refresh(app, granted.refresh_token)
    assert renewed.access_token != granted.access_token


def test_a_code_is_good_once_and_for_its_verifier_only(app):
    code = grant(app, VERIFIER)
    with pytest.raises(CrmError):
        oauth.exchange(app, code=code, verifier="another" * 7)
    code = grant(app, VERIFIER)
    oauth.exchange(app, code=code, verifier=VERIFIER)
    with pytest.raises(CrmError):
        oauth.exchange(app, code=code, verifier=VERIFIER)


def test_a_refresh_token_that_is_not_known_signs_us_out(app):
    with pytest.raises(CrmError) as refused:
        oauth.refresh(app, "long gone")
    assert refused.value.problem.type.slug == "signed-out"


def test_a_crm_that_cannot_be_reached_is_a_passing_error(app):
    nowhere = app_at(app.crm, "http://127.0.0.1:1")
    with pytest.raises(CrmError) as failed:
        oauth.refresh(nowhere, "any")
    assert failed.value.problem.type.slug == "temporary"


def test_the_way_to_the_login_page_bears_the_challenge_and_never_the_verifier(app):
    url = oauth.authorise_url(app, state="a state", verifier=VERIFIER)
    query = parse_qs(urlsplit(url).query)
    assert VERIFIER not in url
    assert query["code_challenge_method"] == ["S256"]
    assert query["state"] == ["a state"]
    assert app.client_secret not in url


def test_an_answer_that_salesforce_did_not_sign_is_refused(salesforce_control):
    app = app_at(Crm.SALESFORCE, salesforce_control.url)
    salesforce_control.call(
        "POST",
        "faults",
        path="oauth2/token",
        status=200,
        body={
            "access_token": "stolen",
            "instance_url": salesforce_control.url,
            "id": "https://login.salesforce.com/id/00D/005",
            "issued_at": "1767225600000",
            "signature": b64encode(
                hmac.digest(b"another secret", b"x", hashlib.sha256)
            ).decode(),
        },
    )  # fmt: skip
    with pytest.raises(CrmError) as refused:
        oauth.refresh(app, "any")
    assert "signature" in refused.value.problem.message


def signed(app: oauth.App, instance_url: str) -> dict[str, str]:
    """An answer that Salesforce itself could have written."""
    id, issued_at = "https://login.salesforce.com/id/00D/005", "1767225600000"
    signature = hmac.digest(app.client_secret.encode(), f"{id}{issued_at}".encode(), hashlib.sha256)
    return {
        "access_token": "new",
        "instance_url": instance_url,
        "id": id,
        "issued_at": issued_at,
        "signature": b64encode(signature).decode(),
    }


@pytest.mark.parametrize(
    ("moved_to", "is_taken"),
    [
        ("https://acme--uat.sandbox.my.salesforce.com", True),
        ("https://acme.my.salesforce.com.evil.example", False),
        ("http://acme.my.salesforce.com", False),
    ],
)
def test_an_org_that_moves_is_followed_to_salesforce_and_nowhere_else(
    salesforce_control, moved_to, is_taken
):
    app = app_at(Crm.SALESFORCE, salesforce_control.url)
    answer = signed(app, moved_to)
    salesforce_control.call("POST", "faults", path="oauth2/token", status=200, body=answer)
    if is_taken:
        assert oauth.refresh(app, "any").url == moved_to
    else:
        with pytest.raises(CrmError) as refused:
            oauth.refresh(app, "any")
        assert refused.value.problem.type.slug == "strange-address"


def test_our_secret_is_not_sent_where_a_redirect_leads(app, request):
    control = request.getfixturevalue(f"{app.crm.value}_control")
    where = {"location": f"{control.url}/elsewhere"}
    control.call("DELETE", "calls")
    control.call("POST", "faults", path="/token$", status=307, headers=where)
    with pytest.raises(CrmError):
        oauth.refresh(app, "any")
    assert not [path for _, path, _ in control.paths() if path == "/elsewhere"]


def test_secrets_are_in_no_repr(app):
    granted = oauth.Granted("access", "refresh", app.token_url)
    assert "crmsync-demo-secret" not in repr(app)
    assert "access" not in repr(granted).replace("access_token", "")


ADDRESSES = [
    (Crm.SALESFORCE, "https://acme.my.salesforce.com", True),
    (Crm.SALESFORCE, "https://acme--uat.sandbox.my.salesforce.com", True),
    (Crm.SALESFORCE, "https://login.salesforce.com", True),
    (Crm.SALESFORCE, "http://acme.my.salesforce.com", False),
    (Crm.SALESFORCE, "https://acme.my.salesforce.com:8443", False),
    (Crm.SALESFORCE, "https://salesforce.com.evil.example", False),
    (Crm.SALESFORCE, "https://evilsalesforce.com", False),
    (Crm.SALESFORCE, "https://acme.my.salesforce.com@evil.example", False),
    (Crm.SALESFORCE, "https://user@acme.my.salesforce.com", False),
    (Crm.SALESFORCE, "https://api.hubapi.com", False),
    (Crm.SALESFORCE, "http://127.0.0.1:8101", False),
    (Crm.SALESFORCE, "https://169.254.169.254", False),
    (Crm.HUBSPOT, "https://api.hubapi.com", True),
    (Crm.HUBSPOT, "https://app-eu1.hubspot.com", True),
    (Crm.HUBSPOT, "https://hubapi.com.evil.example", False),
    (Crm.HUBSPOT, "http://localhost:8102", False),
    (Crm.HUBSPOT, "", False),
]


@pytest.mark.parametrize(("crm", "url", "allowed"), ADDRESSES)
def test_a_token_goes_to_the_crm_and_nowhere_else(crm, url, allowed):
    hosts = Hosts(crm)
    if allowed:
        assert hosts.check(url) == url
    else:
        with pytest.raises(CrmError):
            hosts.check(url)


def test_loopback_is_for_simulators():
    assert Hosts(Crm.HUBSPOT, loopback=True).check("http://127.0.0.1:8102")
    with pytest.raises(CrmError):
        Hosts(Crm.HUBSPOT, loopback=True).check("http://10.0.0.1:8102")
