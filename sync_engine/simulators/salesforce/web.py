"""What a browser and an OAuth client meet: the login page, tokens, who am I.
Source: salesforce-api.md 1.3 to 1.5."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from sync_engine.simulators.access import Access, access_page, refusal_page
from sync_engine.simulators.http import (
    Request,
    Response,
    html_response,
    json_response,
    redirect,
)
from sync_engine.simulators.salesforce import ids
from sync_engine.simulators.salesforce.api import origin
from sync_engine.simulators.salesforce.fields import Row
from sync_engine.simulators.salesforce.oauth import Asked, OAuthError, token_answer
from sync_engine.simulators.salesforce.org import Org

PARAMETERS = (
    "client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method",
    "response_type",
)  # fmt: skip
APP_NAME = "crmsync demo"
WANTS = (
    ("See and change your data", "api"),
    ("Make calls at any time", "refresh_token offline_access"),
    ("Know who you are", "id openid"),
)
APIS = {
    "rest": "/services/data/v{version}/",
    "sobjects": "/services/data/v{version}/sobjects/",
    "query": "/services/data/v{version}/query/",
    "tooling_rest": "/services/data/v{version}/tooling/",
}


class Web:
    def __init__(self, org: Org) -> None:
        self._org = org

    def authorize(self, request: Request) -> Response:
        """GET shows who asks and for what; POST is the user's answer."""
        form = request.form if request.method == "POST" else {}
        given = {n: form.get(n, "") or request.first(n) for n in PARAMETERS}
        asked = Asked(**given)
        try:
            self._org.sessions.check(asked)
        except OAuthError as error:
            text = f"error={error.error}&error_description={error.description}"
            return html_response(400, refusal_page("Salesforce", text))
        if request.method != "POST":
            return html_response(200, access_page(self._access(asked)))
        if form.get("decision") != "allow":
            return _back(asked, error="access_denied",
                         error_description="end-user denied authorization")  # fmt: skip
        user_id = self._chosen(form.get("user", ""))
        return _back(asked, code=self._org.sessions.allow(asked, user_id, self._now()))

    def token(self, request: Request) -> Response:
        """POST /services/oauth2/token"""
        if request.method != "POST":
            return _oauth_error("invalid_request", "must use HTTP POST")
        form = request.form
        try:
            match form.get("grant_type"):
                case "authorization_code":
                    user_id, access, refresh = self._org.sessions.exchange(form, self._now())
                case "refresh_token":
                    user_id, access, refresh = self._org.sessions.refresh(form)
                case _:
                    raise OAuthError("unsupported_grant_type", "grant type not supported")
            if not self._user(user_id).get("IsActive"):
                raise OAuthError("invalid_grant", "inactive user")
        except OAuthError as error:
            return _oauth_error(error.error, error.description)
        here = origin(request)
        identity = f"{here}/id/{self._org.id}/{user_id}"
        return json_response(200, token_answer(identity, here, access, refresh, self._now()))

    def revoke(self, request: Request) -> Response:
        token = request.form.get("token") or request.first("token")
        if not self._org.sessions.revoke(token):
            return _oauth_error("unsupported_token_type", "this token type is not supported")
        return Response(200)

    def identity(self, request: Request) -> Response:
        """GET /id/ORG/USER"""
        user = self._caller(request)
        if user is None:
            return Response(403, b"Bad_OAuth_Token", {"content-type": "text/html;charset=UTF-8"})
        asked = tuple(map(ids.full, request.parts[1:]))
        if asked != (self._org.id, user["Id"]):
            return Response(404, b"Bad_Id", {"content-type": "text/html;charset=UTF-8"})
        here = origin(request)
        urls = {name: here + path for name, path in APIS.items()} | {"custom_domain": here}
        return json_response(200, {**self._identity(user), "id": f"{here}{request.path}",
                                   "asserted_user": True, "urls": urls})  # fmt: skip

    def userinfo(self, request: Request) -> Response:
        """GET /services/oauth2/userinfo"""
        user = self._caller(request)
        if user is None:
            return Response(403, b"Bad_OAuth_Token", {"content-type": "text/html;charset=UTF-8"})
        own = self._identity(user)
        return json_response(
            200,
            {
                "sub": f"{origin(request)}/id/{self._org.id}/{user['Id']}",
                "user_id": own["user_id"],
                "organization_id": own["organization_id"],
                "preferred_username": own["username"],
                "name": own["display_name"],
                "email": own["email"],
                "email_verified": True,
                "given_name": user.get("FirstName"),
                "family_name": user["LastName"],
                "zoneinfo": own["timezone"],
                "active": own["active"],
                "user_type": own["user_type"],
                "language": own["language"],
                "locale": own["locale"],
                "utcOffset": own["utcOffset"],
                "is_salesforce_integration_user": user["Id"] == self._org.integration_user,
                "updated_at": user["LastModifiedDate"],
            },
        )

    def _identity(self, user: Row) -> dict[str, Any]:
        return {
            "user_id": user["Id"],
            "organization_id": self._org.id,
            "username": user["Username"],
            "nick_name": user["Alias"],
            "display_name": user["Name"],
            "email": user["Email"],
            "email_verified": True,
            "first_name": user.get("FirstName"),
            "last_name": user["LastName"],
            "timezone": user["TimeZoneSidKey"],
            "active": user["IsActive"],
            "user_type": "STANDARD",
            "language": user["LanguageLocaleKey"],
            "locale": user["LocaleSidKey"],
            "utcOffset": -18_000_000,
            "last_modified_date": f"{user['LastModifiedDate'][:19]}Z",  # so it was recorded
            "is_app_installed": True,
        }

    def _access(self, asked: Asked) -> Access:
        users = self._org.store["User"]
        rows = [users.get(record_id) or {} for record_id in users]
        return Access(
            crm="Salesforce",
            app=APP_NAME,
            account=f"Organization {self._org.id}",
            wants=WANTS,
            people=[(row["Id"], f"{row['Name']} ({row['Username']})") for row in rows],
            chosen=self._org.integration_user,
            action="/services/oauth2/authorize",
            form=asdict(asked),
        )

    def _chosen(self, user_id: str) -> str:
        return user_id if user_id in self._org.store["User"] else self._org.integration_user

    def _caller(self, request: Request) -> Row | None:
        token = request.headers.get("authorization", "").partition(" ")[2]
        user_id = self._org.sessions.user_of(token or request.first("access_token"))
        return self._user(user_id) if user_id else None

    def _user(self, user_id: str) -> Row:
        return self._org.store["User"].get(user_id) or {}

    def _now(self) -> float:
        return self._org.clock.now().timestamp()


def _back(asked: Asked, **answer: str) -> Response:
    """Send the browser back to the client."""
    if asked.state:
        answer["state"] = asked.state
    joint = "&" if "?" in asked.redirect_uri else "?"
    return redirect(f"{asked.redirect_uri}{joint}{urlencode(answer)}")


def _oauth_error(error: str, description: str) -> Response:
    return json_response(400, {"error": error, "error_description": description})
