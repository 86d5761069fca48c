"""A connection's tokens: read when they are needed, renewed under a lock (sync.md 7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone

from sync_engine.core import error_types as types
from sync_engine.core.errors import CrmError, Problem
from sync_engine.core.values import Crm
from sync_engine.crms import oauth
from sync_engine.crms.access import Access
from sync_engine.models import Connection, Credential, Tokens

# HubSpot's tokens last half an hour and are renewed when a fifth of that is left; a refusal is
# not HubSpot's sign for it (hubspot-api.md 13.2). Salesforce's last until they are refused.
_EARLY = timedelta(minutes=6)


class ConnectionTokens:
    """The tokens of one connection and CRM (crms.access.TokenSource)."""

    def __init__(
        self,
        connection: Connection,
        crm: Crm,
        app_at: Callable[[str], oauth.App],
        clock: Callable[[], datetime] = timezone.now,
    ) -> None:
        """app_at: our app, and where its tokens are given out for an API's address."""
        self.account = f"{connection.pk}:{crm.value}"
        self._connection, self._crm, self._app_at, self._clock = connection, crm, app_at, clock
        self._held: Credential | None = None

    def access(self) -> Access:
        if self._held is None:
            self._held = self._kept(Credential.objects.all())
        if self._is_old(self._held):
            return self.renew(_access(self._held))
        return _access(self._held)

    def renew(self, refused: Access) -> Access:
        """Renew, once for all workers: who comes second finds the token renewed.

        Raises CrmError, and suspends the connection where the CRM has shut us out.
        """
        try:
            with transaction.atomic(durable=True):
                held = self._kept(Credential.objects.select_for_update())
                if held.tokens.access_token == refused.token:
                    self._replace(held)
        except CrmError as error:
            if error.problem.type is types.SIGNED_OUT:
                self._connection.suspend(
                    f"{self._crm.label} no longer accepts our login. "
                    f"Connect {self._crm.label} again."
                )
            raise
        self._held = held
        return _access(held)

    def _kept(self, credentials: models.QuerySet[Credential]) -> Credential:
        """Return our credential; raises CrmError where it is gone, for we were disconnected."""
        held = credentials.filter(connection=self._connection, crm=self._crm.value).first()
        if held is None:
            message = "We are not logged in there."
            raise CrmError(Problem(self._crm, types.SIGNED_OUT, message=message))
        return held

    def _replace(self, held: Credential) -> None:
        old = held.tokens
        granted = oauth.refresh(self._app_at(old.instance_url), old.refresh_token)
        held.replace(*kept(granted, self._clock(), old.refresh_token))

    def _is_old(self, held: Credential) -> bool:
        return held.expires_at is not None and held.expires_at - _EARLY <= self._clock()


class LoginTokens:
    """What a login just gave us, before it is kept."""

    account = "login"

    def __init__(self, granted: oauth.Granted) -> None:
        self._access = Access(granted.access_token, granted.url)

    def access(self) -> Access:
        return self._access

    def renew(self, refused: Access) -> Access:
        return refused


def kept(
    granted: oauth.Granted, now: datetime, refresh_token: str = ""
) -> tuple[Tokens, datetime | None]:
    """Return what a credential keeps of a grant: its tokens, and when they expire.

    refresh_token  the one that stays good where the CRM gave no new one
    """
    tokens = Tokens(granted.access_token, granted.refresh_token or refresh_token, granted.url)
    return tokens, now + granted.lasts if granted.lasts else None


def _access(held: Credential) -> Access:
    tokens = held.tokens
    return Access(tokens.access_token, tokens.instance_url)
