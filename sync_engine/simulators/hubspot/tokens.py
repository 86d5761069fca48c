"""Authorisation codes, access and refresh tokens, service keys. Source: hubspot-api.md 13.

Times in milliseconds of the account's clock.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from sync_engine.simulators.hubspot.errors import HubSpotError
from sync_engine.simulators.hubspot.times import iso
from sync_engine.simulators.hubspot.users import APP_ID, Author, app

CLIENT_ID = "crmsync-demo"
CLIENT_SECRET = "crmsync-demo-secret"
LIFETIME = 1_800
_CODE_LIFETIME = 600_000
_REMEMBERED = 86_400_000  # an expired token is told apart from an unknown one for a day
_NO_TOKEN = (
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you "
    "can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview"
)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token allows. expires: 0 for a service key, which never does."""

    user_id: int
    scopes: tuple[str, ...]
    expires: int = 0
    refresh_token: str = ""

    @property
    def is_service_key(self) -> bool:
        return not self.expires

    @property
    def author(self) -> Author:
        return app(self.user_id)

    @property
    def group(self) -> str:
        return f"publicapi:private-apps-api-calls:{APP_ID}"

    def allows(self, required: tuple[str, ...]) -> bool:
        """Whether one of `required` was granted; a call that requires none is allowed."""
        return not required or any(scope in self.scopes for scope in required)


@dataclass(frozen=True, slots=True)
class Code:
    """An authorisation code that was given out. challenge: "" where PKCE is not used."""

    user_id: int
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str
    expires: int


class Tokens:
    def __init__(self) -> None:
        self.codes: dict[str, Code] = {}
        self.refresh: dict[str, Grant] = {}
        self.access: dict[str, Grant] = {}

    def authorise(self, code: Code) -> str:
        spelled = secrets.token_urlsafe(24)
        self.codes[spelled] = code
        return spelled

    def new_code(
        self, user_id: int, asked: Mapping[str, str], scopes: tuple[str, ...], now: int
    ) -> str:
        """Return a code for what the authorise page was asked, good once and for ten minutes."""
        return self.authorise(
            Code(
                user_id,
                scopes,
                asked.get("redirect_uri", ""),
                asked.get("code_challenge", ""),
                now + _CODE_LIFETIME,
            )
        )

    def redeem(self, sent: Mapping[str, str], now: int) -> tuple[str, Grant]:
        """Exchange a code for a refresh token; raises HubSpotError."""
        code = self.codes.pop(sent.get("code", ""), None)
        if code is None or code.expires <= now:
            raise oauth_error("BAD_AUTH_CODE", "missing or unknown auth code")
        if sent.get("redirect_uri", "") != code.redirect_uri:
            raise oauth_error("BAD_REDIRECT_URI", "missing or invalid redirect uri")
        if code.challenge and _challenge(sent.get("code_verifier", "")) != code.challenge:
            raise oauth_error("BAD_CODE_VERIFIER", "missing or invalid code verifier")
        token = f"eu1-{secrets.token_hex(4)}-{secrets.token_hex(16)}"
        self.refresh[token] = Grant(code.user_id, code.scopes)
        return token, self.refresh[token]

    def renew(self, refresh_token: str, now: int) -> tuple[str, Grant]:
        """Return a new access token; raises HubSpotError."""
        held = self.refresh.get(refresh_token)
        if held is None:
            raise oauth_error("BAD_REFRESH_TOKEN", "missing or invalid refresh token")
        self._forget_long_expired(now)
        token = "C" + secrets.token_urlsafe(240)
        expires = now + LIFETIME * 1000
        self.access[token] = Grant(held.user_id, held.scopes, expires, refresh_token)
        return token, self.access[token]

    def service_key(self, user_id: int, scopes: tuple[str, ...]) -> str:
        token = f"pat-eu1-{secrets.token_hex(16)}"
        self.access[token] = Grant(user_id, scopes)
        return token

    def grant_of(self, authorization: str, now: int) -> Grant:
        """Return what the header's bearer token allows; raises HubSpotError."""
        scheme, _, token = authorization.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise HubSpotError(401, _NO_TOKEN, "INVALID_AUTHENTICATION")
        grant = self.access.get(token)
        if grant is None:  # HubSpot reads an unknown token's expiry as 1970
            raise expired(f"{now // 86_400_000} day(s)", 0)
        if grant.expires and grant.expires <= now:
            raise expired(f"{(now - grant.expires) // 1000} second(s)", grant.expires)
        return grant

    def revoke(self, token: str) -> None:
        """Forget a token; a refresh token takes its access tokens along."""
        self.refresh.pop(token, None)
        self.access.pop(token, None)
        for access, grant in list(self.access.items()):
            if grant.refresh_token == token:
                del self.access[access]

    def _forget_long_expired(self, now: int) -> None:
        for token, grant in list(self.access.items()):
            if grant.expires and grant.expires < now - _REMEMBERED:
                del self.access[token]

    def expire_all(self, now: int) -> int:
        """Let every OAuth access token be expired; return how many there were."""
        for token, grant in self.access.items():
            if not grant.is_service_key:
                self.access[token] = Grant(grant.user_id, grant.scopes, now, grant.refresh_token)
        return sum(not grant.is_service_key for grant in self.access.values())

    def dump(self) -> dict[str, Any]:
        return {
            "refresh": {token: asdict(grant) for token, grant in self.refresh.items()},
            "access": {token: asdict(grant) for token, grant in self.access.items()},
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        self.refresh = {token: _grant(found) for token, found in state["refresh"].items()}
        self.access = {token: _grant(found) for token, found in state["access"].items()}


def _grant(state: Mapping[str, Any]) -> Grant:
    return Grant(**{**state, "scopes": tuple(state["scopes"])})


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def expired(ago: str, at: int) -> HubSpotError:
    return HubSpotError(
        401,
        f"The OAuth token used to make this call expired {ago} ago.",
        "EXPIRED_AUTHENTICATION",
        context={"expire time": [iso(at)]},
    )


def oauth_error(status: str, message: str) -> HubSpotError:
    error = "invalid_client" if "CLIENT" in status else "invalid_grant"
    body = {"error": error, "error_description": message, "status": status, "message": message}
    return HubSpotError(400, message, override=body)
