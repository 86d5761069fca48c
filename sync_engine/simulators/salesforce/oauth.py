"""Who may call: authorisation codes, tokens, sessions. Source: salesforce-api.md 1.3 to 1.5."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import secrets
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

CLIENT_ID = "crmsync-demo"
CLIENT_SECRET = "crmsync-demo-secret"
CODE_SECONDS = 15 * 60
SCOPE = "refresh_token api"


class OAuthError(Exception):
    """error: `invalid_grant` and the like; the message is its description."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client asked for on the authorise page."""

    client_id: str
    redirect_uri: str
    state: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""
    response_type: str = "code"


@dataclass(frozen=True, slots=True)
class Code:
    asked: Asked
    user_id: str
    expires: float


class Sessions:
    """rotates: does a refresh token die when it is used?"""

    def __init__(self) -> None:
        self.rotates = False
        self._codes: dict[str, Code] = {}
        self._access: dict[str, str] = {}
        self._refresh: dict[str, str] = {}

    def check(self, asked: Asked) -> None:
        """Raise OAuthError where the login page cannot be shown for this."""
        if asked.client_id != CLIENT_ID:
            raise OAuthError("invalid_client_id", "client identifier invalid")
        if not _is_loopback(asked.redirect_uri):
            raise OAuthError("redirect_uri_mismatch", "redirect_uri must match configuration")
        if asked.response_type != "code":
            raise OAuthError("unsupported_response_type", "response type not supported")
        if asked.code_challenge and asked.code_challenge_method not in ("", "S256"):
            raise OAuthError("invalid_request", "code challenge method not supported")

    def allow(self, asked: Asked, user_id: str, now: float) -> str:
        """Return a code that can be exchanged once, for 15 minutes."""
        code = f"aPrx{secrets.token_urlsafe(42)}"
        self._codes[code] = Code(asked, user_id, now + CODE_SECONDS)
        return code

    def exchange(self, form: dict[str, str], now: float) -> tuple[str, str, str]:
        """Return (user id, access token, refresh token) for a code; raises OAuthError."""
        _check_client(form)
        code = self._codes.pop(form.get("code", ""), None)
        if code is None:
            raise OAuthError("invalid_grant", "invalid authorization code")
        if now > code.expires:
            raise OAuthError("invalid_grant", "expired authorization code")
        if form.get("redirect_uri") != code.asked.redirect_uri:
            raise OAuthError("redirect_uri_mismatch", "redirect_uri must match configuration")
        _check_verifier(code.asked.code_challenge, form.get("code_verifier", ""))
        return (code.user_id, self.open(code.user_id), self._keep_refresh(code.user_id))

    def refresh(self, form: dict[str, str]) -> tuple[str, str, str]:
        """Return (user id, access token, new refresh token or ""); raises OAuthError."""
        _check_client(form)
        token = form.get("refresh_token", "")
        user_id = self._refresh.get(token)
        if user_id is None:
            raise OAuthError("invalid_grant", "expired access/refresh token")
        renewed = ""
        if self.rotates:
            del self._refresh[token]
            renewed = self._keep_refresh(user_id)
        return user_id, self.open(user_id), renewed

    def open(self, user_id: str) -> str:
        """Return a new access token of this user."""
        token = f"00D5j0000000001!AQ{secrets.token_urlsafe(60)}"
        self._access[token] = user_id
        return token

    def user_of(self, token: str) -> str | None:
        return self._access.get(token)

    def revoke(self, token: str) -> bool:
        """Revoke a token, with a refresh token all of the user's sessions."""
        user_id = self._refresh.pop(token, None)
        if user_id is None:
            return self._access.pop(token, None) is not None
        self._access = {t: user for t, user in self._access.items() if user != user_id}
        return True

    def expire(self) -> None:
        """End every session; refresh tokens stay good."""
        self._access.clear()

    def revoke_all(self) -> None:
        """End every session and every approval: the admin must connect anew."""
        self._access.clear()
        self._refresh.clear()

    def dump(self) -> dict[str, Any]:
        codes = {name: asdict(code) for name, code in self._codes.items()}
        return {
            "rotates": self.rotates,
            "codes": codes,
            "access": self._access,
            "refresh": self._refresh,
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.rotates = state["rotates"]
        self._access, self._refresh = state["access"], state["refresh"]
        self._codes = {
            name: Code(Asked(**code["asked"]), code["user_id"], code["expires"])
            for name, code in state["codes"].items()
        }

    def _keep_refresh(self, user_id: str) -> str:
        token = f"5Aep861{secrets.token_urlsafe(60)}"
        self._refresh[token] = user_id
        return token


def token_answer(
    identity_url: str, instance_url: str, access: str, refresh: str, now: float
) -> dict[str, str]:
    """Spell the token endpoint's answer, signed with the client's secret."""
    issued_at = str(int(now * 1000))
    answer = {"access_token": access}
    if refresh:
        answer["refresh_token"] = refresh
    return answer | {
        "signature": sign(identity_url + issued_at),
        "scope": SCOPE,
        "instance_url": instance_url,
        "id": identity_url,
        "token_type": "Bearer",
        "issued_at": issued_at,
    }


def sign(text: str) -> str:
    digest = hmac.new(CLIENT_SECRET.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _check_client(form: dict[str, str]) -> None:
    if form.get("client_id") != CLIENT_ID:
        raise OAuthError("invalid_client_id", "client identifier invalid")
    if not hmac.compare_digest(form.get("client_secret", "").encode(), CLIENT_SECRET.encode()):
        raise OAuthError("invalid_client", "invalid client credentials")


def _check_verifier(challenge: str, verifier: str) -> None:
    if not challenge:
        return
    if not verifier:
        raise OAuthError("invalid_grant", "code verifier missing")
    digest = hashlib.sha256(verifier.encode()).digest()
    if base64.urlsafe_b64encode(digest).decode().rstrip("=") != challenge.rstrip("="):
        raise OAuthError("invalid_request", "invalid code verifier")


def _is_loopback(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        return parts.scheme in ("http", "https") and (
            host == "localhost" or ipaddress.ip_address(host).is_loopback
        )
    except ValueError:
        return False
